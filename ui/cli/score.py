"""`crowdtape score`: what a scorer makes of each line on standard input, as JSON lines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from core.model import DEFAULT_SCORER
from ui.cli.output import print_json

if TYPE_CHECKING:
    import argparse

    from core.sentiment import Scorer
    from ui.cli.context import Context


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
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        print_json(_judge(scorer, text, explain=args.explain))
    return 0


def _judge(scorer: Scorer, text: str, *, explain: bool) -> dict[str, Any]:
    """Return the line's object; what this scorer lacks, or cannot judge, is null.

    VADER's four figures are vaderSentiment's of the line as it stands, whatever it is written in; `score` is that of
    what is English in it, and null where there is too little.
    """
    from core.sentiment import language  # noqa: PLC0415 - not needed for --help
    from core.sentiment.vader import VaderScorer  # noqa: PLC0415 - as above

    score = scorer.score(text)
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
