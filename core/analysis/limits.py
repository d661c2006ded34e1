"""Daily price limits of A-shares: how far a price may move in a session, and which bars stood at their limit.

The exchanges' trading rules: 10 % on the main boards of Shanghai and Shenzhen, 5 % for shares there that are under
special treatment (their names begin with ST or *ST); 20 % on STAR (688, 689), and on ChiNext (300 to 302) since
2020-08-24, before that as on the main boards; 30 % in Beijing. A limit is the close before, less the dividend of an
ex-date, times one plus or minus the rate, rounded half up to 0.01 and at least 0.01 away.

What is not known here, so that a chart must not claim it: the first days after a listing have no limit (or another
one), and a name says whether a share is under special treatment today, not whether it was then. A bar beyond its limits
therefore has none.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.filling import last_before
from core.clock import session_days
from core.model import ActionKind, Basis, Instrument

if TYPE_CHECKING:
    from core.series import Candles, FloatArray, IntArray
    from core.timeline.tape import Tape

TICK = 0.01
# A price that was adjusted for dividends, and rounded again, is off by half a tick; so is the close its limit is of.
_ADJUSTED_SLACK = 0.016
_RAW_SLACK = 0.0051


class Board(enum.Enum):
    """A part of the A-share market with rules of its own."""

    MAIN = "main"
    CHINEXT = "ChiNext"
    STAR = "STAR"
    BEIJING = "Beijing"


_CODES = (
    (re.compile(r"60[0135]\d{3}\.SS"), Board.MAIN),
    (re.compile(r"00[0-4]\d{3}\.SZ"), Board.MAIN),
    (re.compile(r"30[0-2]\d{3}\.SZ"), Board.CHINEXT),
    (re.compile(r"68[89]\d{3}\.SS"), Board.STAR),
    (re.compile(r"(4[23]|8[2-9]|92)\d{4}\.BJ"), Board.BEIJING),
)
_TREATED = re.compile(r"S?\*?ST(?![A-Za-z])")
_EPOCH = dt.date(1970, 1, 1)
_CHINEXT_WIDENED = (dt.date(2020, 8, 24) - _EPOCH).days


def board_of(symbol: str) -> Board | None:
    """Return the board an A-share is listed on; None for indices, funds, B shares and everything else."""
    return next((board for code, board in _CODES if code.fullmatch(symbol)), None)


def limit_percent(symbol: str, name: str, days: IntArray) -> FloatArray | None:
    """Return the limit in percent on each date (days since 1970-01-01), or None for what has no such limit."""
    board = board_of(symbol)
    if board is None:
        return None
    main = 5.0 if _TREATED.match(name.strip()) else 10.0
    wide = {Board.MAIN: main, Board.STAR: 20.0, Board.BEIJING: 30.0}
    if board is Board.CHINEXT:
        return np.where(days >= _CHINEXT_WIDENED, 20.0, main)
    return np.full(len(days), wide[board])


@dataclass(frozen=True, slots=True, eq=False)
class PriceLimits:
    """The limits of each slot, shape (n,), NaN where none is known.

    `locked` is 1 (or -1) where all of a bar stands at its upper (lower) limit, `closed` where it closed there; 0 else.
    """

    up: FloatArray
    down: FloatArray
    locked: IntArray
    closed: IntArray


def limits_at(previous: FloatArray, percent: FloatArray, *, exact: bool) -> tuple[FloatArray, FloatArray]:
    """Return the upper and lower limits for closes before; raw prices are in whole ticks, and so are their limits."""
    if not exact:
        return previous * (1 + percent / 100), previous * (1 - percent / 100)
    with np.errstate(invalid="ignore"):
        ticks = np.rint(previous / TICK)
        up = np.floor((ticks * (100 + percent) + 50) / 100)
        down = np.floor((ticks * (100 - percent) + 50) / 100)
    return np.maximum(up, ticks + 1) * TICK, np.minimum(down, ticks - 1) * TICK


@dataclass(frozen=True, slots=True, eq=False)
class SessionLimits:
    """The limits of every session of a tape, shape (k,): all bars of a session share those of the close before it.

    `first` is the number of the session's first slot. Kept by session because a session may have hundreds of slots.
    """

    first: IntArray
    up: FloatArray
    down: FloatArray
    slack: float

    def of(self, candles: Candles, slots: IntArray) -> PriceLimits:
        """Return the limits of some slots (numbers, shape (m,)) and what became of the bars in them.

        In a series that was adjusted, limits and bars are compared with a tolerance of the two roundings.
        """
        session = np.searchsorted(self.first, slots, side="right") - 1
        return _judged(candles, self.up[session], self.down[session], self.slack)


_KNOWN: weakref.WeakKeyDictionary[Tape, SessionLimits | None] = weakref.WeakKeyDictionary()


def session_limits(tape: Tape) -> SessionLimits | None:
    """Return the limits of a tape's sessions, computed once a tape; None for a subject that has no such limits."""
    if tape not in _KNOWN:
        _KNOWN[tape] = _session_limits(tape)
    return _KNOWN[tape]


def _session_limits(tape: Tape) -> SessionLimits | None:
    subject = tape.subject
    if not isinstance(subject, Instrument) or board_of(subject.symbol) is None or not len(tape.slots):
        return None
    days = session_days(tape.calendar, tape.slots.start[:], tape.slots.end[:])
    first = np.flatnonzero(np.diff(days, prepend=days[0] - 1))
    days = days[first]
    percent = limit_percent(subject.symbol, subject.name, days)
    assert percent is not None  # noqa: S101  it has a board
    raw = tape.provenance.basis is Basis.RAW
    before = last_before(tape.candles.close)[first]
    before -= _dividends(tape, days) if raw else 0.0
    up, down = limits_at(before, percent, exact=raw)
    return SessionLimits(first, up, down, _RAW_SLACK if raw else _ADJUSTED_SLACK)


def _judged(c: Candles, up: FloatArray, down: FloatArray, slack: float) -> PriceLimits:
    with np.errstate(invalid="ignore"):
        beyond = (c.high > up + slack) | (c.low < down - slack)
        up, down = np.where(beyond, np.nan, up), np.where(beyond, np.nan, down)
        at_up, at_down = np.abs(c.close - up) <= slack, np.abs(c.close - down) <= slack
        single = c.high == c.low
    closed = at_up.astype(np.int64) - (at_down & ~at_up)
    return PriceLimits(up, down, np.where(single, closed, 0), closed)


def _dividends(tape: Tape, days: IntArray) -> FloatArray:
    """Return the dividend that goes off on each of the sessions (days since 1970-01-01)."""
    off = np.zeros(len(days))
    for action in tape.actions:
        if action.kind is ActionKind.DIVIDEND:
            instant = np.array([action.time], np.int64)
            day = session_days(tape.calendar, instant, instant + 1)
            off[days == day] += action.value
    return off
