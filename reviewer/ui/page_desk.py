"""An item of many pages on the desk: which page is looked at, and the veiled row of all of them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reviewer.media.frames import Frame
from reviewer.model.cases import ItemFacts
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.ui import theme
from reviewer.ui.elided_label import ElidedLabel
from reviewer.ui.frame_requests import FrameRequests, Request, wipe_all
from reviewer.ui.item_ports import OpenItem
from reviewer.ui.key_button import KeyButton
from reviewer.ui.page_strip import PageStrip
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.wording import moves

CHANNEL = "pages"
MOST_KEPT = 60  # thumbnails that lie here at once


class _Where(PlainLabel):
    """As wide as the longest it will say, so that the buttons beside it stay under the pointer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._longest = ""
        theme.role(self, "dim")

    def say(self, words: str, longest: str) -> None:
        self._longest = longest
        self.setText(words)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(self._longest) + theme.px(4)
        return super().sizeHint().expandedTo(QSize(width, 0))


class PageDesk(QObject):
    """`moved` says that another page is wanted: what was revealed was of the old one.

    Thumbnails are BLURRED whatever the level of the page, and are asked for only as they come into view. `changed` when
    the first of them is here.
    """

    moved = Signal()
    changed = Signal()
    failed = Signal(object)

    def __init__(self, requests: FrameRequests, parent: QWidget) -> None:
        super().__init__(parent)
        self._requests = requests
        self._opened: OpenItem | None = None
        self._frames: dict[int, Frame] = {}
        self._refused: set[int] = set()
        self._veiled = False
        self._animated = False
        self.page = 0
        self.count = 1
        self.below = QWidget(parent)
        self.below.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.strip = PageStrip(self.below)
        self._where = _Where(self.below)
        self._still = ElidedLabel("dim", self.below)
        self._back = KeyButton(self.tr("Previous"), self.tr("PgUp"), parent=self.below)
        self._on = KeyButton(self.tr("Next"), self.tr("PgDn"), parent=self.below)
        row = QHBoxLayout()
        theme.space(row, gap=8)
        row.addWidget(self._back)
        row.addWidget(self._where)
        row.addWidget(self._on)
        row.addWidget(self._still, 1)
        column = QVBoxLayout(self.below)
        theme.space(column, gap=8)
        column.addWidget(self.strip)
        column.addLayout(row)
        self.below.hide()
        self._back.clicked.connect(lambda: self.turn(-1))
        self._on.clicked.connect(lambda: self.turn(1))
        self.strip.chosen.connect(self.go_to)
        self.strip.looked.connect(self._load)

    # coming and going

    @property
    def many(self) -> bool:
        """There is more than one page to turn to."""
        return self.count > 1

    @property
    def level(self) -> Level:
        """What the thumbnails show; FACTS while there are none."""
        return max((frame.level for frame in self._frames.values()), default=Level.FACTS)

    def open(self, opened: OpenItem, facts: ItemFacts) -> None:
        """The first page, and no thumbnail before `show_veiled`."""
        self.close()
        self._opened = opened
        self._animated = moves(facts)
        self._still.say(self.tr("It is looked at frame by frame and does not play.") if self._animated else "")
        self.count = max(facts.pages or 1, 1)
        self.strip.set_pages(self.count)
        self._say()

    def close(self) -> None:
        """Wipe every frame held here, forget the item."""
        self.wipe()
        self._opened = None
        self.page, self.count = 0, 1

    def wipe(self) -> None:
        """Wipe the thumbnails; the page is kept."""
        self._veiled = False
        self._requests.forget(CHANNEL)
        self.strip.clear()
        wipe_all(list(self._frames.values()))
        self._frames = {}
        self._refused = set()

    def show_veiled(self) -> None:
        """Fill the row with what is in view of it."""
        self._veiled = self.many
        self._load()

    # turning

    def turn(self, pages: int) -> None:
        """So many on, or back."""
        self.go_to(self.page + pages)

    def go_to(self, page: int) -> None:
        page = min(max(page, 0), self.count - 1)
        if page == self.page:
            return
        self.page = page
        self._say()
        self.moved.emit()

    def _say(self) -> None:
        words = self.tr("Frame {page} of {pages}") if self._animated else self.tr("Page {page} of {pages}")
        self._where.say(
            words.format(page=self.page + 1, pages=self.count), words.format(page=self.count, pages=self.count)
        )
        self._back.setEnabled(self.page > 0)
        self._on.setEnabled(self.page < self.count - 1)
        self.strip.set_page(self.page)

    # thumbnails

    def _load(self) -> None:
        """The page in view that is nearest to the one looked at and not here yet; then the next one."""
        opened = self._opened
        if opened is None or not self._veiled or self._requests.busy(CHANNEL):
            return
        known = self._frames.keys() | self._refused
        missing = [page for page in self.strip.visible_pages() if page not in known]
        if not missing:
            return
        page = min(missing, key=lambda page: abs(page - self.page))
        self._requests.ask(
            CHANNEL,
            Request(
                lambda: [opened.blurred(page=page)],
                lambda frames: self._here(page, frames[0]),
                lambda error: self._not_here(page, error),
            ),
        )

    def _here(self, page: int, frame: Frame) -> None:
        if frame.level > Level.BLURRED:
            frame.wipe()
            self._refused.add(page)
        else:
            self._frames[page] = frame
            self.strip.put(page, frame)
            self._thin_out()
            if len(self._frames) == 1:
                self.changed.emit()
        self._load()

    def _not_here(self, page: int, error: ReviewerError) -> None:
        """One page that cannot be drawn does not keep the others from view; it is said when somebody turns to it."""
        self._refused.add(page)
        if page == self.page:
            self.failed.emit(error)
        self._load()

    def _thin_out(self) -> None:
        seen = self.strip.visible_pages()
        away = sorted((page for page in self._frames if page not in seen), key=lambda page: -abs(page - self.page))
        for page in away[: max(0, len(self._frames) - max(MOST_KEPT, len(seen)))]:
            self.strip.drop(page)
            self._frames.pop(page).wipe()
