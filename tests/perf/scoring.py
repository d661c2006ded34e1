"""Texts per second and core of our scorers beside vaderSentiment's, on unique texts in the same run.

For `vader` also whether its figures are the library's, and for `crowd` how long its model takes to load.

Usage: python tests/perf/scoring.py [FILE | --everything] [--runs N]. Prints one JSON object. `--everything` compares
all text in ../shared/data instead of one file. Seconds are those of this process's CPU. Our memory of whole texts is
not used, and our scorers meet each text for the first time; they judge many at once, as an import does.
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

from core.resources import resource_path  # noqa: E402
from core.sentiment.crowd import ARTEFACT, CrowdScorer  # noqa: E402
from core.sentiment.crowd_model import read_model  # noqa: E402
from core.sentiment.foreign import STRONG  # noqa: E402
from core.sentiment.vader import judge, judge_many, tables  # noqa: E402
from core.sentiment.vader_engine import Vader, figures  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

DATA = ROOT.parent / "shared" / "data"
_TURN = 10_000
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


def in_turns(
    one: Callable[[list[str]], list[Any]], other: Callable[[list[str]], list[Any]], texts: list[str]
) -> tuple[float, float, list[Any], list[Any]]:
    """Return the CPU seconds of each and what each found; they take turns, so that a busy machine slows both alike."""
    seconds = [0.0, 0.0]
    found: tuple[list[Any], list[Any]] = ([], [])
    for at in range(0, len(texts), _TURN):
        for which, judged in enumerate((one, other)):
            began = time.process_time()
            found[which].extend(judged(texts[at : at + _TURN]))
            seconds[which] += time.process_time() - began
    return seconds[0], seconds[1], *found


def run_vader(texts: list[str]) -> dict[str, Any]:
    """Measure once: the library, and our scorer as it is for a text that it has not met."""
    peer, own = SentimentIntensityAnalyzer(), Vader(tables(), STRONG)
    figures.cache_clear()
    theirs, ours, expected, found = in_turns(
        lambda some: [peer.polarity_scores(text) for text in some],
        functools.partial(judge_many, own),
        texts,
    )
    unequal: list[str] = []
    for text, one, among_others in zip(texts, expected, found, strict=True):
        # The scorer leaves other languages out, and the rules read them all the same.
        score = own.score(text)
        four = (score.value, score.pos, score.neu, score.neg)
        # repr tells -0.0 from 0.0.
        same = repr(four) == repr(tuple(one[key] for key in ("compound", "pos", "neu", "neg")))
        if not same or repr(among_others) != repr(judge(own, text)):
            unequal.append(text)
    return {
        **_rates(len(texts), theirs, ours),
        "unread": found.count(None),
        "equal": not unequal,
        "unequal": len(unequal),
        "first_unequal": unequal[:3],
    }


def run_crowd(texts: list[str]) -> dict[str, Any]:
    """Measure once: the library, and a crowd model that has met no text; how long it takes to load as well."""
    began = time.process_time()
    own = CrowdScorer(read_model(resource_path(ARTEFACT)))
    loaded = time.process_time() - began
    peer = SentimentIntensityAnalyzer()
    theirs, ours, _, found = in_turns(lambda some: [peer.polarity_scores(text) for text in some], own.score_many, texts)
    return {**_rates(len(texts), theirs, ours), "unread": found.count(None), "load_ms": round(1000 * loaded)}


def _rates(count: int, theirs: float, ours: float) -> dict[str, Any]:
    return {
        "vadersentiment_per_second": round(count / theirs),
        "texts_per_second": round(count / ours),
        "ratio": round(theirs / ours, 2),
    }


def main() -> None:
    """Print for each scorer the run in which the two stood closest: no run may be worse than promised."""
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
    worst = min((run_vader(texts) for _ in range(given.runs)), key=lambda found: found["ratio"])
    crowd = min((run_crowd(texts) for _ in range(given.runs)), key=lambda found: found["ratio"])
    print(
        json.dumps(
            {"name": "scoring", "texts": len(texts), "at_least": 4.0, **worst, "crowd": {"at_least": 1.0, **crowd}}
        )
    )


if __name__ == "__main__":
    main()
