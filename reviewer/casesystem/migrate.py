"""Bringing a database to the schema this version knows, forwards only."""

from __future__ import annotations

import sqlalchemy as sa

from reviewer.model.errors import ReviewerError

# The last step in migrations/versions.
NEWEST = "0017"

_VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))


class DatabaseTooNew(ReviewerError):
    code = "C001"
    happened = "The case system's database was written by a newer version."
    kept = "The database was left untouched."
    to_do = "Install the newer version."


def migrate(engine: sa.Engine) -> None:
    """Apply what is missing, each step in its transaction. `DatabaseTooNew` when the schema is not one of ours."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        present = _present(connection)
        if present != NEWEST:
            _upgrade(connection, present)


def _present(connection: sa.Connection) -> str | None:
    """The step a database stands at; None: it is new."""
    if not sa.inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(sa.select(_VERSION.c.version_num)).scalar_one_or_none()


def _upgrade(connection: sa.Connection, present: str | None) -> None:
    # Loading alembic takes longer than all else a start does to a database that is up to date.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "reviewer.casesystem:migrations")
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if present is not None and present not in known:
        raise DatabaseTooNew
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
