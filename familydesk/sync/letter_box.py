"""Letters between centers as they lie on this laptop, sealed, and the centers they go to and come from."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from familydesk.core import clock
from familydesk.store.sealing import digest
from familydesk.store.tables import LETTER, NEIGHBOUR
from familydesk.sync.letter import Kind, Sender
from familydesk.sync.wire.certificate import Certificate
from familydesk.sync.wire.coding import decoded, encoded
from familydesk.sync.wire.membership import Membership


class State(enum.Enum):
    """Where a letter stands."""

    WAITING = "waiting"
    LEFT = "left at a hub or in a folder"
    SETTLED = "settled"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter. `kind`, `center` and `sending` are empty as long as one that came could not be read."""

    name: str
    outgoing: bool
    kind: str
    center: bytes
    sending: bytes
    record: UUID
    state: State
    at: str
    content: bytes = field(repr=False)
    fields: tuple[str, ...] = ()
    """Names of what was sent."""


def put(connection: Connection, kept: Kept) -> None:
    """Keep a letter; one of that name stays as it is."""
    row = {
        "name": kept.name,
        "outgoing": int(kept.outgoing),
        "kind": kept.kind,
        "center": kept.center.hex(),
        "sending": kept.sending.hex(),
        "record": kept.record.hex,
        "state": kept.state.name,
        "digest": digest_of(kept.content),
        "at": kept.at or clock.now().isoformat(),
        "fields": " ".join(kept.fields),
        "content": kept.content if kept.state in (State.WAITING, State.LEFT) else None,
    }
    connection.execute(upsert(LETTER).values(row).on_conflict_do_nothing())


def move(connection: Connection, name: str, state: State) -> None:
    """Say where a letter stands now. Of one that is done with, what it says goes."""
    gone = {"content": None} if state in (State.SETTLED, State.BAD) else {}
    connection.execute(update(LETTER).where(LETTER.c.name == name).values(state=state.name, **gone))


def read_as(connection: Connection, name: str, kind: str, center: bytes, sending: bytes) -> None:
    """Say what a letter is that came and could be read."""
    place = {"kind": kind, "center": center.hex(), "sending": sending.hex()}
    connection.execute(update(LETTER).where(LETTER.c.name == name).values(place))


def lying(connection: Connection, *states: State, outgoing: bool) -> list[Kept]:
    """Letters by where they stand, the oldest first."""
    names = [one.name for one in states]
    query = select(LETTER).where(LETTER.c.outgoing == int(outgoing), LETTER.c.state.in_(names))
    return [
        Kept(
            row.name,
            bool(row.outgoing),
            row.kind,
            bytes.fromhex(row.center),
            bytes.fromhex(row.sending),
            UUID(row.record),
            State[row.state],
            row.at,
            row.content or b"",
            tuple(row.fields.split()),
        )
        for row in connection.execute(query.order_by(LETTER.c.at, LETTER.c.name))
    ]


def names(connection: Connection, *states: State) -> frozenset[str]:
    """The names of letters that came, by where they stand."""
    query = select(LETTER.c.name).where(LETTER.c.outgoing == 0, LETTER.c.state.in_([one.name for one in states]))
    return frozenset(connection.execute(query).scalars())


def came(connection: Connection) -> tuple[int, int]:
    """How many letters that came wait, and how many of a kind that could not be read."""
    query = select(LETTER.c.kind != "").where(LETTER.c.outgoing == 0, LETTER.c.state == State.WAITING.name)
    opened = list(connection.execute(query).scalars())
    return sum(opened), len(opened) - sum(opened)


def give_up(connection: Connection, before: datetime) -> None:
    """Throw away what came before this moment and could never be read."""
    unread = LETTER.c.outgoing == 0, LETTER.c.kind == "", LETTER.c.state == State.WAITING.name
    statement = update(LETTER).where(*unread, LETTER.c.at < before.isoformat())
    connection.execute(statement.values(state=State.BAD.name, content=None))


def content(connection: Connection, name: str) -> bytes:
    """A letter's bytes; empty where they are not here any more."""
    return bytes(connection.execute(select(LETTER.c.content).where(LETTER.c.name == name)).scalar() or b"")


def came_before(connection: Connection, sealed: bytes) -> bool:
    """Whether these very bytes came under any name."""
    query = select(LETTER.c.name).where(LETTER.c.outgoing == 0, LETTER.c.digest == digest_of(sealed)).limit(1)
    return connection.execute(query).first() is not None


def is_known(connection: Connection, center: bytes, sending: bytes) -> bool:
    """Whether a referral of this name came from that center before."""
    place = LETTER.c.center == center.hex(), LETTER.c.sending == sending.hex(), LETTER.c.kind == Kind.REFERRAL.name
    return connection.execute(select(LETTER.c.name).where(LETTER.c.outgoing == 0, *place).limit(1)).first() is not None


def settle_sent(connection: Connection, sending: bytes) -> None:
    """The answer to a referral has come: it need not be handed over any more."""
    place = LETTER.c.outgoing == 1, LETTER.c.kind == Kind.REFERRAL.name, LETTER.c.sending == sending.hex()
    connection.execute(update(LETTER).where(*place).values(state=State.SETTLED.name, content=None))


def forget_erased(connection: Connection) -> None:
    """Letters about referrals and applications that were erased here go nowhere any more."""
    query = (
        "UPDATE letter SET state = 'SETTLED', content = NULL WHERE outgoing = 1 AND content IS NOT NULL "
        "AND record <> ? AND record NOT IN (SELECT id FROM main.referral UNION SELECT id FROM main.application "
        "UNION SELECT record FROM sealed_record)"
    )
    connection.exec_driver_sql(query, (UUID(int=0).hex,))


def forget_sent(connection: Connection, before: datetime) -> None:
    """Of letters that were left somewhere before this moment nothing is kept to be left elsewhere."""
    left = LETTER.c.outgoing == 1, LETTER.c.state == State.LEFT.name, LETTER.c.at < before.isoformat()
    connection.execute(update(LETTER).where(*left).values(state=State.SETTLED.name, content=None))


def digest_of(sealed: bytes) -> str:
    """By which a letter is known again."""
    return digest(sealed, b"fd-letter").hex()


# Other centers


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another center whose fingerprint somebody at this laptop has compared (`compared`; NOBODY where it has shown a
    later key since). `said`: what it has shown of its membership log.
    """

    anchor: bytes
    sealing: bytes
    epoch: int
    name: str
    compared: UUID
    said: frozenset[bytes] = field(repr=False)

    @property
    def certificate(self) -> Certificate:
        """By which one writes to it."""
        return Certificate(self.anchor, self.sealing)

    @property
    def center(self) -> bytes:
        """16 bytes."""
        return self.certificate.center

    @property
    def believed(self) -> bool:
        """Whether somebody has compared this very certificate."""
        return self.compared != NOBODY


NOBODY = UUID(int=0)


def neighbours(connection: Connection) -> dict[bytes, Neighbour]:
    """By center."""
    found = {}
    for row in connection.execute(select(NEIGHBOUR).order_by(NEIGHBOUR.c.name, NEIGHBOUR.c.center)):
        keys = bytes.fromhex(row.anchor), bytes.fromhex(row.sealing)
        said = frozenset(decoded(bytes(row.said)))
        found[bytes.fromhex(row.center)] = Neighbour(*keys, row.epoch, row.name, UUID(row.compared), said)
    return found


def believe(connection: Connection, certificate: Certificate, who: UUID) -> None:
    """Write down that somebody has compared the fingerprint of this certificate."""
    keys = {"anchor": certificate.anchor.hex(), "sealing": certificate.sealing.hex()}
    compared = {**keys, "compared": who.hex, "at": clock.now().isoformat()}
    fresh = {"center": certificate.center.hex(), "epoch": 0, "name": "", "said": encoded([])}
    statement = upsert(NEIGHBOUR).values({**fresh, **compared})
    connection.execute(statement.on_conflict_do_update(index_elements=NEIGHBOUR.primary_key, set_=compared))


def learn(connection: Connection, shown: Sender, log: Membership) -> None:
    """Keep what a letter that holds shows of a center that is known: its name, a later key, and what of its log holds.

    Whoever once belonged to a center can sign a letter with a key of her own in it. So a later key counts for an epoch
    of the log alone, and nothing is sealed to it before it is compared as the first one was. A center whose fingerprint
    nobody has compared leaves nothing here.
    """
    known = neighbours(connection).get(shown.center)
    if known is None:
        return
    said = sorted(one.content for one in log.statements if log.holds(one.id))
    row: dict[str, object] = {"name": shown.name, "said": encoded(said)}
    if shown.epoch in log.epochs and shown.epoch > known.epoch:
        changed = {} if shown.sealing == known.sealing else {"compared": NOBODY.hex}
        row |= {"sealing": shown.sealing.hex(), "epoch": shown.epoch, **changed}
    connection.execute(update(NEIGHBOUR).where(NEIGHBOUR.c.center == shown.center.hex()).values(row))


def said_of(connection: Connection, center: bytes) -> frozenset[bytes] | None:
    """What was shown of a center's log before; None of a center whose fingerprint nobody has compared."""
    known = neighbours(connection).get(center)
    return known.said if known else None
