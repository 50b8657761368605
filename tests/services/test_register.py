"""A register comes into a real store: nothing lost, nothing twice, nobody merged by her name alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from familydesk.core.errors import Refused, Weather
from familydesk.exchange.problems import Fault
from familydesk.services.office import Office
from familydesk.services.register import Outcome

HEADER = [
    "№ обращения",
    "Дата",
    "ФИО (при его наличии)",
    "ИИН",
    "Адрес проживания",
    "Тип обращения",
    "Причина обращения",
    "Наименование организации отправителя",
    "Принял обращение: ФИО",
    "Результат",
]
NAME = "Жұмабаева Мөлдір Серікқызы"
GOOD, OTHER = "500101200017", "600229200004"
ABAI, MIRA = "г. Кокшетау, ул. Абая, 112, кв. 15", "с. Зеренда, ул. Мира 3-2"
PHONE = "+7 701 746 15 68"


def row(
    number: str, day: Any = "09.01.2024", name: str = NAME, iin: Any = "", address: str = ABAI, **other: str
) -> list[Any]:
    told = {"channel": "полиция (102)", "reason": "бытовое насилие", "sender": "", "by": "Ким А.", "result": ""} | other
    return [number, day, name, iin, address, *told.values()]


@pytest.fixture
def take_in(office: Office, tmp_path: Path):
    def import_(*rows: list[Any], **how: Any) -> Outcome:
        book = Workbook()
        for cells in (["Журнал"], HEADER, *rows):
            book.active.append(cells)
        path = tmp_path / "register.xlsx"
        book.save(path)
        return office.register.take_in(path, **how)

    return import_


def people(office: Office) -> list[Any]:
    return office.desk.find("person")


def test_a_row_becomes_an_application_of_a_person_with_address_and_telephone(office, take_in):
    outcome = take_in(
        row("2024/1", iin=int(GOOD), address=f"{ABAI}\n{PHONE}", reason="угроза жизни", result="в работе")
    )
    assert list(outcome.counts().values()) == [1, 1, 0, 0, 1, 0, 0]
    (person,), (application,) = people(office), office.desk.find("application")
    assert (person.surname, person.given, person.patronymic, person.iin) == ("Жұмабаева", "Мөлдір", "Серікқызы", GOOD)
    assert (person.sex.name, person.born_on.isoformat(), person.iin_absence) == ("FEMALE", "1850-01-01", None)
    assert (application.number, application.person_id) == ("2024/1", person.id)
    assert application.received_at.date().isoformat() == "2024-01-09"
    assert (application.channel.name, application.reason.name, application.reason_text) == (
        "POLICE",
        "THREAT_TO_LIFE",
        "угроза жизни",
    )
    assert application.threat_to_life is True
    assert (application.taken_by, application.result) == ("Ким А.", "в работе")
    assert [found.number for found in office.desk.find("person_phone")] == ["+77017461568"]
    assert [found.as_written for found in office.desk.find("person_address")] == [ABAI]
    assert "ИИН: 500101200017" in application.imported_row


def test_a_register_in_kazakh_tells_where_each_application_came_from(office, tmp_path):
    book = Workbook()
    for cells in (
        ["Р/с №", "Өтініш берген күні", "Өтініш берушінің Т.А.Ә.", "ЖСН", "Өтініш себебі", "Қайдан келді"],
        [1, "2025 жылғы 3 ақпанда", NAME, GOOD, "Қаржылай көмек", "полиция"],
        [2, "06.03.2025 14:35", "Ким Анна", OTHER, "ажырасу", "№5 мектеп"],
    ):
        book.active.append(cells)
    book.save(tmp_path / "r.xlsx")
    office.register.take_in(tmp_path / "r.xlsx")
    told = {one.number: (one.channel.name, one.reason.name) for one in office.desk.find("application")}
    assert told == {"1": ("POLICE", "MATERIAL"), "2": ("SCHOOL", "DIVORCE")}


def test_where_no_channel_is_written_the_sender_tells_it(office, tmp_path):
    book = Workbook()
    header = [*HEADER[:5], *HEADER[6:]]
    for cells in (header, ["1", "09.01.2024", NAME, GOOD, ABAI, "развод", "Әкімдік", "Ким А.", ""]):
        book.active.append(cells)
    book.save(tmp_path / "r.xlsx")
    office.register.take_in(tmp_path / "r.xlsx")
    (application,) = office.desk.find("application")
    assert (application.channel.name, application.sender) == ("AKIMAT", "Әкімдік")


def test_what_is_imported_breaks_no_rule(office, take_in):
    take_in(
        row("1", iin=GOOD),
        row("2", name="Шәріпов И.С."),
        row("3", iin="123456789012", reason="Иные"),
        row("4", reason=""),
    )
    for sheet in ("person", "application", "person_phone", "person_address", "possible_duplicate"):
        for record in office.desk.find(sheet):
            assert [problem for problem in record.problems() if not problem.warning] == []


def test_every_row_is_an_application_or_a_repeat_or_a_problem_row(take_in, tmp_path):
    rows = [
        row("1", iin=GOOD),
        row("1", iin=GOOD),
        row("2", day="31.02.2025"),
        row("3", name=""),
        row("4", day=""),
        row("5"),
    ]
    counts = take_in(*rows, ["Итого", "", "6"]).counts()
    assert counts["rows"] == 6
    assert (counts["applications"], counts["problem_rows"], counts["repeated_rows"]) == (2, 3, 1)


def test_a_valid_iin_is_one_person_however_she_is_written(office, take_in):
    spellings = (
        NAME,
        NAME.upper(),
        "Жумабаева Молдир Сериккызы",
        "Жұмабаева М.С.",
        "Мөлдір Жұмабаева",
        "Ахметова Мөлдір",
    )
    outcome = take_in(*(row(str(at), name=name, iin=GOOD, address=str(at)) for at, name in enumerate(spellings)))
    (person,) = people(office)
    assert person.title_text() == NAME
    assert outcome.people_new == 1
    assert office.desk.count("application", {"person_id": person.id}) == len(spellings)


def test_another_name_with_the_same_iin_is_flagged(take_in):
    outcome = take_in(row("1", iin=GOOD), row("2", iin=GOOD), row("3", name="Пак Виктор Олегович", iin=GOOD))
    assert [(flagged.line, flagged.faults) for flagged in outcome.to_look_at] == [(5, (Fault.NAME_DIFFERS,))]


def test_without_an_iin_the_whole_name_and_an_address_find_her_wherever_her_row_stands(office, take_in):
    outcome = take_in(row("1"), row("2", iin=GOOD), row("3", iin="500101200018", name="ЖУМАБАЕВА МОЛДИР СЕРИККЫЗЫ"))
    (person,) = people(office)
    assert person.iin == GOOD
    assert outcome.possible_duplicates == 0
    assert {found.iin_as_written for found in office.desk.find("application")} == {None, "500101200018"}


def test_an_address_counts_however_it_is_abbreviated_and_only_with_a_house(office, take_in):
    take_in(row("1", iin=GOOD), row("2", address="Кокшетау қ., Абая к-сі 112-15"), row("3", address="г. Кокшетау"))
    assert len(people(office)) == 2


def test_a_telephone_finds_her_too_and_decides_before_the_address(office, take_in):
    at_mira = row("2", iin=OTHER, address=MIRA)
    take_in(row("1", iin=GOOD, address=f"{ABAI}\n{PHONE}"), at_mira, row("3", address=f"Абай ауылы 7\n{PHONE}"))
    assert len(people(office)) == 2
    owner = office.desk.find("person", {"iin": GOOD})[0]
    assert office.desk.count("application", {"person_id": owner.id}) == 2


def test_a_name_alone_never_merges(office, take_in):
    outcome = take_in(row("1", iin=GOOD), row("2", address=MIRA), row("3", address=""), row("4", address=""))
    assert len(people(office)) == 4
    assert outcome.possible_duplicates == 1 + 2 + 3


def test_a_patronymic_in_russian_and_in_kazakh_may_be_one_fathers(office, take_in):
    outcome = take_in(
        row("1", name="Қасымова Шолпан Ерболқызы", address=""),
        row("2", name="Касымова Шолпан Ерболовна", address=""),
        row("3", name="Касымова Шолпан Ерлановна", address=""),
    )
    assert (len(people(office)), outcome.possible_duplicates) == (3, 1)


def test_two_who_fit_are_a_new_person_and_possible_duplicates_of_both(office, take_in):
    outcome = take_in(row("1", iin=GOOD), row("2", iin=OTHER), row("3"))
    assert (outcome.people_new, outcome.possible_duplicates) == (3, 2)
    pairs = office.desk.find("possible_duplicate")
    (new,) = office.desk.find("person", {"iin": None})
    assert {pair.person_id for pair in pairs} == {new.id}
    assert {pair.other_id for pair in pairs} == {person.id for person in people(office)} - {new.id}


def test_initials_are_no_whole_name(office, take_in):
    outcome = take_in(row("1", iin=GOOD), row("2", name="Жұмабаева М.С."), row("3", name="Жұмабаева М.С."))
    assert (outcome.people_new, outcome.possible_duplicates) == (3, 3)


def test_a_different_date_of_birth_keeps_two_namesakes_of_one_house_apart(office, tmp_path):
    book = Workbook()
    for cells in (
        ["№ обращения", "Дата", "ФИО", "Дата рождения", "Адрес"],
        ["1", "09.01.2024", NAME, "01.01.1950", ABAI],
        ["2", "09.01.2024", NAME, "02.02.1970", ABAI],
    ):
        book.active.append(cells)
    book.save(tmp_path / "r.xlsx")
    office.register.take_in(tmp_path / "r.xlsx")
    assert len(people(office)) == 2


def test_people_already_in_the_store_are_matched_and_not_made_again(office, center, take_in):
    stored = center.person(surname="Жұмабаева", given="Мөлдір", patronymic="Серікқызы", iin=GOOD)
    center.add("person_phone", person_id=stored, number="+77017461568")
    outcome = take_in(row("1", iin=GOOD), row("2", address=PHONE))
    assert (outcome.people_new, outcome.people_matched) == (0, 1)
    assert office.desk.count("application", {"person_id": stored}) == 2
    assert office.desk.count("person_phone", {"person_id": stored}) == 1
    assert [found.repeated for found in office.desk.find("application")] == [True, True]


def test_a_second_import_adds_nothing_even_after_the_records_were_edited(office, take_in):
    rows = [
        row("1", iin=GOOD, address=f"{ABAI}\n{PHONE}"),
        row("2", name="Ким Анна"),
        row("3", day=""),
        row("4", address=""),
    ]
    first = take_in(*rows)
    application = office.desk.find("application", {"number": "2"})[0]
    office.desk.save("application", {"result": "помощь оказана", "number": "2а"}, application.id)
    before = {sheet: office.desk.count(sheet) for sheet in ("person", "application", "person_phone", "person_address")}
    second = take_in(*rows)
    assert {sheet: office.desk.count(sheet) for sheet in before} == before
    assert second.repeated_rows == first.applications == 3
    assert list(second.counts().values()) == [4, 0, 1, 3, 0, 0, 0]


def test_a_register_that_grew_adds_only_its_new_rows(office, take_in):
    take_in(row("1", iin=GOOD))
    outcome = take_in(row("1", iin=GOOD), row("2", iin=GOOD))
    assert (outcome.applications, outcome.repeated_rows, outcome.people_matched) == (1, 1, 1)


def test_a_number_that_stands_in_the_store_with_another_row_is_kept_and_flagged(office, take_in):
    take_in(row("1", iin=GOOD))
    outcome = take_in(row("1", iin=OTHER, name="Ким Анна"))
    assert outcome.applications == 1
    assert outcome.to_look_at[0].faults == (Fault.NUMBER_TWICE,)
    assert [found.number for found in office.desk.find("application")] == ["1", "1"]


def test_a_row_without_a_number_gets_the_desks_next_one(office, take_in):
    take_in(row("", iin=GOOD))
    assert office.desk.find("application")[0].number


def test_a_dry_run_says_the_same_and_writes_nothing(office, take_in):
    rows = [row("1", iin=GOOD), row("2"), row("3", name="Ким Анна", day=""), row("1", iin=GOOD), row("5", name="Ли Ян")]
    dry = take_in(*rows, dry_run=True)
    assert people(office) == []
    assert dry.counts() == take_in(*rows).counts()


class Stopped(Exception):
    """What a window raises when somebody presses Stop."""


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_stopping_leaves_nothing(office, take_in, after):
    calls = []

    def report(done: int, total: int) -> None:
        assert 0 <= done <= total
        calls.append(done)
        if len(calls) == after:
            raise Stopped

    with pytest.raises(Stopped):
        take_in(*(row(str(at), iin=GOOD) for at in range(20)), report=report)
    assert people(office) == []
    assert office.desk.find("application") == []
    assert office.search.find("Жұмабаева") == []


def test_progress_grows_to_the_end(take_in):
    seen = []
    take_in(*(row(str(at)) for at in range(450)), report=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


def test_imported_people_are_found(office, take_in):
    take_in(row("2024/17", iin=GOOD, address=f"{ABAI}\n{PHONE}"), row("2", name="Ким Анна"))
    person = office.desk.find("person", {"iin": GOOD})[0]
    for text in ("Жумабаева", "Moldir Zhumabayeva", "200017", "7461568"):
        assert office.search.find(text)[0].id == person.id
    assert "application" in {found.sheet for found in office.search.find("2024/17")}


def test_an_import_is_in_the_history_as_one_transaction(office, take_in):
    take_in(row("1", iin=GOOD), row("2", name="Ким Анна"))
    with office.database.connection() as connection:
        rows = connection.exec_driver_sql(
            "SELECT sheet, txn, field FROM change WHERE sheet IN ('person','application')"
        ).all()
    assert len(rows) == 4
    assert len({txn for _sheet, txn, _field in rows}) == 1
    assert {field for _sheet, _txn, field in rows} == {""}


def test_the_problems_workbook_holds_each_row_as_it_was_with_its_reason(take_in, tmp_path):
    out = tmp_path / "problems.xlsx"
    rows = [
        row("1", iin=GOOD),
        row("2", day="31.02.2025", iin=int(GOOD)),
        row("3", name="=1+1"),
        row("4", name="Пак Ян"),
    ]
    take_in(*rows, problems=out)
    book = load_workbook(out)
    missing, flagged = book.worksheets
    assert [cell.value for cell in missing[1]][:10] == HEADER
    assert [cell.value for cell in missing[2]][:4] == ["2", "31.02.2025", NAME, int(GOOD)]
    assert missing["K2"].value == str(Fault.BAD_DATE.value)
    assert missing["L2"].value == "4"
    assert missing.max_row == 3
    assert flagged["A2"].value == "4"
    assert "no IIN" in flagged["K2"].value


def test_nothing_in_the_problems_workbook_is_a_formula(office, tmp_path):
    book = Workbook()
    for cells in (HEADER, ["=1", "=2", "+3", "=cmd|' /C calc'!A0", "http://example.org", "@x", "-1", "{=5}", "", ""]):
        book.active.append(cells)
    for cell in book.active[2]:
        cell.data_type = "s"
    book.save(tmp_path / "r.xlsx")
    office.register.take_in(tmp_path / "r.xlsx", problems=tmp_path / "out.xlsx")
    written = load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert {cell.data_type for line in written for cell in line if cell.value} == {"s"}
    assert written["D2"].value == "=cmd|' /C calc'!A0"
    assert [cell.hyperlink for cell in written[2]] == [None] * 13


def test_mended_rows_come_in_from_the_problems_workbook_itself(office, take_in, tmp_path):
    out = tmp_path / "problems.xlsx"
    take_in(row("1", day="31.02.2025", iin=GOOD), row("2", name="Пак Ян"), problems=out)
    book = load_workbook(out)
    book.worksheets[0]["B2"] = "28.02.2025"
    book.worksheets[1]["D2"] = OTHER
    book.save(out)
    outcome = office.register.take_in(out)
    assert (outcome.rows, outcome.applications, outcome.people_new) == (1, 1, 1)
    assert "What to mend" not in office.desk.find("application", {"number": "1"})[0].imported_row


def test_if_the_workbook_cannot_be_written_nothing_is_imported(office, take_in, tmp_path):
    with pytest.raises(Weather):
        take_in(row("1", iin=GOOD), problems=tmp_path / "no folder" / "out.xlsx")
    assert people(office) == []


def test_a_file_without_a_register_is_refused_and_leaves_nothing(office, tmp_path):
    book = Workbook()
    book.active.append(["Телефоны"])
    book.save(tmp_path / "r.xlsx")
    with pytest.raises(Refused):
        office.register.take_in(tmp_path / "r.xlsx")
    assert people(office) == []
