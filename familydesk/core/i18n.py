"""Languages: `N_` marks a string where it is written, `_` translates it where it is shown.

Catalogues are gettext files, `translations/<language>/familydesk.po`, compiled beside themselves when older than their
source. The interface has one language; a paper may be drawn in another (`with speaking("kk")`), in its own thread.
"""

from __future__ import annotations

import gettext as _gettext
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from familydesk.core.places import translations

LANGUAGES: tuple[str, ...] = ("kk", "ru", "en")
PSEUDO = "xx"
"""A made-up language with stretched words, in which screens are tested for cut labels."""

_interface = "kk"
_spoken: ContextVar[str | None] = ContextVar("familydesk_language", default=None)


def N_(text: str) -> str:
    """Mark `text` for translation and give it back unchanged."""
    return text


def use(language: str) -> None:
    """Make `language` the interface's language, for every thread that does not speak another."""
    global _interface
    if language not in (*LANGUAGES, PSEUDO):
        raise ValueError("unknown language")
    _interface = language


def spoken() -> str:
    """The language in force here: `kk`, `ru` or `en`."""
    return _spoken.get() or _interface


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` inside the block, in this thread alone."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def translate(text: str) -> str:
    """`text` in the language in force; the English source itself where no translation exists."""
    if not text:
        return ""
    language = spoken()
    if language == PSEUDO:
        return _stretched(text)
    return catalogue(language).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The right plural form for `count` (Kazakh has 2 forms, Russian 3)."""
    language = spoken()
    if language == PSEUDO:
        return _stretched(one if count == 1 else many)
    return catalogue(language).ngettext(one, many, count)


def pgettext(context: str, text: str) -> str:
    """As `translate`, for a word that needs its context told (`pgettext("short", "h")`)."""
    language = spoken()
    if language == PSEUDO:
        return _stretched(text)
    return catalogue(language).pgettext(context, text)


_ = translate


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> _gettext.NullTranslations:
    """The compiled catalogue of `language`; an empty one where no file exists (English needs none)."""
    source = translations() / language / "familydesk.po"
    if not source.exists():
        return _gettext.NullTranslations()
    with io.BytesIO(_compiled(source)) as binary:
        return _gettext.GNUTranslations(binary)


def _compiled(source: Path) -> bytes:
    binary = source.with_suffix(".mo")
    with suppress(OSError):
        if binary.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            return binary.read_bytes()
    # Babel costs a tenth of a second: it is loaded only when a catalogue changed since the last start.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    memory = io.BytesIO()
    with source.open("rb") as text:
        write_mo(memory, read_po(text, locale=source.parent.name))
    _keep(binary, memory.getvalue())
    return memory.getvalue()


def _keep(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    # In a read-only installation it is compiled again at the next start.
    with suppress(OSError):
        # Of ordinary rights, unlike a temporary file: everybody at this computer reads the catalogues.
        fresh.write_bytes(content)
        fresh.replace(path)


def _stretched(text: str) -> str:
    """`text` a third longer and visibly marked, with its `{names}` untouched."""
    pad = "·" * max(1, len(text) // 3)
    return f"[{text}{pad}]"
