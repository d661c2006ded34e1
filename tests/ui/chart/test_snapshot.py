"""Snapshots: what they show, what they tell of themselves, and what they never do."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QImage

from core.errors import CrowdtapeError
from core.layout import DEFAULT_LAYOUT, Layout
from core.model import ClockMode
from ui.chart.snapshot import SnapshotSpec, render_image, write_snapshot
from ui.chart.snapshot_file import read_record
from ui.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from core.timeline import View

MADE = 1_737_000_000_000
SPEC = SnapshotSpec(width=800, height=600, made=MADE)


@pytest.fixture(autouse=True)
def _application(qtbot: QtBot) -> None:
    """Fonts need one."""


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_that_a_png_has_the_asked_size_and_tells_its_origin(view: View, tmp_path: Path, scale: float) -> None:
    path = tmp_path / "chart.png"
    assert write_snapshot(view, replace(SPEC, scale=scale), path) == [path, tmp_path / "chart.json"]
    image = QImage(str(path))
    assert (image.width(), image.height()) == (800 * scale, 600 * scale)
    assert image.text("Title") == "300792.SZ Onechance"
    said = image.text("Description")
    for part in ("Yahoo", "xiaohongshu 49", "vader 3.3.2", "trading clock", "Asia/Shanghai", "2025-01-06", "Qimai"):
        assert part in said
    assert json.loads(image.text("Crowdtape"))["subject"] == "300792.SZ"


def test_that_the_picture_is_drawn_and_not_blank(view: View) -> None:
    image = render_image(view, SPEC)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(600, 800, 4)
    colours = np.unique(pixels.reshape(-1, 4), axis=0)
    assert len(colours) > 50


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_that_themes_fill_the_ground(view: View, theme: str) -> None:
    image = render_image(view, replace(SPEC, theme=load_theme(theme)))
    assert image.pixelColor(799, 599).name() == load_theme(theme).background


def test_that_an_svg_is_made_of_text_and_vectors(view: View, tmp_path: Path) -> None:
    path = tmp_path / "chart.svg"
    write_snapshot(view, SPEC, path)
    text = path.read_text(encoding="utf-8")
    assert "<image" not in text
    assert "<title>300792.SZ Onechance</title>" in text
    assert "vader 3.3.2" in text.split("</desc>")[0]
    assert text.count("<text") > 20
    assert ">300792.SZ" in text.split("</desc>")[1]


def test_that_nothing_in_an_svg_leaves_the_picture(view: View, tmp_path: Path) -> None:
    spec = replace(SPEC, start=int(view.tape.slots.start[10]), end=int(view.tape.slots.end[20]))
    path = tmp_path / "chart.svg"
    write_snapshot(view, spec, path)
    import re  # noqa: PLC0415

    for x, width in re.findall(r'<rect x="([-\d.]+)" y="[-\d.]+" width="([-\d.]+)"', path.read_text(encoding="utf-8")):
        assert float(x) >= 0
        assert float(x) + float(width) <= 800


def test_that_a_pdf_is_one_with_its_title(view: View, tmp_path: Path) -> None:
    path = tmp_path / "chart.pdf"
    write_snapshot(view, SPEC, path)
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert "300792.SZ Onechance".encode("utf-16-be") in content or b"300792.SZ Onechance" in content
    assert b"/Subtype /Image" not in content


LAYOUT = DEFAULT_LAYOUT.removed("volume").with_heights({"price": 400})


def test_that_the_record_restores_the_view(view: View, tmp_path: Path, lay: Callable[..., View]) -> None:
    shown = lay(view.tape, ClockMode.WALL)
    start, end = int(view.tape.slots.start[3]), int(view.tape.slots.end[12])
    spec = replace(SPEC, start=start, end=end, theme=load_theme("light"), layout=LAYOUT, zone="UTC")
    path = tmp_path / "chart.png"
    write_snapshot(shown, spec, path)
    record = read_record(path)
    assert record == read_record(tmp_path / "chart.json")
    assert (record.subject, record.start, record.end) == ("300792.SZ", start, end)
    assert (record.interval, record.mode, record.theme, record.basis) == ("1d", "wall", "light", "adjusted")
    assert (record.scorer, record.scorer_version, record.zone) == ("vader", "3.3.2", "UTC")
    assert (record.width, record.height, record.made) == (800, 600, MADE)
    assert Layout.from_json(record.layout) == LAYOUT


def test_that_nothing_is_overwritten_unless_asked(view: View, tmp_path: Path) -> None:
    path = tmp_path / "chart.png"
    path.write_text("mine")
    with pytest.raises(CrowdtapeError, match="exists already"):
        write_snapshot(view, SPEC, path)
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]
    write_snapshot(view, SPEC, path, overwrite=True)
    assert QImage(str(path)).width() == 800


def test_that_another_format_of_the_same_view_shares_its_record(view: View, tmp_path: Path) -> None:
    write_snapshot(view, SPEC, tmp_path / "chart.png")
    write_snapshot(view, SPEC, tmp_path / "chart.svg")
    with pytest.raises(CrowdtapeError, match="tells of something else"):
        write_snapshot(view, replace(SPEC, start=int(view.tape.slots.start[5])), tmp_path / "chart.pdf")


def test_that_a_foreign_json_is_left_alone(view: View, tmp_path: Path) -> None:
    (tmp_path / "chart.json").write_text('{"mine": 1}')
    with pytest.raises(CrowdtapeError, match="tells of something else"):
        write_snapshot(view, SPEC, tmp_path / "chart.png")
    assert not (tmp_path / "chart.png").exists()


@pytest.mark.parametrize("name", ["chart.gif", "chart"])
def test_that_other_endings_are_refused(view: View, tmp_path: Path, name: str) -> None:
    with pytest.raises(CrowdtapeError, match=r"\.png, \.svg or \.pdf"):
        write_snapshot(view, SPEC, tmp_path / name)


def test_that_a_missing_folder_is_one_sentence(view: View, tmp_path: Path) -> None:
    with pytest.raises(CrowdtapeError, match="cannot be written"):
        write_snapshot(view, SPEC, tmp_path / "no" / "chart.png")


def test_that_a_range_must_end_after_it_starts(view: View) -> None:
    with pytest.raises(CrowdtapeError, match="must end after"):
        render_image(view, replace(SPEC, start=int(view.tape.slots.end[5]), end=int(view.tape.slots.start[5])))
