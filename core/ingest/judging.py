"""What can be said of a batch of posts without the store: their scores, and the subjects whose rules they satisfy.

Pure, so that any `concurrent.futures.Executor` may run it: other processes here, a cluster elsewhere.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from core.linking import Matcher
from core.sentiment import get_scorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model import Post, Rule

Rules: TypeAlias = "tuple[tuple[str, Rule], ...]"  # by the key of the subject
# What is sent and returned are plain tuples: pickling them costs a fraction of what dataclasses cost.
Said: TypeAlias = tuple[str, str, tuple[str, ...], tuple[str, ...]]


Figures: TypeAlias = tuple[float, float, float, float]  # value, pos, neu, neg


class Judged(NamedTuple):
    """Of each post its scores, one a scorer and None where there is none, and the keys of whom it speaks of."""

    scores: list[tuple[Figures | None, ...]]
    subjects: list[tuple[str, ...]]


def said(post: Post) -> Said:
    """Return what `judge_batch` needs of a post."""
    return post.text, post.lang, post.tags, post.symbols


def judge_batch(scorers: tuple[str, ...], rules: Rules, batch: Sequence[Said]) -> Judged:
    """Score a batch with each scorer, and link it."""
    match = matcher_of(rules).match
    columns = [_figures(name, batch) for name in scorers]
    return Judged(
        list(zip(*columns, strict=True)),
        [tuple(match(text, tags, symbols)) for text, _, tags, symbols in batch],
    )


def _figures(scorer: str, batch: Sequence[Said]) -> list[Figures | None]:
    score = get_scorer(scorer).score
    found = (score(text, lang) for text, lang, _, _ in batch)
    return [None if s is None else (s.value, s.pos, s.neu, s.neg) for s in found]


@functools.lru_cache(maxsize=2)
def matcher_of(rules: Rules) -> Matcher[str]:
    """Return this process's matcher of the rules; a run has one set of rules and many batches."""
    return Matcher(dict(rules))
