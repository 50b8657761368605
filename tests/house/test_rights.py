"""Hidden is hidden everywhere: for every role, by every road, nothing comes up that she may not see.

What each role may see is written here a second time, by itself: the two tables must say the same.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import rooms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planted import REACHING, WORDS, Garden, Gardener, Place, Plant, sit_down
from PySide6.QtWidgets import QApplication
from rooms import Told

from familydesk.core.errors import Refused
from familydesk.core.fields import Kind, Secrecy
from familydesk.core.settings import Settings
from familydesk.records import sheet_of
from familydesk.records.staff_member import Role
from familydesk.services.account import NOT_FOR_HER
from familydesk.services.office import Office
from familydesk.services.rights import RIGHTS, Reach, Relation, Rights, Verb
from familydesk.store.database import Database
from familydesk.store.privileged import Privileged
from familydesk.ui.desktop import application

KEY = bytes(range(32))
HEAD = UUID("01900000-0000-7000-8000-000000000001")
NOTHING, PERSONAL, SPECIAL, LOCATION = None, Secrecy.PERSONAL, Secrecy.SPECIAL, Secrecy.LOCATION

SEEN: dict[Role, tuple[Secrecy | None, Secrecy | None, Secrecy | None]] = {
    Role.HEAD: (LOCATION, LOCATION, LOCATION),
    Role.CASE_MANAGER: (LOCATION, SPECIAL, SPECIAL),
    Role.PSYCHOLOGIST: (LOCATION, SPECIAL, SPECIAL),
    Role.LAWYER: (LOCATION, SPECIAL, SPECIAL),
    Role.SOCIAL_WORKER: (LOCATION, SPECIAL, SPECIAL),
    Role.MEDIATOR: (SPECIAL, SPECIAL, PERSONAL),
    Role.DUTY_ADMINISTRATOR: (LOCATION, LOCATION, LOCATION),
    Role.ANALYST: (NOTHING, NOTHING, NOTHING),
}
"""The most secret word that each role sees: in her own case, in one she works in, in any other."""

DESK = {Verb.PRINT, Verb.EXPORT, Verb.COUNT, Verb.COUNT_SHARED, Verb.MERGE, Verb.IMPORT, Verb.BACK_UP}
DONE: dict[Role, set[Verb]] = {
    Role.HEAD: set(Verb),
    Role.CASE_MANAGER: DESK | {Verb.HAND_OVER},
    Role.PSYCHOLOGIST: DESK,
    Role.LAWYER: DESK,
    Role.SOCIAL_WORKER: DESK,
    Role.MEDIATOR: {Verb.PRINT, Verb.COUNT_SHARED},
    Role.DUTY_ADMINISTRATOR: DESK - {Verb.MERGE, Verb.IMPORT},
    Role.ANALYST: {Verb.COUNT_SHARED},
}
ROLES = pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name)


def level(role: Role, place: Place) -> Secrecy | None:
    """The most secret word that a role sees of a family."""
    own, team, other = SEEN[role]
    if place in (Place.OWN, Place.NOBODYS):
        return own
    if place is Place.TEAM:
        return team
    # Whoever serves her offender, or is kept from her case, never reads where she is.
    return min(other, SPECIAL) if other and place is not Place.OTHER else other


def is_there(role: Role, place: Place, sheet: str) -> bool:
    """Whether a record of a family is there for her at all."""
    if level(role, place) is None:
        return False
    if sheet in REACHING:
        return place not in (Place.OPPOSITE, Place.KEPT_FROM)
    return place is not Place.KEPT_FROM or not Plant("", place, sheet, HEAD, sheet_of(sheet).fields()[0]).of_case


def may_see(role: Role, plant: Plant) -> bool:
    """Whether she may see one planted text. What is PRIVILEGED was written by the head of the center, and is hers."""
    most = level(role, plant.place)
    return most is not None and plant.field.secrecy <= most and is_there(role, plant.place, plant.sheet)


Center = Callable[[Role], tuple[Office, Garden]]
"""A store of its own for each role, and its reader at the desk."""


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory, small_store: Path) -> Iterator[Center]:
    """Planted when first asked for, and kept."""
    made: dict[Role, tuple[Office, Garden]] = {}

    def seated(role: Role) -> tuple[Office, Garden]:
        if role not in made:
            office = _office(tmp_path_factory.mktemp(role.name), small_store)
            made[role] = office, Gardener(office).plant(role)
        office, garden = made[role]
        sit_down(office, garden.reader)
        return office, garden

    yield seated
    for office, _garden in made.values():
        office.close()


def _office(folder: Path, small_store: Path) -> Office:
    shutil.copy(small_store, folder / "desk.db")
    database = Database.open(folder / "desk.db", KEY)
    database.actor, database.privileged = HEAD, Privileged(HEAD, {HEAD: KEY})
    return Office(database, folder, Settings(folder / "settings.json"))


@pytest.fixture(scope="session")
def qapp_cls() -> Any:
    """The program's own application."""
    return lambda _arguments: application()


def come_up(garden: Garden, hidden: list[Plant], told: Told) -> list[str]:
    """Which of the hidden texts stand on a road."""
    by_word = {plant.word: f"{plant.sheet}.{plant.field.name}, {plant.place.value}" for plant in hidden}
    found = set()
    for road, text in told:
        words = {*WORDS.findall(text), *WORDS.findall(re.sub(r"[\s\u00a0()-]", "", text))}
        found |= {f"{road}: {by_word[word]}" for word in words & by_word.keys()}
    return sorted(found)


FAR = (Place.OTHER, Place.OPPOSITE)


def _records(role: Role, garden: Garden, *places: Place) -> list[tuple[str, UUID]]:
    """The records of which something is hidden from her, in these families."""
    hidden = [plant for plant in hidden_from(role, garden) if plant.place in places]
    return list(dict.fromkeys((plant.sheet, plant.record) for plant in hidden))


def hidden_from(role: Role, garden: Garden) -> list[Plant]:
    return [plant for plant in garden.plants if not may_see(role, plant)]


# What may be seen, and that all of it is


@ROLES
def test_each_field_of_each_record_is_covered_or_shown_as_the_table_says(center: Center, role: Role) -> None:
    office, garden = center(role)
    wrong = list(differences(office, role, garden))
    assert wrong == []


def differences(office: Office, role: Role, garden: Garden, sheets: Container[str] | None = None) -> Iterator[str]:
    """Where what is read differs from what the role may see; of these sheets only, if any are named."""
    for place in Place:
        for sheet, id in garden.records[place]:
            if sheets and sheet not in sheets:
                continue
            try:
                record = office.desk.get(sheet, id)
            except Refused:
                if is_there(role, place, sheet):
                    yield f"{sheet} of {place.value} is not there"
                continue
            if not is_there(role, place, sheet):
                yield f"{sheet} of {place.value} is there"
            most = level(role, place) or Secrecy.PLAIN
            expected = {one.name for one in record.fields() if most < one.secrecy < Secrecy.PRIVILEGED}
            covered = {name for name in record.covered if record.field(name).secrecy < Secrecy.PRIVILEGED}
            if covered != expected:
                yield f"{sheet} of {place.value}: {sorted(covered ^ expected)}"
            if any(getattr(record, name) for name in record.covered):
                yield f"{sheet} of {place.value} holds what is covered"


@ROLES
def test_each_role_has_the_verbs_of_the_table_and_no_other(center: Center, role: Role) -> None:
    office, garden = center(role)
    assert set(allowed(office, garden)) == DONE[role]


def allowed(office: Office, garden: Garden) -> Iterator[Verb]:
    """The verbs that the services let her do."""
    return (verb for verb in Verb if lets(office, garden, verb))


def lets(office: Office, garden: Garden, verb: Verb) -> bool:
    """Whether the attempt at a verb comes to where the role is not the reason to refuse it."""
    try:
        ATTEMPTS[verb](office, garden)
    except Refused as refused:
        return NOT_FOR_HER not in [problem.text for problem in refused.problems]
    return True


def _month(office: Office, shared: bool) -> None:
    office.figures.month(date(2026, 3, 1), date(2026, 3, 31), shared=shared)


def _a_table(office: Office, _garden: Garden) -> None:
    office.desk.save("calendar_day", {})


NOBODY = UUID(int=1)
ATTEMPTS: dict[Verb, Callable[[Office, Garden], Any]] = {
    Verb.PRINT: lambda office, garden: office.prints.draw("RECEIPT", record_id=NOBODY),
    Verb.EXPORT: lambda office, garden: office.lists.export("organisation", [], [], Path()),
    Verb.COUNT: lambda office, garden: _month(office, False),
    Verb.COUNT_SHARED: lambda office, garden: _month(office, True),
    Verb.MERGE: lambda office, garden: office.people.merge(NOBODY, NOBODY),
    Verb.IMPORT: lambda office, garden: office.register.take_in(Path(__file__)),
    Verb.HAND_OVER: lambda office, garden: office.handover.hand_over(NOBODY, NOBODY),
    Verb.BACK_UP: lambda office, garden: office.backups.make(Path(__file__)),
    Verb.TABLES: _a_table,
    Verb.ACCOUNTS: lambda office, garden: office.members.add("", "", Role.LAWYER),
    Verb.ERASE: lambda office, garden: office.keeping.erase(NOBODY, ""),
    Verb.BREAK_GLASS: lambda office, garden: office.glass.break_open(NOBODY, ""),
    Verb.ACCESS_LIST: lambda office, garden: office.journal.verify("?"),
}
"""For each verb something that is refused for another reason, if the role may do it at all."""


# No road shows more


@ROLES
def test_no_list_form_history_or_page_tells_what_is_hidden(center: Center, role: Role) -> None:
    office, garden = center(role)
    assert (
        come_up(garden, hidden_from(role, garden), rooms.services(office, garden, _records(role, garden, *Place))) == []
    )


@ROLES
def test_no_paper_tells_what_is_hidden(center: Center, role: Role) -> None:
    office, garden = center(role)
    assert come_up(garden, hidden_from(role, garden), rooms.papers(office, garden, _records(role, garden, *FAR))) == []


@ROLES
def test_no_spreadsheet_or_report_tells_what_is_hidden(center: Center, role: Role, tmp_path: Path) -> None:
    office, garden = center(role)
    hidden = hidden_from(role, garden)
    sheets = {sheet for sheet, _id in _records(role, garden, *FAR)} | {"case", "person"}
    assert come_up(garden, hidden, rooms.exports(office, tmp_path, sheets)) == []
    # Which office of the police issued an order is counted by its name, and is nobody's secret.
    counted = [plant for plant in garden.plants if plant.field.name != "issued_by"]
    assert come_up(garden, counted, rooms.reports(office)) == []


@ROLES
def test_no_command_tells_what_is_hidden(center: Center, role: Role) -> None:
    office, garden = center(role)
    kept = [
        (sheet, id) for sheet, id in garden.records[Place.KEPT_FROM] if sheet in ("case", "incident", "person_phone")
    ]
    assert (
        come_up(garden, hidden_from(role, garden), rooms.commands(office, [*_records(role, garden, *FAR), *kept])) == []
    )


@ROLES
def test_no_search_finds_anything_by_what_is_hidden(center: Center, role: Role) -> None:
    office, garden = center(role)
    found = []
    for plant in hidden_from(role, garden):
        if plant.field.secrecy is Secrecy.PERSONAL and plant.field.kind is not Kind.PHONE:
            # Whom she may find by name is no secret; that a case has this name in it may be.
            continue
        for typed in {plant.text, plant.text[-7:]}:
            try:
                hits = {hit.id for hit in office.search.find(typed)}
            except Refused:
                continue
            if hits & {plant.record, garden.person[plant.place], garden.case[plant.place]}:
                found.append(f"{plant.sheet}.{plant.field.name}, {plant.place.value}")
    assert found == []


@ROLES
@pytest.mark.usefixtures("swept")
def test_no_screen_shows_what_is_hidden(center: Center, role: Role, qapp: QApplication) -> None:
    office, garden = center(role)
    hidden = hidden_from(role, garden)
    shown = dict(_records(role, garden, *FAR)).items() if SEEN[role][0] else ()
    assert come_up(garden, hidden, rooms.window(office, shown)) == []


@pytest.mark.usefixtures("swept")
def test_each_walk_finds_what_a_looser_table_shows(
    center: Center, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qapp: QApplication
) -> None:
    role = Role.SOCIAL_WORKER
    office, garden = center(role)
    hidden, records = hidden_from(role, garden), _records(role, garden, Place.OTHER)
    monkeypatch.setitem(RIGHTS, role, RIGHTS[Role.DUTY_ADMINISTRATOR])
    _ask_again(office, garden)
    walks = {
        "services": rooms.services(office, garden, records),
        "papers": rooms.papers(office, garden, records),
        "exports": rooms.exports(office, tmp_path, dict(records)),
        "commands": rooms.commands(office, records),
        "window": rooms.window(office, dict(records).items()),
    }
    blind = [name for name, told in walks.items() if not come_up(garden, hidden, told)]
    monkeypatch.undo()
    _ask_again(office, garden)
    assert blind == []


# No loosening of the table goes unnoticed


def loosenings() -> Iterator[tuple[Role, Rights]]:
    """Every table that is looser than ours in one place. PRIVILEGED texts open by a key, whatever the table says."""
    for role, rights in RIGHTS.items():
        for relation in Relation:
            word = rights.reach.at(relation)
            if word < Secrecy.LOCATION:
                reach = replace(rights.reach, **{relation.value: Secrecy(word + 1)})
                yield role, replace(rights, reach=reach)
        for verb in sorted(set(Verb) - rights.verbs, key=lambda verb: verb.name):
            yield role, replace(rights, verbs=rights.verbs | {verb})
        if not rights.casework:
            yield role, replace(rights, casework=True)


def is_noticed(office: Office, role: Role, garden: Garden, rights: Rights) -> bool:
    """Whether what she reads or does differs from what the second table says."""
    more = rights.verbs - DONE[role]
    if any(lets(office, garden, verb) for verb in more):
        return True
    if any(differences(office, role, garden, ("person", "incident"))):
        return True
    # Who reads no records of families sees nothing more by a wider reach: there the two tables alone are compared.
    return SEEN[role][0] is None and rights.reach != Reach(Secrecy.PLAIN, Secrecy.PLAIN, Secrecy.PLAIN)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HEAD], ids=lambda role: role.name)
def test_every_single_loosening_of_the_table_is_noticed(
    center: Center, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, garden = center(role)
    assert not is_noticed(office, role, garden, RIGHTS[role])
    unnoticed = []
    for of_role, rights in loosenings():
        if of_role is role:
            monkeypatch.setitem(RIGHTS, role, rights)
            _ask_again(office, garden)
            unnoticed += [] if is_noticed(office, role, garden, rights) else [rights]
    assert unnoticed == []
    monkeypatch.undo()
    _ask_again(office, garden)


def _ask_again(office: Office, garden: Garden) -> None:
    """Somebody else sits down for a moment: then the table is read anew."""
    sit_down(office, HEAD)
    assert office.account.rights
    sit_down(office, garden.reader)


WORDS_OF_SECRECY = st.sampled_from([Secrecy.PLAIN, Secrecy.PERSONAL, Secrecy.SPECIAL, Secrecy.LOCATION])


@given(words=st.tuples(WORDS_OF_SECRECY, WORDS_OF_SECRECY, WORDS_OF_SECRECY), data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_table_says_nobody_reads_above_her_word(
    center: Center, words: tuple[Secrecy, Secrecy, Secrecy], data: st.DataObject
) -> None:
    office, garden = center(Role.MEDIATOR)
    place = data.draw(st.sampled_from([Place.OWN, Place.TEAM, Place.OTHER, Place.NOBODYS, Place.OPPOSITE]))
    sheet, id = data.draw(st.sampled_from(garden.records[place]))
    most = dict(zip((Place.OWN, Place.TEAM, Place.OTHER), words, strict=True)).get(place, words[0])
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(RIGHTS, Role.MEDIATOR, Rights(Reach(*words), frozenset()))
        _ask_again(office, garden)
        read = [*office.desk.rows(sheet, [id]).values()]
    _ask_again(office, garden)
    if place is Place.OPPOSITE:
        most = min(words[2], Secrecy.SPECIAL)
    shown = {
        one.secrecy for record in read for one in record.fields() if getattr(record, one.name) and one.name != "id"
    }
    assert max(shown, default=Secrecy.PLAIN) <= max(most, Secrecy.PLAIN)
