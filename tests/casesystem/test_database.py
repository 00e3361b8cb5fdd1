"""The schema comes from numbered steps, is durable, and what went wrong is never told with its values."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from house import ONE, House, a_decision, decided
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from reviewer.casesystem.database import open_database, reading, writing
from reviewer.casesystem.migrate import NEWEST, DatabaseTooNew, migrate
from reviewer.casesystem.problems import QuietFailures
from reviewer.casesystem.tables import metadata
from reviewer.model.cases import Item
from reviewer.model.errors import CaseSystemUnreachable
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    engine = open_database(f"sqlite:///{tmp_path / 'fresh.db'}")
    yield engine
    engine.dispose()


def test_the_steps_lead_to_the_tables_of_the_code(engine: sa.Engine) -> None:
    migrate(engine)
    migrate(engine)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert context.get_current_revision() == NEWEST  # else a start would look for missing steps each time
        assert compare_metadata(context, metadata) == []


def test_a_newer_schema_is_refused_and_left_alone(engine: sa.Engine) -> None:
    migrate(engine)
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew):
        migrate(engine)
    with reading(engine) as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"


def test_commits_are_on_the_disk_before_they_are_answered(engine: sa.Engine) -> None:
    migrate(engine)
    with reading(engine) as connection:
        settings = {
            name: connection.execute(sa.text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "temp_store")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "temp_store": 2}


def test_a_failed_write_leaves_nothing(engine: sa.Engine) -> None:
    migrate(engine)

    def write_and_fail() -> None:
        with writing(engine) as connection:
            row = {"id": "a", "name": "b", "role": "reviewer", "recipient": "age1"}
            connection.execute(sa.insert(metadata.tables["members"]).values(**row))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with reading(engine) as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM members")).scalar_one() == 0


def test_database_errors_never_quote_values(engine: sa.Engine) -> None:
    with reading(engine) as connection, pytest.raises(sa.exc.OperationalError) as failed:
        connection.execute(sa.text("SELECT * FROM nowhere WHERE x = :x"), {"x": "the secret"})
    assert "the secret" not in str(failed.value)


def test_postgresql_understands_the_tables() -> None:
    for table in metadata.sorted_tables:
        assert str(CreateTable(table).compile(dialect=postgresql.dialect())).strip().startswith("CREATE TABLE")


def test_storage_that_fails_is_503_and_nothing_is_acknowledged(
    as_member: As, house: House, taken_in: Callable[..., Item], caplog: pytest.LogCaptureFixture
) -> None:
    taken_in()
    secret = "words that must stay where they are"
    event = decided(a_decision(rationale=secret))
    client = as_member(ONE)
    client.me()
    db = sqlite3.connect(house.folder / "case.db", isolation_level=None)
    db.execute("ALTER TABLE events RENAME TO elsewhere")
    with caplog.at_level(logging.DEBUG), pytest.raises(CaseSystemUnreachable):
        client.post_events([event])
    db.execute("ALTER TABLE elsewhere RENAME TO events")
    assert client.decision_count() == 0
    client.post_events([event])
    assert client.decision_count() == 1
    db.close()
    assert "OperationalError" in caplog.text
    assert secret not in caplog.text


def test_an_unforeseen_failure_is_a_problem_without_its_values(caplog: pytest.LogCaptureFixture) -> None:
    from house import InLoop

    async def broken(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("the secret")

    transport = InLoop(QuietFailures(broken))  # type: ignore[arg-type]
    with httpx.Client(transport=transport) as client:
        answer = client.get("http://127.0.0.1/v1/me")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:reviewer:problem:internal-error")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "RuntimeError at broken" in caplog.text
    assert "the secret" not in caplog.text + answer.text


def upgrade_to(engine: sa.Engine, revision: str, *statements: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "reviewer.casesystem:migrations")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_exposure_of_before_keeps_its_figures_and_loses_its_times(engine: sa.Engine) -> None:
    upgrade_to(
        engine,
        "0003",
        "INSERT INTO members (id, name, role, recipient) VALUES ('m', 'n', 'reviewer', 'age1')",
        "INSERT INTO events VALUES ('0193-event', 's', 't', 'w', 1, 'm', 1.0)",
        "INSERT INTO exposure VALUES ('0193-event', 0, 'm', '2026-11-21', 'clear', 5.0, 1.0)",
        "INSERT INTO exposure VALUES ('0193-event', 1, 'm', '2026-11-22', 'clear', 6.0, 1.0)",
    )
    migrate(engine)
    with reading(engine) as connection:
        rows = connection.execute(sa.text("SELECT id, day, seconds FROM exposure ORDER BY day")).all()
    assert [(row.day, row.seconds) for row in rows] == [("2026-11-21", 5.0), ("2026-11-22", 6.0)]
    assert len({row.id for row in rows}) == 2
    assert not any("0193-event" in row.id for row in rows)


def test_items_of_before_with_the_same_exhibit_number_stay(engine: sa.Engine) -> None:
    columns = "id, case_id, body, container_sha256, container_size, stored, open, registered_at, registered_by"
    upgrade_to(
        engine,
        "0005",
        "INSERT INTO members (id, name, role, recipient) VALUES ('m', 'n', 'reviewer', 'age1')",
        "INSERT INTO cases (id, body, keys_version, calm, no_deadline, due_at, received_at)"
        " VALUES ('c', '{}', 0, 1, 1, 0, 0)",
        *(
            f"INSERT INTO items ({columns}) VALUES ('{name}', 'c', '{body}', 's', 1, 1, 1, {at}, 'm')"
            for name, body, at in (
                ("b", '{"exhibit": "E/1"}', 1),
                ("a", '{"exhibit": "E/1"}', 2),
                ("c", '{"exhibit": "E/2"}', 3),
            )
        ),
    )
    migrate(engine)
    with reading(engine) as connection:
        rows = connection.execute(sa.text("SELECT id, exhibit FROM items ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("a", None), ("b", "E/1"), ("c", "E/2")]


def test_every_event_of_exposure_and_every_item_of_before_is_carried_over(engine: sa.Engine) -> None:
    upgrade_to(
        engine,
        "0003",
        "INSERT INTO members (id, name, role, recipient) VALUES ('m', 'n', 'reviewer', 'age1')",
        *(f"INSERT INTO events VALUES ('e-{n}', 's{n}', 'exposure.recorded', 'w', {n}, 'm', 1.0)" for n in range(5)),
        "INSERT INTO events VALUES ('f', 's', 'decision.recorded', 'w', 9, 'm', 1.0)",
    )
    columns = "id, case_id, body, container_sha256, container_size, stored, open, registered_at, registered_by"
    upgrade_to(
        engine,
        "0005",
        "INSERT INTO cases (id, body, keys_version, calm, no_deadline, due_at, received_at)"
        " VALUES ('c', '{}', 0, 1, 1, 0, 0)",
        *(
            f"INSERT INTO items ({columns})"
            f" VALUES ('i{n}', 'c', '{{\"exhibit\": \"E/{n}\", \"harm_type\": \"h{n}\"}}', 's', 1, 1, 1, 1, 'm')"
            for n in range(5)
        ),
    )
    migrate(engine)
    with reading(engine) as connection:
        counted = connection.execute(sa.text("SELECT sha256 FROM counted_events ORDER BY sha256")).scalars().all()
        assert counted == [f"s{n}" for n in range(5)]
        assert connection.execute(sa.text("SELECT id FROM events")).scalars().all() == ["f"]
        kinds = connection.execute(sa.text("SELECT id, harm_type FROM items ORDER BY id")).all()
    assert [tuple(row) for row in kinds] == [(f"i{n}", f"h{n}") for n in range(5)]
