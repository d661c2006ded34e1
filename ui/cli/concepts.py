"""`crowdtape concepts`: themes, their members, and the rules that find their posts."""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from core.errors import CrowdtapeError, UsageError
from core.model import Concept, Instrument, Member, Rule
from ui.cli.context import existing_concept
from ui.cli.output import count, plain, print_json, say, say_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.store import Store
    from ui.cli.context import Context

_WORDS = (
    ("keyword", "keywords", "a word or Chinese text that finds posts"),
    ("hashtag", "hashtags", "a hashtag that finds posts, without #"),
    ("cashtag", "cashtags", "a cashtag that finds posts, without $"),
    ("exclude", "excludes", "a word that no post of this concept holds"),
)


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `concepts` and what can be done with them."""
    parser = commands.add_parser("concepts", parents=[common], help="list, add, edit or remove concepts")
    actions = parser.add_subparsers(metavar="ACTION", title="actions", required=True)

    listing = actions.add_parser("list", parents=[common], help="all concepts, their members and rules")
    listing.set_defaults(run=_list)

    add = actions.add_parser("add", parents=[common], help="make a concept")
    add.add_argument("name", metavar="NAME")
    _add_parts(add, "")
    add.set_defaults(run=_add)

    edit = actions.add_parser(
        "edit",
        parents=[common],
        help="change a concept and relink what is stored",
        description="Each part that is given replaces the concept's old one; --add-… and --remove-… change it.",
    )
    edit.add_argument("name", metavar="NAME")
    _add_parts(edit, "", " (replaces all of them)")
    _add_parts(edit, "add-")
    _add_parts(edit, "remove-", symbols_only=True)
    edit.set_defaults(run=_edit)

    remove = actions.add_parser("remove", parents=[common], help="forget a concept; posts and prices stay")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(run=_remove)

    for each in (listing, add, edit, remove):
        each.add_argument("--json", action="store_true", help="print one JSON object")


def _add_parts(parser: argparse.ArgumentParser, prefix: str, note: str = "", *, symbols_only: bool = False) -> None:
    under = prefix.replace("-", "_")
    parser.add_argument(
        f"--{prefix}member",
        dest=f"{under}members",
        nargs="+",
        action="extend",
        type=(lambda text: Member(_symbol(text))) if symbols_only else member,
        metavar="SYM" if symbols_only else "SYM[:WEIGHT][@FROM..TO]",
        help="a member" if symbols_only else f"a member, its weight (1), its dates{note}",
    )
    for name, field, meaning in _WORDS:
        parser.add_argument(
            f"--{prefix}{name}",
            dest=f"{under}{field}",
            nargs="+",
            action="extend",
            type=_word,
            metavar="W",
            help=argparse.SUPPRESS if prefix else meaning + note,
        )


def _word(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty word would find every post")
    return text.strip()


def _symbol(text: str) -> str:
    from core.linking import normalise_symbol  # noqa: PLC0415 - unicodedata and re are not needed for --help

    symbol = normalise_symbol(text)
    if not symbol or any(c.isspace() for c in symbol):
        raise argparse.ArgumentTypeError(f"'{text}' is no symbol; write it as Yahoo does, such as 300792.SZ")
    return symbol


def member(text: str) -> Member:
    """Read `SYM[:WEIGHT][@FROM..TO]`, either date may be left out; raises argparse.ArgumentTypeError."""
    head, at, dates = text.partition("@")
    name, colon, weight_text = head.partition(":")
    weight, since, until = 1.0, None, None
    if colon:
        try:
            weight = float(weight_text)
        except ValueError:
            weight = math.nan
        if not (math.isfinite(weight) and weight > 0):
            raise argparse.ArgumentTypeError(f"'{weight_text}' in '{text}' is no weight; write a number above 0")
    if at:
        first, dots, last = dates.partition("..")
        try:
            since = dt.date.fromisoformat(first) if first else None
            until = dt.date.fromisoformat(last) if last else None
        except ValueError:
            dots = ""
        if not dots or (since and until and since > until):
            raise argparse.ArgumentTypeError(f"'{dates}' in '{text}' is no range; write 2025-01-01..2025-06-30")
    return Member(_symbol(name), weight, since, until)


def _list(context: Context, args: argparse.Namespace) -> int:
    with context.open_store() as store:
        concepts = [(c, _posts(store, c)) for c in sorted(store.concepts(), key=lambda c: c.name.casefold())]
    if args.json:
        print_json({"concepts": [as_dict(c, n) for c, n in concepts]})
        return 0
    if not concepts:
        say("There is no concept yet; make one with: crowdtape concepts add NAME --member SYM --keyword WORD")
    for concept, n in concepts:
        say(f"{concept.name} · {count(n, 'post')}")
        say_table(_details(concept))
    return 0


def _details(concept: Concept) -> list[tuple[str, str]]:
    rows = [("  members", ", ".join(_member_text(m) for m in concept.members) or "none")]
    rows += [(f"  {field}", ", ".join(words)) for field, words in dataclasses.asdict(concept.rule).items() if words]
    return rows


def _member_text(m: Member) -> str:
    weight = "" if m.weight == 1 else f":{m.weight:g}"
    dates = f"@{m.since or ''}..{m.until or ''}" if m.since or m.until else ""
    return f"{m.symbol}{weight}{dates}"


def _add(context: Context, args: argparse.Namespace) -> int:
    name = args.name.strip()
    if not name or plain(name) != name:
        raise CrowdtapeError("A concept needs a name of visible characters.")
    concept = Concept(name, _members(args.members), Rule(*(tuple(getattr(args, f) or ()) for _, f, _m in _WORDS)))
    with context.open_store() as store:
        known = store.find_subject(name)
        if isinstance(known, Concept):
            raise CrowdtapeError(f"There is a concept {known.name} already; change it with: crowdtape concepts edit.")
        if known is not None:
            raise CrowdtapeError(f"{name} is an instrument; give the concept another name.")
        return _keep(store, concept, args, "Added")


def _edit(context: Context, args: argparse.Namespace) -> int:
    fields = ("members", *(field for _, field, _ in _WORDS))
    if all(getattr(args, f"{prefix}{f}") is None for prefix in ("", "add_", "remove_") for f in fields):
        raise UsageError("Nothing to change: give --member, --keyword or another part, or --add-… or --remove-….")
    with context.open_store() as store:
        old = existing_concept(store, args.name)
        members = old.members if args.members is None else _members(args.members)
        members = _members([*members, *(args.add_members or ())])
        gone: set[str] = {m.symbol for m in args.remove_members or ()}
        _must_hold(gone, {m.symbol for m in members}, old.name, "member")
        members = tuple(m for m in members if m.symbol not in gone)
        words = {field: _edited(old, args, name, field) for name, field, _ in _WORDS}
        return _keep(store, Concept(old.name, members, Rule(**words)), args, "Changed")


def _edited(old: Concept, args: argparse.Namespace, name: str, field: str) -> tuple[str, ...]:
    """Return one part of the rule after `--X`, `--add-X` and `--remove-X`."""
    given = getattr(args, field)
    words = dict.fromkeys(getattr(old.rule, field) if given is None else given)
    words.update(dict.fromkeys(getattr(args, f"add_{field}") or ()))
    gone: set[str] = set(getattr(args, f"remove_{field}") or ())
    _must_hold(gone, set(words), old.name, name)
    return tuple(w for w in words if w not in gone)


def _must_hold(gone: set[str], present: set[str], concept: str, what: str) -> None:
    for word in sorted(gone - present):
        raise CrowdtapeError(f"{concept} has no {what} '{word}' that could be removed.")


def _members(members: Iterable[Member] | None) -> tuple[Member, ...]:
    """Return the members, a later entry of a symbol replacing an earlier one that covers the same dates."""
    kept: dict[tuple[str, dt.date | None, dt.date | None], Member] = {}
    for m in members or ():
        undated = (m.symbol, None, None)
        if m.since is None and m.until is None:
            for key in [k for k in kept if k[0] == m.symbol]:
                del kept[key]
        else:
            kept.pop(undated, None)
        kept[m.symbol, m.since, m.until] = m
    return tuple(kept.values())


def _keep(store: Store, concept: Concept, args: argparse.Namespace, done: str) -> int:
    known = {i.symbol for i in store.instruments()}
    for symbol in dict.fromkeys(m.symbol for m in concept.members):
        if symbol not in known:
            store.put_instrument(Instrument(symbol))
    store.put_concept(concept)
    n = _posts(store, concept)
    if args.json:
        print_json(as_dict(concept, n))
    else:
        say(f"{done} {concept.name}: {count(len(concept.members), 'member')}, {count(n, 'stored post')} linked.")
        if not any(dataclasses.astuple(concept.rule)[:3]):
            say("note: it has no keyword, hashtag or cashtag yet, so its rule finds no posts")
    return 0


def _posts(store: Store, concept: Concept) -> int:
    return sum(store.post_sources(concept).values())


def _remove(context: Context, args: argparse.Namespace) -> int:
    with context.open_store() as store:
        concept = existing_concept(store, args.name)
        store.remove_concept(concept.name)
    if args.json:
        print_json({"removed": concept.name})
    else:
        say(f"Removed {concept.name}; its posts and its members' prices stay.")
    return 0


def as_dict(concept: Concept, posts: int) -> dict[str, Any]:
    """Return a concept as `--json` prints it."""
    return {
        "name": concept.name,
        "members": [
            {
                "symbol": m.symbol,
                "weight": m.weight,
                "from": m.since and m.since.isoformat(),
                "to": m.until and m.until.isoformat(),
            }
            for m in concept.members
        ],
        **{field: list(getattr(concept.rule, field)) for _, field, _ in _WORDS},
        "posts": posts,
    }
