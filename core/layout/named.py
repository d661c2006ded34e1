"""The layouts that the user saved by name, in one small JSON file."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, cast

from core.errors import CrowdtapeError, InputError
from core.layout.panes import Layout

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST_NAME = 80


class Layouts:
    """Reads the file at each question, so that two programs see each other's layouts."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """Return the names in alphabetical order."""
        return sorted(self._read(), key=str.casefold)

    def get(self, name: str) -> Layout:
        """Return the layout of a name; raises InputError."""
        found = self._read()
        key = next((k for k in found if k.casefold() == name.strip().casefold()), None)
        layout = Layout.from_json(found[key]) if key is not None else None
        if layout is None:
            known = ", ".join(found) or "none yet"
            raise InputError(f"There is no layout named '{name}'; saved are: {known}.")
        return layout

    def save(self, name: str, layout: Layout) -> str:
        """Keep a layout under a name, in place of one of that name in any case; return the name as kept."""
        kept = " ".join(name.split())[:_LONGEST_NAME]
        if not kept:
            raise InputError("A layout needs a name.")
        found = {k: v for k, v in self._read().items() if k.casefold() != kept.casefold()}
        self._write({**found, kept: layout.to_json()})
        return kept

    def remove(self, name: str) -> None:
        """Forget a layout; one that is not there is no error."""
        self._write({k: v for k, v in self._read().items() if k.casefold() != name.strip().casefold()})

    def rename(self, name: str, new: str) -> str:
        """Give a layout another name; raises InputError where it is not there or the new name is taken."""
        layout = self.get(name)
        if new.strip().casefold() != name.strip().casefold():
            if new.strip().casefold() in {k.casefold() for k in self._read()}:
                raise InputError(f"There is a layout named '{new.strip()}' already; choose another name.")
            kept = self.save(new, layout)
            self.remove(name)
            return kept
        return self.save(new, layout)

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError):
            self._set_aside()
            return {}
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

    def _set_aside(self) -> None:
        """Keep a file that cannot be read under another name: what is in it may still be mended by hand."""
        damaged = self._path.with_suffix(".damaged.json")
        try:
            os.replace(self._path, damaged)  # noqa: PTH105  one name for both systems' atomic rename
        except OSError:
            return

    def _write(self, layouts: dict[str, Any]) -> None:
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(layouts, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(fresh, self._path)  # noqa: PTH105  as above
        except OSError as error:
            raise CrowdtapeError(f"{self._path} cannot be written: {error.strerror}.") from None
