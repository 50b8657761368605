"""What a head's order to erase says, as it travels in the membership log: to be carried out on every laptop.

It names records by their ids and versions of texts by laptop and stamp, never a word of what they held. Sealed under
the center's key: ids of cases are those of streams, and a hub is not to learn which of them ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from familydesk.store.sealing import seal, unseal
from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.change import Version
from familydesk.sync.wire.coding import decoded, deflated, encoded, inflated
from familydesk.sync.wire.digests import ID_BYTES
from familydesk.sync.wire.shapes import array, exactly, word
from familydesk.sync.wire.statement import Erasure

AT_ONCE = 1000
"""Lines of one order: about half of what a statement may hold."""
_GONE, _BARE, _EMPTIED, _VERSION, _BEGINNING = range(1, 6)
_NAME = 64


@dataclass(frozen=True, slots=True)
class Order:
    """Records that go, by sheet (ids in hex); cases that stay as a number; fields of records that stay; versions of
    texts in records that stay; and by their version the fields that beginnings of records lose.
    """

    going: Mapping[str, frozenset[str]] = field(default_factory=dict)
    bare: frozenset[str] = frozenset()
    emptied: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    versions: frozenset[Version] = frozenset()
    beginnings: Mapping[Version, frozenset[str]] = field(default_factory=dict)

    def said(self, center: bytes, epoch: int, key: bytes) -> list[Erasure]:
        """As it is stated: in as many statements as it needs."""
        lines = list(self._lines())
        portions = (lines[start : start + AT_ONCE] for start in range(0, len(lines), AT_ONCE))
        return [Erasure(epoch, seal(key, _bound(center, epoch), deflated(encoded(one)))) for one in portions]

    def _lines(self) -> Iterator[list[Any]]:
        yield from ([_BARE, bytes.fromhex(one)] for one in sorted(self.bare))
        for sheet, ids in sorted(self.going.items()):
            yield from ([_GONE, sheet, bytes.fromhex(one)] for one in sorted(ids))
        for (sheet, one), names in sorted(self.emptied.items()):
            yield [_EMPTIED, sheet, bytes.fromhex(one), sorted(names)]
        yield from ([_VERSION, one.device, one.clock] for one in sorted(self.versions))
        for version, names in sorted(self.beginnings.items()):
            yield [_BEGINNING, version.device, version.clock, sorted(names)]


def together(orders: Sequence[Order]) -> Order:
    """Several as one."""
    going: dict[str, frozenset[str]] = {}
    emptied: dict[tuple[str, str], frozenset[str]] = {}
    beginnings: dict[Version, frozenset[str]] = {}
    for one in orders:
        _add(going, one.going)
        _add(emptied, one.emptied)
        _add(beginnings, one.beginnings)
    bare = frozenset[str]().union(*(one.bare for one in orders))
    versions = frozenset[Version]().union(*(one.versions for one in orders))
    return Order(going, bare, emptied, versions, beginnings)


Key = TypeVar("Key")


def _add(found: dict[Key, frozenset[str]], more: Mapping[Key, frozenset[str]]) -> None:
    for key, values in more.items():
        found[key] = found.get(key, frozenset()) | values


def read(center: bytes, said: Erasure, keys: Mapping[int, bytes]) -> Order | None:
    """The order; None while the key of its epoch is not here, or if it has no form that this program knows."""
    key = keys.get(said.epoch)
    content = unseal(key, _bound(center, said.epoch), said.sealed) if key else None
    if content is None:
        return None
    try:
        return together([_read(line) for line in array(decoded(inflated(content, bounds.MIB)))])
    except Defect:
        return None


def _read(line: object) -> Order:
    kind, *said = array(line)
    if kind == _BARE and len(said) == 1:
        return Order(bare=frozenset({_id(said[0])}))
    if kind == _GONE and len(said) == 2:
        return Order({word(said[0], _NAME): frozenset({_id(said[1])})})
    if kind == _EMPTIED and len(said) == 3:
        return Order(emptied={(word(said[0], _NAME), _id(said[1])): _names(said[2])})
    if kind == _VERSION and len(said) == 2:
        return Order(versions=frozenset({_version(*said)}))
    if kind == _BEGINNING and len(said) == 3:
        return Order(beginnings={_version(*said[:2]): _names(said[2])})
    raise Defect("an order of another form")


def _id(found: object) -> str:
    return exactly(found, ID_BYTES).hex()


def _names(found: object) -> frozenset[str]:
    return frozenset(word(one, _NAME) for one in array(found))


def _version(device: object, clock: object) -> Version:
    if type(clock) is not int or clock < 0:
        raise Defect("no stamp")
    return Version(clock, exactly(device, ID_BYTES))


def _bound(center: bytes, epoch: int) -> dict[str, Any]:
    return {"what": "familydesk erasure 1", "center": center.hex(), "epoch": epoch}


def all_ids(orders: Iterable[Order]) -> frozenset[str]:
    """The ids of all records that go by these orders."""
    return frozenset(id for one in orders for ids in one.going.values() for id in ids)
