"""docs/formats.md says of the store what the code makes."""

from __future__ import annotations

import re
from pathlib import Path

from reviewer.vault.store import Store
from reviewer.vault.store.migrations import STEPS

DOCS = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
# What SQLite makes for itself: its statistics and counters, and the shadow tables of the full-text index.
_ITS_OWN = re.compile(r"sqlite_.*|queue_words_.*")


def test_the_schema_number_is_the_one_in_use() -> None:
    (told,) = re.findall(r"`user_version` the schema number \((\d+)\)", DOCS.read_text(encoding="utf-8"))
    assert int(told) == len(STEPS)


def test_every_table_is_told_and_none_that_is_not_there(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store.db", bytes(range(32)))
    with store._database.read() as db:
        made = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    store.close()
    section = DOCS.read_text(encoding="utf-8").partition("\n## store.db\n")[2].partition("\n## ")[0]
    first_cells = re.findall(r"^\| (`[^|]*) \|", section, flags=re.MULTILINE)
    told = {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)}
    assert told == {name for name in made if not _ITS_OWN.fullmatch(name)}
