"""The bundled sample, shown at the first start: the Xiaohongshu story of January 2025.

Prices and posts are SIMULATED, and the store that is built here says so. Ranks, counters and events are real and
published, each with its citation. The user's own store is never touched.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any, Final

from core.errors import CrowdtapeError
from core.model import Concept, Event, Instrument, Member, MetricKind, Rule
from core.resources import resource_path

if TYPE_CHECKING:
    from pathlib import Path

    from core.store import Store

# What is first shown: subject, first and last instant (ms UTC): 2025-01-06 09:00 to 2025-01-24 15:00 in Shanghai.
STORY: Final = ("Xiaohongshu", 1_736_125_200_000, 1_737_702_000_000)

# Raise when the same files must become another store.
_BUILD: Final = 2
_FILES: Final = ("concept.json", "metrics.json", "events.csv", "posts.jsonl")
# When the sample's files were last made, for "how old is it": 2025-01-25 00:00 UTC, the day after its last bar.
_MADE: Final = 1_737_763_200_000


def open_sample(cache_dir: Path) -> Path:
    """Return the path of the sample's store below `cache_dir`, built there where it is not yet.

    The name holds a hash of the sample's files, so a new version of the program builds its own. Several processes may
    call this at once. Raises CrowdtapeError where the sample's files are missing or the folder cannot be written.
    """
    source = resource_path("sample")
    path = cache_dir / f"sample-{_fingerprint(source)}.sqlite"
    if path.exists():
        return path
    building = cache_dir / f".{path.name}.{secrets.token_hex(4)}.part"
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        _build(source, building, cache_dir)
        _publish(building, path)
    except OSError as error:
        raise CrowdtapeError(
            f"The sample cannot be unpacked in {cache_dir}: {error.strerror or error}; check the folder."
        ) from error
    finally:
        for leftover in cache_dir.glob(f"{building.name}*"):
            with contextlib.suppress(OSError):
                leftover.unlink()
    return path


def _fingerprint(source: Path) -> str:
    from core.store import derived  # noqa: PLC0415 - a start that does not show the sample need not load it
    from core.store.schema import MIGRATIONS  # noqa: PLC0415 - as above

    digest = hashlib.sha256(f"{_BUILD}/{len(MIGRATIONS)}/{derived.VERSION}".encode())
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        digest.update(f"\0{path.relative_to(source).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _publish(building: Path, path: Path) -> None:
    """Move the finished store into place; where another process was faster, its store is the same."""
    try:
        building.replace(path)
    except PermissionError:  # Windows, while the other process has it open
        if not path.exists():
            raise


def _build(source: Path, path: Path, cache_dir: Path) -> None:
    """Fill a new store through the ordinary import."""
    from core.ingest import import_metrics, import_posts, import_prices  # noqa: PLC0415 - as above
    from core.store import Store  # noqa: PLC0415 - as above

    about = json.loads((source / "concept.json").read_text(encoding="utf-8"))
    concept = _concept(about)
    with Store.open(path) as store:
        store.put("simulated", True)
        for m in about["members"]:
            store.put_instrument(Instrument(m["symbol"], m["name"], m["currency"]))
        store.put_concept(concept)
        for m in concept.members:
            import_prices(
                store, [source / "prices" / f"{m.symbol}.csv"], symbol=m.symbol, simulated=True, cache_dir=cache_dir
            )
            _sign(store, m.symbol)
        import_posts(store, [source / "posts.jsonl"], source="simulated")
        store.group_echoes()
        for metric in json.loads((source / "metrics.json").read_text(encoding="utf-8")):
            import_metrics(
                store,
                [source / metric["file"]],
                subject=concept.name,
                metric=metric["name"],
                kind=MetricKind(metric["kind"]),
                unit=metric["unit"],
                source=metric["source"],
            )
        _put_events(store, concept, source / "events.csv")
        store.set_pins([concept.name, *(m.symbol for m in concept.members)])


def _sign(store: Store, symbol: str) -> None:
    """Let the bars be of the source "simulated" and of the day they end on, not of a file read just now."""
    for info in store.bar_series(symbol):
        bars = store.bars(symbol, info.interval, info.basis)
        store.drop_bars(symbol, info.interval, info.basis)
        store.put_bars(symbol, info.interval, info.basis, bars, source="simulated", fetched=_MADE, simulated=True)


def _concept(about: dict[str, Any]) -> Concept:
    members = tuple(Member(m["symbol"], float(m["weight"])) for m in about["members"])
    words = (tuple(about[name]) for name in ("keywords", "hashtags", "cashtags", "excludes"))
    return Concept(about["name"], members, Rule(*words))


def _put_events(store: Store, concept: Concept, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            moment = dt.datetime.fromisoformat(row["time"])
            store.put_event(concept, Event(round(moment.timestamp() * 1000), row["title"], row["note"]))
