"""The interface's language: a JSON catalogue from English source strings to translations, served through Qt.

`tr` marks and translates a text; `{name}` fields are filled in by the caller with `str.format` after translation.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator

from core.resources import resource_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.clock.ticks import Language

CONTEXT = "crowdtape"
_PROPERTY = "crowdtapeLanguage"  # of the application, set with its translator
_CATALOGUES = {"zh": "translations/zh_CN.json"}


def tr(text: str) -> str:
    """Return `text`, an English literal, in the interface's language."""
    return QCoreApplication.translate(CONTEXT, text)


def shown_language() -> Language:
    """Return the language that the interface is in just now."""
    app = QCoreApplication.instance()
    return "zh" if app is not None and app.property(_PROPERTY) == "zh" else "en"


def later(text: str) -> str:
    """Mark an English literal that is translated where it is shown."""
    return text


class Catalogue(QTranslator):
    """A translator over a mapping; a text that the mapping lacks is left to the next translator."""

    def __init__(self, texts: Mapping[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts

    def isEmpty(self) -> bool:
        """Say whether there is nothing to translate with; Qt does not install an empty translator."""
        return not self._texts

    def translate(
        self,
        context: str,  # noqa: ARG002  the signature is Qt's; one catalogue serves all contexts
        text: str,
        disambiguation: str | None = None,  # noqa: ARG002
        n: int = -1,  # noqa: ARG002
    ) -> str | None:
        """Return the translation, or None where the catalogue has no entry."""
        return self._texts.get(text)


def resolve(language: str) -> str:
    """Return "en" or "zh" for a setting that may also be "system"."""
    if language in _CATALOGUES or language == "en":
        return language
    return "zh" if QLocale.system().language() == QLocale.Language.Chinese else "en"


def load_catalogue(language: str) -> dict[str, str]:
    """Read the texts of a resolved language; English has none, for it is what the sources say."""
    name = _CATALOGUES.get(language)
    if name is None:
        return {}
    return json.loads(resource_path(name).read_text(encoding="utf-8"))


class Translation:
    """The translator that is installed just now; knows how to change it."""

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._installed: Catalogue | None = None
        self.language = "en"

    def use(self, language: str) -> str:
        """Install the catalogue of a language setting and return the resolved language."""
        if self._installed is not None:
            self._app.removeTranslator(self._installed)
            self._installed = None
        self.language = resolve(language)
        self._app.setProperty(_PROPERTY, self.language)
        texts = load_catalogue(self.language)
        if texts:
            self._installed = Catalogue(texts, self._app)
            self._app.installTranslator(self._installed)
        return self.language
