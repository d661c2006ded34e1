"""The user's settings: each declared once, with its type, default, choices and a sentence about it.

They are kept as JSON with only what differs from the defaults. A key that this program does not know stays in the
file, so that a newer program's settings survive an older one.
"""

from __future__ import annotations

import json
import os
import tempfile
import urllib.parse
import zoneinfo
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar, cast

from core.errors import CrowdtapeError, UsageError
from core.model import DEFAULT_SCORER, Basis, ClockMode

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T", str, bool, int)


class SettingsError(CrowdtapeError):
    """The settings cannot be written."""


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting's declaration. `valid` returns what is wrong with a value of the right type, or ""."""

    name: str
    default: T
    doc: str
    choices: tuple[T, ...] = ()
    valid: Callable[[T], str] = lambda _: ""

    def problem(self, value: object) -> str:
        """Return what is wrong with a value, or "" where nothing is."""
        if type(value) is not type(self.default):
            return f"it must be a {_WORDS[type(self.default)]}"
        if self.choices and value not in self.choices:
            return f"it must be one of {', '.join(map(str, self.choices))}"
        return self.valid(value)


_WORDS: Final[dict[type, str]] = {str: "text", bool: "yes or no", int: "whole number"}


def _proxy(value: str) -> str:
    if not value:
        return ""
    url = urllib.parse.urlsplit(value)
    known = url.scheme in {"http", "https", "socks5", "socks5h"}
    return "" if known and url.hostname else "it must look like http://host:port or socks5://host:port"


def _zone(value: str) -> str:
    if value in {"exchange", "local"}:
        return ""
    try:
        zoneinfo.ZoneInfo(value)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return "it must be exchange, local, or a zone such as Asia/Shanghai"
    return ""


THEME: Final = Setting("theme", "dark", "Colours of the window.", ("dark", "light", "system"))
LANGUAGE: Final = Setting("language", "system", "Language of the window.", ("system", "en", "zh"))
UP_COLOUR: Final = Setting(
    "up_colour", "market", "Colour of a rising price: as the market has it, or one for all.", ("market", "red", "green")
)
BASIS: Final = Setting(
    "basis", Basis.ADJUSTED.value, "Prices with or without dividends taken out.", tuple(b.value for b in Basis)
)
CLOCK: Final = Setting(
    "clock", ClockMode.TRADING.value, "Time axis: closures squeezed, or plain time.", tuple(m.value for m in ClockMode)
)
SCORER: Final = Setting("scorer", DEFAULT_SCORER, "What scores the posts.")
PROXY: Final = Setting("proxy", "", "Proxy for live services, such as http://host:port; empty for none.", valid=_proxy)
CA_FILE: Final = Setting("ca_file", "", "File of certificates to trust for live services; empty for the usual.")
ZONE: Final = Setting("zone", "exchange", "Time zone of what is shown: exchange, local, or a name.", valid=_zone)

SETTINGS: Final[dict[str, Setting[Any]]] = {
    s.name: s for s in (THEME, LANGUAGE, UP_COLOUR, BASIS, CLOCK, SCORER, PROXY, CA_FILE, ZONE)
}


class Settings:
    """The settings of one user, as one file holds them. `notes` says what was wrong with the file, if anything."""

    def __init__(self, path: Path, values: dict[str, Any] | None = None, notes: tuple[str, ...] = ()) -> None:
        self.path = path
        self.notes = notes
        self._values = values or {}

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file; defaults stand in for what is missing or unfit.

        A file that is broken as a whole is set aside under another name, so that nothing in it is lost.
        """
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls(path)
        except OSError as error:
            return cls(path, notes=(f"The settings {path} cannot be read ({error.strerror}); defaults are used.",))
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            return cls(path, notes=(_set_aside(path),))
        kept: dict[str, Any] = {}
        notes: list[str] = []
        for name, value in cast("dict[str, Any]", values).items():
            problem = SETTINGS[name].problem(value) if name in SETTINGS else ""
            if problem:
                notes.append(f"The setting {name} in {path} is unfit: {problem}; its default is used.")
            else:
                kept[name] = value
        return cls(path, kept, tuple(notes))

    def __getitem__(self, setting: Setting[T]) -> T:
        return cast("T", self._values.get(setting.name, setting.default))

    def set(self, setting: Setting[T], value: T) -> None:
        """Change a setting and write the file. Raises `UsageError` for an unfit value, `SettingsError` for the disk."""
        if problem := setting.problem(value):
            raise UsageError(f"The setting {setting.name} cannot be {value!r}: {problem}.")
        values = {**self._values, setting.name: value}
        if value == setting.default:
            del values[setting.name]
        _write(self.path, values)
        self._values = values


def _set_aside(path: Path) -> str:
    aside = path.with_name(path.name + ".broken")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.broken{number}")
    try:
        path.rename(aside)
    except OSError as error:
        return f"The settings {path} are broken and cannot be set aside ({error.strerror}); defaults are used."
    return f"The settings {path} were broken; they were set aside as {aside.name}, and defaults are used."


def _write(path: Path, values: dict[str, Any]) -> None:
    """Write the file whole or not at all."""
    text = json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=path.name, suffix=".part", dir=path.parent)
        partial = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SettingsError(
            f"The settings {path} cannot be written: {error.strerror}; check the folder and its permissions."
        ) from error
