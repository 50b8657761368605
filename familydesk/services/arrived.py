"""A referral that came from another center, as it is looked at before it is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from familydesk.core.i18n import _, translate
from familydesk.core.show import show, show_day
from familydesk.core.vocabulary import LegalException
from familydesk.records import sheet_of
from familydesk.records.case import Danger
from familydesk.records.referral import Referral
from familydesk.services import grounds
from familydesk.services.chosen_fields import Read
from familydesk.sync.letter import Ground
from familydesk.sync.wire.certificate import Certificate


@dataclass(frozen=True, slots=True)
class Arrived:
    """One of them. `fingerprint` is to be compared with what the sending center reads aloud, as long as `compared` is
    false; `name` is what that center says of itself.
    """

    id: str
    center: str
    name: str
    fingerprint: str
    compared: bool
    written: datetime
    came: datetime
    ground: Ground
    records: tuple[Read, ...] = field(repr=False)
    certificate: Certificate = field(repr=False)
    epoch: int = 0
    token: bytes = field(default=b"", repr=False)
    object: str = ""

    def of(self, sheet: str) -> Mapping[str, Any]:
        """The values of the one record of a sheet."""
        return next((one.values for one in self.records if one.sheet == sheet), {})

    def all_of(self, sheet: str) -> list[dict[str, Any]]:
        """The values of each record of a sheet."""
        return [dict(one.values) for one in self.records if one.sheet == sheet]

    @property
    def urgent(self) -> bool:
        """Whether somebody's life is in danger, by what the sending center says."""
        exception = self.ground.exception == LegalException.THREAT_TO_LIFE.name
        return exception or self.of("case").get("danger") is Danger.EXTREME

    def shown_ground(self) -> dict[str, str | None]:
        """On what it rests, for programs."""
        ground = self.ground
        kind = "EXCEPTION" if ground.exception else "CONSENT"
        told = {"exception": ground.exception, "words": ground.words, "day": ground.day}
        return {"kind": kind, **{name: value or None for name, value in told.items()}}

    def shown(self) -> Iterator[tuple[str, str]]:
        """Label and value of all that came, in the language in force."""
        yield _("On what basis"), grounds.told(self.ground)
        for one in self.records:
            yield from one.shown()

    def story(self) -> str:
        """What is asked and from where, as it stands in the journal of applications."""
        referral = self.of("referral")
        told = [str(referral.get(name, "")) for name in ("request", "grounds")]
        rest = [name for name in referral if name not in ("request", "grounds")]
        told += (f"{_label(name)}: {show(Referral.field(name), referral[name])}" for name in rest)
        told.append(_("On what basis") + f": {grounds.told(self.ground)}")
        told.append(_("Sent by {center} on {day}").format(center=self.name, day=show_day(self.written)))
        unknown = (pair for one in self.records for pair in one.unknown)
        return "\n".join(filter(None, (*told, *(f"{name}: {text}" for name, text in unknown))))


def _label(name: str) -> str:
    return translate(sheet_of("referral").field(name).label)
