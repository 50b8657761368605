"""What only the XML of an .xlsx file tells: formulas that were saved without a value, and how far its cells reach.

A formula is never computed. Where a program wrote it without its last value, its text stands in the cell instead, so
that the row shows what was there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import IO
from zipfile import BadZipFile, ZipFile

_BLOCK = 1 << 20
_CELL_END = b"</c>"
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*><f[^>]*>([^<]+)</f>(?:<v\s*/>|<v></v>)?</c>')
_WITH_VALUE = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*><(?:v|is|f)\b')
_DIMENSION = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]{1,3})(\d{1,7})"')
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")

Formulas = dict[tuple[int, int], str]
"""Text of a formula by row and column, both from zero."""


class SheetXml:
    """The sheets of an .xlsx file as XML; of any other file nothing is known and nothing found."""

    def __init__(self, file: IO[bytes]) -> None:
        self._archive: ZipFile | None = None
        self._paths: list[str] = []
        try:
            self._archive = ZipFile(file)
            self._paths = _sheet_paths(self._archive)
        except (BadZipFile, KeyError, OSError, ValueError):
            self._archive = None

    @property
    def count(self) -> int:
        """How many sheets are known."""
        return len(self._paths)

    def formulas(self, index: int) -> Formulas:
        """The formulas of a sheet that have no value."""
        found: Formulas = {}
        for block in self._blocks(index):
            if b"<f" in block:
                for column, row, formula in _FORMULA.findall(block):
                    found[int(row) - 1, _column(column)] = "=" + html.unescape(formula.decode("utf-8", "replace"))
        return found

    def area(self, index: int) -> int:
        """How many cells the used part of a sheet spans; counted cell by cell only where the sheet says it is huge."""
        said = _DIMENSION.search(next(self._blocks(index), b"")[:4096])
        if said is None or (_column(said[1]) + 1) * int(said[2]) < 2_000_000:
            return 0
        columns = rows = 0
        for block in self._blocks(index):
            for column, row in _WITH_VALUE.findall(block):
                columns, rows = max(columns, _column(column) + 1), max(rows, int(row))
        return columns * rows

    def _blocks(self, index: int) -> Iterator[bytes]:
        """The sheet in pieces that each end with a whole cell."""
        if self._archive is None or index >= len(self._paths) or self._paths[index] not in self._archive.NameToInfo:
            return
        with self._archive.open(self._paths[index]) as stream:
            rest = b""
            while piece := stream.read(_BLOCK):
                whole, end, rest = (rest + piece).rpartition(_CELL_END)
                yield whole + end
            yield rest


def _sheet_paths(archive: ZipFile) -> list[str]:
    """The part of each sheet, in the order of the workbook."""
    targets = {}
    for relation in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        targets[_attribute(relation, b"Id")] = _attribute(relation, b"Target")
    sheets = _SHEET.findall(archive.read("xl/workbook.xml"))
    parts = [targets.get(_attribute(sheet, b"r:id"), "") for sheet in sheets]
    return [part.lstrip("/") if part.startswith("/") else f"xl/{part}" for part in parts]


def _attribute(tag: bytes, name: bytes) -> str:
    match = re.search(rb"\s" + name + rb'="([^"]*)"', tag)
    return match[1].decode("utf-8", "replace") if match else ""


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
