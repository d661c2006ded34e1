"""What a chart shows, as a value that is kept: in the workspace file, and while a chart is put away."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.layout import DEFAULT_LAYOUT, Layout
from core.model import Basis, ClockMode, Interval
from ui.charts.state import Options

if TYPE_CHECKING:
    from collections.abc import Mapping


_TEXTS = ("subject", "interval", "mode", "scorer", "crowd", "range")


@dataclass(frozen=True, slots=True)
class ChartRecord:
    """Subject, options, range and panes of a chart.

    `span` is the visible range (ms UTC), `range` its name where it has one. Options are kept as text: a file may name
    an interval or a scorer that this program does not have.
    """

    subject: str = ""
    interval: str = "1d"
    mode: str = "trading"
    scorer: str = ""
    crowd: str = ""
    range: str = ""
    span: tuple[int, int] | None = None
    panes: Mapping[str, Any] = field(default_factory=dict[str, Any])  # core.layout.Layout as JSON; {} is the default

    def options(self, scorers: tuple[str, ...], scorer: str, basis: Basis) -> Options:
        """Return the options; what this program does not know is replaced, a scorer by `scorer`."""
        interval = Interval(self.interval) if self.interval in set(Interval) else Interval.D1
        mode = ClockMode(self.mode) if self.mode in set(ClockMode) else ClockMode.TRADING
        return Options(interval, mode, self.scorer if self.scorer in scorers else scorer, basis, self.crowd)

    @property
    def layout(self) -> Layout:
        """The panes; those of a chart that nobody has arranged where the file holds none."""
        return Layout.from_json(self.panes) or DEFAULT_LAYOUT

    def to_json(self) -> dict[str, Any]:
        """Return what the file holds."""
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> ChartRecord:
        """Read what the file holds; raises TypeError, ValueError, LookupError or AttributeError for anything else."""
        span = found.get("span")
        texts = {name: str(found.get(name, getattr(cls(), name))) for name in _TEXTS}
        return cls(**texts, span=(int(span[0]), int(span[1])) if span else None, panes=dict(found.get("panes", {})))
