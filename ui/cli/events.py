"""`crowdtape events`: what happened when, shown as flags on the chart."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.model import Event, subject_key
from ui.cli.context import existing_subject, subject_or_new_instrument, zone_of
from ui.cli.output import plain, print_json, say, say_table, write_bytes

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from core.model import Subject
    from ui.cli.context import Context


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `events` and what can be done with them."""
    parser = commands.add_parser("events", parents=[common], help="list, add or remove events; see also import events")
    actions = parser.add_subparsers(metavar="ACTION", title="actions", required=True)

    listing = actions.add_parser("list", parents=[common], help="the events of a subject, in order of time")
    listing.add_argument("--csv", action="store_true", help="print CSV that import events reads")
    listing.set_defaults(run=_list)

    add = actions.add_parser("add", parents=[common], help="add an event; the same time and title replaces it")
    add.add_argument("--note", default="", metavar="TEXT", help="what there is to say of it")
    add.add_argument("--url", default="", metavar="URL", help="where to read more (http or https)")
    add.set_defaults(run=_add)

    remove = actions.add_parser("remove", parents=[common], help="remove an event")
    remove.set_defaults(run=_remove)

    for each in (listing, add, remove):
        each.add_argument("subject", metavar="SUBJECT")
        each.add_argument("--json", action="store_true", help="print one JSON object")
    for each in (add, remove):
        each.add_argument("--time", required=True, metavar="T", help="when, such as 2025-01-13T15:00+08:00")
        each.add_argument("--title", required=True, metavar="TEXT", help="what happened")


def _list(context: Context, args: argparse.Namespace) -> int:
    with context.open_store() as store:
        subject = existing_subject(store, args.subject)
        found = store.events(subject)
    zone = zone_of(subject, context.cache_dir)
    if args.json:
        print_json({"subject": subject_key(subject), "events": [_as_dict(e, zone) for e in found]})
    elif args.csv:
        _print_csv(found, zone)
    elif not found:
        say("No events yet; add one with: crowdtape events add, or read a file with: crowdtape import events.")
    else:
        rows = [(_when(e, zone)[:16].replace("T", " "), plain(e.title), e.url) for e in found]
        say_table([("time", "title", "link"), *rows])
    return 0


def _add(context: Context, args: argparse.Namespace) -> int:
    from core.ingest.events import link_of  # noqa: PLC0415 - readers are not needed for --help

    if args.url and not link_of(args.url):
        raise UsageError(f"'{args.url}' is no link; write it with http:// or https://.")
    with context.open_store() as store:
        subject = subject_or_new_instrument(store, args.subject)
        event = _event(context, args, subject, args.note, args.url.strip())
        new = store.put_event(subject, event)
    if args.json:
        print_json(
            {"subject": subject_key(subject), "event": _as_dict(event, zone_of(subject, context.cache_dir)), "new": new}
        )
    else:
        say(f"{'added' if new else 'changed'}: {_when(event, zone_of(subject, context.cache_dir))} {event.title}")
    return 0


def _remove(context: Context, args: argparse.Namespace) -> int:
    with context.open_store() as store:
        subject = existing_subject(store, args.subject)
        wanted, zone = _event(context, args, subject), zone_of(subject, context.cache_dir)
        there = any((e.time, e.title) == (wanted.time, wanted.title) for e in store.events(subject))
        if not there:
            raise UsageError(
                f"{subject_key(subject)} has no event '{wanted.title}' at {_when(wanted, zone)}; "
                "crowdtape events list shows them."
            )
        store.remove_event(subject, wanted)
    if args.json:
        print_json({"subject": subject_key(subject), "removed": _as_dict(wanted, zone)})
    else:
        say(f"removed: {wanted.title}")
    return 0


def _event(context: Context, args: argparse.Namespace, subject: Subject, note: str = "", url: str = "") -> Event:
    from core.clock.zones import parse_when  # noqa: PLC0415 - as above

    title = " ".join(args.title.split())
    if not title:
        raise UsageError("An event needs a title.")
    return Event(parse_when(args.time, zone_of(subject, context.cache_dir))[0], title, note.strip(), url)


def _when(event: Event, zone: str) -> str:
    from core.clock import local_time  # noqa: PLC0415 - as above

    return local_time(event.time, zone).isoformat(timespec="seconds" if event.time % 1000 == 0 else "milliseconds")


def _as_dict(event: Event, zone: str) -> dict[str, str]:
    return {"time": _when(event, zone), "title": event.title, "note": event.note, "url": event.url}


def _print_csv(events: Sequence[Event], zone: str) -> None:
    text = io.StringIO(newline="")
    writer: csv.DictWriter[str] = csv.DictWriter(text, ("time", "title", "note", "url"), lineterminator="\n")
    writer.writeheader()
    writer.writerows(_as_dict(e, zone) for e in events)
    write_bytes(text.getvalue().encode())
