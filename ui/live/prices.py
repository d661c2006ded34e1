"""Live prices while the user wants them: the stream moves the newest bars, and closed bars are fetched now and then.

Ticks are gathered and shown at most once a frame, however many come. They live in the charts alone: what is stored
comes from the service's history, and takes the place of what ticks made when it is there.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Signal

from core.model import Tick
from ui import jobs
from ui.live.quotes import with_ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.feeds import FetchReport, PriceStream, StreamState
    from core.timeline import LiveBars, View
    from ui.charts.cell import ChartCell
    from ui.main_window import MainWindow

STREAM = "live"
FRAME_MS = 16
POLL_MS = 60_000
DAILY_TURNS = 15


class LivePrices(QObject):
    """Owns the stream. Off until the user turns it on, and off again when the program starts anew."""

    changed = Signal()  # turned on or off, or the stream's state

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._make = window, window.parts.make_stream
        self.on = False
        self.now = jobs.now_ms
        self.state: StreamState | None = None  # of the stream, once it has said anything
        self.last_tick: int | None = None  # ms UTC
        self._turn = 0  # how often closed bars were fetched
        self._stream: PriceStream | None = None
        self._bars: dict[ChartCell, LiveBars] = {}
        self._read_anew: dict[ChartCell, int] = {}  # when, for a session that had begun (ms UTC)
        self._pending: list[Tick] = []
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._show)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self.refresh)
        window.charts.shown.connect(self._on_shown)
        window.charts.rearranged.connect(self._watch)
        window.keeper.entries_changed.connect(self._watch)
        window.state.sample_changed.connect(self._watch)

    def set_on(self, *, on: bool) -> None:
        """Begin to listen, or stop."""
        if on == self.on:
            return
        self.on = on
        tasks = self._window.tasks
        if on:
            self._stream = self._make()
            self._watch()
            run = self._stream.run
            tasks.listen(STREAM, lambda send, stop: run(send, send, stop), self._receive)
            self._poll.start()
            self._turn = 0
            self.refresh()
            self._window.charts.reload()  # up to the present
        else:
            tasks.hush(STREAM)
            self._poll.stop()
            self._pending.clear()
            self._bars.clear()
            self._stream = self.state = self.last_tick = None
        self.changed.emit()

    # What is listened to.

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols of every chart in the user's own store, and of what is pinned."""
        if self._window.state.sample:
            return frozenset()
        found: set[str] = set()
        for cell in self._window.charts.cells:
            cell.loader.until = self._present
            view = cell.state.view
            if view is not None and not view.tape.provenance.simulated:
                found.update(jobs.symbols_of(view.tape.subject), _compared(view))
        return frozenset(found | set(self._window.watchlist_model.instruments))

    def _present(self) -> int | None:
        return self.now() if self.on else None

    def _watch(self, *_: object) -> None:
        if self._stream is not None:
            self._stream.watch(self.symbols)

    # What comes in.

    def _receive(self, sent: object) -> None:
        if isinstance(sent, Tick):
            self._pending.append(sent)
            if not self._frame.isActive():
                self._frame.start()
        else:
            self.state = cast("StreamState", sent)
            self.changed.emit()

    def _show(self) -> None:
        """Hand what has come since the last frame to the charts and the watchlist."""
        ticks, self._pending = self._pending, []
        first = self.last_tick is None
        self.last_tick = max((t.time for t in ticks), default=self.last_tick)
        for cell in self._window.charts.cells:
            self._move(cell, ticks)
        self._window.watchlist_model.set_quotes(with_ticks(self._window.watchlist_model.quotes, ticks))
        if first:
            self.changed.emit()

    def _move(self, cell: ChartCell, ticks: Sequence[Tick]) -> None:
        view = cell.state.view
        if view is None or view.tape.extent is None or view.tape.provenance.simulated or self._window.state.sample:
            return
        bars = self._bars_of(cell)
        if bars.take(ticks):
            cell.show_ticks(bars.view)
        if bars.outgrown and self.now() - self._read_anew.get(cell, 0) >= POLL_MS:
            self._read_anew[cell] = self.now()
            cell.loader.load()

    def _bars_of(self, cell: ChartCell) -> LiveBars:
        from core.timeline import LiveBars  # noqa: PLC0415  loaded long since by whoever made the view

        view, bars = cell.state.view, self._bars.get(cell)
        assert view is not None  # noqa: S101  the callers have looked
        if bars is None or bars.view is not view:
            same = bars is not None and bars.view.tape.subject == view.tape.subject
            bars = LiveBars(view, bars if same else None, cache_dir=self._window.place.cache)
            self._bars[cell] = bars
        return bars

    def _on_shown(self, cell: ChartCell) -> None:
        """Lay what ticks made on a view that was read anew, so that it does not jump back."""
        self._bars = {c: b for c, b in self._bars.items() if c in self._window.charts.cells}
        self._watch()
        view, bars = cell.state.view, self._bars.get(cell)
        if self.on and view is not None and bars is not None and bars.view is not view and view.tape.extent is not None:
            cell.show_ticks(self._bars_of(cell).view)

    # Closed bars.

    def refresh(self) -> None:
        """Fetch the bars that have closed since, of every chart; the charts are read anew where there are some."""
        window = self._window
        if window.state.sample:
            return
        self._turn += 1
        for cell in window.charts.cells:
            view, interval = cell.state.view, cell.state.options.interval
            keys = [cell.state.subject, *(() if view is None else _compared(view))]
            symbols = len(keys) if view is None else len(jobs.symbols_of(view.tape.subject)) + len(keys) - 1
            # About one request a minute and chart; a daily bar can wait longer for its last figures.
            pace = symbols if interval.intraday else max(symbols, DAILY_TURNS)
            for key in keys:
                if key and (self._turn - 1) % pace == 0 and not window.tasks.busy(f"refresh {key}"):
                    job = functools.partial(
                        jobs.fetch, place=window.parts.home, make_feed=window.parts.make_feed, key=key,
                        interval=interval,
                    )  # fmt: skip
                    window.tasks.submit(f"refresh {key}", job, self._fetched(key), window.show_error)

    def _fetched(self, key: str) -> Callable[[Sequence[FetchReport]], None]:
        def take(reports: Sequence[FetchReport]) -> None:
            if any(r.bars or r.replaced for r in reports):
                for cell in self._window.charts.cells:
                    view = cell.state.view
                    if cell.state.subject == key or (view is not None and key in _compared(view)):
                        cell.loader.load()

        return take


def _compared(view: View) -> list[str]:
    return [c.instrument.symbol for c in view.tape.compared]
