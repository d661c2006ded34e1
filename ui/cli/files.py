"""Writing results: whole files or none, and never over another one unless asked to."""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING

from core.errors import CrowdtapeError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raise CrowdtapeError where a file would be replaced without being asked to, or cannot be written at all."""
    if path.is_dir():
        raise CrowdtapeError(f"{path} is a folder; name a file.")
    if path.exists() and not overwrite:
        raise CrowdtapeError(f"{path} exists already; name another file or add --overwrite.")
    if not path.absolute().parent.is_dir():
        raise CrowdtapeError(f"There is no folder {path.absolute().parent}; make it or name another file.")


def write_new(path: Path, content: Iterable[bytes], *, overwrite: bool) -> None:
    """Write a file from pieces, whole or not at all. Raises CrowdtapeError."""
    refuse_existing(path, overwrite=overwrite)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("wb") as file:
            file.writelines(content)
        partial.replace(path)
    except OSError as error:
        raise CrowdtapeError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
