"""Where she stood, sealed in the store for her alone: the process that follows a lock knows nothing else of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from familydesk.store.tables import META

if TYPE_CHECKING:
    from familydesk.services.office import Office

KEY = "bookmark"
_SEALED_AS = UUID(int=0)


class Bookmark:
    """One page and its state: names of pages and sheets, ids, and tuples of them.

    There is one in a store. Whoever unlocks after somebody else begins at the first page.
    """

    def __init__(self, office: Office) -> None:
        self._database = office.database

    def put(self, page: str, state: object) -> None:
        """She stands here now."""
        text = json.dumps([page, _packed(state)])
        row = {"key": KEY, "value": self._database.privileged.seal(KEY, _SEALED_AS, KEY, text)}
        with self._database.write() as session:
            session.execute(insert(META).values(row).on_conflict_do_update(index_elements=META.primary_key, set_=row))

    def get(self) -> tuple[str, object] | None:
        """Where she stood; None if it was not she who stood there."""
        with self._database.read() as session:
            token = session.scalar(select(META.c.value).where(META.c.key == KEY))
        text = self._database.privileged.open(KEY, _SEALED_AS, KEY, token)
        if text is None:
            return None
        page, state = json.loads(text)
        return page, _unpacked(state)


def _packed(state: Any) -> Any:
    if isinstance(state, UUID):
        return {"id": state.hex}
    return [_packed(one) for one in state] if isinstance(state, tuple) else state


def _unpacked(found: Any) -> Any:
    if isinstance(found, dict):
        return UUID(hex=found["id"])
    return tuple(_unpacked(one) for one in found) if isinstance(found, list) else found
