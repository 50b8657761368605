"""The messes that registers have, each in a real workbook."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from registers import ABAI, HEADER, iin, read, row, save

from familydesk.core.errors import Refused
from familydesk.exchange.left_out import Kind
from familydesk.exchange.problems import Fault
from familydesk.exchange.problems_workbook import Flagged
from familydesk.exchange.register import Register


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "register.xlsx"


DAYS = [f"{day:02d}.03.2024" for day in range(1, 9)]
TITLE = ["Журнал регистрации обращений"]


def test_titles_blank_rows_and_totals_are_no_rows(path):
    rows = read(
        path, [TITLE, ["КГУ «Центр поддержки семьи»"], [], HEADER, row("1"), [], row("2"), ["Итого", "", "2 обращения"]]
    )
    assert [found.number for found in rows] == ["1", "2"]


@pytest.mark.parametrize("total", ["Всего за год:", "БАРЛЫҒЫ", "Жиыны: 2", "Итого обращений"])
def test_a_total_may_stand_in_any_of_the_first_columns(path, total):
    assert len(read(path, [HEADER, row("1"), [total, "", "", 1], ["", "", total, "1"], ["", total]])) == 1
    assert len(read(path, [HEADER, row("1"), ["", "405", "", "", "", "", total]])) == 1


def test_a_record_that_begins_with_the_word_for_a_total_is_a_row(path):
    header = [HEADER[9], *HEADER[:9]]
    cells = ["Итого две встречи", *row("1", day="")[:9]]
    (found,) = read(path, [header, ["проведена консультация", *row("2")[:9]], cells])[1:]
    assert (found.number, found.usable) == ("1", False)


def test_a_header_repeated_on_each_page_is_left_out_with_its_title(path):
    rows = read(path, [TITLE, HEADER, row("1"), TITLE, HEADER, row("2"), HEADER, row("3")])
    assert [found.number for found in rows] == ["1", "2", "3"]


def test_numbers_under_the_header_are_no_row(path):
    assert len(read(path, [HEADER, list(range(1, 11)), row("1")])) == 1
    assert len(read(path, [HEADER, [str(at) for at in range(1, 11)], row("1")])) == 1
    assert len(read(path, [HEADER, [3, 1, 2, *range(10, 3, -1)], row("1")])) == 1


def test_months_between_the_rows_are_headings(path):
    rows = [
        HEADER,
        ["Январь 2024 г."],
        row("1"),
        ["ақпан"],
        row("2"),
        ["2025 год"],
        row("3"),
        ["", "", "I квартал 2025"],
        row("4"),
    ]
    assert [found.number for found in read(path, rows)] == ["1", "2", "3", "4"]


def test_signatures_at_the_end_are_no_rows(path):
    assert len(read(path, [HEADER, row("1"), [], ["Руководитель", "", "Оспанова Г.К."], ["Исп. Ким А."]])) == 1


def test_a_row_with_only_an_address_is_a_problem_row_and_not_left_out(path):
    rows = read(path, [HEADER, row("1"), ["", "", "", "", ABAI]])
    assert len(rows) == 2
    assert rows[1].faults[:2] == (Fault.NO_DATE, Fault.NO_NAME)


def test_columns_are_found_in_any_order_and_language(path):
    header = [
        "ЖСН",
        "Өтінішті қабылдаған: Т.А.Ә.",
        "Тегі, аты, әкесінің аты (бар болса)",
        "Примечание",
        "Күні",
        "Өтініш №",
        "Мекенжайы",
    ]
    (found,) = read(path, [header, [iin(1), "Ким А.", "Сұлтан Айдана", "позвонить", "09.01.2024", "7/1", ABAI]])
    assert (found.iin, found.taken_by, found.name.whole, found.number) == (iin(1), "Ким А.", "Сұлтан Айдана", "7/1")
    assert found.extras == (("Примечание", "позвонить"),)
    assert "Примечание: позвонить" in found.as_it_was()


def test_headers_in_capitals_with_look_alikes_and_line_breaks_are_found(path):
    header = [
        "№\nп/п",
        "РЕГ. №",
        "ДATA ОБРАЩЕНИЯ",
        "Ф. И. О.\nзаявителя",
        "И И Н",
        "AДРЕС",
        "ДАТА РОЖДЕНИЯ",
        "Контактный телефон",
    ]
    (found,) = read(path, [header, [1, "15", "9.1.2024", "Ким Анна", iin(1), ABAI, "01.01.1850", "8 (701) 746-15-68"]])
    assert (found.number, found.name.whole, found.iin) == ("15", "Ким Анна", iin(1))
    assert (found.born_on, found.phones) == (date(1850, 1, 1), ("+77017461568",))


def test_a_header_of_two_rows_with_merged_cells(path):
    book = Workbook()
    sheet = book.active
    sheet.append(["Журнал"])
    sheet.append(["№ обращения", "Дата", "Сведения о заявителе", None, None, None, "Причина"])
    sheet.append([None, None, "Фамилия", "Имя", "Отчество", "ИИН", None])
    for merged in ("A1:G1", "A2:A3", "B2:B3", "C2:F2", "G2:G3"):
        sheet.merge_cells(merged)
    sheet.append(["1", "09.01.2024", "АХМЕТОВА", "АЙГҮЛ", "МАРАТҚЫЗЫ", iin(3), "развод"])
    book.save(path)
    (found,) = Register(path).rows()
    assert (found.name.surname, found.name.given, found.name.patronymic) == ("Ахметова", "Айгүл", "Маратқызы")
    assert (found.number, found.iin, found.reason) == ("1", iin(3), "развод")


def test_columns_of_a_name_are_believed_even_if_a_given_name_looks_like_a_surname(path):
    header = ["№ обращения", "Дата", "Фамилия", "Имя", "Отчество"]
    (found,) = read(path, [header, ["1", "09.01.2024", "Ким", "Яровая", ""]])
    assert (found.name.surname, found.name.given) == ("Ким", "Яровая")


def test_a_second_table_with_another_order_of_columns_is_understood(path):
    other = [HEADER[at] for at in (2, 3, 1, 0, 4, 5, 6, 7, 8, 9)]
    moved = row("2", name="Ким Анна", iin=iin(2))
    moved = [moved[at] for at in (2, 3, 1, 0, 4, 5, 6, 7, 8, 9)]
    first, second = read(path, [HEADER, row("1", iin=iin(1)), [], other, moved])
    assert (first.iin, second.iin, second.number, second.name.whole) == (iin(1), iin(2), "2", "Ким Анна")


def test_a_column_told_by_its_cells_is_still_known_below_a_repeated_header(path):
    header = ["Число", *[label for label in HEADER if label != "Дата"]]
    rows = [[day, *[cell for at, cell in enumerate(row(str(day))) if at != 1]] for day in DAYS]
    found = read(path, [header, *rows, header, *rows[:2]])
    assert [line.faults for line in found if Fault.NO_DATE in line.faults] == []


def test_every_sheet_with_a_register_is_read_and_other_sheets_are_counted(path):
    register = Register(
        save(path, [HEADER, row("1")], [["Справочник"], ["акимат"], ["школа"]], [TITLE, HEADER, row("2")])
    )
    assert [found.number for found in register.rows()] == ["1", "2"]
    assert [found.sheet for found in register.rows()] == [1, 3]
    assert register.other_sheets == 1


def test_a_list_of_people_beside_a_journal_is_no_register(path):
    staff = [
        ["№", "ФИО сотрудника", "Дата приема", "Телефон", "ИИН"],
        [1, "Ким Анна", "09.01.2020", "+77017461568", iin(1)],
    ]
    clients = [["№", "ФИО", "ИИН", "Адрес"], [1, "Ким Анна", iin(1), ABAI]]
    register = Register(save(path, staff, [HEADER, row("1"), row("2")], clients))
    assert (len(list(register.rows())), register.other_sheets) == (2, 2)


def test_a_note_alone_where_numbers_stand_is_no_row(path):
    assert (
        len(read(path, [HEADER, row("1"), ["Журнал проверен и прошит"], ["Проверила заместитель Оспанова Г.К."]])) == 1
    )


def test_a_sheet_that_goes_on_without_a_header_has_the_layout_of_the_one_before(path):
    rows = read(path, [HEADER, row("1", iin=iin(1))], [row("2", iin=iin(2)), row("3"), row("4")])
    assert [found.number for found in rows] == ["1", "2", "3", "4"]
    assert rows[1].iin == iin(2)


def test_a_register_without_any_header_is_read_by_its_contents(path):
    rows = read(
        path,
        [row(str(at), iin=iin(at), day=f"{at:02d}.01.2024", name="Жұмабаева Мөлдір Серікқызы") for at in range(1, 9)],
    )
    assert [found.number for found in rows] == [str(at) for at in range(1, 9)]
    assert rows[0].iin == iin(1)
    assert rows[0].name.given == "Мөлдір"
    assert all(found.usable for found in rows)


def test_a_missing_header_over_the_iin_is_told_by_its_digits(path):
    header = [*HEADER[:3], "", *HEADER[4:]]
    rows = read(path, [header, *(row(str(at), iin=iin(at)) for at in range(1, 5))])
    assert [found.iin for found in rows] == [iin(at) for at in range(1, 5)]


def test_without_a_date_column_every_row_is_a_problem_row(path):
    rows = read(
        path, [["№ обращения", "ФИО", "ИИН", "Адрес"], ["1", "Ким Анна", iin(1), ABAI], ["2", "Ким Яна", "", ABAI]]
    )
    assert [found.faults[0] for found in rows] == [Fault.NO_DATE, Fault.NO_DATE]


def test_a_file_without_a_register_is_refused(path):
    with pytest.raises(Refused):
        Register(save(path, [["Телефоны"], ["школа", "102"], ["акимат", "112"]]))


def test_a_date_merged_over_the_rows_of_one_day_counts_for_each(path):
    save(path, [HEADER, row("1"), row("2", day=""), row("3", day=""), row("4", day="")])
    book = load_workbook(path)
    book.active.merge_cells("B2:B4")
    book.save(path)
    rows = list(Register(path).rows())
    assert [found.usable for found in rows] == [True, True, True, False]


def test_a_record_over_two_lines_with_merged_cells_is_one_row(path):
    save(path, [HEADER, row("1", address="Абая 1"), ["", "", "", "", "+7 701 746 15 68"], row("2")])
    book = load_workbook(path)
    for column in "ABCD":
        book.active.merge_cells(f"{column}2:{column}3")
    book.save(path)
    first, second = Register(path).rows()
    assert (first.address, first.phones) == ("Абая 1", ("+77017461568",))
    assert second.number == "2"


def test_the_same_row_again_is_a_repeat_however_it_is_spelled(path):
    first = row("2024/1", "09.01.2024", "Петров Нұржан Серікұлы", iin=iin(1))
    again = row("2024/1", datetime(2024, 1, 9), "ПЕТРОВ  НҰРЖАН  СЕРІКҰЛЫ ", iin=int(iin(1)))
    assert [found.repeat for found in read(path, [HEADER, first, first, again])] == [False, True, True]


def test_a_telephone_spelled_otherwise_makes_no_other_row(path):
    header = [*HEADER, "Телефон"]
    spelled = ("8 701 222 33 44", "+77012223344", 87012223344, "тел. 8-701-222-33-44", "8 701 222 33 45")
    rows = read(path, [header, *([*row("1"), number] for number in spelled)])
    assert [found.repeat for found in rows] == [False, True, True, True, False]


def test_another_hour_of_the_day_is_another_row(path):
    days = ("05.02.2024", "05.02.2024 14:35", datetime(2024, 2, 5, 14, 35), "05.02.2024 00:00")
    rows = read(path, [HEADER, *(row("1", day) for day in days)])
    assert [found.repeat for found in rows] == [False, False, True, True]
    assert [found.received_at.strftime("%H:%M") for found in rows] == ["00:00", "14:35", "14:35", "00:00"]


def test_a_number_given_twice_is_no_repeat_if_the_rows_differ(path):
    rows = read(
        path, [HEADER, row("1", name="Ким Анна"), row("1", name="Ким Яна"), row("1", name="Ким Анна", result="отказ")]
    )
    assert [found.repeat for found in rows] == [False, False, False]
    assert [Fault.NUMBER_TWICE in found.faults for found in rows] == [False, True, True]


def test_rows_that_differ_only_in_an_unknown_column_are_both_kept(path):
    header = [*HEADER, "Примечание"]
    rows = read(path, [header, [*row("1"), "звонила мать"], [*row("1"), ""]])
    assert [found.repeat for found in rows] == [False, False]


def test_a_repeated_problem_row_is_a_repeat(path):
    rows = read(path, [HEADER, row("1", day=""), row("1", day="")])
    assert [found.repeat for found in rows] == [False, True]


def test_a_formula_is_never_computed_and_its_text_is_kept(path):
    save(path, [HEADER, row("1", reason="=1+1"), row("2")])
    book = load_workbook(path)
    book.active["J3"] = '=HYPERLINK("http://example.org","x")'
    book.save(path)
    first, second = Register(path).rows()
    assert first.reason == "=1+1"
    assert second.result == '=HYPERLINK("http://example.org","x")'


def test_an_iin_written_beside_the_name_is_found(path):
    (found,) = read(path, [HEADER, row("1", name=f"Ким Анна Сергеевна, {iin(4)}")])
    assert (found.iin, found.name.whole) == (iin(4), "Ким Анна Сергеевна")


def test_a_telephone_inside_the_address_is_taken_out(path):
    (found,) = read(path, [HEADER, row("1", address=f"{ABAI}\n+7 701 7461568, тел. 8-7162-25-10-10")])
    assert found.phones == ("+77017461568", "+77162251010")
    assert found.address == ABAI


def test_what_was_left_out_is_told(path):
    register = Register(save(path, [TITLE, HEADER, row("1"), HEADER, ["Итого", 1]]))
    list(register.rows())
    assert [(left.line, left.kind) for left in register.left_out] == [
        (1, Kind.TITLE),
        (2, Kind.HEADER),
        (4, Kind.HEADER),
        (5, Kind.TOTAL),
    ]


def test_hidden_rows_and_hidden_sheets_are_read_too(path):
    save(path, [HEADER, row("1"), row("2")], [HEADER, row("3")])
    book = load_workbook(path)
    book.worksheets[0].row_dimensions[3].hidden = True
    book.worksheets[1].sheet_state = "hidden"
    book.save(path)
    assert [found.number for found in Register(path).rows()] == ["1", "2", "3"]


def test_a_table_that_begins_away_from_the_corner_is_found(path):
    shifted = [["", "", "", *cells] for cells in (HEADER, row("1", iin=iin(1)), row("2", day=""))]
    save(path, [[], [], [], *shifted])
    book = load_workbook(path)
    book.active.merge_cells("E5:E6")
    book.save(path)
    first, second = Register(path).rows()
    assert (first.line, first.iin, second.usable) == (5, iin(1), True)


def test_captions_further_down_are_no_rows(path):
    rows = [
        HEADER,
        row("1"),
        ["Журнал регистрации обращений за 2025 год"],
        ["* данные уточняются"],
        row("2"),
        ["Из них повторных: 1"],
    ]
    save(path, [*rows, ["Мобильная группа, выезды"], row("3")])
    book = load_workbook(path)
    book.active.merge_cells("A7:J7")
    book.save(path)
    assert [found.number for found in Register(path).rows()] == ["1", "2", "3"]


def test_a_lone_number_is_a_row_that_somebody_began(path):
    rows = read(path, [HEADER, row("2024/1"), ["2024/2"], row("2024/3")])
    assert [found.usable for found in rows] == [True, False, True]


def test_a_serial_number_printed_beforehand_is_no_row(path):
    rows = read(path, [["№ п/п", *HEADER], [1, *row("15")], [2], [3]])
    assert [found.number for found in rows] == ["15"]


@pytest.mark.parametrize("fault", [Fault.NO_IIN, Fault.BAD_IIN, Fault.SEVERAL_PEOPLE])
def test_of_a_row_that_is_not_imported_nobody_is_said_to_be_taken_in(fault):
    assert "taken in" in Flagged(1, 4, (fault,), (), ()).told()
    stopped = Flagged(1, 4, (Fault.NO_DATE, fault), (), ()).told()
    assert stopped.startswith("The date is missing. ")
    assert "taken in" not in stopped
