"""Papers from the command line: a record's plain page, and secret places only for a reason."""

import io
import sys

import pypdfium2
import pytest

from familydesk.cli import run
from familydesk.services import front_door

PASSPHRASE = "таңғы шық пен кешкі самал 7"
PLACE = "Қызылжар 77"


@pytest.fixture
def center(tmp_path, monkeypatch):
    """A store with two cases of one woman and the secret address of her shelter: (folder, address, numbers)."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    created = front_door.create_store(tmp_path / "desk", "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE)
    save, read = created.office.desk.save, _reader(created.office)
    client = save("person", read("person", surname="Жұмабаева", given="Мөлдір", iin_absence="REFUSED")).id
    address = save(
        "person_address", read("person_address", person_id=str(client), kind="SAFE_PLACE", as_written=PLACE)
    ).id
    cases = [save("case", read("case", client_id=str(client), opened_on="2026-11-01")).record for _ in range(2)]
    created.office.close()
    return tmp_path / "desk", address, [case.number for case in cases], [case.id for case in cases]


def _reader(office):
    from familydesk.records import sheet_of
    from familydesk.services import entry

    return lambda sheet, **texts: {name: entry.read(sheet_of(sheet).field(name), text) for name, text in texts.items()}


def printed(monkeypatch, center, *words):
    out = center[0].parent / "paper.pdf"
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSPHRASE + "\n"))
    command = ["print", *words, "--out", str(out), "--store", str(center[0]), "--passphrase-stdin", "--lang", "kk"]
    code = run(command)
    if code:
        return code, ""
    assert out.stat().st_mode & 0o077 == 0
    with pypdfium2.PdfDocument(out) as document:
        return code, "".join(page.get_textpage().get_text_bounded() for page in document)


def test_the_plain_page_of_a_record_keeps_a_secret_place_unless_a_reason_is_given(monkeypatch, center):
    page = ["RECORD", "--sheet", "person_address", "--id", str(center[1])]
    code, text = printed(monkeypatch, center, *page)
    assert (code, PLACE in text) == (0, False)
    code, text = printed(monkeypatch, center, *page, "--with-location", "Сот сұрады")
    assert (code, PLACE in text) == (0, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["RECORD", "--id", "{address}"], 2),
        (["RECORD", "--sheet", "no_such_sheet", "--id", "{address}"], 2),
        (["CASE_FORM", "--case", "{number}", "--with-location", "  "], 1),
        (["CASE_FORM", "--case", "{number}", "--id", "{other}"], 1),
    ],
)
def test_a_paper_without_its_record_its_reason_or_its_own_case_is_refused(monkeypatch, center, words, code):
    filled = [word.format(address=center[1], number=center[2][0], other=center[3][1]) for word in words]
    assert printed(monkeypatch, center, *filled) == (code, "")
