"""The checkout's own `.venv`: whether it is ready, and how it is built, resumed, healed and rebuilt.

A stamp is written when everything is in place and removed before anything is touched, so that its presence alone
says "ready". The only writer is whoever holds the lock file; the system gives that lock back if the holder dies.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import machine
from failures import NEEDED_MB, VERSION, SetupError, explain_pip

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path
    from typing import TextIO

WINDOWS = os.name == "nt"


def damaged_packages(site_packages: Path) -> list[Path]:
    """Return the metadata folder of each package whose files are not those it was installed with.

    Compares sizes with the package's own RECORD: that finds what a killed pip or a full disk left behind, and takes
    a fraction of a second.
    """
    damaged: list[Path] = []
    for info in sorted(site_packages.glob("*.dist-info")):
        try:
            with (info / "RECORD").open(newline="", encoding="utf-8") as record:
                whole = all(_as_recorded(site_packages, row) for row in csv.reader(record))
        except OSError:
            whole = False
        if not whole:
            damaged.append(info)
    return damaged


def _as_recorded(site_packages: Path, row: list[str]) -> bool:
    # The RECORD itself carries no size; compiled files are Python's own to write again.
    if len(row) < 3 or not row[2] or row[0].endswith(".pyc"):
        return True
    try:
        return os.stat(os.path.join(site_packages, row[0])).st_size == int(row[2])  # noqa: PTH116, PTH118 -- 5x faster
    except OSError:
        return False


class Environment:
    """The `.venv` in the project's root. `say` shows a line to the user; `prepare` readies the machine for Qt."""

    def __init__(
        self, root: Path, *, say: Callable[[str], None], prepare: Callable[[Callable[[str], None]], None]
    ) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.lock = root / "packaging" / "requirements.lock"
        self.log_path = root / "build" / "setup.log"
        self._say = say
        self._prepare = prepare
        self._base = getattr(sys, "_base_executable", sys.executable)  # ours may be the `.venv` we are to rebuild
        self._lock_handle: TextIO | None = None
        scripts = self.venv / ("Scripts" if WINDOWS else "bin")
        suffix = ".exe" if WINDOWS else ""
        self.python = scripts / f"python{suffix}"
        self.crowdtape = scripts / f"crowdtape{suffix}"
        self._site_packages = self.venv / ("Lib" if WINDOWS else f"lib/python{VERSION}") / "site-packages"
        self._stamp = self.venv / "crowdtape-stamp"

    # -- is it ready?

    def key(self) -> str:
        """Return what the stamp must hold: lock, project, Python version and place, hashed."""
        parts = (self.lock.read_bytes(), (self.root / "pyproject.toml").read_bytes(), VERSION, str(self.root))
        digest = hashlib.sha256()
        for part in parts:
            digest.update(hashlib.sha256(part if isinstance(part, bytes) else part.encode()).digest())
        return digest.hexdigest()

    def is_ready(self) -> bool:
        """Tell in a millisecond whether set-up was completed for this very lock, project and Python."""
        try:
            stamped = self._stamp.read_text(encoding="utf-8")
        except OSError:
            return False
        return stamped == self.key() and os.access(self.python, os.X_OK) and self.crowdtape.exists()

    def ensure(self, *, verify: bool = False) -> bool:
        """Make the environment ready and tell whether anything had to be done; `verify` also checks every file.

        Raises SetupError.
        """
        if self.is_ready() and not (verify and damaged_packages(self._site_packages)):
            return False
        try:
            with self._locked():
                if self.is_ready() and not damaged_packages(self._site_packages):
                    return False  # somebody else did it while we waited
                self._set_up()
        except OSError as error:
            raise SetupError(self._explain_os(error)) from error
        return True

    # -- the steps

    def _set_up(self) -> None:
        self._write_log("", fresh=True)
        self._say(f"Setting up Crowdtape in {self.venv} (log: {self.log_path})")
        self._prepare(self._write_log)
        fault = self._fault()
        if fault:
            self._rebuild(fault)
        self._stamp.unlink(missing_ok=True)
        for info in damaged_packages(self._site_packages):
            # Without its metadata pip counts the package as absent and writes it anew.
            self._say(f"  {info.name.partition('-')[0]} is damaged and will be installed again")
            shutil.rmtree(info)
        self._say("  installing the locked packages (the first time this takes a few minutes) …")
        self._pip("--require-hashes", "--only-binary", ":all:", "-r", str(self.lock))
        # The build back end is among the locked packages, so this step needs no index.
        self._pip("--no-deps", "--no-build-isolation", "--no-index", "--editable", str(self.root))
        # As pip does with packages: the first start shall be as fast as the second. Should it fail, that one is slower.
        self._run([str(self.python), "-I", "-m", "compileall", "-q", str(self.root / "core"), str(self.root / "ui")])
        unfinished = self._stamp.with_suffix(".new")
        unfinished.write_text(self.key(), encoding="utf-8")
        unfinished.replace(self._stamp)
        self._say("  ready")

    def _fault(self) -> str:
        """Say why the `.venv` must be made anew, or nothing."""
        if not self.venv.exists() and not self.venv.is_symlink():
            return "absent"
        try:
            config = (self.venv / "pyvenv.cfg").read_text(encoding="utf-8")
        except OSError:
            return "it is no virtual environment"
        made = re.search(r"^version(?:_info)? *= *(\d+\.\d+)", config, re.MULTILINE)
        place = re.search(r"^command *= .* (\S+)$", config, re.MULTILINE)
        if not made or made[1] != VERSION:
            return f"it was made for Python {made[1] if made else '?'}, and this is {VERSION}"
        if place and not str(self.venv).endswith(place[1]):
            return "it was moved here from another folder"
        return "" if self._has_pip() else "its Python or its pip is broken"

    def _has_pip(self) -> bool:
        if any(info.name.startswith("pip-") for info in damaged_packages(self._site_packages)):
            return False
        probe = "import sys, pip, venv; print('%d.%d' % sys.version_info[:2])"
        try:
            answer = subprocess.run([self.python, "-I", "-c", probe], capture_output=True, text=True, check=False)
        except OSError:
            return False
        return answer.stdout.strip() == VERSION

    def _rebuild(self, fault: str) -> None:
        if not machine.has_ensurepip():
            raise SetupError(
                f"This Python {VERSION} cannot make virtual environments (it has no ensurepip): "
                f"on Debian or Ubuntu run `sudo apt-get install -y python{VERSION}-venv`, "
                "elsewhere install Python's full package, and start again."
            )
        if fault != "absent":
            self._say(f"  rebuilding .venv: {fault}")
            if self.venv.is_dir() and not self.venv.is_symlink():
                shutil.rmtree(self.venv)
            else:
                self.venv.unlink()
        free = shutil.disk_usage(self.root).free / 1e6
        if free < NEEDED_MB:
            raise SetupError(
                f"The disk is too full: {self.root} needs {NEEDED_MB / 1000:.1f} GB and {free / 1000:.1f} GB are free."
            )
        self._say(f"  making .venv with Python {VERSION}")
        code, output = self._run([self._base, "-I", "-m", "venv", str(self.venv)])
        if code:
            full = self._disk_full()
            sentence = explain_pip(output, self.venv, disk_full=full)
            if full or "Permission" in sentence or "disk is full" in sentence:
                raise SetupError(sentence)
            raise SetupError(f"Python {VERSION} could not make {self.venv}; see {self.log_path}.")

    def _pip(self, *arguments: str) -> None:
        command = [str(self.python), "-I", "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
        code, output = self._run([*command, "--disable-pip-version-check", *arguments])
        if code:
            sentence = explain_pip(output, self.venv, disk_full=self._disk_full())
            raise SetupError(f"{sentence} (log: {self.log_path})")

    def _run(self, command: list[str]) -> tuple[int, str]:
        """Run a step, its output into the log; returns the exit code and the output."""
        env = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_HASHES": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
        # The user's index, proxy and certificates stay in force; where things are installed is ours to say.
        for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_DRY_RUN", "PYTHONHOME"):
            env.pop(name, None)
        if shutil.disk_usage(tempfile.gettempdir()).free / 1e6 < NEEDED_MB:
            roomy = self.root / "build" / "tmp"  # a small /tmp is common; pip unpacks there
            roomy.mkdir(parents=True, exist_ok=True)
            env["TMPDIR"] = env["TEMP"] = str(roomy)
        # The child keeps the lock too: should we be killed, nobody starts while it still writes.
        keep = () if WINDOWS or self._lock_handle is None else (self._lock_handle.fileno(),)
        process = subprocess.Popen(
            command,
            env=env,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            pass_fds=keep,
        )
        lines: list[str] = []
        with process:
            try:
                for line in process.stdout or ():
                    lines.append(line)
                    self._write_log(line)
            except BaseException:
                process.terminate()
                raise
        return process.returncode, "".join(lines)

    # -- log, lock, disk

    def _write_log(self, text: str, *, fresh: bool = False) -> None:
        with contextlib.suppress(OSError):  # a full disk must not hide why it is full
            self.log_path.parent.mkdir(exist_ok=True)
            with self.log_path.open("w" if fresh else "a", encoding="utf-8") as log:
                log.write(text)

    @contextlib.contextmanager
    def _locked(self) -> Generator[None]:
        """Hold the lock of this checkout, waiting for another set-up to finish."""
        path = self.root / "build" / "setup.lock"
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as handle:
            for attempt in _attempts():
                if _try_lock(handle):
                    break
                if attempt == 0:
                    self._say("Another set-up of this checkout is running; waiting for it to finish …")
            self._lock_handle = handle
            try:
                yield
            finally:
                self._lock_handle = None

    def _disk_full(self) -> bool:
        return any(shutil.disk_usage(place).free < 20e6 for place in (self.root, tempfile.gettempdir()))

    def _explain_os(self, error: OSError) -> str:
        if self._disk_full():
            return explain_pip("", self.venv, disk_full=True)
        if isinstance(error, PermissionError):
            return (
                f"No permission to write {error.filename or self.root}: make it yours, or delete it, and start again."
            )
        return f"Set-up stopped at {error.filename or self.root}: {error.strerror or error}."


def _attempts() -> Iterator[int]:
    import itertools  # noqa: PLC0415 -- only who waits needs them; a start with everything in place stays fast
    import time  # noqa: PLC0415

    for attempt in itertools.count():
        yield attempt
        time.sleep(0.5)


def _try_lock(handle: TextIO) -> bool:
    """Take the lock if it is free. It is given back when the last process that holds the file is gone."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 -- exists on Windows only

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 -- exists elsewhere only

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
