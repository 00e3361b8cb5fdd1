"""Those the demo's organisation hands cases to and is vouched for by: an agency, two authorities, all made up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import msgspec

from reviewer.demo.authorities import AGENCY, Authorities, make_authorities
from reviewer.demo.organisation import PASSPHRASE, REVIEWERS, SUPERVISOR, Organisation
from reviewer.demo.time_authority import TimeAuthority
from reviewer.model.handoff_terms import Agency
from reviewer.model.policy import Policy
from reviewer.vault.vault import Vault
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.signing_material import SigningMaterial, keep_signing_material

AGENCY_KEY = "forensic-unit"
_CONTACT = "Emergency desk, extension 4000, day and night"


class Correspondents:
    """`introduce` puts the signing key into the vaults; `policy` names the agency. The time authority runs on loopback
    from the start until `close`."""

    def __init__(self) -> None:
        self.authorities: Authorities = make_authorities(SystemClock().now())
        self._time = TimeAuthority(self.authorities.tsa_pem).start()

    def close(self) -> None:
        self._time.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def introduce(self, organisation: Organisation, members: Sequence[str] = (*REVIEWERS, SUPERVISOR)) -> None:
        """To everybody who may build a package."""
        made = self.authorities
        material = SigningMaterial(signing=made.signing_pem, ca=made.ca_pem, tsa_ca=made.tsa_ca_pem)
        for member_id in members:
            vault = Vault(organisation.workstation(member_id)).open(PASSPHRASE)
            try:
                keep_signing_material(vault, material)
            finally:
                vault.lock()

    def policy(self, policy: Policy) -> Policy:
        """The same with an agency that opens age with a classic key, as every `age` command can, and a rule for what
        is kept after handing off."""
        agency = Agency(
            key=AGENCY_KEY,
            words=AGENCY,
            jurisdiction="US",
            envelope="age",
            recipient=self.authorities.agency_recipient,
            contact="Evidence intake, extension 12",
        )
        terms = msgspec.structs.replace(
            policy.handoff,
            organisation=self.authorities.organisation,
            timestamp_url=self._time.url,
            reporter_first_name="Desk",
            reporter_last_name="Emergency",
            reporter_email="desk@example.org",
            reporter_phone=_CONTACT,
            agencies=(agency,),
        )
        return msgspec.structs.replace(policy, handoff=terms)

    def leave_identity(self, folder: Path) -> None:
        """The agency's identity, as `age --identity` reads it: only the demo gives such a thing away."""
        path = folder / "recipient-identity.txt"
        path.write_text(self.authorities.agency_identity + "\n", encoding="utf-8")
        path.chmod(0o600)
