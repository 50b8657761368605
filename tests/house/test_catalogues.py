"""The catalogues: fresh, complete, with the same places to fill, and written in one alphabet."""

import re

import pytest

from familydesk.core import catalogues

TEMPLATE = catalogues.extracted()
LATIN_BESIDE_CYRILLIC = re.compile(r"[a-z](?=[а-яёәғқңөұүһі])|[а-яёәғқңөұүһі](?=[a-z])", re.IGNORECASE)

every_language = pytest.mark.parametrize("language", catalogues.LANGUAGES)


@every_language
def test_the_catalogue_holds_every_text_of_the_source_and_no_other(language):
    held = {(message.context, str(message.id)) for message in catalogues.read(language) if message.id}
    assert held == {(message.context, str(message.id)) for message in TEMPLATE if message.id}


@every_language
def test_every_text_is_translated(language):
    assert catalogues.untranslated(catalogues.read(language)) == []


@every_language
def test_every_translation_has_the_same_places_to_fill(language):
    assert list(catalogues.broken_places(catalogues.read(language))) == []


@every_language
def test_no_word_mixes_two_alphabets(language):
    mixed = []
    for message in catalogues.read(language):
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        # Letters inside {names} are the program's own.
        bare = [re.sub(r"\{[^}]*\}", " ", text) for text in texts]
        mixed += [text for text in bare if LATIN_BESIDE_CYRILLIC.search(text)]
    assert mixed == []


@every_language
def test_counted_texts_have_every_plural_form_of_the_language(language):
    catalogue = catalogues.read(language)
    counted = [message for message in catalogue if isinstance(message.id, tuple | list)]
    assert counted
    assert {len(message.string) for message in counted} == {catalogue.num_plurals}


def test_no_mark_stands_where_extraction_cannot_see_it():
    hidden = []
    for path in catalogues.PACKAGE.rglob("*.py"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"""\{[^{}]*\b(?:_|N_|translate)\(['"]""", line) and re.search(r"""\bf['"]""", line):
                hidden.append(f"{path.name}:{number}")
    assert hidden == []
