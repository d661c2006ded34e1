"""`crowdtape watchlist`: what is pinned, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.model import Concept, subject_key
from ui.cli.context import existing_subject, subject_or_new_instrument
from ui.cli.output import print_json, say, say_table

if TYPE_CHECKING:
    import argparse

    from core.store import Store
    from core.watchlists import Quote
    from ui.cli.context import Context


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `watchlist` and what can be done with it."""
    parser = commands.add_parser("watchlist", parents=[common], help="list, pin, unpin or order subjects")
    actions = parser.add_subparsers(metavar="ACTION", title="actions", required=True)
    listing = actions.add_parser("list", parents=[common], help="pinned subjects with their last figures")
    listing.set_defaults(run=_list)
    pin = actions.add_parser("pin", parents=[common], help="pin a subject; a new symbol becomes an instrument")
    pin.set_defaults(run=_pin)
    unpin = actions.add_parser("unpin", parents=[common], help="unpin a subject; its data stay")
    unpin.set_defaults(run=_unpin)
    order = actions.add_parser("order", parents=[common], help="put pinned subjects first; the others follow")
    order.add_argument("subjects", nargs="+", metavar="SUBJECT")
    order.set_defaults(run=_order)
    for each in (pin, unpin):
        each.add_argument("subject", metavar="SUBJECT")
    for each in (listing, pin, unpin, order):
        each.add_argument("--json", action="store_true", help="print one JSON object")


def _list(context: Context, args: argparse.Namespace) -> int:
    from core.watchlists import quote  # noqa: PLC0415 - not needed for --help

    with context.open_store() as store:
        found = [(subject, quote(store, subject)) for subject in (existing_subject(store, key) for key in store.pins())]
    if args.json:
        print_json({"pins": [_as_dict(subject_key(s), isinstance(s, Concept), q) for s, q in found]})
    elif not found:
        say("Nothing is pinned; pin a subject with: crowdtape watchlist pin SUBJECT")
    else:
        heads = ("subject", "last", "change", "sentiment", "posts", "")
        say_table([heads, *(_row(subject_key(s), q) for s, q in found)], right=frozenset({1, 2, 3, 4}))
    return 0


def _as_dict(key: str, concept: bool, quote: Quote) -> dict[str, Any]:  # noqa: FBT001 - a fact, not a switch
    return {
        "subject": key,
        "concept": concept,
        "last": quote.last,
        "change": quote.change,
        "as_of": quote.as_of,
        "sentiment": quote.sentiment,
        "posts": quote.posts,
        "simulated": quote.simulated,
    }


def _row(key: str, quote: Quote) -> tuple[str, ...]:
    return (
        key,
        _figure(quote.last, ",.2f"),
        _figure(quote.change, "+.2%"),
        _figure(quote.sentiment, "+.2f"),
        f"{quote.posts:,}",
        "SIMULATED" if quote.simulated else "",
    )


def _figure(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _pin(context: Context, args: argparse.Namespace) -> int:
    from core.watchlists import pin  # noqa: PLC0415 - not needed for --help

    with context.open_store() as store:
        key = subject_key(subject_or_new_instrument(store, args.subject))
        if key not in store.pins():  # pinning anew would move it to the end
            pin(store, key)
        return _finish(store, args, f"Pinned {key}.")


def _unpin(context: Context, args: argparse.Namespace) -> int:
    from core.watchlists import unpin  # noqa: PLC0415 - as above

    with context.open_store() as store:
        key = subject_key(existing_subject(store, args.subject))
        pinned = key in store.pins()
        unpin(store, key)
        return _finish(store, args, f"Unpinned {key}." if pinned else f"{key} was not pinned.")


def _order(context: Context, args: argparse.Namespace) -> int:
    from core.watchlists import reorder  # noqa: PLC0415 - as above

    with context.open_store() as store:
        reorder(store, args.subjects)
        return _finish(store, args, f"In order: {', '.join(store.pins())}.")


def _finish(store: Store, args: argparse.Namespace, sentence: str) -> int:
    if args.json:
        print_json({"pins": store.pins()})
    else:
        say(sentence)
    return 0
