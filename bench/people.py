"""Invented people by the million, and the ways in which their names get damaged on the way to a search box.

Deterministic for a seed. Names are put together from Kazakh and Russian stems, so that surnames and given names are
many, and drawn by Zipf's law, so that a few are very common. No list of real people is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import accumulate, product
from random import Random
from typing import NamedTuple


def listed(names: str) -> list[str]:
    return names.split()


FIRST = listed(
    "Абай Адал Азат Айдын Ақжол Алма Алтай Аман Ардақ Арай Асан Әділ Әсем Әсет Бақыт Балқы Бауыр Бейбіт Бек Бер "
    "Бижан Ғани Ғазиз Дана Дархан Дәулет Дидар Дос Елдос Еділ Ерке Ерлан Есен Жайна Жан Жас Жеңіс Жолдас Жұма "
    "Жылқы Зере Игілік Ізбас Қабыл Қазы Қайыр Қалқа Қанат Қара Қасым Қожа Қуат Құрман Күміс Күн Лаша Мақсат Мейір "
    "Мерей Мұқан Мұса Мырза Наурыз Нұр Олжа Орал Өмір Өркен Рай Рақым Сағын Самал Сапар Сауле Сейіл Серік Сұлу "
    "Тас Тәуке Тілек Толған Төлен Тұрсын Ұлан Үміт Шайза Шәріп Шоқан Ырыс"
)
MIDDLE = listed("бек жан нұр тай бай хан мұрат гелді берген әлі ғали сұлтан мырза дос қали болат ман тас ғазы тұр")
HERS = listed("гүл жан нұр ай сұлу гүлім ия ира қыз бану нар шолпан дана ым жамал бике")
RUSSIAN_HIS = listed(
    "Александр Алексей Анатолий Андрей Антон Аркадий Артём Борис Вадим Валентин Василий Виктор Виталий Владимир "
    "Геннадий Георгий Глеб Григорий Даниил Денис Дмитрий Евгений Иван Игорь Илья Кирилл Лев Леонид Матвей Михаил "
    "Никита Николай Олег Павел Пётр Роман Семён Сергей Степан Тимофей Фёдор Юрий Яков"
)
RUSSIAN_HERS = listed(
    "Алёна Алина Алла Анастасия Анна Валентина Валерия Варвара Вера Виктория Галина Дарья Диана Евгения Екатерина "
    "Елена Зинаида Зоя Инна Ирина Кира Ксения Лариса Лидия Любовь Людмила Маргарита Марина Мария Надежда Наталья "
    "Нина Оксана Ольга Полина Раиса Светлана Софья Тамара Татьяна Ульяна Юлия Яна"
)
STEMS = listed(
    "Абрам Агап Антип Астах Бар Бел Берез Богдан Бур Вет Влас Вол Воробь Гавр Глад Гол Горш Гус Дем Дорон Дуб "
    "Емель Ерм Жил Жур Зай Звер Зим Ивл Игнат Кал Карп Кош Крас Круг Лап Лог Лук Мар Мель Морд Нест Ник Обух Ос "
    "Пан Пех Пол Прох Руд Сав Сел Сит Сок Стар Тар Тим Трет Уш Фом Хар Цвет Чиж Шап Шил Щег Юд Як"
)
ENDINGS = listed("ов ев ин ников анов шин енков енко ук ский цов ычев")
SHORT = listed("Ким Ли Пак Цой Хан Тен Ан Юн Ни Огай Шин Нам Эм Ю")

TO_RUSSIAN = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")
PASSPORT = {
    **dict(zip("абвгдезийклмнопрстуфыэәғқңөұүһіъь", [*"abvgdeziyklmnoprstufyeagknouuhi", "", ""], strict=True)),
    **{"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"},
}
NEW_LATIN = PASSPORT | dict(zip("әғқңөұүһіжйышх", "äğqñöūühıjiyşh", strict=True))
KEYBOARD = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
LETTERS = "абвгдежзийклмнопрстуфхцчшщыьэюяәғқңөұүі"


class Person(NamedTuple):
    """A name as it stands in a document; the patronymic may be empty."""

    surname: str
    given: str
    patronymic: str

    def __str__(self) -> str:
        return " ".join(part for part in self if part)


class Query(NamedTuple):
    """What was typed, the kind of damage, and the number of the person meant."""

    kind: str
    text: str
    meant: int


def people(count: int, seed: int = 20_26) -> list[Person]:
    """That many invented people."""
    random = Random(seed)
    draw = _Names(random)
    return [draw.person() for _ in range(count)]


def queries(sheet: list[Person], each: int, seed: int = 11) -> Iterator[Query]:
    """`each` queries of every kind of damage, kinds in turn, about people whose full name nobody shares."""
    random = Random(seed)
    shared = Counter(sheet)
    for _ in range(each):
        for kind, damage in DAMAGES.items():
            text = None
            while not text:
                meant = random.randrange(len(sheet))
                person = sheet[meant]
                text = damage(person, random) if person.patronymic and shared[person] == 1 else None
            yield Query(kind, text, meant)


class _Names:
    def __init__(self, random: Random) -> None:
        self._random = random
        his = [*FIRST, *map("".join, product(FIRST, MIDDLE))]
        hers = [*map("".join, product(FIRST, HERS))]
        stems = [*his, *("".join(parts) for parts in product(FIRST[:45], MIDDLE[:10], ("бай", "бек", "жан")))]
        surnames = [stem + end for stem in stems for end in _kazakh_ends(stem)]
        russian = [*map("".join, product(STEMS, ENDINGS)), *SHORT]
        for names in (his, hers, surnames, russian):
            random.shuffle(names)
        self._his, self._hers = _Zipf(his, 7), _Zipf(hers, 7)
        self._surnames, self._russian = _Zipf(surnames, 22), _Zipf(russian, 14)
        self._russian_his, self._russian_hers = _Zipf(RUSSIAN_HIS, 4), _Zipf(RUSSIAN_HERS, 4)

    def person(self) -> Person:
        woman, chance = self._random.random() < 0.55, self._random.random()
        if chance < 0.7:
            given, father = (self._hers if woman else self._his).draw(self._random), self._his.draw(self._random)
            surname = self._surnames.draw(self._random)
            return Person(_her(surname) if woman else surname, given, self._after(father, woman))
        given = (self._russian_hers if woman else self._russian_his).draw(self._random)
        surname = self._russian.draw(self._random)
        father = self._russian_his.draw(self._random)
        return Person(_her(surname) if woman else surname, given, _russian_patronymic(father, woman))

    def _after(self, father: str, woman: bool) -> str:
        chance = self._random.random()
        if chance < 0.06:
            return ""
        if chance < 0.5:
            return father + ("қызы" if woman else "ұлы")
        return (
            father.removesuffix("й") + ("евна" if woman else "евич")
            if father[-1] in "йи"
            else (father + ("овна" if woman else "ович"))
        )


class _Zipf:
    def __init__(self, names: list[str], shift: int) -> None:
        self._names = list(dict.fromkeys(names))
        self._weights = list(accumulate(1 / (rank + shift) ** 0.97 for rank in range(len(self._names))))

    def draw(self, random: Random) -> str:
        return random.choices(self._names, cum_weights=self._weights)[0]


def _kazakh_ends(stem: str) -> tuple[str, ...]:
    return ("ев", "") if stem[-1] in "йиіь" else ("ов", "ев", "")


def _her(surname: str) -> str:
    if surname.endswith("ский"):
        return surname[:-2] + "ая"
    return surname + "а" if surname.endswith(("ов", "ев", "ин")) else surname


def _russian_patronymic(father: str, woman: bool) -> str:
    if father.endswith("ий"):
        return father[:-2] + ("ьевна" if woman else "ьевич")
    if father[-1] in "йь":
        return father[:-1] + ("евна" if woman else "евич")
    if father[-1] in "ая":
        return father[:-1] + ("инична" if woman else "ич")
    return father + ("овна" if woman else "ович")


# Damage


def one_wrong_letter(word: str, random: Random) -> str:
    """One letter of a word changed for its neighbour on the keyboard, lost, doubled up with another, or swapped."""
    place = random.randrange(len(word))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    chance = random.random()
    if chance < 0.4:
        return before + random.choice(_beside(letter.lower())) + after
    if chance < 0.65:
        return before + after
    if chance < 0.85:
        return before + random.choice(LETTERS) + letter + after
    return before + after[:1] + letter + after[1:] if after else before[:-1] + letter + before[-1:]


def _beside(letter: str) -> str:
    for row in KEYBOARD:
        place = row.find(letter)
        if place >= 0:
            return row[max(place - 1, 0) : place] + row[place + 1 : place + 2]
    return letter.translate(TO_RUSSIAN) if letter != letter.translate(TO_RUSSIAN) else LETTERS


def _wrong(parts: list[str], times: int, random: Random) -> str:
    for _ in range(times):
        place = random.choice([place for place, part in enumerate(parts) if len(part) > 2])
        parts[place] = one_wrong_letter(parts[place], random)
    return " ".join(parts)


def _folded(person: Person, random: Random) -> str | None:
    folded = str(person).translate(TO_RUSSIAN)
    return folded if folded != str(person) else None


def _latin(person: Person, random: Random) -> str:
    alphabet = random.choice((PASSPORT, NEW_LATIN))
    return "".join(alphabet.get(letter, letter) for letter in str(person).lower()).title()


def _swapped(person: Person, random: Random) -> str:
    return (
        f"{person.given} {person.patronymic} {person.surname}"
        if random.random() < 0.5
        else (f"{person.given} {person.surname} {person.patronymic}")
    )


def _mixed(person: Person, random: Random) -> str:
    return _wrong([person.given.translate(TO_RUSSIAN), person.surname.translate(TO_RUSSIAN)], 1, random)


DAMAGES: dict[str, Callable[[Person, Random], str | None]] = {
    "exact": lambda person, random: str(person),
    "typo1": lambda person, random: _wrong(list(person), 1, random),
    "typo2": lambda person, random: _wrong(list(person), 2, random),
    "fold": _folded,
    "latin": _latin,
    "swap": _swapped,
    "no patronymic": lambda person, random: f"{person.surname} {person.given}",
    "initials": lambda person, random: f"{person.surname} {person.given[0]}. {person.patronymic[0]}.",
    "mixed": _mixed,
}
