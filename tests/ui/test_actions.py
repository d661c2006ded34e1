from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow

from core.resources import resource_path
from ui.actions import COMMANDS, MENUS, Actions, help_rows
from ui.help.keys import KeysDialog
from ui.help.palette import Palette
from ui.i18n import load_catalogue

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_that_every_command_has_a_name_a_shortcut_and_a_menu_of_its_own() -> None:
    assert max(Counter(c.name for c in COMMANDS).values()) == 1
    keys = Counter(QKeySequence(c.shortcut).toString() for c in COMMANDS)
    assert "" not in keys
    assert max(keys.values()) == 1
    assert {c.menu for c in COMMANDS} <= {name for name, _ in MENUS}


def test_that_no_shortcut_is_the_mnemonic_of_a_menu() -> None:
    catalogue = load_catalogue("zh")
    texts = [text for name, text in MENUS if "/" not in name]
    taken = {f"Alt+{t[t.index('&') + 1].upper()}" for text in texts for t in (text, catalogue[text])}
    assert not taken & {c.shortcut for c in COMMANDS}


def test_that_every_icon_of_a_command_exists() -> None:
    for command in COMMANDS:
        if command.icon:
            assert "currentColor" in resource_path(f"icons/{command.icon}.svg").read_text(encoding="utf-8")


def test_that_the_page_of_keys_lists_every_command(qtbot: QtBot) -> None:
    assert len(help_rows()) == len(COMMANDS)
    qtbot.addWidget(KeysDialog())


def test_that_the_menus_hold_every_command_once(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    menus = actions.fill(window.menuBar())
    listed = [a.objectName() for menu in menus.values() for a in menu.actions() if a.objectName()]
    assert sorted(listed) == sorted(c.name for c in COMMANDS)


def test_that_the_palette_finds_a_command_by_parts_of_its_name_and_runs_it(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    ran: list[str] = []
    actions.bind("file.save_snapshot", lambda: ran.append("saved"))
    palette = Palette(actions, window)
    palette.text.setText("snap sav")
    assert palette.list.count() == 1
    palette.run()
    assert ran == ["saved"]
