"""Files of every kind that may be handed over as a register."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from registers import HEADER, iin, row, save

from familydesk.core.errors import Refused, Weather
from familydesk.exchange.register import Register
from familydesk.exchange.workbook import open_sheets

ROWS = [
    ["Журнал регистрации обращений"],
    HEADER,
    row("1", iin=iin(1)),
    row("2", "10 қаңтар 2024 ж.", result="а;б, «в»"),
]


def numbers(path: Path) -> list[tuple[str, str, bool]]:
    return [(found.number, found.iin, found.usable) for found in Register(path).rows()]


EXPECTED = [("1", iin(1), True), ("2", "", True)]


def text_of(rows, delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_text_with_any_delimiter_in_any_encoding(tmp_path, delimiter, encoding):
    path = tmp_path / "register.csv"
    rows = [[cell.replace("қаңтар", "янв").replace("ж.", "г.") for cell in map(str, cells)] for cells in ROWS]
    path.write_bytes(text_of(rows, delimiter).encode(encoding, errors="replace"))
    assert numbers(path) == EXPECTED


def test_a_text_that_programs_wrap_in_a_formula_to_keep_its_zeros(tmp_path):
    path = tmp_path / "register.csv"
    cells = row('="2024/1"', '="09.01.2024"', iin=f'="{iin(1, born="050203")}"')
    path.write_text("\n".join(";".join(map(str, line)) for line in (HEADER, cells)), encoding="utf-8")
    (found,) = Register(path).rows()
    assert (found.number, found.iin, found.faults) == ("2024/1", iin(1, born="050203"), ())


def test_a_web_page_under_the_name_of_a_spreadsheet(tmp_path):
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in ROWS)
    path = tmp_path / "export.xls"
    path.write_text(
        f"<html><body><table><tr><th colspan=10>Журнал</th></tr>{cells}</table></body></html>", encoding="utf-8"
    )
    assert numbers(path) == EXPECTED


def test_an_open_document_spreadsheet(tmp_path):
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in line
        )
        + "</table:table-row>"
        for line in ROWS
    )
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{names}office:1.0" '
        f'xmlns:table="{names}table:1.0" xmlns:text="{names}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="1">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "register.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{names}manifest:1.0"><manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        archive.writestr("content.xml", content)
    assert numbers(path) == EXPECTED


def test_the_kind_of_a_file_is_told_by_its_content_and_not_by_its_name(tmp_path):
    path = save(tmp_path / "register.xlsx", ROWS).rename(tmp_path / "register.csv")
    assert numbers(path) == EXPECTED


BAD = {
    "nothing": (b"", "empty"),
    "blank": (b"  \r\n", "empty"),
    "noise": (bytes(range(256)) * 40, "not a spreadsheet"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "not a spreadsheet"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a spreadsheet"),
    "broken archive": (b"PK\x03\x04" + b"x" * 300, "damaged"),
    "broken compound": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
    "protected": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_spreadsheet_is_told_in_one_sentence(tmp_path, kind):
    content, word = BAD[kind]
    path = tmp_path / "register.xlsx"
    path.write_bytes(content)
    with pytest.raises(Weather) as told:
        open_sheets(path)
    assert word in told.value.text
    assert told.value.advice


def test_another_office_document_is_no_spreadsheet(tmp_path):
    path = tmp_path / "register.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(Weather):
        open_sheets(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    for path in (tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(Weather):
            open_sheets(path)


def test_a_workbook_without_a_word_in_it_is_refused(tmp_path):
    with pytest.raises(Refused):
        Register(save(tmp_path / "register.xlsx", [], []))


def test_a_truncated_workbook_is_damaged_and_no_crash(tmp_path):
    path = save(tmp_path / "register.xlsx", ROWS)
    whole = path.read_bytes()
    for share in (0.2, 0.5, 0.9, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(Weather):
            open_sheets(path)


def test_a_stray_cell_in_the_last_corner_does_not_take_all_memory(tmp_path):
    path = save(tmp_path / "register.xlsx", ROWS)
    book = load_workbook(path)
    book.active["XFD1048576"] = "x"
    book.save(path)
    with pytest.raises(Weather) as told:
        open_sheets(path)
    assert "far from" in told.value.text


def test_an_error_names_neither_the_file_nor_its_folder(tmp_path):
    path = tmp_path / "Жұмабаева.xlsx"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(Weather) as told:
        open_sheets(path)
    assert "Жұмабаева" not in str(told.value)
    assert str(tmp_path) not in str(told.value)
