"""What every command needs: where the data lie, the store, subjects by name, ranges of time."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from core.errors import UnknownSubjectError, UsageError
from core.model import Concept, Instrument

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from core.layout import Layouts
    from core.model import Subject
    from core.paths import Paths
    from core.settings import Settings
    from core.store import Store

# Written in capitals, as symbols are: a concept called "Xiaohongshu" must not become an instrument by a slip.
_SYMBOL = re.compile(r"\^?[A-Z0-9]{1,15}([.=-][A-Z0-9]{1,6})?")


class Context:
    """Where this run's data lie, and how to reach them."""

    def __init__(self, data_dir: Path | None) -> None:
        """Take the folder that `--data-dir` names; None means the usual places."""
        self.data_dir = data_dir

    @property
    def paths(self) -> Paths:
        """Where everything lies."""
        from core.paths import paths  # noqa: PLC0415 - appdirs is not needed for --help

        return paths(self.data_dir)

    @property
    def store_path(self) -> Path:
        """The user's store."""
        return self.paths.store

    @property
    def layouts(self) -> Layouts:
        """The layouts of panes that were saved in the window."""
        from core.layout import Layouts  # noqa: PLC0415 - not needed for --help

        return Layouts(self.paths.layouts)

    @property
    def cache_dir(self) -> Path:
        """Where calendars and other things that can be computed again are kept."""
        return self.paths.cache

    def open_store(self) -> Store:
        """Open the user's store; made where there is none yet."""
        from core.store import Store  # noqa: PLC0415 - numpy and sqlite3 are not needed for --help

        return Store.open(self.store_path)

    def settings(self) -> Settings:
        """Return the user's settings."""
        from core.settings import Settings  # noqa: PLC0415 - as above

        return Settings.load(self.paths.settings)


def now_ms() -> int:
    """Return the present instant (ms UTC)."""
    return time.time_ns() // 1_000_000


def looks_like_symbol(text: str) -> bool:
    """Whether `text` is written as Yahoo writes a symbol, in capitals."""
    return _SYMBOL.fullmatch(text) is not None


def existing_subject(store: Store, text: str) -> Subject:
    """Return the instrument or concept of this name, or say how to make one."""
    subject = store.find_subject(text)
    if subject is None:
        raise UnknownSubjectError(_unknown(text))
    return subject


def subject_or_new_instrument(store: Store, text: str) -> Subject:
    """Return the subject of this name; a symbol that is new becomes an instrument."""
    subject = store.find_subject(text)
    if subject is not None:
        return subject
    if not looks_like_symbol(text):
        raise UnknownSubjectError(_unknown(text))
    instrument = Instrument(text)
    store.put_instrument(instrument)
    return instrument


def existing_concept(store: Store, name: str) -> Concept:
    """Return the concept of this name."""
    subject = store.find_subject(name)
    if not isinstance(subject, Concept):
        raise UnknownSubjectError(_unknown(name) if subject is None else f"{name} is an instrument, not a concept.")
    return subject


def _unknown(text: str) -> str:
    if looks_like_symbol(text) or ("." in text and looks_like_symbol(text.upper())):
        return f"Nothing is known of {text.upper()}; get its prices with: crowdtape fetch {text.upper()}"
    return (
        f"There is no instrument or concept '{text}'; a concept is made with: "
        f"crowdtape concepts add {_quoted(text)} --keyword …, an instrument with: crowdtape fetch SYMBOL"
    )


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


def zone_of(subject: Subject, cache_dir: Path) -> str:
    """Return the zone of the subject's exchange (the heaviest member's for a concept)."""
    from core.timeline.load import leading_symbol  # noqa: PLC0415 - as above

    return zone_of_symbol(leading_symbol(subject), cache_dir)


def zone_of_symbol(symbol: str, cache_dir: Path) -> str:
    """Return the zone of the symbol's exchange; UTC for no symbol at all."""
    from core.clock import calendar_for  # noqa: PLC0415 - as above

    return calendar_for(symbol, cache_dir=cache_dir).zone


def span_of(args: argparse.Namespace, zone: str) -> tuple[int | None, int | None]:
    """Return `--from` and `--to` as [start, end) in ms UTC, None where they are not given.

    A date, month or year given as `--to` is included whole; a time of day is where the range ends.
    """
    from core.clock import parse_when  # noqa: PLC0415 - as above

    start = None if args.start is None else parse_when(args.start, zone)[0]
    end = None if args.end is None else parse_when(args.end, zone)[1]
    if start is not None and end is not None and start >= end:
        raise UsageError(f"The range ends before it starts: --from {args.start} --to {args.end}.")
    return start, end


def add_span(parser: argparse.ArgumentParser) -> None:
    """Add `--from` and `--to`."""
    parser.add_argument(
        "--from", dest="start", metavar="D", help="a date in the exchange's zone, or a time (default: all)"
    )
    parser.add_argument("--to", dest="end", metavar="D", help="as --from; a date is included whole")
