from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ui import formats
from ui.i18n import Translation
from ui.plain import tip

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (float("nan"), "–"), (21.113, "21.11"), (-3.5, "−3.50"), (0.01234, "0.0123"), (123456.7, "123,457")],
)
def test_that_a_price_has_the_digits_that_its_size_deserves(value: float | None, text: str) -> None:
    assert formats.price(value) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.2, "+20.0%"), (-0.0712, "−7.1%"), (12.5, "+1,250%"), (-0.0001, "0.0%"), (None, "–")]
)
def test_that_a_change_has_its_sign(share: float | None, text: str) -> None:
    assert formats.change(share) == text


@pytest.mark.parametrize(
    ("n", "text"), [(205, "205"), (9999, "9,999"), (76_000, "76 K"), (110_000_000, "110 M"), (2_600_000, "2.6 M")]
)
def test_that_a_count_stays_short(n: int, text: str) -> None:
    assert formats.count(n) == text


def test_that_a_count_is_in_ten_thousands_in_chinese(qapp: QApplication) -> None:
    translation = Translation(qapp)
    translation.use("zh")
    try:
        assert [formats.count(n) for n in (9999, 76_000, 110_000_000)] == ["9,999", "7.6万", "1.1亿"]
    finally:
        translation.use("en")


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (-5, "now"),
        (60_000, "now"),
        (14 * 60_000, "14 min old"),
        (3 * 3_600_000, "3 h old"),
        (3 * 86_400_000, "3 days old"),
    ],
)
def test_that_an_age_is_told_in_the_largest_unit_that_fits(ms: int, text: str) -> None:
    assert formats.age(ms) == text


def test_that_a_tool_tip_shows_markup_as_text() -> None:
    assert "<img" not in tip('<img src="file:///etc/passwd">')
    assert tip("") == ""
