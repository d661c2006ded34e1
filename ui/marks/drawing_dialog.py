"""The looks and the exact place of one drawing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QColorDialog,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.drawings import LEAST_WIDTH, MOST_TEXT, MOST_WIDTH, Anchor, Drawing, DrawingKind
from ui.chart.drawings.tools import KIND_NAMES
from ui.i18n import tr
from ui.marks.time_field import TimeField
from ui.theme import GRID

if TYPE_CHECKING:
    from ui.theme import Theme

REMOVE = 2
SWATCH = 14
# With `NoButtons` a styled box loses sight of its own text; buttons without size leave it where it is.
_BUTTONLESS = (
    "QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { width: 0; height: 0; border: none; }"
    "QDoubleSpinBox::up-arrow, QDoubleSpinBox::down-arrow { width: 0; height: 0; image: none; }"
)


class ColourRow(QWidget):
    """The theme's colours as buttons, that of the theme itself first, any other last."""

    def __init__(self, colour: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colour = colour
        self._buttons: list[tuple[QToolButton, str]] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._border = theme.border
        choices = [
            ("", theme.accent),
            *((c, c) for c in dict.fromkeys((theme.text, theme.up, theme.down, *theme.metrics))),
        ]
        for value, shown in choices:
            button = QToolButton(self)
            button.setIcon(self._swatch(shown))
            button.setIconSize(QSize(SWATCH, SWATCH))
            button.setCheckable(True)
            button.setStyleSheet("padding: 4px;")
            button.setAccessibleName(value or tr("As the theme"))
            button.setToolTip(value or tr("As the theme"))
            button.clicked.connect(lambda _checked=False, value=value: self.choose(value))
            self._buttons.append((button, value))
            row.addWidget(button)
        self._other = QToolButton(self)
        self._other.setText("…")
        self._other.setStyleSheet("padding: 4px;")
        self._other.setIconSize(QSize(SWATCH, SWATCH))
        self._other.setAccessibleName(tr("Another colour…"))
        self._other.setToolTip(tr("Another colour…"))
        self._other.setCheckable(True)
        self._other.clicked.connect(self._ask)
        row.addWidget(self._other)
        row.addStretch(1)
        self.choose(colour)

    def choose(self, colour: str) -> None:
        """Choose a colour as `#rrggbb`, "" for the theme's."""
        self.colour = colour
        for button, value in self._buttons:
            button.setChecked(value.lower() == colour.lower())
        other = bool(colour) and colour.lower() not in {v.lower() for _, v in self._buttons}
        self._other.setChecked(other)
        self._other.setIcon(self._swatch(colour) if other else QIcon())

    def _ask(self) -> None:
        found = QColorDialog.getColor(QColor(self.colour or "#d2a24c"), self, tr("Colour"))
        self.choose(found.name() if found.isValid() else self.colour)

    def _swatch(self, colour: str) -> QIcon:
        picture = QPixmap(4 * SWATCH, 4 * SWATCH)  # sharp on screens of any scale
        picture.fill(QColor(colour))
        return QIcon(picture)


class DrawingDialog(QDialog):
    """`drawing` is the answer once the dialog was accepted; the result is REMOVE where it is to go."""

    def __init__(
        self,
        drawing: Drawing,
        zone: str,
        decimals: int,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        new: bool = False,
    ) -> None:
        super().__init__(parent)
        self._drawing = drawing
        name = tr(KIND_NAMES[drawing.kind])
        self.setWindowTitle(name[:1].upper() + name[1:])
        self.setMinimumWidth(400)
        self.text = QPlainTextEdit(drawing.text, self)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(64)
        self.colour = ColourRow(drawing.colour, theme, self)
        self.thick = self._number(drawing.width, 1, (LEAST_WIDTH, MOST_WIDTH), 0.5)
        self.thick.setSuffix(" px")
        step = 10.0**-decimals
        self.places = [
            (TimeField(a.time, zone, self), self._number(a.value, decimals, (-1e12, 1e12), step))
            for a in drawing.anchors
        ]
        form = QFormLayout()
        form.setSpacing(GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for title, field in self._rows(zone):
            form.addRow(title, field)
            field.setAccessibleName(title)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addLayout(form)
        layout.addWidget(self._make_buttons(new=new))
        self.text.setFocus()

    def _rows(self, zone: str) -> list[tuple[str, QWidget]]:
        """Return name and field of what there is to say of a drawing of this kind; hide the other fields."""
        kind = self._drawing.kind
        rows: list[tuple[str, QWidget]] = [(tr("Text"), self.text), (tr("Colour"), self.colour)]
        if kind is not DrawingKind.TEXT:
            rows.append((tr("Width"), self.thick))
        for number, (when, value) in enumerate(self.places, 1):
            count = f" {number}" if len(self.places) > 1 else ""
            if kind is not DrawingKind.HORIZONTAL:
                rows.append((tr("Time{n} ({zone})").format(n=count, zone=zone), when))
            if kind is not DrawingKind.VERTICAL:
                rows.append((tr("Value{n}").format(n=count), value))
        shown = {field for _, field in rows}
        for field in (self.thick, *(f for place in self.places for f in place)):
            field.setHidden(field not in shown)
        return rows

    def _make_buttons(self, *, new: bool) -> QDialogButtonBox:
        buttons = QDialogButtonBox(self)
        ok = buttons.addButton(tr("Add") if new else tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        ok.setDefault(True)
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        if not new:
            remove = buttons.addButton(tr("Remove"), QDialogButtonBox.ButtonRole.DestructiveRole)
            remove.clicked.connect(lambda: self.done(REMOVE))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        if self._drawing.kind is DrawingKind.TEXT:
            # A text without words could neither be seen nor taken hold of.
            self.text.textChanged.connect(lambda: ok.setEnabled(bool(self.text.toPlainText().strip())))
            ok.setEnabled(bool(self._drawing.text.strip()))
        return buttons

    @property
    def drawing(self) -> Drawing:
        """The drawing as the form has it; what was not touched is as it was, to the last digit."""
        anchors = tuple(
            Anchor(when.time_ms, old.value if value.value() == round(old.value, value.decimals()) else value.value())
            for old, (when, value) in zip(self._drawing.anchors, self.places, strict=True)
        )
        return replace(
            self._drawing,
            anchors=anchors,
            text=self.text.toPlainText().strip()[:MOST_TEXT],
            colour=self.colour.colour,
            width=self.thick.value(),
        )

    def _number(self, value: float, decimals: int, bounds: tuple[float, float], step: float) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setLocale(QLocale.c())
        box.setRange(*bounds)
        box.setDecimals(decimals)
        box.setSingleStep(step)
        box.setStyleSheet(_BUTTONLESS)
        box.lineEdit().setTextMargins(GRID - 2, 0, 0, 0)
        box.setMinimumWidth(96)
        box.setValue(value)
        return box
