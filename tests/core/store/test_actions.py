"""Splits and dividends in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import Action, ActionKind
from core.store import Store, schema
from core.store.database import Database

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SPLIT = Action(1_402_320_600_000, ActionKind.SPLIT, 7.0, "Yahoo")
DIVIDEND = Action(1_399_555_800_000, ActionKind.DIVIDEND, 0.47, "Yahoo")


def test_that_actions_come_back_in_order_and_a_correction_replaces(store: Store) -> None:
    assert store.put_actions("aapl", [SPLIT, DIVIDEND]) == 2
    assert store.actions("AAPL") == [DIVIDEND, SPLIT]
    corrected = Action(SPLIT.time, SPLIT.kind, 4.0, "by hand")
    assert store.put_actions("AAPL", [corrected]) == 0
    assert store.actions("AAPL") == [DIVIDEND, corrected]
    assert store.remove_action("AAPL", SPLIT)
    assert not store.remove_action("AAPL", SPLIT)
    assert store.actions("AAPL") == [DIVIDEND]


def test_that_an_unknown_symbol_has_none_and_nothing_makes_no_instrument(store: Store) -> None:
    assert store.actions("NOPE") == []
    assert store.put_actions("NOPE", []) == 0
    assert store.instruments() == []


def test_that_a_store_of_the_first_version_gets_the_table_and_keeps_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    with monkeypatch.context() as old:
        old.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        database = Database.open(path)
        with database.write() as sql:
            sql.execute("INSERT INTO subject(kind, name, fold) VALUES('instrument', 'AAPL', 'aapl')")
        database.close()
    with Store.open(path) as store:
        assert [i.symbol for i in store.instruments()] == ["AAPL"]
        assert store.put_actions("AAPL", [SPLIT]) == 1
