"""`crowdtape score`: one JSON object for every line of standard input."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.cli.conftest import Result

    Cli = Callable[..., Result]

FIELDS = ["lang", "score", "bull", "neutral", "bear", "pos", "neu", "neg", "compound", "words"]


def score(cli: Cli, monkeypatch: pytest.MonkeyPatch, lines: bytes, *options: str) -> list[dict[str, Any]]:
    """Run the command on these lines and return its objects."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    result = cli("score", *options)
    assert result.code == 0
    return [json.loads(line) for line in result.out.splitlines()]


def test_that_vaders_four_figures_are_vadersentiments(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "VADER is not bad at all!!!"
    (found,) = score(cli, monkeypatch, text.encode() + b"\n", "--scorer", "vader", "--json")
    assert list(found) == FIELDS
    assert {k: found[k] for k in ("pos", "neu", "neg", "compound")} == SentimentIntensityAnalyzer().polarity_scores(
        text
    )
    assert (found["bull"], found["neutral"], found["bear"], found["words"]) == (None, None, None, None)


def test_that_crowd_gives_probabilities_and_the_words_that_made_them(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "小红书概念涨停\nnot good, sell $AAPL\n".encode()
    up, down = score(cli, monkeypatch, lines, "--scorer", "crowd", "--explain")
    assert (up["lang"], down["lang"]) == ("zh", "en")
    for found in (up, down):
        assert found["bull"] + found["neutral"] + found["bear"] == pytest.approx(1)
        assert found["score"] == pytest.approx(found["bull"] - found["bear"])
        assert found["compound"] is None
    assert up["score"] > 0.5
    assert down["score"] < -0.5
    assert max(up["words"], key=lambda part: part[1])[0] == "涨停"


def test_that_what_cannot_be_judged_is_null_and_nothing_is_lost(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    found = score(cli, monkeypatch, b"\n\xff\xfe\r\n good", "--explain")
    assert len(found) == 3
    assert (found[0]["lang"], found[0]["score"], found[0]["words"]) == (None, None, [])
    assert found[2]["score"] > 0


def test_that_an_unknown_scorer_is_wrong_use(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"good\n")))
    result = cli("score", "--scorer", "oracle")
    assert result.code == 2
    assert "crowd, vader" in result.err
