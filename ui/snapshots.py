"""Saving the chart as a picture, copying it, and going back to what a saved one shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from core.errors import CrowdtapeError, InputError
from ui.chart.snapshot_file import SnapshotRecord, read_records
from ui.charts.arrangement import with_count
from ui.i18n import tr

if TYPE_CHECKING:
    from ui.chart.snapshot import SnapshotSpec
    from ui.chart.snapshot_file import ChartsRecord
    from ui.charts.cell import ChartCell
    from ui.main_window import MainWindow

LEAST = QSize(960, 600)  # points; a smaller chart on screen is saved no smaller than this
LEAST_OF_SEVERAL = QSize(640, 400)  # the same for each of several charts in one picture
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
        path = self._with_ending(Path(name), suffix, {".png", ".svg", ".pdf"})
        if path is not None:
            self.write(path, scale)

    def _with_ending(self, path: Path, suffix: str, allowed: set[str]) -> Path | None:
        """Return the path that a dialog gave with an ending; None where that is a file that it did not ask about."""
        self._folder = str(path.parent)
        if path.suffix.lower() in allowed:
            return path
        path = path.with_name(path.name + suffix)
        if not path.exists():
            return path
        text = tr("{file} exists already; nothing was saved.").format(file=path)
        self._window.banners.put("error", text, "error")
        return None

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

    def save_all(self) -> None:
        """Ask for a name and write all charts into one PNG, twice as sharp as the screen shows them at its plainest."""
        start = str(Path(self._folder or _pictures()) / self.default_name())
        name, _ = QFileDialog.getSaveFileName(
            self._window, tr("Save all charts"), start, tr("PNG picture, twice as sharp") + " (*.png)"
        )
        path = self._with_ending(Path(name), ".png", {".png"}) if name else None
        if path is not None:
            self.write_all(path)

    def write_all(self, path: Path) -> None:
        """Write all charts into one PNG, and say so."""
        from ui.charts.picture import save_charts  # noqa: PLC0415  not needed to start

        try:
            save_charts(self.picture_of_all(2.0), self.record_of_all(), path)
        except CrowdtapeError as error:
            self._window.show_error(error)
            return
        self._window.status.showMessage(tr("Saved {file}").format(file=path), 8000)

    def copy_all(self) -> None:
        """Put a picture of all charts on the clipboard."""
        window = self._window
        QGuiApplication.clipboard().setImage(self.picture_of_all(window.devicePixelRatioF()))
        window.status.showMessage(tr("All charts are on the clipboard."), 8000)

    def picture_of_all(self, scale: float) -> QImage:
        """Return the charts that are in sight in one picture, with `scale` pixels a point."""
        from ui.chart.snapshot import render_image  # noqa: PLC0415  as above
        from ui.charts.picture import join, sheet_of  # noqa: PLC0415  as above

        window = self._window
        cells = window.charts.cells_in_sight
        sheet = sheet_of(window.charts, cells, LEAST_OF_SEVERAL)
        pictures = [
            render_image(cell.state.view, self.spec(scale, cell, place.size()))
            if cell.state.view is not None and cell.chart_shown
            else None
            for cell, place in zip(cells, sheet.places, strict=True)
        ]
        return join(sheet, pictures, scale, window.theme.panel)

    def record_of_all(self) -> ChartsRecord:
        """Return what must be known to show the charts that are in sight again."""
        from ui.chart.snapshot_file import ChartsRecord  # noqa: PLC0415  as above
        from ui.chart.snapshot_words import record_of  # noqa: PLC0415  as above

        charts = self._window.charts
        cells = [cell for cell in charts.cells_in_sight if cell.state.view is not None and cell.chart_shown]
        records = tuple(record_of(cell.state.view, self.spec(2.0, cell)) for cell in cells if cell.state.view)
        whole = len(cells) == len(charts.cells)
        arrangement = charts.arrangement if whole else with_count(len(cells), charts.arrangement)
        return ChartsRecord(str(arrangement), records, charts.shares if whole else (), self._window.links.names)

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
            record = read_records(path)
        except InputError as problem:
            window.show_error(problem)
            return
        if isinstance(record, SnapshotRecord):
            window.opening.restore_view(record)
        else:
            window.opening.restore_charts(record)

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

    def spec(self, scale: float, cell: ChartCell | None = None, size: QSize | None = None) -> SnapshotSpec:
        """Return what makes a picture of a chart as it is on screen (the active one, in its size, unless given).

        `scale` is in pixels a point.
        """
        from ui.chart.snapshot import SnapshotSpec  # noqa: PLC0415  as above

        window = self._window
        cell = cell or window.charts.active
        wanted: QSize = size if size is not None else cell.chart.size().expandedTo(LEAST)
        span = cell.state.span
        return SnapshotSpec(
            width=wanted.width(),
            height=wanted.height(),
            scale=scale,
            theme=window.theme,
            title=cell.title,
            start=span[0] if span else None,
            end=span[1] if span else None,
            zone=window.state.zone,
            language="zh" if window.parts.language == "zh" else "en",
            market=window.parts.preferences.market,
            layout=cell.chart.pictured,
            marks={} if cell.chart.marker.hidden else cell.chart.marker.marks,
        )


def _pictures() -> str:
    from PySide6.QtCore import QStandardPaths  # noqa: PLC0415  only here

    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
