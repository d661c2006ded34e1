"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def give_back() -> None:
    """Let the system have the memory that this process has freed; some ms, in which other threads may wait for some.

    glibc keeps it for what may be wanted next: after a subject of a million bars was read, more than the subject itself
    takes. Elsewhere the allocator gives large blocks back by itself, and this does nothing.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@functools.cache
def _trim() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):  # not Linux, or a Linux with another C library
        return None
