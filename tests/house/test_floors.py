"""The plan of the house is a test: the contracts in pyproject.toml are kept, and a broken one is noticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

WRONG_LINES = {
    "core/show.py": "from familydesk.records.person import Person",
    "law/iin.py": "import PySide6.QtCore\nimport socket",
    "ui/__init__.py": "from familydesk.store.database import Database",
    "records/case.py": "from familydesk.records.person import Person\nfrom reportlab.pdfgen import canvas",
}


def lint(root: Path) -> tuple[int, str]:
    """Exit status and report of import-linter on the package under `root`."""
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert linter, "import-linter is part of the locked environment"
    run = subprocess.run(
        [linter, "--no-cache", "--no-logo"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    return run.returncode, run.stdout + run.stderr


def test_every_contract_between_the_rooms_is_kept() -> None:
    status, report = lint(ROOT)
    assert status == 0, report


@pytest.fixture(scope="module")
def report_on_wrong_lines(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("wrong")
    shutil.copy(ROOT / "pyproject.toml", root)
    shutil.copytree(ROOT / "familydesk", root / "familydesk", ignore=shutil.ignore_patterns("__pycache__"))
    for module, line in WRONG_LINES.items():
        with (root / "familydesk" / module).open("a", encoding="utf-8") as source:
            source.write(f"\n{line}\n")
    (root / "familydesk" / "attic").mkdir()
    (root / "familydesk" / "attic" / "__init__.py").touch()
    return lint(root)[1]


@pytest.mark.parametrize(
    "words",
    [
        "familydesk.core is not allowed to import familydesk.records",
        "familydesk.records.case is not allowed to import familydesk.records.person",
        "familydesk is not allowed to import PySide6",
        "familydesk is not allowed to import reportlab",
        "familydesk is not allowed to import socket",
        "familydesk.ui is not allowed to import familydesk.store",
        "- familydesk.attic",
    ],
)
def test_a_wrong_import_is_reported(words: str, report_on_wrong_lines: str) -> None:
    assert words in report_on_wrong_lines, report_on_wrong_lines
