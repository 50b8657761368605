"""Taking the steps, and drafting the next one. Alembic is called from here and nowhere else, and is slow to load."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from familydesk.store.guards import binding
from familydesk.store.migrations import HERE, newest

if TYPE_CHECKING:
    from alembic.config import Config


def take(connection: Connection, found: int, to: str = "head") -> None:
    """Every step after the schema `found` (0: an empty file) up to `to`, inside the caller's transaction."""
    from alembic import command

    config = _config(connection)
    if found:
        command.stamp(config, f"{found:04}", purge=True)
    command.upgrade(config, to)
    # The number in `meta` is the only truth about a file; Alembic's table lives for the length of an upgrade.
    connection.exec_driver_sql("DROP TABLE alembic_version")


def draft(words: str) -> Path:
    """Write the next step's file: what leads from the steps so far to what the sheets now say. Read it before use."""
    from alembic import command
    from sqlalchemy import create_engine

    with create_engine("sqlite://", module=binding()).begin() as connection:
        config = _config(connection)
        if newest():
            command.upgrade(config, "head")
        script: Any = command.revision(config, words, autogenerate=True, rev_id=f"{newest() + 1:04}")
    path = Path(script.path)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if " ### " not in line) + "\n", encoding="utf-8")
    return path


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config(stdout=StringIO())
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
