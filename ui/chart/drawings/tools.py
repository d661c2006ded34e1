"""The tools that a user draws with, by name; what they are called, and what each makes."""

from __future__ import annotations

from dataclasses import dataclass

from core.drawings import DrawingKind
from ui.i18n import later

POINTER, EVENT = "pointer", "event"


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: `text` is its name in menus (English, translated where shown), `kind` what it draws, if anything."""

    name: str
    text: str
    shortcut: str
    kind: DrawingKind | None = None


TOOLS = (
    Tool(POINTER, later("&Pointer"), "Alt+Shift+P"),
    Tool("trend", later("&Trend line"), "Alt+Shift+T", DrawingKind.TREND),
    Tool("horizontal", later("&Horizontal line"), "Alt+Shift+H", DrawingKind.HORIZONTAL),
    Tool("vertical", later("&Vertical line"), "Alt+Shift+V", DrawingKind.VERTICAL),
    Tool("rectangle", later("&Rectangle"), "Alt+Shift+R", DrawingKind.RECTANGLE),
    Tool("text", later("Te&xt"), "Alt+Shift+X", DrawingKind.TEXT),
    Tool("measure", later("&Measure"), "Alt+Shift+M", DrawingKind.MEASURE),
    Tool(EVENT, later("&Event…"), "Alt+Shift+E"),
)

KIND_NAMES = {
    DrawingKind.TREND: later("trend line"),
    DrawingKind.HORIZONTAL: later("horizontal line"),
    DrawingKind.VERTICAL: later("vertical line"),
    DrawingKind.RECTANGLE: later("rectangle"),
    DrawingKind.TEXT: later("text"),
    DrawingKind.MEASURE: later("measure"),
}


def tool_named(name: str) -> Tool:
    """Return the tool of a name."""
    return next(t for t in TOOLS if t.name == name)
