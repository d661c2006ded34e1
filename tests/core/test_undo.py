"""Taking back and doing again, against a plain list of what was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.drawings import Anchor, Drawing, DrawingKind
from core.marks import Change, Marks, take_back
from core.undo import MOST, History, MarkStep

LINE = Drawing("a", DrawingKind.HORIZONTAL, "price", (Anchor(1, 0.0),), made=1)


def taken_back(history: History[MarkStep]) -> tuple[Change, ...]:
    step = history.undo()
    return take_back(step.changes) if step is not None else ()


def moved(value: float) -> Drawing:
    return LINE.with_anchor(0, Anchor(1, value))


@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=60))
def test_that_undo_and_redo_walk_along_what_was_done(actions: list[str]) -> None:
    history, state = History[MarkStep](), Marks((), (LINE,))
    states, at, number = [state], 0, 0
    for action in actions:
        if action == "do":
            number += 1
            change = Change("X", state.drawings[0], moved(number))
            history.add(MarkStep(f"step {number}", (change,), made=0.0))
            state = state.changed([change])
            states, at = [*states[: at + 1], state], at + 1
        elif action == "undo":
            state = state.changed(taken_back(history))
            at = max(at - 1, 0)
        else:
            step = history.redo()
            state = state.changed(step.changes if step is not None else ())
            at = min(at + 1, len(states) - 1)
        assert state == states[at]
        assert (history.last is not None) == (at > 0)
        assert (history.next is not None) == (at < len(states) - 1)


def test_that_moves_that_follow_at_once_are_one_step() -> None:
    history = History[MarkStep]()
    for number, made in enumerate((0.0, 0.9, 1.8, 3.5)):
        history.add(MarkStep("move", (Change("X", moved(number), moved(number + 1)),), made))
    assert taken_back(history) == (Change("X", moved(4), moved(3)),)
    assert taken_back(history) == (Change("X", moved(3), moved(0)),)
    assert taken_back(history) == ()


def test_that_a_move_is_not_joined_with_another_mark_or_with_its_drawing() -> None:
    history = History[MarkStep]()
    other = Drawing("b", DrawingKind.HORIZONTAL, "price", (Anchor(1, 0.0),))
    for change in (
        Change("X", None, LINE),
        Change("X", LINE, moved(1)),
        Change("X", other, other.with_anchor(0, Anchor(1, 5.0))),
        Change("X", moved(1), None),
    ):
        history.add(MarkStep("same name", (change,), made=0.0))
    assert [len(taken_back(history)) for _ in range(5)] == [1, 1, 1, 1, 0]


def test_that_only_so_many_steps_are_kept_and_the_newest_of_them() -> None:
    history = History[MarkStep]()
    for number in range(MOST + 30):
        history.add(MarkStep(str(number), (Change("X", None, moved(number)),), made=0.0))
    count = 0
    while history.undo():
        count += 1
    assert count == MOST
    assert history.next is not None
    assert history.next.text == "30"
