"""The journal in the window: the head's check, and who opened a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from familydesk.services.journal import Deed
from familydesk.services.office import Office
from familydesk.ui import tasks
from familydesk.ui.journal_card import JournalCard
from familydesk.ui.special.access_list import AccessList
from familydesk.ui.special.papers import PapersCard
from familydesk.ui.special.print_preview import Paper, PrintPreview
from familydesk.ui.theme import Theme
from familydesk.ui.workplace import Workplace


def words_of(widget: QWidget) -> str:
    """Everything that stands on it."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


@pytest.fixture
def card(place: Workplace, qtbot: Any, inline: None) -> JournalCard:
    """The card of the settings."""
    card = JournalCard(place)
    qtbot.addWidget(card)
    card.show()
    return card


def test_the_check_says_that_all_is_whole_and_where_it_ends(card: JournalCard) -> None:
    head = card.place.office.journal.note(Deed.PRINTED)
    card.check()
    assert card.found.text() == f"The journal is whole. It ends with {head.short}."
    assert card.go.isEnabled()


def test_the_check_names_what_was_changed(card: JournalCard) -> None:
    office = card.place.office
    for _time in range(3):
        office.journal.note(Deed.PRINTED)
    with office.database.connection(write=True) as connection:
        connection.exec_driver_sql("UPDATE journal SET deed = 'VIEWED' WHERE seq = 2")
    card.check()
    assert "Event 2" in card.found.text()
    assert card.found.property("tone") == "problem"


def test_an_old_paper_is_held_against_the_journal(card: JournalCard) -> None:
    head = card.place.office.journal.note(Deed.PRINTED)
    card.place.office.journal.note(Deed.PRINTED)
    card.printed.setText(head.short.lower().replace("-", " "))
    card.check()
    assert "whole" in card.found.text()
    card.printed.setText("1-0000-0000-0000-0000")
    card.check()
    assert "not the one that the paper bears" in card.found.text()
    card.printed.setText("ten")
    card.check()
    assert "four groups" in card.found.text()


@pytest.fixture
def family(family_office: Office, theme: Theme, qtbot: Any) -> Iterator[Workplace]:
    """The workplace of the head of a center that knows one family."""
    place = Workplace(family_office, family_office.settings, theme)
    yield place
    tasks.finish()
    place.close()


def newest_case(place: Workplace) -> UUID:
    """The case of the family in the store."""
    return place.office.desk.find("case", descending=True, limit=1)[0].id


def test_the_list_shows_who_opened_the_file_newest_first(family: Workplace, qtbot: Any, inline: None) -> None:
    case = newest_case(family)
    family.office.desk.look("case", case)
    family.office.journal.note(Deed.PRINTED, "case", case, case, reason="сұрау бойынша")
    listed = AccessList(family, case)
    qtbot.addWidget(listed)
    listed.refresh()
    rows = [words_of(row) for row in listed.card.rows()]
    assert ["Printed" in rows[0], "сұрау бойынша" in rows[0], "Looked at" in rows[1]] == [True, True, True]


def test_a_preview_is_a_look_and_a_saved_paper_a_print(
    family: Workplace, tmp_path: Path, qtbot: Any, inline: None
) -> None:
    case = newest_case(family)
    preview = PrintPreview(family, Paper("COVER", case))
    qtbot.addWidget(preview)
    preview.refresh()
    preview.speak("ru")
    assert [one.deed for one in family.office.journal.access(case)] == [Deed.VIEWED]
    preview.save_to(tmp_path / "paper.pdf")
    assert [one.deed for one in family.office.journal.access(case)] == [Deed.VIEWED, Deed.PRINTED]


def test_a_file_that_is_offered_to_print_offers_the_list_to_the_head(
    family: Workplace, qtbot: Any, inline: None
) -> None:
    page = family.office.families.family_page(newest_case(family))
    card = PapersCard(family)
    qtbot.addWidget(card)
    card.show_page(page)
    assert "Access sheet: who opened the file" in words_of(card)
