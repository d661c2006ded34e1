"""From a request to aligned columns ready to draw: price, crowd and metrics of one subject on one clock.

`load` reads a subject from the store into an immutable `Tape`; a `View` lays the tape on a clock and cuts frames from
it; `table` writes it out row by row. All of it is pure and runs on any thread.
"""

from __future__ import annotations

from core.timeline.live import LiveBars
from core.timeline.load import concepts_with, crowd_of, load_tape
from core.timeline.ranges import RANGES, range_span
from core.timeline.table import Table, make_table
from core.timeline.tape import Provenance, Tape
from core.timeline.view import Frame, Reading, Span, View

__all__ = [
    "RANGES",
    "Frame",
    "LiveBars",
    "Provenance",
    "Reading",
    "Span",
    "Table",
    "Tape",
    "View",
    "concepts_with",
    "crowd_of",
    "load_tape",
    "make_table",
    "range_span",
]
