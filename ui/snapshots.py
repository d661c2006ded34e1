"""Saving the chart as a picture, copying it, and going back to what a saved one shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from core.errors import CrowdtapeError, InputError
from ui.chart.snapshot_file import read_record
from ui.i18n import tr

if TYPE_CHECKING:
    from ui.chart.snapshot import SnapshotSpec
    from ui.main_window import MainWindow

LEAST = QSize(960, 600)  # points; a smaller chart on screen is saved no smaller than this
_FORBIDDEN = '<>:"/\\|?*'


class Snapshots(QObject):
    """What File → … snapshot does."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._folder = ""

    def save(self) -> None:
        """Ask for a name and write picture and sidecar; the dialog asks before a file is replaced."""
        window = self._window
        if window.state.view is None or window.state.span is None:
            return
        filters = {
            tr("PNG picture") + " (*.png)": (".png", 1.0),
            tr("PNG picture, twice as sharp") + " (*.png)": (".png", 2.0),
            tr("SVG drawing") + " (*.svg)": (".svg", 1.0),
            tr("PDF document") + " (*.pdf)": (".pdf", 1.0),
        }
        start = str(Path(self._folder or _pictures()) / self.default_name())
        name, chosen = QFileDialog.getSaveFileName(window, tr("Save snapshot"), start, ";;".join(filters))
        if not name:
            return
        suffix, scale = filters.get(chosen, (".png", 1.0))
        path = Path(name)
        if path.suffix.lower() not in {".png", ".svg", ".pdf"}:
            path = path.with_name(path.name + suffix)
            if path.exists():  # the dialog asked about the name without the ending
                window.banners.put("error", tr("{file} exists already; nothing was saved.").format(file=path), "error")
                return
        self._folder = str(path.parent)
        self.write(path, scale)

    def write(self, path: Path, scale: float) -> None:
        """Write the picture and its sidecar, and say so."""
        from ui.chart.snapshot import write_snapshot  # noqa: PLC0415  SVG and PDF are not needed to start

        window = self._window
        view = window.state.view
        if view is None:
            return
        try:
            # What exists was asked about; what only shares its JSON was not, and is left alone.
            write_snapshot(view, self.spec(scale), path, overwrite=path.exists())
        except CrowdtapeError as error:
            window.show_error(error)
            return
        window.status.showMessage(tr("Saved {file}").format(file=path), 8000)

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        from ui.chart.snapshot import render_image  # noqa: PLC0415  as above

        window = self._window
        if window.state.view is None or window.state.span is None:
            return
        scale = window.devicePixelRatioF()
        QGuiApplication.clipboard().setImage(render_image(window.state.view, self.spec(scale)))
        window.status.showMessage(tr("The chart is on the clipboard."), 8000)

    def open(self) -> None:
        """Ask for a saved snapshot and restore its view."""
        pattern = tr("Snapshots") + " (*.json *.png *.svg *.pdf)"
        name, _ = QFileDialog.getOpenFileName(self._window, tr("Open snapshot"), self._folder or _pictures(), pattern)
        if name:
            self._folder = str(Path(name).parent)
            self.restore(Path(name))

    def restore(self, path: Path) -> None:
        """Show what a snapshot shows; `path` is the picture or the sidecar beside it."""
        window = self._window
        try:
            record = read_record(path)
        except InputError as problem:
            window.show_error(problem)
            return
        window.opening.restore_view(record)

    def default_name(self) -> str:
        """Return `Subject_2025-01-06_2025-01-24.png` for what is shown."""
        from core.clock import local_time  # noqa: PLC0415  loaded long since by whoever made the view

        window = self._window
        view, span = window.state.view, window.state.span
        if view is None or span is None:
            return "Crowdtape.png"
        zone = window.state.zone or view.tape.calendar.zone
        days = [local_time(t, zone).date() for t in span]
        subject = "".join("-" if c in _FORBIDDEN or c < " " else c for c in window.state.subject).strip(". ")
        return f"{subject}_{days[0]}_{days[1]}.png"

    def spec(self, scale: float) -> SnapshotSpec:
        """Return what makes a picture of the chart as it is on screen, with `scale` pixels a point."""
        from ui.chart.snapshot import SnapshotSpec  # noqa: PLC0415  as above

        window = self._window
        size, span = window.chart.size(), window.state.span
        return SnapshotSpec(
            width=max(size.width(), LEAST.width()),
            height=max(size.height(), LEAST.height()),
            scale=scale,
            theme=window.theme,
            title=window.loader.current.title if window.loader.current is not None else "",
            start=span[0] if span else None,
            end=span[1] if span else None,
            zone=window.state.zone,
            language="zh" if window.parts.language == "zh" else "en",
            market=window.parts.preferences.market,
            layout=window.chart.pictured,
        )


def _pictures() -> str:
    from PySide6.QtCore import QStandardPaths  # noqa: PLC0415  only here

    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
