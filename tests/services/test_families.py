from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from small_center import NOW, Center
from sqlalchemy import event

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.records.kinship import KinshipKind
from familydesk.services.office import Office


class Household:
    """Mother, father who left, two children, a case, and what happened."""

    def __init__(self, center: Center) -> None:
        self.center = center
        self.mother = center.person("Жұмабаева", "Мөлдір", sex="FEMALE", born_on=date(1990, 2, 1))
        self.father = center.person("Жұмабаев", "Серік", sex="MALE", born_on=date(1985, 6, 3))
        self.daughter = center.person("Жұмабаева", "Айша", sex="FEMALE", born_on=date(2015, 1, 9))
        self.son = center.person("Жұмабаев", "Әли", sex="MALE", born_on=date(2020, 11, 18))
        self.family = center.add("family", name="Жұмабаевтар").id
        for person, relation in (
            (self.mother, "CLIENT"),
            (self.father, "FORMER_SPOUSE"),
            (self.daughter, "CHILD"),
            (self.son, "CHILD"),
        ):
            self.join(person, relation)
        self.case = center.case(self.mother, family_id=self.family)

    def join(self, person: UUID, relation: str) -> None:
        self.center.add("family_member", family_id=self.family, person_id=person, relation=relation)

    def tie(self, person: UUID, kind: str, relative: UUID) -> None:
        self.center.add("kinship", person_id=person, kind=kind, relative_id=relative)


@pytest.fixture
def home(center: Center) -> Household:
    return Household(center)


def test_the_page_opens_by_family_and_by_case(office: Office, home: Household) -> None:
    by_family, by_case = office.families.family_page(home.family), office.families.family_page(home.case)
    assert by_family.title == by_case.title == "Жұмабаевтар"
    assert by_family.case is not None
    assert by_family.case.id == home.case
    assert by_family.responsible == "Оспанова Гүлнар"
    assert [one.given for one in by_case.members] == ["Мөлдір", "Серік", "Айша", "Әли"]
    assert [one.age for one in by_case.members] == [36, 41, 11, 6]


def test_a_strange_id_is_refused(office: Office) -> None:
    with pytest.raises(Refused):
        office.families.family_page(uuid4())


def test_a_case_without_a_family_shows_its_client(office: Office, center: Center) -> None:
    person = center.person("Ким", "Анна")
    page = office.families.family_page(center.case(person))
    assert page.family is None
    assert (page.title, [one.person_id for one in page.members]) == ("Ким Анна", [person])


def test_an_empty_family_still_has_its_page(office: Office, center: Center) -> None:
    page = office.families.family_page(center.add("family", name="Бос").id)
    assert (page.title, page.case, page.members, page.events, page.unions) == ("Бос", None, (), (), ())


def test_the_tree_follows_the_ties_that_are_recorded(office: Office, home: Household) -> None:
    home.tie(home.father, "FORMER_SPOUSE", home.mother)
    for child in (home.daughter, home.son):
        home.tie(home.mother, "PARENT", child)
        home.tie(home.father, "PARENT", child)
    (union,) = office.families.family_page(home.family).unions
    assert set(union.parents) == {home.mother, home.father}
    assert (union.kind, union.together) == (KinshipKind.FORMER_SPOUSE, False)
    assert union.children == (home.daughter, home.son)


def test_without_recorded_ties_the_tree_follows_places_in_the_family(office: Office, home: Household) -> None:
    unions = {frozenset(one.parents): one for one in office.families.family_page(home.family).unions}
    assert unions[frozenset({home.mother, home.father})].kind is KinshipKind.FORMER_SPOUSE
    assert unions[frozenset({home.mother})].children == (home.daughter, home.son)


def test_a_child_is_drawn_under_its_nearest_two_parents(office: Office, home: Household) -> None:
    stepfather = home.center.person("Ахметов", "Болат")
    home.join(stepfather, "SPOUSE")
    home.tie(stepfather, "STEP_PARENT", home.son)
    home.tie(home.mother, "PARENT", home.son)
    home.tie(home.father, "PARENT", home.son)
    (with_son,) = (one for one in office.families.family_page(home.family).unions if home.son in one.children)
    assert set(with_son.parents) == {home.mother, home.father}


def test_victims_and_offenders_are_told_by_the_incidents(office: Office, home: Household) -> None:
    home.center.incident(home.case, home.mother, offender_id=home.father)
    members = {one.person_id: one for one in office.families.family_page(home.family).members}
    assert members[home.mother].victim
    assert members[home.father].offender
    assert not members[home.son].victim


def test_the_time_line_sizes_incidents_and_tells_repeats(office: Office, home: Household) -> None:
    first = clock.local(2026, 8, 20, 21)
    for day, severity in ((0, "BEATING"), (41, "GRAVE"), (41 + 366, "LIGHT")):
        happened = first - timedelta(days=366) + timedelta(days=day)
        home.center.incident(
            home.case,
            home.mother,
            happened_at=happened,
            learned_at=happened,
            severity=severity,
            severity_source="VICTIM",
            children_present=1,
        )
    events = [one for one in office.families.family_page(home.family).events if one.sheet == "incident"]
    titles = ["Beating without harm to health", "Grave harm to health", "Light harm to health"]
    details = ["1 child saw it", "again, after 41 days, 1 child saw it", "1 child saw it"]
    assert [(one.title, one.detail) for one in events] == list(zip(titles, details, strict=True))
    beaten, grave, light = (one.weight for one in events)
    assert beaten < light < grave <= 1


def test_an_order_is_a_bar_with_its_end(office: Office, home: Household) -> None:
    order = home.center.order(home.case, home.mother, number="412", served_at=NOW - timedelta(days=3))
    (bar,) = (one for one in office.families.family_page(home.family).events if one.sheet == "protective_order")
    assert (bar.id, bar.title) == (order, "Order No 412")
    assert (bar.at, bar.until) == (NOW - timedelta(days=3), NOW + timedelta(days=27))


def test_events_stand_in_the_order_of_time(office: Office, home: Household) -> None:
    home.center.application(home.mother, case_id=home.case)
    home.center.referral(home.case, home.mother, sent_on=date(2026, 11, 1))
    home.center.add(
        "consultation", person_id=home.mother, held_at=clock.local(2026, 11, 5, 12), kind="LEGAL", form="PHONE"
    )
    sheets = [one.sheet for one in office.families.family_page(home.family).events]
    assert sheets == ["case", "referral", "consultation", "application"]


def test_telephones_are_masked_until_asked_for(office: Office, home: Household) -> None:
    phone = home.center.add(
        "person_phone",
        person_id=home.mother,
        number="87011234542",
        safe_to_call="WITH_CARE",
        safe_hours="10:00-16:00",
        introduce_as="анасының досы",
    ).id
    page = office.families.family_page(home.family)
    assert "1234542" not in repr(page)
    (contact,) = page.contacts
    assert contact.masked.endswith("42")
    assert contact.conditions == "call 10:00-16:00, introduce yourself as анасының досы"
    assert office.families.number_of(phone) == "+77011234542"


def test_open_things_stand_on_the_page(office: Office, home: Household) -> None:
    home.center.application(home.mother)
    home.center.referral(home.case, home.mother, sent_on=date(2026, 11, 10))
    home.center.add("errand", case_id=home.case, what="Хат", due_on=date(2026, 11, 20))
    home.center.add("appointment", person_id=home.mother, starts_at=NOW + timedelta(days=1), kind="LAWYER")
    home.center.application()
    page = office.families.family_page(home.family)
    assert sorted(due.kind for due in page.dues) == ["ERRAND", "PRIMARY_ASSESSMENT", "REFERRAL_ANSWER"]
    assert (len(page.referrals), len(page.errands), len(page.appointments)) == (1, 1, 1)


def test_what_was_spoken_about_is_not_on_the_page(office: Office, home: Household) -> None:
    told = {"person_id": home.mother, "held_at": NOW, "kind": "LEGAL", "form": "PHONE", "summary": "құпия"}
    home.center.add("consultation", case_id=home.case, **told)
    assert "құпия" not in repr(office.families.family_page(home.family))


def test_the_number_of_queries_does_not_grow_with_the_family(office: Office, home: Household) -> None:
    office.families.family_page(home.family)
    # That somebody looked is written once, and a moment later.
    office.journal.flush()
    before = _queries_of_page(office, home)
    for year in range(2000, 2008):
        child = home.center.person("Жұмабаев", "Бала", born_on=date(year, 1, 1))
        home.join(child, "CHILD")
        home.center.add("person_phone", person_id=child, number=f"8701123{year}")
        home.center.incident(home.case, child)
        home.center.order(home.case, child, served_at=NOW - timedelta(days=2))
        home.center.referral(home.case, child, sent_on=date(2026, 11, 1))
    office.deadlines.all()
    assert _queries_of_page(office, home) == before <= 30


def _queries_of_page(office: Office, home: Household) -> int:
    with counted(office) as statements:
        office.families.family_page(home.family)
    return len(statements)


@contextmanager
def counted(office: Office) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(office.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(office.database.engine, "before_cursor_execute", note)


def test_families_are_listed_with_their_newest_case(office: Office, home: Household) -> None:
    alone = home.center.add("family", name="Бос").id
    rows = office.families.rows([home.family, alone])
    assert (rows[home.family].people, rows[home.family].case_id) == (4, home.case)
    assert rows[home.family].responsible == "Оспанова Гүлнар"
    assert (rows[alone].people, rows[alone].case_id) == (0, None)


def test_the_case_asked_for_stands_in_the_foreground(office: Office, home: Household) -> None:
    newer = home.center.case(home.mother, family_id=home.family)
    assert _foreground(office, home.family) == newer
    assert _foreground(office, home.case) == home.case
    office.desk.save("case", {"closed_on": NOW.date(), "closing_reason": _moved()}, newer)
    assert _foreground(office, home.family) == home.case


def _foreground(office: Office, id: UUID) -> UUID:
    case = office.families.family_page(id).case
    assert case
    return case.id


def _moved() -> object:
    from familydesk.records.case import ClosingReason

    return ClosingReason.MOVED


def test_a_family_that_cannot_be_made_whole_is_not_made_at_all(office: Office, center: Center) -> None:
    with pytest.raises(Refused):
        office.families.found(UUID(int=1), center.person(), "Омар")
    assert office.desk.count("family") == 0
    assert office.desk.count("family_member") == 0
