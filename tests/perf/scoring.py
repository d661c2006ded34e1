"""Texts per second and core of our VADER beside vaderSentiment's, on unique texts in the same run, and their equality.

Usage: python tests/perf/scoring.py [FILE | --everything] [--runs N]. Prints one JSON object. `--everything` compares
all text in ../shared/data instead of one file. Seconds are those of this process's CPU. Our memory of whole texts is
not used, and our engine meets each text for the first time.
"""

from __future__ import annotations

import argparse
import functools
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
from core.sentiment.vader_engine import Vader, figures  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

DATA = ROOT.parent / "shared" / "data"
FILE = DATA / "throughput" / "tweets_97k.jsonl.gz"


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


def run(texts: list[str]) -> dict[str, Any]:
    """Measure once: the library, and our scorer as it is for a text that it has not met."""
    peer, own = SentimentIntensityAnalyzer(), Vader(tables())
    figures.cache_clear()
    unequal: list[str] = []
    theirs, expected = timed(peer.polarity_scores, texts)
    ours, found = timed(functools.partial(judge, own), texts)
    for text, one, other in zip(texts, expected, found, strict=True):
        # What the scorer leaves to others, the rules can still read, and must read alike.
        score = own.score(text) if other is None else other
        four = (score.value, score.pos, score.neu, score.neg)
        # repr tells -0.0 from 0.0.
        if repr(four) != repr(tuple(one[key] for key in ("compound", "pos", "neu", "neg"))):
            unequal.append(text)
    return {
        "vadersentiment_per_second": round(len(texts) / theirs),
        "texts_per_second": round(len(texts) / ours),
        "ratio": round(theirs / ours, 2),
        "unread": found.count(None),
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
