"""What a recipient gets beside the package: the certificates to check it with, and one page that says how.

Nothing in it is secret, and nothing in it is needed to trust it: the page says to compare fingerprints by another way.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from asn1crypto import pem

from reviewer.handoff.errors import CertificateUnusable, TargetFailed
from reviewer.handoff.signed_data import certificates
from reviewer.model.handoff_terms import ENVELOPES
from reviewer.resources import resource

GUIDE = "HOW-TO-VERIFY.txt"
CA, TSA_CA = "ca.pem", "tsa-ca.pem"
_BLANK = re.compile(r"\{\{([A-Z]+)\}\}")


def write_kit(
    target: Path,
    *,
    ca_pem: bytes,
    tsa_ca_pem: bytes,
    package_name: str,
    folder: str,
    envelope: str,
    tagmanifest_sha256: str,
) -> Path:
    """Makes the folder `target` (or writes over what is in it) and gives it back. `package_name` is the sealed file's
    name, `folder` that of the bag in it, `envelope` one of "age", "cms", "zip"; `tsa_ca_pem` is empty where the package
    has no stamp. CertificateUnusable when a PEM holds no certificate; TargetFailed when it cannot be written."""
    text = guide(
        package_name=package_name,
        folder=folder,
        envelope=envelope,
        tagmanifest_sha256=tagmanifest_sha256,
        stamped=bool(tsa_ca_pem),
    )
    files = {GUIDE: text.encode(), CA: _public(ca_pem)}
    if tsa_ca_pem:
        files[TSA_CA] = _public(tsa_ca_pem)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (target / name).write_bytes(content)
    except OSError as error:
        raise TargetFailed("The recipient's kit could not be written.") from error
    return target


def guide(*, package_name: str, folder: str, envelope: str, tagmanifest_sha256: str, stamped: bool) -> str:
    """The page. Each command stands on a line of its own that begins with four spaces and "$ "."""
    if envelope not in ENVELOPES:
        raise ValueError("not an envelope")
    blanks = {
        "OPEN": _template(f"open-{envelope}"),
        "STAMP": _template("stamp" if stamped else "no-stamp"),
        "PROVEN": " The signature is not younger than the stamp." if stamped else "",
        "PACKAGE": shlex.quote(package_name),
        "FOLDER": shlex.quote(folder),
        "TAGMANIFEST": tagmanifest_sha256,
    }
    # Twice: what opens the package names it.
    return _filled(_filled(_template("guide"), blanks), blanks)


def commands(text: str) -> list[str]:
    """Those of a guide, in their order."""
    return [line.removeprefix("    $ ") for line in text.splitlines() if line.startswith("    $ ")]


def _filled(text: str, blanks: dict[str, str]) -> str:
    return _BLANK.sub(lambda found: blanks[found[1]], text)


def _template(name: str) -> str:
    return resource(f"handoff/{name}.txt").read_text(encoding="utf-8")


def _public(untrusted_pem: bytes) -> bytes:
    """Its certificates and nothing else: a key that somebody left in the file does not go out with it."""
    try:
        found = certificates(untrusted_pem)
    except ValueError as error:
        raise CertificateUnusable("The authority's certificate cannot be read.") from error
    return b"".join(pem.armor("CERTIFICATE", certificate.dump()) for certificate in found)
