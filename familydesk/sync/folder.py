"""A folder as the road between laptops: a stick, or a share that several write to at once (docs/sync.md).

    PLACE/familydesk-<center, 8 hex>/mark                       says which stick this is
                                    /log/<device>/<seq, 12 digits>.fde
                                    /object/<kind>/<name>       and <name>.destroyed, where one was taken away for good
                                    /base                       the manifest that stands for what was cut off the logs

Whatever else lies there is not looked at. A file is written beside its place, forced to the disk and renamed, so it is
whole or not there; what a stick that was pulled out left torn is put aside, for the next laptop to bring it again.
Statements and words about restricted cases are taken away by nobody: of those a mark beside them says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from nacl.utils import random

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.sync import disk
from familydesk.sync.peer import Batch, Have, Meeting, ObjectKind, Receipt
from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import center_id
from familydesk.sync.wire.envelope import Envelope, read
from familydesk.sync.wire.statement import Statement, decode, statement_id
from familydesk.sync.wire.stream_key import bundle_name

PAGE = 64
"""Envelopes handed over at once, unless they are large."""
PAGE_BYTES = 8 * bounds.MIB

_CENTER = re.compile(r"familydesk-[0-9a-f]{8}")
_DEVICE = re.compile(r"[0-9a-f]{32}")
_ENVELOPE = re.compile(r"([0-9]{12})\.fde")
_OBJECT = re.compile(r"[0-9a-f]{1,64}(?:[-_][0-9a-f]{1,64}){0,3}")
_DESTROYED = ".destroyed"
_TORN = ".torn"
_LASTING = (ObjectKind.STATEMENT, ObjectKind.RESTRICTION)
_MARK_BYTES = 16
_BASE = "base"


class FolderPeer:
    """A folder of one center. What it hands over was read and not yet believed."""

    def __init__(
        self,
        place: Path,
        center: bytes,
        own: bytes,
        genuine: Callable[[Envelope], bool] = lambda _: True,
        reaches: Callable[[bytes], Have] = lambda _: {},
    ) -> None:
        """`own` is the id of this laptop; `genuine` says whether an envelope is its device's, and `reaches` up to where
        a manifest stands for them, as far as that is known here.
        """
        self.name = str(place.absolute())
        self._center = center
        self._own = own
        self._writer = own.hex()[:8]
        self._genuine = genuine
        self._reaches = reaches
        self._place = place
        self._root = place / f"familydesk-{center.hex()[:8]}"
        self._log, self._objects = self._root / "log", self._root / "object"

    # Meeting

    def meet(self, have: Have, after: str) -> Meeting:
        """What lies here, and the first page. Another stick than last time says so."""
        with disk.told():
            self._begin()
            mark, known = self._mark(), after.partition("/")[0]
            objects = {kind: self.names(kind) for kind in ObjectKind}
            return Meeting(self._have(), self.pull(have, f"{mark}/"), objects, known=known in ("", mark))

    def pull(self, have: Have, after: str) -> Batch:
        """The page behind `after`, which is this stick's mark and the last envelope's place."""
        mark, _, place = after.partition("/")
        found: list[bytes] = []
        room = PAGE_BYTES
        with disk.told():
            for device, seq in self._beyond(have, place):
                if len(found) == PAGE or room <= 0:
                    return Batch(tuple(found), f"{mark}/{place}", more=True)
                content = self._envelope(device, seq)
                place = f"{device.hex()}/{seq}"
                if content is not None:
                    found.append(content)
                    room -= len(content)
        return Batch(tuple(found), f"{mark}/")

    def _mark(self) -> str:
        """The name that this stick was given when it was first written to; empty on one that cannot be written."""
        place = self._root / "mark"
        if not disk.exists(place):
            try:
                self._make(self._root)
                disk.write_new(place, random(_MARK_BYTES).hex().encode(), self._writer)
            except OSError:
                return ""
        content = disk.read(place, 2 * _MARK_BYTES) or b""
        return content.decode("ascii", "replace") if re.fullmatch(rb"[0-9a-f]{32}", content) else ""

    # Envelopes

    def push(self, envelopes: Sequence[bytes]) -> list[Receipt]:
        """Leave envelopes, each under its place."""
        touched: set[Path] = set()
        with disk.told():
            self._check()
            try:
                return [self._leave(content, touched) for content in envelopes]
            finally:
                for folder in touched:
                    disk.sync_folder(folder)

    def _leave(self, content: bytes, touched: set[Path]) -> Receipt:
        try:
            header = read(content).header
        except Defect:
            return Receipt.BAD
        if header.center != self._center:
            return Receipt.BAD
        place = self._file(header.device, header.seq)
        there = disk.read(place, bounds.ENVELOPE)
        if there == content:
            return Receipt.KNOWN
        if there is not None and self._sound(there, header.device, header.seq):
            return Receipt.FORK
        self._make(place.parent)
        disk.write(place, content, self._writer)
        touched.add(place.parent)
        return Receipt.STORED

    def _file(self, device: bytes, seq: int) -> Path:
        return self._log / device.hex() / f"{seq:012}.fde"

    def _have(self) -> dict[bytes, int]:
        content = disk.read(self._root / _BASE, bounds.OBJECT)
        base = self._reaches(content) if content else {}
        devices = {*self._devices(), *base}
        return {device: _dense(self._numbers(device), base.get(device, 0)) for device in sorted(devices)}

    def cut(self, manifest: bytes, reached: Have) -> None:
        """Take away the envelopes for which a snapshot stands, and say so first: nobody is to leave them again."""
        with disk.told():
            self._check()
            if disk.read(self._root / _BASE, bounds.OBJECT) != manifest:
                disk.write(self._root / _BASE, manifest, self._writer)
                disk.sync_folder(self._root)
            for device, last in reached.items():
                for seq in sorted(number for number in self._numbers(device) if number <= last):
                    disk.wipe(self._file(device, seq))

    def _devices(self) -> list[bytes]:
        names = (name for name in disk.folders(self._log) if _DEVICE.fullmatch(name))
        return sorted(bytes.fromhex(name) for name in names)

    def _numbers(self, device: bytes) -> set[int]:
        names = map(_ENVELOPE.fullmatch, disk.files(self._log / device.hex()))
        return {int(name[1]) for name in names if name}

    def _beyond(self, have: Have, place: str) -> Iterator[tuple[bytes, int]]:
        """Where envelopes lie that are not here, in order, those behind `place` only.

        Of this laptop's own at least the last one: if it is another than here, the disk was copied.
        """
        last, _, reached = place.partition("/")
        for device in self._devices():
            if device.hex() >= last:
                numbers = self._numbers(device)
                known = have.get(device, 0)
                if device == self._own:
                    known = min(known, max(0, _dense(numbers) - 1))
                least = max(known, int(reached) if device.hex() == last else 0)
                yield from ((device, seq) for seq in sorted(numbers) if seq > least)

    def _envelope(self, device: bytes, seq: int) -> bytes | None:
        """The file as it is, torn ones too, so that they are told of; None if it has gone meanwhile."""
        place = self._file(device, seq)
        content = disk.read(place, bounds.ENVELOPE)
        if content is not None and not self._sound(content, device, seq):
            disk.put_aside(place, place.with_suffix(".torn"))
        return content

    def _sound(self, content: bytes, device: bytes, seq: int) -> bool:
        try:
            envelope = read(content)
        except Defect:
            return False
        found = envelope.header
        return (found.center, found.device, found.seq) == (self._center, device, seq) and self._genuine(envelope)

    # Objects

    def names(self, kind: ObjectKind) -> frozenset[str]:
        """The objects of a kind."""
        with disk.told():
            lying = set(disk.files(self._objects / kind.value))
        marks = frozenset() if kind in _LASTING else lying
        return frozenset(name for name in lying if _OBJECT.fullmatch(name) and name + _DESTROYED not in marks)

    def get(self, kind: ObjectKind, name: str) -> bytes | None:
        """One object. Of one that is too large one byte too many is read, so that whoever asked refuses it. One that is
        damaged is put aside, so that whoever has it leaves it anew.
        """
        place = self._object(kind, name)
        with disk.told():
            content = None if self._is_destroyed(kind, name) else disk.read(place, largest(kind))
            if content is not None and not is_whole(kind, name, content):
                disk.put_aside(place, place.with_name(name + _TORN))
            return content

    def put(self, kind: ObjectKind, name: str, content: bytes) -> None:
        """Leave an object. One that lies there stays, unless it is damaged: a pulled stick leaves files without any
        content.
        """
        place = self._object(kind, name)
        with disk.told():
            self._check()
            there = disk.read(place, largest(kind))
            if self._is_destroyed(kind, name) or (there and is_whole(kind, name, there)):
                return
            self._make(place.parent)
            disk.write(place, content, self._writer)
            disk.sync_folder(place.parent)

    def destroy(self, kind: ObjectKind, name: str) -> None:
        """Take an object away; an empty file keeps it from being left here again."""
        place = self._object(kind, name)
        if kind in _LASTING:
            return
        with disk.told():
            self._check()
            self._make(place.parent)
            disk.write(self._destroyed(kind, name), b"", self._writer)
            for one in (place, place.with_name(name + _TORN)):
                disk.wipe(one)
            disk.sync_folder(place.parent)

    def post(self, center: bytes, name: str, content: bytes, *, begin: bool) -> bool:
        """Leave a letter to another center; in a folder where it has no place yet only if one may be begun."""
        theirs = FolderPeer(self._place, center, self._own)
        with disk.told():
            self._begin()
            if not (begin or disk.exists(theirs._root)):
                return False
        theirs.put(ObjectKind.INBOX, name, content)
        return True

    def _object(self, kind: ObjectKind, name: str) -> Path:
        if not _OBJECT.fullmatch(name):
            raise Defect("an object of a name that is none")
        return self._objects / kind.value / name

    def _is_destroyed(self, kind: ObjectKind, name: str) -> bool:
        return kind not in _LASTING and disk.exists(self._destroyed(kind, name))

    def _destroyed(self, kind: ObjectKind, name: str) -> Path:
        return self._objects / kind.value / (name + _DESTROYED)

    # The folder itself

    def _begin(self) -> None:
        """A folder that is not there is not made: it was mistyped, or it is a stick that is not in."""
        if not self._place.is_dir():
            raise disk.gone()
        self._check()

    def _check(self) -> None:
        for folder in (self._root, self._log, self._objects):
            _refuse_links(folder)

    def _make(self, folder: Path) -> None:
        """A folder within this one, which is not made again if its stick was pulled out. Raises OSError."""
        inner = [self._root / part for part in reversed(folder.relative_to(self._root).parents)]
        for each in (*inner, folder):
            _refuse_links(each)
            if not each.exists():
                each.mkdir(exist_ok=True)
                disk.sync_folder(each.parent)


def begun_in(place: Path) -> list[list[Statement]]:
    """For each center whose folder lies here, the statements that do, not believed yet: for a laptop of none."""
    with disk.told():
        inside = [place / name for name in disk.folders(place) if _CENTER.fullmatch(name)]
        found = [_statements(root / "object" / ObjectKind.STATEMENT.value) for root in inside]
    return [
        [one for one in said if center_id(one.anchor).hex().startswith(root.name.partition("-")[2])]
        for root, said in zip(inside, found, strict=True)
    ]


def _statements(folder: Path) -> list[Statement]:
    found = []
    for name in sorted(name for name in disk.files(folder) if _OBJECT.fullmatch(name))[: bounds.STATEMENTS]:
        content = disk.read(folder / name, bounds.STATEMENT)
        with suppress(Defect):
            found.append(decode(content or b""))
    return found


def _refuse_links(folder: Path) -> None:
    """Weather if somebody put something else in the place of a folder: a link could lead anywhere."""
    if disk.misplaced(folder):
        raise Weather(
            N_("The folder to sync with was changed by somebody: a part of it is no folder."),
            N_("Use another stick or folder. Everything is kept on this computer."),
        )


def is_whole(kind: ObjectKind, name: str, content: bytes) -> bool:
    """Whether an object is the one of that name, of the kinds of which everybody can tell."""
    if kind is ObjectKind.STATEMENT:
        return name == statement_id(content).hex()
    return kind is not ObjectKind.KEY or name == bundle_name(content)


def largest(kind: ObjectKind) -> int:
    """How many bytes an object of a kind may have."""
    return bounds.STATEMENT if kind is ObjectKind.STATEMENT else bounds.OBJECT


def _dense(numbers: set[int], base: int = 0) -> int:
    """Up to which number there is no gap, from a base on."""
    return next(number for number in count(base) if number + 1 not in numbers)
