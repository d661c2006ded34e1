"""What the window is built from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.feeds import PriceFeed, PriceStream
    from core.layout import Layouts
    from ui.jobs import Place, Sample
    from ui.preferences import Preferences
    from ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Parts:
    """What the window is built from; the composition root makes it, tests make another."""

    home: Place  # the user's own store
    workspace_file: Path
    log_file: Path
    preferences: Preferences
    make_chart: Callable[[Theme], Any]  # ui.chart.stack.ChartStack or a stand-in
    make_feed: Callable[[], PriceFeed]
    make_stream: Callable[[], PriceStream]
    open_sample: Callable[[], Sample]
    layouts: Layouts
    language: str = "en"
    data_dir: Path | None = None  # as the command line names it
    import_command: list[str] | None = None
    background: bool = True  # whether to score anew by itself what needs it
