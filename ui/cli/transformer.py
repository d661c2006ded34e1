"""`crowdtape transformer`: an ONNX model of the user's own as a further scorer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.cli.output import print_json, say

if TYPE_CHECKING:
    import argparse

    from ui.cli.context import Context


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `transformer` and what can be done with it."""
    parser = commands.add_parser(
        "transformer", parents=[common], help="an ONNX model of your own as a further scorer (off by default)"
    )
    acts = parser.add_subparsers(metavar="ACT", title="acts", required=True)
    use = acts.add_parser("use", parents=[common], help="score posts with the model in a folder from now on (onnx)")
    use.add_argument("folder", type=Path, metavar="FOLDER", help="holds model.onnx, config.json and the tokenizer")
    use.add_argument(
        "--languages", nargs="+", default=["en"], metavar="CODE", help="which languages it reads (default: en)"
    )
    use.set_defaults(run=_use)
    off = acts.add_parser("off", parents=[common], help="use it no more; its scores go")
    off.set_defaults(run=_off)
    status = acts.add_parser("status", parents=[common], help="say which one is in use")
    status.add_argument("--json", action="store_true", help="print one JSON object")
    status.set_defaults(run=_status)


def _use(context: Context, args: argparse.Namespace) -> int:
    from core.transformer_choice import choose  # noqa: PLC0415 - scorers are not needed for --help

    with context.open_store() as store:
        scorer = choose(store, args.folder, tuple(args.languages))
    say(f"posts that are imported get scores by {scorer}; those there are get them by: crowdtape rescore")
    return 0


def _off(context: Context, _args: argparse.Namespace) -> int:
    from core.transformer_choice import drop  # noqa: PLC0415 - as above

    with context.open_store() as store:
        drop(store)
    say("no transformer is in use")
    return 0


def _status(context: Context, args: argparse.Namespace) -> int:
    from core.transformer_choice import chosen  # noqa: PLC0415 - as above

    with context.open_store() as store:
        choice = chosen(store)
    if args.json:
        print_json({"folder": str(choice.folder), "languages": choice.languages} if choice else {"folder": None})
    elif choice is None:
        say("no transformer is in use")
    else:
        say(f"{choice.folder} reads {', '.join(choice.languages)}")
    return 0
