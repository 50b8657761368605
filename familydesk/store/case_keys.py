"""The keys of restricted cases: each case has one of its own, sealed in copies to the people who are named.

Readers have copies; each head has an emergency copy, which opens only after she has broken the glass. When somebody
leaves the list the case gets a key of a new generation, and all that is sealed is sealed anew under it.
"""

from __future__ import annotations

import base64
import binascii
import enum
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from nacl.public import PrivateKey, PublicKey
from nacl.utils import random
from sqlalchemy import Connection, insert, select, update

from familydesk.store.sealing import seal, seal_to, unseal, unseal_from
from familydesk.store.tables import CASE_KEY, RESTRICTED_CASE

KEY_BYTES = 32
MARK = "fdr1:"
Generation = tuple[str, int]
"""The case's id (hex) and the number of its key."""


class CopyKind(enum.Enum):
    """Whose copy of a key it is. NAMES are stored."""

    READER = "a named person's"
    EMERGENCY = "a head's, behind the glass"


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
    def renewed(self, case: str) -> Iterator[None]:
        """A fresh key that seals from now on; what the former one sealed opens until the copies are read anew.

        The fresh one is forgotten if what is done under it fails.
        """
        before = self._keys, self._current
        place = case, self._current.get(case, 0) + 1
        self._keys = {**self._keys, place: random(KEY_BYTES)}
        self._current = {**self._current, case: place[1]}
        try:
            yield
        except BaseException:
            self._keys, self._current = before
            raise

    def write_copy(self, connection: Connection, case: str, kind: CopyKind, account: UUID, public: bytes) -> None:
        """Seal the key of a case to one person, in place of a copy she has."""
        place = case, self._current[case]
        sealed = seal_to(PublicKey(public), _bound(place, kind, account.hex), self._keys[place])
        row = {"case_id": case, "generation": place[1], "kind": kind.name, "account": account.hex}
        row |= {"public": public.hex(), "sealed": sealed}
        connection.execute(insert(CASE_KEY).prefix_with("OR REPLACE").values(row))

    def seal_to_new_key(self, connection: Connection, account: UUID, public: bytes) -> None:
        """Seal the copies that a person has, which open with her key until now, to another key of hers."""
        private = self._mine[account.hex]
        for row in connection.execute(select(CASE_KEY).where(CASE_KEY.c.account == account.hex)).all():
            bound = _bound((row.case_id, row.generation), CopyKind[row.kind], row.account)
            if key := unseal_from(private, bound, row.sealed):
                this = [column == getattr(row, column.name) for column in CASE_KEY.primary_key]
                told = {"public": public.hex(), "sealed": seal_to(PublicKey(public), bound, key)}
                connection.execute(update(CASE_KEY).where(*this).values(told))

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


def _bound(place: Generation, kind: CopyKind, account: str) -> dict[str, Any]:
    what = "familydesk case key 1"
    return {"what": what, "case": place[0], "generation": place[1], "kind": kind.name, "account": account}


def _value(sheet: str, record: str, field: str) -> dict[str, Any]:
    return {"what": "familydesk sealed value 1", "sheet": sheet, "record": record, "field": field}
