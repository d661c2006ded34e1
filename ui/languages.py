"""What the languages of posts are called, as `core.sentiment.language` tells them."""

from __future__ import annotations

from ui.i18n import later, tr

_NAMES = {
    "en": later("English"),
    "zh": later("Chinese"),
    "other": later("other languages"),
    "": later("no words"),
}


def language_name(code: str) -> str:
    """Return a language's name for people, or its code where it has none here."""
    return tr(_NAMES[code]) if code in _NAMES else code
