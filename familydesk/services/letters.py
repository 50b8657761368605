"""Letters between centers on this laptop: taken in where it meets a hub or a folder, kept sealed, handed over.

A meeting treats those that came as it does any object (`loop.Stock`): so they reach colleagues by whatever road, and
one that was answered is taken away. What goes to another center is left in that center's place at the hub or in the
folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID

from nacl.public import PrivateKey
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.records.center import Center
from familydesk.services.members import BY_PAPER
from familydesk.services.rights import Verb
from familydesk.services.roads import is_hub, road
from familydesk.sync import disk, letter_box, sealed_keys
from familydesk.sync.fingerprint import of_certificate
from familydesk.sync.letter import Answer, Kind, Letter, NotYet, Said, Sender, object_name, opened
from familydesk.sync.letter_box import Kept, Neighbour, State
from familydesk.sync.peer import Mailbox, ObjectKind, Peer
from familydesk.sync.return_token import Way
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.certificate import Certificate

if TYPE_CHECKING:
    from familydesk.services.office import Office

MOST = 1000
"""Letters that wait here at most: whoever floods a center's place fills no disk."""
UNOPENED = 50
"""Of those that no key at hand opens so many wait here at most: anybody can make them of chance bytes."""
KEPT_FOR = timedelta(days=180)
"""So long a letter that was left somewhere is kept, to be left elsewhere once more; and one that does not open."""

NO_KEYS = N_("This store has no list of people yet, so it cannot exchange letters with other centers.")
WAIT = N_("Letters to other centers wait here until their hub or folder is met: {count}.")
UNREADABLE = N_("Letters that were damaged, forged or meant for somebody else were thrown away: {count}.")
TURNED_AWAY = N_("Letters that cannot be opened here were turned away, because too many of them wait already: {count}.")
ANSWERS_WAIT = N_("Answers wait here, because they cannot be written into their referrals by you: {count}.")
HELD = N_("Referrals are held back, because the ground on which they were to leave does not stand any more: {count}.")


@dataclass(slots=True)
class Met:
    """How an exchange of letters went. Numbers count letters."""

    received: int = 0
    answers: int = 0
    handed_over: int = 0
    waiting: int = 0
    """To other centers, and left nowhere yet."""
    warnings: list[Problem] = field(default_factory=list)

    def warn(self, text: str, **values: object) -> None:
        """A marked sentence."""
        self.warnings.append(Problem("", text, values, warning=True))


class Letters:
    """Those of this laptop."""

    kind = ObjectKind.INBOX

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self._turned_away = 0

    # Writing

    def sender(self) -> Sender:
        """This center as it shows itself to others. Refused where the store has no keys of a center."""
        center = self._office.center
        own = self.certificate()
        said = tuple(one.content for one in center.held())
        return Sender(own.anchor, own.sealing, max(center.epoch_keys), self._name(), said)

    def certificate(self) -> Certificate:
        """This center's, as it is now."""
        keys = self._office.center.epoch_keys
        if not keys or not self._office.account.anchor:
            raise Refused(NO_KEYS)
        public = sealed_keys.center_key(keys[max(keys)]).public_key
        return Certificate(self._office.account.anchor, bytes(public))

    def fingerprint(self) -> str:
        """Of that certificate: what somebody reads aloud to the other center."""
        return of_certificate(self.certificate())

    def _name(self) -> str:
        found = self._office.desk.find("center", limit=1)
        return (cast(Center, found[0]).name_kk or "")[:400] if found else ""

    def write(
        self,
        session: Session,
        to: Certificate,
        sending: bytes,
        record: UUID,
        said: Said,
        fields: tuple[str, ...] = (),
    ) -> None:
        """Sign and seal a letter, and lay it out to be handed over. Refused after the recovery key."""
        key = self._office.account.signing_key()
        if key is None:
            raise Refused(BY_PAPER)
        at = int(clock.now().timestamp() * 1000)
        letter = Letter(self.sender(), to.center, sending, self._office.me, at, said).signed(key)
        name, content = object_name(to.center), letter.sealed(to.sealing)
        kept = Kept(name, True, said.kind.name, to.center, sending, record, State.WAITING, "", content, fields)
        letter_box.put(session.connection(), kept)

    # Meeting

    def meet(self, name: str) -> Met:
        """Fetch and hand over at a hub (its address) or in a folder, letters only. Weather where the road fails."""
        self._office.account.require(Verb.EXPORT)
        identity = self._office.center.identity
        if identity is None:
            raise Refused(NO_KEYS)
        if not is_hub(name) and not Path(name).parent.is_dir():
            raise disk.gone()
        before = self._received()
        with road(name, identity.center, self._office.syncing.renaming.road_key(identity.device_key)) as there:
            bad = self._fetch(there)
            met = self.after(there, told=True)
        met.received = len(self._received() - before)
        if bad:
            met.warn(UNREADABLE, count=bad)
        return met

    def _received(self) -> frozenset[str]:
        with self._database.connection() as connection:
            return letter_box.names(connection, State.WAITING, State.SETTLED)

    def _fetch(self, there: Peer) -> int:
        lying = there.names(self.kind)
        wanted = sorted(lying - self.names() - self.destroyed())
        contents = {name: content for name in wanted if (content := there.get(self.kind, name))}
        return self.take(contents)

    def after(self, there: Peer, *, told: bool = False) -> Met:
        """Take in the answers that came, and hand over what waits; `told`: to a place that was named for this."""
        met = Met()
        turned_away, self._turned_away = self._turned_away, 0
        if turned_away:
            met.warn(TURNED_AWAY, count=turned_away)
        if not self._office.account.may(Verb.EXPORT):
            return met
        self._read_again()
        met.answers, left = self._office.referring.take_answers()
        self._hand_over(there, met, told)
        if told:
            for name in sorted(there.names(self.kind) & self.destroyed()):
                there.destroy(self.kind, name)
        if left:
            met.warn(ANSWERS_WAIT, count=left)
        if met.waiting:
            met.warn(WAIT, count=met.waiting)
        return met

    def _hand_over(self, there: Peer, met: Met, told: bool) -> None:
        held = 0
        for one in self._outgoing(State.WAITING, *([State.LEFT] if told else [])):
            if not self._office.referring.may_leave(one):
                held += 1
                continue
            taken = isinstance(there, Mailbox) and there.post(one.center, one.name, one.content, begin=told)
            met.handed_over += taken
            met.waiting += not taken and one.state is State.WAITING
            if taken:
                self._move(one.name, State.LEFT)
        if held:
            met.warn(HELD, count=held)

    def _outgoing(self, *states: State) -> list[Kept]:
        """Letters to be handed over, as far as what they are about was not erased meanwhile."""
        with self._database.connection() as connection:
            if not letter_box.lying(connection, State.WAITING, State.LEFT, outgoing=True):
                return []
        with self._database.connection(write=True) as connection:
            letter_box.forget_erased(connection)
            letter_box.forget_sent(connection, clock.now() - KEPT_FOR)
            return letter_box.lying(connection, *states, outgoing=True)

    def _move(self, name: str, state: State) -> None:
        with self._database.connection(write=True) as connection:
            letter_box.move(connection, name, state)

    # As a meeting sees them

    def names(self) -> frozenset[str]:
        """Those that came and wait."""
        with self._database.connection() as connection:
            return letter_box.names(connection, State.WAITING)

    def content(self, name: str) -> bytes:
        """One of them, to be handed on to a colleague."""
        with self._database.connection() as connection:
            return letter_box.content(connection, name)

    def destroyed(self) -> frozenset[str]:
        """Those that are done with."""
        with self._database.connection() as connection:
            return letter_box.names(connection, State.SETTLED, State.BAD)

    def take(self, contents: Mapping[str, bytes]) -> int:
        """Keep those that came; how many of them were no letters to this center, or forged.

        What cannot be opened takes no room from what can.
        """
        bad = 0
        with self._database.connection(write=True) as connection:
            letter_box.give_up(connection, clock.now() - KEPT_FOR)
            opened, unopened = letter_box.came(connection)
            room = {True: MOST - opened, False: UNOPENED - unopened}
            for name, content in contents.items():
                place = self._judged(connection, content)
                if place.state is State.WAITING:
                    if room[place.opened] <= 0:
                        self._turned_away += 1
                        continue
                    room[place.opened] -= 1
                kept = Kept(name, False, place.kind, place.center, place.sending, UUID(int=0), place.state, "", content)
                letter_box.put(connection, kept)
                bad += place.state is State.BAD
        return bad

    def _read_again(self) -> None:
        """Letters that could not be read when they came: a key has come since, or the program is newer."""
        with self._database.connection() as connection:
            unread = [one for one in letter_box.lying(connection, State.WAITING, outgoing=False) if not one.kind]
        for one in unread:
            with self._database.connection(write=True) as connection:
                place = self._judge(connection, one.content)
                letter_box.read_as(connection, one.name, place.kind, place.center, place.sending)
                letter_box.move(connection, one.name, place.state)

    def _judged(self, connection: Connection, content: bytes) -> _Place:
        """As `_judge`; what came once counts once, under whatever name it comes again."""
        if letter_box.came_before(connection, content):
            return _Place(State.SETTLED)
        return self._judge(connection, content)

    def _judge(self, connection: Connection, content: bytes) -> _Place:
        try:
            letter = self.read(connection, content)
            if letter is None:
                return _Place(State.WAITING)
            place = _Place(State.WAITING, letter.said.kind.name, letter.sender.center, letter.sending)
            if isinstance(letter.said, Answer):
                return self._place_of_answer(letter, letter.said, place)
        except NotYet:
            return _Place(State.WAITING)
        except Defect:
            return _Place(State.BAD)
        known = letter_box.is_known(connection, letter.sender.center, letter.sending)
        return _Place(State.SETTLED) if known else place

    def _place_of_answer(self, letter: Letter, answer: Answer, place: _Place) -> _Place:
        """It has to answer a referral that this center sent to the one that answers."""
        way = self.way(answer)
        if way is None:
            return _Place(State.WAITING)
        fits = (way.to, way.sending) == (letter.sender.center, letter.sending)
        return place if fits else _Place(State.BAD)

    # Reading

    def read(self, connection: Connection, content: bytes) -> Letter | None:
        """A letter, checked; None if no key at hand opens it. Defect unless somebody of the center it names signed it.

        What it shows of a center whose fingerprint was compared is kept.
        """
        letter = opened(content, self._office.center.id, self._keys())
        if letter is not None:
            log = letter.sender.log(letter_box.said_of(connection, letter.sender.center))
            letter.check(log)
            letter_box.learn(connection, letter.sender, log)
        return letter

    def way(self, answer: Answer) -> Way | None:
        """Which referral was answered; None if the key is not here. Defect if this center never sent it."""
        center = self._office.center
        return Way.read(answer.token, center.id, center.epoch_keys)

    def _keys(self) -> Iterator[PrivateKey]:
        keys = self._office.center.epoch_keys
        return (sealed_keys.center_key(keys[epoch]) for epoch in sorted(keys, reverse=True))

    def lying(self, kind: Kind) -> list[tuple[Kept, Letter]]:
        """Letters of one kind that came and wait, in the order in which they were written."""
        with self._database.connection() as connection:
            came = letter_box.lying(connection, State.WAITING, outgoing=False)
        found = [opened for one in came if one.kind == kind.name and (opened := self._opened(one))]
        return sorted(found, key=lambda pair: pair[1].at)

    def _opened(self, kept: Kept) -> tuple[Kept, Letter] | None:
        """None for one whose signer has left her center since it came."""
        with suppress(Defect), self._database.connection(write=True) as connection:
            letter = self.read(connection, kept.content)
            return (kept, letter) if letter else None
        return None

    def neighbours(self) -> dict[bytes, Neighbour]:
        """Centers whose fingerprint somebody has compared at this laptop."""
        with self._database.connection() as connection:
            return letter_box.neighbours(connection)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a letter that came belongs."""

    state: State
    kind: str = ""
    center: bytes = b""
    sending: bytes = b""

    @property
    def opened(self) -> bool:
        """Whether it could be read."""
        return bool(self.kind)
