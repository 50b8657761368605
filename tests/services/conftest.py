"""A center at work: the records of cases, made while the clock stands still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from small_center import NOW, Center

from familydesk.core import clock
from familydesk.services.office import Office


@pytest.fixture
def center(office: Office) -> Iterator[Center]:
    with clock.stopped(NOW):
        yield Center(office)
