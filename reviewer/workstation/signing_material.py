"""What the organisation signs packages with, in the encrypted store: its key and certificate, and whom to trust."""

from __future__ import annotations

import msgspec

from reviewer.vault.open_vault import OpenVault

_SETTING = "handoff_signing"


class SigningMaterial(msgspec.Struct, frozen=True, kw_only=True):
    """All PEM. `signing` is secret: the private key with its certificate and chain. `ca` and `tsa_ca` are what
    recipients check with: the organisation's authority, and the time authority's (empty: its stamps cannot be
    checked)."""

    signing: bytes
    ca: bytes
    tsa_ca: bytes = b""

    def __repr__(self) -> str:
        return "<SigningMaterial>"


def keep_signing_material(vault: OpenVault, material: SigningMaterial) -> None:
    """Durable when it returns. The caller has checked that key and certificate belong together."""
    body = msgspec.msgpack.encode(material)
    vault.store.call(lambda s: s.put_setting(_SETTING, body))


def signing_material(vault: OpenVault) -> SigningMaterial | None:
    body = vault.store.call(lambda s: s.get_setting(_SETTING))
    return None if body is None else msgspec.msgpack.decode(body, type=SigningMaterial)
