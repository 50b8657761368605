"""What lies beside a center's log: statements, wrapped keys, requests to join, pieces of attachments, referrals.

Each kind says who may read, leave and destroy it. What was destroyed leaves its name behind and is not taken in again:
so that a wrapped key is gone for good, as far as the hub goes, when its case is erased.
"""

from __future__ import annotations

import enum
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from familydesk.hub import faults
from familydesk.hub.tables import CENTER, OBJECT
from familydesk.sync.wire import asking, bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import digest
from familydesk.sync.wire.head import START, lengthened
from familydesk.sync.wire.statement import statement_id
from familydesk.sync.wire.words import ObjectKind

NAME = r"[0-9a-f]{1,64}(?:[-_][0-9a-f]{1,64}){0,3}"
"""How an object may be called: digests and ids, so that no name of anybody can stand there."""
_NAME = re.compile(NAME)


class Who(enum.IntEnum):
    """Who may do something, the fewest last."""

    ANYBODY = 0
    NEIGHBOUR = 1
    """A laptop of any center of this hub."""
    LAPTOP = 2
    """A laptop of the center."""
    HEAD = 3
    """A laptop of one of the center's heads."""
    NOBODY = 4


@dataclass(frozen=True, slots=True)
class Custom:
    """How one kind is kept. `most` and `most_bytes` bound what those may leave whom the center has not admitted."""

    listed: Who
    got: Who
    left: Who
    destroyed: Who
    largest: int = bounds.OBJECT
    most: int = 100_000
    most_bytes: int = 1 << 62


CUSTOMS: Mapping[ObjectKind, Custom] = {
    ObjectKind.STATEMENT: Custom(Who.LAPTOP, Who.LAPTOP, Who.ANYBODY, Who.NOBODY, bounds.STATEMENT),
    ObjectKind.KEY: Custom(Who.LAPTOP, Who.LAPTOP, Who.LAPTOP, Who.HEAD),
    ObjectKind.REQUEST: Custom(Who.LAPTOP, Who.LAPTOP, Who.ANYBODY, Who.HEAD, 16 * 1024, 100, bounds.MIB),
    # Sealed to whoever asked, under a name that only she and the center know: by a head, her own keys by herself.
    ObjectKind.ADMISSION: Custom(Who.LAPTOP, Who.ANYBODY, Who.LAPTOP, Who.LAPTOP),
    ObjectKind.CHUNK: Custom(Who.LAPTOP, Who.LAPTOP, Who.LAPTOP, Who.HEAD),
    ObjectKind.SNAPSHOT: Custom(Who.LAPTOP, Who.LAPTOP, Who.LAPTOP, Who.HEAD),
    ObjectKind.INBOX: Custom(Who.LAPTOP, Who.LAPTOP, Who.NEIGHBOUR, Who.LAPTOP, most=1000, most_bytes=64 * bounds.MIB),
    ObjectKind.RESTRICTION: Custom(Who.LAPTOP, Who.LAPTOP, Who.LAPTOP, Who.NOBODY),
}
"""A statement speaks for itself, so anybody may bring one that holds: a new center's first laptop is known by it."""


def is_name(name: str) -> bool:
    """Whether an object may be called so."""
    return _NAME.fullmatch(name) is not None


def names(connection: Connection, center: bytes, kind: ObjectKind) -> list[str]:
    """The objects of a kind."""
    query = select(OBJECT.c.name).where(*_of(center, kind), OBJECT.c.destroyed.is_(None)).order_by(OBJECT.c.name)
    return list(connection.execute(query).scalars())


@dataclass(frozen=True, slots=True)
class Mark:
    """A place among a center's objects, as they came: a number, and the chain of all names up to it."""

    number: int = 0
    chain: bytes = START


@dataclass(frozen=True, slots=True)
class Beside:
    """The names of the objects that came after a mark, by kind; all of them if the mark is none of this hub's."""

    names: Mapping[str, Sequence[str]]
    mark: Mark
    all: bool


def since(connection: Connection, center: Row[Any], mark: Mark) -> Beside:
    """What came after a laptop's mark."""
    place = select(OBJECT.c.chain).where(OBJECT.c.center == center.id, OBJECT.c.number == mark.number)
    known = bool(mark.number) and connection.execute(place).scalar_one_or_none() == mark.chain
    query = select(OBJECT.c.kind, OBJECT.c.name).where(
        OBJECT.c.center == center.id, OBJECT.c.number > (mark.number if known else 0), OBJECT.c.destroyed.is_(None)
    )
    found: dict[str, list[str]] = {}
    for kind, name in connection.execute(query.order_by(OBJECT.c.number)):
        found.setdefault(kind, []).append(name)
    return Beside(found, Mark(center.objects, bytes(center.objects_chain)), not known)


def get(connection: Connection, center: bytes, kind: ObjectKind, name: str) -> bytes | None:
    """An object's bytes; None if it is not there, or not any more."""
    query = select(OBJECT.c.content).where(*_of(center, kind), OBJECT.c.name == name)
    content = connection.execute(query).scalar_one_or_none()
    return None if content is None else bytes(content)


def contents(connection: Connection, center: bytes, kind: ObjectKind) -> list[bytes]:
    """Every object of a kind."""
    query = select(OBJECT.c.content).where(*_of(center, kind), OBJECT.c.destroyed.is_(None)).order_by(OBJECT.c.name)
    return [bytes(content) for content in connection.execute(query).scalars()]


def put(connection: Connection, center: Row[Any], kind: ObjectKind, name: str, content: bytes) -> bool:
    """Leave an object; whether it is new. One that lies there, or was destroyed, stays so. `center` is its row, locked.

    Rejected if there is no room for it.
    """
    if connection.execute(select(OBJECT.c.name).where(*_of(center.id, kind), OBJECT.c.name == name)).first():
        return False
    if kind is ObjectKind.STATEMENT and name != statement_id(content).hex():
        raise faults.malformed("A statement is called by the digest of its bytes.")
    if kind is ObjectKind.REQUEST:
        _insist_on_request(center.id, name, content)
        _make_way(connection, center.id, len(content))
    _make_sure_of_room(connection, center, kind, len(content))
    _add(connection, center, kind, name, {"size": len(content), "content": content})
    return True


def destroy(connection: Connection, center: Row[Any], kind: ObjectKind, name: str) -> None:
    """Take an object away and keep its name. One that never came is not taken in afterwards either."""
    own = (*_of(center.id, kind), OBJECT.c.name == name)
    there = connection.execute(select(OBJECT.c.size, OBJECT.c.destroyed).where(*own)).first()
    gone = {"content": None, "size": 0, "destroyed": _now()}
    if there is None:
        _add(connection, center, kind, name, gone)
    elif there.destroyed is None:
        connection.execute(update(OBJECT).where(*own).values(gone))
        fewer = {"bytes": center.bytes - there.size}
        connection.execute(update(CENTER).where(CENTER.c.id == center.id).values(fewer))


def _add(connection: Connection, center: Row[Any], kind: ObjectKind, name: str, content: Mapping[str, Any]) -> None:
    number = center.objects + 1
    chain = lengthened(center.objects_chain, digest(f"{kind.value}/{name}".encode(), b"fd-object"))
    row = {"center": center.id, "kind": kind.value, "name": name, "number": number, "chain": chain, "arrived": _now()}
    connection.execute(insert(OBJECT).values({**row, **content}))
    grown = {"objects": number, "objects_chain": chain, "bytes": CENTER.c.bytes + content["size"]}
    if kind is ObjectKind.STATEMENT:
        grown["statements"] = center.statements + 1
    connection.execute(update(CENTER).where(CENTER.c.id == center.id).values(grown))


def _insist_on_request(center: bytes, name: str, content: bytes) -> None:
    """Rejected unless somebody asks this center, and had the keys that she names: places are few, and anybody's."""
    try:
        holds = asking.asked(content).center == center and name == asking.request_name(content)
    except Defect:
        holds = False
    if not holds:
        raise faults.malformed("This is not a request to this center, or another one's name.")


def _make_way(connection: Connection, center: bytes, size: int) -> None:
    """Let the oldest requests go where there is no place for another: who asks now waits at the desk to be let in. They
    may be left again.
    """
    custom = CUSTOMS[ObjectKind.REQUEST]
    lying = (*_of(center, ObjectKind.REQUEST), OBJECT.c.destroyed.is_(None))
    newest_first = select(OBJECT.c.number, OBJECT.c.size).where(*lying).order_by(OBJECT.c.number.desc())
    for count, (number, one) in enumerate(connection.execute(newest_first).all(), start=1):
        size += one
        if count >= custom.most or size > custom.most_bytes:
            connection.execute(delete(OBJECT).where(OBJECT.c.center == center, OBJECT.c.number == number))
            connection.execute(update(CENTER).where(CENTER.c.id == center).values(bytes=CENTER.c.bytes - one))


def _make_sure_of_room(connection: Connection, center: Row[Any], kind: ObjectKind, size: int) -> None:
    custom = CUSTOMS[kind]
    lying = (*_of(center.id, kind), OBJECT.c.destroyed.is_(None))
    query = select(func.count(), func.coalesce(func.sum(OBJECT.c.size), 0)).where(*lying)
    count, total = connection.execute(query).one()
    if count >= custom.most or total + size > custom.most_bytes or center.bytes + size > center.quota:
        raise faults.full()


def _of(center: bytes, kind: ObjectKind) -> tuple[Any, Any]:
    return OBJECT.c.center == center, OBJECT.c.kind == kind.value


def _now() -> int:
    return int(time.time() * 1000)
