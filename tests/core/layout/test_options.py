from __future__ import annotations

import pytest

from core.layout import Option, Value

STYLE = Option("style", "Style", "candles", (("candles", "Candles"), ("line", "Line")))
LENGTH = Option("length", "Length", 20, low=1, high=500)


@pytest.mark.parametrize(
    ("option", "given", "kept"),
    [
        (STYLE, "line", "line"),
        (STYLE, "pie", "candles"),
        (STYLE, 3, "candles"),
        (LENGTH, 5, 5),
        (LENGTH, 0, 20),
        (LENGTH, True, 20),
        (LENGTH, 5.0, 20),
        (Option("x", "X", 1.5), 2, 2.0),
        (Option("x", "X", 1.5), "2", 1.5),
        (Option("on", "On", default=True), 0, True),
        (Option("sources", "Sources", ()), ["weibo", "x"], ("weibo", "x")),
        (Option("sources", "Sources", ()), "weibo", ()),
    ],
)
def test_that_an_option_takes_what_is_of_its_kind_and_else_its_default(
    option: Option, given: object, kept: Value
) -> None:
    assert option.clean(given) == kept
    assert type(option.clean(given)) is type(kept)
