"""A referral's own page, with a card from which it is sent to another center."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QTreeWidget, QTreeWidgetItem

from familydesk.core import settings as known
from familydesk.core.i18n import _, translate
from familydesk.services.rights import Verb
from familydesk.ui.front_page import labelled
from familydesk.ui.parts import Card, button, column, held, restyled, row, text
from familydesk.ui.record_page import RecordPage
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.referring import Plan, Sent

ROWS = 7
"""Fields that are seen at once."""


class ReferralPage(RecordPage):
    """The generated page, and how the referral leaves."""

    def __init__(self, place: Workplace, record_id: UUID) -> None:
        super().__init__(place, "referral", record_id)

    def _hang(self) -> None:
        if self.record_id and self.office.account.may(Verb.EXPORT):
            self.sending = SendCard(self.place, self.record_id)
            self.side.addWidget(self.sending)
        super()._hang()


class SendCard(Card):
    """To whom, and what goes along. Nothing leaves before it was shown."""

    def __init__(self, place: Workplace, record_id: UUID) -> None:
        theme = place.theme
        super().__init__(theme, _("Send to another center"))
        self.place, self.record_id = place, record_id
        words = _(
            "Sealed for that center alone, with the fields that are ticked, on the basis that the referral names."
        )
        self.add(text(words, "muted", wrap=True))
        self.to, self.heard, self.why = QLineEdit(), QLineEdit(), QLineEdit()
        self.road = QLineEdit(place.settings.get(known.SYNC_WITH))
        pick = button(theme, _("Choose a file…"), self.choose, icon="folder")
        where = row(theme, self.to, pick, gap=8)
        where.setStretch(0, 1)
        label = text(_("Its certificate, or the first signs of its id if it was compared before"), "label", wrap=True)
        self.to.setAccessibleName(label.text())
        self.add(column(theme, label, held(where), gap=4))
        self.add(labelled(theme, _("Its fingerprint for referrals, as you hear it"), self.heard))
        self.fields = _field_list(place)
        self.add(labelled(theme, _("What goes along"), self.fields))
        self.add(labelled(theme, _("Why they must know where she is, if that is ticked"), self.why))
        self.add(labelled(theme, _("Where to leave it now: a folder or a hub; empty, it waits"), self.road))
        self.told = text("", wrap=True)
        self.told.hide()
        self.add(self.told)
        self.look = button(theme, _("Show what would leave"), self.plan, icon="list-check")
        self.go = button(theme, _("Send"), self.send, icon="arrow-forward-up", role="primary")
        self.add(row(theme, self.go, self.look, None, gap=8))

    def choose(self) -> None:
        """Ask for the file with the certificate."""
        path, _kind = QFileDialog.getOpenFileName(self.window(), _("Choose a file…"), str(Path.home()))
        if path:
            self.to.setText(path)

    def chosen(self) -> list[str]:
        """The fields that are ticked."""
        ticked = (one for one in self.items() if one.checkState(0) is Qt.CheckState.Checked)
        return [one.data(0, Qt.ItemDataRole.UserRole) for one in ticked]

    def items(self) -> list[QTreeWidgetItem]:
        """A line for each field."""
        found = (self.fields.topLevelItem(at) for at in range(self.fields.topLevelItemCount()))
        return [one for one in found if one is not None]

    def plan(self) -> None:
        """Say what would leave, and on what ground."""
        referring, id = self.place.office.referring, self.record_id
        names, why = self.chosen(), self.why.text()
        Task(self, lambda: referring.plan(id, names, why)).then(self._on_planned).failed(self._on_failed).start()

    def send(self) -> None:
        """Seal it, and leave it where she says."""
        referring, names = self.place.office.referring, self.chosen()
        to, typed = self.to.text().strip(), self.heard.text().strip()
        why, road = self.why.text(), self.road.text().strip()
        self.setEnabled(False)
        sending = partial(referring.send, self.record_id, to, typed, names, why, road)
        task = Task(self, sending, Lane.POOL if road else Lane.STORE)
        task.then(self._on_sent).failed(self._on_failed).ended(lambda: self.setEnabled(True)).start()

    def _on_planned(self, plan: Plan) -> None:
        from familydesk.services.grounds import told

        fields = ", ".join(_named(name) for name in plan.passage.names)
        self._say(_("On what basis") + f": {told(plan.ground)}\n" + _("What leaves") + f": {fields}", "")

    def _on_sent(self, sent: Sent) -> None:
        left = _("It was left for the other center, sealed.")
        waits = _("It waits here, sealed, and leaves at the next meeting with a hub or a folder of that center.")
        self._say(left if sent.left else waits, "")

    def _on_failed(self, error: Exception) -> None:
        self._say(str(error), "problem")

    def _say(self, words: str, tone: str) -> None:
        restyled(self.told, "tone", tone)
        self.told.setText(words)
        self.told.show()


def _named(name: str) -> str:
    from familydesk.services.chosen_fields import offered

    return translate(offered()[name].label) if name in offered() else name


def _field_list(place: Workplace) -> QTreeWidget:
    """What may go along; without what always does there is nothing to send, so that is not asked."""
    from familydesk.services.chosen_fields import ALWAYS, USUAL, offered

    made = QTreeWidget()
    made.setHeaderHidden(True)
    made.setRootIsDecorated(False)
    for name, field in offered().items():
        item = QTreeWidgetItem([translate(field.label)])
        item.setData(0, Qt.ItemDataRole.UserRole, name)
        flags = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags if name in ALWAYS else flags | Qt.ItemFlag.ItemIsEnabled)
        item.setCheckState(0, Qt.CheckState.Checked if name in USUAL else Qt.CheckState.Unchecked)
        made.addTopLevelItem(item)
    made.setFixedHeight(made.fontMetrics().lineSpacing() * ROWS * 3 // 2 + place.theme.px(8))
    return made
