"""Two people found to be one: joined field by field with all that refers to them, and taken apart again if need be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field, Merge
from familydesk.core.i18n import N_
from familydesk.core.record import Record, is_empty, references
from familydesk.records import SHEETS
from familydesk.records.family_member import FamilyMember
from familydesk.records.kinship import Kinship
from familydesk.records.person import Person
from familydesk.records.person_phone import PersonPhone, SafeToCall
from familydesk.records.possible_duplicate import DuplicateState, PossibleDuplicate
from familydesk.services.journal import Deed
from familydesk.services.reversal import (
    TRANSACTION,
    UNKNOWN,
    Step,
    TakenBack,
    packed,
    require_noted,
    steps_of,
    take_back,
    transaction_of,
    unpacked,
)
from familydesk.services.rights import Verb
from familydesk.services.saving import UNSEEN
from familydesk.store.capture import WHOLE
from familydesk.store.tables import CHANGE

if TYPE_CHECKING:
    from familydesk.services.office import Office


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of the two people. `chosen` is what will stand unless somebody chooses otherwise."""

    field: Field
    kept: Any
    dropped: Any
    chosen: Any

    @property
    def differs(self) -> bool:
        """Whether a person should look: both hold something, and not the same."""
        return not is_empty(self.kept) and not is_empty(self.dropped) and self.kept != self.dropped


class Merging:
    """Joins people and takes them apart."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def compare(self, keep: UUID, drop: UUID) -> list[Difference]:
        """Both people side by side, in the fields that she may see of both."""
        self._office.account.require(Verb.MERGE)
        with self._office.database.read() as session:
            kept, dropped = _pair(session, keep, drop)
            return [one for one in _differences(kept, dropped) if one.field.name not in kept.covered | dropped.covered]

    def merge(self, keep: UUID, drop: UUID, choices: Mapping[str, Any]) -> UUID:
        """Make `drop` one with `keep`; gives back the merge's id, by which `undo` takes them apart.

        `choices` holds the values that shall stand, by field. Of the others, what `keep` holds stands, else what `drop`
        holds; long texts are joined. Every reference to `drop`, on any sheet, then points to `keep`, and `drop` is put
        away. Refused if the two stand on both sides of one record, or have two IINs and none was chosen, or if the one
        at the desk may see of one of them what she may not see of the other: joined, they would tell it.
        """
        self._office.account.require(Verb.MERGE)
        with self._office.database.write() as session:
            kept, dropped = _pair(session, keep, drop)
            self._office.account.require_near(session, kept, dropped)
            hidden = self._hidden_of_both(session, kept, dropped)
            _refuse_choosing(hidden, choices)
            differences = list(_differences(kept, dropped))
            _refuse_two_iins(differences, choices)
            pair = self._settle_pair(session, keep, drop)
            self._office.account.join(session, keep, drop)
            moved = list(_move_references(session, keep, drop))
            moved += _put_away_repeats(session, keep)
            # Put away before the survivor is saved, so that she alone is found under the name.
            dropped.archived = True
            session.flush()
            values = {one.field.name: one.chosen for one in differences}
            if values["iin"]:
                values["iin_absence"] = None
            # What she may not see is joined by the program, and not by her.
            for name in hidden:
                setattr(kept, name, values.pop(name))
            session.flush()
            session.expunge(kept)
            self._office.desk.save_in(session, "person", values | dict(choices), keep)
            self._office.search.index_many(session.connection(), [dropped, *moved])
            transaction = transaction_of(session)
            steps = steps_of(session, transaction)
            pair.merge_log = packed(step for step in steps if step.record != pair.id.hex)
            detail = {"dropped": drop.hex, "pair": pair.id.hex, TRANSACTION: transaction}
            self._office.journal.note_in(session, Deed.MERGED, "person", keep, detail=detail)
            return pair.id

    def undo(self, merge: UUID) -> TakenBack:
        """Take two joined people apart again. What somebody has changed since stays, and is named in the answer.

        Refused if the journal does not know the merge, or something in it is not hers to change.
        """
        self._office.account.require(Verb.MERGE)
        with self._office.database.write() as session:
            pair = session.get(PossibleDuplicate, merge)
            if pair is None or not pair.merge_log:
                raise Refused(N_("This merge has been taken back already."))
            done = take_back(self._office, session, _steps_noted(session, pair))
            pair.state, pair.merge_log = DuplicateState.OPEN, None
            self._office.journal.note_in(session, Deed.UNMERGED, "person", pair.person_id)
            return done

    def _hidden_of_both(self, session: Session, kept: Person, dropped: Person) -> frozenset[str]:
        """What she may not see of them; Refused where it is not the same of both."""
        account = self._office.account
        hidden = account.hidden(session, kept)
        if hidden != account.hidden(session, dropped):
            raise Refused(N_("One of the two is in a colleague's case: she joins them, or the head."))
        return hidden

    def _settle_pair(self, session: Session, keep: UUID, drop: UUID) -> PossibleDuplicate:
        pair = session.scalars(_pairs_of(keep, drop)).first()
        if pair is None:
            pair = PossibleDuplicate(person_id=keep, other_id=drop)
            session.add(pair)
        pair.state = DuplicateState.MERGED
        session.flush()
        return pair


def _steps_noted(session: Session, pair: PossibleDuplicate) -> list[Step]:
    """What the merge changed. Refused unless the change log holds each of these changes under the noted merge.

    The journal of this laptop knows its own merges; one that came from another laptop was believed with its envelope.
    """
    steps = unpacked(pair.merge_log or "[]")
    places = {(step.sheet, step.record, step.field) for step in steps}
    transaction, device = _transaction(session, pair.id)
    if device == session.scalar(select(func.fd_device())):
        require_noted(session, Deed.MERGED, transaction, pair.id)
    merge = (CHANGE.c.txn == transaction) & (CHANGE.c.device == device)
    query = select(CHANGE.c.sheet, CHANGE.c.record, CHANGE.c.field).where(merge)
    if not places <= set(map(tuple, session.execute(query))):
        raise Refused(UNKNOWN)
    return steps


def _transaction(session: Session, pair: UUID) -> tuple[int, int]:
    """The one that wrote a pair's log last, and the number of its laptop."""
    written = (CHANGE.c.record == pair.hex) & CHANGE.c.field.in_((WHOLE, "merge_log"))
    query = select(CHANGE.c.txn, CHANGE.c.device).where(written).order_by(CHANGE.c.seq.desc()).limit(1)
    found = session.execute(query).one_or_none()
    return (found.txn, found.device) if found else (0, 0)


def _pair(session: Session, keep: UUID, drop: UUID) -> tuple[Person, Person]:
    people = session.get(Person, keep), session.get(Person, drop)
    if keep == drop or people[0] is None or people[1] is None or people[0].archived or people[1].archived:
        raise Refused(N_("Choose two different people who are both in the directory."))
    return people[0], people[1]


def _differences(kept: Person, dropped: Person) -> Iterator[Difference]:
    for field in Person.fields():
        one, other = getattr(kept, field.name), getattr(dropped, field.name)
        yield Difference(field, one, other, _chosen(field, one, other))


def _chosen(field: Field, one: Any, other: Any) -> Any:
    if is_empty(one) or is_empty(other) or one == other:
        return other if is_empty(one) else one
    return f"{one}\n\n{other}" if field.merge is Merge.KEEP_BOTH else one


def _refuse_choosing(hidden: frozenset[str], choices: Mapping[str, Any]) -> None:
    if unseen := sorted(hidden & choices.keys()):
        raise Refused(*(Problem(name, UNSEEN) for name in unseen))


def _refuse_two_iins(differences: list[Difference], choices: Mapping[str, Any]) -> None:
    if any(one.field.name == "iin" and one.differs for one in differences) and "iin" not in choices:
        raise Refused(Problem("iin", N_("They have two different IINs. Choose the right one, or leave them apart.")))


def _move_references(session: Session, keep: UUID, drop: UUID) -> Iterator[Record]:
    """Point every reference to `drop` at `keep`, on whatever sheet; a tie between the two themselves is put away."""
    for sheet in SHEETS:
        names = [field.name for field in references(sheet, Person.sheet())]
        columns = [sheet.__table__.columns[name] for name in names]
        if not columns:
            continue
        for record in session.scalars(select(sheet).where(or_(*(column == drop for column in columns)))):
            if keep in (getattr(record, name) for name in names):
                _tie_of_the_two(record)
            else:
                for name in names:
                    if getattr(record, name) == drop:
                        setattr(record, name, keep)
            yield record
    session.flush()


def _tie_of_the_two(record: Record) -> None:
    """Kinship of a person to herself says nothing. Victim and offender, though, cannot be one person."""
    if isinstance(record, Kinship):
        record.archived = True
    elif not isinstance(record, PossibleDuplicate):
        raise Refused(N_("These two stand on both sides of one record, as victim and offender: they are two people."))


def _put_away_repeats(session: Session, keep: UUID) -> list[Record]:
    """One place in a family, one line of kinship, one telephone each; of two warnings, the more careful holds."""
    members = _rows(session, FamilyMember, keep)
    ties = [*_rows(session, Kinship, keep), *_rows(session, Kinship, keep, "relative_id")]
    put_away: list[Record] = [
        *_repeats(members, "family_id"),
        *_repeats(ties, "person_id", "kind", "relative_id"),
    ]
    telephones = _rows(session, PersonPhone, keep)
    for telephone in telephones:
        same = [other for other in telephones if other.number == telephone.number]
        telephone.safe_to_call = _most_careful(same)
        if telephone is not same[0] and _adds_nothing(telephone, same[0]):
            put_away.append(telephone)
    for record in put_away:
        record.archived = True
    session.flush()
    return [*put_away, *telephones]


def _rows(session: Session, sheet: type[Any], person: UUID, name: str = "person_id") -> list[Any]:
    query = select(sheet).where(getattr(sheet, name) == person, ~sheet.archived).order_by(sheet.id)
    return list(session.scalars(query))


def _repeats(records: list[Any], *names: str) -> Iterator[Any]:
    seen = set()
    for record in records:
        key = tuple(getattr(record, name) for name in names)
        if key in seen:
            yield record
        seen.add(key)


def _most_careful(telephones: list[PersonPhone]) -> SafeToCall:
    order = list(SafeToCall)
    return max((one.safe_to_call or SafeToCall.UNKNOWN for one in telephones), key=order.index)


def _adds_nothing(telephone: PersonPhone, first: PersonPhone) -> bool:
    """Whether everything known of the number stands beside its first row already."""
    return all(is_empty(value) or value == getattr(first, name) for name, value in telephone.values().items())


def _pairs_of(one: UUID, other: UUID) -> Any:
    table = PossibleDuplicate
    return select(table).where(
        or_((table.person_id == one) & (table.other_id == other), (table.person_id == other) & (table.other_id == one)),
        ~table.archived,
    )
