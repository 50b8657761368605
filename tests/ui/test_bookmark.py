"""What a lock finds already kept: drafts and the bookmark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from keyboard import write
from sqlalchemy import select

from familydesk.core.settings import Settings
from familydesk.services.bookmark import KEY as BOOKMARK
from familydesk.services.office import Office
from familydesk.store.database import Database
from familydesk.store.privileged import Privileged
from familydesk.store.tables import DRAFT, META
from familydesk.ui import tasks
from familydesk.ui.screen import Screen
from familydesk.ui.window import Window

HEAD = UUID("01900000-0000-7000-8000-000000000001")
OTHER = UUID("01900000-0000-7000-8000-000000000002")


def kept(database: Database) -> list[Any]:
    """The sealed rows: sealed anew, even the same words would be another row."""
    with database.read(whole=True) as session:
        marks = session.execute(select(META).where(META.c.key == BOOKMARK)).all()
        return [*session.execute(select(DRAFT)).all(), *marks]


def test_after_a_pause_a_lock_writes_no_draft_and_no_bookmark_any_more(
    window: Window, office: Office, person: Callable[..., UUID], qtbot: Any
) -> None:
    record_id = person()
    assert window.view is not None
    assert window.mark is not None
    window.view.open_record("person", record_id)
    window.mark.note()
    form = window.view.screens[window.view.page].form
    write(form.boxes["occupation"].editor.main(), "Тігінші")
    qtbot.waitUntil(lambda: len(kept(office.database)) == 2)
    qtbot.waitUntil(lambda: not window.mark._pause.isActive() and not form.drafts._pause.isActive())
    before = kept(office.database)
    window.lock()
    again = Database.open(office.database.path, office.database.key)
    assert kept(again) == before
    again.close()


def test_a_lock_in_the_middle_of_typing_keeps_the_last_letters(
    window: Window, office: Office, person: Callable[..., UUID]
) -> None:
    record_id = person()
    assert window.view is not None
    window.view.open_record("person", record_id)
    form = window.view.screens[window.view.page].form
    write(form.boxes["occupation"].editor.main(), "Тігінші")
    window.lock()
    again = reopened(office, HEAD)
    draft = again.drafts.load("person", record_id)
    assert draft
    assert draft.values["occupation"] == "Тігінші"
    again.close()


def reopened(office: Office, who: UUID) -> Office:
    """The store opened again, by herself or by somebody else with a key of her own."""
    database = Database.open(office.database.path, office.database.key)
    database.actor = who
    database.privileged = Privileged(who, {who: office.database.key if who == HEAD else bytes(32)})
    return Office(database, office.folder, Settings(office.folder / "settings.json"))


@pytest.mark.parametrize(
    "state",
    [None, "open", 7, HEAD, ("staff_member", HEAD), ("a", ("b", None, (HEAD, True)))],
)
def test_a_bookmark_comes_back_as_it_was_put(office: Office, state: object) -> None:
    office.bookmark.put("settings", state)
    assert office.bookmark.get() == ("settings", state)


def test_there_is_no_bookmark_before_the_first(office: Office) -> None:
    assert office.bookmark.get() is None


def test_nobody_else_stands_where_she_stood(office: Office) -> None:
    office.bookmark.put("person/1", None)
    office.close()
    other = reopened(office, OTHER)
    assert other.bookmark.get() is None
    other.bookmark.put("today", None)
    other.close()
    again = reopened(office, HEAD)
    assert again.bookmark.get() is None
    again.close()


def test_a_bookmark_says_nothing_in_the_open_even_inside_the_file(office: Office) -> None:
    office.bookmark.put(f"person/{HEAD}", HEAD)
    with office.database.read() as session:
        value = session.scalar(select(META.c.value).where(META.c.key == BOOKMARK))
    assert "person" not in value
    # Whose it is stands before the sealed part, as with every sealed text.
    assert HEAD.hex not in value.rpartition(":")[2]


def test_from_a_screen_that_nobody_can_make_again_she_comes_back_to_the_one_before(window: Window) -> None:
    assert window.view is not None
    assert window.place is not None
    window.view.open_page("organisations")
    place = window.place
    place.open_screen("print", lambda: Screen(place))
    assert window.view.page == "print"
    assert window.view.lasting_place() == ("organisations", None)


def test_moving_about_is_kept_at_the_pause_and_standing_still_is_not_written_again(
    window: Window, office: Office, qtbot: Any
) -> None:
    assert window.view is not None
    assert window.mark is not None
    window.view.open_page("organisations")
    window.mark.note()
    qtbot.waitUntil(lambda: office.bookmark.get() == ("organisations", None))
    before = kept(office.database)
    window.mark.note()
    qtbot.waitUntil(lambda: not window.mark._pause.isActive())
    tasks.finish()
    assert kept(office.database) == before
