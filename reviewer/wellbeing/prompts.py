"""Which prompt is due, if any. The words are the window's; the moment is the reviewer's."""

from __future__ import annotations

from enum import Enum

from reviewer.model.clock import Clock
from reviewer.model.policy import Policy
from reviewer.wellbeing.meter import ExposureFigures

# A CLEAR look is unusually long after this many of the policy's timed reveals in a row.
LONG_CLEAR_TURNS = 6

# The heavier prompts ask for arrangements with other people, so a "not now" holds longer.
ARRANGEMENT_QUIET_S = 30 * 60.0

# An offered pause after a violent item is stale once the person has gone on working this long.
AFTER_VIOLENT_HOLDS_S = 10 * 60.0


class Prompt(str, Enum):
    BREAK_DUE = "break_due"
    AFTER_VIOLENT = "after_violent"
    HANDOVER = "handover"
    DAILY_CAP = "daily_cap"
    LONG_CLEAR = "long_clear"


# Where several are due, the one that asks for most is shown; it covers the others.
_ORDER = (Prompt.DAILY_CAP, Prompt.HANDOVER, Prompt.BREAK_DUE, Prompt.AFTER_VIOLENT, Prompt.LONG_CLEAR)


class PromptMachine:
    """Decides which prompt is due from the meter's figures and a few events. It never locks anybody out.

    `item_closed(violent=True)` is for items of a violent kind that were really looked at. While `busy` (somebody may
    be in imminent danger, or the person is in the middle of a sentence) nothing is due; what became due waits, also
    what would have gone stale or by meanwhile. `due` is asked about once a second.
    """

    def __init__(self, clock: Clock, policy: Policy) -> None:
        self._clock = clock
        self._policy = policy
        self._quiet_until: dict[Prompt, float] = {}
        self._violent_at: float | None = None
        self._violent_waits = False
        self._clear_answered = False
        self._clear_waits = False
        self._on_break = False
        self._offered: Prompt | None = None

    def follow(self, policy: Policy) -> None:
        """Another pace from here on."""
        self._policy = policy

    def due(self, figures: ExposureFigures, *, busy: bool) -> Prompt | None:
        """The prompt to offer now, or None."""
        now = self._clock.monotonic()
        if figures.clear_running_s < self._long_clear_s:
            self._clear_answered = False
        if busy:
            self._wait(figures, now)
        if busy or self._on_break:
            return None
        if self._violent_waits:
            self._violent_waits, self._violent_at = False, now
        for prompt in _ORDER:
            if now >= self._quiet_until.get(prompt, now) and self._holds(prompt, figures, now):
                self._offered = prompt
                return prompt
        self._offered = None
        return None

    def postponed(self) -> None:
        """The person said "later" to what was offered; an AFTER_VIOLENT or LONG_CLEAR offer is dropped altogether."""
        if self._offered is not None:
            self._answered(self._offered)

    def break_started(self) -> None:
        self._on_break = True

    def break_ended(self) -> None:
        self._on_break = False
        self._answered(self._offered if self._offered is not None else Prompt.BREAK_DUE)

    def item_closed(self, violent: bool) -> None:
        if violent:
            self._violent_at = self._clock.monotonic()

    def _wait(self, figures: ExposureFigures, now: float) -> None:
        """What is due only for a while is due for a while after this."""
        self._violent_waits = self._violent_waits or self._holds(Prompt.AFTER_VIOLENT, figures, now)
        self._clear_waits = self._clear_waits or self._holds(Prompt.LONG_CLEAR, figures, now)

    @property
    def _long_clear_s(self) -> float:
        return self._policy.viewing.clear_seconds * LONG_CLEAR_TURNS

    def _holds(self, prompt: Prompt, figures: ExposureFigures, now: float) -> bool:
        breaks = self._policy.breaks
        if prompt is Prompt.DAILY_CAP:
            return figures.today_weighted_s >= figures.daily_cap_s
        if prompt is Prompt.HANDOVER:
            return figures.shift_s >= breaks.handover_hours * 3600.0
        if prompt is Prompt.BREAK_DUE:
            return figures.since_break_s >= breaks.after_minutes * 60.0
        if prompt is Prompt.AFTER_VIOLENT:
            return self._violent_at is not None and now - self._violent_at <= AFTER_VIOLENT_HOLDS_S
        return self._clear_waits or (not self._clear_answered and figures.clear_running_s >= self._long_clear_s)

    def _answered(self, prompt: Prompt) -> None:
        """Quiet for a while, and not only about this one: all of them ask for a pause, and the answer was given."""
        now = self._clock.monotonic()
        short = now + self._policy.breaks.short_minutes * 60.0
        for other in (Prompt.DAILY_CAP, Prompt.HANDOVER, Prompt.BREAK_DUE):
            self._quiet_until[other] = max(self._quiet_until.get(other, short), short)
        if prompt in (Prompt.DAILY_CAP, Prompt.HANDOVER):
            self._quiet_until[prompt] = now + ARRANGEMENT_QUIET_S
        self._violent_at = None
        self._violent_waits = self._clear_waits = False
        self._clear_answered = True
        self._offered = None
