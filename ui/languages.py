"""What the languages of posts are called, as `core.sentiment.language` tells them."""

from __future__ import annotations

from ui.i18n import later, tr

_NAMES = {
    "en": later("English"),
    "zh": later("Chinese"),
    "ja": later("Japanese"),
    "ko": later("Korean"),
    "ru": later("Russian"),
    "ar": later("Arabic"),
    "hi": later("Hindi"),
    "th": later("Thai"),
    "el": later("Greek"),
    "he": later("Hebrew"),
    "es": later("Spanish"),
    "pt": later("Portuguese"),
    "fr": later("French"),
    "de": later("German"),
    "it": later("Italian"),
    "nl": later("Dutch"),
    "id": later("Indonesian"),
    "tr": later("Turkish"),
    "vi": later("Vietnamese"),
    "pl": later("Polish"),
    "sv": later("Swedish"),
    "other": later("other languages"),
    "": later("no words"),
}


def language_name(code: str) -> str:
    """Return a language's name for people, or its code where it has none here."""
    return tr(_NAMES[code]) if code in _NAMES else code
