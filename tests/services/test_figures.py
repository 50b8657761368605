"""The figures of a month, counted from records in a real store."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import openpyxl
import pypdfium2
import pytest
from small_center import NOW, Center

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.records.staff_member import Role
from familydesk.reports.figure import Figure, Share
from familydesk.reports.month import Report
from familydesk.services.office import Office

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def october(day: int, hour: int = 12, minute: int = 0, second: int = 0) -> Any:
    return clock.local(2026, 10, day, hour, minute, second)


def cell(report: Report, table: str, label: str, column: int = 0) -> Any:
    rows = {row.label: row for row in report.table(table).rows}
    return rows[label].cells[column]


def count(report: Report, table: str, label: str, column: int = 0) -> int:
    found = cell(report, table, label, column)
    assert isinstance(found, Figure)
    return found.count


@pytest.fixture
def month(office: Office) -> Callable[..., Report]:
    return lambda **words: office.figures.month(FIRST, LAST, **words)


def test_an_empty_month_is_noughts_and_dashes(month: Callable[..., Report]) -> None:
    report = month()
    assert report.final
    for table in report.tables():
        for found in table.cells():
            if isinstance(found, Share):
                assert found.percent is None
            else:
                assert isinstance(found, Figure)
                assert found.count == 0


def test_the_last_second_of_the_last_day_counts_and_the_next_does_not(center: Center, month: Any) -> None:
    last = center.application(received_at=october(31, 23, 59, 59))
    center.application(received_at=clock.local(2026, 11, 1))
    first = center.application(received_at=october(1, 0))
    center.application(received_at=clock.local(2026, 9, 30, 23, 59, 59))
    total = cell(month(), "applications_by_channel", "Total", -1)
    assert total.opened() == sorted([last, first])


def test_a_second_application_of_one_person_is_repeated_unless_marked_as_the_first(center: Center, month: Any) -> None:
    person = center.person()
    center.application(person, received_at=october(2))
    again = center.application(person, received_at=october(9), channel="POLICE")
    marked_first = center.application(person, received_at=october(12), repeated=False)
    marked_again = center.application(received_at=october(12), repeated=True, channel="POLICE")
    report = month()
    assert cell(report, "applications_by_channel", "Police", 1).opened() == sorted([again, marked_again])
    assert marked_first in cell(report, "applications_by_channel", "Came herself or himself", 0).opened()


def test_archived_records_are_not_counted(center: Center, office: Office, month: Any) -> None:
    gone = center.application(received_at=october(5))
    office.desk.archive("application", gone)
    assert count(month(), "applications_by_reason", "Total", -1) == 0


def test_an_incident_of_three_forms_is_one_incident(center: Center, month: Any) -> None:
    victim = center.person(sex="FEMALE")
    forms = ("PHYSICAL", "PSYCHOLOGICAL", "ECONOMIC")
    one = incident(center, victim, 5, forms=forms)
    report = month()
    for label in ("Physical violence", "Psychological violence", "Economic violence"):
        assert cell(report, "incidents_by_form", label, 3).opened() == [one]
    assert count(report, "incidents_by_form", "Sexual violence", 3) == 0
    assert count(report, "incidents_by_form", "Incidents in all", 3) == 1


def incident(center: Center, victim: UUID, day: int, month: int = 10, year: int = 2026, **values: Any) -> UUID:
    at = clock.local(year, month, day, 20)
    case = values.pop("case", None) or center.case(victim, opened_on=date(2024, 1, 9))
    return center.incident(case, victim, happened_at=at, learned_at=at + timedelta(hours=1), **values)


def test_age_is_the_age_on_the_day_of_the_incident(center: Center, month: Any) -> None:
    # She turns 18 on 20 October: a child on the 19th, grown up on the 20th.
    girl = center.person(sex="FEMALE", born_on=date(2008, 10, 20))
    before = incident(center, girl, 19)
    after = incident(center, girl, 20)
    table = month().table("incidents_by_severity_female")
    ages = dict(zip(table.columns, table.rows[0].cells, strict=True))
    assert ages["16–17"].opened() == [before]  # type: ignore[union-attr]
    assert ages["18–20"].opened() == [after]  # type: ignore[union-attr]
    assert ages["of them under 18"].opened() == [before]  # type: ignore[union-attr]
    assert ages["Total"].count == 2  # type: ignore[union-attr]


def test_severity_by_sex_adds_up_to_all(center: Center, month: Any) -> None:
    for sex, born in (("FEMALE", date(1990, 1, 1)), ("MALE", date(2015, 1, 1)), (None, None)):
        victim = center.person(sex=sex, born_on=born) if sex else center.person()
        incident(center, victim, 7, severity="LIGHT", severity_source="MEDICAL")
    report = month()
    label = "Light harm to health"
    assert count(report, "incidents_by_severity", label, -2) == 3
    assert count(report, "incidents_by_severity_male", label, -1) == 1
    assert count(report, "incidents_by_severity_sex_not_recorded", label, -3) == 1


def test_an_incident_is_repeated_within_365_days_of_another_in_the_family_or_between_the_two(
    center: Center, month: Any
) -> None:
    offender = center.person("Ким", "Олег")
    woman, other, third = center.person(), center.person(), center.person()
    family = center.add("family", name="Ким").id
    case, second_case = (center.case(person, family_id=family, opened_on=date(2024, 1, 9)) for person in (woman, other))
    incident(center, woman, 10, 10, 2025, case=case)
    in_the_family = incident(center, other, 10, case=second_case)
    incident(center, third, 9, 10, 2025, offender_id=offender)
    incident(center, third, 10, offender_id=offender)
    report = month()
    assert cell(report, "incidents_by_form", "of them repeated", 3).opened() == [in_the_family]
    assert cell(report, "shares", "Repeated incidents", 2).percent == Decimal("50.0")


def test_the_cases_on_hand_balance(center: Center, month: Any) -> None:
    long_open = center.case(opened_on=date(2026, 9, 30))
    came_and_went = center.case(
        opened_on=FIRST, closed_on=LAST, closing_reason="GOAL_REACHED" if reason("GOAL_REACHED") else any_reason()
    )
    left = center.case(opened_on=date(2026, 3, 1), closed_on=FIRST, closing_reason=any_reason())
    center.case(opened_on=date(2026, 3, 1), closed_on=date(2026, 9, 30), closing_reason=any_reason())
    report = month()
    rows = {row.label: row.cells[0].opened() for row in report.table("cases_on_hand").rows}  # type: ignore[union-attr]
    assert rows == {
        "On hand at the start of the period": sorted([long_open, left]),
        "Taken in the period": [came_and_went],
        "Closed in the period": sorted([came_and_went, left]),
        "On hand at the end of the period": [long_open],
    }
    assert report.final


def reason(name: str) -> bool:
    from familydesk.records.case import ClosingReason

    return name in ClosingReason.__members__


def any_reason() -> str:
    from familydesk.records.case import ClosingReason

    return next(iter(ClosingReason)).name


def unbalance(office: Office, center: Center) -> UUID:
    """A case as another program may send it: closed, and never opened."""
    case = center.case(opened_on=FIRST, closed_on=LAST, closing_reason=any_reason())
    with office.database.write() as session:
        session.connection().exec_driver_sql('UPDATE "case" SET opened_on = NULL WHERE id = ?', (case.hex,))
    return case


def test_a_report_that_does_not_add_up_refuses_to_be_final(center: Center, office: Office, month: Any) -> None:
    case = unbalance(office, center)
    report = month()
    assert not report.final
    (section,) = (one for one in report.sections if one.faults)
    assert section.at_fault is not None
    assert section.at_fault.opened() == [case]
    with pytest.raises(Refused, match="0 on hand at the start"):
        office.figures.pdf(report, "en")
    with pytest.raises(Refused):
        office.figures.xlsx(report, "en")
    with pytest.raises(Refused):
        month(shared=True)
    assert office.figures.pdf(report, "en", draft=True).startswith(b"%PDF")


def test_orders_are_on_hand_from_service_to_their_end(center: Center, month: Any) -> None:
    case, woman = center.case(), center.person()

    def order(number: str, **values: Any) -> UUID:
        return center.order(case, woman, number=number, **values)

    before = clock.local(2026, 9, 20)
    kept = order("1", issued_at=before, served_at=before, valid_to=clock.local(2026, 11, 19))
    expired = order("2", issued_at=before, served_at=before)
    new = order("3", issued_at=october(20), served_at=october(31, 23, 30))
    cancelled = order("4", issued_at=october(2), served_at=october(2), cancelled_at=october(9))
    waiting = order("5", issued_at=october(30))
    center.add(
        "order_breach",
        order_id=new,
        happened_at=october(31, 23, 50),
        learned_from="102",
        reported_at=october(31, 23, 55),
    )
    center.add(
        "order_breach",
        order_id=new,
        happened_at=october(31, 23, 55),
        learned_from="102",
        reported_at=october(31, 23, 58),
    )
    report = month()
    opened = {row.label: row.cells[0].opened() for row in report.table("orders_on_hand").rows}  # type: ignore[union-attr]
    assert opened == {
        "On hand at the start of the period": sorted([kept, expired]),
        "New: served in the period": sorted([new, cancelled]),
        "Expired in the period": [expired],
        "Cancelled in the period": [cancelled],
        "On hand at the end of the period": sorted([kept, new]),
    }
    assert cell(report, "orders_in_the_period", "Issued and not served by the end of the period").opened() == [waiting]
    assert cell(report, "orders_in_the_period", "Orders breached in the period").opened() == [new]
    assert count(report, "orders_in_the_period", "Breaches in the period") == 2


def test_referrals_are_told_by_their_answer(center: Center, month: Any) -> None:
    case, person = center.case(), center.person()
    sent = {"sent_on": date(2026, 10, 5), "due_on": date(2026, 10, 20)}
    in_time = center.referral(case, person, **sent, answered_on=date(2026, 10, 20), answer="ACCEPTED")
    late = center.referral(case, person, **sent, answered_on=date(2026, 10, 21), answer="ACCEPTED")
    silent = center.referral(case, person, **sent)
    waiting = center.referral(case, person, sent_on=LAST, due_on=date(2026, 12, 1))
    report = month()
    row = next(row for row in report.table("referrals").rows if row.label == "Police")
    assert [figure.opened() for figure in row.cells[:4]] == [[in_time], [late], [silent], [waiting]]  # type: ignore[union-attr]


def test_terms_are_counted_in_the_period_in_which_they_fall_due(center: Center, month: Any) -> None:
    # Friday 25 September is day 0; 28, 29 and 30 September are the three working days.
    september = center.application(received_at=clock.local(2026, 9, 25, 12))
    # Monday 28 September is day 0; the third working day is Thursday 1 October.
    kept = center.application(received_at=clock.local(2026, 9, 28, 12))
    late = center.application(received_at=october(5))
    missed = center.application(received_at=october(6))
    for application, done_on in ((september, 26), (kept, 1), (late, 9)):
        on = date(2026, 10 if application != september else 9, done_on)
        center.add(
            "assessment", application_id=application, done_on=on, done_by_id=center.worker, conclusion="NOT_DIFFICULT"
        )
    row = next(row for row in month().table("terms").rows if row.label == "Primary assessment")
    fell_due, in_time, was_late, not_done, *_ = row.cells
    assert fell_due.opened() == sorted([kept, late, missed])  # type: ignore[union-attr]
    assert (in_time.opened(), was_late.opened(), not_done.opened()) == ([kept], [late], [missed])  # type: ignore[union-attr]
    assert row.cells[-1].percent == Decimal("33.3")  # type: ignore[union-attr]


def test_each_weekly_check_of_an_order_is_a_term_of_its_own(center: Center, month: Any) -> None:
    case, woman = center.case(), center.person()
    order = center.order(case, woman, issued_at=october(1, 9), served_at=october(1, 10))
    for day, hour in ((7, 12), (16, 12)):
        center.add("order_check", order_id=order, checked_at=october(day, hour), checked_by="Ахметов", finding="KEPT")
    row = next(row for row in month().table("terms").rows if row.label == "Check of a protective order")
    # Due on the 8th (kept on the 7th), on the 14th (late, on the 16th), on the 23rd (never done); then the order ends.
    assert [figure.count for figure in row.cells[:4]] == [3, 1, 1, 1]  # type: ignore[union-attr]
    assert row.cells[0].opened() == [order]  # type: ignore[union-attr]


def test_a_notice_that_the_head_excused_is_told_apart(center: Center, month: Any) -> None:
    victim = center.person()
    one = incident(center, victim, 8, child_harmed=True)
    center.add("mandatory_notice", incident_id=one, addressee="GUARDIANSHIP", not_sent_reason="Бала қауіпсіз жерде")
    rows = {row.label: row for row in month().table("terms").rows}
    assert rows["Notice to the guardianship body"].cells[4].opened() == [one]  # type: ignore[union-attr]
    assert rows["Police notice"].cells[3].opened() == [one]  # type: ignore[union-attr]


def test_a_consultation_is_counted_by_kind_and_form(center: Center, month: Any) -> None:
    person = center.person()
    center.add("consultation", person_id=person, held_at=october(3), kind="LEGAL", form="PHONE")
    report = month()
    table = report.table("consultations")
    by_form = dict(zip(table.columns, next(row for row in table.rows if row.label == "Legal").cells, strict=True))
    assert by_form["By telephone"].count == 1  # type: ignore[union-attr]
    assert by_form["Total"].count == 1  # type: ignore[union-attr]


def filled(center: Center) -> None:
    for number in range(14):
        person = center.person(sex="FEMALE" if number % 3 else "MALE", born_on=date(1980 + number * 2, 1, 1))
        center.application(person, received_at=october(1 + number), channel="POLICE" if number < 2 else "SELF")
    for number in range(7):
        woman = center.person(sex="FEMALE", born_on=date(1990, 5, 5))
        incident(center, woman, 3 + number)


def test_what_leaves_the_center_shows_no_small_figure_and_no_record(center: Center, month: Any) -> None:
    filled(center)
    own, shared = month(), month(shared=True)
    assert count(own, "applications_by_channel", "Police", -1) == 2
    for table in shared.tables():
        for found in table.cells():
            for figure in (found.part, found.whole) if isinstance(found, Share) else (found,):
                if isinstance(figure, Figure):
                    assert figure.ids is None
                    assert figure.count == 0 or figure.count >= 5
    assert isinstance(cell(shared, "applications_by_channel", "Total", -1), Figure)
    assert cell_is_hidden(shared, "applications_by_channel", "Police")
    assert cell_is_hidden(shared, "applications_by_channel", "Came herself or himself")


def cell_is_hidden(report: Report, table: str, label: str) -> bool:
    return not isinstance(cell(report, table, label, -1), Figure)


def test_the_spreadsheet_holds_the_numbers_of_the_report(center: Center, office: Office, month: Any) -> None:
    filled(center)
    for words in ({}, {"shared": True}):
        report = month(**words)
        book = openpyxl.load_workbook(io.BytesIO(office.figures.xlsx(report, "en")))
        written = {
            value
            for sheet in book
            for line in sheet.iter_rows(values_only=True)
            for value in line
            if isinstance(value, int | float)
        }
        expected = {found.count for table in report.tables() for found in table.cells() if isinstance(found, Figure)}
        assert expected <= written
        assert not any(cell.data_type == "f" for sheet in book for line in sheet.iter_rows() for cell in line)
        sheet = book["Applications"]
        by_label = {line[0]: line for line in sheet.iter_rows(values_only=True)}
        assert by_label["Police"][3] == (2 if not words else "*")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_paper_tells_the_same_numbers(center: Center, office: Office, month: Any, language: str) -> None:
    import pypdfium2

    filled(center)
    report = month()
    document = pypdfium2.PdfDocument(office.figures.pdf(report, language))
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    assert document.get_metadata_value("Author") in ("", None)
    assert "14" in text
    assert text.count("\ufffd") == 0
    assert len(document) >= 5


def test_every_font_of_the_paper_is_inside_it(center: Center, office: Office, month: Any) -> None:
    import pikepdf

    filled(center)
    document = pikepdf.open(io.BytesIO(office.figures.pdf(month(), "kk")))
    assert document.check_pdf_syntax() == []
    fonts = [font for page in document.pages for font in page.Resources.Font.values()]
    assert fonts
    assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_no_paper_names_a_record(center: Center, office: Office, month: Any) -> None:
    center.application(center.person("Сыбанбаева", "Гүлжауһар"), received_at=october(4))
    report = month()
    told = str(report.as_json())
    assert "Сыбанбаева" not in told
    assert center.worker.hex not in told


def test_a_period_that_is_not_over_says_so(office: Office, center: Center) -> None:
    assert office.figures.month(date(2026, 11, 1), NOW.date()).in_progress
    assert not office.figures.month(FIRST, LAST).in_progress


def test_a_period_that_ends_before_it_begins_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="ends before it begins"):
        office.figures.month(LAST, FIRST)


def test_every_row_and_column_has_a_name_of_its_own_that_no_translation_changes(month: Any, office: Office) -> None:
    half = office.figures.month(date(2026, 1, 1), date(2026, 6, 30))
    for table in [*month().tables(), *half.tables()]:
        for names in ([row.name for row in table.rows], table.names):
            assert len(set(names)) == len(names)
            assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", name) for name in names), table.name
        assert len(table.names) == len(table.columns)


def test_what_is_hidden_is_told_apart_from_a_share_of_nothing(center: Center, month: Any) -> None:
    filled(center)
    told = {table["name"]: table for section in month(shared=True).as_json()["sections"] for table in section["tables"]}
    police = next(row for row in told["applications_by_channel"]["rows"] if row["name"] == "POLICE")
    assert police["cells"][-1] is None
    assert "TOTAL" in police["hidden"]
    own = {table["name"]: table for section in month().as_json()["sections"] for table in section["tables"]}
    terms = next(row for row in own["terms"]["rows"] if row["name"] == "GUARDIANSHIP_NOTICE")
    assert terms["cells"][-1] is None
    assert terms["hidden"] == []


def test_a_month_that_is_not_over_agrees_and_is_not_final(office: Office, center: Center) -> None:
    with clock.stopped(NOW):
        running = office.figures.month(date(2026, 11, 1), date(2026, 11, 30))
        over = office.figures.month(FIRST, LAST)
    assert [(report.agrees, report.in_progress, report.final) for report in (running, over)] == [
        (True, True, False),
        (True, False, True),
    ]
    assert running.as_json()["final"] is False
    assert office.figures.pdf(running, "kk").startswith(b"%PDF")


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MEDIATOR])
def test_who_only_counts_for_others_has_that_version_on_paper_and_in_a_spreadsheet(
    office: Office, center: Center, role: Role
) -> None:
    worker = center.add("staff_member", surname="Оразова", given="Әлия", role=role.name).id
    office.database.actor = worker
    shared = office.figures.month(FIRST, LAST, shared=True)
    (page, *_more) = pypdfium2.PdfDocument(office.figures.pdf(shared, "kk"))
    assert "Оразова Әлия" in page.get_textpage().get_text_bounded()
    assert office.figures.xlsx(shared, "kk")
    with pytest.raises(Refused):
        office.figures.month(FIRST, LAST)


def assessed(center: Center, day: int, *grounds: str, **values: Any) -> None:
    found = "DIFFICULT" if grounds else "NOT_DIFFICULT"
    application = center.application(received_at=october(1))
    center.add(
        "assessment",
        application_id=application,
        done_on=date(2026, 10, day),
        done_by_id=center.worker,
        conclusion=found,
        grounds=grounds,
    )


def test_a_family_with_two_grounds_is_one_family(center: Center, month: Any) -> None:
    assessed(center, 2, "CRUEL_TREATMENT", "HOMELESSNESS")
    assessed(center, 31, "CRUEL_TREATMENT")
    assessed(center, 3)
    report = month()
    assert count(report, "difficult_situation_by_ground", "Homelessness") == 1
    assert count(report, "difficult_situation_by_ground", "Total") == 2
    assert count(report, "assessments_by_conclusion", "Total") == 3
    assert count(report, "assessments_by_conclusion", "Not in a difficult life situation") == 1


def test_orders_are_counted_by_the_body_that_issued_them_however_it_is_written(center: Center, month: Any) -> None:
    person = center.person()
    case = center.case(person)
    for body in ("Абай  ауданының ПБ", "абай ауданының пб", "Абай  ауданының ПБ", "Сот"):
        center.order(case, person, issued_at=october(5), issued_by=body)
    assert count(month(), "orders_by_body", "Абай ауданының ПБ") == 3
    assert count(month(), "orders_by_body", "Total") == count(
        month(), "orders_in_the_period", "Orders issued in the period"
    )
    shared = month(shared=True).table("orders_by_body")
    assert [row.label for row in shared.rows] == ["Not named: few records", "Not named: few records", "Total"]


def test_the_half_year_block_stands_in_a_report_of_a_half_year_alone(
    center: Center, office: Office, month: Any
) -> None:
    center.application(received_at=october(4), channel="POLICE")
    center.application(received_at=clock.local(2026, 9, 30, 23, 59), channel="SELF")
    assessed(center, 6, "CRUEL_TREATMENT")
    table = office.figures.month(date(2026, 7, 1), date(2026, 12, 31)).table("early_detection")
    told = {row.name: [cell.count for cell in row.cells] for row in table.rows}
    assert told["MONTH_09"] == [1, 0, 0, 0]
    assert told["MONTH_10"] == [2, 1, 1, 1]
    assert told["TOTAL"] == [3, 1, 1, 1]
    with pytest.raises(KeyError):
        month().table("early_detection")


def test_a_report_of_half_a_year_may_leave_the_center(center: Center, office: Office) -> None:
    filled(center)
    shared = office.figures.month(date(2026, 7, 1), date(2026, 12, 31), shared=True)
    for found in shared.table("early_detection").cells():
        assert not isinstance(found, Figure) or found.count == 0 or found.count >= 5
