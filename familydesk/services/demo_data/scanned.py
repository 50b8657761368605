"""A file with the newest cases: the form of a consent, as it comes back from the scanner."""

from __future__ import annotations

from datetime import datetime

from familydesk.core import clock
from familydesk.core.i18n import speaking
from familydesk.records.attachment import AttachmentKind
from familydesk.services.office import Office

CASES = 3
SUBJECT = "Қол қойылған келісім"


def scan(office: Office, at: datetime) -> None:
    """Attach it, at the moment `at`."""
    newest = office.desk.find("case", descending=True, limit=CASES)
    if not newest:
        return
    with clock.stopped(at), speaking("kk"):
        paper = office.attachments.look_at(office.prints.draw("CONSENT", blank=True, only_look=True), "scan.pdf")
        for case in newest:
            values = {"case_id": case.id, "subject": SUBJECT, "kind": AttachmentKind.SIGNED, "taken_on": at.date()}
            office.attachments.add(paper, values)
