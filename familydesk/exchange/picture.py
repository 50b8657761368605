"""A picture on its way in."""

from __future__ import annotations

from dataclasses import dataclass, field


class BrokenPicture(ValueError):
    """The bytes do not hold what a picture of this type must hold."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Its bytes without what speaks about them, and its size in dots as the file's head claims it."""

    content: bytes = field(repr=False)
    width: int
    height: int
