"""Writing records out as text for what is given out: as they are, or for a person's own copy without anybody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.i18n import translate
from familydesk.core.record import Record, is_empty
from familydesk.core.show import show
from familydesk.paper.dossier import initials
from familydesk.paper.redaction import withheld
from familydesk.services.striking import Marks, Striking

if TYPE_CHECKING:
    from familydesk.paper.given_out import Part, Value
    from familydesk.services.office import Office

OTHERS_WORDS: dict[str, frozenset[str]] = {
    "application": frozenset({"imported_row", "imported_mark"}),
    "case": frozenset({"kept_from_id"}),
    "incident": frozenset({"witnesses", "intoxicated"}),
    "order_breach": frozenset({"learned_from"}),
}
"""Fields whose very sense is to speak of somebody else: they stand in nobody's own copy."""

HERSELF = frozenset({"surname", "given", "patronymic", "document"})
"""Lines of her page that say who she is, whatever they look like."""


class Scribe:
    """Writes a record's fields as text, as they are."""

    def __init__(self, office: Office, place: bool) -> None:
        self.office, self.place = office, place

    def part(self, record: Record, names: Sequence[str] | None = None) -> Part | None:
        """The record with the fields named, or with all that may be told; None if nothing remains of it."""
        from familydesk.paper.given_out import Part

        hidden = withheld(record, location=self.place) | record.covered
        fields = [one for one in filled(record) if one.name not in hidden and (names is None or one.name in names)]
        values = tuple(value for field in fields if (value := self.value(record, field)))
        return Part(translate(record.title), values) if values else None

    def value(self, record: Record, field: Field) -> Value | None:
        """One field; None if it says nothing."""
        from familydesk.paper.given_out import Value

        text = self.text(record, field)
        return Value(translate(field.label), text, field.kind) if text else None

    def text(self, record: Record, field: Field) -> str:
        """Its value, a reference as the name of what it points to."""
        held = getattr(record, field.name)
        if field.kind is not Kind.REFERENCE:
            shown = show(field, held)
            return f"{shown} {translate(field.unit)}" if field.kind is Kind.NUMBER and field.unit else shown
        found = self.office.desk.rows(str(field.target), [held]).get(held)
        if found is None:
            return ""
        return initials(found) if field.target == "staff_member" else found.title_text()


class OwnScribe(Scribe):
    """The same for a person's own copy: nobody else is in it."""

    def __init__(self, office: Office, place: bool, person: UUID, own: Marks, others: Mapping[UUID, Marks]) -> None:
        super().__init__(office, place)
        self.person, self.others = person, others
        self.striking = Striking(own, tuple(others.values()), tells_where=place)

    def value(self, record: Record, field: Field) -> Value | None:
        """One field, unless it is there to speak of somebody else."""
        if field.name in OTHERS_WORDS.get(record.sheet(), ()):
            return None
        return super().value(record, field)

    def text(self, record: Record, field: Field) -> str:
        """Its value, other people taken out of it."""
        held = getattr(record, field.name)
        if field.target == "person":
            return super().text(record, field) if held == self.person else self.others[held].words
        says_who = record.sheet() == "person" and field.name in HERSELF
        if says_who or field.kind not in (Kind.LINE, Kind.NOTE, Kind.REFERENCE):
            return super().text(record, field)
        return self.striking.struck(super().text(record, field))


def filled(record: Record) -> Iterator[Field]:
    """Fields that hold something and could ever leave."""
    return (
        field
        for field in record.fields()
        if field.secrecy is not Secrecy.PRIVILEGED and not is_empty(getattr(record, field.name))
    )
