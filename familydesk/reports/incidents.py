"""Incidents of a period: by form, by the offender's relation, and by severity, age and sex of the victim."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from familydesk.core.clock import ZONE
from familydesk.core.i18n import N_
from familydesk.law import ages
from familydesk.law.dated import covers
from familydesk.records.case import Case
from familydesk.records.incident import Incident, Offender, Severity, ViolenceForm
from familydesk.records.person import Person, Sex
from familydesk.reports.figure import Figure
from familydesk.reports.period import Period
from familydesk.reports.source import Section, Source, columns_of, raw, standing, within
from familydesk.reports.table import (
    NOT_RECORDED,
    TOTAL,
    TOTAL_NAME,
    Key,
    Relation,
    Row,
    Table,
    crossed,
    group,
    known_only,
    labelled,
    name_of,
    of_them,
)

SHEET = "incident"
REPEATED_WITHIN = timedelta(days=365)
"""The span in which another incident of the same two people or the same family is a repeat; told in a note."""

AS_KEPT = "%Y-%m-%dT%H:%M:%SZ"
"""How the file keeps a moment."""

ONCE_A_FORM = N_(
    "An incident of several forms is counted once in each of them and once in the total, so the forms add up to more."
)
WHAT_IS_REPEATED = N_(
    "Repeated: an incident between the same two people, or in the same family, within 365 days after another."
)
AGE_THEN = N_("Age is the victim's age on the day of the incident.")
IN_ALL = N_("Incidents in all")
OF_THEM_REPEATED = N_("of them repeated")
UNDER_AGE = N_("of them under 18")
AGE_UNKNOWN = N_("Age not known")

SEXES: tuple[tuple[str | None, str, str], ...] = (
    (Sex.FEMALE.name, "female", N_("Severity and age: women and girls")),
    (Sex.MALE.name, "male", N_("Severity and age: men and boys")),
    (None, "sex_not_recorded", N_("Severity and age: sex not recorded")),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """One incident as statistics see it."""

    id: str
    forms: tuple[Key, ...]
    severity: Key
    relation: Key
    sex: Key
    band: ages.AgeBand | None
    minor: bool
    repeated: bool


def section(source: Source) -> Section:
    """By form, by relation, and severity by age for each sex and for all."""
    found = source.once(counted)
    minors = {one.id for one in found if one.minor}
    bands = [band for band in ages.BANDS if covers(band, source.period.last)]
    everyone = _by_age("incidents_by_severity", N_("Severity and age: all"), found, bands, minors)
    by_sex = [
        _by_age(f"incidents_by_severity_{name}", title, [one for one in found if one.sex == sex], bands, minors)
        for sex, name, title in SEXES
    ]
    return Section(
        "incidents",
        N_("Incidents of domestic violence"),
        (_by_form(found, minors), _by_relation(found), everyone, *by_sex),
        tuple(_added_up(everyone, by_sex)),
    )


def counted(source: Source) -> list[Counted]:
    """The incidents of the period."""
    return [_counted(row, source.period) for row in _happened(source)]


def _happened(source: Source) -> list[Any]:
    here, case, person = columns_of(Incident), columns_of(Case), columns_of(Person)
    columns = (
        raw(here.id).label("id"),
        here.happened_at,
        raw(here.offender_relation).label("relation"),
        raw(here.forms).label("forms"),
        raw(here.severity).label("severity"),
        raw(person.sex).label("sex"),
        person.born_on,
        or_(_same_people(here), _same_family(here, case)).label("repeated"),
    )
    people = Incident.__table__.join(Person.__table__, person.id == here.victim_id, isouter=True)
    query = select(*columns).select_from(people.join(Case.__table__, case.id == here.case_id, isouter=True))
    return source.rows(query.where(standing(Incident, within(here.happened_at, source.period))))


def _same_people(here: Any) -> ColumnElement[bool]:
    """That another incident between the same two came before."""
    earlier = Incident.__table__.alias().columns
    return exists().where(
        earlier.victim_id == here.victim_id, earlier.offender_id == here.offender_id, *_shortly_before(earlier, here)
    )


def _same_family(here: Any, case: Any) -> ColumnElement[bool]:
    """That another incident in the same family or, where no family is named, in the same case came before."""
    earlier, of_family = Incident.__table__.alias().columns, Case.__table__.alias().columns
    cases = select(of_family.id).where(of_family.family_id == case.family_id).correlate(Case.__table__)
    in_it = or_(earlier.case_id == here.case_id, earlier.case_id.in_(cases))
    return exists().where(in_it, *_shortly_before(earlier, here))


def _shortly_before(earlier: Any, here: Any) -> tuple[ColumnElement[bool], ...]:
    since = func.strftime(AS_KEPT, raw(here.happened_at), f"-{REPEATED_WITHIN.days} days")
    return (
        earlier.archived.is_(False),
        earlier.id != here.id,
        raw(earlier.happened_at) >= since,
        or_(
            earlier.happened_at < here.happened_at,
            and_(earlier.happened_at == here.happened_at, earlier.id < here.id),
        ),
    )


def _counted(row: Any, period: Period) -> Counted:
    day = row.happened_at.astimezone(ZONE).date()
    age = ages.age_on(row.born_on, day) if row.born_on and row.born_on <= day else None
    adult = ages.in_force(ages.SEED, ages.AgeKind.ADULT, day)
    return Counted(
        id=row.id,
        forms=tuple(json.loads(row.forms)) if row.forms else (None,),
        severity=row.severity or Severity.UNKNOWN.name,
        relation=row.relation,
        sex=row.sex,
        band=ages.band_of(age, period.last) if age is not None else None,
        minor=age is not None and adult is not None and age < adult.years,
        repeated=bool(row.repeated),
    )


def _by_form(found: Sequence[Counted], minors: set[str]) -> Table:
    sexes = labelled(Sex)
    known = known_only(ViolenceForm)
    strange = {form for one in found for form in one.forms} - {form for form, _ in known}
    forms = [*known, *((form, NOT_RECORDED if form is None else str(form)) for form in sorted(strange, key=str))]
    lines = [(name_of(form), label, [one for one in found if form in one.forms]) for form, label in forms]
    lines += [(TOTAL_NAME, IN_ALL, list(found)), ("REPEATED", OF_THEM_REPEATED, [one for one in found if one.repeated])]
    rows, relations = [], []
    for name, label, those in lines:
        cells = _by_sex(those)
        relations.append(Relation((cells[-1],), cells[:-1]))
        rows.append(Row(label, cells, total=label is IN_ALL, name=name))
    once = _by_sex([one for one in found if not one.repeated])
    everyone, again = _by_sex(found), _by_sex([one for one in found if one.repeated])
    relations += [Relation((whole,), (some, rest)) for whole, some, rest in zip(everyone, again, once, strict=True)]
    heads = (*(label for _, label in sexes), TOTAL)
    title = N_("Incidents by form of violence and sex of the victim")
    notes = (ONCE_A_FORM, WHAT_IS_REPEATED)
    stub, names = N_("Form of violence"), (*(name_of(sex) for sex, _ in sexes), TOTAL_NAME)
    made = Table("incidents_by_form", title, heads, tuple(rows), notes, tuple(relations), stub, names)
    return of_them(made, UNDER_AGE, "UNDER_18", lambda total: _part(total, minors))


def _by_sex(those: Sequence[Counted]) -> tuple[Figure, ...]:
    """A figure for each sex, and one for all."""
    each = (Figure.of(SHEET, (one.id for one in those if one.sex == sex)) for sex, _ in labelled(Sex))
    return (*each, Figure.of(SHEET, (one.id for one in those)))


def _by_relation(found: Sequence[Counted]) -> Table:
    return crossed(
        "incidents_by_relation",
        N_("Incidents by what the offender is to the victim"),
        SHEET,
        group(((one.relation, one.sex), one.id) for one in found),
        known_only(Offender),
        labelled(Sex),
        stub=N_("Offender is the victim's"),
    )


def _by_age(name: str, title: str, found: Sequence[Counted], bands: Sequence[ages.AgeBand], minors: set[str]) -> Table:
    columns: list[tuple[Key, str]] = [(band, str(band)) for band in bands]
    made = crossed(
        name,
        title,
        SHEET,
        group(((one.severity, one.band), one.id) for one in found),
        known_only(Severity),
        [*columns, (None, AGE_UNKNOWN)],
        stub=N_("Severity"),
        notes=(AGE_THEN,),
    )
    made = of_them(made, UNDER_AGE, "UNDER_18", lambda total: _part(total, minors))
    young = [place for place, band in enumerate(bands) if band.last is not None and band.last < _grown_up(bands)]
    return replace(made, relations=(*made.relations, *_young(made, young)))


def _grown_up(bands: Sequence[ages.AgeBand]) -> int:
    adult = ages.in_force(ages.SEED, ages.AgeKind.ADULT, bands[0].checked_on)
    return adult.years if adult else 0


def _young(table: Table, young: Sequence[int]) -> Iterator[Relation]:
    """Those under 18 are a sum of age bands."""
    for row in table.rows:
        cells: tuple[Any, ...] = row.cells
        yield Relation((cells[-1],), tuple(cells[place] for place in young))


def _part(total: Figure, ids: set[str]) -> Figure:
    return Figure.of(SHEET, (total.ids or frozenset()) & ids)


def _added_up(everyone: Table, parts: Sequence[Table]) -> Iterator[Relation]:
    """Each figure of all is the sum of the same figure over the sexes."""
    for cells in zip(everyone.cells(), *(part.cells() for part in parts), strict=True):
        whole, *of_each = cells
        yield Relation((whole,), tuple(of_each))


def victims(source: Source) -> dict[str, Figure]:
    """The figures that indicators are made of."""
    found = source.once(counted)
    return {
        "all": Figure.of(SHEET, (one.id for one in found)),
        "repeated": Figure.of(SHEET, (one.id for one in found if one.repeated)),
        "women": Figure.of(SHEET, (one.id for one in found if one.sex == Sex.FEMALE.name and not one.minor)),
        "children": Figure.of(SHEET, (one.id for one in found if one.minor)),
    }
