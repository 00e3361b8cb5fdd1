"""The report's own signature: valid over all of it for an independent reader, and the same each time."""

from __future__ import annotations

import io
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from reviewer.demo.authorities import Authorities
from reviewer.handoff.errors import CertificateUnusable
from reviewer.handoff.pades import sign_pdf
from reviewer.handoff.signing import SigningKey

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    canvas.drawString(100, 700, "A report")
    canvas.save()
    return target.getvalue()


def pdfsig(where: Path, pdf: bytes) -> str:
    if shutil.which("pdfsig") is None:
        pytest.skip("the pdfsig command is not installed")
    (where / "report.pdf").write_bytes(pdf)
    return subprocess.run(
        ["pdfsig", "-nocert", "report.pdf"], cwd=where, capture_output=True, text=True, check=False
    ).stdout


def test_pdfsig_finds_one_signature_over_the_whole_document(
    pdf: bytes, signing_key: SigningKey, authorities: Authorities, tmp_path: Path
) -> None:
    said = pdfsig(tmp_path, sign_pdf(pdf, signing_key, NOW))
    assert said.count("Signature #") == 1
    assert "Total document signed" in said
    assert "Signature Validation: Signature is Valid." in said
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert f"{authorities.organisation} Handoffs" in said


def test_a_change_before_and_behind_the_signature_is_seen(pdf: bytes, signing_key: SigningKey, tmp_path: Path) -> None:
    signed = sign_pdf(pdf, signing_key, NOW)
    for at in (40, signed.rindex(b"startxref") + 1):
        changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        assert "Signature is Valid" not in pdfsig(tmp_path, changed)
    assert "Total document signed" not in pdfsig(tmp_path, signed + b"\n% more\n%%EOF\n")


def test_the_same_is_signed_the_same(pdf: bytes, signing_key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also at another time of day, and where the PDF has no id: the library would write the time and random ids."""
    signed = sign_pdf(pdf, signing_key, NOW)
    time.sleep(1.1)
    assert sign_pdf(pdf, signing_key, NOW) == signed
    assert sign_pdf(pdf, signing_key, NOW + timedelta(seconds=1)) != signed
    no_id = pdf.replace(b"/ID", b"/Ix")
    assert no_id != pdf
    assert sign_pdf(no_id, signing_key, NOW) == sign_pdf(no_id, signing_key, NOW)


def test_what_cannot_be_signed_with_is_refused_first(pdf: bytes, signing_key: SigningKey) -> None:
    with pytest.raises(CertificateUnusable):
        sign_pdf(pdf, signing_key, NOW + timedelta(days=1000))
    with pytest.raises(ValueError, match="not a PDF"):
        sign_pdf(b"not one", signing_key, NOW)
