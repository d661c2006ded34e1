from __future__ import annotations

import json
import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.cli.output import count, json_text, plain, print_json, say, say_table, width


@given(st.text())
def test_that_plain_text_holds_nothing_that_steers_a_terminal(text: str) -> None:
    shown = plain(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def test_that_plain_text_shows_an_escape_and_keeps_chinese_and_emoji() -> None:
    assert plain("a\x1b[31m红\n🐱\x9b") == "a␛[31m红 🐱\ufffd"


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_that_ordinary_letters_pass_unchanged(text: str) -> None:
    ordinary = "".join(c for c in text if c.isalnum())
    assert plain(ordinary) == ordinary


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def _without_gaps(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_without_gaps(v) for v in value]
    if isinstance(value, dict):
        return {k: _without_gaps(v) for k, v in value.items()}
    return value


@given(json_values)
def test_that_json_reads_back_with_null_for_what_is_no_number(value: object) -> None:
    text = json_text(value)
    assert json.loads(text) == _without_gaps(value)
    assert "\n" not in text
    assert "\x1b" not in text
    text.encode("utf-8", errors="strict")


def test_that_json_goes_out_as_utf8_on_one_line(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_json({"name": "小红书"})
    assert capfdbinary.readouterr().out == '{"name": "小红书"}\n'.encode()


def test_that_columns_line_up_beside_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    say_table([("小红书", "1"), ("ab", "22")], right=frozenset({1}))
    first, second = capsys.readouterr().out.splitlines()
    assert width(first) == width(second)
    assert second == "ab      22"


def test_that_a_table_of_nothing_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    say_table([])
    assert capsys.readouterr().out == ""


def test_that_a_line_cannot_smuggle_a_second_one(capsys: pytest.CaptureFixture[str]) -> None:
    say("one\ntwo")
    assert capsys.readouterr().out == "one two\n"


@pytest.mark.parametrize(("n", "text"), [(0, "0 posts"), (1, "1 post"), (1234, "1,234 posts")])
def test_that_counts_name_what_they_count(n: int, text: str) -> None:
    assert count(n, "post") == text
