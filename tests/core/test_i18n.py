import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from familydesk.core import i18n

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "ru" / "familydesk.po"
    path.parent.mkdir()
    path.write_text(PO + 'msgid "Day"\nmsgstr "День"\n', encoding="utf-8")
    return path


def test_a_compiled_catalogue_can_be_read_by_everybody_at_the_computer(source: Path) -> None:
    i18n._compiled(source)
    binary = source.with_suffix(".mo")
    assert stat.S_IMODE(binary.stat().st_mode) == stat.S_IMODE(source.stat().st_mode)
    assert {path.name for path in source.parent.iterdir()} == {"familydesk.po", "familydesk.mo"}


def test_a_catalogue_is_compiled_again_when_its_source_changed(source: Path) -> None:
    first = i18n._compiled(source)
    source.write_text(PO + 'msgid "Day"\nmsgstr "Сутки"\n', encoding="utf-8")
    os.utime(source, (2_000_000_000, 2_000_000_000))
    assert "Сутки".encode() in i18n._compiled(source) != first


def test_a_thread_that_speaks_another_language_leaves_the_interface_alone() -> None:
    i18n.use("en")

    def inside() -> str:
        with i18n.speaking("ru"):
            return i18n.spoken()

    with ThreadPoolExecutor(4) as pool, i18n.speaking("kk"):
        assert set(pool.map(lambda _: inside(), range(8))) == {"ru"}
        assert pool.submit(i18n.spoken).result() == "en"
        assert i18n.spoken() == "kk"
    assert i18n.spoken() == "en"
