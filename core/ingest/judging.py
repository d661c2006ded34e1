"""What can be said of a batch of posts without the store: their scores, and the subjects whose rules they satisfy.

Pure, so that any `concurrent.futures.Executor` may run it: other processes here, a cluster elsewhere.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from core.linking import Matcher
from core.sentiment.batch import score_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model import Rule
    from core.sentiment.batch import Spec
    from core.store.arrivals import Figures

Rules: TypeAlias = "tuple[tuple[str, Rule], ...]"  # by the key of the subject
# What is said of a post: text, tags, symbols. Plain tuples, as pickling them costs a fraction of what dataclasses do.
Said: TypeAlias = tuple[str, tuple[str, ...], tuple[str, ...]]


class Judged(NamedTuple):
    """Of each scorer its scores, None where it gave none, and of each post the keys of whom it speaks of."""

    scores: list[list[Figures | None]]
    subjects: list[tuple[str, ...]]


def judge_batch(scorers: tuple[Spec, ...], rules: Rules, batch: Sequence[Said]) -> Judged:
    """Score a batch with each scorer, and link it."""
    texts = [text for text, _, _ in batch]
    return Judged(
        [score_texts(scorer, texts) for scorer in scorers],
        [tuple(keys) for keys in matcher_of(rules).match_many(batch)],
    )


@functools.lru_cache(maxsize=2)
def matcher_of(rules: Rules) -> Matcher[str]:
    """Return this process's matcher of the rules; a run has one set of rules and many batches."""
    return Matcher(dict(rules))
