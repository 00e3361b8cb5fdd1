"""The third side of the desk: what colleagues say about the case, and what stands around it."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from reviewer.model.policy import Policy
from reviewer.ui import theme
from reviewer.ui.case_timeline import AroundPage
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.thread_view import ThreadPage

CASE_KEY, TALK_KEY = "Alt+C", "Y"


class CasePage(Enum):
    AROUND = "around"
    TALK = "talk"


class CasePanel(QFrame):
    """`pageAsked(CasePage)` by a button. Which page shows, and of which case, is its control's to say."""

    pageAsked = Signal(object)

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("casePanel")
        self.setAccessibleName(self.tr("Case"))
        self.setProperty("surface", "panel")
        self.setProperty("rule", "right")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.talk = ThreadPage(self)
        self.around = AroundPage(policy, self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.around)
        self._pages.addWidget(self.talk)
        self._title = PlainLabel(parent=self)
        self._title.setWordWrap(True)
        theme.role(self._title, "strong")
        self._title.setObjectName("caseTitle")
        column = QVBoxLayout(self)
        theme.space(column)
        head = QVBoxLayout()
        theme.space(head, (14, 12, 14, 0), 8)
        head.addWidget(self._title)
        head.addLayout(self._choices())
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        self.show_title("")
        self.show_page(CasePage.AROUND)

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        theme.space(row, gap=8)
        self._buttons = {
            CasePage.AROUND: KeyButton(self.tr("Around it"), "Alt C", kind=ButtonKind.CHOICE, parent=self),
            CasePage.TALK: KeyButton(self.tr("Talk"), TALK_KEY, kind=ButtonKind.CHOICE, parent=self),
        }
        for page, button in self._buttons.items():
            button.setObjectName(f"case_{page.value}")
            button.clicked.connect(lambda _checked=False, page=page: self.pageAsked.emit(page))
            row.addWidget(button, 1)
        return row

    @property
    def page(self) -> CasePage:
        return CasePage.TALK if self._pages.currentWidget() is self.talk else CasePage.AROUND

    def show_page(self, page: CasePage) -> None:
        self._pages.setCurrentWidget(self.talk if page is CasePage.TALK else self.around)
        for one, button in self._buttons.items():
            button.setChecked(one is page)

    def show_title(self, number: str) -> None:
        """Empty: no case is on the desk."""
        words = self.tr("Case {number}").format(number=number) if number else self.tr("Your cases")
        self._title.setText(words)
        self._title.setAccessibleName(words)
