"""`crowdtape metrics`: the ranks and counters that a subject has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.model import subject_key
from ui.cli.context import existing_subject
from ui.cli.output import count, iso_utc, plain, print_json, say, say_table

if TYPE_CHECKING:
    import argparse

    from core.series import MetricSeries
    from ui.cli.context import Context


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `metrics` and what can be done with them."""
    parser = commands.add_parser("metrics", parents=[common], help="list or remove metrics; see also import metrics")
    actions = parser.add_subparsers(metavar="ACTION", title="actions", required=True)
    listing = actions.add_parser("list", parents=[common], help="the metrics of a subject; crowdtape series has values")
    listing.set_defaults(run=_list)
    remove = actions.add_parser("remove", parents=[common], help="remove a metric with all its values")
    remove.set_defaults(run=_remove)
    for each in (listing, remove):
        each.add_argument("subject", metavar="SUBJECT")
        each.add_argument("--json", action="store_true", help="print one JSON object")
    remove.add_argument("metric", metavar="METRIC", help="its name, as list shows it")


def _list(context: Context, args: argparse.Namespace) -> int:
    with context.open_store() as store:
        subject = existing_subject(store, args.subject)
        found = store.metrics(subject)
    if args.json:
        print_json({"subject": subject_key(subject), "metrics": [_as_dict(series) for series in found]})
    elif not found:
        say("No metrics yet; read a file with: crowdtape import metrics.")
    else:
        heads = ("metric", "kind", "values", "from", "to", "source")
        say_table([heads, *(_row(series) for series in found)], right=frozenset({2}))
    return 0


def _as_dict(series: MetricSeries) -> dict[str, Any]:
    metric, time = series.metric, series.time
    return {
        "metric": metric.name,
        "kind": metric.kind.value,
        "unit": metric.unit,
        "source": metric.source,
        "values": len(time),
        "from": iso_utc(int(time[0])) if len(time) else None,
        "to": iso_utc(int(time[-1])) if len(time) else None,
    }


def _row(series: MetricSeries) -> tuple[str, ...]:
    told = _as_dict(series)
    ends = (told["from"] or "", told["to"] or "")
    return (plain(told["metric"]), told["kind"], f"{told['values']:,}", *ends, plain(told["source"]))


def _remove(context: Context, args: argparse.Namespace) -> int:
    with context.open_store() as store:
        subject = existing_subject(store, args.subject)
        dropped = store.drop_metric(subject, args.metric)
    if dropped is None:
        raise UsageError(
            f"{subject_key(subject)} has no metric '{args.metric}'; crowdtape metrics list shows what it has."
        )
    if args.json:
        print_json({"subject": subject_key(subject), "removed": args.metric, "values": len(dropped.times)})
    else:
        say(f"removed: {args.metric}, {count(len(dropped.times), 'value')}")
    return 0
