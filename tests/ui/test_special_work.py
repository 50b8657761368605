"""People joined, work handed over, the month, the register and papers, on a real store."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from one_family import HEAD, Furnishing, Ids
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from familydesk.core import clock
from familydesk.services.office import Office
from familydesk.ui.special.figure_records import FigureRecords
from familydesk.ui.special.figure_table import FigureTable
from familydesk.ui.special.handover import HandoverScreen
from familydesk.ui.special.import_register import ImportScreen
from familydesk.ui.special.lists import ApplicationsScreen
from familydesk.ui.special.merge_people import MergeScreen
from familydesk.ui.special.print_preview import Paper, PrintPreview
from familydesk.ui.special.reports import ReportPaper, ReportsScreen
from familydesk.ui.workplace import Workplace

pytestmark = pytest.mark.usefixtures("inline")


@pytest.fixture
def office(family_office: Office) -> Office:
    return family_office


@pytest.fixture
def told(place: Workplace) -> list[Any]:
    """Messages said above the page."""
    said: list[Any] = []
    place.said.connect(said.append)
    return said


def shown(screen: Any, qtbot: Any) -> Any:
    qtbot.addWidget(screen)
    screen.resize(1200, 900)
    screen.show()
    return screen


def test_two_records_become_one_person_and_two_again(
    place: Workplace, office: Office, ids: Ids, told: list[Any], qtbot: Any
) -> None:
    screen = shown(MergeScreen(place), qtbot)
    both = screen.both
    assert both.keep == ids.mother
    lone = both.drop
    both.join()
    assert office.desk.get("person", lone).archived
    assert office.desk.get("case", ids.lone_case).values()["client_id"] == ids.mother
    assert screen.pairs.things == []
    told[-1].do()
    assert not office.desk.get("person", lone).archived
    assert office.desk.get("case", ids.lone_case).values()["client_id"] == lone


def test_the_value_that_was_pressed_stands_after_joining(
    place: Workplace, office: Office, ids: Ids, qtbot: Any
) -> None:
    from familydesk.ui.special.side import Side

    screen = shown(MergeScreen(place), qtbot)
    other = next(side for side in screen.both.findChildren(Side) if side.accessibleName() == "Джумабаева")
    QTest.keyClick(other, Qt.Key.Key_Space)
    assert other.chosen
    screen.both.join()
    assert office.desk.get("person", ids.mother).values()["surname"] == "Джумабаева"


def test_two_people_can_be_left_two(place: Workplace, office: Office, qtbot: Any) -> None:
    screen = shown(MergeScreen(place), qtbot)
    screen.both.leave_apart()
    assert office.people.possible() == []
    assert screen.both.isHidden()


def test_work_is_looked_at_before_it_is_handed_over(
    place: Workplace, office: Office, ids: Ids, told: list[Any], qtbot: Any
) -> None:
    today = clock.today()
    office.desk.save("staff_member", {"absent_from": today}, ids.colleague)
    screen = shown(HandoverScreen(place), qtbot)
    assert [record.id for record in screen.load.things if record.sheet() == "case"] == [ids.lone_case]
    screen.taker.setCurrentIndex(1 + [one.id for one in screen.colleagues].index(HEAD))
    screen.hand_over()
    assert office.desk.get("case", ids.lone_case).values()["responsible_id"] == HEAD
    told[-1].do()
    assert office.desk.get("case", ids.lone_case).values()["responsible_id"] == ids.colleague


def test_every_figure_opens_its_records(place: Workplace, qtbot: Any) -> None:
    screen = shown(ReportsScreen(place), qtbot)
    made: list[Any] = []
    place.screen_wanted.connect(lambda _name, make: made.append(make()))
    tables = screen.findChildren(FigureTable)
    assert len(tables) == len(list(screen.report.tables()))
    table = next(one for one in tables if one.figures.table.name == "applications_by_reason")
    model = table.figures
    row = next(at for at in range(model.rowCount()) if model.figure(model.index(at, 3)))
    table.open(model.index(row, 3))
    records = shown(made[0], qtbot)
    assert isinstance(records, FigureRecords)
    assert records.table.records.rowCount() == records.figure.count >= 1


def test_the_month_before_is_one_press_away(place: Workplace, qtbot: Any) -> None:
    screen = shown(ReportsScreen(place), qtbot)
    screen.first, screen.last = date(2026, 3, 1), date(2026, 3, 31)
    screen.step(-1)
    assert (screen.first, screen.last) == (date(2026, 2, 1), date(2026, 2, 28))
    screen.step(1)
    screen.step(1)
    assert (screen.first, screen.last) == (date(2026, 4, 1), date(2026, 4, 30))
    assert screen.report.period.last == date(2026, 4, 30)


def test_what_leaves_the_center_opens_no_record(place: Workplace, qtbot: Any) -> None:
    screen = shown(ReportsScreen(place), qtbot)
    screen.leaves.click()
    assert screen.report.shared
    tables = screen.findChildren(FigureTable)
    shown_tables = [table for table in tables if table.isVisibleTo(screen)]
    for table in shown_tables:
        model = table.figures
        cells = (model.index(at, to) for at in range(model.rowCount()) for to in range(model.columnCount()))
        assert not any(model.figure(cell) for cell in cells)


def test_the_report_is_saved_as_a_spreadsheet(place: Workplace, tmp_path: Path, qtbot: Any) -> None:
    screen = shown(ReportsScreen(place), qtbot)
    path = tmp_path / "month.xlsx"
    screen.save_to(path)
    assert path.read_bytes().startswith(b"PK")


def test_the_report_is_seen_before_it_is_printed(place: Workplace, qtbot: Any) -> None:
    screen = shown(ReportsScreen(place), qtbot)
    preview = shown(PrintPreview(place, ReportPaper(screen.report)), qtbot)
    assert len(preview.pages) >= 2
    assert not preview.blank.isVisibleTo(preview)


def register_file(path: Path) -> Path:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    head = ("№", "Дата обращения", "ФИО", "ИИН", "Адрес, телефон", "Причина обращения")
    rows = (
        ("1", "12.03.2026", "Ахметова Гүлсім Ерланқызы", "", "Көкшетау, 8 701 555 00 11", "алимент"),
        ("2", "31.02.2026", "Серікова Ажар", "", "", "алимент"),
        ("1", "12.03.2026", "Ахметова Гүлсім Ерланқызы", "", "Көкшетау, 8 701 555 00 11", "алимент"),
    )
    for at, row in enumerate((head, *rows)):
        sheet.write_row(at, 0, row)
    book.close()
    return path


def test_a_register_is_looked_through_before_it_comes_in(
    place: Workplace, office: Office, tmp_path: Path, qtbot: Any
) -> None:
    before = office.desk.count("application")
    screen = shown(ImportScreen(place), qtbot)
    screen.preview(register_file(tmp_path / "register.xlsx"))
    assert screen.outcome
    assert (screen.outcome.rows, screen.outcome.applications, screen.outcome.problem_rows) == (3, 1, 1)
    assert office.desk.count("application") == before
    assert screen.stopped.rows()[0].accessibleName().startswith("Row 3")
    screen.take_in()
    assert office.desk.count("application") == before + 1
    assert not screen.take.isEnabled()
    problems = tmp_path / "rows.xlsx"
    screen.save_problems(problems)
    assert problems.exists()


def test_a_file_that_is_no_register_is_told_plainly(
    place: Workplace, told: list[Any], tmp_path: Path, qtbot: Any
) -> None:
    screen = shown(ImportScreen(place), qtbot)
    path = tmp_path / "photo.xlsx"
    path.write_bytes(b"\x89PNG not a spreadsheet")
    screen.preview(path)
    assert told[-1].tone == "overdue"
    assert not screen.take.isEnabled()


def test_a_paper_is_shown_in_both_languages_and_blank(place: Workplace, ids: Ids, qtbot: Any) -> None:
    preview = shown(PrintPreview(place, Paper("CASE_FORM", ids.case)), qtbot)
    filled = preview.pdf
    assert preview.pages
    assert preview.pages[0].pixmap().width() > 200
    preview.speak("ru")
    assert preview.pdf != filled
    preview.empty(True)
    assert preview.blank.isChecked()
    assert "Жұмабаева" not in text_of(preview.pdf)
    assert "Жұмабаева" in text_of(filled)


def text_of(pdf: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document)


def test_a_hidden_place_is_printed_only_with_a_reason(place: Workplace, office: Office, ids: Ids, qtbot: Any) -> None:
    make = Furnishing(office)
    make.put("person_address", person_id=ids.mother, kind="SAFE_PLACE", street="Панфилов 7", kept_secret=True)
    preview = shown(PrintPreview(place, Paper("CASE_FORM", ids.case)), qtbot)
    assert "Панфилов" not in text_of(preview.pdf)
    preview.where.click()
    assert not preview.where.isChecked()
    preview.place_line.setText("Сот сұрады")
    QTest.keyClick(preview.place_line, Qt.Key.Key_Return)
    assert preview.where.isChecked()
    assert "Панфилов" in text_of(preview.pdf)


def test_a_paper_is_saved_under_the_name_chosen(
    place: Workplace, ids: Ids, tmp_path: Path, told: list[Any], qtbot: Any
) -> None:
    preview = shown(PrintPreview(place, Paper("SAFETY_CARD", ids.case)), qtbot)
    preview.save_to(tmp_path / "card.pdf")
    assert (tmp_path / "card.pdf").read_bytes() == preview.pdf
    assert "card.pdf" in told[-1].text


def test_pages_grow_and_shrink(place: Workplace, ids: Ids, qtbot: Any) -> None:
    preview = shown(PrintPreview(place, Paper("SAFETY_CARD", ids.case)), qtbot)
    fitted = preview.pages[0].width()
    preview.magnify(-1)
    smaller = preview.pages[0].width()
    assert smaller < fitted
    preview.magnify(1)
    assert preview.pages[0].width() > smaller
    preview.fit()
    assert preview.zoom == 0.0


def test_a_paper_is_printed_as_it_is_seen(place: Workplace, ids: Ids, tmp_path: Path, qtbot: Any) -> None:
    from PySide6.QtPrintSupport import QPrinter

    from familydesk.ui.special.pdf_pages import pictures, put_on

    preview = shown(PrintPreview(place, Paper("CASE_FORM", ids.case)), qtbot)
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    put_on(printer, pictures(preview.pdf, 1.0))
    import pypdfium2

    assert len(pypdfium2.PdfDocument(tmp_path / "out.pdf")) == len(preview.pages)


def test_a_list_leads_to_what_belongs_to_it(place: Workplace, qtbot: Any) -> None:
    from PySide6.QtWidgets import QPushButton

    wanted: list[str] = []
    place.page_wanted.connect(lambda name: wanted.append(name))
    screen = shown(ApplicationsScreen(place), qtbot)
    door = next(one for one in screen.findChildren(QPushButton) if one.text() == "Import a register")
    door.click()
    assert wanted == ["register"]
