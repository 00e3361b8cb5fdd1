"""What the tour measured and what was found afterwards, counted and written down: `summary.json`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from reviewer.demo.correspondents import Correspondents
from reviewer.demo.driver import TourFailed
from reviewer.demo.organisation import PASSPHRASE, REVIEWERS, SUPERVISOR, Organisation
from reviewer.demo.plaintext_search import search
from reviewer.demo.tour import Tour
from reviewer.model.decisions import Decision, ViewingRecord
from reviewer.model.unseen import share_not_looked_at
from reviewer.vault.vault import Vault


def run_tour(
    organisation: Organisation,
    correspondents: Correspondents,
    folder: Path,
    *,
    since: float,
    own: list[Path],
    shared: list[Path],
) -> int:
    """Drive the shift, then count what is true and write `summary.json`. 0 when every promise held.

    Everything written since `since` is searched: in the folders that are the demo's `own` any trace or media file is a
    hit; in those `shared` with other programs a marker is, and a media file without one is only counted, because it may
    be theirs. `folder` holds the pictures and the package that was handed off, and is left out.
    """
    tour = Tour(organisation, correspondents, folder)
    failure = ""
    try:
        tour.shift()
        tour.handing_off()
        tour.others()
        tour.supervision()
        tour.my_data()
    except TourFailed as failed:
        failure = str(failed)
    finally:
        tour.close()
    ours = search(own, organisation.markers, since=since, exclude=[folder])
    theirs = search(shared, organisation.markers, since=since, exclude=[folder, *own])
    hits = ours.hits + [hit for hit in theirs.hits if not hit.form.endswith(" file")]
    others = len(theirs.hits) - (len(hits) - len(ours.hits))
    local, levels, unseen = _counted_locally(organisation)
    with organisation.client(SUPERVISOR) as case_system:
        recorded = case_system.decision_count()
    waits = sorted(tour.hands.next_item_ms)
    stalls = tour.stalls
    held = not failure and not hits and local == recorded and tour.sandbox is not None and tour.sandbox.sealed
    summary = {
        "items_reviewed": tour.hands.items_reviewed,
        "decisions_local": local,
        "decisions_in_case_system": recorded,
        "levels_shown": levels,
        "share_decided_without_opening": unseen,
        "screenshots": list(tour.hands.pictures.taken),
        "max_event_loop_stall_ms": round(stalls.max_ms, 1),
        "p99_event_loop_stall_ms": round(stalls.p99_ms, 1),
        "worst_stall_where": list(stalls.worst_where),
        "p95_next_item_ms": round(waits[int(len(waits) * 0.95)], 1) if waits else None,
        "plaintext_hits": len(hits),
        "plaintext_found": [f"{hit.form}: {hit.path.name}" for hit in hits],
        "media_files_of_other_programs": others,
        "files_searched": ours.files + theirs.files,
        "files_unreadable": ours.unreadable + theirs.unreadable,
        "sandbox": asdict(tour.sandbox) | {"sealed": tour.sandbox.sealed} if tour.sandbox is not None else None,
        "package": tour.handing.package,
        "failure": failure,
        "exit": 0 if held else 1,
    }
    (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    print(f"{len(tour.hands.pictures.taken)} pictures, {local} decisions here, {recorded} in the case system,", end=" ")
    print(f"{len(hits)} plaintext traces in {ours.files + theirs.files} files.")
    if failure:
        print(failure, file=sys.stderr)
    return 0 if held else 1


def _counted_locally(organisation: Organisation) -> tuple[int, dict[str, float], float | None]:
    """Of the reviewers' stores: decisions; seconds per level, and the share decided without looking, both from the
    viewing records that went with them."""
    made: list[tuple[Decision, ViewingRecord]] = []
    count = sum(_gather(organisation, member_id, made) for member_id in REVIEWERS)
    levels: dict[str, float] = {}
    for _, record in made:
        for level, seconds in record.seconds.items():
            levels[level] = levels.get(level, 0.0) + seconds
    share = share_not_looked_at(made)
    return count, {k: round(v, 2) for k, v in levels.items()}, None if share is None else round(share, 4)


def _gather(organisation: Organisation, member_id: str, made: list[tuple[Decision, ViewingRecord]]) -> int:
    """Append what one reviewer decided; how many decisions the store counts."""
    vault = Vault(organisation.workstation(member_id)).open(PASSPHRASE)
    try:
        last = 0
        while page := vault.store.call(lambda s, after=last: s.decisions(after=after)):  # type: ignore[misc]
            last = page[-1][0]
            for _, decision in page:
                found = vault.store.call(lambda s, wanted=decision.id: s.decision(wanted))  # type: ignore[misc]
                if found is not None:
                    made.append(found)
        return vault.store.call(lambda s: s.decision_count())
    finally:
        vault.lock()
