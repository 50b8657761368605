import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from familydesk.core.fold import fold, words

KAZAKH_NAMES = st.text("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя- ", max_size=40)


@given(st.text())
@example("ǅ ™ K İ ﬁ ẞ")
@example("ийэ ыыа тсс ддж ули ули")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(KAZAKH_NAMES)
def test_a_folded_name_has_only_the_letters_every_keyboard_has(name: str) -> None:
    assert set(fold(name)) <= set("абвгдежзиклмнопрстуфхцчшюя ")


@given(KAZAKH_NAMES)
def test_case_does_not_change_the_folded_name(name: str) -> None:
    assert fold(name.upper()) == fold(name) == fold(name.title())


@given(st.text("abcdefghijklmnopqrstuvwxyzäğıñöşūü'", min_size=1))
def test_a_latin_name_leaves_no_latin_letter(name: str) -> None:
    assert not set(fold(name)) & set("abcdefghijklmnopqrstuvwxyzäğıñöşūü'")


@pytest.mark.parametrize(
    "spellings",
    [
        "Әйгерім Айгерим Айгерім Aigerim Aygerim Äigerim Äygerim Аигерим АЙГЕРІМ",
        "Жұлдыз Жулдыз Zhuldyz Juldyz Jūldyz",
        "Алия Әлия Aliya Alia Äliia Aliia",
        "Наталья Наталия Natalya Natalia Nataliya",
        "Юлия Yulia Yuliya Iuliia",
        "Евгений Yevgeniy Evgeny Evgenii Yevgeny",
        "Семён Семен Semyon Semen",
        "Воробьёв Воробьев Vorobyov Vorobyev Vorobiev",
        "Щербаков Shcherbakov Scherbakov",
        "Кузнецов Kuznetsov",
        "Қуаныш Куаныш Kuanysh Quanysh Qwanysh Quanış",
        "Шыңғыс Шынгыс Shyngys Şyñğys Shynghys",
        "Мұхтар Мухтар Mukhtar Muhtar",
        "Гауһар Гаухар Гауhар Gauhar Gaukhar",
        "Әсел Асель Асел Asel Assel Äsel Əсел",
        "Джамбул Жамбул Жамбұл Dzhambul Jambul Zhambul",
        "Өмірбек Омирбек Ömirbek Omirbek θмiрбек",
        "Ильяс Ілияс Ilyas Iliyas",
        "Нұрсұлтан Нурсултан Nursultan Nūrsūltan",
        "Анна Anna Ана",
    ],
)
def test_spellings_of_one_name_meet(spellings: str) -> None:
    assert len({fold(spelling) for spelling in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Айгерим", "Ayguerim"),
        ("Абдрахман", "Әбдірахман"),
        ("Юлия", "Ulia"),
        ("Бекхан", "Bekhan"),
        ("Дәулет", "Davlet"),
    ],
)
def test_stranger_spellings_lie_within_one_letter(one: str, other: str) -> None:
    assert OSA.distance(fold(one), fold(other)) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Иванов", "Ивлев"), ("Айгерім", "Айгүл"), ("Марат", "Мұрат"), ("Асқар", "Асхат")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_latin_letters_hidden_in_a_russian_word_are_read_as_they_look() -> None:
    assert fold("CEPГEEBA HУРБEK") == fold("СЕРГЕЕВА НУРБЕК")
    assert fold("Cауле") == "сауле"


def test_a_letter_and_its_combining_mark_are_one_letter() -> None:
    assert fold("Андрей") == fold("Андрей") == "андреи"


def test_a_patronymic_written_apart_is_one_word() -> None:
    assert words("Серік Арман ұлы") == words("Серік Арманұлы") == words("Serik Arman uly")
    assert words("Қызы") == ["кизи"]


def test_hyphens_points_and_commas_part_words() -> None:
    assert words("Иванова-Петрова,А.Б.") == ["иванова", "петрова", "а", "б"]


def test_digits_are_kept_as_they_are() -> None:
    assert words("КД-2026/0011") == ["кд", "2026", "0011"]


@pytest.mark.parametrize("nothing", ["", "   ", "—", "…!?", "'", "ь", "\x00"])
def test_a_text_without_letters_has_no_words(nothing: str) -> None:
    assert words(nothing) == []
