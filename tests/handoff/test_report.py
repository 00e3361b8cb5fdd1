"""The report for people: what it must say, what it must not, and that nothing from outside can change its shape."""

from __future__ import annotations

import dataclasses
import io
import re
import socket
import time
from pathlib import Path
from typing import Any

import msgspec
import PIL.Image
import pytest
from dossiers import BUILT_AT, HANDOFF_ID, NUMBER, PSEUDONYMS, a_dossier
from printed import info_of, pages_of, text_of
from pyhanko.pdf_utils.reader import PdfFileReader

from reviewer.handoff import printed_fonts, report_custody
from reviewer.handoff.dossier import Dossier, Exhibit, Thumbnail
from reviewer.handoff.report import report_pdf
from reviewer.model.custody import CustodyEntry
from reviewer.model.handoff import RecordedItem


def made(dossier: Dossier, *, stamped: bool = True, why: str = "") -> bytes:
    return report_pdf(dossier, stamped=stamped, not_stamped_why=why)


@pytest.fixture(scope="module")
def usual() -> bytes:
    return made(a_dossier())


def changed(dossier: Dossier, at: int, **record: Any) -> Dossier:
    """With other fields in the record of one exhibit."""
    exhibits = list(dossier.exhibits)
    exhibits[at] = dataclasses.replace(exhibits[at], record=msgspec.structs.replace(exhibits[at].record, **record))
    return dataclasses.replace(dossier, exhibits=tuple(exhibits))


def small(**changes: Any) -> Dossier:
    """Of one exhibit, for what is told at the beginning: a report takes half a second."""
    whole = a_dossier(custody=(), anchors=(), thumbnails=(), **changes)
    return dataclasses.replace(whole, exhibits=whole.exhibits[:1])


def claiming(claim: str) -> Dossier:
    """Of a small case whose referral says `claim`."""
    dossier = small()
    referral = msgspec.structs.replace(dossier.case.referral, claim=claim)
    return dataclasses.replace(dossier, case=msgspec.structs.replace(dossier.case, referral=referral))


def contents(pdf: bytes) -> list[bytes]:
    """What is drawn on each page."""
    kids = PdfFileReader(io.BytesIO(pdf), strict=True).root["/Pages"]["/Kids"]
    return [page.get_object()["/Contents"].data for page in kids]


def test_it_says_who_made_it_for_whom_when_and_why(usual: bytes) -> None:
    first = pages_of(usual)[0]
    for said in (NUMBER, "Forensic Unit North", "Example Platform Ltd", "Supervisor 01", HANDOFF_ID, "2026-11-default"):
        assert said in first
    assert "21 Nov 2026, 12:00:00 UTC" in first
    assert "Order 17/2026 of the Example Court" in first


def test_danger_comes_before_everything_else(usual: bytes) -> None:
    text = text_of(usual)
    assert text.index("Somebody may be in danger") < text.index("Summary")
    assert f"Danger is imminent: decided on {NUMBER}/003.01" in text


def test_the_summary_counts_what_was_seen_from_the_viewing_records(usual: bytes) -> None:
    text = text_of(usual)
    assert "By the records, 3 of 5 items were seen by a person." in text
    assert f"Not seen by a person: {NUMBER}/003 and {NUMBER}/004." in text
    assert f"2 other items are not in it: {NUMBER}/005 and {NUMBER}/006" in text


def test_an_item_that_somebody_saw_without_deciding_was_seen() -> None:
    text = text_of(made(changed(a_dossier(), 4, seen=True)))
    assert "4 of 5 items were seen by a person." in text
    assert "Somebody saw it of whom no decision is told here." in text
    assert "whose decision" not in text


def test_every_exhibit_has_its_digest_its_decision_and_who_saw_it(usual: bytes) -> None:
    text = text_of(usual)
    for exhibit in a_dossier().exhibits:
        item = exhibit.record.item
        digest = item.fingerprints.sha256
        assert " ".join(digest[at : at + 8] for at in range(0, 64, 8)) in text
        assert f"Exhibit {item.exhibit}" in text
        assert exhibit.path in text
    for said in (
        "Reviewer 07 saw it blurred for 20 s, clear for 8 s.",
        "and heard its sound for 12 s.",
        "decided from the notes of earlier reviewers",
        "00:12.0 to 00:18.5: A word is said.",
        "5: Names the place.",
        "B1 (industry classification)",
        "20 Nov 2026, 12:14:00 UTC",
        "does not stand any more",
        "the same bytes as an entry of the list example list, version 7",
    ):
        assert said in text


def test_the_custody_table_names_every_entry_of_the_case(usual: bytes) -> None:
    text = text_of(usual)
    assert text.count("Taken in: digested, encrypted and registered") == 5
    assert "Package built To: Forensic Unit North Supervisor 01 (supervisor)" in text
    assert "Case key given to a member To: Reviewer 07" in text
    assert a_dossier().custody[1].root[:8] in text


def test_missing_custody_is_said() -> None:
    gap = "No entry tells of the taking in of 2 of the 5 exhibits here."
    text = text_of(made(small(custody_missing=(gap,))))
    assert "Of the custody entries not all could be had" in text
    assert gap in text
    assert "not all could be had" not in text_of(made(small()))


def test_without_a_stamp_it_says_so_and_why() -> None:
    text = text_of(made(small(), stamped=False, why="The time authority could not be reached."))
    assert "The signature has no time stamp. The time authority could not be reached." in text
    assert "tsr" not in text


def test_what_is_missing_is_named_with_who_overruled_and_why() -> None:
    told = made(small(missing=("times", "later_question"), overrule="It is urgent.", overruled_by="Supervisor 09"))
    text = text_of(told)
    assert "Times, each with its time zone" in text
    assert "later_question" in text
    assert "Supervisor 09 let the package be sealed all the same" in text
    assert "It is urgent." in text
    assert "nothing missing" not in text


def test_what_was_not_asked_is_not_said_to_be_unanswered() -> None:
    nobody = msgspec.structs.replace(a_dossier().answers, imminence="", legal_basis="")
    text = text_of(made(small(answers=nobody)))
    assert "nothing missing" in text
    assert "Not answered." not in text
    assert "Who is in danger" not in text


def test_what_was_asked_and_not_answered_is_said() -> None:
    nobody = msgspec.structs.replace(a_dossier().answers, imminence="", times="")
    text = text_of(made(small(answers=nobody, missing=("imminence", "times"))))
    assert "Who is in danger, and how that is known Not answered." in text
    assert "Times Not answered." in text


def test_the_questions_are_those_that_the_window_asks(usual: bytes) -> None:
    text = text_of(usual)
    assert "Accounts and other identifiers" in text
    assert "Accounts and persons" not in text


def test_how_to_verify_is_where_it_says(usual: bytes) -> None:
    text = text_of(usual)
    assert "HOW-TO-VERIFY.txt, which comes with the certificates, names every step" in text
    assert "README-FIRST.txt in the package names" not in text
    assert "a PDF reader shows that it was not changed since it was signed" in text
    assert "shows by whom" not in text


def test_one_item_that_nobody_saw_is_told_in_one_sentence() -> None:
    dossier = a_dossier(custody=(), anchors=(), thumbnails=())
    unseen = dataclasses.replace(dossier, exhibits=dossier.exhibits[4:])
    assert "By the records, 0 of 1 item was seen by a person." in text_of(made(unseen))


def test_with_names_redacted_no_pseudonym_is_left() -> None:
    dossier = a_dossier()
    numbered = {name: f"Person {at}" for at, (_, name) in enumerate(PSEUDONYMS, 1)}
    ids = {member: numbered[name] for member, name in PSEUDONYMS}

    def redacted(text: str) -> str:
        for old, new in (ids | numbered).items():
            text = text.replace(old, new)
        return text

    exhibits = tuple(
        Exhibit(msgspec.json.decode(redacted(msgspec.json.encode(one.record).decode()), type=RecordedItem), one.path)
        for one in dossier.exhibits
    )
    custody = tuple(
        dataclasses.replace(
            log,
            lines=tuple(
                dataclasses.replace(line, salt="", entry="", redacted=redacted(line.entry)) for line in log.lines
            ),
        )
        for log in dossier.custody
    )
    terms = msgspec.structs.replace(dossier.policy.handoff, names="redacted")
    policy = msgspec.structs.replace(dossier.policy, handoff=terms)
    text = text_of(
        made(
            dataclasses.replace(
                dossier, exhibits=exhibits, custody=custody, policy=policy, built_by="Person 1", pseudonyms=()
            )
        )
    )
    for member, name in PSEUDONYMS:
        assert name not in text
        assert member not in text
    assert "Person 3 saw it blurred" in text
    assert "Names are replaced in these entries" in text
    assert "Reviewers are told of as Person 1, Person 2 and so on" in text


def test_the_decisions_of_an_unsettled_item_are_not_told() -> None:
    text = text_of(made(changed(a_dossier(), 0, decisions=(), unsettled=True)))
    assert "until they agree, no decision is told of" in text
    assert f"None stands on {NUMBER}/001." in text


def test_the_same_dossier_gives_the_same_bytes(usual: bytes) -> None:
    assert made(a_dossier()) == usual


def test_it_depends_on_no_clock_and_no_environment(usual: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert made(a_dossier()) == usual


def test_nothing_is_fetched_and_no_picture_is_decoded(usual: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the report reached out")

    for name in ("open", "frombytes", "new", "init", "preinit"):
        monkeypatch.setattr(PIL.Image, name, refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert made(a_dossier()) == usual


_MARKUP = '<b>bold</b> & <img src="https://example.invalid/a.png"/> <para alignment="right"> </para> &lt;i&gt;'
_UNSEEN = "a\u202eb\u0007c\u200bd\ue000e\u4e2df\u2066g"
_NAMES = "Łukasz Żółć, Đorđe, Ольга Жук, Έλλη Παπά, Zoë Ångström"
_ENDLESS = "W" * 300


@pytest.fixture(scope="module")
def strange() -> bytes:
    """Everything that could be tried by who writes a referral, in one."""
    dossier = claiming("\n".join((_MARKUP, _UNSEEN, _NAMES, "Andre\u0301", _ENDLESS, "word " * 10_000)))
    agency = msgspec.structs.replace(dossier.agency, words=_ENDLESS)
    return made(dataclasses.replace(dossier, organisation=_ENDLESS, agency=agency))


def test_markup_from_outside_is_only_text(strange: bytes) -> None:
    assert _MARKUP in text_of(strange)


def test_what_cannot_be_seen_is_shown_by_its_number(strange: bytes) -> None:
    text = text_of(strange)
    assert "a[U+202E]b[U+0007]c[U+200B]d[U+E000]e[U+4E2D]f[U+2066]g" in text
    assert not any(mark in text for mark in "\u202e\u200b\u2066\x07")


def test_names_in_other_alphabets_are_printed(strange: bytes) -> None:
    if ord("Ж") not in printed_fonts.faces().covered:
        pytest.skip("DejaVu Sans (fonts-dejavu-core) is not installed")
    assert _NAMES in text_of(strange)
    assert "André" in text_of(strange)


def test_words_without_end_are_broken_and_stay_on_the_page(strange: bytes) -> None:
    assert text_of(strange).replace(" ", "").count(_ENDLESS) >= 3
    # An unbroken one would be one line of 300.
    assert max(len(line) for page in pages_of(strange) for line in page.splitlines()) < 160


def test_text_without_end_is_cut_and_said(strange: bytes) -> None:
    assert "[cut here: 30," in text_of(strange)
    assert "more characters are not printed]" in text_of(strange)


def test_lines_without_end_cost_no_more_than_their_pages() -> None:
    started = time.process_time()
    pages = pages_of(made(claiming("a\n" * 3000)))
    assert sum(page.count(" a\n") for page in pages) == 3000
    # In one paragraph they would take many times that.
    assert time.process_time() - started < 5


@pytest.mark.parametrize("sign", ["\n", "\u202e", "W"])
def test_nothing_from_outside_is_too_large_for_its_place(sign: str) -> None:
    much = sign * 950
    dossier = a_dossier(
        organisation=much, built_by=much, missing=(much,), overrule=much, overruled_by=much, tool_version=much
    )
    first = dossier.exhibits[0]
    item = msgspec.structs.replace(first.record.item, exhibit=much)
    decisions = tuple(
        msgspec.structs.replace(
            one, author=much, decision=msgspec.structs.replace(one.decision, category=much, rationale=much)
        )
        for one in first.record.decisions
    )
    entry = msgspec.json.decode(dossier.custody[1].lines[0].entry, type=CustodyEntry)
    entry = msgspec.structs.replace(
        entry, actor=much, role=much, workstation=much, reason=much, authority=much, received_from=much,
        given_to=much, receipt=much, exhibit=much,
    )  # fmt: skip
    line = dataclasses.replace(dossier.custody[1].lines[0], entry=msgspec.json.encode(entry).decode())
    dossier = dataclasses.replace(
        dossier,
        exhibits=(dataclasses.replace(first, path=much, record=RecordedItem(item=item, decisions=decisions)),),
        custody=(dataclasses.replace(dossier.custody[1], lines=(line,)),),
        answers=msgspec.structs.replace(dossier.answers, imminence=much, contact=much),
        thumbnails=(),
    )
    assert made(dossier, stamped=False, why=much).startswith(b"%PDF")


def test_letters_written_from_the_right_are_said_to_be_as_stored() -> None:
    assert "as stored" in text_of(made(claiming("\u05e9\u05dc\u05d5\u05dd")))
    assert "as stored" not in text_of(made(claiming("plain")))


def test_many_pages_are_counted_and_tables_repeat_their_heads() -> None:
    dossier, log = small(), a_dossier().custody[1]
    lines = tuple(dataclasses.replace(log.lines[at % len(log.lines)], position=at) for at in range(150))
    pages = pages_of(made(dataclasses.replace(dossier, custody=(dataclasses.replace(log, lines=lines, size=150),))))
    assert len(pages) > 7
    for number, page in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in page
    custody = [page for page in pages if "By policy: 2026-11-default" in page]
    assert len(custody) > 5
    assert all("What happened" in page for page in custody)


def test_more_entries_than_anybody_reads_are_left_to_the_file_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_custody, "_MAX_ROWS", 3)
    whole = a_dossier()
    text = text_of(made(dataclasses.replace(small(), custody=whole.custody)))
    assert "7 earlier entries are in the file only" in text
    assert "10 of 12" in text
    assert "Package built" in text


def test_an_entry_of_a_later_version_is_not_hidden() -> None:
    dossier, log = small(), a_dossier().custody[1]
    strange = dataclasses.replace(log.lines[0], entry=log.lines[0].entry.replace('"opened"', '"teleported"'))
    text = text_of(made(dataclasses.replace(dossier, custody=(dataclasses.replace(log, lines=(strange,)),))))
    assert "An entry that this version cannot read; see the file." in text


def test_it_has_a_title_a_language_bookmarks_and_tags(usual: bytes, tmp_path: Path) -> None:
    info = info_of(usual, tmp_path, "-isodates")
    assert f"Report of case {NUMBER}" in info
    assert "Tagged:          yes" in info
    assert "JavaScript:      no" in info
    assert f"CreationDate:    {BUILT_AT:%Y-%m-%dT%H:%M:%S}Z" in info
    assert b"/Lang (en-GB)" in usual
    assert b"/Outlines" in usual
    structure = info_of(usual, tmp_path, "-struct-text")
    for element in ("H1", "H2", "H3", "Table", "TR", "TH", "TD", "Figure"):
        assert re.search(rf"^ +{element}\b", structure, re.MULTILINE), element
    assert f'"Exhibit {NUMBER}/001"' in structure


def test_every_piece_of_a_page_is_in_the_structure_tree(usual: bytes) -> None:
    root = PdfFileReader(io.BytesIO(usual), strict=True).root
    tree = root["/StructTreeRoot"]
    parents = tree["/ParentTree"]["/Nums"]
    for number, page in enumerate(one.get_object() for one in root["/Pages"]["/Kids"]):
        content = page["/Contents"].data
        pieces = [int(found) for found in re.findall(rb"/MCID (\d+)", content)]
        assert pieces == list(range(len(pieces)))
        assert (page["/StructParents"], parents[2 * number]) == (number, number)
        assert len(parents[2 * number + 1]) == len(pieces)
        assert content.count(b"BDC") + content.count(b"BMC") == content.count(b"EMC")
    assert tree["/ParentTreeNextKey"] == len(parents) // 2


def test_thumbnails_are_there_only_if_they_are_given_and_are_what_they_say(usual: bytes) -> None:
    assert b"BI /W" not in b"".join(contents(made(small())))
    assert sum(b"BI /W 8 /H 6 /BPC 8 /CS /G" in content for content in contents(usual)) == 1
    with pytest.raises(ValueError, match="thumbnail"):
        made(dataclasses.replace(small(), thumbnails=(Thumbnail("item-001", 8, 6, bytes(47)),)))
    with pytest.raises(ValueError, match="thumbnail"):
        made(dataclasses.replace(small(), thumbnails=(Thumbnail("item-001", 4000, 4000, b""),)))


def test_without_dejavu_the_fonts_of_reportlab_serve_and_nothing_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    printed_fonts.faces.cache_clear()
    with monkeypatch.context() as bare:
        bare.setattr(printed_fonts, "_folders", tuple)
        text = text_of(made(claiming("Zoë Жук")))
    printed_fonts.faces.cache_clear()
    assert "Zoë [U+0416][U+0443][U+043A]" in text
