"""Containers: whole or not at all on the way in, byte for byte on the way out, ciphertext and nothing else on disk."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable

import httpx
import pytest
from house import GATE, ONE, SEALED, House, a_case, an_item, ciphertext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.casesystem.blobs import Blobs
from reviewer.model.cases import Item
from reviewer.model.errors import CaseSystemRefused
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]


def files(house: House) -> list[bytes]:
    return [path.read_bytes() for path in house.blobs.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[:-1],
        lambda whole: whole + b"\0",
        lambda whole: whole[:1000] + b"\0" + whole[1001:],
        lambda whole: b"",
    ],
    ids=["truncated", "longer", "altered", "empty"],
)
@pytest.mark.parametrize("declared", [True, False])
def test_what_is_not_the_registered_container_is_refused_whole(
    as_member: As, house: House, spoil: Callable[[bytes], bytes], declared: bool
) -> None:
    container = ciphertext(2_500_000)
    intake = as_member(GATE)
    intake.register_case(a_case(), SEALED)
    intake.register_item(an_item(container=container))
    wrong = spoil(container)
    with pytest.raises(CaseSystemRefused) as refused:
        intake.upload_container("item-1", io.BytesIO(wrong), len(wrong) if declared else None)
    assert refused.value.problem_type == "urn:reviewer:problem:container-differs"
    assert files(house) == []
    assert as_member(ONE).queue() == ()
    intake.upload_container("item-1", io.BytesIO(container))
    assert files(house) == [container]
    assert len(as_member(ONE).queue()) == 1


def test_a_container_is_written_once(as_member: As, raw: httpx.Client, house: House, taken_in: TakeIn) -> None:
    item = taken_in()
    as_member(GATE).upload_container("item-1", io.BytesIO(b"another"))
    headers = house.headers(GATE)
    assert raw.put("items/item-1/container", content=b"x", headers=headers).status_code == 428
    again = raw.put("items/item-1/container", content=b"x", headers={**headers, "If-None-Match": "*"})
    assert (again.status_code, again.headers["etag"]) == (412, f'"{item.container_sha256}"')
    assert [hashlib.sha256(data).hexdigest() for data in files(house)] == [item.container_sha256]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_range_is_the_same_part_of_the_blob(
    raw: httpx.Client, house: House, once_taken_in: bytes, data: st.DataObject
) -> None:
    size = len(once_taken_in)
    first = data.draw(st.integers(0, size - 1))
    last = data.draw(st.integers(first, size + 10))
    answer = raw.get("items/item-1/container", headers={**house.headers(ONE), "Range": f"bytes={first}-{last}"})
    assert answer.status_code == 206
    assert answer.content == once_taken_in[first : last + 1]
    assert answer.headers["content-range"] == f"bytes {first}-{min(last, size - 1)}/{size}"
    assert answer.headers["etag"] == f'"{hashlib.sha256(once_taken_in).hexdigest()}"'


@pytest.fixture
def once_taken_in(taken_in: TakeIn, house: House) -> bytes:
    taken_in(size=200_001)
    return files(house)[0]


def test_the_whole_the_end_and_beyond(raw: httpx.Client, house: House, once_taken_in: bytes) -> None:
    headers = house.headers(ONE)
    whole = raw.get("items/item-1/container", headers=headers)
    assert (whole.status_code, whole.content) == (200, once_taken_in)
    assert whole.headers["accept-ranges"] == "bytes"
    end = raw.get("items/item-1/container", headers={**headers, "Range": "bytes=-16"})
    assert (end.status_code, end.content) == (206, once_taken_in[-16:])
    beyond = raw.get("items/item-1/container", headers={**headers, "Range": "bytes=200001-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */200001")
    stale = raw.get("items/item-1/container", headers={**headers, "Range": "bytes=0-1", "If-Range": '"other"'})
    assert stale.status_code == 200


def test_an_upload_cut_off_on_a_real_connection_leaves_nothing(house: House) -> None:
    container = ciphertext(3_000_000)
    with house.on_loopback() as url, CaseSystem(url, house.tokens[GATE], "gate") as intake:
        intake.register_case(a_case(), SEALED)
        intake.register_item(an_item(container=container))

        class Breaks(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                if self.tell() > 2_000_000:
                    raise OSError("the disk went away")
                return super().read(size)

        with pytest.raises(OSError, match="went away"):
            intake.upload_container("item-1", Breaks(container), len(container))
    assert files(house) == []


def test_uploads_a_crash_left_behind_are_swept_later(house: House) -> None:
    Blobs(house.blobs)
    old, new = house.blobs / "incoming" / "a.part", house.blobs / "incoming" / "b.part"
    for part in (old, new):
        part.write_bytes(b"cut")
    os.utime(old, (1, 1))
    Blobs(house.blobs)
    assert (old.exists(), new.exists()) == (False, True)


def test_blob_names_are_digests_and_never_paths(house: House) -> None:
    with pytest.raises(ValueError):
        Blobs(house.blobs).path("../" * 10 + "etc/passwd")
