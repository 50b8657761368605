from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.exchange.letters import repaired_words
from familydesk.exchange.names import PersonName, read_name

FULL = PersonName("Өтегенова", "Жанар", "Нұрланқызы")


@pytest.mark.parametrize(
    "cell",
    [
        "Өтегенова Жанар Нұрланқызы",
        "  Өтегенова   Жанар  Нұрланқызы ",
        "Өтегенова\u00a0Жанар\u200b Нұрланқызы",
        "ӨТЕГЕНОВА ЖАНАР НҰРЛАНҚЫЗЫ",
        "ӨТЕГЕНОВА Жанар Нұрланқызы",
        "өтегенова жанар нұрланқызы",
        "Жанар Нұрланқызы Өтегенова",
        "Өтeгeнoвa Жaнap Hұpлaнқызы",
        "Өтегенова\nЖанар\nНұрланқызы",
        "Өтегенова, Жанар Нұрланқызы",
        "Өтегенова Жанар\nНұрланқызы",
        "Өтегенова Жанар Нұрланқызы, 1985 г.р.",
        "Өтегенова Жанар Нұрланқызы 12.03.1985",
        "Өтегенова Жанар Нұрланқызы +7 701 746 15 68",
        "гр. Өтегенова Жанар Нұрланқызы",
        "гр-ка Өтегенова Жанар Нұрланқызы",
        "1) Өтегенова Жанар Нұрланқызы;",
        "Өтегенова (Ахметова) Жанар Нұрланқызы",
        "Өтегенова Жанар Нұрланқызы.",
        "«Өтегенова Жанар Нұрланқызы»",
    ],
)
def test_one_name_in_every_spelling(cell):
    found = read_name(cell)
    assert found.name == FULL
    assert not found.several


@pytest.mark.parametrize(
    ("cell", "surname", "given_name", "patronymic"),
    [
        ("Нұрланова Қарлығаш", "Нұрланова", "Қарлығаш", ""),
        ("Мөлдір Нұрланова", "Нұрланова", "Мөлдір", ""),
        ("Ким Ирина", "Ким", "Ирина", ""),
        ("Ким Яков", "Ким", "Яков", ""),
        ("Жанар Нұрланқызы", "Нұрланқызы", "Жанар", ""),
        ("Нұрланқызы Жанар", "Нұрланқызы", "Жанар", ""),
        ("Шәріпов И.С.", "Шәріпов", "И.", "С."),
        ("Шәріпов И. С.", "Шәріпов", "И.", "С."),
        ("И.С. Шәріпов", "Шәріпов", "И.", "С."),
        ("Шәріпов И", "Шәріпов", "И.", ""),
        ("Алиев Эльдар Мамед оглы", "Алиев", "Эльдар", "Мамед оглы"),
        ("АЛИЕВА ЛЕЙЛА МАМЕД КЫЗЫ", "Алиева", "Лейла", "Мамед кызы"),
        ("Ким-Пак АННА-МАРИЯ", "Ким-Пак", "Анна-Мария", ""),
        ("Хасанова - Ли Анна -Мария Сергеевна", "Хасанова-Ли", "Анна-Мария", "Сергеевна"),
        ("Ғани Болатович Шәріпов", "Шәріпов", "Ғани", "Болатович"),
        ("Пётр Сергеевич Цой", "Цой", "Пётр", "Сергеевич"),
        ("Абрамович Роман Сергеевич", "Абрамович", "Роман", "Сергеевич"),
        ("ИвановаА.П.", "Иванова", "А.", "П."),
        ("=Иванова Анна😀", "Иванова", "Анна", ""),
        ("Иванова Анна Петровна тел. +7 701 746 15 68", "Иванова", "Анна", "Петровна"),
        ("Иванова Анна Петровна 2-ой раз", "Иванова", "Анна", "Петровна"),
        ("Smith John", "Smith", "John", ""),
        ("0спанова 3арина", "Оспанова", "Зарина", ""),
        ("Əлімбаева Жанар", "Әлімбаева", "Жанар", ""),
        ("Семёнова Алёна Пётровна", "Семёнова", "Алёна", "Пётровна"),
        ("Ибраимова Айгуль Серик кызы", "Ибраимова", "Айгуль", "Серик кызы"),
    ],
)
def test_parts_of_a_name(cell, surname, given_name, patronymic):
    assert read_name(cell).name == PersonName(surname, given_name, patronymic)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "  ",
        "-",
        "—",
        "нет",
        "аноним",
        "Анонимно",
        "неизвестно",
        "не указано",
        "белгісіз",
        "б/и",
        "н/д",
        "???",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://example.org","Анна")',
        125.0,
        "12345",
    ],
)
def test_a_cell_that_names_nobody(cell):
    found = read_name(cell)
    assert found.name is None
    assert not found.written


@pytest.mark.parametrize("cell", ["Иванова", "Айгерім", "И.И.", "Ж. Н.", "А"])
def test_a_name_that_is_not_whole(cell):
    found = read_name(cell)
    assert found.name is None
    assert found.written


@pytest.mark.parametrize(
    "cell",
    [
        "Иванова Анна Петровна, Иванов Пётр Петрович",
        "Иванова Анна Петровна\nИванов Пётр Петрович",
        "Иванова Анна Петровна; Иванов П.",
        "Иванова Анна Петровна и Иванов Пётр",
        "1) Иванова Анна Петровна 2) Иванов Пётр",
        "Иванова Анна Петровна с детьми",
        "Иванова Анна Петровна, дети: Иванов Пётр",
        "Иванова Анна Петровна және балалары",
    ],
)
def test_of_several_people_the_first_is_taken_and_the_cell_is_flagged(cell):
    found = read_name(cell)
    assert found.name == PersonName("Иванова", "Анна", "Петровна")
    assert found.several


def test_a_word_of_look_alikes_alone_follows_its_neighbours():
    assert repaired_words(["Caxap", "Өтегенова"]) == ["Сахар", "Өтегенова"]
    assert repaired_words(["Mary", "Cox"]) == ["Mary", "Cox"]


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(cell):
    found = read_name(cell)
    assert found.name is None or (found.name.surname and found.name.given)


names = st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі", min_size=3, max_size=12).map(str.capitalize)


@given(names, names)
def test_no_letter_of_a_plain_name_is_lost(surname, given_name):
    found = read_name(f"{surname} {given_name} Серікқызы").name
    written = [surname, given_name, "Серікқызы"]
    assert found is None or sorted(found.whole.casefold().split()) == sorted(map(str.casefold, written))


@pytest.mark.parametrize(
    "surname", ["Нетесова", "Нетребко", "Неверова", "Безверхая", "Жоқасова", "Отказова", "Анонимова", "Неизвестнова"]
)
@pytest.mark.parametrize("spell", [str, str.upper, str.lower], ids=["as usual", "capitals", "small"])
def test_a_surname_that_begins_like_nobody_is_a_name(surname, spell):
    found = read_name(spell(f"{surname} Анна Ивановна"))
    assert found.name == PersonName(surname, "Анна", "Ивановна")


@pytest.mark.parametrize(
    "cell",
    [
        "нет",
        "Нет данных",
        "аноним",
        "Анонимно",
        "анонимная заявительница",
        "неизв.",
        "Неизвестная женщина",
        "отказ",
        "Отказалась назвать себя",
        "не указано",
        "без имени",
        "жоқ",
        "Белгісіз адам",
        "неустановленное лицо",
        "отсутствует",
    ],
)
def test_words_for_nobody_are_no_name(cell):
    assert read_name(cell).name is None
