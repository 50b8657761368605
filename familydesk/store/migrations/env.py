"""Run by Alembic for each upgrade, on the connection that the program hands over, inside its one transaction."""

from __future__ import annotations

from alembic import context

from familydesk.store.migrations.comparing import OPTIONS

context.configure(connection=context.config.attributes["connection"], **OPTIONS)
with context.begin_transaction():
    context.run_migrations()
