"""The stories of the demo's families: who came when, why, and how it went on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from uuid import UUID

from familydesk.core import clock
from familydesk.services.demo_data import texts
from familydesk.services.demo_data.arrival import apply, arrive, ask_once
from familydesk.services.demo_data.chronicle import Chronicle, Page
from familydesk.services.demo_data.furnishing import Furnished
from familydesk.services.demo_data.people import Registry
from familydesk.services.demo_data.protection import order, suffer
from familydesk.services.demo_data.tale import FRIDAY, Tale
from familydesk.services.demo_data.work import appoint, assess, close, consult, keep_in_touch, note, promise, refer

MONTHS = 14
LONG_ENOUGH = 7
"""Days after which a family has errands and papers of its own."""
ORDERS: tuple[tuple[int, str], ...] = (
    (4, "IN_FORCE"),
    (29, "IN_FORCE"),
    (13, "BREACHED"),
    (6, "NOT_SERVED"),
    (75, "IN_FORCE"),
    (120, "CANCELLED"),
    (19, "IN_FORCE"),
    (190, "BREACHED"),
)
"""How many days ago the first families with an order came, and what became of it."""


def tell(chronicle: Chronicle, center: Furnished, random: Random, families: int) -> None:
    """Tell the stories of so many families, and what waits on the desk this morning."""
    registry = Registry(random)
    violent = 0
    with_case = []
    for place in range(families):
        story = STORIES[place % len(STORIES)]
        days = int(MONTHS * 30 * random.random() ** 1.4)
        fate = random.choice(("IN_FORCE", "", "", "CANCELLED"))
        if story is violence and violent < len(ORDERS):
            days, fate = ORDERS[violent]
        tale = _tale(chronicle, center, registry, chronicle.now.date() - timedelta(days=days), place)
        if story is violence:
            violent += 1
            violence(tale, fate)
        else:
            story(tale)
        if story is not question:
            with_case.append(tale)
    _this_morning(with_case, registry)


def _tale(chronicle: Chronicle, center: Furnished, registry: Registry, came_on: date, place: int) -> Tale:
    random = registry.random
    came_on -= timedelta(days=max(0, came_on.weekday() - FRIDAY))
    house = registry.household(
        came_on, random.choice((1, 1, 2, 2, 3, 4, 5)), random.random() < 0.85, random.random() < 0.35
    )
    managers = center.colleagues["CASE_MANAGER"]
    tie = random.choice(("SPOUSE", "SPOUSE", "FORMER_SPOUSE", "PARTNER"))
    return Tale(chronicle, center, random, registry, house, came_on, managers[place % len(managers)], tie)


def violence(tale: Tale, fate: str = "") -> None:
    """Domestic violence; `fate` is that of the police's order, empty where none was issued."""
    grave = tale.chance(0.4)
    arrive(
        tale,
        channel=tale.pick(("POLICE", "SELF", "HELPLINE_111", "HEALTH")),
        reason="DOMESTIC_VIOLENCE",
        text=tale.pick(texts.VIOLENCE),
        threat=grave,
        danger="HIGH" if grave else "MEDIUM",
    )
    forms = tale.pick((("PHYSICAL", "PSYCHOLOGICAL"), ("PSYCHOLOGICAL", "ECONOMIC"), ("PHYSICAL",), ("PSYCHOLOGICAL",)))
    severity = tale.pick(("BEATING", "BEATING", "LIGHT", "MEDIUM", "UNKNOWN")) if "PHYSICAL" in forms else "NO_INJURY"
    suffer(tale, 0, forms, severity, threat=grave, child=tale.chance(0.3))
    assess(tale, 1 if grave else 2, "CRUEL_TREATMENT")
    consult(tale, 1, "PSYCHOLOGICAL", ("VIOLENCE",))
    consult(tale, 3, "LEGAL", ("VIOLENCE", "DIVORCE"))
    if fate:
        order(tale, 0, fate)
    refer(tale, 2, "POLICE", answered_after=tale.pick((6, 12, 30, 35)))
    if tale.chance(0.5):
        refer(tale, 4, "HEALTH", answered_after=10)
    if tale.chance(0.35):
        refer(tale, 3, "CRISIS_CENTER", answered_after=1)
    for week in range(2, 7):
        consult(tale, 7 * week, "PSYCHOLOGICAL", ("VIOLENCE", "CHILDREN"), tale.pick(("IN_PERSON", "PHONE", "ONLINE")))
    note(tale, 9)
    note(tale, 25)
    if tale.house.elder and tale.house.partner and tale.chance(0.4):
        suffer(tale, 12, ("PSYCHOLOGICAL", "ECONOMIC"), "NO_INJURY", victim="elder")
    if tale.chance(0.4):
        _again(tale, tale.random.randint(30, 80))
    _go_on(tale, 0.6, (90, 150), ("GOAL_REACHED", "GOAL_REACHED", "MOVED", "REFUSED"))


def _go_on(tale: Tale, share: float, days: tuple[int, int], reasons: tuple[str, ...]) -> None:
    """The work goes on until the case is closed, in this share of families after so many days, or until today."""
    if tale.age_in_days <= days[1] or not tale.chance(share):
        keep_in_touch(tale, tale.age_in_days)
        return
    last = tale.random.randint(*days)
    keep_in_touch(tale, last)
    close(tale, last, tale.pick(reasons))


def _again(tale: Tale, after: int) -> None:
    """She comes again: it has happened again."""
    tale.tell(
        tale.at(after, 9),
        lambda page: _keep(tale, "again", apply(tale, page, "SELF", "DOMESTIC_VIOLENCE", tale.pick(texts.VIOLENCE))),
    )
    suffer(tale, after, ("PHYSICAL",), tale.pick(("BEATING", "LIGHT")))


def _keep(tale: Tale, name: str, id: UUID) -> None:
    tale.ids[name] = id


def divorce(tale: Tale) -> None:
    """Divorce, alimony, mediation where there is no violence."""
    reason = tale.pick(("DIVORCE", "ALIMONY", "FAMILY_CONFLICT"))
    arrive(tale, channel=tale.pick(("SELF", "SELF", "ONLINE", "COURT")), reason=reason, text=tale.pick(texts.DIVORCE))
    assess(tale, tale.pick((2, 3, 6)))
    consult(tale, 2, "LEGAL", ("DIVORCE", "ALIMONY"))
    consult(tale, 10, "MEDIATION", ("RELATIONS",)) if reason == "FAMILY_CONFLICT" else refer(tale, 8, "COURT", 12)
    consult(tale, 20, "PSYCHOLOGICAL", ("CHILDREN",), tale.pick(("IN_PERSON", "HOME")))
    if reason == "ALIMONY":
        refer(tale, 14, "BAILIFF", answered_after=tale.pick((9, 33, None)))
    note(tale, 15)
    _go_on(tale, 0.7, (40, 90), ("GOAL_REACHED", "REFUSED", "NO_CONTACT"))


def hardship(tale: Tale) -> None:
    """Want of money, work or a roof."""
    reason = tale.pick(("MATERIAL", "MATERIAL", "HOUSING", "EMPLOYMENT", "HEALTH"))
    channel = tale.pick(("FAMILY_MAP", "AKIMAT", "SELF", "MOBILE_GROUP"))
    arrive(tale, channel=channel, reason=reason, text=tale.pick(texts.HARDSHIP))
    assess(tale, tale.pick((1, 2, 3, 8)), tale.pick(("DISABILITY", "", "CHILD_NEGLECT")))
    consult(tale, 3, "SOCIAL", ("BENEFITS", "WORK"), tale.pick(("IN_PERSON", "FIELD", "HOME")))
    refer(
        tale,
        3,
        "SOCIAL_PROGRAMS",
        answered_after=tale.pick((7, 18, 40, None)),
        answer=tale.pick(("ACCEPTED", "PARTIAL", "REFUSED")),
    )
    if reason == "EMPLOYMENT":
        refer(tale, 5, "CAREER_CENTER", answered_after=4)
    if reason == "HOUSING":
        refer(tale, 6, "HOUSING", answered_after=None)
    if tale.chance(0.4):
        refer(tale, 9, "NGO", answered_after=3)
    note(tale, 12)
    _go_on(tale, 0.6, (50, 100), ("GOAL_REACHED",))


def neglect(tale: Tale) -> None:
    """A child without care."""
    arrive(
        tale,
        channel=tale.pick(("SCHOOL", "POLICE", "HELPLINE_111")),
        reason=tale.pick(("CHILD_NEGLECT", "CHILD_CARE", "CHILD_VIOLENCE")),
        text=tale.pick(texts.NEGLECT),
        danger="MEDIUM",
    )
    assess(tale, tale.pick((1, 2, 5)), "CHILD_NEGLECT")
    if tale.chance(0.6):
        forms = tale.pick((("PHYSICAL",), ("PSYCHOLOGICAL",), ("BULLYING", "PSYCHOLOGICAL")))
        suffer(tale, 0, forms, "BEATING" if "PHYSICAL" in forms else "NO_INJURY", child=True, victim="child0")
    refer(tale, 1, "GUARDIANSHIP", answered_after=tale.pick((5, 11, 28)))
    refer(tale, 2, "EDUCATION", answered_after=tale.pick((8, None)))
    consult(tale, 4, "PSYCHOLOGICAL", ("CHILDREN",), "HOME")
    consult(tale, 16, "SOCIAL", ("CHILDREN", "DEPENDENCE"), "FIELD")
    note(tale, 7)
    _go_on(tale, 0.4, (100, 120), ("GOAL_REACHED",))


def question(tale: Tale) -> None:
    """One question, one answer, no case."""
    ask_once(tale)


STORIES: tuple[Callable[..., None], ...] = (
    violence,
    hardship,
    divorce,
    violence,
    question,
    neglect,
    violence,
    divorce,
    hardship,
    question,
)


def _this_morning(tales: list[Tale], registry: Registry) -> None:
    """What waits on the desk today: appointments, errands, a withdrawn consent, people who may be one."""
    kinds = ("PSYCHOLOGIST", "LAWYER", "SOCIAL_WORKER", "MOBILE_GROUP", "COURT", "MEDIATION")
    for place, tale in enumerate(tales[:6]):
        appoint(tale, 0, (9, 10, 11, 14, 15, 16)[place], kinds[place])
    for place, tale in enumerate(tales[6:14]):
        appoint(
            tale,
            place - 5,
            11 + place % 5,
            kinds[place % 6],
            kept="PLANNED" if place >= 5 else ("CAME", "MISSED")[place % 2],
        )
    settled = [tale for tale in tales if tale.age_in_days > LONG_ENOUGH]
    for place, tale in enumerate(settled[:10]):
        promise(tale, (0, -3, 1, 5, -1, -20, -9, 2, 0, -30)[place], done=place in (5, 6, 9))
    for tale in settled[8:9]:
        _withdraw(tale)
    for tale in settled[3:12:4]:
        _twice(tale, registry)


def _withdraw(tale: Tale) -> None:
    def write(page: Page) -> None:
        if "consent" in tale.ids:
            page.change("consent", tale.ids["consent"], withdrawn_on=clock.today())

    # The last thing of all: from then on nothing more is written of her.
    tale.tell(tale.chronicle.now - timedelta(minutes=1), write)


def _twice(tale: Tale, registry: Registry) -> None:
    """The same woman, written down anew by somebody who spelled her name without the Kazakh letters."""
    plain = str.maketrans("ӘәҒғҚқҢңӨөҰұҮүҺһІі", "АаГгКкНнОоУуУуХхИи")
    known = tale.house.client.values
    values = {name: known[name] for name in ("born_on", "sex", "citizenship")}
    spelled = {name: str(known[name]).translate(plain) for name in ("surname", "given")}

    def write(page: Page) -> None:
        other = page.add("person", **values, **spelled, iin_absence="NO_DOCUMENT")
        page.add("person_phone", person_id=other, number=registry.phone())
        page.add(
            "possible_duplicate",
            person_id=tale.ids["client"],
            other_id=other,
            why="NAME_AND_BIRTH",
            state="OPEN",
        )

    tale.tell(tale.chronicle.now - timedelta(days=1, hours=2), write)
