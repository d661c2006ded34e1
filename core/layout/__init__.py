"""How a chart is arranged, as data: its panes in their order, with their options and studies. Knows no screen."""

from core.layout.named import Layouts
from core.layout.options import Option, Value
from core.layout.panes import DEFAULT_LAYOUT, METRIC, Layout, PaneSpec, StudySpec

__all__ = ["DEFAULT_LAYOUT", "METRIC", "Layout", "Layouts", "Option", "PaneSpec", "StudySpec", "Value"]
