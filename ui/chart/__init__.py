"""The chart: a stack of panes on one clock, and snapshots of it.

A view is cut once a frame (`cut`) for all panes; each pane (`panes/`) fits its scale and paints its items (`items/`)
with nothing but a QPainter, so the window and every kind of snapshot share one painting code.
"""

from __future__ import annotations

from ui.chart.stack import ChartStack

__all__ = ["ChartStack"]
