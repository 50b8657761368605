from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registers import HEADER

from familydesk.exchange.headers import Column, column_of, find_header, read_header
from familydesk.exchange.vocabulary import channel_of, is_danger, reason_of

MEANINGS = {
    Column.NUMBER: [
        "№ обращения",
        "Рег. №",
        "Регистрационный номер",
        "Өтініш №",
        "Өтініштің тіркеу нөмірі",
        "Application No",
    ],
    Column.SERIAL: ["№ п/п", "№", "Р/с №", "No"],
    Column.DATE: [
        "Дата",
        "Дата обращения",
        "Дата и время приёма",
        "Күні",
        "Өтініш берілген күні",
        "ДАТА\nРЕГИСТРАЦИИ",
        "Дaтa",
    ],
    Column.NAME: [
        "ФИО (при его наличии)",
        "Ф.И.О. заявителя",
        "Ф. И. О.",
        "ф и о",
        "Фамилия, имя, отчество",
        "Т.А.Ә.",
        "Аты-жөні",
    ],
    Column.SURNAME: ["Фамилия", "Тегі"],
    Column.GIVEN: ["Имя", "Аты"],
    Column.PATRONYMIC: ["Отчество", "Әкесінің аты", "Отчество (при наличии)"],
    Column.IIN: [
        "ИИН",
        "ЖСН",
        "И.И.Н.",
        "ИИН заявителя",
        "Өтініш берушінің ЖСН",
        "Индивидуальный идентификационный номер",
        "Жеке сәйкестендіру нөмірі",
    ],
    Column.BORN: ["Дата рождения", "Г.р.", "Туған күні", "Год рождения"],
    Column.ADDRESS: [
        "Адрес проживания",
        "Адрес",
        "Место жительства",
        "Мекенжайы",
        "Тұрғылықты мекен-жайы",
        "Место прож-я",
    ],
    Column.PHONE: ["Телефон", "Контактный телефон", "Тел.", "Номер телефона", "Байланыс телефоны"],
    Column.CHANNEL: [
        "Тип обращения",
        "Вид обращения",
        "Өтініш түрі",
        "Источник",
        "Откуда поступило",
        "Өтініш түсу арнасы",
    ],
    Column.REASON: ["Причина обращения", "Суть обращения", "Өтініштің себебі", "Содержание", "Повод обращения"],
    Column.SENDER: ["Наименование организации отправителя", "Откуда направлен", "Жіберуші ұйымның атауы"],
    Column.TAKEN_BY: ["Принял обращение: ФИО", "ФИО специалиста", "Өтінішті қабылдаған: Т.А.Ә.", "Ответственный"],
    Column.RESULT: [
        "Результат",
        "Принятые меры",
        "Нәтиже",
        "Қабылданған шаралар",
        "Итоги",
        "Оказанная помощь",
        "Что сделано",
    ],
    None: [
        "",
        "ФИО ребёнка",
        "ИИН ребенка",
        "Дата исполнения",
        "Примечание",
        "Возраст",
        "Электронная почта",
        "x" * 200,
    ],
}


@pytest.mark.parametrize(("column", "header"), [(column, text) for column, texts in MEANINGS.items() for text in texts])
def test_what_a_header_means(column, header):
    assert column_of(header) is column


@given(st.permutations(HEADER))
def test_the_order_of_columns_does_not_matter(labels):
    layout = read_header(labels)
    assert {labels[at] for places in layout.columns.values() for at in places} == set(HEADER)
    assert labels[layout.columns[Column.DATE][0]] == "Дата"


def test_a_header_may_cite_the_date_of_an_order():
    labels = [*HEADER[:-1], "Результат рассмотрения по приказу № 263 от 29.06.2023"]
    assert len(find_header([["Журнал"], labels])[2].columns) == len(HEADER)


@given(st.permutations([*HEADER, "Дата визита", "ФИО матери", "ИИН опекуна", "Источник дохода", "Номер дела"]))
def test_of_two_dates_or_names_the_application_has_its_own(labels):
    layout = read_header(labels)
    found = {column: labels[places[0]] for column, places in layout.columns.items()}
    told = (found[Column.DATE], found[Column.IIN], found[Column.CHANNEL], found[Column.NUMBER])
    assert told == ("Дата", "ИИН", "Тип обращения", "№ обращения")
    assert found[Column.NAME] == "ФИО (при его наличии)"


@given(st.lists(st.lists(st.text(max_size=12) | st.floats(), max_size=6), max_size=6))
def test_any_rows_can_be_searched_for_a_header(rows):
    found = find_header(rows)
    assert found is None or found[2].is_register


@pytest.mark.parametrize("header", ["Қайдан келді", "Қайдан түсті", "Өтініш қайдан келіп түсті", "Откуда поступило"])
def test_where_an_application_came_from_is_its_channel(header):
    assert column_of(header) is Column.CHANNEL


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("личное обращение", "SELF"),
        ("өзі келді", "SELF"),
        ("контакт-центр 111", "HELPLINE_111"),
        ("полиция (102)", "POLICE"),
        ("служба пробации", "PROBATION"),
        ("школа", "SCHOOL"),
        ("мектеп", "SCHOOL"),
        ("поликлиника", "HEALTH"),
        ("акимат", "AKIMAT"),
        ("әкімдік", "AKIMAT"),
        ("ішкі істер бөлімі", "POLICE"),
        ("аурухана", "HEALTH"),
        ("№2 емхана", "HEALTH"),
        ("111 сенім телефоны", "HELPLINE_111"),
        ("өздігінен келді", "SELF"),
        ("көрші", "OTHER"),
        ("мобильная группа", "MOBILE_GROUP"),
        ("по телефону", "PHONE"),
        ("", "OTHER"),
        ("что-то другое", "OTHER"),
    ],
)
def test_how_an_application_came(written, name):
    assert channel_of(written).name == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("бытовое насилие", "DOMESTIC_VIOLENCE"),
        ("тұрмыстық зорлық-зомбылық", "DOMESTIC_VIOLENCE"),
        ("насилие в отношении ребёнка", "CHILD_VIOLENCE"),
        ("взыскание алиментов", "ALIMONY"),
        ("развод, раздел имущества", "DIVORCE"),
        ("нет жилья", "HOUSING"),
        ("нужна консультация психолога", "PSYCHOLOGICAL"),
        ("постановка на учет АСП", "MATERIAL"),
        ("Қаржылай көмек", "MATERIAL"),
        ("ақшалай көмек", "MATERIAL"),
        ("конфликт с детьми", "FAMILY_CONFLICT"),
        ("Иные", "OTHER"),
        ("", "OTHER"),
    ],
)
def test_why_help_was_asked_for(written, name):
    assert reason_of(written).name == name


def test_a_threat_to_life_is_heard():
    assert all(
        map(is_danger, ["угроза жизни", "Угроза ее жизни и здоровью", "өміріне қауіп төнді", "опасность для жизни"])
    )
    assert not any(map(is_danger, ["трудная жизненная ситуация", "нет угрозы жизни", "угроза увольнения"]))
