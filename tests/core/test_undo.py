"""Taking back and doing again, against a plain list of what was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.drawings import Anchor, Drawing, DrawingKind
from core.marks import Change, Marks
from core.undo import MOST, History, Step

LINE = Drawing("a", DrawingKind.HORIZONTAL, "price", (Anchor(1, 0.0),), made=1)


def moved(value: float) -> Drawing:
    return LINE.with_anchor(0, Anchor(1, value))


@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=60))
def test_that_undo_and_redo_walk_along_what_was_done(actions: list[str]) -> None:
    history, state = History(), Marks((), (LINE,))
    states, at, number = [state], 0, 0
    for action in actions:
        if action == "do":
            number += 1
            change = Change("X", state.drawings[0], moved(number))
            history.add(Step(f"step {number}", (change,), made=0.0))
            state = state.changed([change])
            states, at = [*states[: at + 1], state], at + 1
        elif action == "undo":
            state = state.changed(history.undo())
            at = max(at - 1, 0)
        else:
            state = state.changed(history.redo())
            at = min(at + 1, len(states) - 1)
        assert state == states[at]
        assert bool(history.undo_text) == (at > 0)
        assert bool(history.redo_text) == (at < len(states) - 1)


def test_that_moves_that_follow_at_once_are_one_step() -> None:
    history = History()
    for number, made in enumerate((0.0, 0.9, 1.8, 3.5)):
        history.add(Step("move", (Change("X", moved(number), moved(number + 1)),), made))
    assert history.undo() == (Change("X", moved(4), moved(3)),)
    assert history.undo() == (Change("X", moved(3), moved(0)),)
    assert history.undo() == ()


def test_that_a_move_is_not_joined_with_another_mark_or_with_its_drawing() -> None:
    history = History()
    other = Drawing("b", DrawingKind.HORIZONTAL, "price", (Anchor(1, 0.0),))
    for change in (
        Change("X", None, LINE),
        Change("X", LINE, moved(1)),
        Change("X", other, other.with_anchor(0, Anchor(1, 5.0))),
        Change("X", moved(1), None),
    ):
        history.add(Step("same name", (change,), made=0.0))
    assert [len(history.undo()) for _ in range(5)] == [1, 1, 1, 1, 0]


def test_that_only_so_many_steps_are_kept_and_the_newest_of_them() -> None:
    history = History()
    for number in range(MOST + 30):
        history.add(Step(str(number), (Change("X", None, moved(number)),), made=0.0))
    count = 0
    while history.undo():
        count += 1
    assert count == MOST
    assert history.redo_text == "30"
