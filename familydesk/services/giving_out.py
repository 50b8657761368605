"""Giving something out: for what, to whom, under which protection. Nothing leaves before it is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.i18n import N_
from familydesk.exchange import age
from familydesk.exchange.age import Protection
from familydesk.services.journal import Deed
from familydesk.services.prints import neutral_name
from familydesk.services.rights import Verb
from familydesk.store import durable

if TYPE_CHECKING:
    from familydesk.services.office import Office

SEALED_SUFFIX = ".age"

HANDING_FIELDS = (
    Field(N_("Why it is given out"), Kind.LINE, "reason", required=True, secrecy=Secrecy.SPECIAL),
    Field(N_("Who receives it"), Kind.LINE, "recipient", required=True, secrecy=Secrecy.PERSONAL),
    Field(N_("How it is protected"), Kind.CHOICE, "protection", required=True, choices=Protection),
    Field(
        N_("Passphrase or key of the recipient"),
        Kind.LINE,
        "secret",
        secrecy=Secrecy.SPECIAL,
        help=N_(
            "Tell a passphrase by telephone or face to face, never together with the file. A key begins with age1."
        ),
    ),
)
"""What is asked whenever something is given out, as a panel shows it."""


@dataclass(frozen=True, slots=True)
class Handing:
    """One giving out: why, to whom, and how it is protected on the way."""

    reason: str
    recipient: str
    protection: Protection = Protection.PASSPHRASE
    secret: str = field(default="", repr=False)

    @classmethod
    def of(cls, values: dict[str, Any]) -> Handing:
        """From what was typed under `HANDING_FIELDS`. Refused as by `check`."""
        reason, recipient, secret = (str(values.get(name) or "").strip() for name in ("reason", "recipient", "secret"))
        protection = values.get("protection")
        if not isinstance(protection, Protection):
            raise Refused(Problem("protection", N_("Choose how it is protected on its way.")))
        made = cls(reason, recipient, protection, secret)
        made.check()
        return made

    def check(self) -> None:
        """Refused, at each field, if something is missing without which nothing leaves."""
        empty = [name for name in ("reason", "recipient") if not getattr(self, name).strip()]
        if empty:
            raise Refused(*(Problem(name, N_("This cannot be left empty.")) for name in empty))
        age.check(self.protection, self.secret)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something ready to leave: sealed, named so that its name tells nothing, and not yet anywhere."""

    office: Office = field(repr=False)
    content: bytes = field(repr=False)
    suffix: str
    handing: Handing
    what: str
    sheet: str = ""
    record: UUID | None = None
    case: UUID | None = None
    detail: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """A file name to offer."""
        return Path(neutral_name()).with_suffix(self.suffix).name

    def save(self, path: Path) -> Path:
        """Write down that it leaves, then let it: a file that nobody noted can never lie there.

        Weather if it cannot be written there; the note then says what was tried.
        """
        handing = self.handing
        self.office.journal.note(
            Deed.EXPORTED,
            sheet=self.sheet,
            record=self.record,
            case=self.case,
            reason=handing.reason,
            recipient=handing.recipient,
            detail={"what": self.what, "protection": handing.protection.name, **self.detail},
        )
        durable.write_whole(path, self.content)
        return path


def parcel(
    office: Office,
    content: bytes,
    suffix: str,
    handing: Handing,
    what: str,
    sheet: str = "",
    record: UUID | None = None,
    case: UUID | None = None,
    **detail: Any,
) -> Parcel:
    """`content` sealed as `handing` says; `detail` goes into the journal beside what is always noted.

    Refused to who may give nothing out, or if something is missing.
    """
    office.account.require(Verb.EXPORT)
    handing.check()
    sealed = age.sealed(content, handing.protection, handing.secret)
    suffix += "" if handing.protection is Protection.OPEN else SEALED_SUFFIX
    return Parcel(office, sealed, suffix, handing, what, sheet, record, case, detail)
