"""Loading ahead: what the first minute at the desk needs, fetched while somebody types a passphrase."""

from __future__ import annotations


def load_first_screen() -> None:
    """Import and make ready what the opening and the first screen would otherwise wait for. Touches no store."""
    import filelock  # noqa: F401
    from sqlalchemy.dialects import sqlite  # noqa: F401
    from sqlalchemy.orm import configure_mappers

    from familydesk.services import conflicts, drafts, front_door, people, today  # noqa: F401
    from familydesk.store import guards

    guards.binding()
    configure_mappers()
