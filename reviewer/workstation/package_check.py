"""`reviewer handoff verify` and `readdress`: a sealed package opened with its recipient's key, and checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from reviewer.handoff.errors import PackageRefused, RecipientUnusable
from reviewer.vault import age
from reviewer.vault.age.readdressing import Readdressed, readdress
from reviewer.workstation.opened_package import MAX_IDENTITY, envelope_kind, verify_sealed

MAX_PEM = 1 << 20
_NO_IDENTITY = "The key file holds no age identity."
_DONE = {
    Readdressed.IN_PLACE: "Only its header was replaced, in place.",
    Readdressed.SHARED: "Only its header was replaced; the contents are shared with the file it was.",
    Readdressed.COPIED: "This file system cannot share contents, so the file was copied with a new header.",
}


def check_package(
    package: Path, *, identity: Path | None, passphrase: str, ca: Path, tsa_ca: Path | None
) -> Iterator[str]:
    """One line for each thing that was checked and holds. PackageRefused names the first that does not."""
    found = verify_sealed(
        package,
        identity=_read(identity, MAX_IDENTITY) if identity is not None else b"",
        passphrase=passphrase,
        ca_pem=_read(ca, MAX_PEM),
        tsa_ca_pem=_read(tsa_ca, MAX_PEM) if tsa_ca is not None else None,
    )
    for check in found.checks:
        yield check.words
    yield f"Signed by {found.signed.subject}, {found.signed.at:%Y-%m-%d %H:%M:%S} UTC by their own clock"
    yield (
        f"Stamped {found.stamped.at:%Y-%m-%d %H:%M:%S} UTC by the time authority"
        if found.stamped is not None
        else "NO TIME STAMP was checked: when it was signed rests on the signer's clock alone"
    )
    yield f"{found.items} items, {found.item_bytes} bytes; {found.custody_entries} custody entries"
    yield f"The package verifies. SHA-256 of its signed list: {found.tagmanifest_sha256}"


def is_zip(package: Path) -> bool:
    return envelope_kind(package) == "zip"


def readdress_file(container: Path, identity: Path, recipients: Sequence[str]) -> str:
    """What was done, in a sentence. RecipientUnusable, PackageRefused; the file then opens as before."""
    try:
        wanted = [age.recipient(text) for text in recipients]
    except age.KeyTextError as error:
        raise RecipientUnusable(kept="The file was not changed.") from error
    try:
        own = age.identities(_read(identity, MAX_IDENTITY).decode())
    except (UnicodeDecodeError, age.KeyTextError) as error:
        raise PackageRefused(
            "The key file holds no age identity.", to_do="Give the file of an age identity."
        ) from error
    try:
        return _DONE[readdress(container, own, wanted)]
    except age.RecipientsError as error:
        raise RecipientUnusable(kept="The file was not changed.") from error
    finally:
        for one in own:
            one.wipe()


def _read(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        untrusted = file.read(most + 1)
    if len(untrusted) > most:
        raise PackageRefused("A key or certificate file is too large to be one.", to_do="Give the right file.")
    return untrusted
