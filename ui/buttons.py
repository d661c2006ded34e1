"""The row of buttons at the bottom of a dialog, with words in the interface's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialogButtonBox

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog


def dialog_buttons(dialog: QDialog, yes: str = "", no: str = "") -> QDialogButtonBox:
    """Return buttons that accept (the default one) and reject a dialog; one without a text is left out."""
    buttons = QDialogButtonBox(dialog)
    if yes:
        buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        buttons.accepted.connect(dialog.accept)
    if no:
        buttons.addButton(no, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(dialog.reject)
    return buttons
