"""A list written into a spreadsheet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pyrage
import pytest
from small_center import NOW, Center

from familydesk.core.errors import Refused, Weather
from familydesk.exchange.age import Protection
from familydesk.services.giving_out import Handing
from familydesk.services.office import Office


def written(path: Path) -> list[list[object]]:
    return [list(line) for line in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def test_records_stand_in_the_order_and_columns_that_were_shown(center: Center, office: Office, tmp_path: Path) -> None:
    first, second = center.person("Әлиева", "Әсел"), center.person("Ысқақова", "Үміт")
    office.lists.export("person", [second, first], ["given", "surname"], tmp_path / "list.xlsx")
    assert written(tmp_path / "list.xlsx") == [
        ["Given name", "Surname"],
        ["Үміт", "Ысқақова"],
        ["Әсел", "Әлиева"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+7", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x.kz", "007"])
def test_a_text_is_never_a_formula_a_link_or_a_number(
    center: Center, office: Office, tmp_path: Path, text: str
) -> None:
    person = center.person(occupation=text)
    path = tmp_path / "list.xlsx"
    office.lists.export("person", [person], ["occupation"], path)
    cell = openpyxl.load_workbook(path).worksheets[0]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_days_moments_and_references_keep_their_meaning(center: Center, office: Office, tmp_path: Path) -> None:
    case = center.case(center.person("Ким", "Вера"), opened_on=date(2026, 3, 2))
    office.lists.export("case", [case], ["client_id", "opened_on", "stage"], tmp_path / "cases.xlsx")
    _, row = written(tmp_path / "cases.xlsx")
    assert row[0] == "Ким Вера"
    assert str(row[1]).startswith("2026-03-02")
    assert row[2] == "Intake"
    application = center.application()
    office.lists.export("application", [application], ["received_at"], tmp_path / "applications.xlsx")
    assert str(written(tmp_path / "applications.xlsx")[1][0]) == str(NOW.replace(tzinfo=None))


def test_where_somebody_is_stays_out_unless_a_reason_is_given(center: Center, office: Office, tmp_path: Path) -> None:
    address = center.add("person_address", person_id=center.person(), kind="ACTUAL", street="Абай 5").id
    path = tmp_path / "list.xlsx"
    done = office.lists.export("person_address", [address], ["kind", "street"], path)
    assert [field.name for field in done.left_out] == ["street"]
    assert written(path)[0] == ["Kind of address"]
    office.lists.export("person_address", [address], ["kind", "street"], path, location_reason="Көшіру тізімі")
    assert written(path)[1] == ["Lives here", "Абай 5"]
    about = [row[0].value for row in openpyxl.load_workbook(path).worksheets[1].iter_rows()]
    assert any("Көшіру тізімі" in str(line) for line in about)


def test_a_sealed_note_never_leaves(center: Center, office: Office, tmp_path: Path) -> None:
    values = {"person_id": center.person(), "held_at": NOW, "kind": "LEGAL", "form": "PHONE"}
    consultation = center.add("consultation", **values).id
    for reason in ("", "the head asked"):
        with pytest.raises(Refused, match="None of these columns"):
            office.lists.export(
                "consultation", [consultation], ["specialist_note"], tmp_path / "n.xlsx", location_reason=reason
            )
    assert not (tmp_path / "n.xlsx").exists()


def test_a_number_that_is_not_safe_is_replaced_by_the_warning(center: Center, office: Office, tmp_path: Path) -> None:
    person = center.person()
    safe = center.add("person_phone", person_id=person, number="+77011234567", safe_to_call="YES").id
    unsafe = center.add("person_phone", person_id=person, number="+77017654321", safe_to_call="NO").id
    unasked = center.add("person_phone", person_id=person, number="+77017654322").id
    path = tmp_path / "list.xlsx"
    office.lists.export("person_phone", [safe, unsafe, unasked], ["number"], path)
    assert [row[0] for row in written(path)[1:]] == ["+7 701 123 45 67", "Do not call", "Not asked yet"]


def test_cancelling_leaves_no_file_and_the_old_one_as_it_was(center: Center, office: Office, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"older")

    def stop(done: int, total: int) -> None:
        assert (done, total) == (1, 1)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        office.lists.export("person", [center.person()], ["surname"], path, progress=stop)
    assert path.read_bytes() == b"older"
    assert [file.name for file in tmp_path.glob("list*")] == ["list.xlsx"]


def test_a_folder_that_is_not_there_is_said_plainly(center: Center, office: Office, tmp_path: Path) -> None:
    with pytest.raises(Weather):
        office.lists.export("person", [center.person()], ["surname"], tmp_path / "nowhere" / "list.xlsx")


def test_a_record_that_went_meanwhile_is_left_out(center: Center, office: Office, tmp_path: Path) -> None:
    from uuid import uuid4

    person = center.person()
    office.lists.export("person", [uuid4(), person], ["surname"], tmp_path / "list.xlsx")
    assert len(written(tmp_path / "list.xlsx")) == 2


def test_a_list_that_is_given_out_is_sealed_and_says_why_and_to_whom(
    center: Center, office: Office, tmp_path: Path
) -> None:
    person, key = center.person("Ким", "Вера"), pyrage.x25519.Identity.generate()
    handing = Handing("Сұрау № 5", "Әкімдік", Protection.KEY, str(key.to_public()))
    parcel = office.lists.give_out("person", [person], ["surname"], handing)
    assert list(tmp_path.glob("*.xlsx*")) == []
    sealed = parcel.save(tmp_path / parcel.name).read_bytes()
    opened = tmp_path / "opened.xlsx"
    opened.write_bytes(pyrage.decrypt(sealed, [key]))
    told = [str(cell.value) for sheet in openpyxl.load_workbook(opened).worksheets for line in sheet for cell in line]
    assert "Ким" in told
    assert any("Сұрау № 5" in one for one in told)
    assert any("Әкімдік" in one for one in told)
    with pytest.raises(Refused):
        office.lists.give_out("person", [person], ["surname"], Handing("", "Әкімдік", Protection.OPEN))
