"""The commands of `dev.py`: setup, run, test and check, put together from `machine` and `environment`."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import environment
import failures
import machine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = "crowdtape-sample.png"
USAGE = """usage: python3 packaging/dev.py COMMAND [ARGUMENT…]

  setup   make or mend .venv, and nothing else
  run     start Crowdtape; arguments go to it:   dev.py run -- import posts FILE
  test    ruff, pyright and pytest; arguments go to pytest:   dev.py test -k clock
  check   ruff and pyright only

Each command sets up what is missing first, without a question.
"""


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code (0 done, 1 could not, 2 wrong use, 130 stopped by Ctrl-C)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a narrow code page must not stop a set-up over a dash
    commands = {"setup": _setup, "run": _run, "test": _test, "check": _check}
    name, *rest = arguments or ("",)
    if name in {"-h", "--help", "help"}:
        print(USAGE)
        return 0
    if name not in commands:
        print(USAGE, file=sys.stderr)
        return 2
    if rest[:1] == ["--"]:
        del rest[0]
    if rest and name in {"setup", "check"}:
        print(f"dev.py {name} takes no arguments, but was given {' '.join(rest)}.", file=sys.stderr)
        return 2
    try:
        return commands[name](environment.Environment(ROOT, say=_say, prepare=prepare_machine), rest)
    except failures.SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on where it was.", file=sys.stderr)
        return 130


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def prepare_machine(log: Callable[[str], None]) -> None:
    """Install what Qt needs from the system, or say what is missing; raises SetupError if Qt cannot load at all."""
    if sys.platform != "linux":
        return
    libraries = machine.missing_libraries([*machine.QT_LIBRARIES, *machine.WINDOW_LIBRARIES])
    packages = [(machine.QT_LIBRARIES | machine.WINDOW_LIBRARIES)[name] for name in libraries]
    fonts = machine.missing_fonts(os.environ)
    venv = [f"python{failures.VERSION}-venv"] if sys.base_prefix == "/usr" and not machine.has_ensurepip() else []
    if machine.may_apt():
        for what, wanted in (
            ("Python's venv", venv),
            ("system libraries for Qt", packages),
            ("fonts for Chinese and emoji", fonts),
        ):
            if wanted:
                _say(f"  installing {what} by apt: {' '.join(wanted)}")
                if not machine.apt_install(wanted, log):
                    _say("  apt could not install them (is there a network? the log has its words)")
        libraries = machine.missing_libraries(libraries)
        fonts = machine.missing_fonts(os.environ) if fonts else []
    packages = [(machine.QT_LIBRARIES | machine.WINDOW_LIBRARIES)[name] for name in libraries]
    if any(name in machine.QT_LIBRARIES for name in libraries):
        raise failures.SetupError(
            f"Qt needs system libraries that are missing: {machine.install_line(libraries, packages + fonts)} "
            "and start again."
        )
    if libraries or fonts:
        what = " and ".join(["a window"] * bool(libraries) + ["Chinese and emoji"] * bool(fonts))
        _say(f"  to show {what}, {machine.install_line([*libraries, *fonts], packages + fonts)}")


def _setup(env: environment.Environment, _rest: list[str]) -> int:
    if not env.ensure(verify=True):
        _say(f"Everything is in place in {env.venv}.")
    return 0


def _run(env: environment.Environment, rest: list[str]) -> int:
    env.ensure()
    variables = dict(os.environ)
    if not machine.has_display(variables):
        variables["QT_QPA_PLATFORM"] = "offscreen"
        if not rest:
            _say(f"There is no display here, so the sample chart is written to {SAMPLE} instead of a window.")
            rest = ["self-test", "--out", SAMPLE, "--overwrite"]
    code = _call([str(env.crowdtape), *rest], variables)
    if code not in {0, 2} and env.ensure(verify=True):
        _say("Crowdtape's packages were damaged and have been put right: start it again.")
    return code


def _call(command: list[str], variables: dict[str, str], cwd: Path | None = None) -> int:
    """Run a program in the foreground, hand it the signals that are meant for it, return its exit code."""
    process = subprocess.Popen(command, env=variables, cwd=cwd)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the program itself, which decides
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        code = process.wait()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return 128 - code if code < 0 else code  # as a shell reports a death by signal


def _check(env: environment.Environment, _rest: list[str]) -> int:
    env.ensure(verify=True)
    return _steps(env, _checks())


def _test(env: environment.Environment, rest: list[str]) -> int:
    env.ensure(verify=True)
    # More than eight workers gain nothing and each holds a Qt of its own.
    pytest = ("pytest", ["-m", "pytest", "-n", "auto", "--maxprocesses", "8", *rest])
    return _steps(env, [*_checks(), pytest])


def _checks() -> list[tuple[str, list[str]]]:
    return [
        ("ruff check", ["-m", "ruff", "check"]),
        ("ruff format", ["-m", "ruff", "format", "--check"]),
        ("pyright", ["-m", "pyright"]),
    ]


def _steps(env: environment.Environment, steps: list[tuple[str, list[str]]]) -> int:
    """Run every step even after a failure, then say how each went; 1 if any failed."""
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    # The locked wheel brings pyright and node along; these would send it to the network for others.
    for name in ("PYRIGHT_PYTHON_FORCE_VERSION", "PYRIGHT_PYTHON_PYLANCE_VERSION", "PYRIGHT_PYTHON_NODEJS_WHEEL"):
        variables.pop(name, None)
    lines: list[str] = []
    failed = 0
    for name, command in steps:
        _say(f"── {name}")
        started = time.monotonic()
        code = _call([str(env.python), *command], variables, ROOT)
        failed += code != 0
        verdict = f"failed (exit code {code})" if code else "passed"
        lines.append(f"  {name:<12} {verdict:<24} {time.monotonic() - started:6.1f} s")
        if code == 130:
            break
    print("\n".join(["── summary", *lines]), flush=True)
    return 1 if failed else 0
