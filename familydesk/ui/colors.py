"""The colours of the desk, by what they are for. Two sets, one for daylight and one for the night shift."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colors:
    """One set. Each ink stands 4.5:1 or better on every ground it is used on."""

    ground: str
    surface: str
    line: str
    edge: str
    text: str
    muted: str
    primary: str
    on_primary: str
    primary_strong: str
    tint: str
    quiet: str
    due: str
    due_tint: str
    overdue: str
    overdue_tint: str
    bar: str
    bar_due: str


LIGHT = Colors(
    ground="#F5F7F7",
    surface="#FFFFFF",
    line="#DDE3E5",
    edge="#7F9096",
    text="#1B2427",
    muted="#5B6B70",
    primary="#0F6B6B",
    on_primary="#FFFFFF",
    primary_strong="#0A5252",
    tint="#E2F0EF",
    quiet="#EDF1F2",
    due="#7A4B00",
    due_tint="#FFF3DC",
    overdue="#9B1C14",
    overdue_tint="#FBE9E7",
    bar="#0F6B6B",
    bar_due="#C27A12",
)

DARK = Colors(
    ground="#14191B",
    surface="#1C2326",
    line="#2E383C",
    edge="#6B7C82",
    text="#E6ECEE",
    muted="#9FB0B5",
    primary="#5CC2BE",
    on_primary="#0B2121",
    primary_strong="#7AD3CF",
    tint="#1D3536",
    quiet="#263034",
    due="#F2C46D",
    due_tint="#3A2E14",
    overdue="#F2A29B",
    overdue_tint="#3D1F1C",
    bar="#5CC2BE",
    bar_due="#F2C46D",
)

READABLE: tuple[tuple[str, str], ...] = (
    ("text", "ground"),
    ("text", "surface"),
    ("text", "tint"),
    ("text", "quiet"),
    ("muted", "ground"),
    ("muted", "surface"),
    ("primary", "ground"),
    ("primary", "surface"),
    ("primary", "tint"),
    ("primary_strong", "tint"),
    ("on_primary", "primary"),
    ("on_primary", "primary_strong"),
    ("due", "due_tint"),
    ("due", "surface"),
    ("overdue", "overdue_tint"),
    ("overdue", "surface"),
    ("muted", "quiet"),
)
"""Pairs of ink and ground that stand on each other somewhere."""


def contrast(ink: str, ground: str) -> float:
    """The ratio of WCAG 2.1 between two `#RRGGBB` colours, from 1 to 21."""
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
