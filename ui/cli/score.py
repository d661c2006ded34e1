"""`crowdtape score`: what a scorer makes of each line on standard input, as JSON lines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, cast

from core.model import DEFAULT_SCORER
from ui.cli.output import print_json

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from io import BufferedReader

    from core.model import Score
    from core.sentiment import Scorer
    from ui.cli.context import Context

_PIECE: Final = 1 << 16  # bytes


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `score`."""
    parser = commands.add_parser(
        "score", parents=[common], help="score the lines of standard input, one JSON object a line"
    )
    parser.add_argument(
        "--scorer", default=DEFAULT_SCORER, metavar="NAME", help="vader, crowd or onnx:FOLDER (default: %(default)s)"
    )
    parser.add_argument("--explain", action="store_true", help="list the words that made each score")
    parser.add_argument("--json", action="store_true", help="accepted for uniformity: the output is always JSON")
    parser.set_defaults(run=_score)


def _score(_context: Context, args: argparse.Namespace) -> int:
    from core.sentiment import get_scorer  # noqa: PLC0415 - not needed for --help

    scorer = get_scorer(args.scorer)
    for texts in _read(cast("BufferedReader", sys.stdin.buffer)):
        for text, score in zip(texts, scorer.score_many(texts), strict=True):
            print_json(_judged(scorer, text, score, explain=args.explain))
    return 0


def _read(stream: BufferedReader) -> Iterator[list[str]]:
    """Yield the lines that are there, so that many are judged together and none waits for a later one."""
    while piece := stream.read1(_PIECE):
        if not piece.endswith(b"\n"):
            piece += stream.readline()
        lines = piece.decode("utf-8", "replace").removesuffix("\n").split("\n")
        yield [line.rstrip("\r") for line in lines]


def _judged(scorer: Scorer, text: str, score: Score | None, *, explain: bool) -> dict[str, Any]:
    """Return the line's object; what this scorer lacks, or cannot judge, is null.

    VADER's four figures are vaderSentiment's of the line as it stands, whatever it is written in; `score` is that of
    what is English in it, and null where there is too little.
    """
    from core.sentiment import language  # noqa: PLC0415 - not needed for --help
    from core.sentiment.vader import VaderScorer  # noqa: PLC0415 - as above

    names = ("score", "bull", "neutral", "bear", "pos", "neu", "neg", "compound")
    found: dict[str, Any] = {"lang": language(text) or None, **dict.fromkeys(names, None)}
    if score is not None:
        found["score"] = score.value
    if isinstance(scorer, VaderScorer):
        whole = scorer.whole(text)
        found |= {"pos": whole.pos, "neu": whole.neu, "neg": whole.neg, "compound": whole.value}
    elif score is not None:
        found |= {"bull": score.pos, "neutral": score.neu, "bear": score.neg}
    found["words"] = [[part.text, part.value] for part in scorer.explain(text)] if explain else None
    return found
