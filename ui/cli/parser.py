"""The grammar of the command line. Building it imports nothing heavy: `--version` and `--help` answer at once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.cli import (
    concepts,
    corporate,
    corrections,
    drawings,
    events,
    fetch,
    imports,
    metrics,
    posts,
    rescore,
    score,
    selftest,
    series,
    snapshot,
    transformer,
    watchlist,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_EPILOG = """\
A SUBJECT is a symbol as Yahoo writes it (AAPL, 300792.SZ, BTC-USD) or the name of a concept (Xiaohongshu).
Dates are whole days in the exchange's zone (2025-01-13); a time may have an offset (2025-01-13T15:00+08:00).
Exit codes: 0 done, 1 could not, 2 wrong use.

with no command, the window opens
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command; the chosen handler is `run`, None for the window."""
    parser = argparse.ArgumentParser(
        prog="crowdtape",
        description="What the crowd says beside what the price does, on one clock.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_global(parser)
    parser.set_defaults(run=None, data_dir=None, debug=False)
    # The same options once more for after the command. Without defaults, or they would undo what stood before it.
    common = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    _add_global(common)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    for family in (
        imports, fetch, corporate, concepts, watchlist, events, metrics, drawings, series, posts, corrections, rescore,
        score, transformer, snapshot, selftest,
    ):  # fmt: skip
        family.add_commands(commands, common)
    return parser


def _add_global(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("global options")
    group.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="keep data, settings and caches here instead of the usual places",
    )
    group.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help="show the traceback when something fails"
    )
    group.add_argument("--version", action=_Version, nargs=0, help="show the program's version")


class _Version(argparse.Action):
    """Print the version, looked up only when asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, default=argparse.SUPPRESS, **{**options, "nargs": 0})

    def __call__(self, parser: argparse.ArgumentParser, *_rest: Any) -> None:
        from core.version import program_version  # noqa: PLC0415 - not needed by any other command

        parser.exit(0, f"crowdtape {program_version()}\n")
