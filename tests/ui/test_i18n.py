"""Every text that the window shows has a translation, and nothing is translated that is not shown."""

from __future__ import annotations

import ast
import json
import re
import string
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.resources import resource_path
from ui.i18n import Translation, load_catalogue, resolve, tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

UI = Path(__file__).resolve().parent.parent.parent / "ui"
MARKS = {"tr", "later", "translate"}
# The same in every language: symbols, names of files and ranges.
CJK = re.compile("[\u4e00-\u9fff]")


def _sources() -> dict[str, set[str]]:
    """Return every marked literal and the files it stands in; the command line speaks English only."""
    found: dict[str, set[str]] = {}
    for path in sorted(UI.rglob("*.py")):
        if "cli" in path.relative_to(UI).parts or path.name == "i18n.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in MARKS or not node.args:
                continue
            text = node.args[-1] if name == "translate" else node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                found.setdefault(text.value, set()).add(path.relative_to(UI).as_posix())
    return found


@pytest.fixture
def catalogue() -> dict[str, str]:
    return json.loads(resource_path("translations/zh_CN.json").read_text(encoding="utf-8"))


def test_that_every_text_of_the_window_has_a_chinese_translation(catalogue: dict[str, str]) -> None:
    missing = {text: sorted(files) for text, files in _sources().items() if text not in catalogue}
    assert not missing


def test_that_no_translation_is_left_over(catalogue: dict[str, str]) -> None:
    assert set(catalogue) <= set(_sources())


def test_that_translations_keep_the_fields(catalogue: dict[str, str]) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    # A date's month may be named or numbered.
    free = {"{day} {month}"}
    wrong = [t for t, z in catalogue.items() if t not in free and fields(t) != fields(z)]
    assert not wrong


def test_that_menu_texts_keep_a_mnemonic(catalogue: dict[str, str]) -> None:
    assert not [t for t, z in catalogue.items() if re.search(r"&\w", t) and not re.search(r"&\w", z)]


def test_that_the_chinese_catalogue_is_chinese(catalogue: dict[str, str]) -> None:
    same = {"1 is best", "n {count}", "O", "H", "L", "C", "SIMULATED", "300792.SZ"}
    assert not [t for t, z in catalogue.items() if not CJK.search(z) and t not in same]


def test_that_the_interface_changes_its_language_and_back(qapp: QApplication) -> None:
    translation = Translation(qapp)
    assert translation.use("zh") == "zh"
    assert tr("Settings") == "设置"
    assert translation.use("en") == "en"
    assert tr("Settings") == "Settings"


def test_that_a_language_setting_resolves_to_one_with_a_catalogue() -> None:
    assert resolve("zh") == "zh"
    assert resolve("en") == "en"
    assert resolve("system") in {"en", "zh"}
    assert load_catalogue("en") == {}
