from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from familydesk.core.fold import fold
from familydesk.store import search_index
from familydesk.store.search_entry import Entry, EntryKind, code_queries, codes_of, number_key
from familydesk.store.search_find import Hit, find
from familydesk.store.search_lexicon import Vocabulary

KEY = "2b" * 32

Desk = tuple[Connection, Vocabulary]


def opened(path: Path) -> dbapi2.Connection:
    raw = dbapi2.connect(str(path))
    raw.execute(f"PRAGMA key = \"x'{KEY}'\"")
    raw.execute("PRAGMA secure_delete = ON")
    return raw


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = create_engine(
        "sqlite://", module=dbapi2, creator=lambda: opened(tmp_path / "store.db"), poolclass=StaticPool
    )
    with engine.connect() as connection:
        search_index.create(connection)
        connection.commit()
        yield connection
    engine.dispose()


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary()


def name(*parts: str) -> list[Entry]:
    return [(EntryKind.NAME, part) for part in parts]


def person(connection: Connection, *parts: str, more: list[Entry] | None = None) -> UUID:
    id_ = uuid4()
    search_index.write(connection, "person", id_, name(*parts) + (more or []))
    return id_


def ids(hits: list[Hit]) -> list[UUID]:
    return [hit.record_id for hit in hits]


@pytest.mark.parametrize(
    "typed",
    [
        "Сәрсенбаева Әйгерім Нұрланқызы",
        "Сарсенбаева Айгерим Нурланкызы",
        "Sarsenbaeva Aigerim Nurlankyzy",
        "Särsenbaeva Äigerim",
        "Әйгерім Сәрсенбаева",
        "Нурланкызы Айгерим",
        "айгерим сарсенбаева нурлан кызы",
        "Сарсенбаева А. Н.",
        "Сарсенбаева А",
        "Сарсенб Айг",
        "Сарсенбева Айгерим",
        "Сарсенбаеав Айгерим",
        "Айгери Сврсенбаева",
        "Сарсенбаева Айгерим Ерлановна",
        "Сәрсенбаева",
        "САРСЕНБАЕВА",
    ],
)
def test_a_person_is_found_however_her_name_is_typed(
    connection: Connection, vocabulary: Vocabulary, typed: str
) -> None:
    for other in ("Иванова Анна Петровна", "Ким Ольга", "Сейтқали Айдана Нұрланқызы", "Сапарова Гүлнар Айдарқызы"):
        person(connection, *other.split())
    her = person(connection, "Сәрсенбаева", "Әйгерім", "Нұрланқызы")
    assert ids(find(connection, vocabulary, typed))[0] == her


def test_the_name_as_it_is_spelled_comes_before_its_neighbours(connection: Connection, vocabulary: Vocabulary) -> None:
    near, exact, longer = (person(connection, surname, "Марат") for surname in ("Оспанев", "Оспанов", "Оспановский"))
    assert ids(find(connection, vocabulary, "Оспанов Марат")) == [exact, near, longer]


def test_a_beginning_is_sooner_that_of_a_surname_than_of_a_patronymic(
    connection: Connection, vocabulary: Vocabulary
) -> None:
    text = [(EntryKind.TEXT, "мектепте мұғалім, кешкі ауысым")]
    surname = person(connection, "Қайырбеков", "Ерлан", "Маратұлы", more=text)
    both = person(connection, "Қайырбекова", "Қайырлы", "Қайратқызы", more=text)
    for number in range(5):
        person(connection, "Бекмұратова", f"Дана{number}", "Қайратқызы")
    for typed in ("Қай", "Қайы", "Кайы", "Қайыр"):
        assert set(ids(find(connection, vocabulary, typed))[:2]) == {surname, both}, typed


def test_one_word_of_a_record_answers_one_term_only(connection: Connection, vocabulary: Vocabulary) -> None:
    once = person(connection, "Нұрлан", "Болат")
    twice = person(connection, "Нұрлан", "Нұрлан")
    assert ids(find(connection, vocabulary, "Нурлан Нурлан"))[0] == twice
    assert ids(find(connection, vocabulary, "Нурлан Болат"))[0] == once


def test_a_surname_of_two_letters_is_found_before_surnames_that_begin_with_it(
    connection: Connection, vocabulary: Vocabulary
) -> None:
    for _ in range(30):
        person(connection, "Литвинова", "Анна")
    short = person(connection, "Ли", "Анна")
    assert ids(find(connection, vocabulary, "Ли Анна", limit=3))[0] == short


def test_a_short_name_may_lack_a_letter(connection: Connection, vocabulary: Vocabulary) -> None:
    for other in ("Артём", "Варвара", "Яна"):
        person(connection, "Жиленко", other)
    him = person(connection, "Жиленко", "Илья")
    person(connection, "Жиленко", "Виктория")
    assert ids(find(connection, vocabulary, "лья Жиленко"))[0] == him


def test_a_hyphened_name_is_found_by_its_parts_and_in_one_piece(connection: Connection, vocabulary: Vocabulary) -> None:
    her = person(connection, "Иванова-Петрова", "Нұр-Сұлу")
    for typed in ("Петрова", "Иванова-Петрова", "Нурсулу", "Нур-Сулу Иванова"):
        assert ids(find(connection, vocabulary, typed)) == [her]


def test_a_phone_is_found_by_any_run_of_four_digits(connection: Connection, vocabulary: Vocabulary) -> None:
    her = person(connection, "Ахметова", "Дана", more=[(EntryKind.PHONE, "+77051234567")])
    person(connection, "Серікова", "Дана", more=[(EntryKind.PHONE, "+77770009988")])
    for typed in ("+7 705 123-45-67", "87051234567", "8 705 123 45 67", "4567", "1234", "705 123", "Дана 4567"):
        assert ids(find(connection, vocabulary, typed))[0] == her, typed
    assert find(connection, vocabulary, "567") == []


def test_an_iin_is_found_by_either_end(connection: Connection, vocabulary: Vocabulary) -> None:
    her = person(connection, "Ахметова", "Дана", more=[(EntryKind.IIN, "850312201234")])
    for typed in ("850312201234", "1234", "201234", "850312"):
        assert ids(find(connection, vocabulary, typed)) == [her], typed
    assert find(connection, vocabulary, "3122") == []


@pytest.mark.parametrize(
    "typed", ["AST-02-2026-0012", "ast-02-2026-12", "АСТ 02-2026-12", "2026-0012", "2026-12", "0012", "12", "2026/12"]
)
def test_a_case_is_found_by_its_number_and_its_dashed_parts(
    connection: Connection, vocabulary: Vocabulary, typed: str
) -> None:
    case, other = uuid4(), uuid4()
    search_index.write(connection, "case", other, [(EntryKind.NUMBER, "AST-02-2026-0125")])
    search_index.write(connection, "case", case, [(EntryKind.NUMBER, "AST-02-2026-0012")])
    assert ids(find(connection, vocabulary, typed))[0] == case


def test_text_is_found_by_the_beginnings_of_its_words(connection: Connection, vocabulary: Vocabulary) -> None:
    office = uuid4()
    search_index.write(connection, "organisation", office, [(EntryKind.TEXT, "ул. Абая 12, кабинет 305")])
    for typed in ("кабин", "Абая 12", "кобинет", "305"):
        assert ids(find(connection, vocabulary, typed)) == [office], typed


def test_only_the_sheets_asked_for_are_found(connection: Connection, vocabulary: Vocabulary) -> None:
    person(connection, "Сапарова", "Анна")
    family = uuid4()
    search_index.write(connection, "family", family, name("Сапаровы"))
    assert ids(find(connection, vocabulary, "Сапаров", sheets=["family"])) == [family]


def test_a_record_written_again_is_found_only_as_it_stands_now(connection: Connection, vocabulary: Vocabulary) -> None:
    her = person(connection, "Ахметова", "Дана", more=[(EntryKind.PHONE, "+77051234567")])
    assert ids(find(connection, vocabulary, "Ахметова")) == [her]
    search_index.write(connection, "person", her, name("Тулегенова", "Дана"))
    assert find(connection, vocabulary, "Ахметова") == []
    assert find(connection, vocabulary, "7051234567") == []
    assert ids(find(connection, vocabulary, "Тулегенова")) == [her]


def test_writing_the_same_again_changes_no_row(connection: Connection) -> None:
    her = person(connection, "Ахметова", "Дана", more=[(EntryKind.IIN, "850312201234")])
    before = connection.connection.driver_connection.total_changes
    search_index.write(connection, "person", her, [*name("Ахметова", "Дана"), (EntryKind.IIN, "850312201234")])
    assert connection.connection.driver_connection.total_changes == before


def test_records_written_at_once_are_indexed_as_one_by_one(connection: Connection, vocabulary: Vocabulary) -> None:
    one, two = uuid4(), uuid4()
    search_index.write_many(
        connection,
        [
            ("person", one, name("Ахметова")),
            ("person", two, name("Оспанова")),
            ("person", one, name("Тулегенова")),
        ],
    )
    assert find(connection, vocabulary, "Ахметова") == []
    assert ids(find(connection, vocabulary, "Тулегенова")) == [one]
    assert ids(find(connection, vocabulary, "Оспанова")) == [two]


def rows(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
        for table in search_index.TABLES
    }


entries = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([EntryKind.NAME, EntryKind.TEXT]), st.text("абвгдя -", max_size=12)),
        st.tuples(
            st.sampled_from([EntryKind.NUMBER, EntryKind.PHONE, EntryKind.IIN]), st.text("0127-КД/", max_size=12)
        ),
    ),
    max_size=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.lists(entries, max_size=6), st.booleans())
@example([[(EntryKind.NAME, "ана"), (EntryKind.NAME, "анна")]] * 2, False)
def test_nothing_is_left_of_records_that_were_removed(
    connection: Connection, written: list[list[Entry]], backwards: bool
) -> None:
    connection.rollback()
    sheet = [(uuid4(), record) for record in written]
    search_index.write_many(connection, [("person", id_, record) for id_, record in sheet])
    for id_, record in sheet:
        search_index.write(connection, "person", id_, record[1:])
    for id_, _ in reversed(sheet) if backwards else sheet:
        search_index.remove(connection, "person", id_)
    assert not any(rows(connection).values())


def test_removing_one_record_keeps_the_words_it_shares(connection: Connection, vocabulary: Vocabulary) -> None:
    one, other = person(connection, "Ахметова", "Дана"), person(connection, "Ахметова", "Сауле")
    search_index.remove(connection, "person", one)
    assert ids(find(connection, vocabulary, "Ахметова")) == [other]
    assert find(connection, vocabulary, "Дана") == []


def test_an_erased_name_stands_in_no_byte_of_the_file(tmp_path: Path) -> None:
    """In a file without a key, because only there can its bytes be read; pager and tables are the same."""
    path = tmp_path / "plain.db"
    raw = dbapi2.connect(str(path))
    raw.execute("PRAGMA secure_delete = ON")
    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: raw, poolclass=StaticPool)
    planted = [fold("Құпияева").encode(), fold("Жасырын").encode(), b"5551234567"]
    phone = [(EntryKind.PHONE, "+75551234567")]
    with engine.connect() as connection:
        search_index.create(connection)
        for number in range(200):
            person(connection, "Ахметова", f"Дана{number}")
        erased = [person(connection, "Құпияева", f"Жасырын{number}", more=phone) for number in range(200)]
        connection.commit()
        assert all(secret in path.read_bytes() for secret in planted)
        for id_ in erased:
            search_index.remove(connection, "person", id_)
        connection.commit()
    engine.dispose()
    assert not any(secret in path.read_bytes() for secret in planted)


def test_the_vocabulary_learns_new_words_and_survives_erased_ones(
    connection: Connection, vocabulary: Vocabulary
) -> None:
    person(connection, "Ахметова")
    assert find(connection, vocabulary, "Ахметова")
    last = person(connection, "Оспанова")
    assert ids(find(connection, vocabulary, "Оспанова")) == [last]
    search_index.remove(connection, "person", last)
    assert find(connection, vocabulary, "Оспанова") == []
    assert fold("Оспанова") not in {text for _, text in vocabulary.texts.values()}


def test_a_rolled_back_word_does_not_mislead_the_vocabulary(connection: Connection, vocabulary: Vocabulary) -> None:
    person(connection, "Ахметова")
    connection.commit()
    person(connection, "Пропавшая")
    find(connection, vocabulary, "Пропавшая")
    connection.rollback()
    her = person(connection, "Оспанова")
    assert find(connection, vocabulary, "Пропавшая") == []
    assert ids(find(connection, vocabulary, "Оспанова")) == [her]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(st.text(max_size=60))
@example("8 701 ' OR 1=1 --")
@example('% _ * " ( ) ^ NEAR')
def test_any_typed_line_gives_an_answer(connection: Connection, vocabulary: Vocabulary, typed: str) -> None:
    assert isinstance(find(connection, vocabulary, typed), list)


@given(st.from_regex(r"([A-Z]{0,3}|[А-Я]{0,3})-?\d{1,4}[-/ ]\d{1,6}", fullmatch=True))
def test_a_number_is_found_by_any_way_of_parting_it(number: str) -> None:
    stored = set(codes_of([(EntryKind.NUMBER, number)]))
    for typed in (number, number.replace("-", " "), number.replace("/", "-"), number.lower()):
        assert "n" + number_key(typed) in stored
        assert set(code_queries(typed)) & stored
