"""Names as they stand in a register: order, capitals, initials, look-alike letters, several people in one cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from familydesk.exchange.cells import Cell, lines
from familydesk.exchange.letters import repaired_words

_BRACKETS = re.compile(r"[(\[].*?(?:[)\]]|$)")
_SEVERAL = re.compile(r"\s*[;/+&]\s*|\s*,\s*|\s+\d{1,2}\s*[).]\s*|\s+(?:и|және|мен|пен|бен)\s+")
_WITH_OTHERS = re.compile(
    r"(?:\s+|,\s*)(?:(?:и|с|со|және)\s+)?(?:\d+\s+)?"
    r"(?:дет(?:и|ьми|ей)|реб[её]н\w*|муж(?:ем)?|жен(?:а|ой)|семь(?:я|[её]й)|сын(?:ом|овья|овьями)?|доч(?:ь|ери|ерью|ерьми)"
    r"|балалары\w*|баласы\w*|отбасы\w*)\b.*$",
    re.IGNORECASE,
)
_FORMS_OF_ADDRESS = re.compile(
    r"^(?:\d{1,2}\s*[).]\s*|гр(?:-?н?ка|-н|ажданка|ажданин)?\b\.?|г-жа\b|г-н\b|азамат(?:ша)?\b|мать\b:?|отец\b:?|заявитель\b:?)\s*",
    re.IGNORECASE,
)
_YEAR_OF_BIRTH = re.compile(
    r",?\s*\b(?:\d{1,2}\.\d{1,2}\.)?(?:19|20)\d{2}\s*(?:г\.?\s*р\.?|г\.?|ж\.?\s*т\.?|года(?:\s+рожд\w*)?)?(?!\d)", re.I
)
_LONG_NUMBER = re.compile(r"\+?\d[\d ()\-]{8,}\d")
_INITIAL = re.compile(r"^[^\W\d_]\.?$")
_INITIALS = re.compile(r"([^\W\d_])\.\s*(?=[^\W\d_])")
_PATRONYMIC = re.compile(
    r"(?:[ое]вич|[аеёиоуыэюяьм]ич|овна|евна|ична|инишна|ұлы|улы|қызы|кызы|кизи|тегі|ovich|evich|ovna|evna|uly|kyzy|qyzy)$"
)
_PATRONYMIC_WORDS = frozenset({"оглы", "оғлы", "кызы", "қызы", "кизи", "гызы", "углы", "ұлы", "улы"})
# Endings that given names share (-ин, -ина, -ян, -ын) are left out: Ким Ирина must not turn round.
_SURNAME = re.compile(r"(?<!як)(?:[оеё]ва?|[сц]к(?:ий|ая|ой)|енко|[чщ]ук|юк|швили|дзе|ov|ova|ev|eva)$")
_APART = re.compile(r"(?<=[^\W\d_])(?:\s+[-–—]\s*|\s*[-–—]\s+)(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])")
"""The hyphen of a double name with spaces beside it; before a small letter a remark begins."""
_GLUED = re.compile(r"(?<=[a-zа-яёәғқңөұүһі])(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]\.)")
_EDGES = re.compile(r"^[^\w]+|[^\w.]+$|_+$")
_FORMULA = re.compile(r"\s*[=@+-].*[(|!]")
_NAMELESS = (
    "не нет имени фамилии без данных данные лицо гражданин гражданка обращение звонок заявитель б/и н/д нд н/у фио "
    "хх ххх жоқ деректер мәлімет аты-жөні anonymous unknown none null n/a test тест"
)
_NOBODY = frozenset(_NAMELESS.split())
# Whole words: surnames begin like them (Нетесова, Отказова, Анонимова).
_NAMES_NOBODY = re.compile(
    r"^(?:не|нет|без|жоқ|аноним(?:но|н(?:ый|ая|ое|ые)|ка)?|неизв(?:естн(?:о|ый|ая|ое|ые)|естен)?|неустан(?:овлен\w*)?"
    r"|отказ(?:ал\w*|ан\w*|ыва\w*)?|отсутств\w*|белгісіз|анықтал\w*|көрсетіл\w*|аты-жөні\s+жоқ)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in its parts; `initials` when the given name is only a letter."""

    surname: str
    given: str
    patronymic: str = ""

    @property
    def initials(self) -> bool:
        """The given name is not known in full."""
        return len(self.given.rstrip(".")) == 1

    @property
    def whole(self) -> str:
        """In the order the law writes it."""
        return " ".join(part for part in (self.surname, self.given, self.patronymic) if part)


@dataclass(frozen=True, slots=True)
class NameReading:
    """What a name cell says: the first person's name if it is whole enough, and whether others stand beside it."""

    name: PersonName | None
    written: bool
    several: bool = False


@lru_cache(maxsize=2048, typed=True)
def read_name(cell: Cell) -> NameReading:
    """Read a cell that holds a whole name. `written` is False where the cell names nobody."""
    if not isinstance(cell, str):
        return NameReading(None, False)
    people = [name for line in lines(cell) for name in _people(line)]
    if not people:
        return NameReading(None, False)
    words, others = _joined(people)
    return NameReading(split_name(words), True, others)


def split_name(words: list[str]) -> PersonName | None:
    """Surname, given name and patronymic from words in any usual order; None if a whole name is not there."""
    parts = [_capitals_eased(word) for word in words]
    if len(parts) < 2 or all(_INITIAL.match(part) for part in parts):
        return None
    surname, rest = _surname_first(parts)
    return PersonName(surname, rest[0], " ".join(_without_remark(rest[1:])))


def _without_remark(fathers: list[str]) -> list[str]:
    """After a patronymic only the word for son or daughter belongs to the name."""
    ends = next((at for at, word in enumerate(fathers, 1) if is_patronymic(word)), len(fathers))
    return [*fathers[:ends], *(word for word in fathers[ends:] if word.lower() in _PATRONYMIC_WORDS)]


def _people(line: str) -> list[list[str]]:
    """The words of each name on a line, numbers and remarks left aside."""
    if _FORMULA.match(line) or line.lower().strip(" .") in _NOBODY or _NAMES_NOBODY.match(line.strip(' .,«"(')):
        return []
    bare, others = _WITH_OTHERS.subn(" + .", _BRACKETS.sub(" ", line))
    bare = _LONG_NUMBER.sub(" ", _YEAR_OF_BIRTH.sub(" ", bare))
    found = [_name_words(part) for part in _SEVERAL.split(bare)]
    named = [words for words in found if words]
    return [*named, ["."]] if others and named else named


def _name_words(part: str) -> list[str]:
    bare = _FORMS_OF_ADDRESS.sub("", part.strip(" .,:\"«»'-–—_*"))
    if bare.lower().strip(".") in _NOBODY or not any(map(str.isalpha, bare)):
        return []
    spaced = _GLUED.sub(" ", _INITIALS.sub(r"\1. ", _APART.sub("-", bare)))
    words = [_EDGES.sub("", word) for word in spaced.split()]
    named = [word for word in repaired_words(words) if any(map(str.isalpha, word)) and not any(map(str.isdigit, word))]
    return [] if all(word.lower() in _NOBODY for word in named) else named


def _joined(people: list[list[str]]) -> tuple[list[str], bool]:
    """The first person's words, and whether others follow. One name broken by a comma or over lines is put together."""
    first, *others = people
    while others and others[0] != ["."] and _goes_on(first, others[0]):
        first = first + others.pop(0)
    return first, bool(others)


def _goes_on(first: list[str], following: list[str]) -> bool:
    """A lone surname waits for the rest; a lone patronymic, or a lone given name after a surname, belongs to what
    went before.
    """
    return len(first) == 1 or (len(first) == 2 and len(following) == 1 and is_patronymic(following[0]))


def _surname_first(parts: list[str]) -> tuple[str, list[str]]:
    """The surname and the rest. A patronymic shows the order; without one, the endings of the words do."""
    if len(parts) >= 3:
        if is_patronymic(parts[1]) and not is_patronymic(parts[-1]) and parts[-1].lower() not in _PATRONYMIC_WORDS:
            return parts[-1], parts[:-1]
        if _INITIAL.match(parts[0]) and not _INITIAL.match(parts[-1]):
            return parts[-1], parts[:-1]
        return parts[0], parts[1:]
    first, second = parts
    swapped = _INITIAL.match(first) or is_patronymic(second) or (_is_surname(second) and not _is_surname(first))
    return (second, [first]) if swapped and not _INITIAL.match(second) else (first, [second])


def is_patronymic(word: str) -> bool:
    """By its ending, Russian or Kazakh."""
    return len(word) > 4 and bool(_PATRONYMIC.search(word.lower()))


def _is_surname(word: str) -> bool:
    return len(word) > 3 and bool(_SURNAME.search(word.lower()))


def _capitals_eased(word: str) -> str:
    letters = [letter for letter in word if letter.isalpha()]
    if len(letters) == 1:
        return word.upper() if word.endswith(".") else f"{word.upper()}."
    if word.lower() in _PATRONYMIC_WORDS:
        return word.lower()
    if not (word.isupper() or word.islower()):
        return word
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
