"""What made a post's score, in words: to be read below the list, under the pointer, and to be listened to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import formats
from ui.i18n import later, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.sentiment import Contribution
    from ui.posts.jobs import PostRow

MOST_NAMED = 4
_LONGEST = 24

# What scorers say of a part, in the user's language.
NOTES = {
    "negated": later("negated"),
    "boosted": later("boosted"),
    "dampened": later("dampened"),
    "capitals": later("capitals"),
    "punctuation": later("punctuation"),
    "emoji": later("emoji"),
    "cashtag": later("cashtag"),
    "account": later("account"),
    "number": later("number"),
    "length": later("length"),
    "tone": later("general tone"),
    "own marks": later("own marks"),
    "before 'but'": later("before “but”"),
    "after 'but'": later("after “but”"),
}


def part_text(part: Contribution) -> str:
    """Return a part with its value and its notes: `moon +0.82 (emoji, negated)`."""
    name = " ".join(part.text.split()) or tr("the whole text")
    name = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
    notes = [tr(NOTES[n]) if n in NOTES else n for n in part.note.split(", ") if n and (part.text or n != "tone")]
    return f"{name} {formats.score(part.value)}" + (f" ({', '.join(notes)})" if notes else "")


def strongest(parts: Sequence[Contribution], most: int = MOST_NAMED) -> tuple[list[Contribution], float]:
    """Return the parts that say most, strongest first, and what all others say together."""
    ordered = sorted(parts, key=lambda part: -abs(part.value))
    return ordered[:most], sum(part.value for part in ordered[most:])


def explanation(row: PostRow) -> str:
    """Return what made the score, ending in what the parts sum to: the figure that the scorer turns into the score."""
    stored = row.stored
    if stored.score is None or stored.scorer is None:
        return tr("No score: the scorer does not read this text.")
    head = tr("{score} by {scorer}").format(score=formats.score(stored.score.value), scorer=stored.scorer)
    if not row.parts:
        return head
    named, rest = strongest(row.parts)
    words = [part_text(part) for part in named]
    if len(row.parts) > len(named):
        words.append(tr("{n} others {value}").format(n=len(row.parts) - len(named), value=formats.score(rest)))
    total = formats.score(sum(part.value for part in row.parts))
    return f"{head} · {tr('words sum to {total}').format(total=total)}: " + ", ".join(words)


def unit(row: PostRow) -> str:
    """Return how the sum of the parts becomes the score, for a tool tip."""
    scorer = row.stored.scorer
    if scorer is None or row.stored.score is None:
        return ""
    if scorer.name == "vader":
        return tr("The sum s is VADER's before it is normalised: score = s / √(s² + 15).")
    return tr("The sum is log(P(bull) / P(bear)); the score is P(bull) − P(bear), which P(neutral) draws towards 0.")
