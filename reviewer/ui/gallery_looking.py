"""Which veiled pictures are on the screen: asked for as they come into view, told to the exposure meter, dropped."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from reviewer.model.cases import QueueEntry
from reviewer.model.policy import Policy
from reviewer.ui.bridge import Jobs
from reviewer.ui.gallery_cells import GalleryCell, has_picture, starts_bare
from reviewer.ui.gallery_feed import GalleryFeed
from reviewer.ui.gallery_model import GalleryModel
from reviewer.ui.item_ports import VeiledCells

HEARTBEAT_MS = 1000


class GalleryLooking(QObject):
    """`repaint(item_id)` when a cell looks different. `see` says which rows are in view; until then nothing is asked.

    Only a cell whose pixels were painted counts as seen, and only while it stays in view.
    """

    repaint = Signal(str)
    beat = Signal()

    def __init__(
        self,
        cells: VeiledCells,
        jobs: Jobs,
        rules_for: Callable[[QueueEntry], Policy],
        model: GalleryModel,
        rows: Callable[..., tuple[int, int]],
        parent: QObject,
    ) -> None:
        """`rules_for` says how an item may be looked at by this person now. `rows(ahead=n)` are the first and last row
        in view, and n screens below.
        """
        super().__init__(parent)
        self._cells = cells
        self._rules_for = rules_for
        self._model = model
        self._rows = rows
        self._feed = GalleryFeed(cells, jobs, self)
        self._feed.changed.connect(self.repaint)
        self._asked: set[str] = set()
        self._asked_all = False
        self._painted: set[str] = set()
        self._told: dict[str, str] = {}
        self._on = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.tell)
        self._heart = QTimer(self)
        self._heart.setInterval(HEARTBEAT_MS)
        self._heart.timeout.connect(self._beat)

    @property
    def feed(self) -> GalleryFeed:
        return self._feed

    @property
    def on(self) -> bool:
        return self._on

    def begin(self) -> None:
        """The page is in view."""
        self._on = True
        self._feed.forget_trouble()
        self._heart.start()
        self.moved()

    def drop(self) -> None:
        """At once: pictures wiped, workers ended, nothing counted as seen from now on but what was painted just now."""
        self.tell()
        self._on = False
        self._heart.stop()
        self._soon.stop()
        self._painted.clear()
        self._feed.drop()
        self._say({})

    def moved(self) -> None:
        """Other rows are in view: their pictures first, then those of the next screen."""
        if not self._on:
            return
        self.tell()
        first, _last = self._rows()
        _first, beyond = self._rows(ahead=1)
        near = self._model.between(first, beyond)
        self._feed.want([cell.id for cell in near if self.may_show(cell)])

    def ask_for(self, item_ids: set[str]) -> None:
        """The person wants veiled pictures of these, though they start as facts. Kept for the session."""
        self._asked |= item_ids
        self.moved()

    def ask_for_all(self) -> None:
        self._asked_all = True
        self.moved()

    def may_show(self, cell: GalleryCell) -> bool:
        rules = self._rules_for(cell.entry)
        if not has_picture(cell.entry, rules):
            return False
        return self._asked_all or cell.id in self._asked or not starts_bare(cell.entry, rules)

    # what the cells ask while they are painted

    def picture(self, item_id: str) -> QImage | None:
        return self._feed.picture(item_id) if self._on else None

    def painted(self, item_id: str) -> None:
        if item_id not in self._painted:
            self._painted.add(item_id)
            self._soon.start()

    def bare(self, cell: GalleryCell) -> str:
        """Why there is no picture, in few words."""
        if not has_picture(cell.entry, self._rules_for(cell.entry)):
            return self.tr("facts only")
        if not self.may_show(cell):
            return self.tr("known, not shown") if cell.entry.matches else self.tr("not shown")
        return self._feed.trouble(cell.id) or ("" if self._on else self.tr("hidden"))

    # what was seen

    def tell(self) -> None:
        """The cells in view whose pixels were painted."""
        if not self._on:
            return
        shown = self._model.between(*self._rows())
        self._say(
            {
                cell.id: cell.entry.item.harm_type
                for cell in shown
                if cell.id in self._painted and self._feed.picture(cell.id) is not None
            }
        )

    def _say(self, cells: dict[str, str]) -> None:
        if cells or self._told:
            self._cells.showing(cells)
        self._told = cells

    def _beat(self) -> None:
        self.tell()
        self.beat.emit()
