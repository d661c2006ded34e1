"""`crowdtape drawings`: what was drawn on a subject's chart."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.model import subject_key
from ui.cli.context import existing_subject
from ui.cli.output import count, plain, print_json, say, say_table, write_bytes

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from core.drawings import Drawing
    from ui.cli.context import Context

_COLUMNS = ("id", "kind", "pane", "time1", "value1", "time2", "value2", "colour", "width", "text", "locked")


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `drawings` and what can be done with them."""
    parser = commands.add_parser("drawings", parents=[common], help="list or remove what is drawn on a chart")
    actions = parser.add_subparsers(metavar="ACTION", title="actions", required=True)

    listing = actions.add_parser("list", parents=[common], help="the drawings of a subject, times in UTC")
    remove = actions.add_parser("remove", parents=[common], help="remove drawings by their ids, or all")
    for each, run in ((listing, _list), (remove, _remove)):
        each.add_argument("subject", metavar="SUBJECT")
        each.add_argument("--json", action="store_true", help="print one JSON object")
        each.set_defaults(run=run)
    listing.add_argument("--csv", action="store_true", help="print CSV")
    remove.add_argument("ids", nargs="*", metavar="ID", help="as list shows them; the first letters will do")
    remove.add_argument("--all", action="store_true", help="remove all of this subject")


def _list(context: Context, args: argparse.Namespace) -> int:
    with context.open_store() as store:
        subject = existing_subject(store, args.subject)
        found = store.drawings(subject)
    if args.json:
        print_json({"subject": subject_key(subject), "drawings": [d.to_json() for d in found]})
    elif args.csv:
        text = io.StringIO(newline="")
        writer: csv.DictWriter[str] = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_row(d) for d in found)
        write_bytes(text.getvalue().encode())
    elif not found:
        say(f"Nothing is drawn on {subject_key(subject)}; the tools stand at the left of the chart.")
    else:
        say_table([("id", "kind", "pane", "from", "value", "text"), *(_short(d) for d in found)], right=frozenset({4}))
    return 0


def _remove(context: Context, args: argparse.Namespace) -> int:
    if bool(args.ids) == args.all:
        raise UsageError("Say which drawings to remove: their ids, or --all.")
    with context.open_store() as store:
        subject = existing_subject(store, args.subject)
        found = store.drawings(subject)
        chosen = found if args.all else [_one(found, text, subject_key(subject)) for text in args.ids]
        for drawing in chosen:
            store.remove_drawing(subject, drawing.id)
    if args.json:
        print_json({"subject": subject_key(subject), "removed": [d.id for d in chosen]})
    else:
        say(f"removed {count(len(chosen), 'drawing')}")
    return 0


def _one(found: Sequence[Drawing], text: str, subject: str) -> Drawing:
    fitting = [d for d in found if d.id.startswith(text.lower())] if text else []
    if len(fitting) != 1:
        what = "no drawing" if not fitting else f"{len(fitting)} drawings"
        raise UsageError(f"{subject} has {what} whose id begins with '{text}'; crowdtape drawings list shows them.")
    return fitting[0]


def _row(drawing: Drawing) -> dict[str, Any]:
    row: dict[str, Any] = drawing.to_json() | {"locked": int(drawing.locked)}
    for number, anchor in enumerate(drawing.anchors, 1):
        row |= {f"time{number}": _utc(anchor.time), f"value{number}": anchor.value}
    return {name: row.get(name, "") for name in _COLUMNS}


def _short(drawing: Drawing) -> tuple[str, ...]:
    first = drawing.anchors[0]
    value = f"{first.value:,.6g}"
    return drawing.id[:8], str(drawing.kind), drawing.pane, _utc(first.time), value, plain(drawing.text)


def _utc(ms: int) -> str:
    from core.clock import local_time  # noqa: PLC0415 - numpy is not needed for --help

    return local_time(ms, "UTC").isoformat(timespec="milliseconds").replace("+00:00", "Z")
