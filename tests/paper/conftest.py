"""Helpers of the paper tests: what a PDF says, page by page, and what fonts it brings along."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest

from familydesk.core import i18n


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.use("en")


@pytest.fixture
def pages() -> Callable[[bytes], list[str]]:
    """The text of each page as a reader's program extracts it."""

    def read(drawn: bytes) -> list[str]:
        document = pypdfium2.PdfDocument(drawn)
        texts = [page.get_textpage().get_text_range() for page in document]
        return [unicodedata.normalize("NFC", text) for text in texts]

    return read


@pytest.fixture
def text(pages: Callable[[bytes], list[str]]) -> Callable[[bytes], str]:
    """The whole text with every break made one space."""
    return lambda drawn: " ".join(" ".join(pages(drawn)).split())


@pytest.fixture
def fonts() -> Callable[[bytes], dict[str, bool]]:
    """Each font that a page names, and whether its glyphs are inside the file."""

    def read(drawn: bytes) -> dict[str, bool]:
        found = {}
        with pikepdf.open(io.BytesIO(drawn)) as document:
            for page in document.pages:
                for font in page.resources.get("/Font", {}).values():
                    descriptor = font.get("/FontDescriptor")
                    found[str(font.BaseFont)] = descriptor is not None and "/FontFile2" in descriptor
        return found

    return read
