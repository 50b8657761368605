"""The office: everything that one unlocked store offers.

The window and the command line are given an office and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from familydesk.core.errors import Refused, Weather
from familydesk.core.i18n import N_
from familydesk.services.account import Account
from familydesk.services.desk import Desk
from familydesk.store.database import Database

if TYPE_CHECKING:
    from familydesk.core.settings import Settings
    from familydesk.records.staff_member import StaffMember
    from familydesk.services.admissions import Admissions
    from familydesk.services.attachments import Attachments
    from familydesk.services.backups import Backups
    from familydesk.services.bookmark import Bookmark
    from familydesk.services.case_words import CaseWords
    from familydesk.services.center import Center
    from familydesk.services.closing import Closing
    from familydesk.services.conflicts import Conflicts
    from familydesk.services.copies import Copies
    from familydesk.services.deadlines import Deadlines
    from familydesk.services.deliveries import Deliveries
    from familydesk.services.drafts import Drafts
    from familydesk.services.families import Families
    from familydesk.services.figures import Figures
    from familydesk.services.glass import Glass
    from familydesk.services.handover import Handover
    from familydesk.services.history import History
    from familydesk.services.intake import Intake
    from familydesk.services.journal import Journal
    from familydesk.services.keeping import Keeping
    from familydesk.services.lists import Lists
    from familydesk.services.members import Members
    from familydesk.services.merge_desk import MergeDesk
    from familydesk.services.orders import Orders
    from familydesk.services.people import People
    from familydesk.services.prints import Prints
    from familydesk.services.receiving import Receiving
    from familydesk.services.referring import Referring
    from familydesk.services.register import Register
    from familydesk.services.restricted import Restricted
    from familydesk.services.search import Search
    from familydesk.services.syncing import Syncing
    from familydesk.services.today import Today
    from familydesk.services.withdrawals import Withdrawals
    from familydesk.store.folder import StoreFolder
    from familydesk.store.keys import Opened


class Office:
    """Services are built when first asked for, each knowing only this office: nothing is imported before it is
    needed.
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        settings: Settings,
        close: Callable[[], None] = lambda: None,
        keys: tuple[StoreFolder, Opened] | None = None,
    ) -> None:
        """`keys` is the folder with the key file and what was opened by it; without them no passphrase is changed."""
        self.database = database
        self.folder = folder
        self.settings = settings
        self._close = close
        self.account = Account(self, *(keys or ()))
        database.veil = self.account
        database.case_keys.hold(self.account.identities())
        database.told_sealed = lambda *moved: self.restricted.note_taken_in(*moved)
        database.judge = lambda connection, places: self.receiving.judge(connection, places)

    @property
    def me(self) -> UUID:
        """Who is at the desk: the id of a staff member."""
        return self.database.actor

    def who(self) -> StaffMember:
        """The staff member at the desk, whatever her role: she is no secret to herself."""
        from familydesk.records.staff_member import StaffMember

        with self.database.read(whole=True) as session:
            me = session.get(StaffMember, self.me)
            session.expunge_all()
        if me is None:
            raise Refused(N_("There is no such record."))
        return me

    def close(self) -> None:
        """Close the store and let go of its folder. What she wrote is packed while she is here to sign it."""
        try:
            with suppress(Weather):
                self.syncing.pack()
        finally:
            self.journal.end()
            self.database.close()
            self._close()

    @cached_property
    def desk(self) -> Desk:
        """Any record of any sheet."""
        return Desk(self)

    @cached_property
    def search(self) -> Search:
        """One box that finds everything."""
        from familydesk.services.search import Search

        return Search(self)

    @cached_property
    def deadlines(self) -> Deadlines:
        """What falls due, and why."""
        from familydesk.services.deadlines import Deadlines

        return Deadlines(self)

    @cached_property
    def today(self) -> Today:
        """The first screen."""
        from familydesk.services.today import Today

        return Today(self)

    @cached_property
    def families(self) -> Families:
        """A family on one page."""
        from familydesk.services.families import Families

        return Families(self)

    @cached_property
    def people(self) -> People:
        """Duplicates and merging."""
        from familydesk.services.people import People

        return People(self)

    @cached_property
    def intake(self) -> Intake:
        """Taking a family in."""
        from familydesk.services.intake import Intake

        return Intake(self)

    @cached_property
    def handover(self) -> Handover:
        """An absent worker's cases."""
        from familydesk.services.handover import Handover

        return Handover(self)

    @cached_property
    def orders(self) -> Orders:
        """Protective orders: served, checked, breached."""
        from familydesk.services.orders import Orders

        return Orders(self)

    @cached_property
    def prints(self) -> Prints:
        """Papers."""
        from familydesk.services.prints import Prints

        return Prints(self)

    @cached_property
    def figures(self) -> Figures:
        """The month in numbers."""
        from familydesk.services.figures import Figures

        return Figures(self)

    @cached_property
    def register(self) -> Register:
        """The center's old register."""
        from familydesk.services.register import Register

        return Register(self)

    @cached_property
    def lists(self) -> Lists:
        """Lists as spreadsheets."""
        from familydesk.services.lists import Lists

        return Lists(self)

    @cached_property
    def backups(self) -> Backups:
        """Copies that open."""
        from familydesk.services.backups import Backups

        return Backups(self)

    @cached_property
    def history(self) -> History:
        """Who changed what."""
        from familydesk.services.history import History

        return History(self)

    @cached_property
    def drafts(self) -> Drafts:
        """What was typed and not saved."""
        from familydesk.services.drafts import Drafts

        return Drafts(self)

    @cached_property
    def attachments(self) -> Attachments:
        """Scans and photos."""
        from familydesk.services.attachments import Attachments

        return Attachments(self)

    @cached_property
    def copies(self) -> Copies:
        """What is given out."""
        from familydesk.services.copies import Copies

        return Copies(self)

    @cached_property
    def conflicts(self) -> Conflicts:
        """Two values for one field."""
        from familydesk.services.conflicts import Conflicts

        return Conflicts(self)

    @cached_property
    def receiving(self) -> Receiving:
        """What other laptops wrote."""
        from familydesk.services.receiving import Receiving

        return Receiving(self)

    @cached_property
    def merge_desk(self) -> MergeDesk:
        """What was written twice, put before a person."""
        from familydesk.services.merge_desk import MergeDesk

        return MergeDesk(self)

    @cached_property
    def deliveries(self) -> Deliveries:
        """What has not gone to the other laptops yet."""
        from familydesk.services.deliveries import Deliveries

        return Deliveries(self)

    @cached_property
    def restricted(self) -> Restricted:
        """Cases sealed for named people."""
        from familydesk.services.restricted import Restricted

        return Restricted(self)

    @cached_property
    def case_words(self) -> CaseWords:
        """What is said of restricted cases to the other laptops."""
        from familydesk.services.case_words import CaseWords

        return CaseWords(self)

    @cached_property
    def closing(self) -> Closing:
        """What others said of restricted cases, followed."""
        from familydesk.services.closing import Closing

        return Closing(self)

    @cached_property
    def glass(self) -> Glass:
        """Restricted cases opened in need."""
        from familydesk.services.glass import Glass

        return Glass(self)

    @cached_property
    def syncing(self) -> Syncing:
        """Meeting the other laptops."""
        from familydesk.services.syncing import Syncing

        return Syncing(self)

    @cached_property
    def referring(self) -> Referring:
        """Referrals to other centers, and theirs."""
        from familydesk.services.referring import Referring

        return Referring(self)

    @cached_property
    def center(self) -> Center:
        """This laptop in its center."""
        from familydesk.services.center import Center

        return Center(self)

    @cached_property
    def admissions(self) -> Admissions:
        """Requests to join, and laptops."""
        from familydesk.services.admissions import Admissions

        return Admissions(self)

    @cached_property
    def members(self) -> Members:
        """Who may open this store, and as what."""
        from familydesk.services.members import Members

        return Members(self)

    @cached_property
    def journal(self) -> Journal:
        """What was done, proved."""
        from familydesk.services.journal import Journal

        return Journal(self)

    @cached_property
    def bookmark(self) -> Bookmark:
        """Where she stood before a lock."""
        from familydesk.services.bookmark import Bookmark

        return Bookmark(self)

    @cached_property
    def keeping(self) -> Keeping:
        """What is past its term, and what is erased."""
        from familydesk.services.keeping import Keeping

        return Keeping(self)

    @cached_property
    def withdrawals(self) -> Withdrawals:
        """Consents that were withdrawn, and what they stop."""
        from familydesk.services.withdrawals import Withdrawals

        return Withdrawals(self)
