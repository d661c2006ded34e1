"""The words of the price pane: the subject's figures, what else is shown with it, and what is to be known of it."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.corporate import action_day, action_figure
from core.analysis.limits import session_limits
from core.clock import format_time, session_date
from core.model import ActionKind, Basis, Concept, Instrument
from core.series import Candles
from ui.chart.knowledge import calendar_notes
from ui.chart.legend import Segment
from ui.chart.scale import fixed, price_decimals
from ui.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model import Action
    from core.timeline import Reading, View
    from ui.chart.ink import Ink
    from ui.chart.items.compared import ComparedItem

# What a click on a compared symbol in the legend means, before the symbol.
COMPARED = "compared:"
# More members than these do not fit on a line.
_MOST_SHARES = 8


def head_line(view: View, reading: Reading, base: float, zone: str) -> list[Segment]:
    """Return the subject with its four prices and the change against the close before.

    `base` is the price that is 0 % on a percent axis, NaN for another one; times are
    those of `zone`.
    """
    tape = view.tape
    subject = tape.subject
    title = subject.symbol if isinstance(subject, Instrument) else subject.name
    head = [Segment(title, "text", bold=True)]
    if isinstance(subject, Instrument) and subject.name:
        head.append(Segment(subject.name, "text", rank=2))
    head.append(Segment(str(tape.interval), "muted", rank=3))
    first = int(tape.slots.start[min(reading.index + reading.size, len(tape.slots)) - 1])
    daily = not tape.interval.intraday
    when = str(session_date(tape.calendar, first, reading.end)) if daily else format_time(reading.end, zone)
    head.append(Segment(when, "muted", rank=1))
    if math.isfinite(reading.close) or tape.priced:
        head += _prices(reading, price_decimals(reading.close))
        head += _limit_word(view, reading) if reading.size == 1 else []
        if base > 0 and math.isfinite(reading.close):
            head.append(Segment(f"{fixed(100 * (reading.close / base - 1), 2, sign=True)} %", "accent", bold=True))
    return head


def _prices(reading: Reading, decimals: int) -> list[Segment]:
    change = reading.close - reading.previous_close
    compared = change if math.isfinite(change) else reading.close - reading.open
    colour = "rise" if compared > 0 else "fall" if compared < 0 else "flat"
    found: list[Segment] = []
    for letter, value, rank in (
        (tr("O"), reading.open, 4),
        (tr("H"), reading.high, 4),
        (tr("L"), reading.low, 4),
        (tr("C"), reading.close, 0),
    ):
        found += [
            Segment(letter, "muted", rank=rank),
            Segment(fixed(value, decimals), colour, gap=3.0, rank=rank),
        ]
    if math.isfinite(change) and reading.previous_close:
        share = fixed(100 * change / reading.previous_close, 2, sign=True)
        found.append(Segment(fixed(change, decimals, sign=True), colour, rank=1))
        found.append(Segment(f"({share} %)", colour, gap=4.0))
    return found


def _limit_word(view: View, reading: Reading) -> list[Segment]:
    """Return that the bar was locked at its limit, where it was."""
    sessions = session_limits(view.tape)
    if sessions is None:
        return []
    bar = Candles(*(np.array([v]) for v in (reading.open, reading.high, reading.low, reading.close, reading.volume)))
    locked = int(sessions.of(bar, np.array([reading.index], np.int64)).locked[0])
    if locked > 0:
        return [Segment(tr("locked limit up"), "rise", bold=True)]
    if locked < 0:
        return [Segment(tr("locked limit down"), "fall", bold=True)]
    return []


def notes_line(view: View) -> list[Segment]:
    """Return what is to be known of the prices: simulated or not, what of, corrected for what."""
    tape, notes = view.tape, list[Segment]()
    origin = tape.provenance
    if origin.simulated:
        notes.append(Segment(tr("SIMULATED"), "warning", bold=True))
    texts: list[str] = []
    if isinstance(tape.subject, Concept):
        texts.append(tr("basket of {members}").format(members=", ".join(m.symbol for m in tape.subject.members)))
    if tape.subject and isinstance(tape.subject, Instrument) and tape.subject.currency:
        texts.append(tape.subject.currency)
    if origin.basis is not None:
        adjusted = origin.basis is Basis.ADJUSTED
        texts.append(tr("adjusted for splits and dividends") if adjusted else tr("adjusted for splits"))
    texts += calendar_notes(tape)
    texts += map(tr, origin.notes)
    if texts:
        notes.append(Segment(" · ".join(texts), "muted"))
    return notes


def shares_line(view: View, reading: Reading) -> list[Segment]:
    """Return what each member added to the basket's move over a column, in percentage points; [] for no basket."""
    basket = view.tape.basket
    if basket is None:
        return []
    shares = basket.shares(reading.index, reading.index + reading.size)
    if not shares:
        return []
    line = [Segment(tr("shares of the move"), "muted", rank=1)]
    for number, share in enumerate(shares[:_MOST_SHARES]):
        colour = "rise" if share.move > 0 else "fall" if share.move < 0 else "flat"
        # Where there is no room for all, those with the smallest share go first, name and figure together.
        rank = number + 1 if number else 0
        line.append(Segment(share.symbol, "muted", rank=rank))
        line.append(Segment(f"{fixed(100 * share.move, 2, sign=True)} %", colour, gap=4.0, rank=rank))
    if len(shares) > _MOST_SHARES:
        rest = fixed(100 * sum(s.move for s in shares[_MOST_SHARES:]), 2, sign=True)
        told = tr("{count} others {move} %").format(count=len(shares) - _MOST_SHARES, move=rest)
        line.append(Segment(told, "muted", rank=_MOST_SHARES + 1))
    return line


def compared_lines(compared: ComparedItem, reading: Reading, ink: Ink) -> list[list[Segment]]:
    """Return a line for each compared symbol: its change since the base, its close, and its name."""
    found: list[list[Segment]] = []
    for other, place, close, percent in compared.figures(reading):
        target, name = f"{COMPARED}{other.instrument.symbol}", ink.metric(place)
        line = [Segment(other.instrument.symbol, name, bold=True, target=target)]
        if math.isfinite(percent):
            line.append(Segment(f"{fixed(percent, 2, sign=True)} %", name, target=target))
            line.append(Segment(fixed(close, price_decimals(close)), "muted", target=target))
        else:
            line.append(Segment(tr("no prices here"), "muted", target=target))
        if other.instrument.name:
            line.append(Segment(other.instrument.name, "muted", rank=1, target=target))
        found.append(line)
    return found


def action_text(actions: Sequence[Action], view: View) -> str:
    """Return a tooltip for splits and dividends. What comes from files is escaped: it is never markup."""
    subject = view.tape.subject
    currency = f" {subject.currency}" if isinstance(subject, Instrument) and subject.currency else ""
    parts: list[str] = []
    for action in actions:
        figure = action_figure(action)
        what = (
            tr("Split {ratio}").format(ratio=figure)
            if action.kind is ActionKind.SPLIT
            else tr("Dividend {amount} a share").format(amount=figure + currency)
        )
        source = f"<br/>{html.escape(action.source)}" if action.source else ""
        day = action_day(action, view.tape.calendar).isoformat()
        parts.append(f"<b>{html.escape(what)}</b><br/>{tr('ex-date {date}').format(date=day)}{source}")
    return "<qt>" + "<hr/>".join(parts) + "</qt>"
