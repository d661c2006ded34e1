"""The dialogs and what follows from them. Loaded when the first is wanted."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox

from core.model import Interval
from ui.concepts.editor import ConceptEditor
from ui.concepts.jobs import read_concept, remove_concept, save_concept
from ui.corrections.dialog import MarksDialog
from ui.help.keys import KeysDialog
from ui.help.palette import Palette
from ui.i18n import tr
from ui.imports.control import Imports
from ui.imports.dialog import ImportDialog
from ui.imports.summary import ImportSummary
from ui.instruments.add_dialog import AddSymbolDialog
from ui.instruments.jobs import add_instrument, search
from ui.prices import Prices
from ui.rescoring.dialog import RescoringDialog
from ui.rescoring.jobs import read_reports
from ui.settings.dialog import SettingsDialog
from ui.snapshots import Snapshots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model import Concept, Instrument
    from ui import jobs
    from ui.imports.request import ImportRequest
    from ui.main_window import MainWindow


class Windows(QObject):
    """Asks the user, and has done what the answer says."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        parts = window.parts
        self.prices = Prices(window.tasks, parts.make_feed, self)
        self.prices.fetched.connect(self._on_fetched)
        self.prices.problem.connect(lambda text: window.banners.put("feed", text, "warning"))
        self.prices.well.connect(self._on_well)
        self.prices.failed.connect(window.show_error)
        self.imports = Imports(parts.data_dir, window, parts.import_command)
        self.imports.finished.connect(self._on_imported)
        self.imports.ended.connect(self._on_import_ended)
        self.imports.compared.connect(window.state.touch_data)
        self.imports.failed.connect(lambda text: window.banners.put("error", text, "error"))
        self.snapshots = Snapshots(window)

    # -- instruments and concepts

    def add_symbol(self, text: str = "") -> None:
        """Ask for an instrument and add it to the user's own store."""
        window = self._window
        find = functools.partial(search, place=window.parts.home, make_feed=window.parts.make_feed)
        dialog = AddSymbolDialog(window.tasks, find, text, window)
        dialog.accepted.connect(lambda: self._add(dialog.chosen, fetch=dialog.fetch.isChecked()))
        self._open(dialog)

    def edit_concept(self, name: str) -> None:
        """Make a concept, or change the one of this name."""
        window = self._window
        if not name:
            self._edit(None)
            return
        if window.state.sample:
            self._tell(tr("The sample cannot be changed; add a symbol or a concept of your own to begin."))
            return
        job = functools.partial(read_concept, place=window.parts.home, name=name)
        window.tasks.submit("concept", job, self._edit)

    def remove_subject(self, key: str) -> None:
        """Unpin an instrument; remove a concept once the user has said yes."""
        window = self._window
        entry = window.watchlist_model.entry(key)
        if entry is None or window.state.sample:
            return
        if not entry.concept:
            window.keeper.pin(key, "unpin")
            return
        question = tr("Remove the concept {name}? Its posts and instruments stay.").format(name=key)
        if not self._ask(question, tr("Remove")):
            return
        job = functools.partial(remove_concept, place=window.parts.home, name=key)
        window.tasks.submit("concept", job, lambda _none: self._on_removed(key))

    # -- marks and scores

    def show_marks(self, act: str = "") -> None:
        """Show the user's marks, and what is learned from them; `act` begins with writing or reading them."""
        window = self._window
        dialog = MarksDialog(window.tasks, window.parts.home, window)
        dialog.marks_changed.connect(window.state.touch_data)
        dialog.layer_changed.connect(window.scoring.use)
        self._open(dialog)
        if act:
            dialog.begin(act)

    def show_moved(self) -> None:
        """Say what scoring anew changed."""
        window = self._window
        job = functools.partial(read_reports, place=window.parts.home)
        window.tasks.submit("moved", job, lambda reports: self._open(RescoringDialog(reports, window.theme, window)))

    # -- files and services

    def import_files(self, kind: str = "", files: Sequence[str] = ()) -> None:
        """Ask for files where none are given, and how to read them; then read them."""
        window = self._window
        if self.imports.running:
            self._tell(tr("An import is under way; wait for it, or cancel it."))
            return
        if not files:
            pattern = tr("Tables and exports") + " (*.csv *.tsv *.json *.jsonl *.ndjson *.ics *.gz *.zst)"
            every = tr("All files") + " (*)"
            files, _ = QFileDialog.getOpenFileNames(window, tr("Import files"), "", f"{pattern};;{every}")
        if not files:
            return
        sample, view = window.state.sample, window.state.view
        known = [] if sample else window.watchlist_model.known
        concepts = [k for k, _ in known if (e := window.watchlist_model.entry(k)) is not None and e.concept]
        dialog = ImportDialog(
            files,
            window.tasks,
            kind=kind,
            subjects=[k for k, _ in known],
            concepts=concepts,
            current="" if sample else window.state.subject,
            speaker="" if sample or view is None else view.tape.provenance.crowd,
            parent=window,
        )
        dialog.accepted.connect(lambda: self._start_import(dialog.request))
        self._open(dialog)

    def fetch_prices(self) -> None:
        """Fetch the prices of the subject that is shown."""
        window = self._window
        if window.state.sample:
            self._tell(tr("The sample has no live prices; add a symbol of your own to begin."))
        elif window.state.subject:
            self.prices.fetch(window.parts.home, window.state.subject, window.state.interval)

    # -- the program itself

    def show_settings(self) -> None:
        """Change settings; they hold at once."""
        window = self._window
        dialog = SettingsDialog(window.parts.preferences, window.tasks, window.parts.home, window)
        dialog.accepted.connect(window.appearance.apply_preferences)
        dialog.scorers.changed.connect(lambda: window.scoring.rescoring.check(0))
        dialog.scorers.marks_wanted.connect(lambda: (dialog.reject(), self.show_marks()))
        self._open(dialog)

    def show_palette(self) -> None:
        """Offer all commands."""
        self._open(Palette(self._window.actions_, self._window))

    def show_keys(self) -> None:
        """List all keys."""
        self._open(KeysDialog(self._window))

    def show_sample(self) -> None:
        """Show the bundled sample."""
        window = self._window

        def job(_context: object) -> jobs.Sample:
            return window.parts.open_sample()

        show = window.opening.show_place
        window.tasks.submit("sample", job, lambda sample: show(sample.place, sample.subject, sample.span))

    def show_log(self) -> None:
        """Open the folder with the log."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._window.parts.log_file.parent)))

    def show_about(self) -> None:
        """Say what this is."""
        from core.version import program_version  # noqa: PLC0415  reads the installation's metadata

        box = QMessageBox(self._window)
        box.setWindowTitle(tr("About Crowdtape"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Crowdtape {program_version()}")
        box.setInformativeText(
            tr("What the crowd says beside what the price does, on one clock. Everything stays on this machine.")
            + "\n\n"
            + tr("Log: {path}").format(path=self._window.parts.log_file)
        )
        self._open(box)

    def may_close(self) -> bool:
        """Ask where an import is under way, and end it where the user says so."""
        if not self.imports.running:
            return True
        question = tr("An import is under way. Stop it and quit? What it has stored is kept.")
        if not self._ask(question, tr("Stop and quit")):
            return False
        self.imports.close()
        return True

    # -- what follows

    def _add(self, instrument: Instrument | None, *, fetch: bool) -> None:
        if instrument is None:
            return
        window = self._window
        job = functools.partial(add_instrument, place=window.parts.home, instrument=instrument)
        window.tasks.submit("add", job, lambda key: self._on_added(key, fetch=fetch))

    def _on_added(self, key: str, *, fetch: bool) -> None:
        self._window.opening.show_home(key)
        if fetch:
            self.prices.fetch(self._window.parts.home, key, Interval.D1)

    def _edit(self, concept: Concept | None) -> None:
        dialog = ConceptEditor(concept, self._window)
        dialog.accepted.connect(lambda: self._save_concept(dialog.concept, concept.name if concept else ""))
        self._open(dialog)

    def _save_concept(self, concept: Concept | None, replaced: str) -> None:
        if concept is None:
            return
        window = self._window
        title = tr("Linking posts to {name}").format(name=concept.name)
        job = functools.partial(save_concept, place=window.parts.home, concept=concept, replaced=replaced)
        window.tasks.submit("concept", job, lambda name: self._on_saved(name, replaced), title=title)

    def _on_saved(self, name: str, replaced: str) -> None:
        if replaced:
            self._window.charts.replace_subject(replaced, name)
        self._window.opening.show_home(name)

    def _on_removed(self, key: str) -> None:
        window = self._window
        window.keeper.reload()
        rest = [k for k, _ in window.watchlist_model.known if k != key]
        window.charts.replace_subject(key, rest[0] if rest else "")

    def _start_import(self, request: ImportRequest | None) -> None:
        if request is not None:
            self.imports.start(request)

    def _on_import_ended(self, request: ImportRequest) -> None:
        """Show what came in, also from an import that was cut short."""
        key = request.symbol or request.subject
        window = self._window
        if window.state.sample:
            window.opening.show_imported(key)
        else:
            window.state.touch_data()
            if key and key != window.state.subject and request.kind == "prices":
                window.keeper.reload()

    def _on_imported(self, request: ImportRequest, report: dict[str, Any]) -> None:
        summary = ImportSummary(report, request.shown, self._window, posts=request.kind == "posts")
        summary.concept_wanted.connect(lambda: self.edit_concept(""))
        self._open(summary)

    def _on_fetched(self, key: str) -> None:
        self._window.opening.show_home(key if self._window.state.sample else "")

    def _on_well(self, text: str) -> None:
        self._window.banners.remove("feed")
        self._window.status.showMessage(text, 8000)

    # -- asking and telling

    def _open(self, dialog: QDialog) -> None:
        """Open a dialog upon the window; it goes when it is closed."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _tell(self, text: str) -> None:
        self._window.banners.put("hint", text, "info")

    def _ask(self, question: str, yes: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, "Crowdtape", question, parent=self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        accept = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is accept
