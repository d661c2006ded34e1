"""Subjects: instruments and concepts, their rules, and which of them must be linked anew."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import UnknownSubjectError, UsageError
from core.linking import fold
from core.model import Concept, Instrument, Member, Rule, Subject

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Entry:
    """A subject's row: its number in the store, and the key as it is shown."""

    id: int
    key: str
    concept: bool


def entries(sql: sqlite3.Connection) -> dict[str, Entry]:
    """Return all subjects by their folded keys."""
    rows = sql.execute("SELECT fold, id, name, kind = 'concept' FROM subject")
    return {f: Entry(i, name, bool(concept)) for f, i, name, concept in rows}


def find(sql: sqlite3.Connection, text: str) -> Entry | None:
    """Return the subject that `text` names, whatever its case and width."""
    row = sql.execute("SELECT id, name, kind = 'concept' FROM subject WHERE fold = ?", (fold(text.strip()),)).fetchone()
    return Entry(row[0], row[1], bool(row[2])) if row else None


def need(sql: sqlite3.Connection, text: str) -> Entry:
    """Return the subject that `text` names; raises `UnknownSubjectError`."""
    entry = find(sql, text)
    if entry is None:
        raise UnknownSubjectError(f"Nothing is known of {text!r}; add it as an instrument or a concept first.")
    return entry


def put_instrument(sql: sqlite3.Connection, instrument: Instrument) -> Entry:
    """Add the instrument, or fill in its name and currency where they are given."""
    symbol = instrument.symbol.strip().upper()
    if not symbol:
        raise UsageError("An instrument needs a symbol, for example AAPL or 300792.SZ.")
    known = find(sql, symbol)
    if known is None:
        sql.execute(
            "INSERT INTO subject(kind, name, fold, title, currency, stale)"
            " VALUES('instrument', ?, ?, ?, ?, EXISTS(SELECT 1 FROM post))",
            (symbol, fold(symbol), instrument.name, instrument.currency),
        )
        return need(sql, symbol)
    if known.concept:
        raise UsageError(f"{known.key!r} is the name of a concept already; rename it to add the instrument {symbol}.")
    sql.execute(
        "UPDATE subject SET title = coalesce(nullif(?, ''), title), currency = coalesce(nullif(?, ''), currency)"
        " WHERE id = ?",
        (instrument.name, instrument.currency, known.id),
    )
    return known


def put_concept(sql: sqlite3.Connection, concept: Concept) -> Entry:
    """Add the concept, or replace its members and rule; its members become instruments."""
    name = concept.name.strip()
    if not name:
        raise UsageError("A concept needs a name.")
    rule = rule_to_text(concept.rule)
    known = find(sql, name)
    if known is not None and not known.concept:
        raise UsageError(f"{known.key!r} is the symbol of an instrument; choose another name for the concept.")
    if known is None:
        sql.execute(
            "INSERT INTO subject(kind, name, fold, rule, stale) VALUES('concept', ?, ?, ?, EXISTS(SELECT 1 FROM post))",
            (name, fold(name), rule),
        )
    else:
        sql.execute("UPDATE subject SET stale = 1 WHERE id = ? AND rule <> ?", (known.id, rule))
        sql.execute("UPDATE subject SET name = ?, rule = ? WHERE id = ?", (name, rule, known.id))
    entry = need(sql, name)
    sql.execute("DELETE FROM member WHERE concept = ?", (entry.id,))
    for place, m in enumerate(concept.members):
        instrument = put_instrument(sql, Instrument(m.symbol))
        sql.execute(
            "INSERT INTO member VALUES(?, ?, ?, ?, ?, ?)",
            (entry.id, place, instrument.key, m.weight, _day_to_text(m.since), _day_to_text(m.until)),
        )
    return entry


def rename_concept(sql: sqlite3.Connection, old: str, new: str) -> None:
    """Give a concept another name; its posts, members and pins stay."""
    entry, taken = need(sql, old), find(sql, new)
    name = new.strip()
    if not entry.concept or not name:
        raise UsageError(f"Only a concept can be renamed, and its name cannot be empty ({old!r} to {new!r}).")
    if taken is not None and taken.id != entry.id:
        raise UsageError(f"The name {taken.key!r} is taken; choose another one.")
    sql.execute("UPDATE subject SET name = ?, fold = ? WHERE id = ?", (name, fold(name), entry.id))


def remove_concept(sql: sqlite3.Connection, name: str) -> None:
    """Remove the concept with its links, metrics, events and pin; posts and instruments stay."""
    entry = need(sql, name)
    if not entry.concept:
        raise UsageError(f"{entry.key} is an instrument, not a concept.")
    sql.execute("DELETE FROM subject WHERE id = ?", (entry.id,))


def instruments(sql: sqlite3.Connection) -> list[tuple[int, Instrument]]:
    """Return all instruments in order of their symbols."""
    rows = sql.execute("SELECT id, name, title, currency FROM subject WHERE kind = 'instrument' ORDER BY name")
    return [(i, Instrument(symbol, title, currency)) for i, symbol, title, currency in rows]


def concepts(sql: sqlite3.Connection) -> list[tuple[int, Concept]]:
    """Return all concepts in order of their names."""
    members: dict[int, list[Member]] = {}
    for concept, *m in sql.execute("SELECT concept, symbol, weight, since, until FROM member ORDER BY concept, place"):
        members.setdefault(concept, []).append(Member(m[0], m[1], _day(m[2]), _day(m[3])))
    rows = sql.execute("SELECT id, name, rule FROM subject WHERE kind = 'concept' ORDER BY fold")
    return [(i, Concept(name, tuple(members.get(i, ())), rule_from_text(rule))) for i, name, rule in rows]


def subject_of(sql: sqlite3.Connection, entry: Entry) -> Subject:
    """Return the whole of one subject."""
    if entry.concept:
        return next(c for i, c in concepts(sql) if i == entry.id)
    title, currency = sql.execute("SELECT title, currency FROM subject WHERE id = ?", (entry.id,)).fetchone()
    return Instrument(entry.key, title, currency)


def stale(sql: sqlite3.Connection) -> list[str]:
    """Return the keys of subjects whose rule has not seen all stored posts yet."""
    return [r[0] for r in sql.execute("SELECT name FROM subject WHERE stale ORDER BY id")]


def pins(sql: sqlite3.Connection) -> list[str]:
    """Return the pinned subjects' keys in their order."""
    return [r[0] for r in sql.execute("SELECT s.name FROM pin p JOIN subject s ON s.id = p.subject ORDER BY p.place")]


def set_pins(sql: sqlite3.Connection, keys: Iterable[str]) -> None:
    """Replace the pins; a key that stands twice counts once. Raises `UnknownSubjectError`."""
    ids = dict.fromkeys(need(sql, key).id for key in keys)
    sql.execute("DELETE FROM pin")
    sql.executemany("INSERT INTO pin(place, subject) VALUES(?, ?)", enumerate(ids))


def rule_to_text(rule: Rule) -> str:
    """Write a rule as JSON; equal rules give equal texts."""
    return json.dumps(dataclasses.asdict(rule), ensure_ascii=False)


def rule_from_text(text: str) -> Rule:
    """Read what `rule_to_text` wrote."""
    known = {f.name for f in dataclasses.fields(Rule)}
    return Rule(**{k: tuple(v) for k, v in json.loads(text).items() if k in known})


def _day_to_text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
