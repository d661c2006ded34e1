"""`crowdtape score`: what a scorer makes of each line on standard input, as JSON lines."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from ui.cli.output import write_bytes

if TYPE_CHECKING:
    import argparse

    from core.model import Score
    from core.sentiment import Scorer
    from ui.cli.context import Context


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `score`."""
    parser = commands.add_parser(
        "score", parents=[common], help="score the lines of standard input, one JSON object a line"
    )
    parser.add_argument("--scorer", default="vader", metavar="NAME", help="vader or crowd (default: vader)")
    parser.add_argument("--explain", action="store_true", help="list the words that made each score")
    parser.add_argument("--json", action="store_true", help="accepted for uniformity: the output is always JSON")
    parser.set_defaults(run=_score)


def _score(_context: Context, args: argparse.Namespace) -> int:
    from core.sentiment import get_scorer  # noqa: PLC0415 - not needed for --help

    scorer = get_scorer(args.scorer)
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        found = _judge(scorer, text, explain=args.explain)
        write_bytes(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    return 0


def _judge(scorer: Scorer, text: str, *, explain: bool) -> dict[str, Any]:
    """Return the line's object; what this scorer lacks, or cannot judge, is null."""
    from core.sentiment import language  # noqa: PLC0415 - not needed for --help

    score = scorer.score(text)
    words = [[part.text, part.value] for part in scorer.explain(text)] if explain else None
    return {"lang": language(text) or None, **_figures(scorer.id.name, score), "words": words}


def _figures(name: str, score: Score | None) -> dict[str, float | None]:
    names = ("score", "bull", "neutral", "bear", "pos", "neu", "neg", "compound")
    found: dict[str, float | None] = dict.fromkeys(names, None)
    if score is None:
        return found
    found["score"] = score.value
    if name == "vader":
        found |= {"pos": score.pos, "neu": score.neu, "neg": score.neg, "compound": score.value}
    else:
        found |= {"bull": score.pos, "neutral": score.neu, "bear": score.neg}
    return found
