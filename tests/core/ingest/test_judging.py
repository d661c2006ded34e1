"""What is said of a batch without the store, here and in another process."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from core.ingest.judging import Said, judge_batch
from core.linking import instrument_rule
from core.model import Post, Rule

RULES = (("Story", Rule(keywords=("小红书",))), ("AAPL", instrument_rule("AAPL")))
POSTS = [
    Post("x", "1", 1, "good $AAPL", lang="en"),
    Post("x", "2", 2, "", tags=("小红书",)),
    Post("x", "3", 3, "bad"),
    Post("x", "4", 4, "小红书概念涨停"),
]


SAID: list[Said] = [(p.text, p.tags, p.symbols) for p in POSTS]


def test_that_a_batch_is_scored_and_linked_in_order() -> None:
    judged = judge_batch(("vader",), RULES, SAID)
    values = [None if score is None else score[0] for score in judged.scores[0]]
    assert values[0] is not None
    assert values[2] is not None
    assert values[0] > 0 > values[2]
    assert (values[1], values[3]) == (None, None)
    assert judged.subjects == [("AAPL",), ("Story",), (), ("Story",)]


def test_that_another_process_judges_the_same() -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as executor:
        there = executor.submit(judge_batch, ("vader",), RULES, SAID).result()
    assert there == judge_batch(("vader",), RULES, SAID)
