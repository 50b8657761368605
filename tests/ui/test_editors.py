from __future__ import annotations

import enum
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keyboard import write
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.i18n import N_, translate
from familydesk.records import SHEETS
from familydesk.records.person import Language, Sex
from familydesk.ui.editors import EDITORS, editor_for
from familydesk.ui.editors.times import read_day, read_moment
from familydesk.ui.workplace import Workplace

FIELDS = [(sheet.sheet(), field) for sheet in SHEETS for field in sheet.fields()]
LABEL = N_("Label")

VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.LINE: st.text(min_size=1, max_size=60),
    Kind.NOTE: st.text(min_size=1, max_size=200),
    Kind.DAY: st.dates(date(1800, 1, 1), date(2199, 12, 31)),
    Kind.MOMENT: st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    Kind.YES_NO: st.booleans(),
    Kind.NUMBER: st.integers(-(10**9), 10**9),
    Kind.AMOUNT: st.integers(0, 10**12).map(lambda hundredths: Decimal(hundredths) / 100),
    Kind.PHONE: st.sampled_from(["+77010000001", "102", "+498912345"]),
    Kind.IIN: st.sampled_from(["900201200007", "123", "00000000000A"]),
    Kind.REFERENCE: st.uuids(),
}


def value_of(field: Field) -> st.SearchStrategy[Any]:
    if field.choices is None:
        return VALUES[field.kind]
    members = st.sampled_from(list(field.choices)) | st.just("A_LATER_NAME")
    if field.kind is Kind.CHOICE:
        return members
    return st.lists(members, min_size=1, unique=True).map(tuple)


def typed(editor: Any, text: str) -> Any:
    editor.show()
    write(editor.main(), text)
    return editor


@pytest.fixture
def edit(place: Workplace, qtbot: Any, inline: None) -> Callable[..., Any]:
    """An editor of a kind, on screen."""

    def make(kind: Kind, **words: Any) -> Any:
        editor = editor_for(Field(LABEL, kind, "value", **words), place)
        qtbot.addWidget(editor)
        editor.show()
        return editor

    return make


def test_every_kind_has_an_editor() -> None:
    assert set(EDITORS) == set(Kind)


def test_every_field_has_an_editor_that_a_screen_reader_can_name(place: Workplace, qtbot: Any, inline: None) -> None:
    for sheet, field in FIELDS:
        editor = editor_for(field, place)
        qtbot.addWidget(editor)
        assert translate(field.label) in editor.main().accessibleName(), (sheet, field.name)
        assert editor.main().focusPolicy() & Qt.FocusPolicy.TabFocus, (sheet, field.name)


@pytest.mark.parametrize("field", {f.kind: f for _sheet, f in FIELDS}.values(), ids=lambda field: field.kind.value)
def test_a_value_shown_and_not_touched_comes_back_as_it_was(
    place: Workplace, qtbot: Any, inline: None, field: Field
) -> None:
    editor = editor_for(field, place)
    qtbot.addWidget(editor)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(value=st.none() | value_of(field))
    def check(value: Any) -> None:
        editor.set_value(value)
        assert editor.value() is value
        assert not editor.touched

    check()


@pytest.mark.parametrize("kind", [Kind.DAY, Kind.MOMENT, Kind.NUMBER, Kind.AMOUNT])
def test_what_is_shown_is_read_back_as_the_same_value(edit: Callable[..., Any], kind: Kind) -> None:
    editor = edit(kind)

    @settings(max_examples=60, deadline=None)
    @given(value=VALUES[kind])
    def check(value: Any) -> None:
        shown = value.replace(second=0, microsecond=0) if kind is Kind.MOMENT else value
        editor.set_value(shown)
        assert editor.read() == shown

    check()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("22.11.2026", date(2026, 11, 22)),
        ("2.1.1890", date(1890, 1, 2)),
        ("22112026", date(2026, 11, 22)),
        ("2026-11-22", date(2026, 11, 22)),
        ("22/11/2026", date(2026, 11, 22)),
        ("22.11.26", date(2026, 11, 22)),
        ("22.11.78", date(1978, 11, 22)),
    ],
)
def test_a_day_is_read_in_any_usual_spelling(text: str, day: date) -> None:
    with clock.stopped(datetime(2026, 11, 22, 12, tzinfo=clock.ZONE)):
        assert read_day(text) == day


@pytest.mark.parametrize("text", ["", "31.02.2026", "22.13.2026", "22.11", "завтра", "221120267"])
def test_what_is_no_day_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reader's own promise
        read_day(text)


@pytest.mark.parametrize("text", ["22.11.2026 14:20", "22.11.2026 1420", "22.11.2026, 14.20", "22 11 2026 14:20"])
def test_a_moment_is_read_in_any_usual_spelling(text: str) -> None:
    assert read_moment(text) == datetime(2026, 11, 22, 14, 20, tzinfo=clock.ZONE)


def test_a_day_alone_is_no_moment_and_is_told_so(edit: Callable[..., Any], qtbot: Any) -> None:
    editor = typed(edit(Kind.MOMENT), "22.11.2026")
    with pytest.raises(Refused) as refused:
        editor.value()
    assert "22.11.2026 14:20" in str(refused.value)


@given(text=st.text(max_size=20))
def test_the_reader_of_days_never_fails_but_by_saying_so(text: str) -> None:
    with suppress(ValueError):
        assert isinstance(read_day(text), date)


def test_a_line_loses_stray_spaces_only_when_somebody_wrote_in_it(edit: Callable[..., Any], qtbot: Any) -> None:
    editor = edit(Kind.LINE)
    editor.set_value(" as it came ")
    assert editor.value() == " as it came "
    editor.main().clear()
    typed(editor, "  Көкше   ")
    assert editor.value() == "Көкше"


def test_a_cleared_line_is_no_value(edit: Callable[..., Any], qtbot: Any) -> None:
    editor = edit(Kind.LINE)
    editor.set_value("а")
    editor.main().selectAll()
    qtbot.keyClick(editor.main(), Qt.Key.Key_Delete)
    assert editor.touched
    assert editor.value() is None


def test_a_note_grows_with_its_text_and_stops_growing(edit: Callable[..., Any]) -> None:
    editor = edit(Kind.NOTE)
    short = editor.main().height()
    editor.set_value("\n".join("abcdefgh"))
    QApplication.processEvents()
    longer = editor.main().height()
    editor.set_value("\n" * 300)
    QApplication.processEvents()
    assert short < longer < editor.main().height() < 40 * short


def test_tab_leaves_a_note(edit: Callable[..., Any]) -> None:
    assert edit(Kind.NOTE).main().tabChangesFocus()


@pytest.mark.parametrize("sum_", ["12 500,50", "12500.5", "12500,50 ₸"])
def test_a_sum_is_read_in_any_usual_spelling(edit: Callable[..., Any], qtbot: Any, sum_: str) -> None:
    assert typed(edit(Kind.AMOUNT), sum_).value() == Decimal("12500.50")


@pytest.mark.parametrize("sum_", ["много", "1,234", "NaN", "Infinity"])
def test_what_is_no_sum_is_refused(edit: Callable[..., Any], qtbot: Any, sum_: str) -> None:
    with pytest.raises(Refused):
        typed(edit(Kind.AMOUNT), sum_).value()


def test_an_iin_says_what_it_tells_as_soon_as_it_is_whole(edit: Callable[..., Any], qtbot: Any) -> None:
    editor = edit(Kind.IIN)
    told: list[str] = []
    editor.hinted.connect(told.append)
    number = iin_of(date(1890, 2, 1), "2")
    typed(editor, number[:11])
    assert not any(told)
    typed(editor, number[11:])
    assert "01.02.1890" in told[-1]


def iin_of(born: date, seventh: str) -> str:
    from familydesk.law.iin import is_valid

    bodies = (f"{born:%y%m%d}{seventh}{serial:04}{check}" for serial in range(1, 50) for check in range(10))
    return next(number for number in bodies if is_valid(number))


def test_a_person_s_number_shows_its_end_until_asked_for(edit: Callable[..., Any], qtbot: Any) -> None:
    editor = edit(Kind.PHONE)
    editor.set_value("+77010000042")
    assert "701" not in editor.main().text()
    assert editor.main().text().endswith("42")
    assert editor.main().isReadOnly()
    editor.reveal.click()
    assert editor.main().text() == "+7 701 000 00 42"
    assert editor.value() == "+77010000042"


def test_an_organisation_s_number_is_no_secret(edit: Callable[..., Any]) -> None:
    editor = edit(Kind.PHONE, secrecy=Secrecy.PLAIN)
    editor.set_value("+77010000042")
    assert editor.main().text() == "+7 701 000 00 42"


def test_a_number_written_anyhow_is_kept_one_way(edit: Callable[..., Any], qtbot: Any) -> None:
    assert typed(edit(Kind.PHONE), "8 (701) 000-00-42").value() == "+77010000042"


def test_a_choice_is_made_with_the_keyboard(edit: Callable[..., Any], qtbot: Any) -> None:
    editor = edit(Kind.CHOICE, choices=Sex)
    qtbot.keyClick(editor.main(), Qt.Key.Key_Down)
    assert editor.value() is Sex.FEMALE


def test_a_wheel_over_a_closed_box_changes_no_answer(edit: Callable[..., Any]) -> None:
    editor = edit(Kind.CHOICE, choices=Sex)
    editor.set_value(Sex.FEMALE)
    at = QPointF(5, 5)
    down = QPoint(0, -120)
    wheel = QWheelEvent(
        at, at, down, down, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(editor.main(), wheel)
    assert editor.value() is Sex.FEMALE
    assert editor.main().currentIndex() == 1


def test_a_name_from_a_newer_program_is_kept_and_can_be_left_again(edit: Callable[..., Any], qtbot: Any) -> None:
    editor = edit(Kind.CHOICE, choices=Sex)
    editor.set_value("LATER")
    assert editor.main().currentText() == "LATER"
    qtbot.keyClick(editor.main(), Qt.Key.Key_Home)
    assert editor.value() is None


def test_chips_are_walked_with_arrows_and_pressed_with_space(edit: Callable[..., Any], qtbot: Any) -> None:
    editor = edit(Kind.MANY, choices=Language)
    qtbot.keyClick(editor.buttons[0], Qt.Key.Key_Right)
    qtbot.keyClick(editor.buttons[1], Qt.Key.Key_Space)
    qtbot.keyClick(editor.buttons[1], Qt.Key.Key_Left)
    qtbot.keyClick(editor.buttons[0], Qt.Key.Key_Space)
    assert editor.value() == (Language.KAZAKH, Language.RUSSIAN)
    stops = [one for one in editor.buttons if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [editor.buttons[0]]


def test_members_that_this_version_does_not_know_survive_a_change(edit: Callable[..., Any], qtbot: Any) -> None:
    editor = edit(Kind.MANY, choices=Language)
    editor.set_value((Language.KAZAKH, "KLINGON"))
    qtbot.mouseClick(editor.buttons[0], Qt.MouseButton.LeftButton)
    assert editor.value() == ("KLINGON",)


@pytest.mark.parametrize(("presses", "answer"), [(1, True), (2, False), (3, None)])
def test_yes_no_and_not_known_are_three_answers(
    edit: Callable[..., Any], qtbot: Any, presses: int, answer: bool | None
) -> None:
    editor = edit(Kind.YES_NO)
    editor.set_value(None)
    stop = editor.buttons[2]
    for _press in range(presses):
        qtbot.keyClick(stop, Qt.Key.Key_Right)
        stop = next(one for one in editor.buttons if one.isChecked())
    assert editor.value() is answer


def test_a_reference_is_found_while_typing_and_taken_with_enter(
    edit: Callable[..., Any], qtbot: Any, person: Callable[..., UUID]
) -> None:
    person("Қоңырбаева", "Айша")
    wanted = person("Жұмабаева", "Мөлдір")
    editor = typed(edit(Kind.REFERENCE, target="person"), "жумаб")
    qtbot.waitUntil(lambda: editor.found.isVisible())
    assert editor.found.item(0).text() == "Жұмабаева Мөлдір"
    qtbot.keyClick(editor.main(), Qt.Key.Key_Return)
    assert editor.value() == wanted
    assert editor.main().text() == "Жұмабаева Мөлдір"


def test_letters_that_name_nobody_are_no_reference(edit: Callable[..., Any], qtbot: Any) -> None:
    editor = typed(edit(Kind.REFERENCE, target="person"), "жжжж")
    with pytest.raises(Refused):
        editor.value()
    editor.forget()
    assert editor.value() is None


def test_a_reference_offers_to_make_a_new_record(edit: Callable[..., Any], qtbot: Any, place: Workplace) -> None:
    editor = edit(Kind.REFERENCE, target="person")
    wishes: list[Any] = []
    place.aside_wanted.connect(wishes.append)
    qtbot.keyClick(editor.main(), Qt.Key.Key_Down)
    qtbot.keyClick(editor.main(), Qt.Key.Key_Down)
    qtbot.keyClick(editor.main(), Qt.Key.Key_Return)
    assert [wish.sheet for wish in wishes] == ["person"]


def test_small_directories_are_searched_by_their_letters(edit: Callable[..., Any], qtbot: Any) -> None:
    editor = typed(edit(Kind.REFERENCE, target="region"), "ақмола")
    qtbot.waitUntil(lambda: editor.found.isVisible())
    assert "Ақмола" in editor.found.item(0).text()


def test_no_vocabulary_has_two_members_that_look_alike() -> None:
    for _sheet, field in FIELDS:
        if isinstance(field.choices, type) and issubclass(field.choices, enum.Enum):
            labels = [member.value for member in field.choices]
            assert len(set(labels)) == len(labels)
