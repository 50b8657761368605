"""Papers drawn from a real store: by case number, by record, blank; and who may have a secret place printed."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from small_center import NOW, Center

from familydesk.core.errors import Refused, Weather
from familydesk.records.case import Case
from familydesk.services.dossiers import NO_CASE, NOTHING_YET, OF_ANOTHER
from familydesk.services.office import Office
from familydesk.services.prints import NO_FORM, NOT_YOURS, draw_all, neutral_name

STREET = "Жасырын көше 5"


def told(drawn: bytes) -> str:
    document = pypdfium2.PdfDocument(drawn)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


class Folder:
    """One case with a little of everything."""

    def __init__(self, center: Center) -> None:
        self.center = center
        known = center.office.desk.find("center", limit=1)
        names = {"name_kk": "«Қамқор» орталығы", "name_ru": "Центр «Қамқор»", "code": "ҚА", "bin": "940140000385"}
        center.office.desk.save("center", names, known[0].id if known else None)
        self.client = center.person("Жұмабаева", "Мөлдір")
        self.family = center.add("family", name="Жұмабаевалар").id
        center.add("family_member", family_id=self.family, person_id=self.client, relation="CLIENT")
        center.add("person_phone", person_id=self.client, number="+77015550101", safe_to_call="YES")
        center.add("person_phone", person_id=self.client, number="+77015550199", safe_to_call="NO")
        center.add("person_address", person_id=self.client, kind="SAFE_PLACE", street=STREET)
        self.case = center.case(self.client, family_id=self.family)
        self.number = center.office.desk.get("case", self.case).number  # type: ignore[attr-defined]
        center.application(self.client, case_id=self.case)
        center.incident(self.case, self.client, circumstances="Есік сындырылды")
        self.order = center.order(self.case, self.client, served_at=NOW - timedelta(days=8))
        center.add("order_check", order_id=self.order, checked_at=NOW, checked_by="Т. Оразбаев", finding="KEPT")
        self.consultation = center.add(
            "consultation",
            case_id=self.case,
            person_id=self.client,
            held_at=NOW,
            kind="PSYCHOLOGICAL",
            form="IN_PERSON",
            agreed_steps="Құжаттарды жинау",
            specialist_note="МӨРЛЕНГЕНЖАЗБА",
        ).id
        self.first_referral = center.referral(self.case, self.client, request="Бірінші сұрау", sent_on=NOW.date())
        self.second_referral = center.referral(
            self.case, self.client, request="Екінші сұрау", sent_on=NOW.date() + timedelta(days=1)
        )

    def draw(self, form: str, **words: Any) -> str:
        return told(self.center.office.prints.draw(form, **{"case_number": self.number, **words}))


@pytest.fixture
def folder(center: Center) -> Folder:
    return Folder(center)


def test_a_form_knows_the_case_of_the_record_it_was_asked_for(folder: Folder) -> None:
    by_case = folder.draw("CASE_FORM", case_number=None, record_id=folder.case, language="ru")
    assert "Есік сындырылды" in by_case
    by_order = folder.draw("ORDER_CARD", case_number=None, record_id=folder.order, language="ru")
    assert folder.number in by_order


def test_the_case_form_gathers_the_case_from_the_store(folder: Folder) -> None:
    paper = folder.draw("CASE_FORM", language="ru")
    for part in (folder.number, "Жұмабаева", "Есік сындырылды", "Құжаттарды жинау", "Екінші сұрау", "+7 701 555 01 01"):
        assert part in paper
    for hidden in (STREET, "555 01 99", "МӨРЛЕНГЕНЖАЗБА"):
        assert hidden not in paper


def test_open_deadlines_stand_on_the_case_form_with_their_ground(folder: Folder) -> None:
    office = folder.center.office
    open_ones = office.deadlines.for_case(folder.case)
    assert open_ones
    paper = folder.draw("CASE_FORM", language="kk")
    for due in open_ones:
        assert f"{due.due:%d.%m.%Y %H:%M}" in paper


def test_a_form_about_one_record_takes_the_newest_of_the_case_or_the_one_named(folder: Folder) -> None:
    assert "Екінші сұрау" in folder.draw("REFERRAL_LETTER")
    assert "Бірінші сұрау" in folder.draw("REFERRAL_LETTER", record_id=folder.first_referral)


def test_children_of_an_order_come_with_it(folder: Folder) -> None:
    paper = folder.draw("ORDER_CARD", record_id=folder.order, case_number=None)
    assert "Т. Оразбаев" in paper
    assert folder.number in paper


def test_a_plain_page_of_any_record_is_drawn(folder: Folder) -> None:
    paper = folder.draw("RECORD", sheet="consultation", record_id=folder.consultation, case_number=None)
    assert "Құжаттарды жинау" in paper
    assert "МӨРЛЕНГЕНЖАЗБА" not in paper


def test_a_blank_form_needs_no_case(folder: Folder) -> None:
    paper = folder.draw("CONSENT", case_number=None, blank=True)
    assert "«Қамқор» орталығы" in paper
    assert "Жұмабаева" not in paper


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"form": "NO_SUCH"}, NO_FORM),
        ({"form": "CASE_FORM", "case_number": "ЖОҚ-1"}, NO_CASE),
        ({"form": "CONSENT"}, NOTHING_YET),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(folder: Folder, words: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        folder.draw(**words)
    assert [problem.text for problem in refused.value.problems] == [sentence]


def test_english_is_no_language_of_papers(folder: Folder) -> None:
    with pytest.raises(Refused):
        folder.draw("CASE_FORM", language="en")


def test_the_one_responsible_may_have_the_address_printed_for_a_reason(folder: Folder) -> None:
    office = folder.center.office
    office.database.actor = folder.center.worker
    paper = folder.draw("CASE_FORM", allow_location="Сот сұрауы № 7")
    assert STREET in paper
    assert "Сот сұрауы № 7" in paper
    assert "555 01 99" not in paper


def test_a_colleague_may_not(folder: Folder) -> None:
    center = folder.center
    center.office.database.actor = center.add("staff_member", surname="Қасым", given="Ая", role="LAWYER").id
    with pytest.raises(Refused) as refused:
        folder.draw("CASE_FORM", allow_location="Сот сұрауы")
    assert refused.value.problems[0].text == NOT_YOURS
    assert STREET not in folder.draw("CASE_FORM", allow_location="  ")


def test_being_responsible_for_one_case_opens_no_place_of_another(folder: Folder) -> None:
    center, office = folder.center, folder.center.office
    stranger = center.person("Қасым", "Нұрила")
    address = center.add("person_address", person_id=stranger, kind="SAFE_PLACE", street="Бөтен көше 9").id
    other = center.order(center.case(stranger, responsible_id=office.me), stranger)
    check = center.add("order_check", order_id=other, checked_at=NOW, checked_by="Т. Оразбаев", finding="KEPT").id
    own = center.add("person_address", person_id=folder.client, kind="SAFE_PLACE", street="Бөлек көше 3").id
    office.database.actor = center.worker
    page = {"form": "RECORD", "sheet": "person_address", "allow_location": "Сот сұрауы"}
    with pytest.raises(Refused) as refused:
        folder.draw(**page, record_id=address)
    assert refused.value.problems[0].text == NOT_YOURS
    with pytest.raises(Refused) as refused:
        folder.draw("RECORD", sheet="order_check", record_id=check)
    assert refused.value.problems[0].text == OF_ANOTHER
    assert "Бөлек көше 3" in folder.draw(**page, record_id=own)
    alone = office.prints.draw(**page, record_id=own, language="kk")
    assert "Бөлек көше 3" in told(alone)
    with pytest.raises(Refused, match="secret place"):
        office.prints.draw(**page, record_id=address)


def test_a_saved_paper_is_whole_and_its_owners_alone(folder: Folder, tmp_path: Path) -> None:
    path = folder.center.office.prints.save(tmp_path / neutral_name(NOW), "COVER", case_id=folder.case)
    assert path.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [left.name for left in tmp_path.glob("*.new")] == []
    assert path.name == "paper-20261118-100000.pdf"


def test_a_folder_that_is_not_there_is_told_plainly(folder: Folder, tmp_path: Path) -> None:
    with pytest.raises(Weather):
        folder.center.office.prints.save(tmp_path / "none" / "paper.pdf", "COVER", case_id=folder.case)


def test_every_form_is_drawn_for_the_demonstration(folder: Folder, office: Office, tmp_path: Path) -> None:
    drawn = list(draw_all(office, tmp_path / "papers", ("kk",)))
    names = {path.name for path in drawn}
    # Nobody has consented for this office, and nothing is destroyed at it.
    left_out = {"CONSENT", "DESTRUCTION_ACT"}
    assert {f"{form.name.lower()}-kk.pdf" for form in office.prints.forms() if form.name not in left_out} <= names
    assert {f"{form.name.lower()}-blank-kk.pdf" for form in office.prints.forms() if form.blank} <= names
    assert all(path.stat().st_size > 10_000 for path in drawn)


def test_an_archived_case_still_prints(folder: Folder) -> None:
    folder.center.office.desk.archive("case", folder.case)
    assert folder.number in folder.draw("COVER")


def test_a_reference_to_a_record_that_has_not_arrived_is_left_empty(folder: Folder) -> None:
    with folder.center.office.database.write() as session:
        session.get(Case, folder.case).responsible_id = UUID(int=5)  # type: ignore[union-attr]
    assert folder.number in folder.draw("CASE_FORM")
