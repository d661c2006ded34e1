"""Subjects, pins, and small things kept."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from core.errors import UnknownSubjectError, UsageError
from core.model import Concept, Instrument, Member, Metric, MetricKind, Post, Rule
from core.store import NewPost, Store

if TYPE_CHECKING:
    from pathlib import Path

THEME = Concept(
    "Xiaohongshu",
    (Member("300792.SZ", 2.0, dt.date(2025, 1, 1), None), Member("603598.SS")),
    Rule(("小红书", "rednote"), ("tiktokrefugee",), ("BILI",), ("red note paper",)),
)


def test_that_a_concept_comes_back_as_it_went_in_and_brings_its_members(store: Store) -> None:
    store.put_concept(THEME)
    assert store.concepts() == [THEME]
    assert [i.symbol for i in store.instruments()] == ["300792.SZ", "603598.SS"]


@pytest.mark.parametrize("text", ["xiaohongshu", " XIAOHONGSHU ", "Ｘiaohongshu"])
def test_that_a_subject_is_found_whatever_case_and_width(store: Store, text: str) -> None:
    store.put_concept(THEME)
    assert store.find_subject(text) == THEME
    assert store.find_subject("300792.sz") == Instrument("300792.SZ")
    assert store.find_subject("") is None
    with pytest.raises(UnknownSubjectError, match="nobody"):
        store.subject("nobody")


def test_that_an_instrument_is_upper_case_and_a_blank_name_erases_nothing(store: Store) -> None:
    store.put_instrument(Instrument("aapl", "Apple", "USD"))
    store.put_instrument(Instrument("AAPL"))
    store.put_instrument(Instrument("AAPL", "Apple Inc."))
    assert store.instruments() == [Instrument("AAPL", "Apple Inc.", "USD")]


def test_that_names_are_unique_over_symbols_and_concepts(store: Store) -> None:
    store.put_instrument(Instrument("AAPL"))
    store.put_concept(Concept("Theme"))
    with pytest.raises(UsageError, match="symbol of an instrument"):
        store.put_concept(Concept("aapl"))
    with pytest.raises(UsageError, match="name of a concept"):
        store.put_instrument(Instrument("THEME"))
    with pytest.raises(UsageError, match="taken"):
        store.rename_concept("Theme", "aapl")
    for empty in (Concept(" "), Concept("")):
        with pytest.raises(UsageError, match="needs a name"):
            store.put_concept(empty)
    with pytest.raises(UsageError, match="needs a symbol"):
        store.put_instrument(Instrument(" "))


def test_that_a_failed_put_changes_nothing(store: Store) -> None:
    store.put_concept(Concept("Theme"))
    with pytest.raises(UsageError):
        store.put_concept(Concept("Other", (Member("GE"), Member("theme"))))
    assert store.concepts() == [Concept("Theme")]
    assert store.instruments() == []


def test_that_a_renamed_concept_keeps_everything(store: Store) -> None:
    store.put_concept(Concept("Theme", rule=Rule(("apple",))))
    store.add_posts([NewPost(Post("x", "1", 1, "apple"), subjects=frozenset({"Theme"}))])
    store.set_pins(["Theme"])
    store.rename_concept("theme", "Theme Two")
    assert store.count_posts("theme two") == 1
    assert store.pins() == ["Theme Two"]
    store.rename_concept("theme two", "THEME TWO")
    assert store.pins() == ["THEME TWO"]


def test_that_a_removed_concept_takes_its_links_with_it_and_leaves_the_posts(store: Store) -> None:
    store.put_concept(THEME)
    store.put_metric("Xiaohongshu", Metric("rank", MetricKind.RANK), [1], [1.0])
    store.add_posts([NewPost(Post("x", "1", 1), stated=frozenset({"Xiaohongshu", "300792.SZ"}))])
    store.set_pins(["xiaohongshu", "300792.SZ"])
    store.remove_concept("xiaohongshu")
    assert store.concepts() == []
    assert store.pins() == ["300792.SZ"]
    assert store.posts_total() == store.count_posts("300792.SZ") == 1
    assert store.check() == []
    store.put_concept(Concept("Xiaohongshu"))
    assert store.count_posts("Xiaohongshu") == 0
    with pytest.raises(UsageError, match="not a concept"):
        store.remove_concept("300792.SZ")
    with pytest.raises(UnknownSubjectError):
        store.remove_concept("gone")


def test_that_every_subject_has_a_rule(store: Store) -> None:
    store.put_concept(THEME)
    rules = {(type(s).__name__, r) for _, s, r in store.rules()}
    assert ("Concept", THEME.rule) in rules
    assert ("Instrument", Rule(cashtags=("300792.SZ",))) in rules
    assert len({number for number, _, _ in store.rules()}) == 3


def test_that_an_unchanged_rule_needs_no_relink(store: Store) -> None:
    store.put_concept(THEME)
    store.add_posts([NewPost(Post("x", "1", 1, "小红书"))])
    store.put_concept(Concept(THEME.name, (), THEME.rule), relink=False)
    assert store.relink_stale() == {}
    store.put_concept(Concept(THEME.name, (), Rule(("红书",))), relink=False)
    assert store.count_posts(THEME.name) == 0
    assert store.relink_stale() == {THEME.name: 1}


def test_that_pins_keep_their_order_and_stand_once(store: Store) -> None:
    for symbol in ("A", "B", "C"):
        store.put_instrument(Instrument(symbol))
    store.set_pins(["c", "A", "C", "b"])
    assert store.pins() == ["C", "A", "B"]
    with pytest.raises(UnknownSubjectError):
        store.set_pins(["A", "Z"])
    assert store.pins() == ["C", "A", "B"]
    store.set_pins([])
    assert store.pins() == []


def test_that_small_things_are_kept_over_sessions(tmp_path: Path) -> None:
    value = {"text": "小红书", "list": [1, 2.5, None, True]}
    with Store.open(tmp_path / "s.sqlite") as store:
        store.put("key", value)
        store.put("key 2", 5)
        store.put("key 2", None)
    with Store.open(tmp_path / "s.sqlite") as store:
        assert store.get("key") == value
        assert store.get("key 2") is None
        assert store.get("key 2", 7) == 7
