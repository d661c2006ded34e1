from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.model import Concept, Member, Rule
from ui.concepts.editor import ConceptEditor
from ui.concepts.form import join_words, parse_concept, parse_member, split_words

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

words = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), max_size=5, unique=True).map(
    tuple
)


@given(words)
def test_that_words_come_back_from_their_field(found: tuple[str, ...]) -> None:
    assert split_words(join_words(found)) == found


def test_that_words_may_be_separated_in_the_chinese_way() -> None:
    assert split_words("小红书，rednote、 #RED ; 小红书", "#") == ("小红书", "rednote", "RED")


@pytest.mark.parametrize(
    ("row", "part"),
    [
        (("AAPL", "x", "", ""), "AAPL"),
        (("AAPL", "0", "", ""), "above 0"),
        (("AAPL", "nan", "", ""), "above 0"),
        (("AAPL", "1", "14.1.2025", ""), "2025-01-14"),
        (("AAPL", "1", "2025-02-01", "2025-01-01"), "before"),
    ],
)
def test_that_an_unfit_member_is_a_sentence(row: tuple[str, str, str, str], part: str) -> None:
    with pytest.raises(InputError, match=part):
        parse_member(*row)


def test_that_a_member_may_leave_weight_and_dates_out() -> None:
    assert parse_member("sz300792", "", "", "") == Member("300792.SZ")
    assert parse_member("aapl", "0,5", "2025-01-01", "") == Member("AAPL", 0.5, dt.date(2025, 1, 1))


@pytest.mark.parametrize(
    ("name", "rows", "part"),
    [
        ("  ", [("AAPL", "1", "", "")], "name"),
        ("X", [], "member or a word"),
        ("X", [("AAPL", "1", "", ""), ("aapl", "2", "", "")], "twice"),
    ],
)
def test_that_an_unfit_concept_is_a_sentence(name: str, rows: list[tuple[str, ...]], part: str) -> None:
    with pytest.raises(InputError, match=part):
        parse_concept(name, rows, "", "", "", "")


def test_that_an_edited_concept_comes_back_as_it_was(qtbot: QtBot) -> None:
    members = (Member("300792.SZ", 2.0, dt.date(2025, 1, 1), dt.date(2025, 2, 1)), Member("AAPL"))
    concept = Concept("小红书", members, Rule(("rednote", "小红书"), ("tiktokrefugee",), ("RED",), ("beauty",)))
    editor = ConceptEditor(concept)
    qtbot.addWidget(editor)
    editor.accept()
    assert editor.concept == concept


def test_that_the_editor_stays_open_with_a_sentence_until_the_form_is_fit(qtbot: QtBot) -> None:
    editor = ConceptEditor()
    qtbot.addWidget(editor)
    editor.accept()
    assert editor.concept is None
    assert editor.note.text() == "The concept needs a name."
    editor.name.setText("X")
    editor.add_row("AAPL", "1")
    editor.accept()
    assert editor.concept == Concept("X", (Member("AAPL"),))
