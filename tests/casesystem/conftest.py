"""One small organisation per test; the service runs without a socket unless a test asks for one."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from house import GATE, SEALED, House, a_case, an_item, ciphertext

from reviewer.model.cases import Item
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def wire(house: House) -> Iterator[httpx.BaseTransport]:
    with house.in_loop() as transport:
        yield transport


@pytest.fixture
def as_member(house: House, wire: httpx.BaseTransport) -> Iterator[As]:
    """`as_member(ONE, "desk-2")`: a client of the service."""

    class Shared(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return wire.handle_request(request)

    with ExitStack() as stack:

        def client(member: str, workstation: str = "desk-1") -> CaseSystem:
            made = CaseSystem("http://127.0.0.1", house.tokens[member], workstation, transport=Shared())
            return stack.enter_context(made)

        yield client


@pytest.fixture
def raw(house: House, wire: httpx.BaseTransport) -> Iterator[httpx.Client]:
    """Plain HTTP, for what a well-behaved client never sends."""
    with httpx.Client(transport=wire, base_url="http://127.0.0.1/v1/") as client:
        yield client


@pytest.fixture
def taken_in(as_member: As) -> Callable[..., Item]:
    """Register an item, its case and its container."""

    def take_in(
        item_id: str = "item-1",
        case_id: str = "case-1",
        size: int = 300_000,
        *,
        shared: Iterable[str] = SEALED,
        **case: object,
    ) -> Item:
        intake = as_member(GATE)
        container = ciphertext(size, seed=zlib.crc32(item_id.encode()))
        item = an_item(item_id, case_id, container)
        intake.register_case(a_case(case_id, **case), dict.fromkeys(shared, b"sealed"))  # type: ignore[arg-type]
        intake.register_item(item)
        intake.upload_container(item_id, io.BytesIO(container), len(container))
        return item

    return take_in
