"""Market calendars: when each exchange was and will be open, in UTC, from 1962 to 2050.

They come from exchange_calendars. That import takes seconds, so the result is kept on disk, one file an exchange, and
read back in milliseconds. Nothing here imports pandas unless a calendar has to be computed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import importlib.util
import os
import tempfile
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.clock.exchanges import ALWAYS, CURRENCIES, EXCHANGES, FUTURES, UNITED_STATES, exchange_of, unknown_suffix
from core.errors import UsageError
from core.model import DAY_MS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.series import IntArray

# Yahoo's oldest bars of single stocks are of 1962.
FIRST_YEAR, LAST_YEAR = 1962, 2050
# 2020-01-01 to 2025-12-31 in days since 1970: hours have changed, so the sessions of long ago say little.
_LATELY = (18_262, 20_453)
# Raise when the content of the files changes.
_FORMAT = 2

CODES = frozenset({*EXCHANGES.values(), UNITED_STATES, FUTURES, CURRENCIES, ALWAYS})


def _no_days() -> IntArray:
    return np.empty(0, np.int64)


def _no_names() -> NDArray[np.str_]:
    return np.empty(0, np.str_)


@dataclass(frozen=True, eq=False)
class Calendar:
    """The sessions of one exchange in order of time, all arrays of shape (n,).

    `label` is the session's date in days since 1970-01-01; the others are instants in ms UTC. `break_start` and
    `break_end` bound the lunch break and both equal `open` where there is none. From `known_from` to `known_until`
    the sessions are the exchange's own; outside of them, plain weekdays at the regular hours are assumed.
    `holiday` holds the known dates (as `label`) on which a regular weekday had no session, `holiday_name` their names
    ("" where it is not known). `note` is "" or one sentence for the chart.
    """

    code: str
    zone: str
    label: IntArray
    open: IntArray
    close: IntArray
    break_start: IntArray
    break_end: IntArray
    always_open: bool
    known_from: int
    known_until: int
    note: str = ""
    holiday: IntArray = field(default_factory=_no_days)
    holiday_name: NDArray[np.str_] = field(default_factory=_no_names)

    def __len__(self) -> int:
        return len(self.open)

    @functools.cached_property
    def session_ms(self) -> int:
        """Open time of a regular session, lunch excluded (ms): the length that most sessions had since 2020."""
        now = slice(int(np.searchsorted(self.label, _LATELY[0])), int(np.searchsorted(self.label, _LATELY[1])))
        lengths = (self.close[now] - self.open[now]) - (self.break_end[now] - self.break_start[now])
        counted: Counter[int] = Counter(lengths.tolist())
        return max(counted, key=lambda length: (counted[length], -length), default=DAY_MS)


def calendar_for(symbol: str, *, cache_dir: Path | None = None) -> Calendar:
    """Return the calendar of a Yahoo symbol; for a suffix without one plain time, with a note that says so."""
    calendar = load_calendar(exchange_of(symbol), cache_dir=cache_dir)
    suffix = unknown_suffix(symbol)
    return _with_note(calendar, f"No calendar for '{suffix}': plain time.") if suffix else calendar


def load_calendar(code: str, *, cache_dir: Path | None = None) -> Calendar:
    """Return the calendar of an exchange (a value of `EXCHANGES`, `24/7`, `24/5` or `us_futures`).

    Read from `cache_dir` where it is there, else computed, which takes seconds the first time in a process, and
    written there. A cache that cannot be read or written costs time, never an error. Any thread may call this; the
    same calendar is the same object within the process. Raises UsageError for a code that no symbol has.
    """
    if code not in CODES:
        raise UsageError(f"There is no market calendar '{code}'; give a code such as XNYS, XSHG or 24/7.")
    return _load(code, cache_dir)


def cached(code: str, *, cache_dir: Path | None) -> bool:
    """Return whether `load_calendar` answers at once, without exchange_calendars."""
    return code in {ALWAYS, CURRENCIES} or (cache_dir is not None and _file(cache_dir, code).is_file())


@functools.lru_cache(maxsize=256)
def _with_note(calendar: Calendar, note: str) -> Calendar:
    return dataclasses.replace(calendar, note=note)


@functools.lru_cache(maxsize=256)
def _load(code: str, cache_dir: Path | None) -> Calendar:
    from core.clock import build  # noqa: PLC0415 - only a calendar that must be computed needs it

    if code == ALWAYS:
        return build.always_open()
    if code == CURRENCIES:
        return build.currencies()
    path = None if cache_dir is None else _file(cache_dir, code)
    calendar = None if path is None else _read(path)
    if calendar is None:
        calendar = build.compute(code)
        if path is not None:
            _write(path, calendar)
    return calendar


@functools.cache
def _library_version() -> str:
    """Return the version of exchange_calendars, by the folder that pip keeps beside it.

    importlib.metadata would load Python's whole of e-mail for it, 15 ms of every start.
    """
    found = importlib.util.find_spec("exchange_calendars")
    for place in (found and found.submodule_search_locations) or ():
        for folder in Path(place).parent.glob("exchange_calendars-*.dist-info"):
            return folder.name.removesuffix(".dist-info").partition("-")[2]
    return "bundled"  # a frozen program carries no metadata


def _file(cache_dir: Path, code: str) -> Path:
    return cache_dir / f"calendar-{code.replace('/', '-')}-{_library_version()}-{_FORMAT}.npz"


def _write(path: Path, calendar: Calendar) -> None:
    """Write beside the goal and move into place, so that a reader never sees half a file."""
    columns: dict[str, Any] = {f.name: getattr(calendar, f.name) for f in dataclasses.fields(calendar)}
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, allow_pickle=False, **columns)
            os.replace(name, path)  # noqa: PTH105 - the temporary file is a plain name
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)  # noqa: PTH108 - as above


def _read(path: Path) -> Calendar | None:
    """Return the stored calendar, or None where there is none or it is damaged."""
    values: dict[str, Any] = {}
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            for f in dataclasses.fields(Calendar):
                column = file[f.name]
                values[f.name] = column if column.ndim else column.item()
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return Calendar(**values)
