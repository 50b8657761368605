"""What can be wrong with one row of a register, said so that she who keeps it can mend it."""

from __future__ import annotations

import enum
from functools import cache

from familydesk.core.i18n import LANGUAGES, N_, speaking, translate


class Fault(enum.Enum):
    """One thing found in a row. The first ones leave the row without an application; the others are imported and
    flagged.
    """

    NO_DATE = N_("The date is missing.")
    BAD_DATE = N_("There is no such date, or it cannot be read. Write it as day.month.year.")
    FUTURE_DATE = N_("The date lies in the future.")
    EARLY_DATE = N_("The date is too long ago for this register.")
    NO_NAME = N_("The name is missing.")
    SHORT_NAME = N_("The name is not complete: both the surname and the given name are needed.")
    NO_IIN = N_("There is no IIN. The person is taken in without one.")
    BAD_IIN = N_("The IIN is wrong. The person is taken in without it; what was written is kept with the application.")
    SEVERAL_PEOPLE = N_("Several people stand in one cell. Only the first is taken in as the applicant.")
    INITIALS = N_("The name has only initials. Fill in the full name when it is known.")
    NUMBER_TWICE = N_("Another row of the register has the same number and says something else.")
    NAME_DIFFERS = N_("Another row with this IIN has a different name. Check whose number it is.")

    @property
    def stops(self) -> bool:
        """The row cannot become an application until it is mended."""
        return self in _STOPPING

    def told(self, imported: bool) -> str:
        """The fault in the language in force. Of a row that is not `imported` nobody was taken in."""
        return translate(self.value if imported else _OF_NOBODY.get(self, self.value))


_STOPPING = frozenset(
    {Fault.NO_DATE, Fault.BAD_DATE, Fault.FUTURE_DATE, Fault.EARLY_DATE, Fault.NO_NAME, Fault.SHORT_NAME}
)

_OF_NOBODY = {
    Fault.NO_IIN: N_("There is no IIN."),
    Fault.BAD_IIN: N_("The IIN is wrong."),
    Fault.SEVERAL_PEOPLE: N_("Several people stand in one cell."),
}
"""What is said of the IIN and the people of a row that cannot be imported."""

NOT_IMPORTED = N_("Not imported")
TO_LOOK_AT = N_("Imported, to look at")
WHY, LINE, SHEET = N_("What to mend"), N_("Line of the file"), N_("Sheet of the file")


@cache
def own_words() -> frozenset[str]:
    """Headers and sheet names of a problems workbook in every language: an import of mended rows passes over them."""
    found: set[str] = set()
    for language in LANGUAGES:
        with speaking(language):
            found.update(translate(words) for words in (TO_LOOK_AT, WHY, LINE, SHEET))
    return frozenset(found)
