"""A restricted case in the window: restricting it, the padlock, and breaking the glass, which is told on Today."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

sys.path.append(str(Path(__file__).parents[1] / "services"))
from laptop import Laptop

from familydesk.core import clock
from familydesk.services.restriction import Why
from familydesk.ui.special.family_page import FamilyScreen
from familydesk.ui.special.glass import GlassScreen
from familydesk.ui.special.restricting import RestrictingScreen
from familydesk.ui.special.today import TodayScreen
from familydesk.ui.theme import Theme
from familydesk.ui.workplace import Workplace

pytestmark = pytest.mark.usefixtures("inline")
Place = Callable[[str], Workplace]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Laptop, UUID]:
    laptop = Laptop.made(tmp_path_factory.mktemp("laptop") / "store")
    office = laptop.enter("head")
    client = office.desk.save("person", {"surname": "Ж", "given": "М", "iin_absence": "NOT_RECORDED"}).id
    values = {"client_id": client, "opened_on": clock.today(), "responsible_id": laptop.people["bota"]}
    case = office.desk.save("case", values).id
    laptop.leave()
    return laptop, case


@pytest.fixture
def case(made: tuple[Laptop, UUID]) -> UUID:
    return made[1]


@pytest.fixture
def laptop(made: tuple[Laptop, UUID], tmp_path: Path) -> Iterator[Laptop]:
    laptop = made[0].copied(tmp_path / "store")
    yield laptop
    laptop.leave()


@pytest.fixture
def at_the_desk(laptop: Laptop, theme: Theme, qtbot: Any) -> Iterator[Place]:
    """The workplace of one person after another."""
    places: list[Workplace] = []

    def sit(login: str) -> Workplace:
        for one in places:
            one.close()
        places[:] = [Workplace(office := laptop.enter(login), office.settings, theme)]
        return places[0]

    yield sit
    for one in places:
        one.close()


def screen(qtbot: Any, made: Any) -> Any:
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_case_is_restricted_to_those_whose_names_are_pressed(
    at_the_desk: Place, laptop: Laptop, case: UUID, qtbot: Any
) -> None:
    page = screen(qtbot, RestrictingScreen(at_the_desk("bota"), case))
    assert {one for one, made in page.people.items() if made.isChecked()} == {laptop.people["bota"]}
    page.panel.boxes["why"].editor.set_value(Why.THREAT)
    page.people[laptop.people["saule"]].click()
    with qtbot.waitSignal(page.left):
        page.panel.go.click()
    found = page.office.restricted.of(case)
    assert (found.why, set(found.readers)) == (Why.THREAT, {laptop.people["bota"], laptop.people["saule"]})
    family = screen(qtbot, FamilyScreen(page.place, case))
    assert family.page.restricted


def test_the_list_is_changed_and_the_case_opened_up_on_the_same_page(
    at_the_desk: Place, laptop: Laptop, case: UUID, qtbot: Any
) -> None:
    place = at_the_desk("bota")
    place.office.restricted.restrict(case, Why.COLLEAGUE, list(laptop.people.values()))
    page = screen(qtbot, RestrictingScreen(place, case))
    page.people[laptop.people["bota"]].click()
    page.panel.go.click()
    assert page.panel.board.strips(), "whoever is responsible cannot be left out"
    page.people[laptop.people["bota"]].click()
    page.people[laptop.people["saule"]].click()
    page.panel.go.click()
    assert laptop.people["saule"] not in place.office.restricted.of(case).readers
    page.open_button.click()
    assert place.office.restricted.of(case) is None


def test_a_head_breaks_the_glass_and_the_named_read_it_on_their_first_screen(
    at_the_desk: Place, laptop: Laptop, case: UUID, qtbot: Any
) -> None:
    at_the_desk("bota").office.restricted.restrict(case, Why.THREAT, [])
    glass = screen(qtbot, GlassScreen(at_the_desk("head")))
    (row,) = glass.behind.rows()
    row.pressed.emit()
    glass.ask(case)
    glass.panel.boxes["reason"].editor.set_value("Бота ауырып қалды, сот ертең")
    glass.panel.go.click()
    assert glass.office.desk.get("case", case)
    place = at_the_desk("bota")
    today = screen(qtbot, TodayScreen(place))
    assert [row.accessibleName() for row in today.waiting.rows()] == ["A restricted case of yours was opened in need"]
    told = screen(qtbot, GlassScreen(place))
    assert "Бота ауырып қалды" in told.told.rows()[0].accessibleName()
    told.acknowledge(place.office.glass.broken()[0].id)
    assert place.office.glass.broken() == []


def test_to_who_is_not_named_the_page_shows_nothing_to_open(at_the_desk: Place, case: UUID, qtbot: Any) -> None:
    at_the_desk("bota").office.restricted.restrict(case, Why.THREAT, [])
    glass = screen(qtbot, GlassScreen(at_the_desk("saule")))
    assert not glass.behind.isVisibleTo(glass)
    assert glass.behind.rows() == []
