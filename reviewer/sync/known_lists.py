"""The part of the case system that is about known-hash lists. Supervisors only; RoleRefused for others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.wire import KnownListImport, KnownListLine, KnownListPage
from reviewer.sync.exchange import Exchange

FORMATS = ("csv", "json", "vic")
# Ten million entries are read, sorted and compared with every item before the answer comes.
_PATIENCE_S = 6 * 3600.0
_CHUNK = 1 << 20


class KnownLists:
    """As `CaseSystem.known_lists`; raises what that raises."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def take_in(self, stream: BinaryIO, name: str, version: str, form: str) -> KnownListImport:
        """Take in one version of a list, whole or not at all; `form` is one of FORMATS. Blocks while it is compared.

        KnownListMalformed names line and field. Refused with known-version-differs, known-version-older,
        known-import-busy. The same again changes nothing.
        """
        params = {"name": name, "version": version, "format": form}
        taken_in, _ = self._exchange.ask(
            "POST", "known-lists", KnownListImport, content=_chunks(stream), params=params, patience_s=_PATIENCE_S
        )
        if (taken_in.list.name, taken_in.list.version) != (name, version):
            raise CaseSystemNonsense
        return taken_in

    def in_force(self) -> tuple[KnownListLine, ...]:
        return self._exchange.ask("GET", "known-lists", KnownListPage)[0].lists

    def retire(self, name: str) -> None:
        """It matches nothing from now on. Refused with no-such-known-list."""
        self._exchange.tell("DELETE", "known-lists", params={"name": name})


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk
