"""`crowdtape actions`: splits and dividends as they are kept, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.model import ActionKind, Instrument
from ui.cli.context import existing_subject, subject_or_new_instrument
from ui.cli.output import print_json, say, say_table

if TYPE_CHECKING:
    import argparse

    from core.model import Action, Subject
    from ui.cli.context import Context


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `actions` and what can be done with it."""
    parser = commands.add_parser("actions", parents=[common], help="list, add or remove splits and dividends")
    kinds = parser.add_subparsers(metavar="ACTION", title="actions", required=True)
    listing = kinds.add_parser("list", parents=[common], help="the splits and dividends of a symbol")
    listing.set_defaults(run=_list)
    adding = kinds.add_parser("add", parents=[common], help="add one, or correct it")
    adding.set_defaults(run=_add)
    removing = kinds.add_parser("remove", parents=[common], help="remove one")
    removing.set_defaults(run=_remove)
    for each in (listing, adding, removing):
        each.add_argument("symbol", metavar="SYMBOL")
        each.add_argument("--json", action="store_true", help="print one JSON object")
    for each in (adding, removing):
        each.add_argument("date", metavar="EX-DATE", help="the first session that trades without it, as 2014-06-09")
        each.add_argument("kind", type=ActionKind, choices=list(ActionKind), metavar="split|dividend")
    adding.add_argument(
        "value", metavar="VALUE", help="7:1 for a split, 0.47 (a share, in the currency) for a dividend"
    )


def _list(context: Context, args: argparse.Namespace) -> int:
    from core.analysis.corporate import action_day, action_figure  # noqa: PLC0415 - not needed for --help
    from core.clock import calendar_for  # noqa: PLC0415 - as above

    with context.open_store() as store:
        symbol = _symbol(existing_subject(store, args.symbol))
        found = store.actions(symbol)
    calendar = calendar_for(symbol, cache_dir=context.cache_dir)
    if args.json:
        print_json({"symbol": symbol, "actions": [_as_dict(a, action_day(a, calendar).isoformat()) for a in found]})
    elif not found:
        say(f"No split or dividend of {symbol} is known; they come with prices from Yahoo, or by: import actions FILE")
    else:
        rows = [(action_day(a, calendar).isoformat(), a.kind.value, action_figure(a), a.source) for a in found]
        say_table([("ex-date", "kind", "value", "source"), *rows], right=frozenset({2}))
    return 0


def _as_dict(action: Action, day: str) -> dict[str, Any]:
    return {"date": day, "kind": action.kind.value, "value": action.value, "source": action.source}


def _add(context: Context, args: argparse.Namespace) -> int:
    from core.analysis.corporate import action_figure  # noqa: PLC0415 - not needed for --help
    from core.ingest import action_on  # noqa: PLC0415 - as above

    with context.open_store() as store:
        symbol = _symbol(subject_or_new_instrument(store, args.symbol))
        action = action_on(symbol, args.date, args.kind, args.value, cache_dir=context.cache_dir)
        new = store.put_actions(symbol, [action])
    done = "Added" if new else "Corrected"
    return _finish(
        args, f"{done} the {action.kind.value} of {symbol} on {args.date}: {action_figure(action)}.", bool(new)
    )


def _remove(context: Context, args: argparse.Namespace) -> int:
    from core.ingest import action_on  # noqa: PLC0415 - not needed for --help

    with context.open_store() as store:
        symbol = _symbol(existing_subject(store, args.symbol))
        action = action_on(symbol, args.date, args.kind, "2", cache_dir=context.cache_dir)
        there = store.remove_action(symbol, action)
    sentence = (
        f"Removed the {args.kind} of {symbol} on {args.date}."
        if there
        else f"There was no {args.kind} of {symbol} on {args.date}."
    )
    return _finish(args, sentence, there)


def _symbol(subject: Subject) -> str:
    from core.errors import UsageError  # noqa: PLC0415 - not needed for --help

    if not isinstance(subject, Instrument):
        raise UsageError(f"{subject.name} is a concept; splits and dividends belong to its members.")
    return subject.symbol


def _finish(args: argparse.Namespace, sentence: str, changed: bool) -> int:  # noqa: FBT001 - a fact, not a switch
    if args.json:
        print_json({"changed": changed})
    else:
        say(sentence)
    return 0
