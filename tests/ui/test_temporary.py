"""No paper passes through a temporary file: not for a moment, seen by the kernel's own word of every file made."""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from one_family import Ids
from PySide6.QtCore import QDir
from PySide6.QtPrintSupport import QPrinter

from familydesk.services.office import Office
from familydesk.ui import tasks
from familydesk.ui.special import pdf_pages
from familydesk.ui.special.print_preview import Paper, PrintPreview
from familydesk.ui.temporary import keep_in_memory
from familydesk.ui.theme import Theme
from familydesk.ui.workplace import Workplace

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's own")

IN_CREATE, IN_MOVED_TO, IN_NONBLOCK = 0x100, 0x80, 0o4000


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """How many files were made in the folder of temporary files since the last asking, those that are gone included."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    # Python remembers where temporary files go.
    monkeypatch.setattr(tempfile, "tempdir", None)
    libc = ctypes.CDLL(None)
    notice = libc.inotify_init1(IN_NONBLOCK)
    libc.inotify_add_watch(notice, os.fsencode(folder), IN_CREATE | IN_MOVED_TO)

    def count() -> int:
        try:
            return len(os.read(notice, 65536))
        except BlockingIOError:
            return 0

    yield count
    os.close(notice)


def test_a_temporary_file_would_be_noticed(made: Callable[[], int]) -> None:
    assert made() == 0
    with tempfile.NamedTemporaryFile() as file:
        assert file.name.startswith(os.environ["TMPDIR"])
    assert made() > 0
    assert made() == 0


@pytest.fixture
def family(family_office: Office, theme: Theme, qtbot: Any) -> Iterator[Workplace]:
    """The workplace of the center that knows one family."""
    place = Workplace(family_office, family_office.settings, theme)
    yield place
    tasks.finish()
    place.close()


def test_a_preview_a_printed_page_and_a_saved_paper_make_no_temporary_file(
    made: Callable[[], int], family: Workplace, ids: Ids, qtbot: Any, inline: None, tmp_path: Path
) -> None:
    preview = PrintPreview(family, Paper("CASE_FORM", ids.case))
    qtbot.addWidget(preview)
    preview.show()
    qtbot.waitUntil(lambda: bool(preview.pages))
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    pdf_pages.put_on(printer, pdf_pages.pictures(preview.pdf, 1.0))
    preview.save_to(tmp_path / "saved.pdf")
    assert (tmp_path / "printed.pdf").stat().st_size > 1000
    assert (tmp_path / "saved.pdf").stat().st_size > 1000
    assert made() == 0


def test_temporary_files_of_the_libraries_go_into_memory_unless_somebody_chose_a_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Put back by the monkeypatch, whatever is set meanwhile.
    monkeypatch.setenv("TMPDIR", "/chosen")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    keep_in_memory()
    assert os.environ["TMPDIR"] == "/chosen"
    del os.environ["TMPDIR"]
    keep_in_memory()
    assert QDir.tempPath() == str(tmp_path)
    del os.environ["TMPDIR"]
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "none"))
    keep_in_memory()
    assert "TMPDIR" not in os.environ
