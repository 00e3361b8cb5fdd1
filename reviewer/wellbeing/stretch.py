"""When a supervisor is told that somebody has worked long without a break: a number of quarter hours, and its end."""

from __future__ import annotations

from reviewer.model.policy import Policy

QUARTER_S = 900.0


class StretchTeller:
    """Fed with the seconds of work since the last break; says what is to be sent, each value once.

    From the policy's handover hours on every full quarter hour is told, and 0 once the count began anew: a break was
    taken, or the shift is over. Below that nothing is ever told. `told` is what was told last, which a crash may
    have left standing; None: not known.
    """

    def __init__(self, policy: Policy, *, told: int | None = 0) -> None:
        self._from_s = policy.breaks.handover_hours * 3600.0
        self._told = told

    def due(self, since_break_s: float) -> int | None:
        """Quarter hours to send now, or None when nothing new is to be told."""
        quarters = int(since_break_s // QUARTER_S) if since_break_s >= self._from_s else 0
        if quarters == self._told:
            return None
        self._told = quarters
        return quarters

    def over(self) -> int | None:
        """The shift ends here: 0 if something else was told before."""
        return self.due(0.0)
