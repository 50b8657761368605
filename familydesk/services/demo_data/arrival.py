"""How a family comes: people and their ties, telephones, addresses, the application, the case, the consent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from familydesk.core import clock
from familydesk.services.demo_data import names, texts
from familydesk.services.demo_data.chronicle import Page
from familydesk.services.demo_data.people import Someone
from familydesk.services.demo_data.tale import Tale

COLLECTED = ("NAMES", "IIN", "CONTACTS", "FAMILY", "INCOME", "VIOLENCE", "CHILDREN", "CASE")
THIRD_PARTIES = ("POLICE", "GUARDIANSHIP", "HEALTH", "EDUCATION", "SOCIAL", "COURT")


def arrive(tale: Tale, *, channel: str, reason: str, text: str, threat: bool = False, danger: str = "LOW") -> None:
    """The first day: everything that the intake writes down."""

    def write(page: Page) -> None:
        _people(tale, page, hidden=threat)
        values: dict[str, Any] = {"map_level": tale.pick("CDE") if threat else tale.pick("BCC")}
        level = {"map_level_on": tale.came_on, "map_level_source": "Отбасының цифрлық картасы"}
        tale.ids["case"] = page.add(
            "case",
            client_id=tale.ids["client"],
            family_id=tale.ids["family"],
            responsible_id=tale.manager,
            opened_on=tale.came_on,
            stage="INTAKE",
            danger=danger,
            situation=text,
            **(values | level if tale.chance(0.7) else {}),
        )
        tale.ids["application"] = apply(tale, page, channel, reason, text, threat)
        _consent(tale, page)

    tale.tell(tale.at(0, 8), write)


def apply(tale: Tale, page: Page, channel: str, reason: str, text: str, threat: bool = False) -> UUID:
    """A line of the journal, at the clock's moment."""
    sender = {"POLICE": "POLICE", "SCHOOL": "EDUCATION", "HEALTH": "HEALTH", "HELPLINE_111": "HELPLINE_111"}.get(
        channel
    )
    return page.add(
        "application",
        person_id=tale.ids["client"],
        case_id=tale.ids.get("case"),
        received_at=clock.now(),
        channel=channel,
        reason=reason,
        reason_text=text,
        sender_id=tale.center.bodies[sender] if sender else None,
        threat_to_life=threat or None,
        taken_by_id=tale.manager,
        result="Іс ашылды, отбасы сүйемелдеуге алынды" if "case" in tale.ids else "Консультация берілді",
    )


def _people(tale: Tale, page: Page, hidden: bool) -> None:
    house, ids = tale.house, tale.ids
    ids["family"] = page.add(
        "family",
        name=f"{house.client.surname} отбасы" if not house.russian else f"Семья {house.client.surname}",
        kind="MANY_CHILDREN" if len(house.children) > 3 else "FULL" if house.partner else "SINGLE_PARENT",
        registered_on=tale.came_on,
        housing=tale.pick(("OWN", "RENTED", "RELATIVES", "DORMITORY")),
        markers=tuple(sorted({tale.pick(("LOW_INCOME", "UNEMPLOYMENT", "DEBTS", "ALCOHOL_DRUGS"))})),
    )
    ids["client"] = _member(tale, page, house.client, "CLIENT", together=True)
    _reach(tale, page, hidden)
    if house.partner:
        role = {"PARTNER": "COHABITANT"}.get(tale.tie, tale.tie)
        ids["partner"] = _member(tale, page, house.partner, role, together=tale.tie != "FORMER_SPOUSE" and not hidden)
        page.add("kinship", person_id=ids["client"], kind=tale.tie, relative_id=ids["partner"])
    for place, child in enumerate(house.children):
        ids[f"child{place}"] = id = _member(tale, page, child, "CHILD", together=True)
        for parent in ("client", "partner"):
            if parent in ids:
                page.add("kinship", person_id=ids[parent], kind="PARENT", relative_id=id)
    if house.elder:
        role = "PARENT_IN_LAW" if house.partner else "PARENT"
        ids["elder"] = _member(tale, page, house.elder, role, together=tale.chance(0.5))
        of_whom = ids["partner"] if house.partner else ids["client"]
        page.add("kinship", person_id=ids["elder"], kind="PARENT", relative_id=of_whom)


def _member(tale: Tale, page: Page, someone: Someone, role: str, together: bool) -> UUID:
    id = page.add("person", **someone.values)
    page.add(
        "family_member",
        family_id=tale.ids["family"],
        person_id=id,
        relation=role,
        lives_together=together,
        since=someone.values["born_on"] if role == "CHILD" else None,
    )
    return id


def _reach(tale: Tale, page: Page, hidden: bool) -> None:
    """How she can be reached, and where she lives."""
    client = tale.ids["client"]
    unsafe = {
        "safe_to_call": "WITH_CARE",
        "safe_to_write": False,
        "safe_hours": "10:00–16:00, жұмыс күндері",
        "introduce_as": "Тігін шеберханасы",
    }
    page.add(
        "person_phone",
        person_id=client,
        number=tale.registry.phone(),
        **(unsafe if hidden else {"safe_to_call": "YES"}),
    )
    if hidden and tale.chance(0.5):
        page.add("person_phone", person_id=client, number=tale.registry.phone(), safe_to_call="NO")
    where = {"settlement": tale.pick(names.VILLAGES)} if tale.chance(0.3) else {"district": f"{names.CITY[0]} қ."}
    street = f"{tale.pick(names.STREETS)} көшесі, {tale.random.randint(1, 90)}-{tale.random.randint(1, 60)}"
    page.add("person_address", person_id=client, kind="REGISTERED", street=street, kept_secret=False, **where)
    if hidden:
        page.add(
            "person_address", person_id=client, kind="SAFE_PLACE", street="«Үміт» дағдарыс орталығы", kept_secret=True
        )


def _consent(tale: Tale, page: Page) -> None:
    if not tale.chance(0.93):
        return
    tale.ids["consent"] = page.add(
        "consent",
        case_id=tale.ids["case"],
        person_id=tale.ids["client"],
        given_on=tale.came_on,
        form="WRITTEN",
        purpose="Отбасын сүйемелдеу және көмек көрсету",
        collected=COLLECTED,
        third_parties=THIRD_PARTIES,
    )


def ask_once(tale: Tale) -> None:
    """Somebody comes with one question and goes with the answer."""

    def write(page: Page) -> None:
        tale.ids["client"] = page.add("person", **tale.house.client.values)
        reason = tale.pick(("ALIMONY", "MATERIAL", "DOCUMENTS", "LEGAL"))
        asked = apply(tale, page, tale.pick(("SELF", "PHONE", "ONLINE")), reason, tale.pick(texts.QUESTION))
        if tale.chance(0.85):
            page.add(
                "assessment",
                application_id=asked,
                done_on=clock.today(),
                done_by_id=tale.manager,
                conclusion="NOT_DIFFICULT",
            )
        page.add(
            "consultation",
            person_id=tale.ids["client"],
            held_at=clock.now(),
            kind="LEGAL" if reason in ("ALIMONY", "LEGAL") else "SOCIAL",
            form=tale.pick(("PHONE", "IN_PERSON")),
            minutes=tale.pick((15, 20, 30)),
            specialist_id=tale.center.one("LAWYER"),
            topics=("ALIMONY",) if reason == "ALIMONY" else ("DOCUMENTS",),
        )

    tale.tell(tale.at(0, 8), write)
