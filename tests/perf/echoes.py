"""Finding posts that repeat others in a store of many posts against one of few: what a post takes, and the memory.

    python tests/perf/echoes.py [--few 100000] [--many 1000000] [--more 50000] [--daily 500]

Each store is filled with made-up posts, as many of them copies, near copies and robots' templates as among tweets on
stocks; these are compared with each other, then so many more with them, then as few as a day brings. Each step is a
process of its own. Prints JSON: of each step the processor's time in microseconds a post and the memory that the
process took at most, and how many times as much they are in the store of many. Ten million posts take a
quarter of an hour and 2 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from core.store import Store
from core.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20250114
WORDS, TICKERS, TEMPLATES = 30_000, 500, 2000
COPY, NEAR, ROBOT = 0.12, 0.17, 0.20  # of a hundred posts 12 are copies, 5 near copies, 3 a robot's
_AT_ONCE = 20_000
_ROW = "INSERT INTO post VALUES(?, 1, ?, ?, 0, ?, '', NULL, NULL, NULL, NULL, NULL, '', '', '', '', 0, '', 0)"


def make_texts(count: int, seed: int) -> Iterator[str]:
    """Yield made-up posts, always the same."""
    random = np.random.default_rng(SEED)
    letters = np.array(list("etaoinshrdlucmfwypvbgkqjxz"))
    words = ["".join(random.choice(letters, n, p=_falling(26))) for n in random.integers(2, 10, WORDS)]
    common = _falling(WORDS)
    templates = [" ".join(random.choice(words, 12, p=common)) for _ in range(TEMPLATES)]
    random = np.random.default_rng(seed)
    recent: list[str] = []
    for _ in range(0, count, _AT_ONCE):
        chosen = iter(random.choice(words, 20 * _AT_ONCE, p=common).tolist())
        kind, which = random.random(_AT_ONCE).tolist(), random.random(_AT_ONCE).tolist()
        numbers = random.integers(0, 10**6, (_AT_ONCE, 2)).tolist()
        told: list[str] = []
        for share, place, (a, b) in zip(kind, which, numbers, strict=True):
            if share < NEAR and recent:
                text = recent[int(place**3 * len(recent))]  # few are repeated often
                text = f"RT @u{a}: {text}" if share < COPY else f"{text} {next(chosen)}"
            elif share < ROBOT:
                text = f"${a % TICKERS} {templates[int(place**3 * TEMPLATES)]} {a / 100:.2f} {b / 1000:.1f} %"
            else:
                text = f"${a % TICKERS} " + " ".join([next(chosen) for _ in range(6 + b % 14)])
            told.append(text)
        yield from told[:count]
        count -= len(told)
        recent = told


def _falling(n: int) -> Any:
    share = 1 / np.arange(2.0, n + 2)
    return share / share.sum()


def add(path: Path, count: int, seed: int) -> None:
    """Add posts to the store, with nothing but their texts: this is all that is compared."""
    Store.open(path).close()
    database = Database.open(path)
    with database.append() as sql:
        sql.execute("INSERT OR IGNORE INTO source VALUES(1, 'made up')")
        first = sql.execute("SELECT coalesce(max(id), 0) + 1 FROM post").fetchone()[0]
        rows = ((n, str(n), n, text) for n, text in enumerate(make_texts(count, seed), first))
        sql.executemany(_ROW, rows)
    database.close()


def group(path: Path) -> dict[str, float]:
    """Compare what is new, and return the processor's time a post and the most memory of this process."""
    import resource  # noqa: PLC0415 - there is none on Windows

    with Store.open(path) as store:
        due = store.ungrouped()
        began = time.process_time()
        store.group_echoes()
        taken = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    us = round(taken / due * 1e6, 1)
    return {"posts": due, "seconds": round(taken, 2), "us_per_post": us, "peak_mb": round(memory)}


def measure(folder: Path, steps: dict[str, int]) -> dict[str, Any]:
    """Fill a store step by step, and return what each step took."""
    path = folder / "crowdtape.sqlite"
    found: dict[str, Any] = {}
    for seed, (name, count) in enumerate(steps.items()):
        add(path, count, seed)
        command = [sys.executable, __file__, "--group", str(path)]
        found[name] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=100_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--more", type=int, default=50_000)
    parser.add_argument("--daily", type=int, default=500)
    parser.add_argument("--group", type=Path, help="compare what is new in this store and print what it takes")
    options = parser.parse_args()
    if options.group:
        print(json.dumps(group(options.group)))
        return
    found: dict[str, Any] = {}
    for name in ("few", "many"):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            steps = {"whole": getattr(options, name), "more": options.more, "daily": options.daily}
            found[name] = measure(Path(folder), steps)
    found["many_to_few"] = {
        step: {k: round(found["many"][step][k] / found["few"][step][k], 2) for k in ("us_per_post", "peak_mb")}
        for step in found["few"]
    }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
