"""The desk with one store open: bars, pages built at their first visit, messages, and a form beside the page."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from familydesk.ui import drawn, pages
from familydesk.ui.aside import AsidePanel
from familydesk.ui.messages import MessageBoard
from familydesk.ui.parts import column, row
from familydesk.ui.record_screen import record_page
from familydesk.ui.screen import Screen
from familydesk.ui.side_bar import SideBar
from familydesk.ui.tasks import Task
from familydesk.ui.top_bar import TopBar
from familydesk.ui.workplace import Aside, Workplace

Whereabouts = tuple[str, object]
NARROW = 820
"""Below this width, in drawn pixels, the side bar stands behind a button."""


class DeskView(QWidget):
    """Where she works. `whereabouts` and `go_back_to` carry her place over a rebuild or a lock."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self.place, self.theme = place, place.theme
        self.page = ""
        self.narrow = False
        self.visited: list[str] = []
        self.makers: dict[str, Callable[[], Screen]] = {}
        self.screens: dict[str, Screen] = {}
        self.aside: AsidePanel | None = None
        self.finder: QWidget | None = None
        self.offered = pages.offered(place.office.account)
        self.side = SideBar(self.theme, self.offered)
        self.top = TopBar(self.theme, self.side.width())
        self.top.search.setVisible(place.office.account.rights.casework)
        self.board = MessageBoard(self.theme)
        self.stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._greet()

    def open_page(self, name: str, state: object = None) -> None:
        """Go to a page, built now if this is the first visit, and there to `state`."""
        if name not in self.screens and name not in self.makers and not pages.exists(name, self.place.office.account):
            return
        if name not in self.screens:
            self._add(name, pages.made(pages.named(name), self.place))
        self._show(name)
        if state is not None:
            self.screens[name].restore(state)

    def open_record(self, sheet: str, record_id: UUID) -> None:
        """Go to a record's page; Back returns here."""
        name = f"{sheet}/{record_id}"
        if name not in self.screens:
            self._add(name, record_page(self.place, sheet, record_id))
        self._show(name)

    def open_screen(self, name: str, make: Callable[[], Screen]) -> None:
        """Go to a screen of its own, always built anew; Back returns here."""
        self._close(name)
        self.makers[name] = make
        self._add(name, make())
        self._show(name)

    def write_aside(self, wish: Aside) -> None:
        """Open a form beside the page; one that is open keeps its draft and goes."""
        if self.aside:
            self.aside.leave()
        self.aside = AsidePanel(self.place, wish, self.stack)
        self.aside.closed.connect(self._on_aside_closed)

    def open_finder(self) -> None:
        """Open the search under its box."""
        if not (drawn.FINDER and self.place.office.account.rights.casework):
            return
        if self.finder is None:
            self.finder = drawn.found(drawn.FINDER)(self.place)
            self.finder.setParent(self)
        width = max(self.top.search.width(), self.theme.px(560))
        corner = self.top.search.mapTo(self, self.top.search.rect().topLeft())
        self.finder.setGeometry(corner.x(), corner.y(), min(width, self.width() - corner.x()), self.theme.px(480))
        self.finder.show()
        self.finder.raise_()
        self.finder.setFocus()

    def whereabouts(self) -> Whereabouts:
        """Page and state, ids and names only."""
        screen = self.screens.get(self.page)
        return self.page, screen.state() if screen else None

    def lasting_place(self) -> Whereabouts:
        """Page and state of where she is, or came from if no other process can make that screen."""
        name = next((name for name in reversed(self.visited) if name not in self.makers), "")
        return name, self.screens[name].state() if name in self.screens else None

    def go_back_to(self, whereabouts: Whereabouts | None) -> None:
        """Return there; to the first page if it is gone."""
        name, state = whereabouts or ("", None)
        if name in self.makers:
            self.open_page(self.offered[0].name)
            self.open_screen(name, self.makers[name])
            self.screens[name].restore(state)
            return
        if "/" in name:
            sheet, _slash, record_id = name.partition("/")
            self.open_page(self.offered[0].name)
            self.open_record(sheet, UUID(record_id))
            return
        there = pages.exists(name, self.place.office.account)
        self.open_page(name if there else self.offered[0].name, state if there else None)

    def leave(self) -> None:
        """Keep every draft."""
        if self.aside:
            self.aside.leave()
        for screen in self.screens.values():
            screen.leave()

    def release(self) -> None:
        """Hear no wish any more: another view takes over."""
        place = self.place
        place.page_wanted.disconnect(self.open_page)
        place.record_wanted.disconnect(self.open_record)
        place.screen_wanted.disconnect(self.open_screen)
        place.aside_wanted.disconnect(self.write_aside)
        place.finder_wanted.disconnect(self.open_finder)
        place.said.disconnect(self.board.say)
        place.watched.disconnect(self.board.watch)
        place.touched.disconnect(self._count)

    def _lay_out(self) -> None:
        px = self.theme.px
        self.board.setContentsMargins(px(28), px(12), px(28), 0)
        right = column(self.theme, self.board, self.stack, gap=0)
        right.setStretch(1, 1)
        below = row(self.theme, self.side, right, gap=0)
        below.setStretch(1, 1)
        whole = column(self.theme, self.top, below, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window, or with large letters, the side bar makes room for the page."""
        super().resizeEvent(event)
        narrow = event.size().width() < self.theme.px(NARROW)
        if narrow != self.narrow:
            self.narrow = narrow
            self.top.squeeze(narrow)
            self.side.setVisible(not narrow)

    def turn_side_bar(self) -> None:
        """Show the pages in a narrow window, or put them away again."""
        self.side.setVisible(not self.side.isVisible())
        if self.side.isVisible():
            next(iter(self.side.buttons.values())).setFocus()

    def _connect(self) -> None:
        place = self.place
        place.page_wanted.connect(self.open_page)
        place.record_wanted.connect(self.open_record)
        place.screen_wanted.connect(self.open_screen)
        place.aside_wanted.connect(self.write_aside)
        place.finder_wanted.connect(self.open_finder)
        place.said.connect(self.board.say)
        place.watched.connect(self.board.watch)
        place.touched.connect(self._count)
        self.side.chosen.connect(self._on_chosen)
        self.top.pages_wanted.connect(self.turn_side_bar)
        self.top.page_wanted.connect(self.open_page)
        self.top.search_wanted.connect(self.open_finder)
        self.top.language_wanted.connect(place.language_wanted)
        self.top.lock_wanted.connect(place.lock_wanted)
        QShortcut(QKeySequence("Ctrl+K"), self, self.open_finder)
        QShortcut(QKeySequence("Ctrl+L"), self, place.lock_wanted.emit)
        QShortcut(QKeySequence("Ctrl+N"), self, self._take_in)

    def _on_chosen(self, name: str) -> None:
        self.open_page(name)
        self.side.setVisible(not self.narrow)

    def _take_in(self) -> None:
        if not self.place.office.account.may_write("application"):
            return
        if "intake" in drawn.PAGES:
            self.open_page("intake")
            return
        self.write_aside(Aside("application"))

    def _add(self, name: str, screen: Screen) -> None:
        left = getattr(screen, "left", None)
        if left is not None:
            left.connect(lambda: self._close(name))
        self.screens[name] = screen
        self.stack.addWidget(screen)

    def _show(self, name: str) -> None:
        if self.aside:
            self.aside.leave()
        if self.page in self.screens:
            self.screens[self.page].leave()
        self.page = name
        self.visited = [*(page for page in self.visited if page != name), name]
        self.stack.setCurrentWidget(self.screens[name])
        self.side.show_page(name if "/" not in name else pages.of_sheet(name.partition("/")[0]))
        self.screens[name].setFocus()

    def _close(self, name: str) -> None:
        """A screen was left: back to where she came from."""
        screen = self.screens.pop(name, None)
        if screen is None:
            return
        self.visited = [page for page in self.visited if page in self.screens]
        if self.page == name:
            screen.leave()
            self.page = ""
            if self.visited:
                self._show(self.visited[-1])
            else:
                self.open_page(self.offered[0].name)
        self.stack.removeWidget(screen)
        screen.deleteLater()

    def _on_aside_closed(self) -> None:
        self.aside = None

    def _greet(self) -> None:
        office = self.place.office

        def work() -> str:
            me = office.who()
            return f"{me.surname or ''} {(me.given or '')[:1]}.".strip()

        Task(self, work).then(self.top.greet).failed(lambda _e: None).start()
        self._count()

    def _count(self, _sheets: object = None) -> None:
        office = self.place.office

        def work() -> dict[str, int]:
            return office.today.day().badges | {
                "conflicts": office.merge_desk.count(),
                "unsent": office.deliveries.unsent(),
            }

        Task(self, work).then(self._say_what_waits).failed(lambda _e: None).start()

    def _say_what_waits(self, counts: dict[str, int]) -> None:
        self.side.wait(counts)
        self.top.wait(counts["conflicts"], counts["unsent"])
