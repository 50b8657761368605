"""Where everything stands on a time line: marks on the axis, labels in lanes above it, orders as bars below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from familydesk.core import clock

if TYPE_CHECKING:
    from familydesk.services.timeline import Event

LANES = 3
WIDEST = 150
"""The widest label, in drawn pixels."""
LINES = 3
SMALLEST, LARGEST = 5.0, 11.0
"""Radius of the lightest and of the heaviest incident, in drawn pixels."""


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text in a lane, lane 0 nearest the axis; the first `strong` of them say what happened."""

    x: float
    width: float
    lane: int
    lines: tuple[str, ...]
    strong: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One event on the axis."""

    event: Event
    x: float
    radius: float
    label: Label | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One order below the axis; `open_end` where it has no end yet."""

    event: Event
    x: float
    until: float
    lane: int
    open_end: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A time line laid out for a width, the heaviest mark last, on top.

    `months` are first days with their place; `now` is where today stands.
    """

    marks: tuple[Mark, ...] = ()
    bars: tuple[Bar, ...] = ()
    months: tuple[tuple[float, date], ...] = ()
    now: float = 0.0
    lanes: int = 0
    bar_lanes: int = 0


@dataclass
class Setting:
    """Width and scale to lay out for, and how wide a text is in the face of labels."""

    width: float
    px: Callable[[float], int]
    measure: Callable[[str], float]
    taken: list[list[tuple[float, float]]] = field(default_factory=lambda: [[] for _ in range(LANES)])


def lay_out(events: Sequence[Event], setting: Setting, now: datetime) -> Picture:
    """Everything in its place. Heavy events get their labels first; one without room is told by its tool tip."""
    if not events:
        return Picture()
    start, end = span(events, now)
    whole = (end - start) / timedelta(seconds=1)
    edge = setting.px(12)
    room = max(1.0, setting.width - 2 * edge)

    def place(at: datetime) -> float:
        return edge + room * ((at - start) / timedelta(seconds=1)) / whole

    points = [event for event in events if event.sheet != "protective_order"]
    labels: dict[int, Label] = {}
    for at in sorted(range(len(points)), key=lambda at: (-points[at].weight, at)):
        if label := _label(points[at], place(points[at].at), setting):
            labels[at] = label
    drawn = sorted(range(len(points)), key=lambda at: (points[at].weight, at))
    marks = tuple(Mark(points[at], place(points[at].at), radius(points[at], setting), labels.get(at)) for at in drawn)
    bars = tuple(_bars([one for one in events if one.sheet == "protective_order"], place, setting, now))
    lanes = 1 + max((label.lane for label in labels.values()), default=-1)
    months = tuple((place(clock.local(day.year, day.month, day.day)), day) for day in _months(start, end))
    bar_lanes = 1 + max((bar.lane for bar in bars), default=-1)
    return Picture(marks, bars, months, place(now), lanes, bar_lanes)


def span(events: Iterable[Event], now: datetime) -> tuple[datetime, datetime]:
    """From the month of the first event to a little after today or the last end, whichever is later."""
    every = list(events)
    first = min(event.at for event in every)
    last = max([now, *(event.at for event in every), *(event.until for event in every if event.until)])
    start = clock.local(first.year, first.month, 1)
    return start, last + max(timedelta(days=2), (last - start) / 30)


def radius(event: Event, setting: Setting) -> float:
    """Half the size of a mark: incidents by their weight, everything else small."""
    if event.sheet != "incident":
        return setting.px(SMALLEST)
    return setting.px(SMALLEST + (LARGEST - SMALLEST) * event.weight)


def wrapped(text: str, setting: Setting, most: int) -> list[str]:
    """`text` in at most `most` lines no wider than a label; what does not fit ends in dots."""
    widest = setting.px(WIDEST)
    lines: list[str] = []
    for word in text.split():
        if lines and setting.measure(f"{lines[-1]} {word}") <= widest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return lines


def _label(event: Event, x: float, setting: Setting) -> Label | None:
    if event.sheet == "consultation":
        return None
    title = wrapped(event.title, setting, LINES - 1 if event.detail else LINES)
    detail = wrapped(event.detail, setting, LINES - len(title)) if event.detail else []
    lines = (*title, *detail)
    width = max((setting.measure(line) for line in lines), default=0.0)
    left = min(max(0.0, x - width / 2), max(0.0, setting.width - width))
    gap = setting.px(10)
    # Only incidents are worth a second lane: everything else is told by its tool tip where the first is full.
    for lane, taken in enumerate(setting.taken[: LANES if event.sheet == "incident" else 1]):
        if all(left > end + gap or left + width < begin - gap for begin, end in taken):
            taken.append((left, left + width))
            return Label(left, width, lane, lines, len(title))
    return None


def _bars(
    orders: Sequence[Event], place: Callable[[datetime], float], setting: Setting, now: datetime
) -> Iterable[Bar]:
    ends: list[float] = []
    for event in orders:
        x = place(event.at)
        until = max(place(event.until or now), x + setting.px(10))
        # The words under a bar may be longer than the bar.
        reach = max(until, x + setting.measure(event.title) + setting.px(60))
        lane = next((at for at, end in enumerate(ends) if end < x), len(ends))
        ends[lane : lane + 1] = [reach + setting.px(8)]
        yield Bar(event, x, until, lane, event.until is None)


def _months(start: datetime, end: datetime) -> Iterable[date]:
    day = start.date()
    while day <= end.date():
        yield day
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
