"""The act of destruction: what is destroyed and by which sum, what stays, which copies still hold it, who saw it.

It bears numbers, days and counts; nobody whose data are gone is named on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from familydesk.core.i18n import N_, _, translate
from familydesk.core.show import show_day
from familydesk.law.retention import Kept
from familydesk.paper.dossier import Dossier, initials
from familydesk.paper.story import Story
from familydesk.paper.strips import Cell
from familydesk.paper.wording import TITLES
from familydesk.records import BY_NAME
from familydesk.records.destruction_act import DestructionAct, Ground
from familydesk.records.staff_member import StaffMember

BY = " · "
"""Between the parts of a line as the act holds it."""
HAND_ROWS = 12
BY_HAND = N_("Copies made by hand lie where they were put; whoever made them destroys them as well.")


def layout(file: Dossier) -> list[Any]:
    """Head, commission, list, what stays, copies, the deed itself, signatures."""
    sheet = Story(file)
    act = cast(DestructionAct, file.subject)
    sheet.title(TITLES["DESTRUCTION_ACT"])
    sheet.fields([sheet.cell(act, "number", 4), sheet.cell(act, "drawn_on", 4), sheet.cell(act, "ground", 4)])
    if act.reason:
        sheet.note(_("Reason"), act.reason)
    sheet.law(act.drawn_on, "CONSENT")
    _commission(sheet, act)
    _contents(sheet, act)
    _stays(sheet, act)
    _copies(sheet, act)
    _signatures(sheet, act)
    return sheet.blocks


def _commission(sheet: Story, act: DestructionAct) -> None:
    head = initials(sheet.file.of(StaffMember, act.head_id))
    sheet.section(_("1. Commission"))
    sheet.fields(
        [Cell(_("Head of the center"), head, 4)]
        + [sheet.cell(act, "first_member", 4), sheet.cell(act, "second_member", 4)]
    )


def _contents(sheet: Story, act: DestructionAct) -> None:
    sheet.section(_("2. What is destroyed"))
    lines = _lines(act.contents)
    if act.ground is Ground.ERASURE:
        columns = [(_("Records"), 8.0), (_("How many"), 3.0)]
        rows = [[_plural(parts[0]), parts[-1]] for parts in lines]
    else:
        columns = [("№", 1.0), (_("What"), 5.0), (_("Number"), 4.0), (_("Reckoning"), 5.0)]
        rows = [[str(at), _kept(parts[0]), *_entry(parts)] for at, parts in enumerate(lines, 1)]
    sheet.table(columns, rows, hand_rows=HAND_ROWS)
    if act.record_count is not None:
        sheet.text(_("Records destroyed in all: {count}").format(count=act.record_count))


def _stays(sheet: Story, act: DestructionAct) -> None:
    if not (act.stays or sheet.by_hand):
        return
    sheet.section(_("3. What stays, and why"))
    if sheet.by_hand:
        sheet.note("", "")
    for parts in _lines(act.stays):
        sheet.text(_staying(parts))


def _staying(parts: list[str]) -> str:
    if parts[0] == "case":
        told = _("Case {number} stays with its number and days alone, for what it holds about somebody else.")
        return told.format(number=parts[-1])
    told = _("{count} of the people named stay, because other records need them: {sheet}")
    return told.format(count=parts[1], sheet=_plural(parts[-1]))


def _copies(sheet: Story, act: DestructionAct) -> None:
    sheet.section(_("4. Copies that still hold it"))
    rows = [[parts[0], _until(parts)] for parts in _lines(act.copies)]
    sheet.table([(_("Copy"), 7.0), (_("Held until"), 5.0)], rows, hand_rows=4)
    sheet.fine(translate(BY_HAND))


def _until(parts: list[str]) -> str:
    return show_day(date.fromisoformat(parts[1])) if len(parts) > 1 else _("until somebody removes it")


def _signatures(sheet: Story, act: DestructionAct) -> None:
    with sheet.together():
        sheet.section(_("5. Destroyed"))
        sheet.text(_("The records above were erased from the store with every trace of their content."))
        sheet.fields([sheet.cell(act, "done_at", 6)])
        head = initials(sheet.file.of(StaffMember, act.head_id))
        sheet.signatures(
            (_("Head of the center"), head, ""),
            (_("Member of the commission"), act.first_member or "", ""),
            (_("Member of the commission"), act.second_member or "", ""),
            seal=True,
        )


def _lines(text: str | None) -> list[list[str]]:
    return [line.split(BY) for line in (text or "").splitlines() if line.strip()]


def _entry(parts: list[str]) -> Iterator[str]:
    """The number, and the sum with its days as people write them: 01.03.2019 + 5 = 01.03.2024."""
    yield parts[1] if len(parts) > 1 else ""
    yield " ".join(map(_word, parts[2].split())) if len(parts) > 2 else ""


def _word(word: str) -> str:
    try:
        return show_day(date.fromisoformat(word)) if "-" in word else word
    except ValueError:
        return word


def _kept(name: str) -> str:
    return translate(Kept[name].value) if name in Kept.__members__ else name


def _plural(sheet: str) -> str:
    return translate(BY_NAME[sheet].plural) if sheet in BY_NAME else sheet
