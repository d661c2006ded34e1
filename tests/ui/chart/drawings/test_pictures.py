"""Drawings and flags in snapshots: painted where their anchors are, as vectors where the format has them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.drawings import Anchor, Drawing, DrawingKind
from core.marks import Marks
from core.model import Event, subject_key
from ui.chart.snapshot import SnapshotSpec, render_image, write_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from core.timeline import View

SPEC = SnapshotSpec(width=800, height=600, made=1_737_000_000_000)
PINK = "#ff00ee"


@pytest.fixture(autouse=True)
def _application(qtbot: QtBot) -> None:
    """Fonts need one."""


def spec_with(view: View, *drawings: Drawing, events: tuple[Event, ...] = ()) -> SnapshotSpec:
    return replace(SPEC, marks={subject_key(view.tape.subject): Marks(events, drawings)})


def a_drawing(view: View, kind: DrawingKind, pane: str = "price") -> Drawing:
    slots = view.tape.slots
    anchors = (Anchor(int(slots.start[8]), 21.0), Anchor(int(slots.start[30]), 24.0))[: kind.anchors]
    return Drawing("a", kind, pane, anchors, PINK, 2.0, "words 字")


@pytest.mark.parametrize("kind", list(DrawingKind))
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_that_a_picture_shows_every_kind_in_its_colour(view: View, kind: DrawingKind, scale: float) -> None:
    spec = replace(spec_with(view, a_drawing(view, kind)), scale=scale)
    image = render_image(view, spec)
    plain = render_image(view, replace(spec, marks={}))
    assert image != plain
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    # Text is smoothed, so that no pixel need have its very colour.
    assert PINK in colours or kind in {DrawingKind.TEXT, DrawingKind.TREND}


def test_that_an_svg_has_drawings_as_vectors_with_their_words(view: View, tmp_path: Path) -> None:
    path = tmp_path / "chart.svg"
    event = Event(int(view.tape.slots.start[12]), "Hearing")
    measure, line = a_drawing(view, DrawingKind.MEASURE), a_drawing(view, DrawingKind.TREND)
    write_snapshot(view, spec_with(view, measure, replace(line, id="b"), events=(event,)), path)
    text = path.read_text(encoding="utf-8")
    assert "<image" not in text
    assert text.lower().count(PINK) >= 3
    assert ">words" in text
    assert "22 bars" in text
    assert "+3.00 (+14.29 %)" in text


def test_that_a_pdf_is_written_with_drawings(view: View, tmp_path: Path) -> None:
    path, bare = tmp_path / "chart.pdf", tmp_path / "bare.pdf"
    write_snapshot(view, spec_with(view, *(replace(a_drawing(view, k), id=k) for k in DrawingKind)), path)
    write_snapshot(view, spec_with(view), bare)
    assert path.stat().st_size > bare.stat().st_size


def test_that_a_drawing_of_a_pane_that_is_not_shown_is_left_out(view: View) -> None:
    spec = spec_with(view, a_drawing(view, DrawingKind.HORIZONTAL, "metric:gone"))
    assert render_image(view, spec) == render_image(view, replace(spec, marks={}))
