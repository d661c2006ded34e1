"""Failures that a user can meet. The text of each is one sentence: what happened, to what, and what to do."""

from __future__ import annotations


class CrowdtapeError(Exception):
    """Base of every failure that is reported to the user as one sentence, without a traceback."""


class UsageError(CrowdtapeError):
    """The request itself makes no sense (unknown interval, range that ends before it starts)."""


class InputError(CrowdtapeError):
    """A file cannot be read at all. A bad row is no error: it becomes a `Rejection`."""


class StoreError(CrowdtapeError):
    """The store cannot be opened, is newer than the program, or fails its integrity check."""


class UnknownSubjectError(CrowdtapeError):
    """No instrument or concept has this name."""


class FeedError(CrowdtapeError):
    """A live service did not answer as it should.

    `retry_at` is the instant (ms, UTC) before which asking again is pointless, or None.
    """

    def __init__(self, message: str, *, retry_at: int | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class CancelledError(CrowdtapeError):
    """The user stopped a long job; what was committed before stays."""
