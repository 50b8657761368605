"""How a meeting went, in numbers and in sentences for whoever is at the desk."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from familydesk.core.errors import Problem
from familydesk.core.i18n import N_
from familydesk.sync.arrivals import Tally

PUT_BACK = N_(
    "The other side holds less than at the last meeting: it was probably put back to an earlier day. "
    "It is being filled up again from this computer."
)
IN_DOUBT = N_(
    "The other side has newer work of this computer than the computer itself: its disk was copied or brought back. "
    "Nothing of yours was sent, so that nothing is overwritten. Tell the head of the center."
)
NO_SIGNATURE = N_(
    "The store was opened with the recovery key, which signs nothing: your work waits until you open it yourself."
)
STOPPED = N_("Stopped before the end. What was exchanged is kept, and the next time goes on from there.")
LEFT_OVER = N_("Not everything was handed over. The rest waits here for the next time.")
DAMAGED = N_("Files that could not be read were left aside: {count}. Whoever has them will bring them again.")
CONTENTS_DAMAGED = N_(
    "Scans or photos that could not be read on the other side: {count}. The laptops that have them keep them; "
    "let them meet over another stick or hub."
)
NOT_KEPT = N_(
    "The other side does not take some keys of cases or scans that are in use here: they are marked there as "
    "destroyed. Use another stick or hub, and tell the head of the center."
)
EMPTY_PACKETS = N_("Packets that their laptop signed, and that hold nothing readable, were kept: {count}.")
SPOILED = N_("Parts of packets that hold nothing readable were left out, and the rest was taken in: {count}.")
CUT_OFF = N_(
    "Packets of a laptop that was cut off, which the head's laptop did not know of at that moment, were kept aside, "
    "and nothing of them used: {count}."
)
STRANGERS = N_("Packets of laptops that the head of the center has not admitted wait here: {count}.")
GAPS = N_("Packets wait here for others that come before them, or for a key: {count}.")
FORKED = N_(
    "One laptop's work has come in two versions: its disk was probably copied, or brought back from a backup. "
    "Both are kept. Tell the head of the center."
)
NOT_UNDERSTOOD = N_(
    "Some work of another laptop could not be taken in by this program. It is kept and will be tried again."
)
CLOCK_AHEAD = N_("A laptop's clock runs days ahead. Its work was taken in; let somebody set that clock right.")
REVOKED = N_("This laptop was cut off: the other side takes nothing new of it.")
QUOTA = N_("The other side takes no more at present: its limit is reached. The rest waits here.")
REFUSED = N_("The other side did not take some packets. They wait here.")


class Part(enum.Enum):
    """What is going on."""

    FETCHING = "fetching"
    APPLYING = "applying"
    SENDING = "sending"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a part of the meeting is: packets done and of how many, the records in them, and bytes."""

    part: Part
    done: int
    of: int
    records: int
    size: int


@dataclass(slots=True)
class Outcome:
    """One meeting. Numbers count changes; `waiting` are those that the other side could have and has not."""

    sent: int = 0
    received: int = 0
    conflicts: int = 0
    parked: int = 0
    waiting: int = 0
    warnings: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """As the command line tells it; warnings in the language in force."""
        numbers = ("sent", "received", "conflicts", "parked", "waiting")
        return {**{name: getattr(self, name) for name in numbers}, "warnings": [str(one) for one in self.warnings]}

    def warn(self, text: str, **values: object) -> None:
        """Tell a marked sentence, once."""
        problem = Problem("", text, values, warning=True)
        if problem not in self.warnings:
            self.warnings.append(problem)

    def after(self, former: Outcome, *, but: str) -> None:
        """Put together with what the meeting had come to before it was begun anew; the sentence `but` holds no more."""
        for name in ("sent", "received", "conflicts"):
            setattr(self, name, getattr(self, name) + getattr(former, name))
        told = [one for one in former.warnings if one.text != but and one not in self.warnings]
        self.warnings[:0] = told

    def count(self, tally: Tally) -> None:
        """Take over what was met among the arrivals."""
        self.received += tally.received
        self.conflicts += tally.conflicts
        for text, count in (
            (DAMAGED, tally.damaged),
            (EMPTY_PACKETS, tally.bad),
            (SPOILED, tally.spoiled),
            (CUT_OFF, tally.quarantined),
        ):
            if count:
                self.warn(text, count=count)
        for text, devices in ((FORKED, tally.forked), (NOT_UNDERSTOOD, tally.failed), (CLOCK_AHEAD, tally.ahead)):
            if devices:
                self.warn(text)
