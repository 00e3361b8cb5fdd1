"""Export of the team's figures: what that means said first, then a folder, and CSV or PDF."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from reviewer.model.errors import ReviewerError
from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.bridge import Jobs
from reviewer.ui.card import Card, Surface
from reviewer.ui.exposure_table import Column, days_in
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.team_export import ExportHead, FileKind, file_name, maker
from reviewer.ui.team_ports import Supervision

KEY, KEY_SHOWN = "Ctrl+E", "Ctrl E"
FOLDER_KEY = "G"
KIND_KEYS = {FileKind.CSV: "V", FileKind.PDF: "P"}
_MOST_NAMES = 100


class ExportCard(Card):
    """Hidden until opened. `columns` are what the window shows; the file has the whole team, whoever was looked for."""

    failed = Signal(object)

    def __init__(self, supervision: Supervision, jobs: Jobs, who: str, parent: QWidget | None = None) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=parent)
        self.setObjectName("export")
        self.setAccessibleName(self.tr("Export of the team's figures"))
        self._supervision, self._jobs, self._who = supervision, jobs, who
        self._columns: tuple[Column, ...] = ()
        self._today = date.min
        self._busy = False
        self._dialog: QFileDialog | None = None
        head = PlainLabel(self.accessibleName(), self)
        theme.role(head, "strong")
        self.column.addWidget(head)
        meaning = self.tr(
            "A file of the whole team over the days shown: quarter hours of each day, never items, times or pace. "
            "It is not encrypted: anybody who gets it can read it. Everybody in it sees that you exported it."
        )
        self.column.addWidget(plain_label(meaning, "", self))
        self.folder = QLineEdit(self)
        self.folder.setAccessibleName(self.tr("Folder for the file"))
        self.folder.setText(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        row = QHBoxLayout()
        theme.space(row, gap=8)
        row.addWidget(plain_label(self.tr("Folder"), "dim", self))
        row.addWidget(self.folder, 1)
        choose = KeyButton(self.tr("Choose"), FOLDER_KEY, parent=self)
        choose.setAccessibleName(self.tr("Choose a folder"))
        choose.clicked.connect(self.choose_folder)
        row.addWidget(choose)
        self._buttons = {kind: KeyButton(kind.name, key, parent=self) for kind, key in KIND_KEYS.items()}
        for kind, button in self._buttons.items():
            button.setObjectName(f"export_{kind.value}")
            button.setAccessibleName(self.tr("Export as {kind}").format(kind=kind.name))
            button.clicked.connect(lambda _on=False, kind=kind: self.write(kind))
            row.addWidget(button)
        leave = KeyButton(self.tr("Close"), KEY_SHOWN, parent=self)
        leave.clicked.connect(self.hide)
        row.addWidget(leave)
        self.column.addLayout(row)
        self.said = plain_label("", "", self)
        self.said.hide()
        self.column.addWidget(self.said)
        self.hide()

    def show_range(self, columns: tuple[Column, ...], today: date) -> None:
        self._columns, self._today = columns, today

    def toggle(self) -> None:
        if not self.isHidden():
            self.hide()
        elif self._columns:
            self._say("")
            self.show()
            self._buttons[FileKind.CSV].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def why_not(self) -> str:
        return self.tr("There are no figures to export yet.") if not self._columns else ""

    def why_not_write(self) -> str:
        return self.tr("Open the export first.") if self.isHidden() else ""

    def write(self, kind: FileKind) -> None:
        """Ask for the figures, as an export, and write them; nothing is asked for where no file can be made."""
        if self._busy or self.isHidden():
            return
        self._set_busy(True)
        self._say(self.tr("Asking the case system, then writing."))
        columns, folder, name = self._columns, Path(self.folder.text().strip()), file_name(kind, self._today)
        made = maker(kind, ExportHead(self._who, self._today, columns))
        supervision = self._supervision

        def written() -> str:
            path = _free(folder.expanduser(), name)
            supervision.export(path, days_in(columns), made)
            return path.name

        self._jobs.run(written, then=self._written, failed=self._broke, owner=self)

    def _written(self, name: str) -> None:
        self._set_busy(False)
        words = self.tr(
            "Written: {name}. On this machine only you can open it; whoever gets a copy can read all of it."
        )
        self._say(words.format(name=name))

    def _broke(self, error: ReviewerError) -> None:
        self._set_busy(False)
        self._say(f"{error.what_happened} {error.what_was_kept} {error.what_to_do}", amber=True)
        self.failed.emit(error)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        for button in self._buttons.values():
            button.setEnabled(not busy)

    def _say(self, words: str, *, amber: bool = False) -> None:
        theme.role(self.said, "amber" if amber else "")
        self.said.setText(words)
        self.said.setVisible(bool(words))
        if words:
            announce(self, words, at_once=amber)

    def choose_folder(self) -> None:
        dialog = self._dialog = QFileDialog(self, self.tr("Folder for the file"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()


def _free(folder: Path, name: str) -> Path:
    """A name nothing has yet: with a number where it is taken. What is there is never replaced."""
    first = folder / name
    names = [first, *(first.with_stem(f"{first.stem}-{at}") for at in range(2, _MOST_NAMES))]
    return next((path for path in names if not os.path.lexists(path)), first)
