"""Step 4: where the package goes, building it, and what came of it. What is half done counts as nothing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.card import Card, Surface
from reviewer.ui.handoff_ports import Built, Progress
from reviewer.ui.handoff_state import HandoffState
from reviewer.ui.handoff_words import envelope_words
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.progress_bar import ProgressBar
from reviewer.ui.scrolled import Scrolled

FOLDER_KEY, CANCEL_KEY, RESUME_KEY, DISCARD_KEY = "Alt+F", "Alt+X", "Alt+R", "Alt+D"
MOST_PATH = 4096
WIDEST = 860


class SealStep(QWidget):
    """`cancelAsked`, `resumeAsked`, `discardAsked`; building is the page's primary key."""

    cancelAsked = Signal()
    resumeAsked = Signal()
    discardAsked = Signal()

    def __init__(self, state: HandoffState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self._dialog: QFileDialog | None = None
        self.built: Built | None = None
        self.setAccessibleName(self.tr("Seal"))
        self.folder = QLineEdit(self)
        self.folder.setObjectName("handoffFolder")
        self.folder.setAccessibleName(self.tr("Folder for the package"))
        self.folder.setMaxLength(MOST_PATH)
        self.folder.setText(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        self.choose = KeyButton(self.tr("Choose"), "Alt F", parent=self)
        self.choose.setAccessibleName(self.tr("Choose a folder"))
        self.choose.clicked.connect(self.choose_folder)
        self.what = plain_label("", "", self)
        self.progress = ProgressBar(self.tr("Building"), self)
        self.cancel = KeyButton(self.tr("Cancel"), "Alt X", parent=self)
        self.cancel.setObjectName("handoffCancel")
        self.cancel.clicked.connect(self.cancelAsked)
        self.cancel.hide()
        self.unfinished = Card(Surface.AMBER, margins=(16, 12, 16, 12), gap=8, parent=self)
        self._left = plain_label("", "", self.unfinished)
        self.resume = KeyButton(self.tr("Resume it"), "Alt R", parent=self.unfinished)
        self.resume.setObjectName("handoffResume")
        self.resume.clicked.connect(self.resumeAsked)
        self.discard = KeyButton(self.tr("Discard it"), "Alt D", parent=self.unfinished)
        self.discard.setObjectName("handoffDiscard")
        self.discard.clicked.connect(self.discardAsked)
        self.result = Card(Surface.WASH, margins=(16, 14, 16, 14), gap=8, parent=self)
        self.result.setAccessibleName(self.tr("The package"))
        self._facts: dict[str, QLineEdit] = {}
        self._head = plain_label("", "accent-strong", self.result)
        self._stamp = plain_label("", "", self.result)
        self._tell = plain_label(
            self.tr("Tell them the passphrase by another way than the package: by telephone or in person. It is shown "
                    "here until you lock, build again or open another case, and then not again."),
            "amber-strong", self.result,
        )  # fmt: skip
        self._lay_out()
        self.result.hide()
        state.changed.connect(self._show)

    def _lay_out(self) -> None:
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        theme.space(column, (0, 0, 8, 0), 12)
        plan = Card(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=10, parent=inside)
        title = PlainLabel(self.tr("What is built"), plan)
        theme.role(title, "strong")
        plan.column.addWidget(title)
        plan.column.addWidget(self.what)
        row = QHBoxLayout()
        theme.space(row, gap=8)
        row.addWidget(plain_label(self.tr("Folder"), "dim", plan))
        row.addWidget(self.folder, 1)
        row.addWidget(self.choose)
        plan.column.addLayout(row)
        words = self.tr("Nothing readable is written: the package is sealed as it is made, read again and checked. "
                        "Only then does it get its name.")  # fmt: skip
        plan.column.addWidget(plain_label(words, "small", plan))
        row = QHBoxLayout()
        theme.space(row, gap=12)
        row.addWidget(self.progress, 1)
        row.addWidget(self.cancel)
        plan.column.addLayout(row)
        row = QHBoxLayout()
        theme.space(row, gap=8)
        row.addWidget(self.resume)
        row.addWidget(self.discard)
        row.addStretch(1)
        self.unfinished.column.addWidget(self._left)
        self.unfinished.column.addLayout(row)
        self._lay_out_result()
        for part in (plan, self.unfinished, self.result):
            column.addWidget(part)
        column.addStretch(1)
        scrolled = Scrolled(inside, self)
        theme.size(scrolled, max_width=WIDEST)
        whole = QVBoxLayout(self)
        theme.space(whole)
        whole.addWidget(scrolled, 1)

    def _lay_out_result(self) -> None:
        self.result.column.addWidget(self._head)
        grid = QGridLayout()
        theme.space(grid, gap=8)
        grid.setColumnStretch(1, 1)
        for row, (name, words) in enumerate((
            ("path", self.tr("The package")),
            ("sha256", self.tr("Its SHA-256")),
            ("kit", self.tr("Kit for the recipient")),
            ("passphrase", self.tr("Passphrase")),
        )):  # fmt: skip
            label = PlainLabel(words, self.result)
            theme.role(label, "dim")
            field = QLineEdit(self.result)
            field.setObjectName(f"built_{name}")
            field.setReadOnly(True)
            field.setAccessibleName(words)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            self._facts[name] = field
            if name == "passphrase":
                self._passphrase_label = label
        self.result.column.addLayout(grid)
        self.result.column.addWidget(self._tell)
        self.result.column.addWidget(self._stamp)
        words = self.tr("The kit has the certificates and a guide of one page with the commands that open and check "
                        "the package. Neither is a secret.")  # fmt: skip
        self.result.column.addWidget(plain_label(words, "small", self.result))

    def focus_first(self) -> None:
        self.folder.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def target(self) -> Path:
        return Path(self.folder.text().strip()).expanduser()

    def choose_folder(self) -> None:
        # Not the system's own: it might be drawn by another process, and remembers where it was.
        dialog = self._dialog = QFileDialog(self, self.tr("Folder for the package"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def shut_dialog(self) -> None:
        """It lies over everything, and must not when everything is hidden."""
        if self._dialog is not None:
            self._dialog.reject()
            self._dialog = None

    # what happens

    def begin(self) -> None:
        self.show_built(None)
        self.progress.begin(self.tr("Beginning."))
        self.cancel.set_words(self.tr("Cancel"))
        self.cancel.show()
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self._usable(False)

    def tell(self, progress: Progress) -> None:
        self.progress.tell(progress)

    def cancelling(self) -> None:
        self.cancel.set_words(self.tr("Cancelling"))

    def end(self) -> None:
        self._usable(True)
        if self.cancel.hasFocus():  # else Qt gives it to whatever comes next, outside the page
            self.folder.setFocus(Qt.FocusReason.OtherFocusReason)
        self.progress.hide()
        self.cancel.hide()

    def _usable(self, usable: bool) -> None:
        for part in (self.folder, self.choose, self.resume, self.discard):
            part.setEnabled(usable)

    def show_built(self, built: Built | None) -> None:
        """None: there is none to show."""
        self.built = built
        self.result.setVisible(built is not None)
        if built is None:
            for field in self._facts.values():
                field.clear()
            return
        self._head.setText(self.tr("Built, read again and checked. Building sends it to nobody."))
        digest = built.handoff.made.package_sha256
        for name, words in (
            ("path", str(built.path)),
            ("sha256", digest),
            ("kit", str(built.kit)),
            ("passphrase", built.passphrase),
        ):
            self._facts[name].setText(words)
            self._facts[name].setCursorPosition(0)
        secret = bool(built.passphrase)
        self._facts["passphrase"].setVisible(secret)
        self._passphrase_label.setVisible(secret)
        self._tell.setVisible(secret)
        unstamped = self.tr("It has no time stamp: {why} The package says so too.").format(why=built.not_stamped)
        self._stamp.setText(unstamped if built.not_stamped else self.tr("It has a time stamp."))
        theme.role(self._stamp, "amber" if built.not_stamped else "")
        announce(self, self._head.text())

    def _show(self) -> None:
        state, outline = self._state, self._state.outline
        agency = state.agency_chosen()
        lines = []
        if outline is not None:
            number = outline.case.number
            count = len(state.chosen)
            said = self.tr("Case {number}, 1 item") if count == 1 else self.tr("Case {number}, {n} items")
            lines.append(said.format(number=number, n=f"{count:,}"))
        if agency is not None:
            lines.append(self.tr("For {agency}. {how}").format(agency=agency.words, how=envelope_words(agency)))
        papers = [self.tr("report with veiled thumbnails") if state.thumbnails else self.tr("report")]
        if state.cybertip:
            papers.append(self.tr("CyberTipline report"))
        if state.letter is not None:
            papers.append(self.tr("letter"))
        lines.append(self.tr("Papers: {papers}").format(papers=", ".join(papers)))
        why = state.why_not_build()
        if why:
            lines.append(self.tr("It cannot be built yet. {why}").format(why=why))
        self.what.setText("\n".join(lines))
        left = outline.unfinished if outline is not None else ""
        self.unfinished.setVisible(bool(left))
        words = self.tr("A package was begun and not finished: {path}. It counts as nothing until it is whole.")
        self._left.setText(words.format(path=left))
