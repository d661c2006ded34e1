"""Texts per second and core of our VADER beside vaderSentiment's, on unique texts in the same run, and their equality.

Usage: python tests/perf/scoring.py [FILE | --everything] [--runs N]. Prints one JSON object. `--everything` compares
all text in ../shared/data instead of one file. Both take the texts in turns of a thousand, so that whatever else the
machine does slows both; seconds are those of this process's CPU. Our memory of whole texts is not used; our words
start from nothing in each run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from core.sentiment.vader import judge, tables  # noqa: E402
from core.sentiment.vader_engine import Vader  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from core.model import Score

DATA = ROOT.parent / "shared" / "data"
FILE = DATA / "throughput" / "tweets_97k.jsonl.gz"
TURN = 1000


def strings(value: Any) -> Iterator[str]:
    """Yield every string within a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def everything(folder: Path) -> Iterator[str]:
    """Yield each line of each file, and each string in it where it is JSON: more than text, and nothing left out."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        if file.suffix == ".gz":
            with gzip.open(file, "rt", encoding="utf-8", errors="replace") as lines:
                content = lines.read()
        else:
            content = file.read_text(encoding="utf-8", errors="replace")
        for line in content.split("\n"):
            yield line
            yield from line.split("\t")[1:]
            if line.startswith(("{", "[")):
                try:
                    yield from strings(json.loads(line))
                except ValueError:
                    continue
        if file.suffix == ".json":
            try:
                yield from strings(json.loads(content))
            except ValueError:
                continue


def timed(judged: Callable[[str], Any], texts: list[str]) -> tuple[float, list[Any]]:
    """Return the CPU seconds and what was found."""
    began = time.process_time()
    found = [judged(text) for text in texts]
    return time.process_time() - began, found


def figures(score: Score | None) -> tuple[float, float, float, float] | None:
    """Return the four figures, or None where the scorer does not read the text."""
    return None if score is None else (score.value, score.pos, score.neu, score.neg)


def run(texts: list[str]) -> dict[str, Any]:
    """Measure once: the library, our rules alone, and our scorer with its choice of what it reads."""
    peer, rules = SentimentIntensityAnalyzer(), Vader(tables())
    scorer = Vader(tables())
    seconds = [0.0, 0.0, 0.0]
    unequal: list[str] = []
    unread = 0
    for first in range(0, len(texts), TURN):
        turn = texts[first : first + TURN]
        spent, expected = timed(peer.polarity_scores, turn)
        seconds[0] += spent
        spent, own = timed(rules.score, turn)
        seconds[1] += spent
        spent, chosen = timed(lambda text: judge(scorer, text), turn)
        seconds[2] += spent
        for text, theirs, ours, read in zip(turn, expected, own, chosen, strict=True):
            four = tuple(theirs[key] for key in ("compound", "pos", "neu", "neg"))
            if repr(figures(ours)) != repr(four) or (read is not None and repr(figures(read)) != repr(four)):
                unequal.append(text)
            unread += read is None
    return {
        "vadersentiment_per_second": round(len(texts) / seconds[0]),
        "rules_per_second": round(len(texts) / seconds[1]),
        "scorer_per_second": round(len(texts) / seconds[2]),
        "rules_ratio": round(seconds[0] / seconds[1], 2),
        "ratio": round(seconds[0] / seconds[2], 2),
        "unread": unread,
        "unequal": len(unequal),
        "first_unequal": unequal[:3],
    }


def main() -> None:
    """Print the run in which the two stood closest: no run may be worse than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=FILE)
    parser.add_argument("--everything", action="store_true")
    parser.add_argument("--runs", type=int, default=1)
    given = parser.parse_args()
    if not given.file.is_file():
        print(json.dumps({"skipped": f"{given.file.name} is not beside this checkout"}))
        return
    if given.everything:
        texts = list(dict.fromkeys(everything(DATA)))
    else:
        with gzip.open(given.file, "rt", encoding="utf-8") as lines:
            texts = list(dict.fromkeys(json.loads(line)["text"] for line in lines))
    runs = [run(texts) for _ in range(given.runs)]
    worst = min(runs, key=lambda found: found["ratio"])
    equal = not any(found["unequal"] for found in runs)
    print(json.dumps({"name": "scoring", "texts": len(texts), "at_least": 4.0, "equal": equal, **worst}))


if __name__ == "__main__":
    main()
