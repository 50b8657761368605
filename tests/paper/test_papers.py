"""Every form, in both languages, filled, empty and to fill by hand: what it shows and what it must never show."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import invented_case as invented
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from familydesk.core.clock import local
from familydesk.core.fields import Secrecy
from familydesk.core.i18n import _, speaking
from familydesk.core.ids import new_id
from familydesk.core.record import Record
from familydesk.paper.drawing import draw
from familydesk.paper.forms import FORMS, FormInfo, form_of
from familydesk.paper.wording import CONFIDENTIAL, NOT_THE_ORDER, TITLES
from familydesk.records import SHEETS, sheet_of
from familydesk.records.application import Application
from familydesk.records.case import Case
from familydesk.records.consent import Consent
from familydesk.records.incident import Incident
from familydesk.records.person import Person
from familydesk.records.person_phone import PersonPhone, SafeToCall
from familydesk.records.protective_order import ProtectiveOrder
from familydesk.records.referral import Referral
from familydesk.records.staff_member import StaffMember

Pages = Callable[[bytes], list[str]]
Text = Callable[[bytes], str]

LANGUAGES = ("kk", "ru")
BLANKS = [form for form in FORMS if form.blank]


def starts_from(form: FormInfo) -> type[Record]:
    return sheet_of(form.sheet or "protective_order")


def filled(form: FormInfo, language: str = "kk", **words: Any) -> bytes:
    return draw(form, invented.dossier(starts_from(form), **words), language)


def named(form: FormInfo) -> str:
    return form.name


every_form = pytest.mark.parametrize("form", FORMS, ids=named)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_form
@every_language
def test_a_paper_opens_without_complaint_and_brings_its_fonts(
    form: FormInfo, language: str, fonts: Callable[[bytes], dict[str, bool]]
) -> None:
    drawn = filled(form, language)
    with pikepdf.open(io.BytesIO(drawn)) as document:
        assert document.check_pdf_syntax() == []
    found = fonts(drawn)
    assert found
    assert all(found.values()), found
    assert not any("Helvetica" in name for name in found)


@every_form
def test_a_paper_says_its_language_and_nothing_of_whom_it_is_about(form: FormInfo) -> None:
    with pikepdf.open(io.BytesIO(filled(form, "ru"))) as document:
        assert str(document.Root.Lang) == "ru"
        told = " ".join(str(value) for value in document.docinfo.values())
    assert "бдірахманов" not in told
    assert "2026-0042" not in told
    assert "anonymous" not in told
    assert "unspecified" not in told
    assert "D:20260422142000+05'00'" in told


@every_form
def test_one_matter_makes_the_same_bytes(form: FormInfo) -> None:
    file = invented.dossier(starts_from(form))
    assert draw(form, file, "kk") == draw(form, file, "kk")


@pytest.mark.parametrize("form", BLANKS, ids=named)
@every_language
def test_every_page_tells_its_number_and_how_many_there_are(form: FormInfo, language: str, pages: Pages) -> None:
    for drawn in (filled(form, language), filled(form, language, blank=True)):
        found = pages(drawn)
        for number, page in enumerate(found, 1):
            with speaking(language):
                assert _("Page {number} of {total}").format(number=number, total=len(found)) in page


@pytest.mark.parametrize("form", [form for form in FORMS if form.headed], ids=named)
def test_a_paper_bears_the_center_in_both_languages_and_the_day_of_printing(form: FormInfo, text: Text) -> None:
    told = text(filled(form))
    for part in ("«Мерейлі»", "КГУ «Центр поддержки семьи «Мерейлі»", "940140000385", "22.04.2026"):
        assert part in told


@pytest.mark.parametrize("form", [form for form in FORMS if form.name in TITLES], ids=named)
@every_language
def test_a_heading_stands_in_both_languages_kazakh_first(form: FormInfo, language: str, text: Text) -> None:
    told = text(filled(form, language))
    kk, ru = (" ".join(title.split()) for title in TITLES[form.name])
    assert told.index(kk) < told.index(ru)


@every_form
def test_a_confidential_paper_says_so_on_every_page(form: FormInfo, pages: Pages) -> None:
    for page in pages(filled(form)):
        assert (" / ".join(CONFIDENTIAL) in page) is form.confidential


@every_form
@every_language
def test_no_secret_place_and_no_privileged_note_is_printed(form: FormInfo, language: str, text: Text) -> None:
    for nth in range(2 if form.name in ("REFERRAL_LETTER", "RECORD") and form.sheet else 1):
        told = text(filled(form, language, nth=nth)).replace(" ", "").replace("-", "")
        for secret in invented.SECRETS.values():
            assert secret.replace(" ", "").replace("-", "") not in told
        assert "5550199" not in told


def test_a_record_page_withholds_places_and_leaves_the_specialists_note_out(text: Text) -> None:
    form = form_of("RECORD")
    for sheet in invented.records():
        count = len(invented.records()[sheet])
        for nth in range(count):
            told = text(draw(form, invented.dossier(sheet, nth=nth), "kk")).replace(" ", "").replace("-", "")
            for secret in invented.SECRETS.values():
                assert secret.replace(" ", "").replace("-", "") not in told, sheet


def test_a_named_permission_prints_the_address_and_says_why(text: Text) -> None:
    told = text(filled(form_of("CASE_FORM"), "ru", permission="Запрос суда № 5"))
    assert invented.SECRETS["street"] in told
    assert "Запрос суда № 5" in told
    assert invented.SECRETS["note"] not in told


def test_a_number_that_needs_care_is_printed_only_with_its_conditions(text: Text) -> None:
    told = text(filled(form_of("CASE_FORM"), permission="Сот сұрауы"))
    assert "+7 701 555 01 01" in told
    assert "+7 701 555 01 99" in told
    assert invented.SECRETS["hours"] in told
    assert invented.SECRETS["alias"] in told


@pytest.mark.parametrize("answer", [SafeToCall.NO, SafeToCall.UNKNOWN, None])
def test_a_number_not_known_to_be_safe_is_never_printed(answer: SafeToCall | None, text: Text) -> None:
    def unsafe(made: dict[type[Record], list[Record]]) -> None:
        for phone in made[PersonPhone]:
            phone.safe_to_call = answer  # type: ignore[attr-defined]

    told = text(filled(form_of("CASE_FORM"), permission="Сот сұрауы", change=unsafe))
    assert "+7 701" not in told


def test_a_page_of_a_telephone_says_that_an_unsafe_number_is_kept_back(text: Text) -> None:
    safe, careful = (text(draw(form_of("RECORD"), invented.dossier(PersonPhone, nth=nth), "ru")) for nth in (0, 1))
    with speaking("ru"):
        kept = _("Kept at the center; it is not printed.")
    assert "+7 701 555 01 01" in safe
    assert careful.count(kept) == safe.count(kept) + 1


def test_the_cover_tells_neither_an_address_nor_what_happened(text: Text) -> None:
    made = invented.records()
    told = text(filled(form_of("COVER"), "ru"))
    assert "МР-2026-0042" in told
    assert "А.Н. Әбдірахманова" in told
    case: Any = made[Case][0]
    incident: Any = made[Incident][0]
    for hidden in (case.situation, incident.circumstances, incident.injuries, "600229200004", "Қарағанды облысы"):
        assert hidden[:20] not in told


def test_the_safety_card_names_no_center_and_no_one_and_has_the_numbers(text: Text) -> None:
    told = text(filled(form_of("SAFETY_CARD"), "kk"))
    for trace in ("Мерейлі", "940140000385", "МР-2026", "бдірахман", "555"):
        assert trace not in told
    for number in ("102", "112", "103", "111"):
        assert told.count(number) >= 4
    assert "150" not in told, "nobody has confirmed that this line still answers"


def test_the_receipt_does_not_say_why_she_came(text: Text) -> None:
    told = text(filled(form_of("RECEIPT"), "ru"))
    assert "2026/0117" in told
    application: Any = invented.records()[Application][0]
    assert application.reason_text[:15] not in told
    assert application.reason.value not in told
    assert application.sender not in told


def test_the_referral_tells_no_more_than_the_other_body_needs(text: Text) -> None:
    told = text(filled(form_of("REFERRAL_LETTER"), "ru"))
    assert "Әбдірахманова Айгерім Нұрланқызы" in told
    assert "Поликлиника № 3 города Караганды" in told
    incident: Any = invented.records()[Incident][0]
    for hidden in (incident.circumstances[:20], incident.police_number, "Ерлан", "5550101", "555 01 01"):
        assert hidden not in told


def test_the_order_card_says_that_it_is_not_the_order(text: Text) -> None:
    told = text(filled(form_of("ORDER_CARD")))
    for sentence in NOT_THE_ORDER:
        assert sentence in told
    for part in ("ҚН-0455", "01.05.2026 00:30", "08.04.2026 00:30", "29.04.2026 00:30", "263515030004977"):
        assert part in told


def test_the_weekly_checks_of_an_order_count_hours_across_the_change_of_clocks(text: Text) -> None:
    def earlier(made: dict[type[Record], list[Record]]) -> None:
        order: Any = made[ProtectiveOrder][0]
        order.issued_at = order.served_at = local(2024, 2, 25, 12)
        order.valid_to = local(2024, 3, 26, 11)

    # On 1 March 2024 the clocks of Almaty went an hour back.
    assert "03.03.2024 11:00" in text(filled(form_of("ORDER_CARD"), change=earlier))


@pytest.mark.parametrize(
    ("issued_on", "law"),
    [(date(2026, 2, 25), "214-IV"), (date(2026, 3, 2), "245-VIII"), (date(2026, 4, 1), "245-VIII")],
)
@every_language
def test_an_order_cites_the_law_of_the_day_on_which_it_was_issued(
    issued_on: date, law: str, language: str, text: Text
) -> None:
    def issued(made: dict[type[Record], list[Record]]) -> None:
        order: Any = made[ProtectiveOrder][0]
        moved = issued_on - order.issued_at.date()
        for name in ("issued_at", "served_at", "valid_to"):
            setattr(order, name, getattr(order, name) + moved)

    told = text(filled(form_of("ORDER_CARD"), language, change=issued))
    other = {"214-IV": "245-VIII", "245-VIII": "214-IV"}[law]
    assert f"№ {law}" in told
    assert f"№ {other}" not in told


def test_a_consent_holds_all_that_the_law_asks(text: Text) -> None:
    told = text(filled(form_of("CONSENT"), "ru"))
    for part in ("940140000385", "Әбдірахманова", "600229200004", "94-V"):
        assert part in told
    assert told.count("\N{BALLOT BOX WITH X}") == 6 + 3
    assert told.count("\N{BALLOT BOX}") == (10 - 6) + (9 - 3)


def test_a_withdrawn_consent_shows_its_withdrawal(text: Text) -> None:
    def withdrawn(made: dict[type[Record], list[Record]]) -> None:
        made[Consent][0].withdrawn_on = date(2026, 4, 20)  # type: ignore[attr-defined]

    assert "20.04.2026" in text(filled(form_of("CONSENT"), change=withdrawn))


@every_form
@every_language
def test_a_record_of_which_nothing_is_known_still_prints(form: FormInfo, language: str, pages: Pages) -> None:
    assert pages(draw(form, invented.empty_dossier(starts_from(form)), language))


@pytest.mark.parametrize("form", BLANKS, ids=named)
@every_language
def test_a_blank_form_has_no_record_in_it(form: FormInfo, language: str, text: Text) -> None:
    told = text(filled(form, language, blank=True))
    for trace in ("бдірахман", "0042", "0117", "\N{BALLOT BOX WITH X}", "22.04.2026"):
        assert trace not in told


def test_every_kazakh_letter_is_set_and_can_be_copied(text: Text) -> None:
    def renamed(made: dict[type[Record], list[Record]]) -> None:
        made[Person][0].surname = invented.KAZAKH  # type: ignore[attr-defined]

    assert invented.KAZAKH in text(filled(form_of("CASE_FORM"), change=renamed))


def test_a_decomposed_letter_is_set_composed(text: Text) -> None:
    def renamed(made: dict[type[Record], list[Record]]) -> None:
        made[Person][0].surname = "И\u0306са"  # type: ignore[attr-defined]

    assert "Йса" in text(filled(form_of("CASE_FORM"), change=renamed))


def test_a_long_position_stands_whole_above_its_signature(text: Text) -> None:
    position = "Отбасын сүйемелдеуге жауапты тұлға, арнаулы әлеуметтік қызметтерге қажеттілікті бағалау жөніндегі маман"

    def titled(made: dict[type[Record], list[Record]]) -> None:
        for member in made[StaffMember]:
            member.position = position  # type: ignore[attr-defined]

    told = text(filled(form_of("CASE_FORM"), change=titled)).replace("-", "")
    assert all(word in told for word in position.split())


@given(st.text(max_size=300), st.text(max_size=3000))
@settings(max_examples=25, deadline=None)
def test_whatever_was_typed_the_paper_is_made(line: str, note: str) -> None:
    def typed(made: dict[type[Record], list[Record]]) -> None:
        made[Person][0].surname = line  # type: ignore[attr-defined]
        made[Case][0].situation = note  # type: ignore[attr-defined]

    for name in ("CASE_FORM", "RECORD"):
        drawn = draw(form_of(name), invented.dossier(Case, change=typed), "kk")
        with pikepdf.open(io.BytesIO(drawn)) as document:
            assert document.check_pdf_syntax() == []


def test_a_note_of_five_thousand_letters_breaks_over_pages_and_loses_no_word(pages: Pages) -> None:
    words = [f"сөз{number}жалғасуда" for number in range(400)]
    note = " ".join(words)
    assert len(note) > 5000

    def told_at_length(made: dict[type[Record], list[Record]]) -> None:
        made[Incident][0].circumstances = note  # type: ignore[attr-defined]
        made[Referral][0].request = note  # type: ignore[attr-defined]

    for name in ("CASE_FORM", "REFERRAL_LETTER"):
        drawn = pages(filled(form_of(name), change=told_at_length))
        found = re.findall(r"сөз(\d+)жалғасуда", " ".join(drawn))
        seen = [number for number in dict.fromkeys(map(int, found))]
        assert seen == list(range(400))


def test_a_table_of_many_rows_repeats_its_head_on_every_page(pages: Pages) -> None:
    from familydesk.records.consultation import Consultation

    def many(made: dict[type[Record], list[Record]]) -> None:
        first: Any = made[Consultation][0]
        for number in range(80):
            values = first.values() | {"held_at": first.held_at + timedelta(hours=number)}
            made[Consultation].append(Consultation(id=new_id(), archived=False, **values))

    found = pages(filled(form_of("CONSULTATION_JOURNAL"), "kk", change=many))
    assert len(found) > 3
    assert all("№" in page for page in found[:-1])
    assert sum(len(re.findall(r"\d\d\.\d\d\.2026", page)) for page in found) >= 86


def test_the_forms_are_listed_without_loading_the_typesetter() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import familydesk.services.prints, sys; print('reportlab' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "False"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.sheet())
def test_every_sheet_has_a_plain_page_with_all_labels_but_the_sealed_ones(sheet: type[Record], text: Text) -> None:
    told = text(draw(form_of("RECORD"), invented.empty_dossier(sheet), "ru"))
    with speaking("ru"):
        for field in sheet.fields():
            label = " ".join(_(field.label).split())
            if field.secrecy is Secrecy.PRIVILEGED:
                assert label not in told
            elif len(label) < 20:
                assert label in told


@pytest.mark.parametrize("blank", [False, True])
@every_language
def test_the_signatures_of_a_consent_stand_on_the_page_they_sign(language: str, blank: bool, pages: Pages) -> None:
    first = pages(filled(form_of("CONSENT"), language, blank=blank))[0]
    with speaking(language):
        assert _("signature") in first


@pytest.mark.parametrize("blank", [False, True])
@every_language
def test_the_reply_slip_stands_at_the_foot_of_its_letter(language: str, blank: bool, pages: Pages) -> None:
    found = pages(filled(form_of("REFERRAL_LETTER"), language, blank=blank))
    assert len(found) == 1
    with speaking(language):
        assert _("Reply slip") in found[0]


def test_an_act_of_destruction_tells_the_sum_what_stays_and_which_copies_still_hold_it(text: Text) -> None:
    told = text(filled(form_of("DESTRUCTION_ACT"), "ru"))
    for words in (
        "МР-01-2019-0003",
        "01.03.2019 + 5 = 01.03.2024",
        "МР-01-2018-0002",
        "desk-2026-04-19.backup",
        "03.05.2026",
    ):
        assert words in told
    assert "Қасымова Д." in told
    assert "CASE_FILE" not in told
