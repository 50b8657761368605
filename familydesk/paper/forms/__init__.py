"""The forms: a table of contents. A layout is loaded when it is drawn; until then a form is what stands here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from familydesk.core.i18n import N_
from familydesk.paper.dossier import Dossier

PAPER_LANGUAGES: tuple[str, ...] = ("kk", "ru")


@dataclass(frozen=True, slots=True)
class FormInfo:
    """One form. `sheet` is the sheet it starts from: the case, unless the paper is about one record of it.

    `needs` are the further sheets it is drawn from; it is given no others. `shared`: it may leave the worker's hand;
    `confidential`: it bears the mark; `headed`: it bears the center's name; `wide`: it lies on its side; `blank`: it
    exists empty, to fill by hand; `timed`: it tells the open deadlines; `accesses`: it tells who opened the file, and
    is for who may see that.
    """

    name: str
    title: str
    sheet: str
    needs: tuple[str, ...] = ()
    shared: bool = True
    confidential: bool = True
    headed: bool = True
    wide: bool = False
    blank: bool = True
    timed: bool = False
    accesses: bool = False
    languages: tuple[str, ...] = PAPER_LANGUAGES

    def layout(self) -> Callable[[Dossier], list[Any]]:
        """The function that lays the form out."""
        module = import_module(f"familydesk.paper.forms.{self.name.lower()}")
        return module.layout


FORMS: tuple[FormInfo, ...] = (
    FormInfo(
        "CASE_FORM",
        N_("One-stop-shop case form"),
        "case",
        needs=(
            "application",
            "assessment",
            "incident",
            "protective_order",
            "order_breach",
            "consultation",
            "referral",
            "mandatory_notice",
            "consent",
            "family_member",
            "person_phone",
            "person_address",
        ),
        timed=True,
    ),
    FormInfo(
        "COVER",
        N_("Cover and list of contents"),
        "case",
        needs=(
            "application",
            "consent",
            "assessment",
            "consultation",
            "referral",
            "protective_order",
            "mandatory_notice",
        ),
    ),
    FormInfo("RECEIPT", N_("Receipt slip of an application"), "application", confidential=False, timed=True),
    FormInfo("CONSENT", N_("Consent to process personal data"), "consent"),
    FormInfo(
        "CONSULTATION_JOURNAL",
        N_("Extract from the consultation journal"),
        "case",
        needs=("consultation",),
        wide=True,
    ),
    FormInfo("REFERRAL_LETTER", N_("Referral letter with reply slip"), "referral"),
    FormInfo(
        "ORDER_CARD",
        N_("Protective-order control card"),
        "protective_order",
        needs=("order_check", "order_breach"),
    ),
    FormInfo("SAFETY_CARD", N_("Pocket card of important numbers"), "case", confidential=False, headed=False),
    FormInfo("ACCESS_SHEET", N_("Access sheet: who opened the file"), "case", shared=False, accesses=True),
    FormInfo("DESTRUCTION_ACT", N_("Act of destruction"), "destruction_act", shared=False, confidential=False),
    FormInfo("RECORD", N_("Plain page of a record"), "", blank=False),
)

BY_NAME: dict[str, FormInfo] = {form.name: form for form in FORMS}


def form_of(name: str) -> FormInfo:
    """The form of that name; KeyError if there is none."""
    return BY_NAME[name]
