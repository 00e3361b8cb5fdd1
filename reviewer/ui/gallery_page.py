"""The gallery's page: what is shown and how much of it, the grid, the selection in words, and its keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reviewer.model.policy import Policy
from reviewer.ui import theme
from reviewer.ui.elided_label import ElidedLabel
from reviewer.ui.gallery_batch import GalleryBatch
from reviewer.ui.gallery_cells import Group
from reviewer.ui.gallery_grid import GalleryGrid
from reviewer.ui.gallery_model import GalleryModel
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.notice import Notice
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.segments import Segments
from reviewer.ui.wrap_row import WrapRow

GROUPS: tuple[Group | None, ...] = (None, Group.SINGLE, Group.COPIES, Group.KNOWN)
BATCH_WIDTH = 372


class GalleryPage(QWidget):
    """`left` whenever nothing of it may be seen any more: another page, another window; `entered` when it may again."""

    entered = Signal()
    left = Signal()

    def __init__(self, policy: Policy, model: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("galleryPage")
        self.setAccessibleName(self.tr("Gallery"))
        self.grid = GalleryGrid(model, self)
        self.batch = GalleryBatch(policy, self)
        self.notice = Notice(self, key="D")
        theme.size(self.batch, width=BATCH_WIDTH)
        middle = QVBoxLayout()
        theme.space(middle, (16, 12, 12, 12), 10)
        middle.addWidget(self._head())
        middle.addWidget(self._filter_words())
        middle.addWidget(self.notice)
        middle.addWidget(self._empty_words())
        middle.addWidget(self.grid, 1)
        middle.addWidget(self._foot())
        row = QHBoxLayout(self)
        theme.space(row)
        row.addLayout(middle, 1)
        row.addWidget(self.batch)
        self.batch.hide()

    def _head(self) -> QWidget:
        title = PlainLabel(self.tr("Gallery"), self)
        theme.role(title, "title")
        self.about = ElidedLabel("dim", self)
        self.about.setObjectName("galleryAbout")
        self.scope = Segments([(self.tr("This case"), ""), (self.tr("Queue"), "")], parent=self)
        self.scope.setObjectName("galleryScope")
        self.scope.setAccessibleName(self.tr("Items of this case, or of the queue; key A"))
        self.scope.setToolTip(self.tr("Key A"))
        self.groups = Segments([(words, "") for words in self._group_words()], parent=self)
        self.groups.setObjectName("galleryGroups")
        self.groups.setAccessibleName(self.tr("Which items; key G"))
        self.groups.setToolTip(self.tr("Key G"))
        said = _row(self, title, self.about, gap=12)
        said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.size(self.about, min_width=180)
        self.about.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        choices = WrapRow(self.scope, self.groups, fills=False, parent=self)
        return WrapRow(said, choices, fills=True, parent=self)

    def _filter_words(self) -> QWidget:
        """What the queue's search and filters leave out here as there; hidden where they leave out nothing."""
        self.filtered = ElidedLabel("dim", self)
        self.filtered.setObjectName("galleryFilter")
        self.danger = plain_label("", "amber-small", self)
        self.danger.setObjectName("galleryDanger")
        box = self._left_out = QWidget(self)
        column = QVBoxLayout(box)
        theme.space(column, gap=2)
        for label in (self.filtered, self.danger):
            label.hide()
            column.addWidget(label)
        return box

    def say_found(self, about: str, filtered: str, danger: str, *, empty: bool) -> None:
        """How many, what the queue's filters leave, whose danger is therefore not in view."""
        self.about.say(about)
        self.filtered.say(filtered)
        self.danger.setText(danger)
        self.filtered.setVisible(bool(filtered))
        self.danger.setVisible(bool(danger))
        self._left_out.setVisible(bool(filtered or danger))
        self.empty.setText(self.tr("Nothing here can be decided together."))
        self.empty.setVisible(empty)

    def show_form(self, shown: bool) -> None:
        """The form beside the grid; it has the one primary key then."""
        self.decide.setVisible(not shown)
        self.batch.setVisible(shown)

    def _group_words(self) -> tuple[str, ...]:
        return self.tr("All"), self.tr("Not known"), self.tr("Copies"), self.tr("Known")

    def _empty_words(self) -> PlainLabel:
        self.empty = PlainLabel(parent=self)
        self.empty.setObjectName("galleryEmpty")
        theme.role(self.empty, "dim")
        self.empty.hide()
        return self.empty

    def _foot(self) -> QWidget:
        self.chosen = PlainLabel(parent=self)
        self.chosen.setObjectName("gallerySelection")
        self.pictures = KeyButton(self.tr("Veiled pictures"), "T", parent=self)
        self.pictures.setObjectName("galleryPictures")
        self.pictures.setToolTip(self.tr("Of the selected items, or of this one. Shift T: of all of them."))
        self.all = KeyButton(self.tr("Select all"), "Ctrl A", parent=self)
        self.all.setObjectName("gallerySelectAll")
        self.back = KeyButton(self.tr("To the desk"), "Ctrl B", parent=self)
        self.back.setObjectName("galleryBack")
        self.decide = KeyButton(self.tr("Decide together"), self.tr("Ctrl Enter"), kind=ButtonKind.PRIMARY, parent=self)
        self.decide.setObjectName("galleryDecide")
        buttons = WrapRow(
            _row(self, self.pictures, self.all, gap=8), _row(self, self.back, self.decide, gap=8), fills=False,
            parent=self,
        )  # fmt: skip
        return WrapRow(self.chosen, buttons, fills=True, parent=self)

    # whether it can be seen

    @property
    def in_view(self) -> bool:
        """On the screen, in the window that has the focus."""
        return self.isVisible() and self.isActiveWindow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.entered.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.left.emit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.WindowDeactivate:
            self.left.emit()
        elif event.type() == QEvent.Type.WindowActivate:
            self.entered.emit()
        return done

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.grid.fit()

    def focus_grid(self) -> None:
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)


def _row(parent: QWidget, *parts: QWidget, gap: int) -> QWidget:
    box = QWidget(parent)
    row = QHBoxLayout(box)
    theme.space(row, gap=gap)
    for part in parts:
        row.addWidget(part)
    return box
