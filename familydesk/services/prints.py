"""Papers: which forms there are, and each of them drawn in a language, filled from the store or blank."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.core.i18n import N_, speaking, spoken
from familydesk.core.record import references
from familydesk.paper.forms import BY_NAME, FORMS, FormInfo
from familydesk.records import SHEETS
from familydesk.services.journal import Deed
from familydesk.services.printed_head import proof_line
from familydesk.services.rights import Verb
from familydesk.services.withdrawals import STILL_PRINTED
from familydesk.store.durable import write_whole as write_whole

if TYPE_CHECKING:
    from familydesk.paper.dossier import Dossier
    from familydesk.records.case import Case
    from familydesk.services.office import Office

NO_FORM = N_("There is no form of that name. `print --list` names them all.")
NO_LANGUAGE = N_("Papers are drawn in Kazakh or in Russian.")
NOT_BLANK = N_("This paper exists only filled.")
NOT_YOURS = N_(
    "Only the head, the duty administrator or the one responsible for the case may have a secret place printed."
)


def forms() -> tuple[FormInfo, ...]:
    """Every form, in the order in which they are offered."""
    return FORMS


class Prints:
    """Draws forms for one office. Nothing is kept: a paper is bytes in memory until somebody saves or prints it."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def forms(self) -> tuple[FormInfo, ...]:
        """Every form that is for the one at the desk, in the order in which they are offered."""
        listed = self._office.account.may(Verb.ACCESS_LIST)
        return tuple(form for form in forms() if listed or not form.accesses)

    def draw(
        self,
        form: str,
        *,
        case_number: str | None = None,
        case_id: UUID | None = None,
        record_id: UUID | None = None,
        sheet: str | None = None,
        language: str = "kk",
        blank: bool = False,
        allow_location: str | None = None,
        only_look: bool = False,
    ) -> bytes:
        """A form as a PDF.

        It starts from the record `record_id` (of `sheet`, for the plain page), else from the newest that the case has.
        `allow_location` is the reason why secret places may be printed; without it none is. Refused if there is no such
        form or case, if the one at the desk may print nothing, or if she may not tell where somebody is. It is noted
        before it is drawn, and bears the end of the journal, unless it is `only_look`ed at or blank.
        """
        self._office.account.require(Verb.PRINT)
        known = self._known(form, language)
        # The typesetter alone costs a third of a second: it is loaded when something is printed.
        from familydesk.paper.drawing import draw

        with speaking(language):
            if blank:
                file = self._blank(known)
            else:
                file, case = self._file(known, case_number, case_id, sheet, record_id, (allow_location or "").strip())
                file = self._looked_at(file, case) if only_look else self._noted(known, file, case)
            return draw(known, file, language)

    def save(self, path: Path, form: str, **words: Any) -> Path:
        """Draw, and put the file in place whole; the words are those of `draw`."""
        write_whole(path, self.draw(form, **words))
        return path

    def _known(self, name: str, language: str) -> FormInfo:
        form = BY_NAME.get(name)
        if form is None:
            raise Refused(NO_FORM)
        if language not in form.languages:
            raise Refused(NO_LANGUAGE)
        return form

    def _blank(self, form: FormInfo) -> Dossier:
        from familydesk.services.dossiers import Gathering

        if not form.blank:
            raise Refused(NOT_BLANK)
        return Gathering(self._office, form).blank()

    def _file(
        self, form: FormInfo, number: str | None, id: UUID | None, sheet: str | None, record: UUID | None, reason: str
    ) -> tuple[Dossier, Case | None]:
        from familydesk.services.dossiers import Gathering, case_of, its_case, may_tell_where, subject_of

        case = case_of(self._office, number, id)
        subject = subject_of(self._office, form, case, form.sheet or sheet or "case", record)
        case = case or its_case(self._office, subject)
        if reason and not may_tell_where(self._office, subject, case):
            raise Refused(NOT_YOURS)
        if case and form.name not in STILL_PRINTED:
            self._office.withdrawals.check_case(case.id)
        return Gathering(self._office, form, reason).about(subject, case), case

    def _looked_at(self, file: Dossier, case: Case | None) -> Dossier:
        told = {} if case else self._office.journal.about([file.subject])
        self._office.journal.viewed(file.subject.sheet(), file.subject.id, case.id if case else None, told)
        return file

    def _noted(self, form: FormInfo, file: Dossier, case: Case | None) -> Dossier:
        subject = file.subject
        told = {"form": form.name, "language": spoken(), **({} if case else self._office.journal.about([subject]))}
        place = (subject.sheet(), subject.id, case.id if case else None)
        head = self._office.journal.note(Deed.PRINTED, *place, reason=file.permission, detail=told)
        return replace(file, proof=proof_line(self._office, head))


def recovery_sheet(key: str, language: str) -> bytes:
    """The printed recovery key; needs no store, because the first one is drawn while the store is being made."""
    from familydesk.paper.recovery_key import draw_recovery_key
    from familydesk.store.recovery_code import qr_payload

    return draw_recovery_key(key, qr_payload(key), language)


def neutral_name(at: datetime | None = None) -> str:
    """A file name that says nothing of what the paper is or whom it is about."""
    return f"paper-{(at or clock.now()):%Y%m%d-%H%M%S}.pdf"


def draw_all(office: Office, folder: Path, languages: Iterable[str]) -> Iterator[Path]:
    """Every form into `folder`, filled if a record for it exists, and blank; gives each path when it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    examples = {form.name: _example(office, form.sheet or "case") for form in FORMS}
    for language in languages:
        for form in FORMS:
            if record := examples[form.name]:
                path = folder / f"{form.name.lower()}-{language}.pdf"
                yield office.prints.save(path, form.name, record_id=record, language=language)
            if form.blank:
                path = folder / f"{form.name.lower()}-blank-{language}.pdf"
                yield office.prints.save(path, form.name, language=language, blank=True)


def _example(office: Office, sheet: str) -> UUID | None:
    """The newest record of a sheet; of cases, the fullest one, so that the paper shows what it can."""
    if sheet == "case":
        return _fullest_case(office)
    may_leave = office.withdrawals.leaving(sheet, office.desk.ids(sheet, descending=True))
    return next(iter(may_leave), None)


def _fullest_case(office: Office) -> UUID | None:
    """The case to which records of the most sheets refer, and of those the one with the most records."""
    referring: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
    for sheet in SHEETS:
        for field in references(sheet, "case"):
            for record in office.desk.find(sheet.sheet()):
                if case := getattr(record, field.name):
                    referring[case][sheet.sheet()] += 1
    may_leave = office.withdrawals.leaving("case", list(referring))
    return max(may_leave, key=lambda case: (len(referring[case]), referring[case].total()), default=None)
