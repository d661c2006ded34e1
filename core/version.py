"""The program's version: the installed one, or that of the checkout it runs from."""

from __future__ import annotations

import tomllib
from pathlib import Path


def program_version() -> str:
    """Return the version as text, "unknown" where neither an installation nor a checkout says it."""
    pyproject = Path(__file__).resolve().parents[1] / "pyproject.toml"
    if pyproject.is_file():  # a checkout: its own file is newer than any installed metadata
        return str(tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["version"])
    return installed_version("crowdtape") or "unknown"


def installed_version(distribution: str) -> str | None:
    """Return the version of an installed distribution, or None."""
    from importlib import metadata  # noqa: PLC0415 - 30 ms that only some commands need

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
