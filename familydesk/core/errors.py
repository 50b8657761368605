"""What can go wrong, told apart by what a person can do about it.

`Refused`: a rule said no; the person mends a value. `Weather`: the world failed (disk, network, another program);
the person is told plainly and nothing is lost. Any other exception is a defect of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as a_field

from familydesk.core.i18n import translate


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule broken by one field: `text` is a marked sentence, `values` (never above PLAIN) fill its braces.

    A warning is shown and may stand; anything else stops the save.
    """

    field: str
    text: str
    values: Mapping[str, object] = a_field(default_factory=dict)
    warning: bool = False

    def __str__(self) -> str:
        return translate(self.text).format(**self.values)


class Refused(Exception):
    """A rule refused the action; `problems` say which fields and why."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: tuple[Problem, ...] = tuple(p if isinstance(p, Problem) else Problem("", p) for p in problems)
        super().__init__(*(p.text for p in self.problems))

    def __str__(self) -> str:
        return " ".join(str(problem) for problem in self.problems)


class Unsaid(Refused):
    """Something has to be said that was not: who somebody is. A matter of usage, not of rights."""


class Weather(Exception):
    """The world failed. `text` says what, `advice` what to do next; both are marked sentences without personal
    values.
    """

    def __init__(self, text: str, advice: str = "", **values: object) -> None:
        self.text, self.advice, self.values = text, advice, values
        super().__init__(text)

    def __str__(self) -> str:
        parts: Iterable[str] = (self.text, self.advice)
        return " ".join(translate(part).format(**self.values) for part in parts if part)
