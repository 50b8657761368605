"""Lists as spreadsheets: the records that are shown, in their order, in the columns that are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.i18n import N_, _, ngettext, translate
from familydesk.core.record import Record
from familydesk.core.show import show, show_moment
from familydesk.records import sheet_of
from familydesk.records.person_phone import SafeToCall
from familydesk.services import subjects
from familydesk.services.giving_out import Handing, Parcel, parcel
from familydesk.services.journal import Deed
from familydesk.services.rights import OPEN_TO_ALL, Verb
from familydesk.store import durable

if TYPE_CHECKING:
    from familydesk.services.office import Office

BATCH = 500

Progress = Callable[[int, int], None]
"""Told how many records are done and of how many; whatever it raises stops the work, and no file is left."""

AS_THEY_ARE = frozenset({Kind.DAY, Kind.MOMENT, Kind.NUMBER, Kind.AMOUNT})
"""Kinds that a spreadsheet can sort and add; every other one is written as it is shown."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and the columns that were left out because of what they hold."""

    path: Path
    rows: int
    left_out: tuple[Field, ...] = ()


class Lists:
    """Writes lists into files."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def export(
        self,
        sheet: str,
        ids: Sequence[UUID],
        columns: Sequence[Field | str],
        path: Path,
        progress: Progress | None = None,
        location_reason: str = "",
    ) -> Exported:
        """Write the records `ids` in this order into the spreadsheet `path`, whole or not at all.

        Columns that tell where somebody is are left out unless `location_reason` says why they are needed; sealed notes
        never leave. A number that is not safe to call is replaced by that warning. Weather if the disk fails; Refused
        if the one at the desk may not export. What she may not see is said to be hidden.
        """
        content, left_out, told = self._drawn(sheet, ids, columns, progress, location_reason, ())
        self._office.journal.note(Deed.EXPORTED, sheet, reason=location_reason, detail=told)
        durable.write_whole(path, content)
        return Exported(path, told["rows"], left_out)

    def give_out(
        self,
        sheet: str,
        ids: Sequence[UUID],
        columns: Sequence[Field | str],
        handing: Handing,
        location_reason: str = "",
        progress: Progress | None = None,
    ) -> Parcel:
        """The same list for somebody outside the center: why and to whom stands in it, and it leaves sealed."""
        handing.check()
        given = (
            _("Why it is given out: {reason}").format(reason=handing.reason),
            _("Who receives it: {name}").format(name=handing.recipient),
        )
        content, _left_out, told = self._drawn(sheet, ids, columns, progress, location_reason, given)
        whose = {name: told[name] for name in (subjects.ABOUT,) if name in told}
        return parcel(self._office, content, ".xlsx", handing, f"list of {told['rows']}", sheet, **whose)

    def _drawn(
        self,
        sheet: str,
        ids: Sequence[UUID],
        columns: Sequence[Field | str],
        progress: Progress | None,
        location_reason: str,
        given: Sequence[str],
    ) -> tuple[bytes, tuple[Field, ...], dict[str, Any]]:
        self._office.account.require(Verb.EXPORT)
        from familydesk.reports.spreadsheet import draw_list

        kind = sheet_of(sheet)
        wanted = [kind.field(one) if isinstance(one, str) else one for one in columns]
        shown = [field for field in wanted if _may_leave(field, bool(location_reason.strip()))]
        left_out = tuple(field for field in wanted if field not in shown)
        if not shown:
            raise Refused(Problem("columns", N_("None of these columns may leave the store.")))
        every, ids = len(ids), self._office.withdrawals.leaving(sheet, ids)
        found: set[UUID] = set()
        rows = self._rows(kind, ids, shown, progress, found)
        heads = [translate(field.label) for field in shown]
        about = [*self._about(len(ids), left_out, location_reason), *_withheld(every - len(ids)), *given]
        content = draw_list(translate(kind.plural), heads, rows, about)
        told = {"rows": len(ids), "columns": [field.name for field in shown]}
        return content, left_out, {**told, **(subjects.about(found) if sheet not in OPEN_TO_ALL else {})}

    def _rows(
        self,
        kind: type[Record],
        ids: Sequence[UUID],
        fields: Sequence[Field],
        progress: Progress | None,
        found: set[UUID],
    ) -> Iterator[list[Any]]:
        """The rows as they are drawn; whose files they are from comes into `found`."""
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            records = self._office.desk.rows(kind.sheet(), batch)
            names = self._names(records.values(), fields)
            with self._office.database.read(whole=True) as session:
                found |= subjects.subjects(session.connection(), records.values())
            for id in batch:
                if id in records:
                    yield [_value(records[id], field, names) for field in fields]
            if progress:
                progress(min(start + BATCH, len(ids)), len(ids))

    def _names(self, records: Any, fields: Sequence[Field]) -> dict[UUID, str]:
        """The names of all records that these refer to, one question a sheet."""
        wanted: dict[str, set[UUID]] = defaultdict(set)
        for field in fields:
            if field.kind is Kind.REFERENCE and field.target:
                wanted[field.target] |= {value for record in records if (value := getattr(record, field.name))}
        names: dict[UUID, str] = {}
        for target, referred in wanted.items():
            names |= self._office.desk.names(target, referred)
        return names

    def _about(self, count: int, left_out: Sequence[Field], location_reason: str) -> Iterator[str]:
        yield _("Written on {moment} by {name}").format(
            moment=show_moment(clock.now()), name=self._office.desk.name_of("staff_member", self._office.me)
        )
        yield ngettext("{count} record", "{count} records", count).format(count=count)
        if left_out:
            labels = ", ".join(translate(field.label) for field in left_out)
            yield _("Left out, because of what they hold: {columns}").format(columns=labels)
        if location_reason.strip():
            yield _("Reason for writing down where people are: {reason}").format(reason=location_reason.strip())


def _withheld(count: int) -> Iterator[str]:
    if count:
        told = ngettext(
            "{count} record is not here: the consent was withdrawn",
            "{count} records are not here: the consents were withdrawn",
            count,
        )
        yield told.format(count=count)


def _may_leave(field: Field, with_location: bool) -> bool:
    if field.secrecy is Secrecy.LOCATION:
        return with_location
    return field.secrecy < Secrecy.LOCATION


def _value(record: Record, field: Field, names: dict[UUID, str]) -> Any:
    value = getattr(record, field.name)
    if field.name in record.covered:
        return record.shown(field.name)
    if field.kind is Kind.PHONE:
        return _number(record, field, value)
    if field.kind is Kind.REFERENCE:
        return names.get(value, "")
    return value if field.kind in AS_THEY_ARE else show(field, value)


def _number(record: Record, field: Field, value: str | None) -> str:
    """A number that is not safe to call is not handed on without its conditions: the warning stands in its place."""
    safe = getattr(record, "safe_to_call", SafeToCall.YES)
    if value and safe is not SafeToCall.YES:
        return show(record.field("safe_to_call"), safe or SafeToCall.UNKNOWN)
    return show(field, value)
