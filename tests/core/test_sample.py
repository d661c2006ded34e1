from __future__ import annotations

import datetime as dt
import importlib.util
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from core.errors import CrowdtapeError
from core.linking import Matcher
from core.model import MetricKind, Rule
from core.sample import STORY, open_sample
from core.store import Store

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "sample"
BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_sample", ROOT / "packaging" / "make_sample.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def said() -> list[dict[str, object]]:
    return [json.loads(line) for line in (SAMPLE / "posts.jsonl").read_text(encoding="utf-8").splitlines()]


def _when(post: dict[str, object]) -> dt.datetime:
    return dt.datetime.fromisoformat(str(post["created_at"]))


def test_that_the_generator_writes_the_bundled_bytes(generator: ModuleType) -> None:
    made = generator.files()
    stored = {p.relative_to(SAMPLE).as_posix(): p.read_bytes() for p in SAMPLE.rglob("*") if p.is_file()}
    assert sorted(made) == sorted(stored)
    for name, content in made.items():
        assert content == stored[name], name


def test_that_every_post_is_marked_simulated_and_found_by_the_concepts_rule(said: list[dict[str, object]]) -> None:
    concept = json.loads((SAMPLE / "concept.json").read_text(encoding="utf-8"))
    matcher = Matcher({"it": Rule(tuple(concept["keywords"]), tuple(concept["hashtags"]))})
    assert 300 <= len(said) <= 1500
    for post in said:
        assert post["platform"] == "simulated"
        assert str(post["author"]).startswith("sim_")
        assert matcher.match(str(post["text"]), []) == {"it"}, post
    assert len({p["id"] for p in said}) == len(said)
    assert [_when(p) for p in said] == sorted(_when(p) for p in said)


def test_that_the_crowd_is_loudest_in_the_night_before_the_locked_boards(said: list[dict[str, object]]) -> None:
    def between(start: str, end: str) -> int:
        a, b = (dt.datetime.fromisoformat(t).replace(tzinfo=BEIJING) for t in (start, end))
        return sum(a < _when(p) <= b for p in said)

    night = between("2025-01-13T15:00", "2025-01-14T09:30")
    others = [
        between(f"2025-01-{day:02d}T15:00", f"2025-01-{day + 1:02d}T09:30") for day in (6, 7, 8, 9, 15, 16, 20, 21, 22)
    ]
    assert night > 0.2 * len(said)
    assert night > 3 * max(others)


@pytest.mark.parametrize(("symbol", "limit"), [("300792.SZ", 0.2), ("603598.SS", 0.1), ("002291.SZ", 0.1)])
def test_that_simulated_prices_keep_the_exchanges_rules(symbol: str, limit: float) -> None:
    header, *rows = (SAMPLE / "prices" / f"{symbol}.csv").read_text(encoding="utf-8").splitlines()
    assert header == "Date,Open,High,Low,Close,Volume"
    previous = None
    volumes: dict[str, int] = {}
    for row in rows:
        day, *figures = row.split(",")
        opened, high, low, close, volume = (float(f) for f in figures)
        volumes[day] = int(volume)
        assert low <= min(opened, close) <= max(opened, close) <= high
        assert dt.date.fromisoformat(day).weekday() < 5
        assert day != "2025-01-01"
        if previous is not None:
            assert round(previous * (1 - limit), 2) <= low
            assert high <= round(previous * (1 + limit) + 1e-9, 2)
        if day in {"2025-01-14", "2025-01-15"}:
            assert previous is not None
            assert opened == high == low == close == round(previous * (1 + limit) + 1e-9, 2)
        previous = close
    quiet = [v for d, v in volumes.items() if d < "2025-01-14"]
    assert volumes["2025-01-16"] > 4 * max(quiet)
    assert volumes["2025-01-14"] < min(quiet)


def test_that_no_simulated_close_is_a_real_one(shared: Path) -> None:
    for symbol in ("300792.SZ", "603598.SS", "002291.SZ"):
        files = list((shared / "prices" / "ashare").glob(f"*{symbol.partition('.')[0]}*.csv"))
        real = {tuple(row.split(",")[:3]) for f in files for row in f.read_text().splitlines()}
        for row in (SAMPLE / "prices" / f"{symbol}.csv").read_text(encoding="utf-8").splitlines()[1:]:
            day, opened, _high, _low, close, _volume = row.split(",")
            assert (day, f"{float(opened):g}", f"{float(close):g}") not in real


def test_that_no_post_repeats_a_real_one(shared: Path, said: list[dict[str, object]]) -> None:
    lines = (shared / "rednote-2025" / "xhs_posts.jsonl").read_text(encoding="utf-8").splitlines()
    real = {str(json.loads(line)["text"]).strip().casefold() for line in lines}
    assert not real & {str(p["text"]).strip().casefold() for p in said}


def test_that_every_published_figure_names_who_published_it() -> None:
    metrics = json.loads((SAMPLE / "metrics.json").read_text(encoding="utf-8"))
    ranks = next(m for m in metrics if m["name"] == "US App Store rank")
    assert ranks["kind"] == "rank"
    assert ranks["source"].startswith("Qimai, as reported")
    rows = (SAMPLE / ranks["file"]).read_text(encoding="utf-8").splitlines()
    assert [r.split(",")[:2] for r in rows[1:]] == [
        ["2025-01-12T12:00:00+08:00", "209"],
        ["2025-01-14T12:00:00+08:00", "1"],
    ]
    for metric in metrics:
        assert "report" in metric["source"]
        for row in (SAMPLE / metric["file"]).read_text(encoding="utf-8").splitlines()[1:]:
            assert len(row.split(",", 2)[2]) > 10, f"{metric['file']} has a row without a note: {row}"


# --- the store that is made of it


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_sample(tmp_path_factory.mktemp("cache"))


def test_that_the_sample_opens_read_only_and_says_that_it_is_simulated(opened: Path) -> None:
    subject, start, end = STORY
    with Store.open(opened, read_only=True) as store:
        assert store.check() == []
        assert store.get("simulated") is True
        assert store.post_sources(subject).keys() == {"simulated"}
        for member in ("300792.SZ", "603598.SS", "002291.SZ"):
            (series,) = store.bar_series(member)
            assert series.simulated
            assert series.source == "simulated"
            assert series.n == 29
            assert store.count_posts(member) > 20
        assert store.count_posts(subject, start, end) > 1000
        assert store.pins()[0] == subject


def test_that_the_sample_holds_the_published_figures_with_their_citations(opened: Path) -> None:
    with Store.open(opened, read_only=True) as store:
        metrics = {m.metric.name: m for m in store.metrics(STORY[0])}
        events = store.events(STORY[0])
    assert {n: m.value.tolist() for n, m in metrics.items()} == {
        "US App Store rank": [209, 1],
        "#tiktokrefugee notes": [2_000, 339_000],
        "#tiktokrefugee views": [390_000, 110_000_000, 400_000_000],
        "#tiktokrefugee discussions": [2_600_000, 8_417_000],
    }
    assert [metrics[n].metric.kind for n in metrics] == [MetricKind.RANK] + [MetricKind.COUNTER] * 3
    assert all("reported" in m.metric.source for m in metrics.values())
    evening = dt.datetime(2025, 1, 14, 21, tzinfo=BEIJING)
    assert metrics["#tiktokrefugee discussions"].time[0] == round(evening.timestamp() * 1000)
    days = [dt.datetime.fromtimestamp(e.time / 1000, BEIJING).date().isoformat() for e in events]
    assert days == ["2025-01-10", "2025-01-12", "2025-01-13", "2025-01-14", "2025-01-15", "2025-01-19"]
    assert all(e.note for e in events)


def test_that_a_second_opening_builds_nothing(opened: Path) -> None:
    before = opened.stat().st_mtime_ns
    assert open_sample(opened.parent) == opened
    assert opened.stat().st_mtime_ns == before
    assert not list(opened.parent.glob("*.part*"))
    assert not list(opened.parent.glob(".*"))


def test_that_two_may_open_it_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: open_sample(tmp_path), range(2))
    assert first == second
    assert [p.name for p in tmp_path.iterdir() if "sample" in p.name] == [first.name]
    with Store.open(first, read_only=True) as store:
        assert store.check() == []


def test_that_a_failed_build_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.ingest.import_posts", fail)
    with pytest.raises(CrowdtapeError, match="No space left"):
        open_sample(tmp_path)
    assert not [p for p in tmp_path.iterdir() if "sample" in p.name]


def test_that_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CrowdtapeError, match="cannot be unpacked"):
        open_sample(tmp_path / "file" / "cache")
