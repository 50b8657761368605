"""A field written twice, in words: what was, each value, who wrote it and when, and what may be done about it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from familydesk.core.fields import Field, Kind, Merge
from familydesk.core.i18n import N_, _, ngettext, translate
from familydesk.services.conflict import Conflict, Verdict
from familydesk.services.people import Pair

SAFER = N_("for safety, the more careful value holds until you decide")
DOUBTFUL = N_("What stands was written by a laptop whose clock was wrong: look at who wrote it, not at when.")
EDITED = N_("One laptop archived this record; another went on writing in it without knowing that.")
ARCHIVED = "archived"
TEXTS = (Kind.LINE, Kind.NOTE)


@dataclass(frozen=True, slots=True)
class Version:
    """One of the values. `verdict` on `conflict` makes it hold; `line` says who wrote it, when and where."""

    conflict: Conflict
    verdict: Verdict
    over: str
    text: str
    line: str
    stands: bool
    here: bool
    """Whether it was written on this laptop."""

    @property
    def value(self) -> Any:
        """The value itself."""
        return self.conflict.kept if self.verdict == "keep" else self.conflict.taken


@dataclass(frozen=True, slots=True)
class Choice:
    """One field as a person looks at it, in the order of the keys: this laptop's value first, or what stands.

    Two versions nearly always; as many as laptops that wrote it, neither knowing of the others.
    """

    record: str
    case: UUID | None
    before: str
    before_line: str
    versions: tuple[Version, ...]
    doubtful: bool = False

    @property
    def conflict(self) -> Conflict:
        """What it is about, or one of them."""
        return self.versions[0].conflict

    @property
    def field(self) -> Field:
        """The field that was written twice."""
        return self.conflict.field

    @property
    def standing(self) -> Version:
        """What holds meanwhile."""
        return next((one for one in self.versions if one.stands), self.versions[0])

    @property
    def of_archived(self) -> bool:
        """Whether it is about the record as a whole: archived by one, written in by the other."""
        return self.field.name == ARCHIVED

    @property
    def all_may_stay(self) -> bool:
        """Whether the values are texts that may stand one below the other."""
        return self.field.merge is Merge.KEEP_BOTH and all(one.value for one in self.versions)

    @property
    def title(self) -> str:
        """The field and the record."""
        return f"{translate(self.field.label)} · {self.record}"

    @property
    def why(self) -> str:
        """Why the standing value stands, where that is not plain to see."""
        if self.of_archived:
            return translate(EDITED)
        if self.field.merge is Merge.SAFEST:
            others = ", ".join(_("“{value}”").format(value=one.text) for one in self.versions if not one.stands)
            return _("“{safer}” protects more than {others}.").format(safer=self.standing.text, others=others)
        return translate(DOUBTFUL) if self.doubtful else ""

    @property
    def joined(self) -> Any:
        """What a value written anew begins with: all texts, where all may be kept; else what stands."""
        return "\n\n".join(one.value for one in self.versions) if self.all_may_stay else self.standing.value


@dataclass(frozen=True, slots=True)
class CaseOfChoices:
    """What was written twice in one case; without `case`, in records that belong to none."""

    case: UUID | None
    title: str
    count: int
    choices: tuple[Choice, ...]

    @property
    def left(self) -> str:
        """How many of them there are."""
        return ngettext("{count} field is left", "{count} fields are left", self.count).format(count=self.count)


@dataclass(frozen=True, slots=True)
class OnDesk:
    """What lies on the merge desk. `count` counts all fields, `plain` those that settle themselves on one press; of
    the cases only as many choices are brought as were asked for. `between` says whether two laptops are in it.
    """

    count: int
    plain: int
    between: bool
    cases: tuple[CaseOfChoices, ...]
    pairs: tuple[Pair, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """All that were brought, in order."""
        return tuple(choice for case in self.cases for choice in case.choices)


@dataclass(frozen=True, slots=True)
class Settled:
    """A conflict that somebody has settled."""

    sheet: str
    record: UUID
    title: str
    line: str


def said(choice: Choice, verdict: Verdict) -> str:
    """What was decided, in one sentence."""
    texts: dict[Verdict, str] = {one.verdict: one.text for one in choice.versions}
    keep, take = texts["keep"], texts["take"]
    if verdict == "write":
        return _("“{one}” and “{other}”: something else was written.").format(one=keep, other=take)
    chosen, other = (keep, take) if verdict == "keep" else (take, keep)
    return _("“{chosen}” and not “{other}”.").format(chosen=chosen, other=other)


def tidied(value: Any) -> Any:
    """A text without what nobody means by writing it: capitals, doubled spaces, another coding of the same letters."""
    if not isinstance(value, str):
        return value
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def plain_verdict(conflict: Conflict) -> Verdict | None:
    """The verdict that needs no thought: both texts say the same, or one of them says no more than what was there.

    Only of texts: what a vocabulary, a day or a sum says is never the same by its spelling.
    """
    if conflict.field.kind not in TEXTS or not (conflict.kept and conflict.taken):
        return None
    before, kept, taken = tidied(conflict.before), tidied(conflict.kept), tidied(conflict.taken)
    if kept == taken:
        return "keep"
    if before and before in (kept, taken):
        return "take" if kept == before else "keep"
    return None
