"""One spelling for every spelling of a name.

A name reaches a center in Kazakh letters, in Russian letters because the keyboard had no others, in a passport's
Latin, in the Kazakh Latin alphabet of 2021, or in a mixture that only looks right on paper. `fold` brings all of them
to one small Cyrillic alphabet, so that spellings of one name meet, or lie within one letter of each other:

>>> fold("Әйгерім"), fold("Aigerim"), fold("Äigerim"), fold("Айгерим")
('аигерим', 'аигерим', 'аигерим', 'аигерим')

The folded form is for comparing only: it is never shown, printed or sent. It leaves out what spellings disagree about:
ә ғ қ ң ө ұ ү һ і become their Russian neighbours, й and ы become и, ь and ъ and apostrophes vanish, a doubled letter
is a single one, and и before a vowel melts into it (Алия, Alia and Aliya are all аля).
"""

import re
import unicodedata

_CYRILLIC = str.maketrans(
    {
        **dict(zip("әғқңөұүһійёыэщ", "агкноуухииеиеш", strict=True)),
        **dict(zip("ґєїўҳҡҙҫҗӣӯӑӗӡ", "геиухкзсжиуаез", strict=True)),
        "ъ": None,
        "ь": None,
    }
)
"""Kazakh first, then the neighbours whose citizens come through the same door."""

_STRAY = str.maketrans({"ə": "ә", "θ": "ө", "ɵ": "ө", "ı": "i", "ł": "l", "đ": "d", "ø": "o", "æ": "a", "ß": "ss"})
"""Signs that keyboards without Kazakh letters put in their place, and Latin letters that do not decompose."""

_HISSING = str.maketrans({"ş": "sh", "ș": "sh", "š": "sh", "ç": "ch", "č": "ch", "ž": "zh"})

_LOOKS_LIKE = str.maketrans("ABCEHIKMOPTXYaceiopxyh", "АВСЕНИКМОРТХУасеиорхух")
"""Latin letters inside a Cyrillic word stand for what they look like; a small h there is typed for һ."""

_SOUNDS = {
    **dict(zip("abcdefghijklmnopqrstuvwyz", "абкдефгхижклмнопкрстувуиз", strict=True)),
    **{"x": "кс", "shch": "ш", "sch": "ш", "tsh": "тш", "tch": "ч", "zh": "ж", "kh": "х", "gh": "г", "ch": "ч"},
    **{"sh": "ш", "ts": "ц", "tz": "ц", "ph": "ф", "ya": "я", "yu": "ю", "yo": "е", "ye": "е"},
}
_MELTED = {
    **{"иа": "я", "ия": "я", "ио": "е", "ие": "е", "иу": "ю", "ию": "ю"},
    **{"тс": "ц", "шч": "ш", "дж": "ж"},
}
_PATRONYMIC_ENDINGS = frozenset({"ули", "кизи", "огли"})

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['`´‘’‛ʹʺʻʼʽˈ′]")
_PLAIN = re.compile(r"[\sа-яёәғқңөұүһі0-9a-z.,\-]*")
_LATIN_LETTER = re.compile("[a-z]")
# Tried only where a word begins: inside one word of a hundred thousand letters it would be tried for every letter.
_MIXED = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[Ѐ-ӿ])\w+")
_LATIN_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_DOUBLED = re.compile(r"([^\W\d_])\1+")
_MELTING = re.compile("|".join(_MELTED))


def fold(text: str) -> str:
    """The folded words of a text, one space between them.

    Total and idempotent: any text has a folded form (an empty one if it holds no letter and no digit), and folding
    it again changes nothing.
    """
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """The folded words of a text in their order.

    A hyphen parts words. A patronymic ending written apart is joined to its name: "Арман ұлы" is one word.
    """
    joined: list[str] = []
    for word in _WORD.findall(_settled(_in_cyrillic(_normal(text)))):
        if word in _PATRONYMIC_ENDINGS and joined and joined[-1].isalpha():
            joined[-1] = _settled(joined[-1] + word)
        else:
            joined.append(word)
    return joined


def _normal(text: str) -> str:
    """Lower case, without accents and apostrophes; Latin look-alikes inside Cyrillic words already put right."""
    lowered = text.lower()
    if _PLAIN.fullmatch(lowered) and not _LATIN_LETTER.search(lowered):
        return lowered
    text = _MIXED.sub(lambda word: word[0].translate(_LOOKS_LIKE), unicodedata.normalize("NFKC", text))
    lowered = _APOSTROPHES.sub("", text).lower().translate(_STRAY).translate(_HISSING)
    if _PLAIN.fullmatch(lowered):
        return lowered
    taken_apart = unicodedata.normalize("NFKD", lowered)
    bare = "".join(sign for sign in taken_apart if not unicodedata.combining(sign))
    return unicodedata.normalize("NFKC", bare).lower()


def _in_cyrillic(lowered: str) -> str:
    if _LATIN_LETTER.search(lowered):
        lowered = _LATIN_SOUND.sub(lambda sound: _SOUNDS[sound[0]], lowered)
    return lowered.translate(_CYRILLIC)


def _settled(cyrillic: str) -> str:
    """Doubled letters made single and melting pairs melted, so that nothing is left to melt."""
    single = _DOUBLED.sub(r"\1", cyrillic)
    return _DOUBLED.sub(r"\1", _MELTING.sub(lambda pair: _MELTED[pair[0]], single))
