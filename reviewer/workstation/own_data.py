"""Everything held about the one who works here, told to nobody else: `reviewer.ui.own_ports.OwnRecords`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from reviewer.model.clock import Clock
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import LEVEL_KEYS
from reviewer.model.preferences import Preferences
from reviewer.sync.client import CaseSystem
from reviewer.ui.case_ports import OutcomesView
from reviewer.ui.own_ports import HeardOfMe, HeldHere
from reviewer.vault.files import write_new
from reviewer.vault.open_vault import OpenVault
from reviewer.wellbeing.breakdown import Breakdown, Tally
from reviewer.workstation.exposure import ExposureKeeper

_HEARD = "own_data_heard"
_MOST_PATH = 4096


class NotWritten(ReviewerError):
    code = "R013"
    happened = "The file could not be written."
    kept = "Nothing half-written was left, and what is held about you is unchanged."
    to_do = "Name a folder you may write to and that has room, and a file that is not there yet."


class OwnData:
    """Of one session. The file is the only thing that ever leaves the encrypted store, and only when asked for."""

    def __init__(
        self,
        vault: OpenVault,
        case_system: CaseSystem,
        clock: Clock,
        exposure: ExposureKeeper,
        preferences: Callable[[], Preferences | None],
        outcomes: Callable[[], OutcomesView],
    ) -> None:
        self._vault = vault
        self._store = vault.store
        self._case_system = case_system
        self._clock = clock
        self._exposure = exposure
        self._preferences = preferences
        self._outcomes = outcomes
        self._asked: HeardOfMe | None = None

    def held_here(self) -> HeldHere:
        figures, spans = self._exposure.figures(), self._exposure.spans()
        episodes = self._store.call(lambda s: s.exposure.seconds_since(datetime.fromtimestamp(0, UTC)).episodes)
        decisions, drafts, outbox = self._store.call(lambda s: (s.decision_count(), s.draft_count(), s.counts()))
        return HeldHere(
            today=spans.today,
            shift=spans.shift,
            week=spans.week,
            month=spans.month,
            elsewhere_today_s=figures.elsewhere_today_s,
            elsewhere_unheard=figures.elsewhere_unheard,
            episodes=episodes,
            decisions=decisions,
            drafts=drafts,
            waiting=outbox.waiting,
            parked=outbox.parked,
            preferences=self._preferences(),
        )

    def last_heard(self) -> HeardOfMe | None:
        if self._asked is not None:
            return self._asked
        kept = self._store.call(lambda s: s.get_setting(_HEARD))
        try:
            return None if kept is None else msgspec.json.decode(kept, type=HeardOfMe)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None  # of another version: it is asked for anew

    def ask(self) -> HeardOfMe:
        data, exposure = self._case_system.own_data(), self._case_system.own_exposure()
        heard = HeardOfMe(
            heard_at=self._clock.now(),
            data=data,
            days=exposure.days,
            looks=self._case_system.looks(),
            line_count=len(exposure.lines) if exposure.line_count is None else exposure.line_count,
            lines=exposure.lines,
        )
        kept = msgspec.json.encode(msgspec.structs.replace(heard, lines=()))
        self._store.call(lambda s: s.put_setting(_HEARD, kept))
        self._asked = heard
        return heard

    def write_file(self, path: str) -> None:
        """An absolute path, or one that begins with ~; a file that is there is never written over."""
        target = _target(path)
        body = msgspec.json.format(msgspec.json.encode(self._everything()), indent=2)
        try:
            write_new(target, body)
        except FileExistsError:
            raise _taken() from None
        except OSError:
            raise NotWritten from None

    def _everything(self) -> dict[str, object]:
        here = self.held_here()
        return {
            "about": self._vault.member.name,
            "written_at": self._clock.now(),
            "note": "Figures, choices, counts: no item, no case, nothing typed, and not what you would rather not get.",
            "on_this_workstation": {
                "workstation": self._vault.workstation,
                "graphic_viewing": {
                    name: _figures(span)
                    for name, span in (
                        ("today", here.today),
                        ("this_shift", here.shift),
                        ("last_7_days", here.week),
                        ("last_28_days", here.month),
                    )
                },
                "seconds_today_at_other_workstations": here.elsewhere_today_s,
                "episodes": here.episodes,
                "decisions": here.decisions,
                "drafts": here.drafts,
                "waiting_to_be_sent": here.waiting,
                "not_accepted": here.parked,
                "preferences": _without_wishes(here.preferences),
            },
            "at_the_case_system": self.last_heard(),
            "outcomes": [{"day": outcome.day, "kind": outcome.kind} for outcome in self._outcomes().outcomes],
        }


def _without_wishes(preferences: Preferences | None) -> Preferences | None:
    """What somebody would rather not get is for nobody's eyes, and a file may be asked for by others."""
    return None if preferences is None else msgspec.structs.replace(preferences, rather_not=())


def _target(path: str) -> Path:
    """NotWritten where it cannot be used, or something is there."""
    try:
        target = Path(path.strip()).expanduser()
        usable = 0 < len(path) <= _MOST_PATH and target.is_absolute() and target.parent.is_dir()
        taken = usable and os.path.lexists(target)
    except (OSError, RuntimeError, ValueError):
        raise NotWritten from None
    if not usable:
        raise NotWritten("There is no such folder.")
    if taken:
        raise _taken()
    return target


def _taken() -> NotWritten:
    return NotWritten("There is a file of this name already.", kept="It was not touched.", to_do="Choose another name.")


def _figures(span: Breakdown) -> dict[str, object]:
    return {
        "first_day": span.first,
        "last_day": span.last,
        "in_all": _tally(span.total),
        "by_day": _tallies({day.isoformat(): tally for day, tally in sorted(span.by_day.items())}),
        "by_level": _tallies({LEVEL_KEYS[level]: tally for level, tally in sorted(span.by_level.items())}),
        "by_kind": _tallies({kind.value if kind else "side_by_side": tally for kind, tally in span.by_kind.items()}),
        "by_severity": _tallies(
            {"not_decided" if number is None else str(number): tally for number, tally in span.by_severity.items()}
        ),
        "by_harm_type": _tallies(span.by_harm_type),
        "with_sound": _tally(span.with_sound),
        "full_screen": _tally(span.full_screen),
    }


def _tallies(groups: Mapping[str, Tally]) -> dict[str, object]:
    return {name: _tally(tally) for name, tally in groups.items()}


def _tally(tally: Tally) -> dict[str, object]:
    return {
        "seconds": round(tally.seconds, 1),
        "weighted_seconds": round(tally.weighted, 1),
        "episodes": tally.episodes,
    }
