"""`crowdtape rescore`: scores stored posts anew where a scorer changed, and says what moved."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ui.cli.output import count, iso_utc, print_json, say, say_table

if TYPE_CHECKING:
    import argparse

    from core.rescoring import Progress
    from core.store.rescoring import Job, Report
    from ui.cli.context import Context

_SHOWN = 5


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `rescore`."""
    parser = commands.add_parser(
        "rescore",
        parents=[common],
        help="score stored posts anew where a scorer changed; goes on where it was stopped",
        epilog="Until all posts are done, every curve shows the scores of the version before.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--status", action="store_true", help="say what is to be done, and what the last ones changed")
    what.add_argument("--pause", action="store_true", help="stop, in whichever program it runs; nothing is lost")
    what.add_argument("--resume", action="store_true", help="go on after --pause")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--progress", action="store_true", help="print JSON lines of progress before the result")
    parser.set_defaults(run=_rescore)


def _rescore(context: Context, args: argparse.Namespace) -> int:
    from core.corrections import specs  # noqa: PLC0415 - not needed for --help
    from core.rescoring import is_paused, pause, plan, rescore  # noqa: PLC0415 - as above
    from ui.cli.imports import terminable  # noqa: PLC0415 - as above

    with context.open_store() as store:
        if args.pause or args.resume:
            pause(store, paused=args.pause)
        reports: list[Report] = []
        if not (args.pause or args.status):
            if is_paused(store):
                say("Rescoring is paused; go on with: crowdtape rescore --resume")
                return 0
            with terminable():
                reports = rescore(store, specs(store), progress=_progress if args.progress else None)
        elif args.status:
            plan(store, specs(store))
        jobs, paused, posts = store.rescoring(), is_paused(store), store.posts_total()
        shown = reports if not args.status else store.rescored()
    if args.json or args.progress:
        print_json(
            {"posts": posts, "jobs": [_job(j) for j in jobs], "paused": paused, "reports": [r.as_dict() for r in shown]}
        )
        return 0
    for job in jobs:
        say(f"{job.scorer}: {job.cursor:,} of {count(job.total, 'post')} done{', paused' if paused else ''}")
    for report in shown:
        _say_report(report)
    if not jobs and not shown:
        say(f"{count(posts, 'post')}: all have scores of today's versions.")
    return 0


def _progress(progress: Progress) -> None:
    print_json({"progress": {"scorer": str(progress.scorer), "done": progress.done, "total": progress.total}})


def _job(job: Job) -> dict[str, Any]:
    return {"scorer": job.scorer.name, "version": job.scorer.version, "done": job.cursor, "total": job.total}


def _say_report(report: Report) -> None:
    shift = report.shift
    since = f" (before: {report.before})" if report.before else ""
    say(f"{report.scorer} {report.version}{since}, {iso_utc(report.ended)}: {count(report.posts, 'post')}")
    if shift.both:
        mean, size = shift.total / shift.both, shift.distance / shift.both
        say(
            f"  {shift.moved:,} of {count(shift.both, 'score')} moved; on average by {mean:+.3f}, in size {size:.3f}; "
            f"{shift.crossed:,} from bullish to bearish or back"
        )
    say(f"  {shift.gained:,} posts gained a score, {shift.lost:,} lost theirs")
    rows = [
        (f"  {m.subject}", _day(m.day), f"{m.before:+.3f}", "→", f"{m.after:+.3f}", count(m.posts, "post"))
        for m in (*report.subjects[:_SHOWN], *report.days[:_SHOWN])
    ]
    say_table(rows, right=frozenset({2, 4, 5}))


def _day(day: int | None) -> str:
    return "all" if day is None else f"{dt.datetime.fromtimestamp(day / 1000, dt.UTC):%Y-%m-%d}"
