"""Drawing a form: a dossier in, a PDF out, in one language."""

from __future__ import annotations

from familydesk.core.i18n import _, speaking
from familydesk.core.show import show_day, show_phone
from familydesk.paper.blocks import Lines
from familydesk.paper.dossier import Dossier, joined
from familydesk.paper.forms import FormInfo
from familydesk.paper.page import Dress, press, stamp
from familydesk.paper.text import SMALL
from familydesk.paper.wording import BIN, CONFIDENTIAL, TITLES
from familydesk.records.case import Case


def draw(form: FormInfo, file: Dossier, language: str) -> bytes:
    """The form as a PDF in `language`."""
    with speaking(language):
        blocks = form.layout()(file)
        if file.permission:
            told = _("Addresses and conditions of calling are printed by permission: {reason}")
            blocks.append(Lines(told.format(reason=file.permission), SMALL, above=8))
        return press(blocks, _dress(form, file, language))


def _dress(form: FormInfo, file: Dossier, language: str) -> Dress:
    number = file.subject.number if isinstance(file.subject, Case) else file.one(Case).number
    told = number or ("" if not file.blank else "______________")
    return Dress(
        title=_heading(form, language),
        language=language,
        stamp=stamp(file.drawn_at),
        head=head(file) if form.headed else ("", "", ""),
        mark=" / ".join(CONFIDENTIAL) if form.confidential else "",
        number=_("Case No {number}").format(number=told) if form.headed and told else "",
        printed="" if file.blank else _("Printed {day}").format(day=show_day(file.drawn_at.date())),
        wide=form.wide,
        proof=file.proof if form.headed else "",
    )


def _heading(form: FormInfo, language: str) -> str:
    pair = TITLES.get(form.name)
    return pair[language == "ru"] if pair else _(form.title)


def head(file: Dossier) -> tuple[str, str, str]:
    """The center's name in Kazakh and in Russian, and its requisites in one line."""
    center = file.center
    bin_of = f"{' / '.join(BIN)} {center.bin}" if center.bin else ""
    cities = dict.fromkeys(city for city in (center.city_kk, center.city_ru) if city)
    parts = (bin_of, " / ".join(cities), show_phone(center.phone) if center.phone else "", center.email or "")
    in_russian = center.name_ru if center.name_ru != center.name_kk else ""
    return center.name_kk or "", in_russian or "", joined(parts, "  ·  ")
