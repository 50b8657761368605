"""Who and what belongs to the center, at a head's laptop: requests to join, laptops, and taking both away again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from familydesk.core.errors import Problem, Refused, Weather
from familydesk.core.i18n import N_
from familydesk.services import logins, speaking
from familydesk.services.members import BY_PAPER, Role
from familydesk.services.rights import Verb
from familydesk.services.roads import road
from familydesk.services.staff_record import recorded
from familydesk.store import durable
from familydesk.store.journal import Deed
from familydesk.store.slots import PassphraseSlot
from familydesk.store.weather import told_plainly
from familydesk.sync import fingerprint, sealed_keys
from familydesk.sync.enrolment import Admission, OwnKeys, Request, read_request
from familydesk.sync.peer import ObjectKind, Peer
from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.certificate import Certificate
from familydesk.sync.wire.digests import device_id
from familydesk.sync.wire.statement import Laptop

if TYPE_CHECKING:
    from familydesk.services.office import Office

NO_REQUEST = N_("There is no such request there.")
NOT_THE_SAME = N_(
    "The fingerprint is not the one of this request and of this center. Let it be read to you once more; if it is "
    "still another, somebody stands between you and the laptop: admit nobody on this road."
)
NOT_FOR_US = N_("This request was not made to this center.")
NO_KEYS = N_("There are no keys of yours on this laptop that another one could have.")
NO_LAPTOP = N_("Nobody and no laptop of this center is called so.")
THIS_LAPTOP = N_("This is the laptop at which you sit. Revoke it from another one.")
NO_LOG = N_("This store has no list of people yet, so nobody can be admitted.")
SHORTEST_ID = 8


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that waits. Its fingerprint is not told here: it has to come from who asks, read aloud."""

    request: str
    person: str
    login: str
    """Of a member who asks for another laptop; else empty."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who was admitted, with which laptop. `waiting`: a second head has to confirm that she becomes one."""

    account: UUID
    login: str
    laptop: str
    waiting: bool = False
    keys_missing: bool = False
    """She has another laptop, and her keys are there: she admits this one there as well."""


@dataclass(frozen=True, slots=True)
class LaptopLine:
    """A laptop of the center. `id` as `revoke` takes it; `state` is ACTIVE or REVOKED."""

    id: str
    login: str
    block: int
    state: str
    own: bool


class Admissions:
    """The verbs of a head about laptops."""

    def __init__(self, office: Office) -> None:
        self._office = office

    # The center

    def certificate(self, out: Path) -> str:
        """Write the center's certificate to a file; its fingerprint. It holds no secret."""
        center = self._office.center
        anchor = self._office.account.anchor
        if not center.epoch_keys:
            raise Refused(NO_LOG)
        sealing = bytes(sealed_keys.center_key(center.epoch_keys[max(center.epoch_keys)]).public_key)
        with told_plainly(out):
            durable.replace(out, Certificate(anchor, sealing).content)
        return fingerprint.of_center(anchor)

    def laptops(self) -> tuple[LaptopLine, ...]:
        """Every laptop that belongs or belonged to the center. Refused to who does not keep the list."""
        self._office.account.require(Verb.ACCOUNTS)
        center, members = self._office.center, self._office.center.known.members
        own = center.identity.device if center.identity else b""
        return tuple(
            LaptopLine(
                one.id.hex(),
                members[one.account].login if one.account in members else "",
                one.block,
                "REVOKED" if one.id in center.log.cuts else "ACTIVE",
                one.id == own,
            )
            for one in center.log.laptops.values()
        )

    # Requests

    def requests(self, peer: str) -> tuple[Asking, ...]:
        """Who asks there. What is no request to this center is passed over."""
        self._signer()
        with self._road(peer) as there:
            names = sorted(there.names(ObjectKind.REQUEST))
            contents = [there.get(ObjectKind.REQUEST, name) for name in names]
        found = []
        for content in contents:
            try:
                request, person, login = self._read(content or b"")
            except (Defect, Refused):
                continue
            if device_id(request.device) not in self._office.center.log.laptops:
                found.append(Asking(request.name, person, login))
        return tuple(found)

    def admit(self, peer: str, name: str, typed: str, role: Role | None) -> Admitted:
        """Admit who asks, with her laptop, if `typed` is the fingerprint that she reads aloud.

        Refused if it is another one, or the request is not made to this center. A member who asks for another laptop
        keeps her role. Asked for once more, the same admission is left there again.
        """
        signer = self._signer()
        with self._road(peer) as there:
            exchange(self._office, there)
            request = self._compared(there, name, typed)
            try:
                _, person, login = self._read(request.content)
            except Defect:
                raise Refused(NOT_FOR_US) from None
            admitted, own = self._take_in(request, person, login, role, signer)
            exchange(self._office, there)
            there.put(ObjectKind.ADMISSION, request.answer, self._answer(request, admitted, own))
            if not admitted.keys_missing:
                there.destroy(ObjectKind.REQUEST, name)
        with suppress(Refused, Weather):
            # Her record among the staff, without which she has no name on her laptop. A later meeting brings it too.
            self._office.syncing.sync(peer)
        return admitted

    def hand_over_keys(self, peer: str, name: str, typed: str) -> None:
        """Give one's own keys, under one's own passphrase, to another laptop of one's own, whose fingerprint is
        `typed`. Whoever asked has no use for them without the passphrase, and none before a head has admitted it.
        """
        own = self._own_keys(self._office.me)
        if own is None:
            raise Refused(NO_KEYS)
        with self._road(peer) as there:
            request = self._compared(there, name, typed)
            there.put(ObjectKind.ADMISSION, request.keys_answer, own.sealed_to(request))

    def request_of(self, peer: str, typed: str) -> str:
        """The name of the request that has this fingerprint. Refused if none there has."""
        anchor = self._office.account.anchor
        with self._road(peer) as there:
            for name in sorted(there.names(ObjectKind.REQUEST)):
                content = there.get(ObjectKind.REQUEST, name)
                if content and fingerprint.same(typed, fingerprint.of_request(anchor, content)):
                    return name
        raise Refused(NO_REQUEST)

    def _compared(self, there: Peer, name: str, typed: str) -> Request:
        """The request of that name, if it has the fingerprint that was typed."""
        content = there.get(ObjectKind.REQUEST, name)
        if content is None:
            raise Refused(NO_REQUEST)
        if not fingerprint.same(typed, fingerprint.of_request(self._office.account.anchor, content)):
            raise Refused(NOT_THE_SAME)
        try:
            return read_request(content)
        except Defect:
            raise Refused(NOT_FOR_US) from None

    def _read(self, content: bytes) -> tuple[Request, str, str]:
        request = read_request(content)
        words = request.read_by(self._keys()) if request.center == self._office.center.id else None
        if words is None:
            raise Refused(NOT_FOR_US)
        return request, *words

    def _keys(self) -> list[PrivateKey]:
        """Those to which a request may have been sealed: a head's own, and the center's of each epoch."""
        own = self._office.account.sealing_key()
        epochs = self._office.center.epoch_keys.values()
        return [*([own] if own else []), *(sealed_keys.center_key(key) for key in epochs)]

    def _take_in(
        self, request: Request, person: str, login: str, role: Role | None, signer: SigningKey
    ) -> tuple[Admitted, OwnKeys | None]:
        known = self._office.center.log.laptops.get(device_id(request.device))
        if login:
            member = self._office.members.called(login)
            # A laptop that was renamed has her keys already, and she has signed by them.
            has_keys = request.signing == member.signing_public
            own = None if has_keys else self._own_keys(member.account)
            if known is None:
                self._add_laptop(request, member.account, signer)
            return self._admitted(request, member.account, keys_missing=not (own or has_keys)), own
        if known is not None:
            return self._admitted(request, known.account), None
        return self._admitted(request, self._add_person(request, person, role, signer)), None

    def _add_person(self, request: Request, person: str, role: Role | None, signer: SigningKey) -> UUID:
        if role is None:
            raise Refused(Problem("role", N_("Say which role she has.")))
        office, center = self._office, self._office.center
        login = self._login_for(person)
        with office.members.changing() as session:
            staff = recorded(session, office.desk, person, role, login, office.members.everybody())
            speaking.of_new(center, session, (staff, login, role.name), (request.signing, request.sealing), signer)
            center.say(session, Laptop(request.device, staff, center.block_for_another()), signer)
            office.journal.note_in(session, Deed.MEMBER_ADDED, "staff_member", staff, detail={"role": role.name})
        return staff

    def _add_laptop(self, request: Request, account: UUID, signer: SigningKey) -> None:
        center = self._office.center
        with self._office.members.changing() as session:
            center.say(session, Laptop(request.device, account, center.block_for_another()), signer)
            self._office.journal.note_in(session, Deed.LAPTOP_ADMITTED, "staff_member", account)

    def _own_keys(self, account: UUID) -> OwnKeys | None:
        """As her slot on this laptop has them; None if she has none here, or has not chosen her passphrase yet."""
        keys = self._office.account.keys
        slot = next((one for one in keys.of_kind(PassphraseSlot) if one.account == account), None)
        return OwnKeys.of(keys.store, slot) if slot and slot.own and not slot.temporary else None

    def _login_for(self, person: str) -> str:
        """Her surname as a login, with a number if somebody has it already."""
        surname = "".join(sign for sign in person.split()[0].casefold() if sign.isalnum() or sign in ".-_")
        word = surname[: logins.LONGEST - 4].strip(".-_") or "member"
        taken = [one.login for one in self._office.members.everybody().values()]
        candidates = (word, *(f"{word}{number}" for number in range(2, 1000)))
        return next(one for one in candidates if not any(logins.same(one, other) for other in taken))

    def _admitted(self, request: Request, account: UUID, keys_missing: bool = False) -> Admitted:
        member = self._office.members.everybody()[account]
        laptop = device_id(request.device).hex()
        return Admitted(account, member.login, laptop, account in self._office.center.known.waiting, keys_missing)

    def _answer(self, request: Request, admitted: Admitted, own: OwnKeys | None) -> bytes:
        said = tuple(one.content for one in self._office.center.held())
        return Admission(admitted.account, self._office.account.opened.paper, said, own).sealed(request)

    # Taking away

    def revoke(self, whom: str, peer: str = "") -> list[Problem]:
        """Shut out a person (by her login, with all her laptops) or one laptop (by the beginning of its id).

        What a laptop wrote counts up to what was taken in here until now, on every laptop alike; those who stay get
        another key of the center. It stops the future: what was read is read. With `peer` what lies there is taken in
        before and it is told there at once; what that meeting had to warn of.
        """
        self._signer()
        warnings = self._office.syncing.sync(peer).warnings if peer else []
        # At that meeting it may have been heard that whoever is at the desk does not lead any more.
        signer = self._signer()
        if any(logins.same(one.login, whom) for one in self._office.members.everybody().values()):
            self._office.members.disable(whom)
        else:
            self._cut(self._laptop(whom), signer)
        if peer:
            self.meet(peer)
        return warnings

    def meet(self, peer: str) -> None:
        """Bring the membership log up to date, here and there, and nothing else."""
        with self._road(peer) as there:
            exchange(self._office, there)

    def _laptop(self, whom: str) -> Laptop:
        log, wanted = self._office.center.log, whom.replace("-", "").lower()
        found = [one for one in log.laptops.values() if len(wanted) >= SHORTEST_ID and one.id.hex().startswith(wanted)]
        if len(found) != 1:
            raise Refused(NO_LAPTOP)
        identity = self._office.center.identity
        if identity and identity.device == found[0].id:
            raise Refused(THIS_LAPTOP)
        return found[0]

    def _cut(self, laptop: Laptop, signer: SigningKey) -> None:
        center = self._office.center
        with self._office.members.changing() as session:
            center.cut(session, laptop.id, signer)
            center.begin_epoch(session, center.draw_key()[0], signer)
            self._office.journal.note_in(session, Deed.LAPTOP_REVOKED, "staff_member", laptop.account)

    # Inside

    def _signer(self) -> SigningKey:
        self._office.account.require(Verb.ACCOUNTS)
        key = self._office.account.signing_key()
        if key is None:
            raise Refused(BY_PAPER)
        return key

    @contextmanager
    def _road(self, peer: str) -> Iterator[Peer]:
        identity = self._office.center.identity
        if identity is None:
            raise Refused(NO_LOG)
        with road(peer, identity.center, identity.device_key) as there:
            yield there


def exchange(office: Office, there: Peer) -> None:
    """Bring the membership log up to date, here and there."""
    center = office.center
    lying, here = there.names(ObjectKind.STATEMENT), {one.id.hex(): one for one in center.held()}
    names = sorted(lying - here.keys())[: bounds.STATEMENTS]
    came = [content for name in names if (content := there.get(ObjectKind.STATEMENT, name))]
    if came:
        with office.members.changing() as session:
            center.take_in(session, came)
    for one in center.held():
        if one.id.hex() not in lying:
            there.put(ObjectKind.STATEMENT, one.id.hex(), one.content)
