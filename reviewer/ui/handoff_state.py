"""What is chosen for a package so far. Every step of the page reads it and writes into it; nothing here blocks."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from reviewer.model.decisions import Imminence
from reviewer.model.handoff import MAX_ANSWER, Letter, Overrule, RecordedItem
from reviewer.model.handoff_answers import HandoffAnswers, Question, StatementField
from reviewer.model.handoff_terms import Agency
from reviewer.model.statement_fields import stated, statement_lacks
from reviewer.ui.handoff_ports import CaseOutline, Choice
from reviewer.ui.handoff_words import question_words, statement_words
from reviewer.ui.wording import tr

# Those a person answers, each a field of HandoffAnswers by the same name.
ASKED = (
    Question.IMMINENCE,
    Question.LOCATION_CLUES,
    Question.ACCOUNTS,
    Question.TIMES,
    Question.CONTACT,
    Question.LEGAL_BASIS,
    Question.RETENTION,
)
_IN_DANGER = (Imminence.IMMINENT, Imminence.POSSIBLE)


def _says_danger(item: RecordedItem) -> bool:
    return item.standing is not None and item.standing.decision.imminence in _IN_DANGER


class HandoffState(QObject):
    """`changed` after every choice; `answered` after a change of an answer, which is to be kept. For the Qt thread."""

    changed = Signal()
    answered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.outline: CaseOutline | None = None
        self.chosen: set[str] = set()
        self._in_danger: set[str] = set()
        self.agency = ""
        self.answers = HandoffAnswers()
        self.thumbnails = False
        self.cybertip = True
        self.letter: Letter | None = None
        self.missing: tuple[Question, ...] = ()
        self.scope: tuple[str, ...] = ()  # countries that the policy names for statements of reasons
        self.known = False  # whether `missing` is the answer to what is chosen now

    @property
    def case_id(self) -> str:
        return self.outline.case.id if self.outline is not None else ""

    def begin(self, outline: CaseOutline, answers: HandoffAnswers | None = None) -> None:
        """Another case, or the same one looked at again: then what was chosen stays, as far as there is such a thing.

        `answers` are words that are newer than those of the outline. Of the same case those here are as new: they are
        kept as they are typed, and an outline that was asked for before must not put back older ones.
        """
        again = self.outline is not None and self.outline.case.id == outline.case.id
        self.outline = outline
        self._in_danger = {one.item.id for one in outline.items if _says_danger(one)}
        free = {one.item.id for one in outline.items if not one.unsettled}
        self.chosen = (self.chosen if again else set(outline.chosen)) & free
        keys = [agency.key for agency in outline.agencies]
        if not again or self.agency not in keys:
            self.agency = keys[0] if len(keys) == 1 else ""
        self.answers = answers if answers is not None else (self.answers if again else outline.answers)
        if not again:
            self.thumbnails, self.cybertip, self.letter = False, outline.reportable, None
        self.thumbnails = self.thumbnails and outline.thumbnails_allowed
        self._turn()

    # what the steps choose

    def toggle(self, item_id: str) -> None:
        self.chosen ^= {item_id}
        self._turn()

    def choose_items(self, item_ids: set[str]) -> None:
        self.chosen = item_ids
        self._turn()

    def choose_agency(self, key: str) -> None:
        if key != self.agency:
            self.agency = key
            self._turn()

    def answer(self, answers: HandoffAnswers) -> None:
        if answers != self.answers:
            self.answers = answers
            self.answered.emit()
            self._turn()

    def choose_papers(self, *, thumbnails: bool, cybertip: bool) -> None:
        self.thumbnails, self.cybertip = thumbnails, cybertip
        self._turn()

    def choose_letter(self, letter: Letter | None) -> None:
        self.letter = letter
        self._turn()

    def say_missing(self, missing: tuple[Question, ...]) -> None:
        """The answer of the completeness check to what is chosen now."""
        self.missing, self.known = missing, True
        self.changed.emit()

    def _turn(self) -> None:
        self.known = False
        self.changed.emit()

    # what follows from it

    def agency_chosen(self) -> Agency | None:
        agencies = self.outline.agencies if self.outline is not None else ()
        return next((agency for agency in agencies if agency.key == self.agency), None)

    def items(self) -> list[RecordedItem]:
        """Those chosen, in the order of the case."""
        items = self.outline.items if self.outline is not None else ()
        return [one for one in items if one.item.id in self.chosen]

    def choice(self) -> Choice:
        return Choice(
            self.case_id,
            tuple(one.item.id for one in self.items()),
            self.agency,
            self.answers,
            self.thumbnails,
            self.cybertip,
            self.letter.letter_id if self.letter is not None else "",
        )

    @property
    def asks_imminence(self) -> bool:
        """A standing decision of a chosen item says that somebody is or may be in danger."""
        return Question.IMMINENCE in self.missing or not self.chosen.isdisjoint(self._in_danger)

    def asked(self) -> tuple[Question, ...]:
        return tuple(one for one in ASKED if one is not Question.IMMINENCE or self.asks_imminence)

    @property
    def states_reasons(self) -> bool:
        """Something that is chosen was removed or restricted."""
        return any(stated(one) is not None for one in self.items())

    @property
    def statement_lacks(self) -> tuple[StatementField, ...]:
        """Named, and holds nothing up."""
        return statement_lacks(self.items(), self.answers, self.scope)

    def too_long(self, question: Question | StatementField) -> int:
        """How many characters an answer has too many."""
        return max(0, len(getattr(self.answers, question.value)) - MAX_ANSWER)

    @property
    def overrule(self) -> Overrule | None:
        """The newest for the agency that is chosen, whatever it names."""
        overrules = self.outline.overrules if self.outline is not None else ()
        return next((one for one in overrules if one.agency and one.agency == self.agency), None)

    @property
    def overruled(self) -> bool:
        """A supervisor lets all that is missing be missing in a package to the agency that is chosen."""
        overrule = self.overrule
        return overrule is not None and overrule.covers(self.agency, (one.value for one in self.missing))

    def why_not_build(self) -> str:
        """In one sentence; empty when it can be built."""
        outline = self.outline
        if outline is None:
            return tr("No case is open here.")
        if not self.chosen:
            return tr("No item is chosen: step 1.")
        if self.agency_chosen() is None:
            return tr("No recipient is chosen: step 1.")
        if not outline.signed:
            return tr("It cannot be signed here: {why}").format(why=outline.unsigned_why)
        long = next((question_words(one) for one in ASKED if self.too_long(one)), "")
        if not long and self.too_long(StatementField.CONTENT_DATE):
            long = statement_words(StatementField.CONTENT_DATE)
        if long:
            return tr("An answer is too long: {question}").format(question=long)
        if not self.known:
            return tr("What is missing is being looked up.")
        if self.missing and not self.overruled:
            return tr("{count} missing: step 2 names what.").format(count=len(self.missing))
        return ""
