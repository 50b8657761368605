"""The keys of restricted cases: each case has one of its own, sealed in copies to the people who are named.

Readers have copies; each head has an emergency copy, which opens only after she has broken the glass. When somebody
leaves the list the case gets a key of a new generation, and all that is sealed is sealed anew under it. What a laptop
wrote under a former key may still be on its way, so the former keys are sealed with the case.

Each key has a public half, too: with it a laptop at which nobody is named seals what it holds of the case, for those
who are. Two laptops that know nothing of each other may give their keys one number; then each is tried.
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

from familydesk.store.sealing import digest, seal, seal_to, unseal, unseal_from
from familydesk.store.tables import CASE_KEY, FREED_CASE_KEY, RESTRICTED_CASE

KEY_BYTES = 32
MARK = "fdr1:"
FACTS = {"what": "familydesk restriction 1"}
"""To what the facts of a restriction are bound, beside its case and the generation of the key."""
FORMER = "former"
"""Among those facts: the keys that sealed before, as pairs of a generation and 64 hex digits."""
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
        self._keys: dict[Generation, tuple[bytes, ...]] = {}
        self._newest: dict[str, bytes] = {}
        self._current: dict[str, int] = {}
        self._publics: dict[str, bytes] = {}

    def hold(self, identities: Mapping[UUID, PrivateKey]) -> None:
        """Whose copies open here: hers who is at the desk; everyone's after the recovery key."""
        self._mine = {account.hex: private for account, private in identities.items()}
        self.ready = True

    def learn(self, connection: Connection) -> None:
        """Read the copies anew. What opens no more is forgotten."""
        rows = {row.case_id: row for row in connection.execute(select(RESTRICTED_CASE))}
        self._keys, self._newest = {}, {}
        self._current = {case: row.generation for case, row in rows.items()}
        self._publics = {case: bytes.fromhex(row.public) for case, row in rows.items()}
        for freed in connection.execute(select(FREED_CASE_KEY)):
            key = bytes.fromhex(freed.key)
            self._hold((freed.case_id, freed.generation), key, bytes(box_of(key).public_key).hex(), rows)
        for copy in connection.execute(select(CASE_KEY)):
            if opened := self._opened(copy):
                self._hold((copy.case_id, copy.generation), opened, copy.of_key, rows)
        for case in self._newest:
            self._learn_former(rows[case])

    def _hold(self, place: Generation, key: bytes, public: str, rows: Mapping[str, Any]) -> None:
        """Know a key; it is the one that seals now if the case's row names its public half."""
        self._add(place, key)
        row = rows.get(place[0])
        if row is not None and (row.generation, row.public) == (place[1], public):
            self._newest[place[0]] = key

    def _add(self, place: Generation, key: bytes) -> None:
        if key not in (held := self._keys.get(place, ())):
            self._keys[place] = (key, *held)

    def _learn_former(self, row: Any) -> None:
        facts = self.unseal((row.case_id, row.generation), FACTS, row.sealed)
        for generation, key in json.loads(facts).get(FORMER, ()) if facts else ():
            self._add((row.case_id, generation), bytes.fromhex(key))

    def _opened(self, row: Any) -> bytes | None:
        kind, place = CopyKind[row.kind], (row.case_id, row.generation)
        private = self._mine.get(row.account)
        if private is None or (kind is CopyKind.EMERGENCY and row.case_id not in self._broken):
            return None
        return unseal_from(private, _bound(place, kind, row.account), row.sealed)

    # What is open

    def current(self, case: str) -> int | None:
        """The generation that seals now; None if the case is not restricted or does not open here."""
        return self._current.get(case) if case in self._newest else None

    def generation(self, case: str) -> int | None:
        """The generation that seals now, whether or not it opens here; None if the case is not restricted."""
        return self._current.get(case)

    def opens(self, case: str) -> bool:
        """Whether what was sealed with this case can be read here: it opens, or was opened up for everybody."""
        if case in self._current:
            return case in self._newest
        return any(held == case for held, _generation in self._keys)

    def known(self, case: str) -> list[tuple[int, str]]:
        """The keys (hex) under which the case was or is sealed, with their numbers, as far as they are at hand."""
        return [(number, key.hex()) for (held, number), keys in self._keys.items() if held == case for key in keys]

    def known_publics(self, case: str) -> frozenset[bytes]:
        """The public halves of these keys."""
        return frozenset(bytes(box_of(bytes.fromhex(key)).public_key) for _number, key in self.known(case))

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
        with self.undone_if_it_fails():
            generation = self._current.get(case, 0) + 1
            key = random(KEY_BYTES)
            self._keys = {**self._keys, (case, generation): (key, *self._keys.get((case, generation), ()))}
            self._newest = {**self._newest, case: key}
            self._current = {**self._current, case: generation}
            self._publics = {**self._publics, case: bytes(box_of(key).public_key)}
            yield

    @contextmanager
    def undone_if_it_fails(self) -> Iterator[None]:
        """What is learnt meanwhile is forgotten if the transaction in which it was written fails."""
        before = self._keys, self._newest, self._current, self._publics
        try:
            yield
        except BaseException:
            self._keys, self._newest, self._current, self._publics = before
            raise

    def public(self, case: str) -> bytes:
        """The public half of the key that seals now. KeyError if the case is not restricted."""
        key = self._newest.get(case)
        return bytes(box_of(key).public_key) if key else self._publics[case]

    def write_copy(self, connection: Connection, case: str, kind: CopyKind, account: UUID, public: bytes) -> None:
        """Seal the key of a case to one person, in place of a copy she has."""
        place = case, self._current[case]
        sealed = seal_to(PublicKey(public), _bound(place, kind, account.hex), self._newest[case])
        row = {"case_id": case, "generation": place[1], "kind": kind.name, "account": account.hex}
        row |= {"public": public.hex(), "sealed": sealed, "of_key": self.public(case).hex()}
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
        """Under the newest key of a case, or where that is not at hand to its public half. KeyError if the case is open
        to everybody.
        """
        bound = {**context, "case": case, "generation": self._current[case]}
        key = self._newest.get(case)
        return seal(key, bound, content) if key else seal_to(PublicKey(self._publics[case]), bound, content)

    def unseal(self, place: Generation, context: Mapping[str, Any], sealed: bytes) -> bytes | None:
        """The content; None if the key is not at hand, or it was sealed for another place."""
        bound = {**context, "case": place[0], "generation": place[1]}
        for key in self._keys.get(place, ()):
            found = unseal(key, bound, sealed)
            found = unseal_from(box_of(key), bound, sealed) if found is None else found
            if found is not None:
                return found
        return None

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


def box_of(key: bytes) -> PrivateKey:
    """What opens that was sealed to the public half of a case's key."""
    return PrivateKey(digest(b"", b"fd-case-box", key))


def is_token(value: str) -> bool:
    """Whether a value of the change log is sealed with its case."""
    return value.startswith(f'"{MARK}')


def _bound(place: Generation, kind: CopyKind, account: str) -> dict[str, Any]:
    what = "familydesk case key 1"
    return {"what": what, "case": place[0], "generation": place[1], "kind": kind.name, "account": account}


def _value(sheet: str, record: str, field: str) -> dict[str, Any]:
    return {"what": "familydesk sealed value 1", "sheet": sheet, "record": record, "field": field}
