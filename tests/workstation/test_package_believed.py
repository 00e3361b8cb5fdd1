"""What a package says is held against what was signed and noted here: no other bytes, no other clock, no other CA."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import Result
from test_handing_off import Desk, desk, unlock
from typer.testing import CliRunner

from reviewer import cli_handoff
from reviewer.demo.authorities import ORGANISATION, make_authority
from reviewer.demo.correspondents import Correspondents
from reviewer.handoff.dossier import Dossier
from reviewer.handoff.errors import CertificateUnusable, CustodyContradicts, StampRefused, StampUnavailable
from reviewer.model.errors import CustodyBroken
from reviewer.model.handoff import Anchor
from reviewer.vault.custody import export
from reviewer.workstation import signing_material
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.custody_extract import own_extract, read_exports
from reviewer.workstation.handoff_record import WholeRecord, whole_record
from reviewer.workstation.signing_material import SigningMaterial, keep_signing_material

__all__ = ["desk", "unlock"]


def another_root() -> bytes:
    """Of the same name, with another key."""
    return make_authority(f"{ORGANISATION} Root", SystemClock().now()).pem


def gathered(desk: Desk, record: WholeRecord) -> Dossier:
    return desk.handoffs._gathering.dossier(
        record,
        desk.choice(),
        desk.handoffs._policy.handoff.agencies[0],
        handoff_id="h-1",
        built_at=SystemClock().now(),
        missing=(),
        overrule=None,
        check=lambda _done, _total: None,
    )


def test_what_was_seen_here_counts_before_it_is_told_and_no_exhibit_becomes_another(desk: Desk, tmp_path: Path) -> None:
    record = whole_record(desk.session._case_system, desk.case_id)
    unheard = msgspec.structs.replace(
        record, items=tuple(msgspec.structs.replace(one, seen=False) for one in record.items)
    )
    assert [one.record.seen for one in gathered(desk, unheard).exhibits] == [False, False]
    desk.session._exposure._seen.shown([desk.items[0].id])
    seen = {one.record.item.id: one.record.seen for one in gathered(desk, unheard).exhibits}
    assert seen == {desk.items[0].id: True, desk.items[1].id: False}

    vault, path = desk.session._vault, tmp_path / "own.jsonl"
    note, verifier = vault.store.call(lambda s: s.checkpoints(last=1))[0][1], vault.signer.verifier
    path.write_bytes(b"".join(vault.store.call(lambda s: list(export(s, note, verifier)))))
    anchor = Anchor(origin=verifier.name, note=note, verifier=str(verifier), at=SystemClock().now())
    (read,) = read_exports([path], desk.case_id, [anchor])
    assert read == own_extract(vault, desk.case_id, lambda: None)

    items = list(record.items)
    other = msgspec.structs.replace(items[1].item.fingerprints, sha256="0" * 64)
    items[1] = msgspec.structs.replace(items[1], item=msgspec.structs.replace(items[1].item, fingerprints=other))
    with pytest.raises(CustodyContradicts):
        gathered(desk, msgspec.structs.replace(record, items=tuple(items)))


def test_an_export_is_read_once_and_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    path.write_bytes(b" " * 3_000_000)
    for one in (path, tmp_path / "gone", tmp_path):
        with pytest.raises(CustodyBroken, match="cannot be read"):
            read_exports([one], "case-1", ())
    path.write_bytes(b'{"checkpoint":"x","verifier":"v","size":1,"root":"r"}' + b" " * 2_000_000)
    with pytest.raises(CustodyBroken, match="cannot be read"):
        read_exports([path], "case-1", ())


def test_what_the_time_authority_and_the_own_authority_say_is_held_against_what_is_known(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = desk.correspondents._time
    for away in (timedelta(minutes=-30), timedelta(days=200)):
        with monkeypatch.context() as patched:
            patched.setattr(authority, "_now", lambda away=away: datetime.now(UTC) + away)
            with pytest.raises(StampRefused, match="ten minutes"):
                desk.build()

    known = desk.correspondents.authorities
    kept = SigningMaterial(signing=known.signing_pem, ca=another_root(), tsa_ca=known.tsa_ca_pem)
    keep_signing_material(desk.session._vault, kept)
    with pytest.raises(CertificateUnusable, match="authority"):
        desk.build()
    assert desk.left() == []
    keep_signing_material(desk.session._vault, msgspec.structs.replace(kept, ca=known.ca_pem))

    def declined(*_: object, **__: object) -> bytes:
        raise StampUnavailable("The time authority declined to give a stamp.")

    monkeypatch.setattr("reviewer.workstation.package_papers.request_stamp", declined)
    assert desk.build().not_stamped == "The time authority declined to give a stamp."


def test_the_command_takes_no_certificate_of_another_authority(
    correspondents: Correspondents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = correspondents.authorities
    for name, pem in (
        ("signing", made.signing_pem),
        ("certificate", b"\n"),
        ("ca", made.ca_pem),
        ("wrong", another_root()),
    ):
        (tmp_path / name).write_bytes(pem)
    kept: list[SigningMaterial] = []
    monkeypatch.setattr(cli_handoff, "at_case_system", lambda _data: nullcontext((None, None)))
    monkeypatch.setattr(signing_material, "keep_signing_material", lambda _vault, material: kept.append(material))

    def imported(ca: str) -> Result:
        files = {"--key": "signing", "--certificate": "certificate", "--ca": ca}
        given = [word for option, name in files.items() for word in (option, str(tmp_path / name))]
        return CliRunner().invoke(cli_handoff.handoff_app, ["certificate", *given])

    refused = imported("wrong")
    assert refused.exit_code == 1
    assert "H003" in refused.output
    assert not kept
    assert imported("ca").exit_code == 0
    assert len(kept) == 1
