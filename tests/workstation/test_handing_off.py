"""A case is handed off whole or not at all, from a real session: recorded once, resumable, honest about the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from evidence import picture
from floor import Floor
from test_decisions_kept import a_draft

from reviewer.cli_handoff import _say_kept_unread
from reviewer.demo.authorities import make_authorities
from reviewer.demo.correspondents import AGENCY_KEY, Correspondents
from reviewer.demo.organisation import PASSPHRASE, SUPERVISOR
from reviewer.handoff.errors import (
    AnswersMissing,
    BuildCancelled,
    CannotResume,
    CertificateUnusable,
    ItemDamaged,
    StampRefused,
    StampUnavailable,
)
from reviewer.model.cases import Item
from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Action
from reviewer.model.errors import CaseSystemRefused, CaseSystemUnreachable, HandoffError, PermissionRefused
from reviewer.model.handoff import Audience, LetterKind, NewStep, StepKind
from reviewer.model.handoff_answers import HandoffAnswers, Question
from reviewer.model.ids import uuid7
from reviewer.ui.handoff_ports import Choice, Progress
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import Workstation
from reviewer.workstation.handing_off import HandingOff
from reviewer.workstation.opened_package import verify_sealed
from reviewer.workstation.policy_in_force import default_policy
from reviewer.workstation.session import WorkSession
from reviewer.workstation.signing_material import SigningMaterial, keep_signing_material

COMPLETE = HandoffAnswers(
    imminence="Said so in the referral",
    location_clues="none known",
    accounts="none known",
    times="2026-11-20 14:03 UTC",
    contact="Desk, extension 12",
    legal_basis="Emergency disclosure",
    retention="One year",
)


@dataclass
class Desk:
    """A person at work with two items of one case decided as reports."""

    session: WorkSession
    items: Sequence[Item]
    folder: Path
    correspondents: Correspondents

    @property
    def handoffs(self) -> HandingOff:
        return self.session.handoffs

    @property
    def case_id(self) -> str:
        return self.items[0].case_id

    def choice(self, answers: HandoffAnswers = COMPLETE) -> Choice:
        return Choice(self.case_id, tuple(item.id for item in self.items), AGENCY_KEY, answers)

    def build(self, choice: Choice | None = None, *, cancelled: Callable[[], bool] = lambda: False):  # type: ignore[no-untyped-def]
        return self.handoffs.build(choice or self.choice(), self.folder, progress=lambda _: None, cancelled=cancelled)

    def verify(self, path: Path):  # type: ignore[no-untyped-def]
        made = self.correspondents.authorities
        identity = made.agency_identity.encode()
        return verify_sealed(path, identity=identity, ca_pem=made.ca_pem, tsa_ca_pem=made.tsa_ca_pem)

    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def unlock(own_floor: Floor, correspondents: Correspondents) -> Iterator[Callable[..., WorkSession]]:
    desks: list[Workstation] = []

    def open_session(member_id: str) -> WorkSession:
        correspondents.introduce(own_floor.organisation, [member_id])
        policy = correspondents.policy(default_policy())
        desk = Workstation(own_floor.organisation.workstation(member_id), SystemClock(), policy)
        desks.append(desk)
        return desk.unlock(PASSPHRASE)

    yield open_session
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(own_floor: Floor, unlock: Callable[..., WorkSession], correspondents: Correspondents, tmp_path: Path) -> Desk:
    session = unlock(own_floor.reviewer)
    case = own_floor.open_case()
    items = [own_floor.take_in(picture(), case=case, harm_type="grooming_text") for _ in range(2)]
    session.refresh_queue()
    for item in items:
        draft = msgspec.structs.replace(
            a_draft(item.id, "as the referral says"),
            action=Action.REPORT,
            category="grooming_text",
            age_group="unclear",
        )
        session.decide(session.take(item.id), draft, from_notes=False)
    session.sync_now()
    folder = tmp_path / "packages"
    folder.mkdir()
    return Desk(session, items, folder, correspondents)


def test_a_package_is_built_verified_and_recorded_once(desk: Desk) -> None:
    outline = desk.handoffs.outline(desk.case_id)
    assert set(outline.chosen) == {item.id for item in desk.items}
    assert outline.signed
    phases: list[str] = []

    def told(progress: Progress) -> None:
        phases.append(progress.phase)

    built = desk.handoffs.build(desk.choice(), desk.folder, progress=told, cancelled=lambda: False)
    assert list(dict.fromkeys(phases)) == ["gathering", "signing", "sealing", "checking", "recording"]
    assert desk.left() == sorted([built.path.name, built.kit.name])
    assert not built.not_stamped
    found = desk.verify(built.path)
    assert (found.items, found.tagmanifest_sha256) == (2, built.handoff.made.tagmanifest_sha256)
    assert found.stamped is not None
    assert found.custody_entries > 0
    (recorded,) = desk.handoffs.made(desk.case_id)
    assert recorded == built.handoff
    assert [step.kind for step in recorded.steps] == [StepKind.BUILT]
    entries = desk.session._vault.store.call(lambda s: s.custody_rows())
    packed = [row for row in entries if CustodyAction.PACKAGED.value.encode() in row.entry_json]
    assert len(packed) == 2
    assert all(recorded.made.package_sha256.encode() in row.entry_json for row in packed)


def test_a_letter_tells_of_the_items_and_the_agency_that_are_chosen(desk: Desk) -> None:
    first, second = desk.items
    _, text = desk.handoffs.draft_letter(
        desk.case_id,
        Audience.LAW_ENFORCEMENT,
        LetterKind.GRANTED_IN_PART,
        item_ids=[first.id],
        agency=AGENCY_KEY,
    )
    assert f"We disclose 1 item (exhibit {first.exhibit})." in text
    assert f"We do not disclose 1 item (exhibit {second.exhibit})." in text
    for agency, hole in ((AGENCY_KEY, False), ("", True)):
        _, text = desk.handoffs.draft_letter(
            desk.case_id, Audience.LAW_ENFORCEMENT, LetterKind.EMERGENCY_DISCLOSURE, agency=agency
        )
        assert ("To [to be filled: name of the agency]" in text) is hole
        assert "We disclose [to be filled: which items are disclosed]." in text


def test_nothing_of_an_item_is_readable_on_the_disk(desk: Desk) -> None:
    built = desk.build()
    marker = picture()[-200:-100]
    for path in (built.path, *built.kit.iterdir()):
        assert marker not in path.read_bytes()


def test_what_is_missing_is_named_and_only_a_supervisor_overrules(
    desk: Desk, unlock: Callable[..., WorkSession]
) -> None:
    lacking = msgspec.structs.replace(COMPLETE, contact="", times="yesterday")
    missing = desk.handoffs.missing(desk.choice(lacking))
    assert missing == (Question.TIMES, Question.CONTACT)
    with pytest.raises(AnswersMissing, match="times, contact"):
        desk.build(desk.choice(lacking))
    with pytest.raises(PermissionRefused):
        desk.handoffs.overrule(desk.case_id, AGENCY_KEY, missing, "It cannot wait")
    assert desk.left() == []
    boss = unlock(SUPERVISOR)
    for agency, named in ((AGENCY_KEY, [Question.TIMES]), ("another_unit", missing)):
        boss.handoffs.overrule(desk.case_id, agency, named, "It cannot wait")
        with pytest.raises(AnswersMissing):
            desk.build(desk.choice(lacking))
    boss.handoffs.overrule(desk.case_id, AGENCY_KEY, missing, "It cannot wait")
    boss.handoffs.overrule(desk.case_id, "another_unit", [Question.TIMES], "Not for that one")
    made = desk.build(desk.choice(lacking)).handoff.made
    assert made.missing == ("times", "contact")
    assert (made.overrule, made.overruled_by) == ("It cannot wait", SUPERVISOR)


def test_cancelled_it_counts_as_nothing_and_goes_on_where_it_was(desk: Desk) -> None:
    asked = iter(range(10_000))
    with pytest.raises(BuildCancelled):
        desk.build(cancelled=lambda: next(asked) > 6)
    if not desk.left():
        pytest.fail("cancelled before anything was sealed: nothing is left to resume")
    assert all(name.endswith(".part") for name in desk.left())
    assert desk.handoffs.made(desk.case_id) == ()
    assert desk.handoffs.outline(desk.case_id).unfinished
    with pytest.raises(CannotResume):
        desk.build()
    built = desk.handoffs.resume(desk.case_id, progress=lambda _: None, cancelled=lambda: False)
    assert desk.verify(built.path).items == 2
    assert not desk.handoffs.outline(desk.case_id).unfinished
    assert len(desk.handoffs.made(desk.case_id)) == 1


def test_whole_but_never_recorded_is_recorded_when_resumed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the machine had failed after the file got its name."""

    class MachineFailed(BaseException):
        pass

    def fail(*_: object, **__: object) -> None:
        raise MachineFailed

    monkeypatch.setattr("reviewer.workstation.packaging.write_kit", fail)
    with pytest.raises(MachineFailed):
        desk.build()
    monkeypatch.undo()
    assert desk.handoffs.made(desk.case_id) == ()
    with pytest.raises(CannotResume):
        desk.build()
    built = desk.handoffs.resume(desk.case_id, progress=lambda _: None, cancelled=lambda: False)
    assert [one.made for one in desk.handoffs.made(desk.case_id)] == [built.handoff.made]
    assert hashlib.sha256(built.path.read_bytes()).hexdigest() == built.handoff.made.package_sha256
    assert len(desk.left()) == 2


def test_a_whole_file_that_was_altered_is_not_recorded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.workstation.packaging.write_kit", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk.build()
    monkeypatch.undo()
    (path,) = desk.folder.iterdir()
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    with pytest.raises(HandoffError):
        desk.handoffs.resume(desk.case_id, progress=lambda _: None, cancelled=lambda: False)
    assert desk.handoffs.made(desk.case_id) == ()
    desk.handoffs.discard(desk.case_id)
    assert desk.left() == []


def test_discarded_nothing_is_left(desk: Desk) -> None:
    asked = iter(range(10_000))
    with pytest.raises(BuildCancelled):
        desk.build(cancelled=lambda: next(asked) > 6)
    desk.handoffs.discard(desk.case_id)
    assert desk.left() == []
    assert desk.verify(desk.build().path).items == 2


def test_without_an_authority_it_is_built_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object, **__: object) -> bytes:
        raise StampUnavailable

    monkeypatch.setattr("reviewer.workstation.package_papers.request_stamp", down)
    built = desk.build()
    assert "could not be reached" in built.not_stamped
    assert not built.handoff.made.stamped
    assert desk.verify(built.path).stamped is None
    assert not (built.kit / "tsa-ca.pem").exists()


def test_an_authority_that_is_not_the_known_one_ends_the_build(desk: Desk) -> None:
    at = SystemClock().now()
    another = make_authorities(at)
    known = desk.correspondents.authorities
    material = SigningMaterial(signing=known.signing_pem, ca=known.ca_pem, tsa_ca=another.tsa_ca_pem)
    keep_signing_material(desk.session._vault, material)
    with pytest.raises(StampRefused):
        desk.build()
    assert desk.left() == []


def test_without_a_certificate_nothing_is_built(desk: Desk) -> None:
    desk.session._vault.store.call(lambda s: s.remove_setting("handoff_signing"))
    outline = desk.handoffs.outline(desk.case_id)
    assert not outline.signed
    assert outline.unsigned_why
    with pytest.raises(CertificateUnusable):
        desk.build()
    assert desk.left() == []


def test_a_package_that_could_not_be_recorded_is_recorded_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    handed_off = desk.session._case_system.handed_off

    def unreachable(_made: object) -> None:
        raise CaseSystemUnreachable

    monkeypatch.setattr(handed_off, "add", unreachable)
    built = desk.build()
    assert built.path.exists()
    assert "told as soon as it can" in built.handoff.steps[0].words
    with pytest.raises(CaseSystemUnreachable):
        desk.handoffs.made(desk.case_id)
    monkeypatch.undo()
    assert [one.made for one in desk.handoffs.made(desk.case_id)] == [built.handoff.made]
    assert len(desk.handoffs.made(desk.case_id)) == 1


def test_sent_begins_the_preservation_and_each_step_is_its_own(desk: Desk, unlock: Callable[..., WorkSession]) -> None:
    built = desk.build()
    at = SystemClock().now()
    desk.handoffs.record_step(
        built.handoff.made.id, NewStep(id=uuid7(), kind=StepKind.SENT, at=at, to="By courier, case 12")
    )
    (recorded,) = desk.handoffs.made(desk.case_id)
    assert recorded.step(StepKind.SENT) is not None
    assert recorded.step(StepKind.RECEIVED) is None
    (kept,) = [one for one in unlock(SUPERVISOR).handoffs.preservations() if one.case_id == desk.case_id]
    assert (kept.jurisdiction, kept.due) == ("US", False)


def test_whose_span_counts_is_said_when_sent_is_recorded_by_somebody_who_cannot_read_the_case(
    desk: Desk,
    unlock: Callable[..., WorkSession],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = desk.build().handoff.made
    boss = unlock(SUPERVISOR).handoffs

    def without_its_key(_case_id: str) -> None:
        raise CaseSystemRefused(403, "/problems/no-key-for-you")

    monkeypatch.setattr(boss._case_system.handed_off, "record", without_its_key)

    def sent() -> NewStep:
        return NewStep(id=uuid7(), kind=StepKind.SENT, at=SystemClock().now(), to="By courier")

    boss.record_step(made.id, sent())
    kept = boss.kept_unread(made.id)
    assert kept is not None
    assert kept.rule is not None
    _say_kept_unread(boss, made.id)
    assert f"the agency's rule ({kept.rule.jurisdiction}, until {kept.rule.ends_on})" in capsys.readouterr().err
    assert [one.unread for one in boss.preservations() if one.case_id == desk.case_id] == [True]
    desk.handoffs.record_step(made.id, sent())
    assert desk.handoffs.kept_unread(made.id) is None
    _say_kept_unread(desk.handoffs, made.id)
    assert capsys.readouterr().err == ""
    assert not any(one.unread for one in boss.preservations() if one.case_id == desk.case_id)


def test_a_locked_session_stops_building(desk: Desk) -> None:
    def lock_it() -> bool:
        desk.session.lock()
        return False

    with pytest.raises(Exception):  # noqa: B017  whatever it meets first, a closed store among it
        desk.build(cancelled=lock_it)
    assert not any(name.endswith(".age") for name in desk.left())


def test_an_item_damaged_in_the_cache_ends_the_build_and_leaves_nothing(desk: Desk) -> None:
    containers = desk.session._vault.containers
    for item in desk.items:
        if not containers.holds(item.id):
            with desk.session._case_system.open_container(
                item.id, item.container_size, item.container_sha256
            ) as remote:
                containers.put(item.id, [remote.read()], sha256=item.container_sha256, size=item.container_size)
    damaged = containers._path(desk.items[1].id)
    body = bytearray(damaged.read_bytes())
    body[len(body) // 2] ^= 1
    damaged.write_bytes(body)
    with pytest.raises(ItemDamaged):
        desk.build()
    assert desk.left() == []
    assert desk.handoffs.made(desk.case_id) == ()
    assert damaged.read_bytes() == bytes(body), "the original is not touched"
