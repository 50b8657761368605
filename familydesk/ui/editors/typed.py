"""Editors of one line that spells something: a number, a sum, a telephone, an IIN. Each says how it was understood."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal, InvalidOperation
from typing import Any

from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field, Secrecy
from familydesk.core.i18n import N_, _, translate
from familydesk.core.show import show, show_day
from familydesk.law import iin as iins
from familydesk.law import phone as phones
from familydesk.law.fault import NumberFault
from familydesk.ui.editors.texts import LineEditor
from familydesk.ui.parts import button, text
from familydesk.ui.workplace import Workplace


class TypedEditor(LineEditor):
    """A line that is read; what cannot be read is told when she leaves it, never while she types."""

    CHARACTERS = 18

    def __init__(self, field: Field, place: Workplace) -> None:
        super().__init__(field, place)
        self.line.editingFinished.connect(self._tell)

    def read(self) -> Any:
        """The value that the line spells."""
        typed = super().read()
        if typed is None:
            return None
        try:
            return self.understood(typed)
        except (ValueError, InvalidOperation) as error:
            raise Refused(Problem(self.field.name, self.fault(error))) from None

    @abstractmethod
    def understood(self, typed: str) -> Any:
        """The value; ValueError if there is none."""

    @abstractmethod
    def fault(self, error: Exception) -> str:
        """A marked sentence about what is wrong."""

    def show_value(self, value: Any) -> None:
        """The value as it is shown everywhere."""
        super().show_value(show(self.field, value))

    def _tell(self) -> None:
        if not self.touched:
            return
        try:
            value = self.read()
        except Refused as refused:
            self.hinted.emit(str(refused))
        else:
            self.hinted.emit("")
            super().show_value(show(self.field, value))


class NumberEditor(TypedEditor):
    """A whole number with its unit."""

    def __init__(self, field: Field, place: Workplace) -> None:
        super().__init__(field, place)
        if field.unit:
            self.beside.addWidget(text(translate(field.unit), "muted"))

    def understood(self, typed: str) -> int:
        """Digits, spaces between them ignored."""
        return int("".join(typed.split()))

    def fault(self, error: Exception) -> str:
        """What a number is."""
        return N_("Write a whole number.")


class AmountEditor(TypedEditor):
    """A sum in tenge."""

    def understood(self, typed: str) -> Decimal:
        """Digits with a comma or a point before the tiyn."""
        plain = "".join(typed.replace("₸", "").split()).replace(",", ".")
        value = Decimal(plain)
        if not value.is_finite() or value != value.quantize(Decimal("0.01")):
            raise ValueError
        return value.quantize(Decimal("0.01"))

    def fault(self, error: Exception) -> str:
        """What a sum is."""
        return N_("Write a sum in tenge, for example 12 500,50.")


class PhoneEditor(TypedEditor):
    """A telephone number, written anyhow, kept one way. A person's number shows its end only until she asks for it."""

    def __init__(self, field: Field, place: Workplace) -> None:
        super().__init__(field, place)
        self.reveal = button(self.theme, _("Show the number"), self.show_whole, icon="phone")
        self.reveal.hide()
        self.beside.addWidget(self.reveal)

    def show_value(self, value: Any) -> None:
        """The end of a person's number; the whole of any other."""
        hidden = bool(value) and self.field.secrecy > Secrecy.PLAIN
        if hidden:
            LineEditor.show_value(self, phones.mask(value))
        else:
            super().show_value(value)
        self.line.setReadOnly(hidden)
        self.reveal.setVisible(hidden)

    def show_whole(self) -> None:
        """Now she has read, further down, whether it may be called."""
        super().show_value(self.given)
        self.line.setReadOnly(False)
        self.reveal.hide()
        self.line.setFocus()

    def put(self, value: Any) -> None:
        """What she typed herself is not hidden from her."""
        self.line.setReadOnly(False)
        self.reveal.hide()
        LineEditor.show_value(self, show(self.field, value))
        self._note_change()

    def understood(self, typed: str) -> str:
        """The number with its country's code."""
        return phones.normalise(typed, short=self.field.secrecy is Secrecy.PLAIN)

    def fault(self, error: Exception) -> str:
        """What the reader of numbers found."""
        return _sentence(error)


class IinEditor(TypedEditor):
    """An IIN; as soon as it is whole, it says what it tells."""

    def __init__(self, field: Field, place: Workplace) -> None:
        super().__init__(field, place)
        self.line.textEdited.connect(lambda: self._say())

    def understood(self, typed: str) -> str:
        """Twelve digits. A wrong number is kept as typed: the sheet's own rule judges it."""
        return "".join(typed.split())

    def fault(self, error: Exception) -> str:
        """What the reader of numbers found."""
        return _sentence(error)

    def told(self) -> iins.Iin | None:
        """What the number tells, if it is one."""
        try:
            return iins.read(self.line.text())
        except iins.IinFault:
            return None

    def _say(self) -> None:
        whole = len("".join(self.line.text().split())) >= 12
        self.hinted.emit(self._sentence() if whole else "")

    def _tell(self) -> None:
        if self.touched:
            self.hinted.emit(self._sentence() if self.line.text().strip() else "")

    def _sentence(self) -> str:
        try:
            known = iins.read(self.line.text())
        except iins.IinFault as fault:
            return _(fault.sentence)
        if known.born_on is None:
            return " ".join(_(warning) for warning in known.warnings)
        sentence = _("Born {day}, female.") if known.sex == "FEMALE" else _("Born {day}, male.")
        return sentence.format(day=show_day(known.born_on))


def _sentence(error: Exception) -> str:
    return error.sentence if isinstance(error, NumberFault) else N_("This cannot be read.")
