from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.errors import InputError
from core.layout import DEFAULT_LAYOUT, Layouts

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def layouts(tmp_path: Path) -> Layouts:
    return Layouts(tmp_path / "config" / "layouts.json")


def test_that_a_layout_is_found_by_its_name_in_any_case(layouts: Layouts) -> None:
    layouts.save("  Six   panes ", DEFAULT_LAYOUT.alone("posts"))
    assert layouts.names() == ["Six panes"]
    assert layouts.get("six PANES") == DEFAULT_LAYOUT.alone("posts")


def test_that_saving_again_replaces(layouts: Layouts) -> None:
    layouts.save("day", DEFAULT_LAYOUT)
    layouts.save("Day", DEFAULT_LAYOUT.removed("volume"))
    assert layouts.names() == ["Day"]
    assert layouts.get("day").find("volume") is None


def test_that_a_name_is_changed_but_never_over_another(layouts: Layouts) -> None:
    layouts.save("a", DEFAULT_LAYOUT)
    layouts.save("b", DEFAULT_LAYOUT.removed("posts"))
    with pytest.raises(InputError, match="already"):
        layouts.rename("a", "B")
    assert layouts.rename("a", "A") == "A"
    assert layouts.rename("A", "c") == "c"
    layouts.remove("b")
    assert layouts.names() == ["c"]


def test_that_an_unknown_name_is_told_with_the_known_ones(layouts: Layouts) -> None:
    layouts.save("day", DEFAULT_LAYOUT)
    with pytest.raises(InputError, match=r"'night'.*day"):
        layouts.get("night")
    with pytest.raises(InputError, match="name"):
        layouts.save("  ", DEFAULT_LAYOUT)


def test_that_a_damaged_file_is_set_aside_and_not_lost(layouts: Layouts, tmp_path: Path) -> None:
    file = tmp_path / "config" / "layouts.json"
    file.parent.mkdir()
    file.write_text("{half", encoding="utf-8")
    assert layouts.names() == []
    layouts.save("new", DEFAULT_LAYOUT)
    assert (tmp_path / "config" / "layouts.damaged.json").read_text(encoding="utf-8") == "{half"
    assert layouts.names() == ["new"]
