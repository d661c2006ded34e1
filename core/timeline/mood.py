"""The crowd's figures on a tape: exact in any bucket, and as lines over its slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.analysis.decay import Faded
from core.analysis.unusual import against_past, surprise
from core.model import DAY_MS, HOUR_MS
from core.timeline.request import CrowdKey

if TYPE_CHECKING:
    from collections.abc import Hashable

    from core.series import Crowd, FloatArray, IntArray
    from core.timeline.lines import Line, Make
    from core.timeline.tape import Tape
    from core.timeline.view import Frame


def spans_of(tape: Tape, frame: Frame) -> tuple[IntArray, IntArray]:
    """Return from when to when the posts of a frame's columns were published: (before, end], ms UTC, shape (m,)."""
    return tape.preceding(frame.first + frame.size * np.arange(len(frame.left))), frame.end


def crowd_in(tape: Tape, frame: Frame, key: CrowdKey) -> Crowd | None:
    """Return what the posts of a key said in the columns of a frame, None where the tape was read without them."""
    if key == CrowdKey():
        return frame.crowd
    rollup = tape.crowds.get(key)
    return None if rollup is None else rollup.within(*spans_of(tape, frame))


class FadedLines(NamedTuple):
    """Averages over time at the end of every slot; see `core.analysis.decay`."""

    mean: Line
    low: Line
    high: Line
    balance: Line
    deviation: Line
    weight: Line


def faded(tape: Tape, key: CrowdKey, hours: float) -> FadedLines | None:
    """Return the averages of a key's posts that fade by half in so many hours.

    None where the tape lacks the posts, or while the lines are being made.
    """
    found = _find(tape, key, *_fading(key, hours))
    return None if found is None else FadedLines(*found)


def mood_score(tape: Tape, key: CrowdKey, days: int, least: int, hours: float) -> tuple[Line, Line] | None:
    """Return the z-score of every slot's mean against the window of `days` before it, and the size of that past.

    A slot with fewer than `least` scored posts has none. With `hours` the average over time is compared instead. None
    as for `faded`.
    """

    def make(tape: Tape) -> tuple[FloatArray, ...]:
        if hours:
            value = tape.lines.get(*_fading(key, hours), priced=False)[0].value
        else:
            crowd = tape.crowds[key].within(tape.preceding(np.arange(len(tape.slots))), tape.slots.end[:])
            value = np.where(crowd.scored >= least, crowd.mean, np.nan)
        z, past = against_past(tape.slots.end[:], value, days * DAY_MS)
        return z, past.astype(np.float64)

    return _pair(_find(tape, key, ("mood score", key, days, least, hours), make))


def attention_score(tape: Tape, key: CrowdKey) -> tuple[Line, Line] | None:
    """Return how surprising the attention up to the end of every slot is, and from how many weeks that is known.

    None as for `faded`.
    """

    def make(tape: Tape) -> tuple[FloatArray, ...]:
        z, weeks = surprise(tape.crowds[key], tape.slots.end[:], tape.interval.ms, tape.calendar.zone)
        return z, weeks.astype(np.float64)

    return _pair(_find(tape, key, ("attention score", key), make))


def _find(tape: Tape, key: CrowdKey, name: Hashable, make: Make) -> tuple[Line, ...] | None:
    return tape.lines.find(name, make, priced=False) if key in tape.crowds else None


def _pair(lines: tuple[Line, ...] | None) -> tuple[Line, Line] | None:
    return None if lines is None else (lines[0], lines[1])


def _fading(key: CrowdKey, hours: float) -> tuple[Hashable, Make]:
    def make(tape: Tape) -> tuple[FloatArray, ...]:
        f = Faded(tape.crowds[key].bins(), tape.slots.end[:], hours * HOUR_MS)
        return (f.mean, *f.interval(), f.balance, f.deviation, f.weight)

    return ("faded", key, hours), make
