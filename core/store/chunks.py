"""Columns kept as chunks of packed records, read back in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import sqlite3

    from numpy.typing import NDArray


def gather(
    sql: sqlite3.Connection, source: str, values: tuple[Any, ...], kind: np.dtype[np.void], place: str, span: int
) -> dict[str, NDArray[Any]]:
    """Return the columns of all chunks that `source` ("table WHERE …") selects, as int64 or float64 of one length.

    `place` names the column that counts from the start of its chunk, of which each covers `span`; it comes back
    absolute. Chunks are copied into their place one after another while they are in the processor's cache: joining
    them first takes three times as long.
    """
    names = kind.names or ()
    total = sql.execute(f"SELECT coalesce(sum(length(data)), 0) FROM {source}", values).fetchone()[0]  # noqa: S608 - our own texts
    n = total // kind.itemsize
    columns = {name: np.empty(n, np.float64 if kind[name].kind == "f" else np.int64) for name in names}
    start = 0
    for chunk, data in sql.execute(f"SELECT chunk, data FROM {source} ORDER BY chunk", values):  # noqa: S608 - our own texts
        records = np.frombuffer(data, kind)
        part = slice(start, start + len(records))
        for name in names:
            columns[name][part] = records[name]
        columns[place][part] += chunk * span
        start = part.stop
    return columns
