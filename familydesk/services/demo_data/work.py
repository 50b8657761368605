"""What the center does for a family: assessment, consultations, referrals, appointments, errands, notes, closing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from familydesk.core import clock
from familydesk.services.demo_data import texts
from familydesk.services.demo_data.chronicle import Page
from familydesk.services.demo_data.tale import Tale

SPECIALISTS = {
    "PSYCHOLOGICAL": "PSYCHOLOGIST",
    "LEGAL": "LAWYER",
    "SOCIAL": "SOCIAL_WORKER",
    "MEDIATION": "CASE_MANAGER",
}


def assess(tale: Tale, after: int, ground: str = "") -> None:
    """The primary assessment, so many days after the application."""

    def write(page: Page) -> None:
        page.add(
            "assessment",
            application_id=tale.ids["application"],
            case_id=tale.ids["case"],
            done_on=clock.today(),
            done_by_id=tale.manager,
            conclusion="DIFFICULT" if ground else "NOT_DIFFICULT",
            grounds=(ground,) if ground else (),
            visited_home=tale.chance(0.6),
            findings=tale.pick(texts.FINDINGS),
            needs=tale.pick(texts.NEEDS),
        )
        page.change("case", tale.ids["case"], stage="PLAN" if tale.age_in_days < 20 else "SUPPORT")

    tale.tell(tale.at(after), write)


def consult(tale: Tale, after: int, kind: str, topics: tuple[str, ...], form: str = "IN_PERSON") -> None:
    """A consultation; a psychologist's or lawyer's own note is sealed."""
    sealed = kind in ("PSYCHOLOGICAL", "LEGAL") and tale.chance(0.6)
    specialist = tale.center.one(SPECIALISTS[kind])

    def write(page: Page) -> None:
        page.add(
            "consultation",
            case_id=tale.ids["case"],
            person_id=tale.ids["client"],
            held_at=clock.now() - timedelta(minutes=60),
            kind=kind,
            form=form,
            minutes=tale.pick((30, 45, 60, 60, 90)),
            specialist_id=specialist,
            topics=topics,
            summary=tale.pick(texts.SUMMARY),
            agreed_steps=tale.pick(texts.AGREED),
            specialist_note=tale.pick(texts.SEALED) if sealed else None,
        )

    tale.tell(tale.at(after, 12), write, specialist)


def refer(tale: Tale, after: int, to: str, answered_after: int | None = None, answer: str = "ACCEPTED") -> None:
    """A referral, answered so many days later, or not yet."""

    def send(page: Page) -> None:
        basis: dict[str, Any] = (
            {"consent_id": tale.ids["consent"]} if "consent" in tale.ids else {"exception": "THREAT_TO_LIFE"}
        )
        tale.ids[to] = page.add(
            "referral",
            case_id=tale.ids["case"],
            person_id=tale.ids["client"],
            destination_kind=to,
            organisation_id=tale.center.bodies.get(to),
            request=texts.REQUESTS[to],
            delivery=tale.pick(("LETTER", "ELECTRONIC", "BY_HAND")),
            urgency="ORDINARY",
            sent_on=clock.today(),
            **basis,
        )

    def receive(page: Page) -> None:
        page.change(
            "referral",
            tale.ids[to],
            answered_on=clock.today(),
            answer=answer,
            answer_text=tale.pick(texts.ANSWERS) if answer != "REFUSED" else "Құжаттар толық емес.",
        )

    tale.tell(tale.at(after, 15), send)
    if answered_after is not None:
        tale.tell(tale.at(after + answered_after, 16), receive)


def note(tale: Tale, after: int) -> None:
    """A line about a contact."""

    def write(page: Page) -> None:
        page.add(
            "case_note",
            case_id=tale.ids["case"],
            written_at=clock.now(),
            kind="CONTACT",
            author_id=tale.manager,
            text=tale.pick(texts.CONTACT_NOTES),
        )

    tale.tell(tale.at(after), write)


def promise(tale: Tale, due_in: int, done: bool = False) -> None:
    """An errand, due so many days from today (before today if negative)."""
    today = tale.chronicle.now.date()
    due_on = max(today + timedelta(days=due_in), tale.came_on)
    values: dict[str, Any] = {"what": tale.pick(texts.ERRANDS), "due_on": due_on, "who_id": tale.manager}

    def write(page: Page) -> None:
        page.add("errand", case_id=tale.ids["case"], **values, done_on=due_on if done else None)

    tale.tell(tale.lately(3), write)


def appoint(tale: Tale, day_from_today: int, hour: int, kind: str, kept: str = "PLANNED") -> None:
    """An appointment, so many days from today."""
    day = tale.chronicle.now.date() + timedelta(days=day_from_today)
    role = {"PSYCHOLOGIST": "PSYCHOLOGIST", "LAWYER": "LAWYER", "COURT": "LAWYER"}.get(kind, "SOCIAL_WORKER")

    def write(page: Page) -> None:
        page.add(
            "appointment",
            case_id=tale.ids["case"],
            person_id=tale.ids["client"],
            starts_at=clock.local(day.year, day.month, day.day, hour, tale.pick((0, 30))),
            minutes=60,
            kind=kind,
            staff_id=tale.center.one(role),
            kept=kept,
        )

    tale.tell(tale.lately(4), write)


def keep_in_touch(tale: Tale, until: int) -> None:
    """A line about the family each month, and a visit each quarter, until that day."""
    for month, day in enumerate(range(35, until, 30)):
        if month % 3 == 2:
            consult(tale, day, "SOCIAL", ("CHILDREN", "RELATIONS"), tale.pick(("HOME", "FIELD", "IN_PERSON")))
        else:
            note(tale, day)


def close(tale: Tale, after: int, reason: str) -> None:
    """The case is closed."""

    def write(page: Page) -> None:
        page.change(
            "case",
            tale.ids["case"],
            stage="CLOSED",
            closed_on=clock.today(),
            closing_reason=reason,
            closing_note="Жоспар орындалды, отбасы көмекті қажет етпейді." if reason == "GOAL_REACHED" else None,
        )

    tale.tell(tale.at(after, 17), write)
