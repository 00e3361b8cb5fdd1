"""Messages that a decision rests on: marked veiled, kept with the draft, gone with the item."""

from __future__ import annotations

import msgspec
import pytest
from test_text_in_viewer import a_chat, show
from viewer_fakes import HandJobs

from reviewer.model.decisions import MessageMark
from reviewer.ui.viewer import ViewerPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us


def test_a_line_is_marked_and_unmarked_without_a_word_being_asked_for(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, a_chat())
    marks, asked = panel.text.line_marks, []
    marks.asked.connect(asked.append)
    marks.asked.connect(marks.show_messages)
    panel.text.view.set_focus_line(7)
    marks.toggle()
    panel.text.view.set_focus_line(3)
    marks.toggle()
    assert asked[-1] == (MessageMark(line=3), MessageMark(line=7))
    assert "marked as relevant" in panel.text.view.accessibleDescription()
    marks.toggle()
    assert asked[-1] == (MessageMark(line=7),)
    assert "marked as relevant" not in panel.text.view.accessibleDescription()
    assert item.asked == ["outline"]


def test_a_draft_brings_its_marks_and_the_next_item_has_none(panel: ViewerPanel, jobs: HandJobs) -> None:
    taken = a_chat()
    taken.draft = msgspec.structs.replace(taken.draft, messages=(MessageMark(line=5, note="the shed"),))
    show(panel, jobs, taken)
    panel.text.view.set_focus_line(5)
    before = panel.text.view.grab().toImage()
    assert "marked as relevant" in panel.text.view.accessibleDescription()
    panel.text.line_marks.show_messages(())
    assert panel.text.view.grab().toImage() != before, "the mark can be seen"
    panel.clear()
    show(panel, jobs, a_chat())
    panel.text.view.set_focus_line(5)
    assert "marked as relevant" not in panel.text.view.accessibleDescription()
