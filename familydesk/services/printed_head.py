"""The end of the journal as papers bear it at their foot: an old paper proves that what was then written was not
written anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.core.i18n import N_, _
from familydesk.core.show import show_moment
from familydesk.records.staff_member import StaffMember
from familydesk.store.journal import Chain, Head, short
from familydesk.store.verdict import Broken, Verdict

if TYPE_CHECKING:
    from familydesk.services.office import Office

_WRITTEN = re.compile(r"([0-9]{1,15})-([0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3})", re.ASCII)
_READ_AS = str.maketrans("OILАВСЕНКМОРТХ", "011ABCEHKM0PTX")

NOT_AS_PRINTED = N_("This is not written as papers bear it: a number and four groups of four signs.")
CUT_OFF = N_("The paper was printed when the journal had {seq} events. This journal has fewer: its end was taken away.")
ANOTHER = N_(
    "Event {seq} of the journal is not the one that the paper bears: the journal was written anew since, or the paper "
    "is of another store."
)
RESTORED = N_(
    "The paper was printed after the backup that was brought back here, so event {seq}, which it bears, was replaced "
    "with the store of that time."
)


def proof_line(office: Office, head: Head) -> str:
    """What stands at the foot of a paper, in the language spoken: who let it out, when, and the end of the journal."""
    # Who counts reads no records, yet her own name stands on what she prints.
    with office.database.read(whole=True) as session:
        worker = session.get(StaffMember, office.me)
        who = worker.title_text() if worker else ""
    said = _("Printed by {name}, {moment}  ·  Journal {head}")
    return said.format(name=who, moment=show_moment(clock.now()), head=head.short)


@dataclass(frozen=True, slots=True)
class PrintedHead:
    """As read from a paper: the number of an event and the beginning of its link."""

    seq: int
    signs: str


def read_short(text: str) -> PrintedHead:
    """What somebody has typed from a paper. Refused if it is not written so."""
    found = _WRITTEN.fullmatch("-".join(re.split(r"[\s–—-]+", text.strip().upper().translate(_READ_AS))))
    if found is None:
        raise Refused(NOT_AS_PRINTED)
    return PrintedHead(int(found[1]), found[2])


def held_against(printed: PrintedHead, chain: Chain, verdict: Verdict) -> Verdict:
    """A verdict on a journal that is whole in itself, with what an old paper says of it."""
    link = chain.link_at(printed.seq)
    if link is not None and short(link) == printed.signs:
        return verdict
    if any(restore.replaced(printed.seq) for restore in chain.restores()):
        return replace(verdict, broken=Broken(printed.seq, RESTORED))
    return replace(verdict, broken=Broken(printed.seq, ANOTHER if link is not None else CUT_OFF))
