"""The documents say what is there: links lead somewhere, commands are understood, buttons bear the names given them."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from familydesk.cli import records, upkeep, work
from familydesk.cli.parser import parse
from familydesk.core import i18n
from familydesk.core.catalogues import read
from familydesk.law.terms import TermKind
from familydesk.paper.forms import FORMS

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
A_DAY = {"en": "using.md", "kk": "using.kk.md", "ru": "using.ru.md"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def words_of_the_screen(language: str) -> set[str]:
    """Every text that the interface can show."""
    told = (
        message.id if language == "en" else message.string for message in read("ru" if language == "en" else language)
    )
    return {form for text in told for form in (text if isinstance(text, tuple | list) else (text,))}


def commands_of(document: str) -> list[str]:
    """The commands in its `sh` blocks, without what is fed to them."""
    blocks = re.findall(r"^```sh\n(.*?)^```", document, re.DOTALL | re.MULTILINE)
    lines = (line for block in blocks for line in block.splitlines())
    return [line.split("<<")[0].strip() for line in lines if line.startswith("familydesk ")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_and_bench_that_is_named_is_there(document: Path) -> None:
    named = re.findall(r"\b((?:tests|bench)/[\w/]+\.py)\b", document.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("language", A_DAY)
def test_the_page_for_caseworkers_calls_things_as_the_screen_does(language: str) -> None:
    named = set(re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text_of(f"docs/{A_DAY[language]}")))
    assert {" ".join(words.split()) for words in named} - words_of_the_screen(language) == set()


@pytest.mark.parametrize("name", ["README.md", "docs/register.md", "docs/papers.md", "docs/report.md"])
def test_every_command_that_is_shown_is_understood(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The parser sets the language for everybody; afterwards it is again what it was.
    monkeypatch.setattr(i18n, "_interface", i18n._interface)
    commands = commands_of(text_of(name))
    assert commands
    for command in commands:
        parse([*shlex.split(command)[1:], "--lang", "en"], (upkeep, records, work), upkeep.open_desk)


def test_the_forms_and_terms_that_are_listed_are_those_that_exist() -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", text_of("docs/papers.md"), re.MULTILINE)
    assert listed == [form.name for form in FORMS]
    assert set(TermKind.__members__) <= set(re.findall(r"`([A-Z_]+)`", text_of("README.md")))


def test_every_decision_stands_in_the_list() -> None:
    pages = sorted(path.name for path in ROOT.glob("docs/decisions/[0-9]*.md"))
    assert re.findall(r"\((\d{3}-[\w-]+\.md)\)", text_of("docs/decisions/README.md")) == pages


def test_every_library_has_its_line() -> None:
    wanted = tomllib.loads(text_of("pyproject.toml"))["project"]["dependencies"]
    names = [re.split("[<>=]", one)[0] for one in wanted]
    listed = re.findall(r"^\| ([\w-]+) \|", text_of("docs/decisions/005-libraries-chosen.md"), re.MULTILINE)
    assert [name for name in listed if name != "library"] == names
