"""Keeping and erasing: what is past its term, the act under which it is destroyed, and the erasure of one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused, Weather
from familydesk.core.i18n import N_
from familydesk.records import sheet_of
from familydesk.records.destruction_act import DestructionAct, Ground
from familydesk.records.person import Person
from familydesk.services import erasable
from familydesk.services.copies_left import CopyLeft, copies_left
from familydesk.services.erasures import Erasures
from familydesk.services.journal import Deed
from familydesk.services.retention import Expired, Retention
from familydesk.services.rights import Verb
from familydesk.services.telltale import Telltale
from familydesk.store import erased_before, erasure, former_texts
from familydesk.store.database import QUICKLY_REWRITTEN
from familydesk.store.reach import CASE, FAMILY, PERSON, Reach
from familydesk.store.tables import DRAFT
from familydesk.sync import key_bundles, letter_box
from familydesk.sync.streams import begun_by

if TYPE_CHECKING:
    from familydesk.services.office import Office

NO_PERSON = N_("There is no such person.")
NO_REASON = N_("Say on what ground the data are erased.")
NAMED = N_("Do not name the person in the reason: it stays in the journal when everything else is gone.")
BY_PAPER = N_("The store was opened with the recovery key. Set a passphrase and unlock again: an erasure is signed.")
RESTRICTED = N_("A restricted case belongs to this. Somebody who is named in it must open it up first.")
NOTHING_CHOSEN = N_("Choose what shall be destroyed.")
ALREADY = N_("What this act names has been destroyed already.")
NOT_DUE = N_("This act names {name}, whose term is not over any more. Draw up a new act.")
NOT_BY_TERM = N_("This act was drawn up for an erasure that is done.")

Place = tuple[str, UUID]
"""A record: its sheet and its id."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an erasure would do: rows by sheet; numbers of cases that stay bare; records of others whose texts name
    her; and those of which a former version does, which only their history still holds.
    """

    rows: dict[str, int]
    bare: tuple[str, ...]
    mentions: tuple[Place, ...]
    former: tuple[Place, ...]
    refusals: tuple[Problem, ...]
    copies: tuple[CopyLeft, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What was erased. `clean`: no stale copy is left in the file; otherwise `finish`, or the next backup, sees to it.
    `sealed_drafts`: unsaved forms of colleagues that nobody else can look into. `mentions`: records of others whose
    texts still name her; nothing else knows any more whom to look for.
    """

    act: UUID
    number: str
    rows: dict[str, int]
    sealed_drafts: int
    copies: tuple[CopyLeft, ...]
    clean: bool
    mentions: tuple[Place, ...] = ()

    @property
    def count(self) -> int:
        """Records in all."""
        return sum(self.rows.values())


class Keeping:
    """What the head decides about the end of records."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self._terms = Retention(office.database)
        self.everywhere = Erasures(office)
        """What is erased on every laptop."""

    # By term

    def due(self, on: date | None = None) -> list[Expired]:
        """What is past its term, what ended first first. For the head alone."""
        self._office.account.require(Verb.ERASE)
        return self._terms.due(on or clock.today())

    def copies(self) -> tuple[CopyLeft, ...]:
        """Backups of this laptop that hold everything as it was, and until when they stand."""
        return copies_left(self._office)

    def draw_up(self, items: Sequence[Expired], first: str, second: str) -> UUID:
        """An act of destruction over these, to be printed and signed; nothing is destroyed yet."""
        self._office.account.require(Verb.ERASE)
        if not items:
            raise Refused(NOTHING_CHOSEN)
        values = {"ground": Ground.TERM, "first_member": first, "second_member": second}
        with self._database.write() as session:
            return self._act(session, values, {"contents": "\n".join(map(_entry, items))})

    def destroy(self, act_id: UUID) -> Done:
        """Destroy what a signed act names. Refused if any of it is not past its term any more."""
        self._signing()
        due = {_entry(item): item for item in self.due()}
        with self._database.write() as session:
            act = _open_act(session, act_id)
            reach = Reach(session.connection())
            reach.take_files((item.sheet, item.id.hex) for item in _named(act, due))
            erased = self._carry_out(session, reach)
            told = {"stays": "\n".join(_held(reach)), **self._outcome(erased)}
            self._office.desk.save_in(session, "destruction_act", {}, act_id, own=told)
            self._note(session, Deed.DESTROYED, "destruction_act", act_id, erased, act.number or "")
        return self._finished(act_id, act.number or "", erased)

    # One person

    def came_back(self) -> list[Person]:
        """People who had been erased and came back with a backup, to be erased again. For the head alone."""
        self._office.account.require(Verb.ERASE)
        with self._database.read() as session:
            ids = [UUID(id) for id in erased_before.of(session.connection())]
            found = list(session.scalars(select(Person).where(Person.id.in_(ids)))) if ids else []
            session.expunge_all()
        return found

    def outlook(self, person: UUID) -> Outlook:
        """What erasing her would take, and what forbids it."""
        self._office.account.require(Verb.ERASE)
        with self._database.read(whole=True) as session:
            reach = self._reach(session, person)
            known = Telltale(session, reach)
            former = former_texts.former(session.connection(), reach, known.patterns(), known.likely)
            return Outlook(
                {sheet: len(ids) for sheet, ids in reach.going.items() if ids},
                tuple(erasable.numbers(session, reach.bare)),
                _mentions(session, reach, known),
                _places(former.places),
                tuple(self._forbidden(session, reach)),
                self.copies(),
            )

    def erase(self, person: UUID, reason: str, *, former: bool = True) -> Done:
        """Erase everything about one person, whole or not at all. Refused, saying why, where something forbids it.

        `former`: also versions of texts in others' records that name her and were replaced since.
        """
        self._signing()
        if not reason.strip():
            raise Refused(Problem("reason", NO_REASON))
        with self._database.write() as session:
            reach = self._reach(session, person)
            known = Telltale(session, reach)
            if known.by_surname(reason):
                raise Refused(Problem("reason", NAMED))
            if refusals := list(self._forbidden(session, reach)):
                raise Refused(*refusals)
            mentions = _mentions(session, reach, known)
            drafts, unreadable = erasable.drafts_naming(self._office, reach, known)
            names = erasable.family_names(session, reach)
            for family in names:
                reach.emptied[FAMILY, family].add("name")
            erased = self._carry_out(session, reach, names, former)
            for draft in drafts:
                session.execute(delete(DRAFT).where(*(DRAFT.c[key] == value for key, value in draft.items())))
            act = self._act_of_erasure(session, reason, reach, erased)
            number = session.get_one(DestructionAct, act).number or ""
            self._note(session, Deed.ERASED, "person", person, erased, reason)
        return replace(self._finished(act, number, erased), sealed_drafts=unreadable, mentions=mentions)

    def _signing(self) -> None:
        """Refused unless she may erase and can sign that she did: without a signature the journal would not hold."""
        self._office.account.require(Verb.ERASE)
        if self._office.account.signing_key() is None:
            raise Refused(BY_PAPER)

    def _reach(self, session: Session, person: UUID) -> Reach:
        if session.get(Person, person) is None:
            raise Refused(NO_PERSON)
        session.expunge_all()
        reach = Reach(session.connection())
        reach.take_person(person.hex)
        return reach

    def _forbidden(self, session: Session, reach: Reach) -> Iterable[Problem]:
        yield from erasable.open_matters(session, reach)
        yield from self._sealed(session, reach)
        closed = [UUID(id) for id in reach.going[CASE]]
        for number, until in self._terms.kept_until(session, closed, clock.today()).items():
            yield erasable.kept(number, until)

    # Both

    def _sealed(self, session: Session, reach: Reach) -> Iterable[Problem]:
        """What lies sealed cannot be looked into, so nothing that it speaks of is taken out."""
        ids = {*chain(*reach.going.values()), *(id for _sheet, id in reach.emptied)}
        if self._office.restricted.keeps(session, ids):
            yield Problem("", RESTRICTED)

    def finish(self) -> bool:
        """Write a large file anew after an erasure, which takes as long as copying it; whether nothing is left to do.

        Backups do the same before they copy. Weather if the disk is too full.
        """
        return self._database.rewrite()

    def _carry_out(
        self, session: Session, reach: Reach, names: Mapping[str, str] | None = None, former: bool = False
    ) -> erasure.Erased:
        """Erase, give families that stay their new names, and bring in step what the search knows of what stays."""
        if sealed := list(self._sealed(session, reach)):
            raise Refused(*sealed)
        connection = session.connection()
        known = Telltale(session, reach)
        texts = former_texts.former(connection, reach, known.patterns() if former else (), known.likely)
        # What was read in this session must not be written back.
        session.expunge_all()
        beside = reach.beside()
        erased = erasure.erase(connection, reach, self._database.device, known.likely, texts)
        # What was handed to others before lies here too, sealed by the stream: it opens no more.
        key_bundles.destroy(connection, begun_by(reach.going))
        letter_box.forget_erased(connection)
        self.everywhere.order(session, reach, erased)
        for family, name in (names or {}).items():
            connection.exec_driver_sql("UPDATE family SET name = ? WHERE id = ?", (name, family))
        for sheet, ids in beside.items():
            self._office.search.index_ids(connection, sheet_of(sheet), map(UUID, ids))
        return erased

    def _act(self, session: Session, values: dict[str, object], own: dict[str, object]) -> UUID:
        given = {"drawn_on": clock.today(), "head_id": self._office.me, **values}
        own = {"copies": self._copies_told(), **own}
        return self._office.desk.save_in(session, "destruction_act", given, own=own).id

    def _act_of_erasure(self, session: Session, reason: str, reach: Reach, erased: erasure.Erased) -> UUID:
        bare = [f"case · {number}" for number in erasable.numbers(session, reach.bare)]
        own = {
            "contents": "\n".join(f"{sheet} · {count}" for sheet, count in erased.rows.items()),
            "stays": "\n".join(bare),
            **self._outcome(erased),
        }
        return self._act(session, {"ground": Ground.ERASURE, "reason": reason.strip()}, own)

    def _outcome(self, erased: erasure.Erased) -> dict[str, object]:
        return {
            "record_count": sum(erased.rows.values()),
            "copies": self._copies_told(),
            "done_at": clock.now(),
        }

    def _copies_told(self) -> str:
        return "\n".join(copy.entry for copy in self.copies())

    def _note(
        self, session: Session, deed: Deed, sheet: str, record: UUID, erased: erasure.Erased, reason: str
    ) -> None:
        self._office.journal.note_in(session, deed, sheet, record, reason=reason, detail=erased.detail())

    def _finished(self, act: UUID, number: str, erased: erasure.Erased) -> Done:
        clean = False
        # The data are gone already; a disk too full for the second copy leaves that for the next opening.
        with suppress(Weather):
            clean = self._database.rewrite(at_most=QUICKLY_REWRITTEN)
        return Done(act, number, erased.rows, 0, self.copies(), clean)


def _mentions(session: Session, reach: Reach, known: Telltale) -> tuple[Place, ...]:
    """Records of others whose texts name whom this erases."""
    return _places(former_texts.mentions(session.connection(), reach, known.patterns(), known.likely))


def _places(found: Iterable[former_texts.Place]) -> tuple[Place, ...]:
    return tuple(sorted((sheet, UUID(id)) for sheet, id in found))


def _open_act(session: Session, id: UUID) -> DestructionAct:
    act = session.get(DestructionAct, id)
    if act is None:
        raise Refused(N_("There is no such record."))
    if act.ground is not Ground.TERM:
        raise Refused(NOT_BY_TERM)
    if act.done_at:
        raise Refused(ALREADY)
    session.expunge(act)
    return act


def _entry(item: Expired) -> str:
    """An item as an act holds it: a code, its number, and the sum; readable in any language."""
    line = item.deciding
    return f"{item.kind.name} · {item.name} · {line.begins.isoformat()} + {line.years} = {line.until.isoformat()}"


def _named(act: DestructionAct, due: dict[str, Expired]) -> list[Expired]:
    found = []
    for entry in (act.contents or "").splitlines():
        if entry not in due:
            raise Refused(Problem("contents", NOT_DUE, {"name": entry.split(" · ")[1] if " · " in entry else entry}))
        found.append(due[entry])
    return found


def _held(reach: Reach) -> Iterable[str]:
    """People who stay, by the sheet that still needs them: counted, never named."""
    needed = sorted(reach.held.values())
    return (f"{PERSON} · {needed.count(sheet)} · {sheet}" for sheet in dict.fromkeys(needed))
