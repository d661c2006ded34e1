"""What a snapshot says of itself: title, range, where its figures come from, and the record that restores its view."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from core.clock import format_span, format_time
from core.model import Basis, ClockMode, Instrument, subject_key
from core.version import program_version
from ui.chart.snapshot_file import SnapshotRecord
from ui.i18n import tr
from ui.theme import load_theme

if TYPE_CHECKING:
    from core.timeline import View
    from ui.chart.snapshot_spec import SnapshotSpec


def title_of(view: View, spec: SnapshotSpec) -> str:
    """Return the subject's key and name, unless the spec has a title."""
    subject = view.tape.subject
    if spec.title:
        return spec.title
    return f"{subject.symbol} {subject.name}".strip() if isinstance(subject, Instrument) else subject.name


def range_text(view: View, spec: SnapshotSpec) -> str:
    """Return range, interval, clock and zone in one line."""
    zone = spec.zone or view.tape.calendar.zone
    start, end = _instants(view, spec)
    clock = tr("trading clock") if view.clock.mode is ClockMode.TRADING else tr("wall clock")
    bars = tr("{interval} bars").format(interval=view.tape.interval)
    return f"{format_span(start, end, zone)} · {bars} · {clock} · {zone}"


def _instants(view: View, spec: SnapshotSpec) -> tuple[int, int]:
    first, last = view.tape.extent or (0, 1)
    return first if spec.start is None else spec.start, last if spec.end is None else spec.end


def footer_lines(view: View, spec: SnapshotSpec) -> list[str]:
    """Return what is written under the chart: where its figures come from, and how old they are."""
    origin, zone = view.tape.provenance, spec.zone or view.tape.calendar.zone
    first: list[str] = []
    if origin.simulated:
        first.append(tr("SIMULATED: prices and posts in this picture are made up"))
    prices: list[str] = []
    if origin.price_source or view.tape.priced:
        prices.append(tr("Prices: {source}").format(source=origin.price_source or tr("file")))
        if origin.price_fetched is not None:
            prices.append(tr("as of {time}").format(time=format_time(origin.price_fetched, zone)))
        if origin.basis is not None:
            adjusted = origin.basis is Basis.ADJUSTED
            prices.append(tr("adjusted for splits and dividends") if adjusted else tr("adjusted for splits"))
    posts: list[str] = []
    if origin.post_sources:
        counts = ", ".join(f"{name} {count:,}" for name, count in sorted(origin.post_sources.items()))
        posts.append(tr("Posts: {sources}").format(sources=counts))
        if origin.collected is not None:
            posts.append(tr("collected until {time}").format(time=format_time(origin.collected, zone)))
    if origin.scorer is not None:
        posts.append(tr("scores: {scorer}").format(scorer=origin.scorer))
    by_source: dict[str, list[str]] = {}
    for m in view.tape.metrics:
        by_source.setdefault(m.metric.source, []).append(m.metric.name)
    cited = [f"{', '.join(names)}: {source}" for source, names in by_source.items() if source]
    made = spec.made if spec.made is not None else round(time.time() * 1000)
    last = tr("Drawn {time} by Crowdtape {version}").format(time=format_time(made, zone), version=program_version())
    lines = [" · ".join([*first, *prices]), " · ".join(posts), " · ".join([*cited, last.strip()])]
    return [line for line in lines if line]


def describe(view: View, spec: SnapshotSpec) -> dict[str, str]:
    """Return the picture's metadata by the keywords that PNG knows."""
    made = spec.made if spec.made is not None else round(time.time() * 1000)
    facts = {
        "Title": title_of(view, spec),
        "Range": range_text(view, spec),
        "Description": "; ".join([range_text(view, spec), *footer_lines(view, spec)]),
        "Software": f"Crowdtape {program_version()}",
        "Creation Time": format_time(made, "UTC", seconds=True) + "Z",
        "Source": footer_lines(view, spec)[0],
        "Crowdtape": record_of(view, spec).to_json(),
    }
    if view.tape.provenance.simulated:
        facts["Simulated"] = "SIMULATED"
    return facts


def record_of(view: View, spec: SnapshotSpec) -> SnapshotRecord:
    """Return what must be known to show the same view again."""
    start, end = _instants(view, spec)
    tape = view.tape
    scorer = tape.provenance.scorer
    return SnapshotRecord(
        subject=subject_key(tape.subject),
        start=start,
        end=end,
        crowd=tape.provenance.crowd,
        interval=str(tape.interval),
        mode=str(view.clock.mode),
        theme=(spec.theme or load_theme("dark")).name,
        basis=str(tape.provenance.basis or ""),
        scorer=scorer.name if scorer is not None else "",
        scorer_version=scorer.version if scorer is not None else "",
        width=spec.width,
        height=spec.height,
        scale=spec.scale,
        zone=spec.zone,
        language=spec.language,
        market=spec.market or "",
        layout=spec.layout.to_json(),
        program=program_version(),
        made=spec.made or 0,
    )
