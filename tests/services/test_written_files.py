"""Every file that leaves the store: whole, for its owner alone, and nothing of it in a temporary file on the way."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from small_center import Center

from familydesk.core.errors import Weather
from familydesk.exchange.problems import Fault
from familydesk.exchange.problems_workbook import Flagged, write_problems
from familydesk.services.office import Office
from familydesk.services.prints import write_whole

Write = Callable[[Path], object]


@pytest.fixture(params=["list", "problems", "report.xlsx", "report.pdf"])
def write(request: pytest.FixtureRequest, center: Center, office: Office) -> Write:
    """Writes one of the files to a path."""
    person = center.person("Жұмабаева", "Мөлдір")
    row = Flagged(1, 4, (Fault.NO_DATE,), ("ФИО", "ИИН"), ("Жұмабаева Мөлдір", "500101200017"))

    def report(path: Path) -> None:
        made = office.figures.month(date(2026, 11, 1), date(2026, 11, 30))
        draw = office.figures.xlsx if request.param == "report.xlsx" else office.figures.pdf
        write_whole(path, draw(made, "kk"))

    return {
        "list": lambda path: office.lists.export("person", [person], ["surname", "given"], path),
        "problems": lambda path: write_problems(path, [row], []),
    }.get(request.param, report)


def test_nothing_of_it_lies_in_a_temporary_file(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = os.open

    def watched(path: str, *words: int, **more: int) -> int:
        made.append(os.fspath(path))
        return real(path, *words, **more)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    # Every way of `tempfile` to make a file goes through this one call.
    monkeypatch.setattr(os, "open", watched)
    write(tmp_path / "out")
    assert not [path for path in made if str(tmp_path / "temporary") in path]
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="rights of files are told otherwise there")
def test_it_is_for_its_owner_alone(write: Write, tmp_path: Path) -> None:
    write(tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("out*")] == ["out"]


def test_what_stood_there_stays_if_it_cannot_be_written(write: Write, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    for unusable in (tmp_path / "out", tmp_path / "none" / "out"):
        with pytest.raises(Weather) as raised:
            write(unusable)
        # It is no matter of the store, and whoever reads that it is looks in the wrong place.
        assert "The file cannot be written" in str(raised.value)
        assert "store" not in str(raised.value)
    assert [path.name for path in tmp_path.glob("out*")] == ["out"]
