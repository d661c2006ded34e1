"""Panes as data, and a layout as their order. Every change makes a new layout; nothing here is ever changed in place.

What kinds of pane there are, and which options each has, is the chart's business: a layout keeps what it does not know,
so that a layout of a newer program survives an older one.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.layout.options import Value

METRIC = "metric"  # the kind of pane that shows a metric, and the name of the option that says which
_TALLEST = 100_000.0


def _no_values() -> Mapping[str, Value]:
    return {}


@dataclass(frozen=True, slots=True)
class StudySpec:
    """A study such as a moving average: its kind, its parameters, and the series it is made of."""

    kind: str
    params: Mapping[str, Value] = field(default_factory=_no_values)
    source: str = ""  # "" is the pane's own


@dataclass(frozen=True, slots=True)
class PaneSpec:
    """One pane. `key` is its own within the layout; `height` its share of the chart's (0: as the kind has it)."""

    kind: str
    key: str
    options: Mapping[str, Value] = field(default_factory=_no_values)
    studies: tuple[StudySpec, ...] = ()
    height: float = 0.0

    def with_options(self, **values: Value) -> PaneSpec:
        """Return the pane with some options chosen otherwise."""
        return dataclasses.replace(self, options={**self.options, **values})

    def with_only(self, options: Mapping[str, Value]) -> PaneSpec:
        """Return the pane with these options and every other at its default."""
        return dataclasses.replace(self, options=dict(options))


@dataclass(frozen=True, slots=True)
class Layout:
    """Panes from the top. A metric that no pane names gets a pane of its own at the end unless it is `hidden`."""

    panes: tuple[PaneSpec, ...] = ()
    hidden: frozenset[str] = frozenset()
    maximised: str = ""  # key of the one pane that is shown alone

    def shown(self, metrics: Iterable[str]) -> tuple[PaneSpec, ...]:
        """Return the panes of a subject with these metrics: those of other metrics are left out, new ones added."""
        names = list(dict.fromkeys(metrics))
        named = {str(p.options.get(METRIC, "")) for p in self.panes if p.kind == METRIC}
        kept = [p for p in self.panes if p.kind != METRIC or p.options.get(METRIC) in names]
        added = [metric_pane(n) for n in names if n not in named and n not in self.hidden]
        panes = (*kept, *added)
        alone = tuple(p for p in panes if p.key == self.maximised)
        return alone or panes

    def settled(self, metrics: Iterable[str]) -> Layout:
        """Return the layout with a pane of its own for every metric that is shown, so that it can be changed."""
        have = {p.key for p in self.panes}
        plain = dataclasses.replace(self, maximised="")
        added = tuple(p for p in plain.shown(metrics) if p.key not in have)
        return dataclasses.replace(self, panes=(*self.panes, *added)) if added else self

    def find(self, key: str) -> PaneSpec | None:
        """Return the pane with this key."""
        return next((p for p in self.panes if p.key == key), None)

    def free_key(self, kind: str) -> str:
        """Return a key for one more pane of a kind."""
        keys = {p.key for p in self.panes}
        if kind not in keys:
            return kind
        return next(k for k in (f"{kind}-{n}" for n in range(2, len(keys) + 3)) if k not in keys)

    def added(self, pane: PaneSpec, before: str = "") -> Layout:
        """Return the layout with a pane more, before another or at the end; every pane is shown then."""
        name = str(pane.options.get(METRIC, "")) if pane.kind == METRIC else ""
        at = _place(self.panes, before)
        panes = (*self.panes[:at], pane, *self.panes[at:])
        return dataclasses.replace(self, panes=panes, hidden=self.hidden - {name}, maximised="")

    def removed(self, key: str) -> Layout:
        """Return the layout without a pane; a metric's does not come back by itself."""
        pane = self.find(key)
        if pane is None:
            return self
        hidden = self.hidden | {str(pane.options.get(METRIC, ""))} if pane.kind == METRIC else self.hidden
        panes = tuple(p for p in self.panes if p.key != key)
        return Layout(panes, hidden, "" if self.maximised == key else self.maximised)

    def moved(self, key: str, before: str) -> Layout:
        """Return the layout with a pane moved before another, or with "" to the end."""
        pane = self.find(key)
        if pane is None or key == before:
            return self
        rest = tuple(p for p in self.panes if p.key != key)
        at = _place(rest, before)
        return dataclasses.replace(self, panes=(*rest[:at], pane, *rest[at:]))

    def replaced(self, pane: PaneSpec) -> Layout:
        """Return the layout with the pane of this key replaced."""
        return dataclasses.replace(self, panes=tuple(pane if p.key == pane.key else p for p in self.panes))

    def alone(self, key: str) -> Layout:
        """Return the layout with one pane shown alone, or with "" all of them."""
        return dataclasses.replace(self, maximised=key)

    def with_heights(self, heights: Mapping[str, float]) -> Layout:
        """Return the layout with the heights of the panes named."""
        panes = (dataclasses.replace(p, height=float(heights.get(p.key, p.height))) for p in self.panes)
        return dataclasses.replace(self, panes=tuple(panes))

    def to_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "panes": [_pane_json(p) for p in self.panes],
            "hidden": sorted(self.hidden),
            "maximised": self.maximised,
        }

    @classmethod
    def from_json(cls, found: Any) -> Self | None:
        """Return the layout that `to_json` made, leaving out what cannot be read; None where nothing can."""
        fields = _mapping(found)
        panes: dict[str, PaneSpec] = {}
        for item in _sequence(fields.get("panes")):
            pane = _pane(_mapping(item))
            if pane is not None:
                panes.setdefault(pane.key, pane)
        hidden = frozenset(str(name) for name in _sequence(fields.get("hidden")))
        return cls(tuple(panes.values()), hidden, str(fields.get("maximised", ""))) if panes else None


def metric_pane(name: str) -> PaneSpec:
    """Return the pane of a metric."""
    return PaneSpec(METRIC, f"{METRIC}:{name}", {METRIC: name})


def _place(panes: Sequence[PaneSpec], before: str) -> int:
    return next((i for i, p in enumerate(panes) if p.key == before), len(panes))


def _pane_json(pane: PaneSpec) -> dict[str, Any]:
    studies = [{"kind": s.kind, "params": _plain(s.params), "source": s.source} for s in pane.studies]
    return {
        "kind": pane.kind,
        "key": pane.key,
        "options": _plain(pane.options),
        "studies": studies,
        "height": round(pane.height, 1),
    }


def _plain(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def _pane(found: Mapping[str, Any]) -> PaneSpec | None:
    if not found.get("kind") or not found.get("key"):
        return None
    height = found.get("height", 0.0)
    sound = isinstance(height, (int, float)) and math.isfinite(height) and 0 <= height <= _TALLEST
    read = (_study(_mapping(s)) for s in _sequence(found.get("studies")))
    return PaneSpec(
        str(found["kind"]),
        str(found["key"]),
        _values(found.get("options")),
        tuple(s for s in read if s is not None),
        float(height) if sound else 0.0,
    )


def _study(found: Mapping[str, Any]) -> StudySpec | None:
    if not found.get("kind"):
        return None
    return StudySpec(str(found["kind"]), _values(found.get("params")), str(found.get("source", "")))


def _values(found: Any) -> dict[str, Value]:
    read: dict[str, Value] = {}
    for name, value in _mapping(found).items():
        if isinstance(value, (str, bool, int, float)):
            read[str(name)] = value
        elif isinstance(value, list):
            read[str(name)] = tuple(str(v) for v in _sequence(value))
    return read


def _mapping(found: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}


def _sequence(found: Any) -> Sequence[Any]:
    return cast("list[Any]", found) if isinstance(found, list) else ()


DEFAULT_LAYOUT = Layout(tuple(PaneSpec(kind, kind) for kind in ("price", "volume", "sentiment", "posts")))
