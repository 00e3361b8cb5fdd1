"""The part of the case system that keeps what custody logs tell of a case, sealed to its key."""

from __future__ import annotations

from reviewer.model.custody_told import (
    MAX_SEALED_EXTRACT,
    MAX_WANTED,
    SealedFor,
    ToldExtract,
    ToldPage,
    WantedCases,
)
from reviewer.model.errors import CaseSystemNonsense
from reviewer.sync.believing import is_id, is_time, path_part
from reviewer.sync.exchange import OCTETS, Exchange, etag_of

# So many logs are taken of one case.
_MAX_LOGS = 1000
_MAX_ORIGIN = 200
_MAX_STATEMENT = 16 * 1024


class CustodyTold:
    """As `CaseSystem.told`; raises what that raises. no-key-for-you: this member has nothing to do with the case."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def wanted(self) -> tuple[str, ...]:
        """Cases this workstation's log is to tell of again: their key was replaced since."""
        untrusted = self._exchange.ask("GET", "custody/wanted", WantedCases)[0].cases
        if len(untrusted) > MAX_WANTED or not all(map(is_id, untrusted)):
            raise CaseSystemNonsense
        return untrusted

    def recipient(self, case_id: str) -> tuple[str, str]:
        """(the signed statement of the case's key, unchecked; the ETag that `tell` needs)."""
        path = f"cases/{path_part(case_id)}/custody/recipient"
        untrusted, headers = self._exchange.ask("GET", path, SealedFor)
        if len(untrusted.statement) > _MAX_STATEMENT:
            raise CaseSystemNonsense
        return untrusted.statement, etag_of(headers)

    def tell(self, case_id: str, size: int, sealed: bytes, etag: str) -> None:
        """Again with the same size is fine. Refused with keys-changed, checkpoint-missing (this size of the log is not
        anchored) or custody-older (more was told before)."""
        path = f"cases/{path_part(case_id)}/custody"
        headers = {"Content-Type": OCTETS, "If-Match": etag}
        self._exchange.tell("PUT", path, content=sealed, params={"size": size}, headers=headers)

    def of_case(self, case_id: str) -> tuple[ToldExtract, ...]:
        """What every log told of the case, by origin. What is in them is not checked here."""
        found: list[ToldExtract] = []
        after: str | None = ""
        while after is not None:
            params = {"after": after} if after else {}
            path = f"cases/{path_part(case_id)}/custody"
            untrusted = self._exchange.ask("GET", path, ToldPage, params=params)[0]
            for one in untrusted.extracts:
                if not _is_extract(one) or (found and one.origin <= found[-1].origin):
                    raise CaseSystemNonsense
                found.append(one)
            if len(found) > _MAX_LOGS or (untrusted.after is not None and not untrusted.extracts):
                raise CaseSystemNonsense
            after = found[-1].origin if untrusted.after is not None else None
        return tuple(found)


def _is_extract(untrusted: ToldExtract) -> bool:
    return (
        0 < len(untrusted.origin) <= _MAX_ORIGIN
        and untrusted.origin.isprintable()
        and 0 < untrusted.size < 1 << 62
        and 0 < len(untrusted.sealed) <= MAX_SEALED_EXTRACT
        and is_time(untrusted.at)
    )
