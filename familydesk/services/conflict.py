"""One field that was written twice, as a person decides on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from familydesk.core.fields import Field

Verdict = Literal["keep", "take", "write"]


@dataclass(frozen=True)
class Conflict:
    """One conflict: what the field held before, what I wrote, what they wrote. Values as the field's Python values.

    At one desk, mine is what was typed and does not stand. Between laptops, mine is what this laptop wrote; where two
    others met, it is what stands.
    """

    id: UUID
    sheet: str
    record: UUID
    field: Field
    before: Any
    mine: Any
    theirs: Any
    actor: UUID
    loser: int | None = None
    """The change that does not stand (`change.seq`), where two laptops met; none where two forms did at one desk."""
    standing: int = 0
    """The change that stands, where two laptops met and nobody has settled it."""
    mine_stands: bool = False

    @property
    def between(self) -> bool:
        """Whether two laptops met."""
        return self.loser is not None

    @property
    def kept(self) -> Any:
        """What holds after `keep`."""
        return self.mine if self.between else self.theirs

    @property
    def taken(self) -> Any:
        """What holds after `take`."""
        return self.theirs if self.between else self.mine
