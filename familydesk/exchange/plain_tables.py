"""Tables that are text: comma-separated files, and the web pages that some systems hand out under the name of .xls."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEAD = 1 << 16


def encoding_of(head: bytes) -> str | None:
    """The encoding of a text by its beginning; None if the bytes are no text."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if b"\0" in head:
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8"


def csv_rows(path: Path, encoding: str) -> Iterator[list[str]]:
    """The rows of a comma-, semicolon- or tab-separated file. Raises `Weather` where quotes never close."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        delimiter = _delimiter(file.read(_HEAD))
        file.seek(0)
        try:
            yield from csv.reader(file, delimiter=delimiter)
        except csv.Error:
            raise Weather(
                N_("This text file cannot be read as a table."),
                N_("Open it in a spreadsheet program and save it as .xlsx."),
            ) from None


def html_rows(path: Path, encoding: str) -> list[list[str]]:
    """The rows of all tables on a page, cells that span columns followed by empty ones."""
    page = _Tables()
    page.feed(path.read_text(encoding=encoding, errors="replace"))
    page.close()
    return page.rows


def is_page(head: bytes) -> bool:
    """A web page with a table, whatever its name ends with."""
    lowered = head.lower()
    return b"<table" in lowered or b"<html" in lowered


def _delimiter(head: str) -> str:
    """The sign that most lines hold, and most evenly."""
    lines = [line for line in head.splitlines()[:60] if line.strip()]
    counts = {sign: sorted(line.count(sign) for line in lines) for sign in ";\t,"}
    return max(counts, key=lambda sign: counts[sign][len(lines) // 2] if lines else 0)


class _Tables(HTMLParser):
    """Collects the cells of every table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            if not self.rows:
                self.rows.append([])
            span = dict(attrs).get("colspan") or "1"
            self.rows[-1] += [""] * min(int(span) if span.isdigit() else 1, 100)
            self._at = len(self.rows[-1]) - (int(span) if span.isdigit() and int(span) <= 100 else 1)
            self._inside = True
        elif tag == "br" and self._inside:
            self.rows[-1][self._at] += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][self._at] += data
