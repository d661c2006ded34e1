"""`crowdtape corrections`: the user's marks on posts, in and out, and the layer that is learned from them."""

from __future__ import annotations

import collections
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.cli.output import count, iso_utc, print_json, say, say_table

if TYPE_CHECKING:
    import argparse

    from core.sentiment.personal_fit import Figure, Worth
    from core.store.corrections import Correction
    from ui.cli.context import Context

_WIDTH = 60
_SHOWN = 10  # of the marks that were left out


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `corrections` and what can be done with them."""
    parser = commands.add_parser(
        "corrections", parents=[common], help="your marks on posts, and the layer learned from them"
    )
    acts = parser.add_subparsers(metavar="ACT", title="acts", required=True)
    shown = acts.add_parser("list", parents=[common], help="show all marks, the latest first")
    shown.add_argument("--json", action="store_true", help="print one JSON object")
    shown.set_defaults(run=_list)
    out = acts.add_parser("export", parents=[common], help="write all marks as one JSON object a line")
    out.add_argument("file", type=Path, metavar="FILE")
    out.set_defaults(run=_export)
    into = acts.add_parser("import", parents=[common], help="read marks that were exported")
    into.add_argument("file", type=Path, metavar="FILE")
    into.set_defaults(run=_import)
    learn = acts.add_parser(
        "learn", parents=[common], help="learn a layer on top of crowd from the marks, and use it (crowd+mine)"
    )
    learn.add_argument("--tags", action="store_true", help="learn from authors' own Bullish and Bearish tags as well")
    learn.add_argument("--dry-run", action="store_true", help="only say what it would be worth")
    learn.add_argument("--json", action="store_true", help="print one JSON object")
    learn.set_defaults(run=_learn)
    forget = acts.add_parser("forget", parents=[common], help="use no layer any more; the marks stay")
    forget.set_defaults(run=_forget)


def _list(context: Context, args: argparse.Namespace) -> int:
    with context.open_store() as store:
        marks = store.corrections()
    if args.json:
        print_json({"corrections": [_as_dict(m) for m in marks]})
        return 0
    rows = [(iso_utc(m.marked) or "", m.verdict, m.subject, m.source, " ".join(m.text.split())[:_WIDTH]) for m in marks]
    say_table(rows)
    say(count(len(marks), "mark"))
    return 0


def _as_dict(mark: Correction) -> dict[str, Any]:
    return {
        "source": mark.source,
        "id": mark.id,
        "verdict": mark.verdict,
        "subject": mark.subject or None,
        "marked": iso_utc(mark.marked),
        "published": iso_utc(mark.published),
        "text": mark.text,
    }


def _export(context: Context, args: argparse.Namespace) -> int:
    from core.corrections import write_corrections  # noqa: PLC0415 - scorers are not needed for --help

    with context.open_store() as store:
        n = write_corrections(store.corrections(), args.file)
    say(f"{count(n, 'mark')} written to {args.file}")
    return 0


def _import(context: Context, args: argparse.Namespace) -> int:
    from core.corrections import read_corrections  # noqa: PLC0415 - as above

    marks = read_corrections(args.file)
    with context.open_store() as store:
        done, left = store.put_corrections(marks)
    unknown = collections.Counter(what for _, what in left)
    told = [f"{count(done, 'mark')} taken over"]
    reasons = {"post": "the post is not in the store", "subject": "the subject is unknown"}
    told += [f"{count(unknown[what], 'mark')} left out, as {why}" for what, why in reasons.items() if unknown[what]]
    say(" · ".join(told))
    for mark, what in left[:_SHOWN]:
        say(f"  {mark.source} {mark.id}: {mark.verdict}" + (f" for {mark.subject}" if what == "subject" else ""))
    if len(left) > _SHOWN:
        say(f"  … and {len(left) - _SHOWN:,} more")
    return 0


def _learn(context: Context, args: argparse.Namespace) -> int:
    from core.corrections import learn, weigh  # noqa: PLC0415 - as above

    with context.open_store() as store:
        worth = weigh(store, tags=args.tags)
        layer = None if args.dry_run or not worth.n else learn(store, tags=args.tags)
    if args.json:
        print_json({"scorer": str(layer.id) if layer else None, **_figures(worth)})
        return 0
    _say_worth(worth)
    if layer is not None:
        say(f"In use: {layer.id}; stored posts get its scores with: crowdtape rescore")
    elif not worth.n:
        say("There are no marks to learn from yet; mark posts in the window, or import marks.")
    return 0


def _figures(worth: Worth) -> dict[str, Any]:
    names = ("auc_before", "auc_after", "accuracy_before", "accuracy_after")
    pairs = {name: getattr(worth, name) for name in names}
    found = {k: [f.value, f.low, f.high] for k, f in pairs.items()}
    counts = {"bullish": worth.bullish, "neutral": worth.neutral, "bearish": worth.bearish}
    return {**counts, "own": worth.own, "folds": worth.folds, **found}


def _say_worth(worth: Worth) -> None:
    what = count(worth.n, "mark") if worth.own else f"{worth.n:,} marks and tags of authors"
    say(
        f"{what}: {worth.bullish:,} bullish, {worth.neutral:,} neutral, {worth.bearish:,} bearish; "
        f"each judged by a layer that has not seen it ({worth.folds} folds)"
    )
    rows = [
        ("", "crowd", "crowd+mine"),
        ("bullish from bearish (AUC)", _shown(worth.auc_before), _shown(worth.auc_after)),
        ("right class", _shown(worth.accuracy_before), _shown(worth.accuracy_after)),
    ]
    say_table(rows)


def _shown(figure: Figure) -> str:
    return "–" if math.isnan(figure.value) else f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


def _forget(context: Context, _args: argparse.Namespace) -> int:
    from core.corrections import forget  # noqa: PLC0415 - as above

    with context.open_store() as store:
        forget(store)
        store.purge_scores()
    say("No layer is in use; your marks are kept.")
    return 0
