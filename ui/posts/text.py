"""A post's text laid out as plain text, the words that made its score tinted.

Text goes to `QTextLayout` only, which knows no markup and loads nothing: a post can never be rendered as rich text.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from ui.theme import colour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.sentiment import Contribution
    from ui.posts.jobs import PostRow
    from ui.theme import Theme

MOST_LINES = 8  # of a post that is not chosen
LONGEST = 4000  # characters of one that is
# Of the strongest part: below FAINTEST a part has no tint, from PLAIN on its letters are coloured as well.
FAINTEST, PLAIN = 0.2, 0.5

# Bidirectional overrides let a post forge what stands beside it (a link, the next post's author).
_FORGING = {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"}


def clean(text: str) -> str:
    """Return `text` for display, character for character: offsets stay; control and forging characters are blank."""
    return "".join(_shown(c) for c in text[:LONGEST])


def _shown(c: str) -> str:
    if c == "\n":
        return "\u2028"  # QTextLayout breaks lines at the line separator
    if c < " " or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff" or unicodedata.bidirectional(c) in _FORGING:
        return " "
    return c


def utf16_offsets(text: str) -> list[int]:
    """Return for each character, and for the end, its place in UTF-16, which is how Qt counts."""
    offsets, at = [0], 0
    for c in text:
        at += 2 if c > "\uffff" else 1
        offsets.append(at)
    return offsets


def word_formats(text: str, parts: Sequence[Contribution], theme: Theme) -> list[QTextLayout.FormatRange]:
    """Return the tints of the parts, the stronger the more a part says; parts without a place have none.

    A model gives every word a little: only what says a fair part of what the strongest says is worth a colour.
    """
    found = [p for p in parts if p.value and 0 <= p.start < p.end <= len(text)]
    if not found:
        return []
    offsets = utf16_offsets(text)
    strongest = max(abs(p.value) for p in found)
    formats: list[QTextLayout.FormatRange] = []
    for part in found:
        share = abs(part.value) / strongest
        if share < FAINTEST:
            continue
        tint = theme.positive if part.value > 0 else theme.negative
        look = QTextCharFormat()
        look.setBackground(colour(tint, 0.06 + 0.24 * share))
        if share >= PLAIN:
            look.setForeground(colour(tint))
        range_ = QTextLayout.FormatRange()
        range_.start = offsets[part.start]  # pyright: ignore[reportAttributeAccessIssue]  missing in the stubs
        range_.length = offsets[part.end] - offsets[part.start]  # pyright: ignore[reportAttributeAccessIssue]
        range_.format = look  # pyright: ignore[reportAttributeAccessIssue]
        formats.append(range_)
    return formats


def part_under(row: PostRow, layout: QTextLayout, x: float, y: float) -> Contribution | None:
    """Return the part whose letters lie at (x, y) of the layout (pixels), the strongest of several."""
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        if not line.y() <= y < line.y() + line.height() or not line.x() <= x < line.x() + line.naturalTextWidth():
            continue
        at = line.xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter)
        place = at[0] if isinstance(at, tuple) else at
        offsets = utf16_offsets(row.stored.post.text[:LONGEST])
        end = len(offsets) - 1
        found = [p for p in row.parts if p.start < p.end <= end and offsets[p.start] <= place < offsets[p.end]]
        return max(found, key=lambda part: abs(part.value), default=None)
    return None


def lay_out(
    text: str,
    parts: Sequence[Contribution],
    theme: Theme,
    font: QFont,
    width: float,
    most_lines: int = MOST_LINES,
) -> tuple[QTextLayout, float, bool]:
    """Lay a post out for `width` pixels; return the layout, its height, and whether lines were left out."""
    shown = clean(text).rstrip("\u2028 ")  # at the end only: offsets of the parts stay
    layout = QTextLayout(shown, font)
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setUseDesignMetrics(False)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    layout.setFormats(word_formats(shown, parts, theme))
    leading = QFontMetricsF(font).leading() + 2
    y, lines, cut = 0.0, 0, False
    layout.beginLayout()
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y))
        y += line.height() + leading
        lines += 1
        if lines == most_lines:
            # Offsets of a line are in UTF-16, so the end is compared with the whole text in the same units.
            cut = line.textStart() + line.textLength() < utf16_offsets(shown)[-1]
            break
    layout.endLayout()
    return layout, y, cut
