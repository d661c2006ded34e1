"""Where a study goes in a layout: on a pane whose axis it shares, or into a pane of its own."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from core.analysis.studies import overlays, study_of
from core.layout import PaneSpec, StudySpec

if TYPE_CHECKING:
    from core.layout import Layout, Value

# The kind of pane that shows one study, and the options that say which and of what.
STUDY, KIND, SOURCE = "study", "study", "source"

# What studies on a pane of a kind are made of unless they name a source. Other kinds take none.
OWN_SOURCE = {"price": "close", "volume": "volume", "sentiment": "sentiment", "posts": "posts"}


def study_pane(spec: StudySpec, key: str) -> PaneSpec:
    """Return the pane of its own for a study."""
    options: dict[str, Value] = {KIND: spec.kind, SOURCE: spec.source, **study_of(spec.kind).clean(spec.params)}
    return PaneSpec(STUDY, key, options)


def study_in(pane: PaneSpec) -> StudySpec:
    """Return the study that a pane of its own shows."""
    kind = str(pane.options.get(KIND, ""))
    return StudySpec(
        kind, {n: v for n, v in pane.options.items() if n not in {KIND, SOURCE}}, str(pane.options.get(SOURCE, ""))
    )


def with_study(layout: Layout, spec: StudySpec, key: str, own: str | None = None) -> Layout:
    """Return the layout with a study more: on the pane `key` if it shares its axis, else in a pane below it.

    In a pane of its own the study is made of what the pane `key` shows, unless it names a source. `own` says what that
    is, "" for nothing that studies are made of (None: as panes of its kind do by default).
    """
    pane = layout.find(key)
    if own is None:
        own = OWN_SOURCE.get(pane.kind, "") if pane is not None else ""
    if pane is not None and own and overlays(spec, own):
        return layout.replaced(dataclasses.replace(pane, studies=(*pane.studies, spec)))
    if study_of(spec.kind).sourced and not spec.source:
        spec = dataclasses.replace(spec, source=own or "close")
    keys = [p.key for p in layout.panes]
    after = keys.index(key) + 1 if key in keys else len(keys)
    while after < len(keys) and layout.panes[after].kind == STUDY:
        after += 1
    below = keys[after] if after < len(keys) else ""
    return layout.added(study_pane(spec, layout.free_key(STUDY)), below)


def without_study(pane: PaneSpec, place: int) -> PaneSpec:
    """Return a pane without the study at a place."""
    return dataclasses.replace(pane, studies=tuple(s for i, s in enumerate(pane.studies) if i != place))


def with_changed_study(pane: PaneSpec, place: int, spec: StudySpec) -> PaneSpec:
    """Return a pane with the study at a place replaced."""
    return dataclasses.replace(pane, studies=tuple(spec if i == place else s for i, s in enumerate(pane.studies)))
