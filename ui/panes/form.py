"""A form made from declared options: a box, a number, a choice or a list of checks for each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QWidget,
)

from ui.i18n import tr
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.layout import Option, Value

_WIDEST = 1_000_000
_ROWS = 6  # of a list before it scrolls


class OptionForm(QWidget):
    """Shows options with their values; says at once when one is chosen otherwise."""

    changed = Signal(str, object)  # name, value

    def __init__(
        self,
        options: Sequence[Option],
        values: Mapping[str, Value],
        choices: Callable[[Option], Sequence[tuple[Value, str]]],
        parent: QWidget | None = None,
    ) -> None:
        """Take each option's value from `values` (else its default), and what it may be from `choices`.

        A list of nothing is left out.
        """
        super().__init__(parent)
        self.fields: dict[str, QWidget] = {}
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(GRID)
        for option in options:
            value, offered = option.clean(values.get(option.name, option.default)), choices(option)
            if value == () and not offered:
                continue  # an empty list would only raise the question how anything gets into it
            field = self._field(option, value, offered)
            field.setAccessibleName(tr(option.label))
            field.setToolTip(tr(option.tip) if option.tip else "")
            self.fields[option.name] = field
            if isinstance(field, QCheckBox):
                field.setText(tr(option.label))
                form.addRow(field)
            else:
                form.addRow(tr(option.label), field)

    def _field(self, option: Option, value: Value, choices: Sequence[tuple[Value, str]]) -> QWidget:
        if isinstance(value, bool):
            return self._check(option, on=value)
        if isinstance(value, tuple):
            return self._list(option, value, choices)
        if choices:
            return self._choice(option, value, choices)
        if isinstance(value, str):
            return self._line(option, value)
        return self._number(option, value)

    def _say(self, option: Option, value: Any) -> None:
        self.changed.emit(option.name, value)

    def _check(self, option: Option, *, on: bool) -> QWidget:
        box = QCheckBox(self)
        box.setChecked(on)
        box.toggled.connect(lambda checked: self._say(option, checked))
        return box

    def _choice(self, option: Option, value: Value, choices: Sequence[tuple[Value, str]]) -> QWidget:
        box = QComboBox(self)
        for data, text in choices:
            box.addItem(text, data)
        box.setCurrentIndex(max(box.findData(value), 0))
        box.activated.connect(lambda at: self._say(option, box.itemData(at)))
        return box

    def _line(self, option: Option, value: str) -> QWidget:
        line = QLineEdit(value, self)
        line.editingFinished.connect(lambda: self._say(option, line.text().strip()))
        return line

    def _number(self, option: Option, value: float) -> QWidget:
        low = option.low if math.isfinite(option.low) else -_WIDEST
        high = option.high if math.isfinite(option.high) else _WIDEST
        unit = f" {tr(option.unit)}" if option.unit else ""
        if isinstance(option.default, int):
            whole = QSpinBox(self)
            whole.setRange(int(low), int(high))
            whole.setSuffix(unit)
            whole.setValue(int(value))
            whole.setKeyboardTracking(False)
            whole.valueChanged.connect(lambda v: self._say(option, v))
            return whole
        box = QDoubleSpinBox(self)
        box.setDecimals(2)
        box.setRange(low, high)
        box.setSuffix(unit)
        box.setValue(float(value))
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda v: self._say(option, v))
        return box

    def _list(self, option: Option, value: tuple[str, ...], choices: Sequence[tuple[Value, str]]) -> QWidget:
        box = QListWidget(self)
        texts = dict(choices)
        for name in dict.fromkeys([*(str(v) for v, _ in choices), *value]):
            item = QListWidgetItem(texts.get(name, name), box)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in value else Qt.CheckState.Unchecked)
        rows = min(max(box.count(), 1), _ROWS)
        box.setFixedHeight(rows * max(box.sizeHintForRow(0), 2 * GRID) + GRID)
        box.itemChanged.connect(lambda _item: self._say(option, _checked(box)))
        return box


def _checked(box: QListWidget) -> tuple[str, ...]:
    items = [box.item(i) for i in range(box.count())]
    return tuple(str(i.data(Qt.ItemDataRole.UserRole)) for i in items if i.checkState() is Qt.CheckState.Checked)
