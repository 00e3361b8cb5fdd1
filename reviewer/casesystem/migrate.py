"""Bringing a database to the schema this version knows, forwards only."""

from __future__ import annotations

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
    config = Config()
    config.set_main_option("script_location", "reviewer.casesystem:migrations")
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        present = MigrationContext.configure(connection).get_current_revision()
        scripts = ScriptDirectory.from_config(config)
        known = {script.revision for script in scripts.walk_revisions()}
        if present is not None and present not in known:
            raise DatabaseTooNew
        if present == scripts.get_current_head():
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
