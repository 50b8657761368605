"""How a journal ends: whether those who stand at its end have signed there. Whoever opens a store next signs behind
that end, so it is looked at before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import Connection

from familydesk.store.journal import Deed, by_paper, signed_with


def stands(connection: Connection, device: int, keys: Callable[[str], Collection[bytes]]) -> bool:
    """Whether the last event bears a signature of the account it names, by one of its `keys`, or stands where the store
    was open with the recovery key. A restore is noted by who opens next, so what stands before it is looked at as well.
    """
    return all(_holds(connection, device, keys, event) for event in _ending(connection, device))


def _ending(connection: Connection, device: int) -> Iterator[Any]:
    found = connection.exec_driver_sql(
        "SELECT seq, account, deed, signed, link, signature FROM journal WHERE device = ? ORDER BY seq DESC", (device,)
    )
    for event in found:
        yield event
        if event.deed != Deed.RESTORED.name:
            break
    found.close()


def _holds(connection: Connection, device: int, keys: Callable[[str], Collection[bytes]], event: Any) -> bool:
    if event.signed or event.signature:
        return bool(event.signed) and signed_with(keys(event.account), event.link, event.signature)
    return event.deed == Deed.RESTORED.name or _by_paper(connection, device, event.account)


def _by_paper(connection: Connection, device: int, account: str) -> bool:
    """Whether the last opening was this account's, with the recovery key."""
    opening = connection.exec_driver_sql(
        "SELECT account, signed, detail FROM journal WHERE device = ? AND deed = ? ORDER BY seq DESC LIMIT 1",
        (device, Deed.UNLOCKED.name),
    ).first()
    if opening is None or opening.signed:
        return False
    return bool(opening.account == account) and by_paper(opening.detail)
