"""Where things lie on the user's disk. Every place is decided here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import appdirs  # pyright: ignore[reportMissingTypeStubs] - it has none

_APP = "crowdtape"
_system: Any = appdirs


@dataclass(frozen=True, slots=True)
class Paths:
    """The program's folders; none of them need exist yet."""

    data: Path
    cache: Path
    config: Path

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.data / "crowdtape.sqlite"

    @property
    def settings(self) -> Path:
        """The settings' file."""
        return self.config / "settings.json"

    @property
    def layouts(self) -> Path:
        """The file of the layouts saved by name."""
        return self.config / "layouts.json"

    @property
    def calendars(self) -> Path:
        """The folder of computed market calendars; it can be deleted at any time."""
        return self.cache / "calendars"


def paths(data: Path | None = None) -> Paths:
    """Return the folders: the system's usual ones for this user, or all within `data` (`--data-dir`)."""
    if data is None:
        # No author: it would only add a second, equal folder on Windows.
        data, cache, config = (
            Path(place(_APP, appauthor=False))
            for place in (_system.user_data_dir, _system.user_cache_dir, _system.user_config_dir)
        )
        return Paths(data, cache, config)
    data = data.expanduser().absolute()
    return Paths(data, data / "cache", data)
