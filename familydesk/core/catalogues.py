"""Upkeep of the catalogues: take every marked string out of the source, update the .po files, say what is missing.

`python -m familydesk.core.catalogues` updates; with `--check` it only says, by its exit code, whether they are fresh.
"""

from __future__ import annotations

import io
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from familydesk.core.places import translations

PACKAGE = Path(__file__).resolve().parent.parent
KEYWORDS = {"N_": None, "_": None, "translate": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
LANGUAGES = ("kk", "ru")
"""English is the source and needs no catalogue."""


def extracted() -> Catalog:
    """Every marked string of the source, without line numbers, so that moving code changes no catalogue."""
    found = Catalog(charset="utf-8")
    for name, _line, text, comments, context in extract_from_dir(
        PACKAGE, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
    ):
        found.add(text, None, [(f"familydesk/{name}", 0)], auto_comments=comments, context=context)
    return found


def read(language: str) -> Catalog:
    """The catalogue of `language` as it lies on disk."""
    path = translations() / language / "familydesk.po"
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, template: Catalog) -> Catalog:
    """The catalogue brought up to date: new strings empty, strings that left the source dropped, nothing guessed."""
    catalogue = read(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def as_text(catalogue: Catalog) -> bytes:
    """A catalogue as it is written: sorted by source text, no dates, so that a fresh one never differs."""
    body = Catalog(locale=catalogue.locale, charset="utf-8")
    for message in catalogue:
        if message.id:
            body.add(message.id, message.string, auto_comments=message.auto_comments, context=message.context)
    memory = io.BytesIO()
    write_po(memory, body, width=120, sort_output=True, omit_header=True)
    head = f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    head += f'"Plural-Forms: nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};\\n"\n\n'
    return head.encode() + memory.getvalue()


def is_translated(message: Message) -> bool:
    """Whether every form of the message has a text."""
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def untranslated(catalogue: Catalog) -> list[str]:
    """Source texts without a translation."""
    return [str(message.id) for message in catalogue if message.id and not is_translated(message)]


def broken_places(catalogue: Catalog) -> Iterator[str]:
    """Source texts whose translation does not have the same `{names}`."""
    for message in catalogue:
        sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        wanted = names_in(sources[-1])
        if any(text and names_in(text) != wanted for text in texts):
            yield str(message.id)


def names_in(text: str) -> set[str]:
    """The `{names}` in a text."""
    return {name for _literal, name, _format, _conversion in string.Formatter().parse(text) if name}


def main() -> int:
    """Update or check; 1 if something is stale, untranslated or broken."""
    checking = "--check" in sys.argv[1:]
    template, faults = extracted(), 0
    for language in LANGUAGES:
        path = translations() / language / "familydesk.po"
        catalogue = updated(language, template)
        fresh = as_text(catalogue)
        stale = not path.exists() or path.read_bytes() != fresh
        if stale and not checking:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(fresh)
        missing, broken = untranslated(catalogue), list(broken_places(catalogue))
        state = f"{len(missing)} untranslated, {len(broken)} broken" + ", stale" * stale
        print(f"{language}: {len(catalogue)} texts, {state}")
        faults += len(missing) + len(broken) + (stale and checking)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
