"""The crowd's measures as columns of a table: what the panes draw, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.decay import Faded
from core.analysis.unusual import against_past, surprise
from core.model import DAY_MS, HOUR_MS
from core.timeline.request import EVERYBODY, CrowdKey
from core.voices import REACHES

if TYPE_CHECKING:
    from core.series import FloatArray, IntArray
    from core.timeline.slots import Spans
    from core.timeline.tape import Tape


@dataclass(frozen=True, slots=True)
class Measures:
    """Which posts count, over how long they fade, and with how long a past a mean is compared.

    Rows of fewer than `least` scored posts are no part of that past and get no z-score.
    """

    key: CrowdKey = EVERYBODY
    half_life_hours: float = 24.0
    window_days: int = 90
    least: int = 3


PLAIN = Measures()


def crowd_columns(tape: Tape, asked: Measures, rows: Spans, history: Spans) -> dict[str, FloatArray | IntArray]:
    """Return the measures of rows whose posts are those of (start, end]; `history` are all rows up to the last.

    The columns of authors and reach are there where the tape was read with that audience.
    """
    n = len(rows)
    crowd = tape.crowds[asked.key]
    said = crowd.within(rows.start, rows.end)
    past = crowd.within(history.start, history.end)
    mean = np.where(past.scored >= asked.least, past.mean, np.nan)
    z, _ = against_past(history.end, mean, asked.window_days * DAY_MS)
    unusual, _ = surprise(crowd, rows.end, tape.interval.ms, tape.calendar.zone)
    columns: dict[str, FloatArray | IntArray] = {
        "echo": said.echo,
        "bull_minus_bear": said.balance,
        "dispersion": said.deviation,
        "sentiment_ema": Faded(crowd.bins(), rows.end, asked.half_life_hours * HOUR_MS).mean,
        "sentiment_z": z[len(z) - n :],
        "surprise": unusual,
    }
    audience = tape.audiences.get(asked.key)
    if audience is None:
        return columns
    columns["authors"] = audience.authors_within(rows.start, rows.end)[0]
    for kind in REACHES:
        amount, known = audience.reach(kind, rows.start, rows.end)
        columns[kind] = np.where(known > 0, amount, np.nan)
    columns["sentiment_by_reach"] = audience.weighted_mean(audience.known_best(), rows.start, rows.end)
    return columns
