"""Posts per second from a file to the store, against a bare vaderSentiment loop over the same texts in the same run.

Usage: python tests/perf/importing.py [FILE] [--runs N]. Prints one JSON object.
"""

# ruff: noqa: PLC0415 - imports are part of what is measured; the result is printed
from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

FILE = ROOT.parent / "shared" / "data" / "throughput" / "tweets_97k.jsonl.gz"


def bare(file: Path) -> float:
    """Return posts per second of vaderSentiment alone, reading the lines included."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    began = time.perf_counter()
    analyzer = SentimentIntensityAnalyzer()
    n = 0
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            analyzer.polarity_scores(json.loads(line)["text"])
            n += 1
    return n / (time.perf_counter() - began)


def ours(file: Path, tickers: list[str]) -> tuple[float, float]:
    """Return posts per second of a whole import into a new store that knows the tickers, and of finding the echoes."""
    from core.ingest import import_posts
    from core.model import Instrument
    from core.store import Store

    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "perf.crowdtape") as store:
        for ticker in tickers:
            store.put_instrument(Instrument(ticker), relink=False)
        store.relink_stale()
        began = time.perf_counter()
        report = import_posts(store, [file])
        seconds = time.perf_counter() - began
        if report.rejected or not report.read or report.added != report.read:
            raise SystemExit(f"the import lost posts: {report.as_dict()}")
        began = time.perf_counter()
        store.group_echoes()
        return report.read / seconds, report.read / (time.perf_counter() - began)


def main() -> None:
    """Measure in turns and print the best of each, as other work on the machine only ever slows things down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=FILE)
    parser.add_argument("--runs", type=int, default=2)
    given = parser.parse_args()
    if not given.file.is_file():
        print(json.dumps({"skipped": f"{given.file.name} is not beside this checkout"}))
        return
    with gzip.open(given.file, "rt", encoding="utf-8") as lines:
        tickers = sorted({t for line in lines for t in json.loads(line)["tickers"]})
    peer, own, grouped = [], [], []
    for _ in range(given.runs):
        peer.append(bare(given.file))
        posts, compared = ours(given.file, tickers)
        own.append(posts)
        grouped.append(compared)
    print(
        json.dumps(
            {
                "name": "importing",
                "tickers": len(tickers),
                "cores": os.cpu_count(),
                "posts_per_second": round(max(own)),
                "bare_vader_per_second": round(max(peer)),
                "ratio": round(max(own) / max(peer), 3),
                "at_least": 1.0,
                "compared_afterwards_per_second": round(max(grouped)),
                "runs": [{"own": round(o), "bare": round(b)} for o, b in zip(own, peer, strict=True)],
            }
        )
    )


if __name__ == "__main__":
    main()
