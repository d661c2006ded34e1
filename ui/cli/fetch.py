"""`crowdtape fetch`: live prices into the store, and what each service said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.model import Interval
from ui.cli.context import now_ms, zone_of_symbol
from ui.cli.output import complain, iso_utc, print_json, say_table

if TYPE_CHECKING:
    import argparse

    from core.feeds import FetchReport
    from ui.cli.context import Context

_INTERVALS = (Interval.D1, Interval.H1, Interval.M30, Interval.M15, Interval.M5, Interval.M1)


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `fetch`."""
    parser = commands.add_parser("fetch", parents=[common], help="fetch prices that are missing from Yahoo")
    parser.add_argument("symbols", nargs="+", metavar="SYMBOL")
    parser.add_argument(
        "--interval",
        type=Interval,
        choices=_INTERVALS,
        default=Interval.D1,
        metavar="1d|1h|30m|15m|5m|1m",
        help="length of a bar (default: 1d)",
    )
    parser.add_argument("--from", dest="start", metavar="D", help="first date (default: as far back as is usual)")
    parser.add_argument("--proxy", metavar="URL", help="ask through this proxy, this once (default: as set)")
    parser.add_argument("--ca-file", metavar="F", help="trust the certificates in this PEM file, this once")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_fetch)


def _fetch(context: Context, args: argparse.Namespace) -> int:
    from core.feeds import YahooFeed, fetch_prices  # noqa: PLC0415 - not needed for --help
    from core.linking import normalise_symbol  # noqa: PLC0415 - as above
    from core.settings import CA_FILE, PROXY  # noqa: PLC0415 - as above

    settings = context.settings()
    feed = YahooFeed(
        cache_dir=context.cache_dir,
        proxy=args.proxy if args.proxy is not None else settings[PROXY],
        ca_file=args.ca_file if args.ca_file is not None else settings[CA_FILE],
    )
    symbols = list(dict.fromkeys(normalise_symbol(s) for s in args.symbols))
    with context.open_store() as store:
        reports = [
            fetch_prices(store, s, args.interval, start=_first(args.start, s, context), now=now_ms(), feed=feed)
            for s in symbols
        ]
    if args.json:
        print_json({"interval": str(args.interval), "symbols": [_as_dict(r) for r in reports]})
    else:
        say_table([_row(r) for r in reports], right=frozenset({1, 2}))
    problems = [r for r in reports if r.problem is not None]
    for report in problems:
        complain(f"{report.symbol}: {report.problem}")
    return 1 if problems else 0


def _first(text: str | None, symbol: str, context: Context) -> int | None:
    """Read `--from` in the zone of the symbol's exchange."""
    if text is None:
        return None
    from core.clock import parse_when  # noqa: PLC0415 - not for --help

    return parse_when(text, zone_of_symbol(symbol, context.cache_dir))[0]


def _as_dict(report: FetchReport) -> dict[str, Any]:
    return {
        "symbol": report.symbol,
        "bars": report.bars,
        "replaced": report.replaced,
        "source": report.source,
        "age": None if report.age_ms is None else round(report.age_ms / 1000, 1),
        "first": iso_utc(report.first),
        "last": iso_utc(report.last),
        "problem": report.problem,
        "retry_at": iso_utc(report.retry_at),
        "note": report.note,
    }


def _row(report: FetchReport) -> tuple[str, ...]:
    age = "" if report.age_ms is None else f"{_age(report.age_ms)} old"
    return (
        report.symbol,
        f"{report.bars:,} new",
        f"{report.replaced:,} replaced",
        report.source,
        age,
        report.note or ("failed" if report.problem else ""),
    )


def _age(ms: int) -> str:
    seconds = ms / 1000
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
