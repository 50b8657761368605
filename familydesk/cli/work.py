"""The day's work from the command line: import, print, report, deadlines."""

from __future__ import annotations

import argparse
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from familydesk.cli.opening import opened
from familydesk.cli.output import say, tell, warn
from familydesk.cli.parser import Invocation, Misused, add, group
from familydesk.cli.records import known_id, known_sheet
from familydesk.core.errors import Refused
from familydesk.core.i18n import LANGUAGES, N_, speaking, spoken, translate
from familydesk.services.entry import YEARS, moment

if TYPE_CHECKING:
    from familydesk.services.deadlines import Reckoned

PAPER_LANGUAGES = LANGUAGES[:2]
PLAIN_PAGE = "RECORD"
"""The form that starts from a record of any sheet."""


def add_commands(commands: Any) -> None:
    """Register the commands of this room."""
    importing = group(commands, "import", N_("take in what the center keeps elsewhere"), "WHAT")
    register = add(importing, "register", import_register, N_("a journal of applications kept in a spreadsheet"))
    register.add_argument("file", type=Path)
    register.add_argument("--dry-run", action="store_true")
    register.add_argument("--problems", type=Path, metavar="OUT.xlsx")
    printing = add(commands, "print", print_form, N_("a case form as PDF"))
    printing.add_argument("form", nargs="?")
    printing.add_argument("--list", action="store_true")
    printing.add_argument("--case", metavar="NUMBER")
    printing.add_argument(
        "--sheet", metavar="SHEET", help=translate(N_("of which sheet --id is, for the plain page: print RECORD"))
    )
    printing.add_argument("--id", metavar="ID", help=translate(N_("which record, where the case has several")))
    printing.add_argument(
        "--with-location",
        metavar="REASON",
        help=translate(N_("print secret places too; only for who may have them printed")),
    )
    printing.add_argument("--blank", action="store_true", help=translate(N_("empty, to fill by hand")))
    printing.add_argument("--out", type=Path)
    reporting = group(commands, "report", N_("figures for a period"), "WHAT")
    monthly = add(reporting, "monthly", report_monthly, N_("the month, as PDF or spreadsheet"))
    monthly.add_argument("--month", metavar="YYYY-MM", required=True)
    halves = N_("half a year, with the block for the interdepartmental commission")
    half_yearly = add(reporting, "half-year", report_half_year, halves)
    half_yearly.add_argument("--half", metavar="YYYY-1|YYYY-2", required=True)
    for report in (monthly, half_yearly):
        _add_report_options(report)
    deadline = add(commands, "deadline", deadline_of, N_("when a term ends, by which law, and the arithmetic"))
    deadline.add_argument("kind")
    deadline.add_argument("--from", dest="start", required=True, metavar="MOMENT")


def _add_report_options(report: argparse.ArgumentParser) -> None:
    report.add_argument(
        "--shared",
        action="store_true",
        help=translate(N_("the version that leaves the center: small cells suppressed")),
    )
    report.add_argument(
        "--draft", action="store_true", help=translate(N_("even if the numbers do not add up, marked as a draft"))
    )
    report.add_argument("--out", type=Path)


def import_register(invocation: Invocation) -> None:
    """`import register FILE`."""
    words = invocation.arguments
    with opened(invocation) as office:
        outcome = office.register.take_in(words.file, dry_run=words.dry_run, problems=words.problems)
    if invocation.json:
        tell(outcome.counts())
        return
    for name, count in outcome.counts().items():
        say(f"{name}: {count}")


def print_form(invocation: Invocation) -> None:
    """`print FORM --case NUMBER --lang kk|ru --out FILE.pdf`, or `print --list`."""
    words = invocation.arguments
    if words.list:
        return list_forms(invocation)
    if not (words.form and words.out and (words.case or words.id or words.blank)):
        raise Misused(N_("Name the form, the case and the file: print FORM --case NUMBER --out FILE.pdf."))
    if words.id and words.form == PLAIN_PAGE and not words.sheet:
        raise Misused(N_("Name the sheet of the record: print RECORD --sheet SHEET --id ID --out FILE.pdf."))
    if words.with_location is not None and not words.with_location.strip():
        raise Refused(N_("Say why secret places have to be printed."))
    from familydesk.services.prints import write_whole

    form = _known_form(words.form)
    record_id = known_id(words.id) if words.id else None
    sheet = known_sheet(words.sheet).sheet() if words.sheet else None
    with opened(invocation) as office:
        drawn = office.prints.draw(
            form,
            case_number=words.case,
            record_id=record_id,
            sheet=sheet,
            language=invocation.lang or paper_language(),
            blank=words.blank,
            allow_location=words.with_location,
        )
    write_whole(words.out, drawn)
    if invocation.json:
        tell({"file": str(words.out)})
    return None


def _known_form(name: str) -> str:
    from familydesk.services.prints import NO_FORM, forms

    if name not in {form.name for form in forms()}:
        raise Misused(NO_FORM)
    return name


def list_forms(invocation: Invocation) -> None:
    """`print --list`: needs no store."""
    from familydesk.services.prints import forms

    if invocation.json:
        tell([{"form": form.name, "title": translate(form.title), "shared": form.shared} for form in forms()])
        return
    for form in forms():
        say(f"{form.name}  {translate(form.title)}")


def report_monthly(invocation: Invocation) -> None:
    """`report monthly --month YYYY-MM`."""
    _report(invocation, *month_bounds(invocation.arguments.month))


def report_half_year(invocation: Invocation) -> None:
    """`report half-year --half YYYY-1|YYYY-2`."""
    _report(invocation, *half_bounds(invocation.arguments.half))


def _report(invocation: Invocation, first: date, last: date) -> None:
    words = invocation.arguments
    if words.out and words.out.suffix.lower() not in (".pdf", ".xlsx"):
        raise Misused(N_("A report is written to a file whose name ends in .pdf or .xlsx."))
    from familydesk.services.prints import write_whole

    language = invocation.lang or paper_language()
    with opened(invocation) as office, speaking(language):
        report = office.figures.month(first, last, shared=words.shared)
        if words.out:
            drawn = (
                office.figures.xlsx(report, language, words.draft)
                if words.out.suffix.lower() == ".xlsx"
                else office.figures.pdf(report, language, words.draft)
            )
            write_whole(words.out, drawn)
        if invocation.json:
            tell(report.as_json())
        if doubt := office.deadlines.doubt():
            warn(doubt)


def deadline_of(invocation: Invocation) -> None:
    """`deadline KIND --from MOMENT`: by the store's tables if one is named, else by the tables that the program
    ships.
    """
    words = invocation.arguments
    reckoned = _reckoned(invocation, words.kind, _moment(words.start))
    if invocation.json:
        tell({"due": reckoned.due, "arithmetic": reckoned.arithmetic, "legal_reference": reckoned.legal_reference})
        return
    say(f"{reckoned.due.isoformat()}\n{reckoned.arithmetic}\n{reckoned.legal_reference}")


def _reckoned(invocation: Invocation, kind: str, start: datetime) -> Reckoned:
    from familydesk.services.deadlines import NoSuchTerm, reckon_as_shipped

    try:
        if not (invocation.store or invocation.passphrase_stdin):
            return reckon_as_shipped(kind, start)
        with opened(invocation) as office:
            return office.deadlines.reckon(kind, start)
    except NoSuchTerm as unknown:
        raise Misused(*unknown.problems) from None


def paper_language() -> str:
    """Papers are drawn in Kazakh or Russian; an English interface prints in the state language."""
    return spoken() if spoken() in PAPER_LANGUAGES else PAPER_LANGUAGES[0]


def month_bounds(text: str) -> tuple[date, date]:
    """The first and last day of `YYYY-MM`. Misused if it is not written so."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Misused(N_("A month is written as YYYY-MM.")) from None
    if first.year not in YEARS:
        raise Refused(N_("Check the year."))
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def half_bounds(text: str) -> tuple[date, date]:
    """The first and last day of a half of a year, `YYYY-1` or `YYYY-2`. Misused if it is not written so."""
    from familydesk.reports.half_year import half

    written = re.fullmatch(r"(\d{4})-([12])", text)
    if not written:
        raise Misused(N_("A half of a year is written as YYYY-1 or YYYY-2."))
    if int(written[1]) not in YEARS:
        raise Refused(N_("Check the year."))
    return half(int(written[1]), int(written[2]))


def _moment(text: str) -> datetime:
    """A moment as typed. Misused if it cannot be read, Refused if its year is out of all reach."""
    try:
        read = moment(text)
    except ValueError:
        raise Misused(N_("A moment is written as YYYY-MM-DDTHH:MM+05:00.")) from None
    if read.year not in YEARS:
        raise Refused(N_("Check the year."))
    return read
