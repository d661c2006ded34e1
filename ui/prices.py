"""Fetching prices: starts the job, tells how the service is doing, refreshes what shows them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui import jobs
from ui.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.feeds import FetchReport, PriceFeed
    from core.model import Interval
    from ui.jobs import Place
    from ui.tasks import Tasks


class Prices(QObject):
    """Fetches for a subject; one job a subject."""

    fetched = Signal(str)  # key: new prices are stored
    problem = Signal(str)  # a sentence about the service or a symbol
    well = Signal(str)  # a sentence: all is up to date
    failed = Signal(object)  # Exception

    def __init__(self, tasks: Tasks, make_feed: Callable[[], PriceFeed], parent: QObject) -> None:
        super().__init__(parent)
        self._tasks, self._make_feed = tasks, make_feed

    def fetch(self, place: Place, key: str, interval: Interval) -> None:
        """Fetch what is missing of the subject's prices."""
        job = functools.partial(jobs.fetch, place=place, make_feed=self._make_feed, key=key, interval=interval)
        self._tasks.submit(
            f"fetch {key}",
            job,
            lambda reports: self._on_fetched(key, reports),
            self.failed.emit,
            title=tr("Fetching prices of {name}").format(name=key),
        )

    def _on_fetched(self, key: str, reports: Sequence[FetchReport]) -> None:
        problems = list(dict.fromkeys(r.problem for r in reports if r.problem))
        notes = list(dict.fromkeys(r.note for r in reports if getattr(r, "note", "")))
        if any(r.bars or r.replaced for r in reports):
            self.fetched.emit(key)
        if problems:
            self.problem.emit("  ".join(problems[:3]))
        else:
            new = sum(r.bars for r in reports)
            said = tr("{n} new bars of {name}.").format(n=f"{new:,}", name=key)
            self.well.emit("  ".join([said, *notes]))
