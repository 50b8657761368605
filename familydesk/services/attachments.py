"""Attachments: a file is taken in, kept sealed with its case, looked at in the program, and given out for a reason."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import select

from familydesk.core.errors import Refused, Weather
from familydesk.core.i18n import N_
from familydesk.exchange import scans
from familydesk.exchange.scans import Scan
from familydesk.records.attachment import Attachment, MediaType
from familydesk.records.case import Case
from familydesk.services.giving_out import Handing, Parcel, parcel
from familydesk.services.journal import Deed
from familydesk.services.rights import Verb
from familydesk.store import attachment_content
from familydesk.store.attachment_content import damaged as damaged

if TYPE_CHECKING:
    from familydesk.services.office import Office
    from familydesk.services.saving import Saved

LONGEST_NAME = 120
SUFFIXES = {MediaType.JPEG: ".jpg", MediaType.PNG: ".png", MediaType.PDF: ".pdf"}
NOT_FOR_HER = N_("This attachment is not for you to see.")

Report = Callable[[int, int], None]
"""Told how many bytes are done and of how many; whatever it raises stops the work, and nothing is left."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that was read and may be attached; nowhere yet."""

    scan: Scan
    file_name: str


class Attachments:
    """The files of cases."""

    def __init__(self, office: Office) -> None:
        self._office = office

    # Taking in

    def read(self, path: Path, report: Report = lambda done, total: None) -> Incoming:
        """A file, by whatever way it came. Refused if it may not be attached; Weather if it cannot be read."""
        return self.look_at(_content_of(path, report), path.name)

    def look_at(self, content: bytes, name: str = "") -> Incoming:
        """The same for bytes at hand, as the clipboard gives them."""
        return Incoming(scans.taken_in(content), name[-LONGEST_NAME:])

    def add(self, incoming: Incoming, values: Mapping[str, Any], report: Report = lambda done, total: None) -> Saved:
        """Keep it, record and bytes in one transaction. `values` are those of the sheet `attachment`.

        Refused with the fields at fault; Weather if the disk is full: nothing of it is then kept.
        """
        scan = incoming.scan
        read_from_it = {
            "media_type": scan.media_type,
            "size": len(scan.content),
            "pages": scan.pages,
            "digest": attachment_content.fingerprint(scan.content),
        }
        keys = self._office.database.case_keys
        with self._office.database.write() as session:
            given = {**values, "file_name": incoming.file_name or None}
            saved = self._office.desk.save_in(session, "attachment", given, own=read_from_it)
            session.flush()
            attachment_content.put(
                session.connection(), keys, saved.record.values()["case_id"], saved.id, scan.content, report
            )
            self._office.journal.note_in(session, Deed.ATTACHED, "attachment", saved.id, values.get("case_id"))
        return saved

    # Looking at

    def of_cases(self, cases: Iterable[UUID]) -> list[Attachment]:
        """Those of these cases that are in use, newest first."""
        found = self._office.desk.find("attachment", {"case_id": list(cases)}, descending=True)
        return [cast(Attachment, one) for one in found]

    def about(self, id: UUID) -> Attachment:
        """Its record. Refused to who may not see it."""
        return self._readable(id)

    def content(self, id: UUID) -> bytes:
        """Its bytes, in memory only. Refused to who may not see it; Weather if they are not here, damaged, or not those
        that were attached.
        """
        self._readable(id)
        with self._office.database.read() as session:
            keys = self._office.database.case_keys
            return attachment_content.whole(session.connection(), keys, id)

    def open(self, id: UUID) -> bytes:
        """As `content`, for somebody who looks at it closely: written down as looked at."""
        content, record = self.content(id), self._readable(id)
        self._office.journal.viewed("attachment", id, record.case_id)
        return content

    # Giving out

    def copy(self, id: UUID, handing: Handing) -> Parcel:
        """A copy, ready to leave. Refused to who may give nothing out."""
        self._office.account.require(Verb.EXPORT)
        handing.check()
        record = self._readable(id)
        if record.case_id:
            self._office.withdrawals.check_case(record.case_id)
        suffix = SUFFIXES.get(record.media_type, "") if record.media_type else ""
        content = self.content(id)
        return parcel(self._office, content, suffix, handing, "attachment", "attachment", id, record.case_id)

    def _readable(self, id: UUID) -> Attachment:
        record = cast(Attachment, self._office.desk.get("attachment", id))
        if "subject" in record.covered or self._shows_somebody_out_of_reach(record):
            raise Refused(NOT_FOR_HER)
        return record

    def _shows_somebody_out_of_reach(self, record: Attachment) -> bool:
        """A picture can tell where somebody is, so it is hidden as an address is from who serves her offender."""
        with self._office.database.read() as session:
            people = self._office.account.beyond(session).people
            client = session.scalar(select(Case.client_id).where(Case.id == record.case_id))
        return bool(people & {client, record.person_id})


def _content_of(path: Path, report: Report) -> bytes:
    """All of a file, piece by piece, never more than may be attached."""
    parts: list[bytes] = []
    done = 0
    try:
        # Before it is opened: a pipe would be waited for.
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise Refused(scans.UNKNOWN)
        if facts.st_size > scans.LARGEST:
            raise Refused(scans.TOO_LARGE)
        with path.open("rb") as file:
            while part := file.read(attachment_content.PIECE):
                parts.append(part)
                done += len(part)
                report(min(done, facts.st_size), facts.st_size)
                if done > scans.LARGEST:
                    raise Refused(scans.TOO_LARGE)
    except OSError:
        raise Weather(
            N_("This file cannot be read."), N_("Check that the disk is connected and that you may open the file.")
        ) from None
    return b"".join(parts)
