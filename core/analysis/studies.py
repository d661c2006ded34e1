"""The studies a chart can show: what each is called, its parameters, what it is made of, and how its lines are drawn.

A study is one indicator of `core.analysis.indicators` over one source: a price, the volume, or what the crowd said; the
same average smooths a price and its sentiment. `study_lines` computes one on a tape, once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from core.analysis.indicators import atr, bollinger, ema, macd, rsi, sma, vwap
from core.analysis.sources import Source, source_of
from core.clock import session_days
from core.errors import UsageError
from core.layout import Option, StudySpec
from core.timeline.request import CrowdKey

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from core.layout import Value
    from core.series import FloatArray, IntArray
    from core.timeline.lines import Line, Make
    from core.timeline.tape import Tape

Params: TypeAlias = "Mapping[str, Value]"
Read: TypeAlias = "Callable[[Tape], FloatArray]"  # the values of the source
EVERYONE = CrowdKey()
# A band fills what lies between the first and the last output.
Style: TypeAlias = Literal["line", "thin", "histogram"]


@dataclass(frozen=True, slots=True)
class Output:
    """One line of a study; `thin` ones are drawn finer than the main one."""

    name: str
    style: Style = "line"


@dataclass(frozen=True, slots=True)
class Study:
    """A kind of study. Labels are English, to be translated where they are shown.

    `overlay` says that its values are those of its source, so that it can stand on the same axis. `sourced` says that
    it can be made of any source; the others take what they need of the bars. `levels` are the options whose values are
    drawn as level lines, `bounds` the ends of a scale that is always the same.
    """

    kind: str
    short: str
    label: str
    make: Callable[[Tape, Read, Params], Sequence[FloatArray]]
    params: tuple[Option, ...]
    outputs: tuple[Output, ...] = (Output(""),)
    overlay: bool = True
    sourced: bool = True
    filled: bool = False  # the area between the first and the last output
    levels: tuple[str, ...] = ()
    bounds: tuple[float, float] | None = None

    def clean(self, params: Params) -> dict[str, Value]:
        """Return every parameter with its value in `params`, or its default where that is missing or unsound."""
        return {p.name: p.clean(params.get(p.name, p.default)) for p in self.params}


def _period(name: str, label: str, default: int) -> Option:
    return Option(name, label, default, low=1, high=5000)


def _whole(params: Params, name: str) -> int:
    return int(params[name])  # type: ignore[arg-type]


def _real(params: Params, name: str) -> float:
    return float(params[name])  # type: ignore[arg-type]


def _vwap(tape: Tape, _read: Read, params: Params) -> Sequence[FloatArray]:
    c = tape.candles
    return (vwap((c.high + c.low + c.close) / 3, c.volume, _anchors(tape, str(params["anchor"]))),)


def _anchors(tape: Tape, anchor: str) -> IntArray:
    """Return a number for each slot that changes where a new average begins."""
    days = session_days(tape.calendar, tape.slots.start[:], tape.slots.end[:])
    if anchor == "session":
        return days
    if anchor == "week":
        return (days + 3) // 7  # 1970-01-01 was a Thursday
    return days.astype("datetime64[D]").astype(f"datetime64[{'M' if anchor == 'month' else 'Y'}]").astype(np.int64)


def _atr(tape: Tape, _read: Read, params: Params) -> Sequence[FloatArray]:
    return (atr(tape.candles.high, tape.candles.low, tape.candles.close, _whole(params, "period")),)


_ALL = (
    Study(
        "sma",
        "SMA",
        "Simple moving average",
        lambda t, s, p: (sma(s(t), _whole(p, "period")),),
        (_period("period", "Length", 20),),
    ),
    Study(
        "ema",
        "EMA",
        "Exponential moving average",
        lambda t, s, p: (ema(s(t), _whole(p, "period")),),
        (_period("period", "Length", 20),),
    ),
    Study(
        "bollinger",
        "BB",
        "Bollinger bands",
        lambda t, s, p: bollinger(s(t), _whole(p, "period"), _real(p, "width")),
        (_period("period", "Length", 20), Option("width", "Standard deviations", 2.0, low=0.1, high=20.0)),
        (Output("lower", "thin"), Output("middle"), Output("upper", "thin")),
        filled=True,
    ),
    Study(
        "vwap",
        "VWAP",
        "Volume-weighted average price",
        _vwap,
        (
            Option(
                "anchor",
                "Begins anew every",
                "session",
                (("session", "Session"), ("week", "Week"), ("month", "Month"), ("year", "Year")),
            ),
        ),
        sourced=False,
    ),
    Study(
        "rsi",
        "RSI",
        "Relative strength index",
        lambda t, s, p: (rsi(s(t), _whole(p, "period")),),
        (
            _period("period", "Length", 14),
            Option("lower", "Lower level", 30.0, low=0.0, high=100.0),
            Option("upper", "Upper level", 70.0, low=0.0, high=100.0),
        ),
        overlay=False,
        levels=("lower", "upper"),
        bounds=(0.0, 100.0),
    ),
    Study(
        "macd",
        "MACD",
        "Moving average convergence divergence",
        lambda t, s, p: macd(s(t), _whole(p, "fast"), _whole(p, "slow"), _whole(p, "signal")),
        (
            _period("fast", "Fast length", 12),
            _period("slow", "Slow length", 26),
            _period("signal", "Signal length", 9),
        ),
        (Output("macd"), Output("signal", "thin"), Output("histogram", "histogram")),
        overlay=False,
    ),
    Study(
        "atr",
        "ATR",
        "Average true range",
        _atr,
        (_period("period", "Length", 14),),
        overlay=False,
        sourced=False,
    ),
)
STUDIES: dict[str, Study] = {s.kind: s for s in _ALL}


def study_of(kind: str) -> Study:
    """Return the kind of study; raises UsageError."""
    found = STUDIES.get(kind.strip().lower())
    if found is None:
        raise UsageError(f"There is no study '{kind}'; there are {', '.join(STUDIES)}.")
    return found


def study_source(spec: StudySpec, own: str = "close") -> Source:
    """Return what a study is made of: its own source, or that of its pane (`own`)."""
    return source_of(spec.source or own) if study_of(spec.kind).sourced else source_of("close")


def overlays(spec: StudySpec, own: str = "close") -> bool:
    """Whether a study can stand on the axis of a pane that shows the source `own`."""
    return study_of(spec.kind).overlay and study_source(spec, own).measure == source_of(own).measure


def study_lines(tape: Tape, spec: StudySpec, own: str = "close", crowd: CrowdKey = EVERYONE) -> tuple[Line, ...]:
    """Return a line for each output of a study, one value a slot of the tape, computed on first need.

    `own` is the source of its pane, and `crowd` which posts count for it.

    Parameters that are missing or unsound are the defaults. Raises UsageError for an unknown study or source.
    """
    key, make, priced = _recipe(spec, own, crowd)
    return tape.lines.get(key, make, priced=priced)


def find_study_lines(
    tape: Tape, spec: StudySpec, own: str = "close", crowd: CrowdKey = EVERYONE
) -> tuple[Line, ...] | None:
    """Return what `study_lines` does, or None while that is being made."""
    key, make, priced = _recipe(spec, own, crowd)
    return tape.lines.find(key, make, priced=priced)


def _recipe(spec: StudySpec, own: str, crowd: CrowdKey) -> tuple[Hashable, Make, bool]:
    """Return the key of a study's lines, what makes them, and whether of prices."""
    study, source = study_of(spec.kind), study_source(spec, own)
    params = study.clean(spec.params)
    key = ("study", study.kind, source.name, crowd, *params.values())
    return key, lambda tape: study.make(tape, lambda of: source.read(of, crowd), params), source.steady


def study_title(spec: StudySpec, own: str = "close") -> str:
    """Return a study's short name with its figures, and its source where that is not the pane's: `SMA 20 high`."""
    study = study_of(spec.kind)
    shown = [_figure(v) for name, v in study.clean(spec.params).items() if name not in study.levels]
    source = [spec.source] if study.sourced and spec.source not in {"", own} else []
    return " ".join((study.short, *shown, *source))


def study_columns(tape: Tape, spec: StudySpec, own: str = "close") -> dict[str, Line]:
    """Return a study's lines by the names they have in a table: `SMA 20`, or `BB 20 2 lower`."""
    title, study = study_title(spec, own), study_of(spec.kind)
    lines = study_lines(tape, spec, own)
    return {f"{title} {o.name}".strip(): line for o, line in zip(study.outputs, lines, strict=True)}


def parse_study(text: str) -> StudySpec:
    """Read `sma`, `sma:50`, `macd:12,26,9` or `ema:20@sentiment`: a kind, its parameters in order, its source.

    Raises UsageError that names what is wrong.
    """
    head, _, source = text.partition("@")
    kind, _, figures = head.partition(":")
    study = study_of({"bb": "bollinger"}.get(kind.strip().lower(), kind))
    given = [f.strip() for f in figures.split(",")] if figures.strip() else []
    if len(given) > len(study.params):
        names = ", ".join(p.name for p in study.params)
        raise UsageError(f"The study '{text}' has too many parameters; {study.kind} takes {names}.")
    params = {p.name: _parsed(p, figure, text) for p, figure in zip(study.params, given, strict=False)}
    if source and not study.sourced:
        raise UsageError(f"The study '{text}' cannot have a source: {study.kind} is made of whole bars.")
    return StudySpec(study.kind, params, source_of(source).name if source else "")


def _parsed(option: Option, figure: str, text: str) -> Value:
    try:
        value: Value = figure if isinstance(option.default, str) else type(option.default)(figure)  # type: ignore[arg-type]
    except ValueError:
        value = math.nan
    if option.clean(value) != value:
        wanted = (
            ", ".join(str(v) for v, _ in option.choices)
            or f"a number from {_figure(option.low)} to {_figure(option.high)}"
        )
        raise UsageError(f"The study '{text}' has '{figure}' for {option.name}; it must be {wanted}.")
    return value


def _figure(value: Value) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)
