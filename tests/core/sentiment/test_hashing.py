"""Hashes of strings: of substrings, of what is put together, and an index of those that are known."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sentiment.hashing import HashIndex, Substrings, begun_with, hashes, line_hashes, paired, shifts

P = 0x9E6C_63D0_876A_68EB
MODULUS = 1 << 64


def by_hand(text: str) -> int:
    return sum((ord(char) + 1) * pow(P, i + 1, MODULUS) for i, char in enumerate(text)) % MODULUS


@given(st.lists(st.text()))
def test_that_a_hash_is_the_polynomial_of_the_code_points(strings: list[str]) -> None:
    assert hashes(strings).tolist() == [by_hand(text) for text in strings]


@settings(deadline=None, max_examples=20)
@given(
    st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs",))), min_size=1), st.integers(1, 3)
)
def test_that_lines_have_the_hashes_of_their_strings(lines: list[str], times: int) -> None:
    many = lines * (2000 * times)
    found, lengths = line_hashes("\n".join(many).encode())
    assert found.tolist() == hashes(many).tolist() == [by_hand(line) for line in lines] * (2000 * times)
    assert lengths.tolist() == [len(line) for line in many]


@given(st.text(min_size=1), st.data())
def test_that_a_substring_has_the_hash_of_the_same_string_alone(text: str, data: st.DataObject) -> None:
    end = data.draw(st.integers(0, len(text)))
    start = data.draw(st.integers(0, end))
    codes = np.array([ord(char) for char in text], np.uint32)
    found = Substrings(codes).hashes(np.array([start]), np.array([end]))
    assert found.tolist() == [by_hand(text[start:end])]


@given(st.text(), st.text(), st.characters())
def test_that_the_hash_of_a_whole_follows_from_those_of_its_parts(left: str, right: str, char: str) -> None:
    both = paired(hashes([left]), shifts(np.array([len(left)])), hashes([right]))
    assert both.tolist() == [by_hand(f"{left} {right}")]
    assert begun_with(char, hashes([left])).tolist() == [by_hand(char + left)]


@given(st.sets(st.integers(0, MODULUS - 2)), st.lists(st.integers(0, MODULUS - 2)), st.integers(1, 100))
def test_that_an_index_finds_what_is_in_it_and_nothing_else(known: set[int], others: list[int], times: int) -> None:
    ordered = sorted(known)
    sought = [*others, *ordered] * times
    places, at = HashIndex(np.array(ordered, np.uint64)).find(np.array(sought, np.uint64))
    assert places.tolist() == [i for i, value in enumerate(sought) if value in known]
    assert [ordered[i] for i in at.tolist()] == [value for value in sought if value in known]
