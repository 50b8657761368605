"""The family page and its drawings, on a real store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_family import Furnishing, Ids
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest

from familydesk.core import clock, i18n
from familydesk.records.kinship import KinshipKind
from familydesk.records.person import Sex
from familydesk.records.person_phone import SafeToCall
from familydesk.services.family_page import Contact, Member
from familydesk.services.family_tree import Union
from familydesk.services.office import Office
from familydesk.services.timeline import Event
from familydesk.ui.special.additions import additions, found_family
from familydesk.ui.special.contacts import conditions, ready
from familydesk.ui.special.family_page import FamilyScreen
from familydesk.ui.special.open_matters import matters
from familydesk.ui.special.timeline_marks import Setting, lay_out
from familydesk.ui.special.tree import EDGE, SIGN, broken, side_word
from familydesk.ui.special.tree_layout import stand
from familydesk.ui.workplace import Workplace


@pytest.fixture
def office(family_office: Office) -> Office:
    return family_office


@pytest.fixture
def screen(place: Workplace, ids: Ids, qtbot: Any, inline: None) -> FamilyScreen:
    made = FamilyScreen(place, ids.family)
    qtbot.addWidget(made)
    made.resize(1200, 900)
    made.show()
    return made


def texts(widget: Any) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_a_family_is_one_page(screen: FamilyScreen) -> None:
    assert screen.head.title.text() == "Жұмабаевтар"
    assert "KO-" in screen.head.line.text() or "КО-" in screen.head.line.text()
    assert {spot.name.partition(",")[0] for spot in screen.tree.spots} >= {"Жұмабаев Серік", "Жұмабаева Айша"}
    assert len(screen.line.picture.bars) == 1
    shown = texts(screen)
    assert "High danger" in shown
    assert "Protective order No 412" in shown


def test_the_tree_tells_who_stood_on_which_side(screen: FamilyScreen) -> None:
    told = [spot.name for spot in screen.tree.spots]
    assert any("Серік" in name and "offender" in name for name in told)
    assert any("Мөлдір" in name and "victim" in name for name in told)


def test_a_case_without_a_family_has_its_page_too(place: Workplace, ids: Ids, qtbot: Any, inline: None) -> None:
    screen = FamilyScreen(place, ids.lone_case)
    qtbot.addWidget(screen)
    screen.show()
    assert screen.head.title.text() == "Джумабаева Молдир"
    assert screen.page
    assert screen.page.family is None
    assert len(screen.tree.spots) == 1


def test_a_case_can_be_given_a_family(place: Workplace, ids: Ids, qtbot: Any, inline: None) -> None:
    screen = FamilyScreen(place, ids.lone_case)
    qtbot.addWidget(screen)
    screen.show()
    assert screen.page
    found_family(place, screen.page)
    screen.refresh()
    assert screen.page.family
    assert screen.page.family.name == "Джумабаева"
    assert screen.page.members[0].place is not None


def test_a_safe_number_is_told_at_once_and_masked_on_leaving(screen: FamilyScreen) -> None:
    safe = next(row for row in screen.contacts.rows if row.contact.safe is SafeToCall.YES)
    assert "000 11 22" not in texts(safe)
    QTest.keyClick(safe.head, Qt.Key.Key_Return)
    assert "+7 777 000 11 22" in texts(safe).replace("\N{NO-BREAK SPACE}", " ")
    screen.leave()
    assert "000 11 22" not in texts(safe)


def test_an_unsafe_number_is_told_only_after_its_conditions(screen: FamilyScreen) -> None:
    careful = next(row for row in screen.contacts.rows if row.contact.safe is SafeToCall.WITH_CARE)
    QTest.keyClick(careful.head, Qt.Key.Key_Return)
    shown = texts(careful)
    assert "10:00-16:00" in shown
    assert "анасының досы" in shown
    assert "123 45 42" not in shown
    # The keyboard stands on "I have read this".
    QTest.keyClick(screen.focusWidget(), Qt.Key.Key_Space)
    assert "123 45 42" in texts(careful)


def test_nobody_sees_a_number_whose_conditions_are_not_written_down() -> None:
    bare = Contact(uuid4(), uuid4(), "+7 ••• ••• •• 42", SafeToCall.UNKNOWN, "", "", "")
    assert not ready(bare)
    assert conditions(bare)
    assert ready(Contact(bare.phone_id, bare.person_id, "", SafeToCall.UNKNOWN, "ever", "a friend", ""))


def test_adding_begins_with_what_is_known(screen: FamilyScreen, ids: Ids, office: Office) -> None:
    assert screen.page
    offered = dict(additions(screen.page, office.me))
    assert offered["incident"]["victim_id"] == ids.mother
    assert offered["incident"]["offender_id"] == ids.father
    assert offered["consultation"]["case_id"] == ids.case
    assert offered["assessment"]["application_id"]
    blank = office.desk.blank("consultation")
    assert set(offered["consultation"]) <= set(blank.values())


def test_an_open_matter_stands_once(screen: FamilyScreen) -> None:
    assert screen.page
    shown = [matter.row_for(screen.place).accessibleName() for matter in matters(screen.page)]
    assert len(shown) == len(set(shown))
    assert sum("Referral" in name or "referral" in name for name in shown) == 1


def test_the_page_follows_what_is_saved(screen: FamilyScreen, ids: Ids, office: Office, qtbot: Any) -> None:
    Furnishing(office).put("errand", case_id=ids.case, what="Мектепке хабарласу", due_on=clock.today())
    qtbot.waitUntil(lambda: "Мектепке хабарласу" in texts(screen), timeout=3000)


def test_the_drawings_are_walked_by_keys(screen: FamilyScreen, ids: Ids) -> None:
    wanted: list[tuple[str, UUID]] = []
    screen.place.record_wanted.connect(lambda sheet, record: wanted.append((sheet, record)))
    screen.tree.setFocus()
    QTest.keyClick(screen.tree, Qt.Key.Key_Right)
    QTest.keyClick(screen.tree, Qt.Key.Key_Return)
    assert wanted == [("person", screen.page.members[0].person_id)] if screen.page else False


def member(person: UUID, sex: Sex = Sex.FEMALE) -> Member:
    return Member(person, None, "A B", "B", sex, None, None, None, None, False, False)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_nobody_stands_on_anybody_in_a_tree(data: st.DataObject) -> None:
    people = [uuid4() for _ in range(data.draw(st.integers(1, 9)))]
    one = st.sampled_from(people)
    pairs = data.draw(st.lists(st.tuples(one, one, st.sets(one, max_size=4)), max_size=5))
    unions = [
        Union(tuple({first, second}), KinshipKind.SPOUSE, True, tuple(children - {first, second}))
        for first, second, children in pairs
    ]
    standing = stand([member(person) for person in people], unions)
    places = [(standing.rows[person], standing.columns[person]) for person in people]
    for row in {row for row, _column in places}:
        columns = sorted(column for at, column in places if at == row)
        assert all(after - before > 0.99 for before, after in zip(columns, columns[1:], strict=False))


def test_children_stand_under_their_parents() -> None:
    mother, father, child = uuid4(), uuid4(), uuid4()
    family = [member(mother), member(father, Sex.MALE), member(child)]
    standing = stand(family, [Union((mother, father), KinshipKind.SPOUSE, True, (child,))])
    assert standing.rows[child] == standing.rows[mother] + 1 == standing.rows[father] + 1
    assert standing.columns[child] == pytest.approx((standing.columns[mother] + standing.columns[father]) / 2)


@given(st.lists(st.tuples(st.integers(0, 900), st.floats(0, 1)), min_size=1, max_size=40), st.integers(200, 1500))
@settings(max_examples=60, deadline=None)
def test_no_two_labels_of_a_time_line_overlap(drawn: list[tuple[int, float]], width: int) -> None:
    from datetime import timedelta

    now = clock.now()
    events = [
        Event(now - timedelta(days=days), "incident", uuid4(), "Beating without harm", "again", weight)
        for days, weight in sorted(drawn, reverse=True)
    ]
    picture = lay_out(events, Setting(width, lambda length: round(length), lambda words: 7.0 * len(words)), now)
    assert all(0 <= mark.x <= width for mark in picture.marks)
    labels = [mark.label for mark in picture.marks if mark.label]
    for at, one in enumerate(labels):
        for other in labels[:at]:
            apart = one.x >= other.x + other.width or other.x >= one.x + one.width
            assert one.lane != other.lane or apart


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_word_of_a_side_has_room_in_the_tree(screen: FamilyScreen, language: str) -> None:
    i18n.use(language)
    tree = screen.tree
    tree.show_family([replace(member, offender=True, victim=True) for member in tree.members.values()], tree.unions)
    metrics = QFontMetricsF(tree.face())
    lines = broken(side_word(next(iter(tree.members.values()))), metrics, tree.column - tree.theme.px(EDGE))
    assert " ".join(lines) == side_word(next(iter(tree.members.values())))
    assert all(metrics.horizontalAdvance(line) <= tree.column - tree.theme.px(EDGE) for line in lines)
    # Below the sign there is room for the name and all of these lines.
    assert tree.row >= tree.theme.px(SIGN) + (1 + len(lines)) * metrics.lineSpacing()
