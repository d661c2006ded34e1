"""Posts per second from a file to the store, against a bare vaderSentiment loop over the same texts in the same run.

Usage: python tests/perf/importing.py [FILE] [--runs N]. Prints one JSON object. On a machine that is busy with other
things, look at the processor's time, of all processes together: an import is as fast as the loop where it takes less
than the loop's times the number of cores.
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


def processor() -> float:
    """Return the seconds of processor that this process and those that it has ended took."""
    return sum(os.times()[:4])


def bare(file: Path) -> tuple[float, float]:
    """Return posts per second of vaderSentiment alone, reading the lines included, and its processor time a post."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    began, taken = time.perf_counter(), processor()
    analyzer = SentimentIntensityAnalyzer()
    n = 0
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            analyzer.polarity_scores(json.loads(line)["text"])
            n += 1
    return n / (time.perf_counter() - began), (processor() - taken) / n


def ours(file: Path, tickers: list[str]) -> tuple[float, float, float]:
    """Import into a new store that knows the tickers.

    Returns posts per second, processor time a post, and posts per second of finding the echoes afterwards.
    """
    from core.ingest import import_posts
    from core.model import Instrument
    from core.store import Store

    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "perf.crowdtape") as store:
        for ticker in tickers:
            store.put_instrument(Instrument(ticker), relink=False)
        store.relink_stale()
        began, taken = time.perf_counter(), processor()
        report = import_posts(store, [file])
        seconds, taken = time.perf_counter() - began, processor() - taken
        if report.rejected or not report.read or report.added != report.read:
            raise SystemExit(f"the import lost posts: {report.as_dict()}")
        began = time.perf_counter()
        store.group_echoes()
        return report.read / seconds, taken / report.read, report.read / (time.perf_counter() - began)


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
    peers, owns = [], []
    for _ in range(given.runs):
        peers.append(bare(given.file))
        owns.append(ours(given.file, tickers))
    peer, own, grouped = (
        max(figures) for figures in ([p[0] for p in peers], [o[0] for o in owns], [o[2] for o in owns])
    )
    print(
        json.dumps(
            {
                "name": "importing",
                "tickers": len(tickers),
                "cores": os.cpu_count(),
                "posts_per_second": round(own),
                "bare_vader_per_second": round(peer),
                "ratio": round(own / peer, 3),
                "at_least": 1.0,
                "compared_afterwards_per_second": round(grouped),
                "processor_us_per_post": {
                    "own": round(min(o[1] for o in owns) * 1e6, 1),
                    "bare": round(min(p[1] for p in peers) * 1e6, 1),
                },
                "runs": [{"own": round(o[0]), "bare": round(p[0])} for o, p in zip(owns, peers, strict=True)],
            }
        )
    )


if __name__ == "__main__":
    main()
