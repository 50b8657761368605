"""The keys of restricted cases: each case has one of its own, sealed in copies to the people who are named.

Readers have copies; each head has an emergency copy, which opens only after she has broken the glass. Whoever leaves
the list is followed by a new generation of the key: what is written from then on she cannot open, whatever she kept.
"""

from __future__ import annotations

import base64
import binascii
import enum
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from nacl.public import PrivateKey, PublicKey
from nacl.utils import random
from sqlalchemy import Connection, delete, insert, select

from familydesk.store.sealing import seal, seal_to, unseal, unseal_from
from familydesk.store.tables import CASE_KEY, RESTRICTED_CASE

KEY_BYTES = 32
MARK = "fdr1:"
NOBODY = ""
Generation = tuple[str, int]
"""The case's id (hex) and the number of its key."""


class CopyKind(enum.Enum):
    """Whose copy of a key it is. NAMES are stored."""

    READER = "a named person's"
    EMERGENCY = "a head's, behind the glass"
    PUBLIC = "everybody's: the case was opened up again"


class CaseKeys:
    """The keys at hand in one open store."""

    def __init__(self) -> None:
        self.ready = False
        """Whether it is known whose copies open here. Before, no case is open, and no table of the file is asked."""
        self._mine: dict[str, PrivateKey] = {}
        self._broken: set[str] = set()
        self._keys: dict[Generation, bytes] = {}
        self._current: dict[str, int] = {}

    def hold(self, identities: Mapping[UUID, PrivateKey]) -> None:
        """Whose copies open here: hers who is at the desk; everyone's after the recovery key."""
        self._mine = {account.hex: private for account, private in identities.items()}
        self.ready = True

    def learn(self, connection: Connection) -> None:
        """Read the copies anew. What opens no more is forgotten."""
        current = {row.case_id: row.generation for row in connection.execute(select(RESTRICTED_CASE))}
        keys = {}
        for row in connection.execute(select(CASE_KEY)):
            key = self._opened(row)
            if key is not None:
                keys[row.case_id, row.generation] = key
        self._keys, self._current = keys, current

    def _opened(self, row: Any) -> bytes | None:
        kind, place = CopyKind[row.kind], (row.case_id, row.generation)
        if kind is CopyKind.PUBLIC:
            return bytes(row.sealed)
        private = self._mine.get(row.account)
        if private is None or (kind is CopyKind.EMERGENCY and row.case_id not in self._broken):
            return None
        return unseal_from(private, _bound(place, kind, row.account), row.sealed)

    # What is open

    def current(self, case: str) -> int | None:
        """The generation that seals now; None if the case is not restricted or does not open here."""
        generation = self._current.get(case)
        return generation if generation is not None and (case, generation) in self._keys else None

    def open_cases(self) -> list[str]:
        """Restricted cases that open here."""
        return [case for case in self._current if self.current(case) is not None]

    def break_glass(self, case: str) -> None:
        """Let the emergency copy of this case open, until the store is closed."""
        self._broken.add(case)

    # New keys, in one transaction

    @contextmanager
    def renewed(self, case: str) -> Iterator[Generation]:
        """A fresh key that seals from now on; forgotten again if what is done under it fails."""
        before = self._keys, self._current
        place = case, self._unused(case)
        self._keys = {**self._keys, place: random(KEY_BYTES)}
        self._current = {**self._current, case: place[1]}
        try:
            yield place
        except BaseException:
            self._keys, self._current = before
            raise

    def _unused(self, case: str) -> int:
        return max((generation for known, generation in self._keys if known == case), default=0) + 1

    def generations(self, case: str) -> list[Generation]:
        """Every key of a case that is at hand, oldest first."""
        return sorted(place for place in self._keys if place[0] == case)

    def write_copy(self, connection: Connection, place: Generation, kind: CopyKind, account: UUID, public: bytes) -> None:
        """Seal one key to one person, in place of a copy she has."""
        sealed = seal_to(PublicKey(public), _bound(place, kind, account.hex), self._keys[place])
        self._put(connection, place, kind, account.hex, public.hex(), sealed)

    def publish(self, connection: Connection, case: str) -> None:
        """Put every key of a case in the clear: it is no longer restricted, and its history stays readable."""
        connection.execute(delete(CASE_KEY).where(CASE_KEY.c.case_id == case))
        for place in self.generations(case):
            self._put(connection, place, CopyKind.PUBLIC, NOBODY, "", self._keys[place])

    def _put(
        self, connection: Connection, place: Generation, kind: CopyKind, account: str, public: str, sealed: bytes
    ) -> None:
        whose = {"case_id": place[0], "generation": place[1], "kind": kind.name, "account": account}
        row = {**whose, "public": public, "sealed": sealed}
        connection.execute(insert(CASE_KEY).prefix_with("OR REPLACE").values(row))

    # Sealing

    def seal(self, case: str, context: Mapping[str, Any], content: bytes) -> bytes:
        """Under the newest key of a case. KeyError if it does not open here."""
        place = case, self._current[case]
        return seal(self._keys[place], {**context, "case": case, "generation": place[1]}, content)

    def unseal(self, place: Generation, context: Mapping[str, Any], sealed: bytes) -> bytes | None:
        """The content; None if the key is not at hand, or it was sealed for another place."""
        key = self._keys.get(place)
        return unseal(key, {**context, "case": place[0], "generation": place[1]}, sealed) if key else None

    def token(self, case: str, sheet: str, record: str, field: str, text: str) -> str:
        """A value of the change log, sealed and still JSON: `"fdr1:<case>:<generation>:<base64>"`."""
        sealed = self.seal(case, _value(sheet, record, field), text.encode())
        return json.dumps(f"{MARK}{case}:{self._current[case]}:{base64.urlsafe_b64encode(sealed).decode()}")

    def text(self, sheet: str, record: str, field: str, value: str | None) -> str | None:
        """What `token` sealed, or `value` itself if it is none. None if it does not open here. Never an exception."""
        if value is None or not is_token(value):
            return value
        try:
            case, generation, packed = json.loads(value)[len(MARK) :].split(":")
            sealed = base64.urlsafe_b64decode(packed)
            opened = self.unseal((case, int(generation)), _value(sheet, record, field), sealed)
            return None if opened is None else opened.decode()
        except (ValueError, binascii.Error):
            return None


def is_token(value: str) -> bool:
    """Whether a value of the change log is sealed with its case."""
    return value.startswith(f'"{MARK}')


def drop_copies(connection: Connection, case: str, accounts: Iterable[UUID], kind: CopyKind) -> None:
    """Take these people's copies away, of every generation."""
    of_case = (CASE_KEY.c.case_id == case, CASE_KEY.c.kind == kind.name)
    connection.execute(delete(CASE_KEY).where(*of_case, CASE_KEY.c.account.in_([one.hex for one in accounts])))


def _bound(place: Generation, kind: CopyKind, account: str) -> dict[str, Any]:
    what = "familydesk case key 1"
    return {"what": what, "case": place[0], "generation": place[1], "kind": kind.name, "account": account}


def _value(sheet: str, record: str, field: str) -> dict[str, Any]:
    return {"what": "familydesk sealed value 1", "sheet": sheet, "record": record, "field": field}
