"""The case system as the workstation sees it. Every method blocks; answers are checked before they are believed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, Self

import httpx
import msgspec

from reviewer.model.cases import Case, Item, QueueEntry
from reviewer.model.errors import CaseSystemNonsense, CaseSystemRefused, LeaseLost
from reviewer.model.events import (
    MAX_BATCH,
    MAX_EVENT_BYTES,
    AnswerStatus,
    BatchAnswer,
    EventAnswer,
    EventBatch,
    Lease,
    OutboxEvent,
    TeamExposure,
)
from reviewer.model.merkle import HASH_BYTES
from reviewer.model.payloads import CheckpointMade
from reviewer.model.roles import Member
from reviewer.model.supervision import (
    MOST_DAYS,
    AttemptList,
    LookPurpose,
    OwnData,
    OwnDay,
    OwnDays,
    Relief,
    ReliefList,
    ReliefRequest,
    TeamWeeks,
    ViolentShare,
    WaitingPage,
    WaitingWork,
)
from reviewer.model.wire import (
    ITEMS_HEADER,
    QUEUE_PAGE,
    Anchored,
    AssignmentRequest,
    Colleague,
    ColleagueList,
    DecisionCount,
    LeaseRequest,
    Look,
    LookList,
    MemberList,
    OwnExposure,
    QueuePage,
    SealedKeys,
)
from reviewer.sync.believing import believed_answers, believed_lease, believed_page, path_part
from reviewer.sync.believing_figures import (
    believed_days,
    believed_reliefs,
    believed_share,
    believed_team,
    believed_waiting,
    believed_weeks,
)
from reviewer.sync.believing_own import believed_looks, believed_own_data, believed_own_exposure
from reviewer.sync.case_keys import CaseKeys
from reviewer.sync.colleagues import Colleagues
from reviewer.sync.custody_told import CustodyTold
from reviewer.sync.cut import Cut
from reviewer.sync.exchange import Exchange, etag_of
from reviewer.sync.handoffs import HandedOff
from reviewer.sync.known_lists import KnownLists
from reviewer.sync.queue_pages import RawQueuePage, ReadPage, read_page
from reviewer.sync.ranges import RangeFile
from reviewer.sync.readings import SecondReadings
from reviewer.sync.refusals import slug_of

_MAX_SEALED_KEY = 16 * 1024
_MAX_PAGES = 2_000
_COUNT = re.compile(r"[0-9]{1,15}")
_UPLOAD_CHUNK = 1 << 20


class CaseSystem:
    """One member at one workstation. Threads may share it; `close` it when done.

    `keys`: the part about case keys. `colleagues`: threads, what stands around a case, outcomes.
    `handed_off`: packages of cases. `told`: what custody logs tell of them.

    All methods raise CaseSystemUnreachable (nothing answered), CaseSystemNonsense (an answer that cannot be believed)
    or CaseSystemRefused (a refusal; LeaseLost and RoleRefused where that is the reason).
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        workstation: str,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 10.0,
    ) -> None:
        """`timeout` in seconds for each step of an exchange. InsecureAddress for plain http beyond this machine."""
        self.base_url = base_url
        self._exchange = Exchange(base_url, token, workstation, transport=transport, timeout_s=timeout)
        self.keys = CaseKeys(self._exchange)
        self.known_lists = KnownLists(self._exchange)
        self.colleagues = Colleagues(self._exchange)
        self.handed_off = HandedOff(self._exchange)
        self.told = CustodyTold(self._exchange)
        self.readings = SecondReadings(self._exchange)

    def close(self) -> None:
        self._exchange.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # people
    def me(self) -> Member:
        return self._exchange.ask("GET", "me", Member)[0]

    def members(self) -> tuple[Member, ...]:
        return self._exchange.ask("GET", "members", MemberList)[0].members

    # the queue and its items
    def queue(self) -> tuple[QueueEntry, ...]:
        """All that this member may take, most urgent first."""
        seen: set[str] = set()
        entries: list[QueueEntry] = []
        params: dict[str, str | int] = {"limit": QUEUE_PAGE}
        for _ in range(_MAX_PAGES):
            page, _headers = self._exchange.ask("GET", "queue", QueuePage, params=params)
            fresh = believed_page(page, seen)
            entries += fresh
            if page.after is None:
                return tuple(entries)
            if not fresh:
                break
            params["after"] = page.after
        raise CaseSystemNonsense

    def queue_page(self, after: str | None) -> ReadPage:
        """The page after cursor `after` (None: the first) of all that this member may take, most urgent first."""
        params: dict[str, str | int] = {"limit": QUEUE_PAGE} | ({"after": after} if after is not None else {})
        return read_page(self._exchange.ask("GET", "queue", RawQueuePage, params=params)[0])

    def can_be_given_to(self, item_id: str) -> tuple[Colleague, ...]:
        """Those the item can be given to by name: who else reviews and shares its case."""
        return self._exchange.ask("GET", f"items/{path_part(item_id)}/colleagues", ColleagueList)[0].colleagues

    def assign(self, item_id: str, member_id: str | None) -> None:
        """Give it to a colleague by name, or (None) to whoever is next. Again with the same is fine.

        Refused with not-yours-to-give, no-key-for-them or not-for-them.
        """
        body = msgspec.json.encode(AssignmentRequest(member_id=member_id))
        sending = {"Content-Type": "application/json"}
        self._exchange.tell("PUT", f"items/{path_part(item_id)}/assignment", content=body, headers=sending)

    def lease(self, item_id: str) -> Lease:
        """LeaseLost when a colleague has the item, it has been decided, or its case is not shared with this member.

        Asking again renews.
        """
        body = msgspec.json.encode(LeaseRequest(item_id=item_id))
        try:
            untrusted_lease, _ = self._exchange.ask("POST", "leases", Lease, content=body)
        except CaseSystemRefused as refused:
            if slug_of(refused.problem_type) == "no-key-for-you":
                raise LeaseLost(refused.what_happened) from None
            raise
        return believed_lease(item_id, untrusted_lease)

    def renew(self, lease: Lease) -> Lease:
        renewed, _ = self._exchange.ask("PUT", f"leases/{path_part(lease.id)}", Lease)
        if renewed.id != lease.id:
            raise CaseSystemNonsense
        return believed_lease(lease.item_id, renewed)

    def release(self, lease: Lease) -> None:
        """Also fine when it has ended already."""
        self._exchange.tell("DELETE", f"leases/{path_part(lease.id)}")

    def case_key(self, case_id: str) -> bytes:
        """The case key sealed to this member: an age file.

        Refused with no-key-for-you when the case is not shared, and with case-destroyed when nobody has it any more.
        """
        sealed, _ = self._exchange.octets(f"cases/{path_part(case_id)}/key", max_bytes=_MAX_SEALED_KEY)
        if not sealed:
            raise CaseSystemNonsense
        return sealed

    def open_container(self, item_id: str, size: int, sha256: str | None = None) -> RangeFile:
        """The item's ciphertext as a seekable file of `size` bytes. Opening asks nothing yet; reading does.

        With `sha256` (hex, as registered) a server that says it has another container is not believed. Refused with
        container-changed when the case was re-keyed: the item has another container now.
        """
        path = f"items/{path_part(item_id)}/container"
        expected = f'"{sha256}"' if sha256 is not None else None
        cut = Cut()

        def fetch(first: int, end: int) -> bytes:
            nonlocal expected
            headers = {"Range": f"bytes={first}-{end - 1}"} | ({"If-Match": expected} if expected is not None else {})
            part, answered = self._exchange.octets(path, max_bytes=end - first, headers=headers, status=206, cut=cut)
            etag = answered.get("etag")
            if answered.get("content-range") != f"bytes {first}-{end - 1}/{size}" or len(part) != end - first:
                raise CaseSystemNonsense
            if etag is None or expected not in (None, etag):
                raise CaseSystemNonsense
            expected = etag
            return part

        return RangeFile(size, fetch, cut=cut.now)

    # deciding
    def post_events(self, events: Sequence[OutboxEvent]) -> tuple[EventAnswer, ...]:
        """One answer per event, in order; at most MAX_BATCH. An event too large to be sent is rejected here."""
        if len(events) > MAX_BATCH:
            raise ValueError("more events than a batch holds")
        fits = [len(msgspec.json.encode(event)) <= MAX_EVENT_BYTES for event in events]
        sent = tuple(event for event, fit in zip(events, fits, strict=True) if fit)
        answers: Iterator[EventAnswer] = iter(())
        if sent:
            body = msgspec.json.encode(EventBatch(events=sent))
            untrusted, _ = self._exchange.ask("POST", "events", BatchAnswer, content=body)
            answers = iter(believed_answers(sent, untrusted.answers))
        return tuple(next(answers) if fit else _too_large(event) for event, fit in zip(events, fits, strict=True))

    def decision_count(self) -> int:
        """Every decision the case system has recorded, amendments and voids included."""
        recorded = self._exchange.ask("GET", "decisions/count", DecisionCount)[0].recorded
        if recorded < 0:
            raise CaseSystemNonsense
        return recorded

    # exposure: of the team, for supervisors (RoleRefused for others)
    def team_exposure(self, days: int = 28, purpose: LookPurpose = LookPurpose.SEEN) -> TeamExposure:
        """The last `days` days (1 to MOST_DAYS). Looking is logged, and those looked at see it and what it was for."""
        params: dict[str, str | int] = {"days": days, "purpose": purpose.value}
        return believed_team(self._exchange.ask("GET", "exposure/team", TeamExposure, params=params)[0], days)

    def team_weeks(self, days: int = MOST_DAYS, purpose: LookPurpose = LookPurpose.SEEN) -> TeamWeeks:
        """The calendar weeks that began in the last `days` days: far less to read than their days. A look like any."""
        params: dict[str, str | int] = {"days": days, "purpose": purpose.value, "by": "week"}
        return believed_weeks(self._exchange.ask("GET", "exposure/team", TeamWeeks, params=params)[0], days)

    def waiting_work(self) -> tuple[WaitingWork, ...]:
        return believed_waiting(self._exchange.ask("GET", "work/waiting", WaitingPage)[0].waiting)

    def relieve(self, request: ReliefRequest) -> Relief:
        """Asked twice, done once. Refused with no-such-member, not-a-reviewer or id-taken."""
        done = self._exchange.ask("POST", "relief", Relief, content=msgspec.json.encode(request))[0]
        if (done.id, done.kind) != (request.id, request.kind):
            raise CaseSystemNonsense
        return believed_reliefs((done,))[0]

    def attempts(self) -> AttemptList:
        """What was refused."""
        return self._exchange.ask("GET", "attempts", AttemptList)[0]

    # exposure: one's own
    def own_exposure(self) -> OwnExposure:
        return believed_own_exposure(self._exchange.ask("GET", "exposure/me", OwnExposure)[0])

    def exposure_elsewhere(self, days: int = 28) -> tuple[OwnDay, ...]:
        """What this member's other workstations reported, by UTC day."""
        return believed_days(self._exchange.ask("GET", "exposure/me/elsewhere", OwnDays, params={"days": days})[0].days)

    def violent_share(self) -> ViolentShare:
        """For reviewers."""
        return believed_share(self._exchange.ask("GET", "exposure/share", ViolentShare)[0])

    def own_relief(self) -> tuple[Relief, ...]:
        """What supervisors did for this member, newest first."""
        return believed_reliefs(self._exchange.ask("GET", "relief/me", ReliefList)[0].reliefs)

    def own_data(self) -> OwnData:
        """What is held about this member, and what a supervisor gets of them."""
        return believed_own_data(self._exchange.ask("GET", "me/data", OwnData)[0])

    def looks(self) -> tuple[Look, ...]:
        """Who looked at this member's figures, and what for."""
        return believed_looks(self._exchange.ask("GET", "looks/me", LookList)[0].looks)

    # taking evidence in
    def register_case(self, case: Case, sealed_keys: Mapping[str, bytes], statement: str = "") -> None:
        """Register it and set who holds its key (member id to age file). Again with the same is fine.

        `statement` is the signed note of which key it is.
        """
        registered, headers = self._exchange.ask("POST", "cases", Case, content=msgspec.json.encode(case))
        if registered != case:
            raise CaseSystemNonsense
        self._put_keys(case.id, sealed_keys, statement, etag_of(headers))

    def case(self, case_id: str) -> Case:
        case, _ = self._exchange.ask("GET", f"cases/{path_part(case_id)}", Case)
        if case.id != case_id:
            raise CaseSystemNonsense
        return case

    def item_count(self, case_id: str) -> int:
        """How many items the case has, for numbering the next; one may still be taken: register_item says so."""
        case, headers = self._exchange.ask("GET", f"cases/{path_part(case_id)}", Case)
        untrusted_count = headers.get(ITEMS_HEADER, "")
        if case.id != case_id or not _COUNT.fullmatch(untrusted_count):
            raise CaseSystemNonsense
        return int(untrusted_count)

    def share_case(self, case_id: str, sealed_keys: Mapping[str, bytes], statement: str = "") -> None:
        """Replace the whole set of sealed keys; members left out can no longer fetch theirs.

        Refused with keys-without-yours when this member is not in it.
        """
        case, headers = self._exchange.ask("GET", f"cases/{path_part(case_id)}", Case)
        if case.id != case_id:
            raise CaseSystemNonsense
        self._put_keys(case_id, sealed_keys, statement, etag_of(headers))

    def register_item(self, item: Item, keys_etag: str | None = None) -> None:
        """With `keys_etag` refused with keys-changed when the case was shared or re-keyed since that was asked.

        Refused with exhibit-taken when another item of the case has its number.
        """
        headers = {"If-Match": keys_etag} if keys_etag is not None else {}
        body = msgspec.json.encode(item)
        registered, _ = self._exchange.ask("POST", "items", Item, content=body, headers=headers)
        if registered != item:
            raise CaseSystemNonsense

    def upload_container(self, item_id: str, stream: BinaryIO, size: int | None = None) -> None:
        """Send the ciphertext. A container that is there already is fine; nothing half-arrived is ever kept."""
        headers = {"If-None-Match": "*", "Content-Type": "application/octet-stream"}
        if size is not None:
            headers["Content-Length"] = str(size)
        path = f"items/{path_part(item_id)}/container"
        try:
            self._exchange.tell("PUT", path, content=_chunks(stream), headers=headers)
        except CaseSystemRefused as refused:
            if slug_of(refused.problem_type) != "container-present":
                raise

    # custody
    def anchored(self, origin: str) -> Anchored:
        """The newest checkpoint held for this log; size 0 when there is none."""
        return _believed_anchor(self._exchange.ask("GET", "checkpoints", Anchored, params={"origin": origin})[0])

    def anchor(self, checkpoint: CheckpointMade) -> Anchored:
        """Refused with checkpoint-inconsistent (another history is anchored) or checkpoint-stale: the one it is proved
        from has not arrived."""
        body = msgspec.json.encode(checkpoint)
        held = _believed_anchor(self._exchange.ask("POST", "checkpoints", Anchored, content=body)[0])
        if (held.size, held.root) != (checkpoint.size, checkpoint.root):
            raise CaseSystemNonsense
        return held

    def _put_keys(self, case_id: str, sealed_keys: Mapping[str, bytes], statement: str, etag: str) -> None:
        body = msgspec.json.encode(SealedKeys(keys=dict(sealed_keys), statement=statement))
        sending = {"If-Match": etag, "Content-Type": "application/json"}
        self._exchange.tell("PUT", f"cases/{path_part(case_id)}/keys", content=body, headers=sending)


def _too_large(event: OutboxEvent) -> EventAnswer:
    return EventAnswer(id=event.id, status=AnswerStatus.REJECTED, reason="The event is too large.")


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_UPLOAD_CHUNK):
        yield chunk


def _believed_anchor(untrusted: Anchored) -> Anchored:
    if untrusted.size < 0 or len(untrusted.root) != HASH_BYTES:
        raise CaseSystemNonsense
    return untrusted
