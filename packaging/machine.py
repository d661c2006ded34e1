"""What the machine offers: system libraries for Qt, a Chinese font, apt, a display. Knows nothing of `.venv`."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# Each library that PySide6 6.11 loads and does not bring along, with Debian's package for it (read with ldd).
# Without these Qt cannot even be imported.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon.so.0": "libxkbcommon0",
}
# Without these pictures can be drawn, and no window opened (X11, then Wayland).
WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
# What a font draws, as fontconfig asks for it: the package that has it, and how its files are called.
# Emoji: asked for by the rocket, as DejaVu draws faces in black and white but no things.
# Chinese: TrueType, as Qt thickens the strokes of OpenType/CFF fonts such as Noto Sans CJK on a dark ground.
FONTS = {
    ":lang=zh-cn": (
        "fonts-wqy-microhei",
        ("cjk", "sourcehan", "wqy", "droidsansfallback", "uming", "ukai", "simsun", "msyh", "pingfang", "arphic"),
    ),
    ":charset=1f680": ("fonts-noto-color-emoji", ("emoji",)),
}

_PROBE = """
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        print(name)
"""


def missing_libraries(names: Iterable[str]) -> list[str]:
    """Return those shared libraries that the dynamic linker does not find; asked in a process of its own."""
    command = [sys.executable, "-I", "-c", _PROBE, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.split()


def missing_fonts(env: Mapping[str, str]) -> list[str]:
    """Return the packages of fonts for what no installed font draws: Chinese, emoji."""
    lister = shutil.which("fc-list", path=env.get("PATH"))
    if lister:
        return [
            package
            for wanted, (package, _) in FONTS.items()
            if not subprocess.run([lister, wanted, "file"], capture_output=True, check=False).stdout.strip()
        ]
    home = Path(env.get("HOME", "/nonexistent"))
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts")
    have = [file.name.lower().replace("-", "") for folder in folders for file in folder.rglob("*.[to]t[fc]")]
    return [package for package, parts in FONTS.values() if not any(part in name for name in have for part in parts)]


def has_ensurepip() -> bool:
    """Tell whether this Python can make virtual environments with pip in them; Debian's cannot without a package."""
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


def may_apt() -> bool:
    """Tell whether packages can be installed here: Debian or a relative of it, as root."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def apt_install(packages: Iterable[str], log: Callable[[str], None]) -> bool:
    """Install Debian packages without a question; the lists are fetched only when it does not go without."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "a", "LC_ALL": "C.UTF-8"}
    apt = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=2"]

    def call(*arguments: str) -> bool:
        done = subprocess.run(
            [*apt, *arguments],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        log(done.stdout)
        return done.returncode == 0

    install = ("install", "--no-install-recommends", *packages)
    return call(*install) or (call("update") and call(*install))


def install_line(libraries: Iterable[str], packages: Iterable[str]) -> str:
    """Return what a user without our rights must do, as the end of a sentence."""
    if shutil.which("apt-get"):
        return f"run `sudo apt-get install -y {' '.join(packages)}`"
    return f"install the system packages that hold {', '.join(libraries)}"


def has_display(env: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Tell whether a window could be shown to somebody."""
    chosen = env.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if chosen in {"offscreen", "minimal"}:
        return False
    if platform in {"win32", "darwin"}:
        return True
    # Someone who names another platform (vnc, linuxfb, eglfs) has a screen for it.
    return bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") or chosen not in {"", "xcb", "wayland"})
