"""What a check of the journal has found, for a person to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from familydesk.core.i18n import _, translate
from familydesk.core.show import show_moment
from familydesk.store.journal import Head


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link that does not hold: the number of the event, and a marked sentence with {seq} in it."""

    seq: int
    why: str

    def told(self) -> str:
        """The sentence, in the language in force."""
        return translate(self.why).format(seq=self.seq)


@dataclass(frozen=True, slots=True)
class Notice:
    """An event of which a person should know although all holds: the store opened by the paper, a backup brought back.
    `what` is a marked sentence with {moment}, {seq} and {name} in it; `who` the name of `account`.
    """

    seq: int
    at: str
    what: str
    account: str = ""
    who: str = ""

    def told(self) -> str:
        """The sentence, in the language in force."""
        moment = show_moment(datetime.fromisoformat(self.at))
        return translate(self.what).format(moment=moment, seq=self.seq, name=self.who)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check has found. `unsigned` events were done with the recovery key, which is nobody's signature; `loose`
    changes are not yet vouched for by any event. `left` changes were vouched for at an opening only, by who opened
    next; of `opened` ones, first written under a restricted case's seal, only who opened that again says what they are.
    """

    events: int
    head: Head
    broken: Broken | None = None
    unsigned: int = 0
    loose: int = 0
    left: int = 0
    opened: int = 0
    notices: tuple[Notice, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return self.broken is None

    def told(self) -> list[str]:
        """For a person, in the language in force: the fault, or where the journal ends and what it does not prove."""
        if self.broken:
            return [self.broken.told()]
        lines = [_("The journal is whole. It ends with {head}.").format(head=self.head.short)]
        if self.unsigned:
            lines.append(_("Done with the recovery key, so signed by nobody: {count}").format(count=self.unsigned))
        lines += [notice.told() for notice in self.notices]
        if self.left:
            lines.append(
                _("Left by a program that was cut off, and vouched for by who opened next: {count}").format(
                    count=self.left
                )
            )
        if self.opened:
            lines.append(
                _("Written under a restriction and opened since, which only who lifted it vouches for: {count}").format(
                    count=self.opened
                )
            )
        if self.loose:
            lines.append(_("Changes of records for which no event vouches yet: {count}").format(count=self.loose))
        return lines
