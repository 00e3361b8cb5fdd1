"""How alembic runs: always on the connection it is handed, so that one transaction covers check and change."""

from __future__ import annotations

from alembic import context

from reviewer.casesystem.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
