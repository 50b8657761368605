"""A center at work: the records of cases, made while the clock stands still; and a laptop with a restricted case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from laptop import Laptop, whole_case
from small_center import NOW, Center

from familydesk.core import clock
from familydesk.services.office import Office
from familydesk.services.restriction import Why

WholeCase = tuple[Laptop, dict[str, UUID]]


@pytest.fixture
def center(office: Office) -> Iterator[Center]:
    with clock.stopped(NOW):
        yield Center(office)


@pytest.fixture(scope="module")
def with_a_case(tmp_path_factory: pytest.TempPathFactory) -> WholeCase:
    """A laptop with a whole case of Bota's in the open, and the case's records by sheet."""
    laptop = Laptop.made(tmp_path_factory.mktemp("laptop") / "store")
    records = whole_case(laptop.enter("head"), laptop.people["bota"])
    laptop.leave()
    return laptop, records


@pytest.fixture(scope="module")
def sealed(with_a_case: WholeCase, tmp_path_factory: pytest.TempPathFactory) -> Laptop:
    """The same after Bota restricted the case to herself."""
    made, records = with_a_case
    laptop = made.copied(tmp_path_factory.mktemp("sealed") / "store")
    office = laptop.enter("bota")
    office.restricted.restrict(records["case"], Why.THREAT, [office.me])
    laptop.leave()
    return laptop


@pytest.fixture
def records(with_a_case: WholeCase) -> dict[str, UUID]:
    return with_a_case[1]


@pytest.fixture
def open_laptop(with_a_case: WholeCase, tmp_path: Path) -> Iterator[Laptop]:
    """Where the case is in the open."""
    laptop = with_a_case[0].copied(tmp_path / "open" / "store")
    yield laptop
    laptop.leave()


@pytest.fixture
def laptop(sealed: Laptop, tmp_path: Path) -> Iterator[Laptop]:
    """Where it is restricted."""
    laptop = sealed.copied(tmp_path / "store")
    yield laptop
    laptop.leave()
