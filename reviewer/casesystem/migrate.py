"""Bringing a database to the schema this version knows, forwards only."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from reviewer.model.errors import ReviewerError


class DatabaseTooNew(ReviewerError):
    code = "C001"
    happened = "The case system's database was written by a newer version."
    kept = "The database was left untouched."
    to_do = "Install the newer version."


def migrate(engine: sa.Engine) -> None:
    """Apply what is missing, each step in its transaction. `DatabaseTooNew` when the schema is not one of ours."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        present = MigrationContext.configure(connection).get_current_revision()
        known, head = _known()
        if present is not None and present not in known:
            raise DatabaseTooNew
        if present == head:
            return
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "reviewer.casesystem:migrations")
    return config


@cache  # loading every step takes longer than everything else a start does to a database that is up to date
def _known() -> tuple[frozenset[str], str | None]:
    """Every revision of this version, and the last."""
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions()), scripts.get_current_head()
