"""The store that an import writes to: one that is open already, or a file opened for this import alone."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from core.store import Store

if TYPE_CHECKING:
    from collections.abc import Generator


@contextlib.contextmanager
def opened(store: Store | Path, *, dry_run: bool) -> Generator[Store | None]:
    """Give the store, and close it afterwards if it was opened here.

    None where a dry run has no file to look into: trying out an import makes no store. Raises StoreError.
    """
    if not isinstance(store, Path):
        yield store
    elif dry_run and not store.exists():
        yield None
    else:
        target = Store.open(store)
        try:
            yield target
        finally:
            target.close()
