"""One editor a kind. The table below is the only place that knows which; a form asks it and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from familydesk.core.fields import Field, Kind
from familydesk.ui.editors.choosing import ChoiceEditor, ManyEditor, YesNoEditor
from familydesk.ui.editors.editor import Editor
from familydesk.ui.editors.reference import ReferenceEditor
from familydesk.ui.editors.texts import LineEditor, NoteEditor
from familydesk.ui.editors.times import DayEditor, MomentEditor
from familydesk.ui.editors.typed import AmountEditor, IinEditor, NumberEditor, PhoneEditor
from familydesk.ui.workplace import Workplace

EDITORS: dict[Kind, Callable[[Field, Workplace], Editor]] = {
    Kind.LINE: LineEditor,
    Kind.NOTE: NoteEditor,
    Kind.DAY: DayEditor,
    Kind.MOMENT: MomentEditor,
    Kind.CHOICE: ChoiceEditor,
    Kind.MANY: ManyEditor,
    Kind.YES_NO: YesNoEditor,
    Kind.NUMBER: NumberEditor,
    Kind.AMOUNT: AmountEditor,
    Kind.PHONE: PhoneEditor,
    Kind.IIN: IinEditor,
    Kind.REFERENCE: ReferenceEditor,
}


def editor_for(field: Field, place: Workplace) -> Editor:
    """An empty editor for `field`."""
    return EDITORS[field.kind](field, place)


__all__ = ["EDITORS", "Editor", "editor_for"]
