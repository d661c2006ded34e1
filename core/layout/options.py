"""One option of a pane or a study, declared once: its name, what it may be, and what it is unless somebody chose."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

Value: TypeAlias = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """An option whose default tells its type; forms are made from it, and what files say is checked against it.

    `label` and the texts of `choices` are English, to be translated where they are shown. `choices` (value, text) bound
    a text or a number to a few; `low` and `high` bound a number, both included. A tuple holds any number of texts, of
    which the choices may depend on the data at hand.
    """

    name: str
    label: str
    default: Value
    choices: tuple[tuple[Value, str], ...] = ()
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    tip: str = ""

    def clean(self, value: Any) -> Value:
        """Return `value` as this option has it, or the default where it is of another type or out of bounds."""
        kind = type(self.default)
        if kind is tuple:
            texts = cast("Sequence[Any]", value) if isinstance(value, (list, tuple)) else (None,)
            return tuple(texts) if all(isinstance(t, str) for t in texts) else self.default
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not kind:
            return self.default
        if self.choices and value not in {v for v, _ in self.choices}:
            return self.default
        if isinstance(value, (int, float)) and not self.low <= value <= self.high:
            return self.default
        return value
