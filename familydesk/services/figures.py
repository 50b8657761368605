"""The figures of a period: counted, checked against each other, on paper and in a spreadsheet."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.core.i18n import speaking
from familydesk.core.show import show_phone
from familydesk.services.journal import Deed, Head
from familydesk.services.printed_head import proof_line
from familydesk.services.rights import Verb

if TYPE_CHECKING:
    from familydesk.reports.month import Heading, Report
    from familydesk.reports.press import Press
    from familydesk.services.office import Office


class Figures:
    """Reports of the center's work."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def month(self, first: date, last: date, shared: bool = False) -> Report:
        """The report from `first` to `last`, both days counted.

        `shared` makes the version that leaves the center, with small figures hidden; Refused while the numbers do not
        agree with each other. The center's own version is then still counted, and may be printed as a draft. Refused
        too if the role of the one at the desk does not count in this version.
        """
        self._office.account.require(Verb.COUNT_SHARED if shared else Verb.COUNT)
        # Loaded with the first report, not at the start.
        from familydesk.reports.month import assemble
        from familydesk.reports.period import Period
        from familydesk.reports.source import Source
        from familydesk.reports.suppress import for_others

        period = Period(first, last)
        heading = self._heading()
        # Counted over everything, or the month would depend on who asks; what she opens behind a figure, she reads.
        with self._office.database.read(whole=True) as session:
            report = assemble(Source(session, period, clock.now(), self._office.deadlines.law.reckon), heading)
        if not shared:
            return report
        self._check(report, draft=False)
        return for_others(report)

    def pdf(self, report: Report, language: str, draft: bool = False, only_look: bool = False) -> bytes:
        """On paper. Refused if the numbers do not agree, unless it is to be a draft, which says so on every page.

        Noted before it is drawn, and it bears the end of the journal, unless it is `only_look`ed at.
        """
        from familydesk.reports import pdf

        self._check(report, draft)
        with speaking(language):
            proof = "" if only_look else proof_line(self._office, self._note(Deed.PRINTED, report))
        return pdf.draw(report, language, _press(proof))

    def xlsx(self, report: Report, language: str, draft: bool = False) -> bytes:
        """As a spreadsheet with the same numbers; refused as the paper is."""
        from familydesk.reports import xlsx

        self._check(report, draft)
        self._note(Deed.EXPORTED, report)
        return xlsx.draw(report, language)

    def _note(self, deed: Deed, report: Report) -> Head:
        return self._office.journal.note(deed, detail={"report": str(report.period)})

    def _check(self, report: Report, draft: bool) -> None:
        if not report.agrees and not draft:
            raise Refused(*report.faults)

    def _heading(self) -> Heading:
        from familydesk.reports.month import Heading

        left_out = self._office.restricted.any_closed()
        for center in self._office.desk.find("center", limit=1):
            values = center.values()
            city = " / ".join(filter(None, (values["city_kk"], values["city_ru"])))
            phone = show_phone(values["phone"]) if values["phone"] else ""
            below = " · ".join(filter(None, (city, phone, values["email"])))
            return Heading(values["name_kk"] or "", values["name_ru"] or "", below, left_out)
        return Heading("", "", left_out=left_out)


def _press(proof: str) -> Press:
    """The tools of the room of papers, lent to the room of reports: neither knows the other. `proof` stands at every
    foot.
    """
    from familydesk.paper import blocks, fonts, page, text, writing
    from familydesk.reports.press import Press

    return Press(
        press=page.press,
        dress=partial(page.Dress, proof=proof),
        stamp=page.stamp,
        type=text.Type,
        lines=blocks.Lines,
        signatures=blocks.Signatures,
        writing=writing.Writing,
        rule=writing.rule,
        break_lines=text.break_lines,
        measure=text.measure,
        text_face=fonts.TEXT,
        strong_face=fonts.STRONG,
        head_face=fonts.HEAD,
    )
