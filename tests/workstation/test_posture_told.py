"""What the posture says of the way to the case system."""

from __future__ import annotations

from typing import cast

import pytest

from reviewer.media.broker import Broker
from reviewer.model.errors import MediaError
from reviewer.workstation.policy_in_force import default_policy
from reviewer.workstation.posture import posture


class NoWorkers:
    def sandbox_report(self) -> None:
        raise MediaError


@pytest.mark.parametrize(
    ("address", "tls"),
    [("https://case.example", True), ("HTTPS://case.example", True), ("http://127.0.0.1:8420", False), ("", False)],
)
def test_tls_is_told_as_it_is_however_the_address_is_written(address: str, tls: bool) -> None:
    lines = {line.key: line for line in posture(cast(Broker, NoWorkers()), default_policy(), address)}
    assert lines["tls"].in_force is tls
    assert ("https" in lines["tls"].how) is tls
