"""Why, to whom, how protected: the panel that stands before anything leaves, and the choice of where it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QWidget

from familydesk.core.fields import Field
from familydesk.core.i18n import _
from familydesk.exchange.age import Protection
from familydesk.services.giving_out import HANDING_FIELDS, Handing, Parcel
from familydesk.ui.parts import column, emptied, held, scrolled
from familydesk.ui.tasks import Task
from familydesk.ui.verb_panel import VerbPanel
from familydesk.ui.workplace import Workplace

Making = Callable[[Handing, dict[str, Any]], Parcel]
"""Makes what is to leave, from how it is handed over and what else was asked; for the store's thread."""


class HandingPlace(QWidget):
    """Where a panel stands on a page that does not scroll: instead of what the page shows, until it is done."""

    def __init__(self, place: Workplace, instead: QWidget) -> None:
        super().__init__()
        self.theme, self.instead = place.theme, instead
        self.column = column(place.theme, gap=0)
        self.setLayout(self.column)
        self.hide()

    def put(self, panel: HandingPanel) -> None:
        """Show `panel`, in place of one that stands here."""
        emptied(self.column)
        panel.left.connect(self.close_panel)
        self.column.addWidget(scrolled(held(column(self.theme, panel, None, gap=0))))
        self.instead.hide()
        self.show()
        panel.begin()

    def close_panel(self) -> None:
        """What the page shows, again."""
        emptied(self.column)
        self.hide()
        self.instead.show()


class HandingPanel(VerbPanel):
    """The fields of a handing over, after `first`, which are the page's own."""

    def __init__(
        self,
        place: Workplace,
        title: str,
        make: Making,
        first: Sequence[Field] = (),
        given: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            place,
            title,
            (*first, *HANDING_FIELDS),
            {"protection": Protection.PASSPHRASE, **(given or {})},
            lambda values: make(Handing.of(values), values),
        )
        self.done.connect(self.choose_file)
        self.boxes["protection"].editor.changed.connect(self._ask_for_secret)

    def choose_file(self, parcel: Parcel) -> None:
        """Ask where to; the name that is offered says nothing of what it is."""
        self.go.setEnabled(True)
        path, _kind = QFileDialog.getSaveFileName(self, _("Save as"), parcel.name)
        if path:
            self.save_to(parcel, Path(path))

    def save_to(self, parcel: Parcel, path: Path) -> None:
        """Let it go, written down."""
        place = self.place
        task = Task(self, lambda: parcel.save(path))
        task.then(lambda saved: self._on_saved(saved)).failed(place.tell_failure).start()

    def _on_saved(self, path: Path) -> None:
        self.place.say(_("Saved as {name} and written into the journal.").format(name=path.name))
        self.left.emit()

    def _ask_for_secret(self) -> None:
        self.boxes["secret"].setVisible(self.boxes["protection"].editor.value() is not Protection.OPEN)
