"""Which tape a command wants: interval, clock, scorer, crowd and basis, asked alike everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import DEFAULT_SCORER, Basis, ClockMode, Interval, subject_key
from ui.cli.context import existing_subject

if TYPE_CHECKING:
    import argparse

    from core.timeline import Tape
    from core.timeline.request import CrowdKey, Needs
    from ui.cli.context import Context


def add_interval(parser: argparse.ArgumentParser, option: str, text: str) -> None:
    """Add the option that names the length of a bar."""
    parser.add_argument(
        option, type=Interval, choices=list(Interval), default=Interval.D1, metavar="1d|1h|30m|15m|5m|1m", help=text
    )


def add_clock(parser: argparse.ArgumentParser, text: str) -> None:
    """Add `--clock`."""
    parser.add_argument(
        "--clock", type=ClockMode, choices=list(ClockMode), default=ClockMode.TRADING, metavar="trading|wall", help=text
    )


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which of the stored data a tape is made of."""
    parser.add_argument("--scorer", default=DEFAULT_SCORER, metavar="NAME", help="whose scores (default: %(default)s)")
    parser.add_argument(
        "--crowd",
        default="",
        metavar="SUBJECT",
        help="whose posts and metrics (default: its own, or its concept's where no post names it)",
    )
    parser.add_argument(
        "--basis",
        type=Basis,
        choices=list(Basis),
        default=Basis.ADJUSTED,
        metavar="adjusted|raw",
        help="prices corrected for dividends or not (default: adjusted, where there are such)",
    )


def add_lines(parser: argparse.ArgumentParser) -> None:
    """Add the options that ask for more lines beside the price: studies, and other symbols."""
    parser.add_argument(
        "--study",
        dest="studies",
        action="append",
        default=[],
        metavar="KIND:N[@SOURCE]",
        help="an indicator such as sma:20, bb:20,2, rsi, macd:12,26,9 or ema:10@sentiment; may be repeated",
    )
    parser.add_argument(
        "--compare", nargs="+", default=[], metavar="SYMBOL", help="other symbols to compare the price with"
    )


def add_crowd(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which posts count."""
    parser.add_argument("--source", nargs="+", default=[], metavar="NAME", help="only posts from these sources")
    parser.add_argument(
        "--language", nargs="+", default=[], metavar="CODE", help="only posts in these languages: en, zh, …"
    )
    parser.add_argument(
        "--once", action="store_true", help="count each text once: leave out copies, retweets and near copies"
    )


def crowd_key(args: argparse.Namespace) -> CrowdKey:
    """Return which posts the options of `add_crowd` choose."""
    from core.timeline.request import CrowdKey  # noqa: PLC0415 - not needed for --help

    return CrowdKey("", tuple(args.source), tuple(args.language), args.once)


def compared_symbols(context: Context, names: list[str]) -> tuple[str, ...]:
    """Return the symbols to compare with as they are kept; raises CrowdtapeError for one without prices."""
    from core.errors import CrowdtapeError  # noqa: PLC0415 - not needed for --help
    from core.model import Concept  # noqa: PLC0415 - as above

    with context.open_store() as store:
        found: list[str] = []
        for name in names:
            subject = existing_subject(store, name)
            if isinstance(subject, Concept):
                raise CrowdtapeError(f"{subject.name} is a concept; only symbols can be compared with.")
            if not store.bar_series(subject.symbol):
                raise CrowdtapeError(
                    f"{subject.symbol} has no prices yet; get them by: crowdtape fetch {subject.symbol}"
                )
            found.append(subject.symbol)
    return tuple(dict.fromkeys(found))


def read_tape(context: Context, args: argparse.Namespace, interval: Interval, needs: Needs | None = None) -> Tape:
    """Return the tape of the subject that the options of `add_choices` ask for, with what a layout needs."""
    from core.corrections import scorer_named  # noqa: PLC0415 - not needed for --help
    from core.timeline import load_tape  # noqa: PLC0415 - as above
    from core.timeline.request import NO_NEEDS  # noqa: PLC0415 - as above

    with context.open_store() as store:
        scorer_named(store, args.scorer)  # an unknown name would otherwise look like posts without scores
        subject = existing_subject(store, args.subject)
        crowd = subject_key(existing_subject(store, args.crowd)) if args.crowd else ""
        return load_tape(
            store, subject, interval, scorer=args.scorer, basis=args.basis, crowd=crowd, cache_dir=context.cache_dir,
            needs=needs or NO_NEEDS,
        )  # fmt: skip
