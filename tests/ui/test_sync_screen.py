"""The sync screen: what waits to go, what came; and never a tick with anything unsent."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from familydesk.core import clock
from familydesk.core.errors import Problem
from familydesk.services.deliveries import Lacking, Met, Standing
from familydesk.sync.outcome import Outcome, Part, Progress
from familydesk.ui import tasks
from familydesk.ui.special.sync_screen import SyncScreen
from familydesk.ui.special.sync_words import how_far, how_it_stands, long_ago, size_text, waits, what_came
from familydesk.ui.theme import Theme
from familydesk.ui.workplace import Workplace

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import desk_of, made

STICK = "/media/stick"


def stood(records: int = 0, confirmed: bool = True, parked: int = 0) -> Standing:
    return Standing((Met(STICK, clock.now(), Lacking(records, 10 * records)),), (), parked, confirmed)


@pytest.mark.parametrize(
    ("standing", "outcome"),
    [
        (stood(records=1), None),
        (stood(records=1), Outcome(sent=5)),
        (stood(), Outcome(waiting=1)),
        (stood(), Outcome(warnings=[Problem("", "Not everything was handed over.", warning=True)])),
        (stood(confirmed=False), None),
        (Standing((), (), 0), None),
    ],
)
def test_no_tick_is_given_with_anything_unsent_or_untold(standing: Standing, outcome: Outcome | None) -> None:
    assert how_it_stands(standing, STICK, outcome)[0] != "good"


def test_a_tick_is_given_where_everything_went() -> None:
    assert how_it_stands(stood(), STICK, Outcome(sent=3))[0] == "good"
    assert how_it_stands(stood(), STICK, None)[0] == "good"
    assert how_it_stands(stood(), "/media/another", None)[0] == "quiet"


def test_amounts_and_days_are_said_in_words() -> None:
    assert [size_text(size).replace("\N{NO-BREAK SPACE}", " ") for size in (0, 850, 12_400, 1_250_000)] == [
        "0 B", "850 B", "12 kB", "1.2 MB"
    ]  # fmt: skip
    assert waits(Lacking(4, 3_200)).replace("\N{NO-BREAK SPACE}", " ") == "4 changes wait to go, 3 kB"
    with clock.stopped(clock.local(2026, 11, 22, 12)):
        told = [long_ago(clock.now() - timedelta(days=days, hours=2)) for days in (0, 1, 2, 30)]
    assert told == ["today at 10:00", "yesterday", "2 days ago", "23.10.2026 10:00"]


@pytest.mark.parametrize("part", Part)
def test_every_part_of_a_meeting_is_said_with_records_and_bytes(part: Part) -> None:
    told = how_far(Progress(part, 1, 2, 3_021, 1_280_000)).replace("\N{NO-BREAK SPACE}", " ")
    assert told.endswith(": 3 021 records, 1.3 MB")


def test_whatever_is_not_as_it_should_be_is_told_after_a_meeting() -> None:
    warned = Outcome(3, 1, 0, 2, 5, [Problem("", "Not everything was handed over.", warning=True)])
    tones = [tone for tone, _words in what_came(warned)]
    assert tones == ["quiet", "quiet", "due", "due", "due"]
    assert what_came(warned)[-1] == ("due", "Not everything was handed over.")
    assert what_came(Outcome()) == [("quiet", "There was nothing new, here or there.")]


def test_a_meeting_goes_on_beside_the_window(theme: Theme, tmp_path: Path, qtbot: Any) -> None:
    made(tmp_path)
    office = desk_of(tmp_path, "one").open()
    place = Workplace(office, office.settings, theme)
    place.meeting.keep_watch()
    screen = SyncScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    (tmp_path / "stick").mkdir()
    screen.meet.aim(str(tmp_path / "stick"))
    screen.meet.go.click()
    assert place.meeting.under_way
    assert not screen.meet.state.isVisible()
    assert screen.meet.stop.isVisible()
    qtbot.waitUntil(lambda: screen.meet.state.tone == "good", timeout=10_000)
    place.close()
    tasks.finish()
    office.close()
