"""The user's layer as the store keeps it, and what becomes of it when `crowd` has a newer version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core import corrections
from core.corrections import layer_of, learn, mine, scorer_named, specs
from core.model import PERSONAL_SCORER, Post, Score, ScorerId
from core.sentiment import get_scorer
from core.sentiment.base import Contribution, Scorer
from core.sentiment.personal import Layer
from core.store import NewPost, Store
from core.store.corrections import Correction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from core.store.corrections import Verdict

TEXTS = ["paying the cat tax here", "my chinese spy says hi", "cat tax paid in full", "my spy misses me"]
LATER = ScorerId("crowd", "99.0")


class Newer(Scorer):
    """A later `crowd`, to which every text is neutral."""

    @property
    def id(self) -> ScorerId:
        return LATER

    def score_many(self, texts: Sequence[str]) -> list[Score | None]:
        return [Score(0.0, 0.2, 0.6, 0.2) for _ in texts]

    def score(self, text: str) -> Score | None:
        return self.score_many([text])[0]

    def explain(self, text: str) -> list[Contribution]:
        del text
        return []


@pytest.fixture
def marked(tmp_path: Path) -> Iterator[Store]:
    """Open a store with posts that the user has marked as bullish, and a layer learned from them."""
    with Store.open(tmp_path / "store.db") as store:
        add(store, "bullish", *TEXTS)
        learn(store, tags=False)
        yield store


def add(store: Store, verdict: Verdict, *texts: str) -> None:
    store.add_posts([NewPost(Post("x", text, 1, text), [], stated=frozenset({"GE"})) for text in texts])
    store.put_corrections([Correction("x", text, verdict, "", 1) for text in texts])


@pytest.fixture
def newer(marked: Store, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 (its layer is older)
    monkeypatch.setattr(corrections, "get_scorer", lambda name: Newer() if name == "crowd" else get_scorer(name))


def test_that_a_layer_is_used_as_it_was_learned_while_crowd_is_the_same(marked: Store) -> None:
    layer = layer_of(marked)
    assert layer is not None
    assert layer.base == get_scorer("crowd").id
    assert layer.as_dict() == marked.get("layer")["layer"]


@pytest.mark.usefixtures("newer")
def test_that_a_layer_is_learned_anew_from_the_same_marks_when_crowd_is_newer(marked: Store) -> None:
    before = Layer.of(marked.get("layer")["layer"])
    layer = layer_of(marked)
    assert layer is not None
    assert layer.base == LATER
    assert layer.digest == before.digest
    assert layer.id == ScorerId(PERSONAL_SCORER, f"{LATER.version}+{before.digest}")
    assert layer.as_dict()["weights"] != before.as_dict()["weights"]
    assert all(layer.weights[word][0] > 0 for word in ("cat", "spy"))


@pytest.mark.usefixtures("newer")
def test_that_posts_are_scored_by_the_layer_learned_anew(marked: Store) -> None:
    assert [spec.id for spec in specs(marked) if isinstance(spec, Layer)] == [scorer_named(marked, PERSONAL_SCORER).id]
    assert scorer_named(marked, PERSONAL_SCORER).id.version.startswith(LATER.version)


@pytest.mark.usefixtures("newer")
def test_that_marks_made_since_are_learned_with_the_newer_crowd(marked: Store) -> None:
    add(marked, "bearish", "no more cats, dull")
    layer, known = layer_of(marked), mine(marked)
    assert layer is not None
    assert layer.weights["dull"][0] < 0
    assert known is not None
    assert known.fresh == 0
