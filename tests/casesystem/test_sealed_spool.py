"""A list on its way to being read is on the disk, and nobody can read it there."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from reviewer.casesystem.known.sealed_spool import SealedSpool

REMARK = b"the gate of the garden;" * 100_000


def test_what_was_written_in_pieces_is_read_whole_again_and_from_anywhere(tmp_path: Path) -> None:
    with SealedSpool(tmp_path) as spool:
        for at in range(0, len(REMARK), 99_991):
            spool.write(REMARK[at : at + 99_991])
        with spool.opened() as reader:
            assert reader.read() == REMARK
            for offset in (0, 1, 16, 31, 1_500_003, len(REMARK)):
                reader.seek(offset)
                assert reader.read(77) == REMARK[offset : offset + 77]
            with pytest.raises(io.UnsupportedOperation):
                reader.seek(0, io.SEEK_END)


def test_nothing_of_it_lies_readable_on_the_disk(tmp_path: Path) -> None:
    with SealedSpool(tmp_path) as spool, SealedSpool(tmp_path) as other:
        spool.write(REMARK)
        other.write(REMARK)
        lies = []
        for one in (spool, other):
            one._file.flush()
            one._file.seek(0)
            lies.append(one._file.read())
        assert len(lies[0]) == len(REMARK)
        assert b"garden" not in lies[0]
        assert lies[0] != lies[1]  # a key of its own each time
        assert list(tmp_path.iterdir()) == []
