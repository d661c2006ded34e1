"""Painting without a screen, for `snapshot` and `self-test`.

The module itself imports no Qt: the platform must be chosen before Qt is loaded.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.layout import DEFAULT_LAYOUT

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from PySide6.QtGui import QGuiApplication

    from core.layout import Layout
    from core.timeline import View


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is made: size in points, pixels a point, theme, zone."""

    width: int = 1600
    height: int = 900
    scale: float = 1.0
    theme: str = "dark"
    zone: str = ""  # IANA name of the zone of the times, "" for the exchange's

    @classmethod
    def of(cls, args: argparse.Namespace) -> Look:
        """Take what `snapshot` was told."""
        width, height = args.size
        return cls(width, height, args.scale, args.theme, args.tz or "")


def offscreen_qt() -> None:
    """Let Qt paint without a display, and without touching one that is there. Before PySide6 is imported."""
    if "PySide6.QtGui" not in sys.modules:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def paint(
    view: View,
    span: tuple[int, int],
    target: Path,
    look: Look,
    *,
    layout: Layout = DEFAULT_LAYOUT,
    overwrite: bool = False,
) -> list[Path]:
    """Write the view's chart of `span` (ms UTC) and the JSON beside it; return both paths. Raises CrowdtapeError."""
    offscreen_qt()
    from ui.chart.snapshot import SnapshotSpec, write_snapshot  # noqa: PLC0415 - Qt, after the platform is chosen
    from ui.theme import load_theme  # noqa: PLC0415 - as above

    application = _application()
    spec = SnapshotSpec(
        look.width,
        look.height,
        look.scale,
        load_theme(look.theme),
        start=span[0],
        end=span[1],
        layout=layout,
        zone=look.zone,
    )
    written = write_snapshot(view, spec, target, overwrite=overwrite)
    del application  # Qt must outlive the painting
    return written


def paint_sample(cache_dir: Path, target: Path, *, overwrite: bool = False) -> list[Path]:
    """Write the bundled sample's chart as the first start shows it; its store is built in `cache_dir`."""
    from core.clock import make_clock  # noqa: PLC0415 - not needed for --help
    from core.model import DEFAULT_SCORER, ClockMode, Interval  # noqa: PLC0415 - as above
    from core.sample import STORY, open_sample  # noqa: PLC0415 - as above
    from core.store import Store  # noqa: PLC0415 - as above
    from core.timeline import View, load_tape  # noqa: PLC0415 - as above

    name, start, end = STORY
    with Store.open(open_sample(cache_dir), read_only=True) as store:
        tape = load_tape(store, store.subject(name), Interval.D1, scorer=DEFAULT_SCORER, cache_dir=cache_dir)
    view = View(tape, make_clock(ClockMode.TRADING, tape.calendar))
    return paint(view, (start, end), target, Look(), overwrite=overwrite)


def _application() -> QGuiApplication:
    """Return this process's Qt application, made where there is none yet."""
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415 - as above

    running = QGuiApplication.instance()
    return running if isinstance(running, QGuiApplication) else QGuiApplication(sys.argv[:1])
