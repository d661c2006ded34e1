"""`crowdtape import posts|prices|metrics|events|actions`: files into the store."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.model import Basis, Interval, MetricKind
from ui.cli.output import complain, count, print_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from core.ingest import ImportReport, Progress
    from ui.cli.context import Context

_SHOWN_REJECTIONS = 10
_SHOWN_LINKS = 12


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `import` and its kinds."""
    parser = commands.add_parser(
        "import", parents=[common], help="read posts, prices, metrics, events, splits and dividends from files"
    )
    kinds = parser.add_subparsers(metavar="KIND", title="kinds", required=True)
    _add_prices(kinds, common)
    _add_posts(kinds, common)
    _add_metrics(kinds, common)
    _add_actions(kinds, common)
    _add_events(kinds, common)


def _add_prices(kinds: Any, common: argparse.ArgumentParser) -> None:
    parser = kinds.add_parser("prices", parents=[common], help="price bars of one symbol from CSV")
    _add_files(parser)
    parser.add_argument("--symbol", required=True, metavar="S", help="whose prices these are, as Yahoo writes it")
    parser.add_argument(
        "--interval", type=Interval, choices=list(Interval), metavar="1d", help="length of a bar (default: as found)"
    )
    parser.add_argument(
        "--basis",
        type=Basis,
        choices=list(Basis),
        metavar="adjusted|raw",
        help="what the prices are corrected for, where the file has no column for it (default: adjusted)",
    )
    _add_map(parser)
    _add_common(parser)
    parser.set_defaults(run=_import_prices)


def _add_posts(kinds: Any, common: argparse.ArgumentParser) -> None:
    parser = kinds.add_parser(
        "posts",
        parents=[common],
        help="posts from CSV, TSV, JSON, JSONL, also .gz and .zst",
        epilog="fields for --map: id, time, text, title, author, lang, url, likes, comments, shares, views, tags, …",
    )
    _add_files(parser)
    parser.add_argument("--preset", metavar="NAME", help="the form of the file (default: recognised by its columns)")
    _add_map(parser)
    parser.add_argument("--source", metavar="NAME", help="the platform the posts are from (default: as the file says)")
    parser.add_argument("--subject", metavar="S", help="link every post to this symbol or concept as well")
    parser.add_argument("--dry-run", action="store_true", help="read and report, but store nothing")
    _add_common(parser)
    parser.set_defaults(run=_import_posts)


def _add_metrics(kinds: Any, common: argparse.ArgumentParser) -> None:
    parser = kinds.add_parser("metrics", parents=[common], help="ranks and counters over time from CSV or JSONL")
    _add_files(parser)
    parser.add_argument("--subject", required=True, metavar="S", help="whose metric this is")
    parser.add_argument("--metric", required=True, metavar="NAME", help='its name, such as "US App Store rank"')
    parser.add_argument(
        "--kind",
        type=MetricKind,
        choices=list(MetricKind),
        metavar="rank|level|counter",
        help="how it is drawn and merged (default: by its name)",
    )
    parser.add_argument("--unit", default="", metavar="TEXT", help="what is counted, as shown on the axis")
    parser.add_argument("--source", default="", metavar="TEXT", help="who published it, as shown beside the chart")
    _add_map(parser)
    _add_common(parser)
    parser.set_defaults(run=_import_metrics)


def _add_actions(kinds: Any, common: argparse.ArgumentParser) -> None:
    parser = kinds.add_parser(
        "actions",
        parents=[common],
        help="splits and dividends of one symbol from CSV or a Yahoo chart answer",
        epilog="columns: date and dividends or stock splits (as yfinance writes them), or date, kind and value",
    )
    _add_files(parser)
    parser.add_argument("--symbol", required=True, metavar="S", help="whose they are, as Yahoo writes it")
    parser.add_argument("--dry-run", action="store_true", help="read and report, but store nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_import_actions, progress=False)


def _add_events(kinds: Any, common: argparse.ArgumentParser) -> None:
    parser = kinds.add_parser(
        "events",
        parents=[common],
        help="events from CSV, TSV, JSON, JSONL or ICS",
        epilog="fields for --map: time, clock (the time of day, where it stands apart from the date), title, note, "
        "url, id (by which an event that has moved is known)",
    )
    _add_files(parser)
    parser.add_argument("--subject", required=True, metavar="S", help="on whose chart the flags stand")
    parser.add_argument("--dry-run", action="store_true", help="read and report, but store nothing")
    _add_map(parser)
    _add_common(parser)
    parser.set_defaults(run=_import_events)


def _add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")


def _add_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--map",
        dest="mapping",
        action="append",
        type=_pair,
        default=[],
        metavar="FIELD=COLUMN",
        help="take this field from that column of the file; may be repeated",
    )


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tz", dest="zone", metavar="Z", help="zone of times without one, such as Asia/Shanghai")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--progress", action="store_true", help="print JSON lines of progress before the result")


def _pair(text: str) -> tuple[str, str]:
    name, sign, column = text.partition("=")
    if not sign or not name.strip() or not column.strip():
        raise argparse.ArgumentTypeError(f"'{text}' is not FIELD=COLUMN, such as text=content")
    return name.strip(), column


def _import_prices(context: Context, args: argparse.Namespace) -> int:
    from core.ingest import import_prices  # noqa: PLC0415 - readers are not needed for --help

    with terminable():
        report = import_prices(
            context.store_path,
            args.files,
            symbol=args.symbol,
            interval=args.interval,
            zone=args.zone,
            basis=args.basis,
            mapping=dict(args.mapping) or None,
            cache_dir=context.cache_dir,
            progress=_progress(args),
        )
    return _finish(report, args, "bar")


def _import_posts(context: Context, args: argparse.Namespace) -> int:
    from core.ingest import import_posts  # noqa: PLC0415 - as above

    with terminable():
        report = import_posts(
            context.store_path,
            args.files,
            preset=args.preset,
            mapping=dict(args.mapping) or None,
            zone=args.zone,
            source=args.source,
            subject=args.subject,
            dry_run=args.dry_run,
            progress=_progress(args),
        )
    code = _finish(report, args, "post", dry_run=args.dry_run)
    if not args.dry_run:
        _find_echoes(context, told=_at_terminal(args))
    return code


def _find_echoes(context: Context, *, told: bool) -> None:
    """Compare the new posts with those before them, after the report: whatever else was imported is there already."""
    try:
        with terminable(), context.open_store() as store:
            store.group_echoes(_echo_bar if told else None)
    except KeyboardInterrupt:
        complain("Not all posts were compared with those before them; the next import or the window does the rest.")


def _echo_bar(done: int, total: int) -> None:
    end = "\r\x1b[K" if done >= total else ""
    sys.stderr.write(f"\r{done / max(total, 1):4.0%}  looking for posts that repeat others\x1b[K{end}")
    sys.stderr.flush()


def _import_metrics(context: Context, args: argparse.Namespace) -> int:
    from core.ingest import import_metrics  # noqa: PLC0415 - as above

    with terminable():
        report = import_metrics(
            context.store_path,
            args.files,
            subject=args.subject,
            metric=args.metric,
            mapping=dict(args.mapping) or None,
            zone=args.zone,
            kind=args.kind,
            unit=args.unit,
            source=args.source,
            progress=_progress(args),
        )
    return _finish(report, args, "value")


def _import_actions(context: Context, args: argparse.Namespace) -> int:
    from core.ingest import import_actions  # noqa: PLC0415 - as above

    report = import_actions(
        context.store_path, args.files, symbol=args.symbol, dry_run=args.dry_run, cache_dir=context.cache_dir
    )
    return _finish(report, args, "split or dividend", dry_run=args.dry_run)


def _import_events(context: Context, args: argparse.Namespace) -> int:
    from core.ingest import import_events  # noqa: PLC0415 - as above

    with terminable():
        report = import_events(
            context.store_path,
            args.files,
            subject=args.subject,
            mapping=dict(args.mapping) or None,
            zone=args.zone,
            dry_run=args.dry_run,
            cache_dir=context.cache_dir,
            progress=_progress(args),
        )
    return _finish(report, args, "event", dry_run=args.dry_run)


def _progress(args: argparse.Namespace) -> Callable[[Progress], None] | None:
    """Return what tells of progress: JSON lines for the window, one moving line for a person at a terminal."""
    if args.progress:
        return _progress_line
    return _progress_bar if _at_terminal(args) else None


def _at_terminal(args: argparse.Namespace) -> bool:
    """Whether a person looks on."""
    return sys.stderr.isatty() and not args.json and not args.progress


def _progress_line(progress: Progress) -> None:
    print_json(
        {
            "progress": {
                "file": progress.file,
                "done": progress.done_bytes,
                "total": progress.total_bytes,
                "rows": progress.rows,
            }
        }
    )


def _progress_bar(progress: Progress) -> None:
    share = progress.done_bytes / progress.total_bytes if progress.total_bytes else 1.0
    sys.stderr.write(f"\r{share:4.0%}  {progress.rows:,} rows\x1b[K")
    if share >= 1:
        sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()


@contextlib.contextmanager
def terminable() -> Generator[None]:
    """End an import that is told to terminate as Ctrl-C does: between transactions, without a traceback."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _finish(report: ImportReport, args: argparse.Namespace, noun: str, *, dry_run: bool = False) -> int:
    """Print the report; 1 where a file could not be read at all, 0 otherwise, rejected rows included."""
    if args.json or args.progress:
        print_json(report.as_dict())
    else:
        _say_report(report, noun, dry_run=dry_run)
    for failure in report.failed_files:
        named = Path(failure.file).name in failure.reason
        complain(failure.reason if named else f"{failure.file}: {failure.reason}")
    return 1 if report.failed_files else 0


def _say_report(report: ImportReport, noun: str, *, dry_run: bool) -> None:
    done = "would be added" if dry_run else "added"
    moved = f"{report.moved:,} moved · " if report.moved else ""
    say(
        f"read {report.read:,} · {done} {count(report.added, noun)} · "
        f"{count(report.duplicates, 'duplicate')} · {moved}{report.rejected:,} rejected · {report.seconds:.1f} s"
    )
    if report.linked:
        most = sorted(report.linked.items(), key=lambda item: (-item[1], item[0]))
        names = ", ".join(f"{name} {n:,}" for name, n in most[:_SHOWN_LINKS])
        more = f" and {count(len(most) - _SHOWN_LINKS, 'other subject')}" if len(most) > _SHOWN_LINKS else ""
        say(f"linked: {names}{more}")
    elif noun == "post" and report.added:
        say("None of them speaks of a known stock or concept yet; make a concept with: crowdtape concepts add.")
    shown = [r for r in report.rejections if r.row > 0]
    for rejection in shown[:_SHOWN_REJECTIONS]:
        say(f"  {rejection.file}, row {rejection.row}: {rejection.reason}")
    hidden = report.rejected - len(report.failed_files) - min(len(shown), _SHOWN_REJECTIONS)
    if hidden > 0:
        say(f"  … and {hidden:,} more; --json lists them")
    for note in report.notes:
        say(f"note: {note}")
