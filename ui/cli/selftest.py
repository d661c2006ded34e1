"""`crowdtape self-test`: paint the sample without a screen and say what the program is made of."""

from __future__ import annotations

import platform
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import CrowdtapeError
from ui.cli.files import refuse_existing
from ui.cli.output import print_json, say, say_table

if TYPE_CHECKING:
    import argparse

    from PySide6.QtGui import QImage

    from ui.cli.context import Context

_DISTRIBUTIONS = (
    ("PySide6", "PySide6-Essentials"),
    ("pyqtgraph", "pyqtgraph"),
    ("numpy", "numpy"),
    ("yfinance", "yfinance"),
    ("vaderSentiment", "vaderSentiment"),
    ("exchange_calendars", "exchange-calendars"),
    ("pyarrow", "pyarrow"),
)
# A chart of the sample has candles, a line with its band, bars, text: far more than these.
_FEWEST_COLOURS = 16


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `self-test`."""
    parser = commands.add_parser(
        "self-test", parents=[common], help="paint the sample offscreen and show the versions of all parts"
    )
    parser.add_argument("--out", type=Path, metavar="F.png", help="keep the picture here")
    parser.add_argument("--overwrite", action="store_true", help="let --out replace a file")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_self_test)


def _self_test(_context: Context, args: argparse.Namespace) -> int:
    from ui.cli.painting import offscreen_qt, paint_sample  # noqa: PLC0415 - not needed for --help

    offscreen_qt()
    found = versions()
    with tempfile.TemporaryDirectory(prefix="crowdtape-") as folder:
        if args.out is not None:
            refuse_existing(args.out, overwrite=args.overwrite)
        target = args.out or Path(folder) / "sample.png"
        # Nothing of the user's is read or written: the sample gets a cache of its own.
        paint_sample(Path(folder) / "cache", target, overwrite=args.overwrite)
        width, height = check_picture(target)
    if args.json:
        print_json({"versions": found, "picture": {"width": width, "height": height, "file": _shown(args.out)}})
        return 0
    say_table(list(found.items()))
    say(f"The sample was painted: {width} × {height} pixels{f', in {args.out}' if args.out else ''}.")
    return 0


def _shown(path: Path | None) -> str | None:
    return None if path is None else str(path)


def versions() -> dict[str, str]:
    """Return the versions of the program and of what it stands on."""
    from PySide6.QtCore import qVersion  # noqa: PLC0415 - not needed for --help

    from core.version import installed_version, program_version  # noqa: PLC0415 - as above

    return {
        "Crowdtape": program_version(),
        "Python": platform.python_version(),
        "Qt": qVersion(),
        **{name: installed_version(distribution) or "not found" for name, distribution in _DISTRIBUTIONS},
        "SQLite": sqlite3.sqlite_version,
        "platform": f"{platform.platform()} {platform.machine()}",
        "frozen": "yes" if getattr(sys, "frozen", False) else "no",
    }


def check_picture(path: Path) -> tuple[int, int]:
    """Return the picture's width and height in pixels; raises CrowdtapeError where it is missing or blank."""
    from PySide6.QtGui import QImage  # noqa: PLC0415 - as above

    image = QImage(str(path))
    if image.isNull():
        raise CrowdtapeError(f"The self-test failed: the sample's picture {path.name} cannot be read back.")
    colours = _colours(image)
    if colours < _FEWEST_COLOURS:
        raise CrowdtapeError(f"The self-test failed: the sample's picture is blank ({colours} colours).")
    return image.width(), image.height()


def _colours(image: QImage) -> int:
    """Count the colours on a grid of a few thousand points."""
    step = max(min(image.width(), image.height()) // 120, 1)
    return len({image.pixel(x, y) for x in range(0, image.width(), step) for y in range(0, image.height(), step)})
