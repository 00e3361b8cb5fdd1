"""The pages around a desk: the desk a role has, the cover that hides everything, and the posture page in its frame."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.roles import Permission, may
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.plain_page import PlainPage
from reviewer.ui.ports import Session
from reviewer.ui.posture_page import PosturePage
from reviewer.ui.preservation_card import PreservationCard
from reviewer.ui.supervisor_page import SupervisorPage
from reviewer.ui.workbench import Workbench


def _tr(text: str) -> str:
    return QCoreApplication.translate("DeskPages", text)


def make_home(session: Session, jobs: Jobs, parent: QWidget) -> QWidget:
    """What the member's role works at: a Workbench, the team, or words that there is nothing here."""
    role = session.member.role
    if may(role, Permission.REVIEW_ITEMS):
        return Workbench(session, jobs, parent)
    if may(role, Permission.SEE_TEAM_EXPOSURE):
        return SupervisorPage(session, jobs, parent)
    page = PlainPage(
        "noDesk",
        _tr("This role has no desk in the window"),
        _tr("Use the command line to take evidence in and to share cases."),
        parent,
    )
    if may(role, Permission.SEE_PRESERVATION):
        card = PreservationCard(session.handoffs, jobs, page)
        page.add_below(card)
        card.refresh()
    return page


def make_cover(parent: QWidget, come_back: Callable[[], None], lock: Callable[[], None]) -> PlainPage:
    """What is seen while everything is hidden."""
    cover = PlainPage(
        "cover",
        _tr("Everything is hidden"),
        _tr("No evidence is in memory. What you wrote is kept."),
        parent,
    )
    back = KeyButton(_tr("Back to the desk"), _tr("Enter"), kind=ButtonKind.PRIMARY, parent=cover)
    back.setObjectName("comeBack")
    cover.add_key(back, (Qt.Key.Key_Return, Qt.Key.Key_Enter), come_back)
    away = KeyButton(_tr("Lock"), "Ctrl L", parent=cover)
    away.setObjectName("coverLock")
    cover.add_key(away, (), lock)
    return cover


def say_way_back(cover: QWidget, *, gallery: bool) -> None:
    """Where Enter leads from the cover."""
    back = cover.findChild(KeyButton, "comeBack")
    if isinstance(back, KeyButton):
        back.set_words(_tr("Back to the gallery") if gallery else _tr("Back to the desk"))


class PostureFrame(QWidget):
    """The posture page under a way back. `posture` takes the focus: a focus proxy would hide the button from Tab."""

    def __init__(self, session: Session, jobs: Jobs, back: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("postureFrame")
        self.posture = PosturePage(session, jobs, self)
        button = KeyButton(self.tr("Back to the desk"), "F2", parent=self)
        button.setObjectName("postureBack")
        button.clicked.connect(back)
        row = QHBoxLayout()
        theme.space(row, (24, 16, 24, 0))
        row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        theme.space(column)
        column.addLayout(row)
        column.addWidget(self.posture, 1)
