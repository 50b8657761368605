"""What was written twice and says the same but for capitals and spaces: settled together, on one press."""

from __future__ import annotations

from familydesk.core.i18n import _, ngettext
from familydesk.records import SHEETS
from familydesk.ui.parts import Card, Pair, button, text
from familydesk.ui.special.settled import open_settled
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace


class PlainOnes(Card):
    """How many they are, and the one press. It shows itself only where there are any."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme)
        self.place = place
        self.words = text("", wrap=True)
        self.go = button(place.theme, _("Settle these"), self.settle, icon="check")
        self.add(Pair(place.theme, self.words, self.go, room=480))

    def offer(self, count: int) -> None:
        """Say that there are so many."""
        told = ngettext(
            "{count} field differs only in capitals or spaces, or one side wrote no more than was there.",
            "{count} fields differ only in capitals or spaces, or one side wrote no more than was there.",
            count,
        )
        self.words.setText(told.format(count=count))
        self.setVisible(bool(count))

    def settle(self) -> None:
        """All of them. What does not hold any more stays in the histories, and can be written again from there."""
        office, place = self.place.office, self.place
        self.setEnabled(False)
        task = Task(self, lambda progress: office.merge_desk.settle_plain(progress.report)).reporting()
        task.then(self._on_settled).failed(place.tell_failure).ended(lambda: self.setEnabled(True))
        place.watch(_("Settling…"), task)
        task.start()

    def _on_settled(self, count: int) -> None:
        place = self.place
        told = ngettext("{count} field is settled.", "{count} fields are settled.", count).format(count=count)
        words = _("The other values stay in the histories; whatever was wrong can be written again from there.")
        place.say(f"{told} {words}", offer=_("Look at them"), do=lambda: open_settled(place))
        # A verdict that changes no record touches no sheet: the pages are told by hand.
        place.touched.emit(frozenset(sheet.sheet() for sheet in SHEETS))
