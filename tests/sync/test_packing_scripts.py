"""Whatever happens on a laptop, in whatever order: everything that was written travels once, in its author's name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from packing_laptop import Center, Laptop

from familydesk.core.ids import new_id
from familydesk.records.case import Case
from familydesk.records.case_note import CaseNote
from familydesk.records.person import Person
from familydesk.sync import packing
from familydesk.sync.opening import Opened
from familydesk.sync.wire import bounds

STEPS = st.one_of(
    st.tuples(st.just("write"), st.integers(1, 5)),
    st.tuples(st.just("edit"), st.integers(0, 9)),
    st.tuples(st.just("note"), st.integers(0, 9)),
    st.tuples(st.just("seat"), st.integers(0, 2)),
    st.tuples(st.just("pack"), st.integers(1, 3)),
    st.tuples(st.just("fail"), st.integers(1, 3)),
    st.tuples(st.just("epoch"), st.just(0)),
)


class Script:
    """One laptop at which things happen."""

    def __init__(self, folder: Path) -> None:
        self.center = Center()
        self.people = [self.center.person() for _ in range(3)]
        self.laptop = Laptop(folder, self.center, self.people[0])
        self.written: list[UUID] = []
        self.cases: list[UUID] = []

    def write(self, count: int) -> None:
        """People, and a case, in one transaction."""
        ids, case = [new_id() for _ in range(count)], new_id()
        self.laptop.save(*(Person(id=id, surname="Омарова", given="Әйгерім") for id in ids), Case(id=case))
        self.written += ids
        self.cases.append(case)

    def edit(self, which: int) -> None:
        """Somebody's name, and that she is put away, are two changes."""
        if self.written:
            with self.laptop.database.write() as session:
                person = session.get(Person, self.written[which % len(self.written)])
                person.surname, person.archived = f"{person.surname}а", not person.archived

    def note(self, which: int) -> None:
        if self.cases:
            self.laptop.save(CaseNote(id=new_id(), case_id=self.cases[which % len(self.cases)], text="сөз"))

    def seat(self, who: int) -> None:
        self.laptop.seat(self.people[who])

    def pack(self, most: int) -> None:
        with self.laptop.writing() as connection:
            packing.pack(connection, self.laptop.who, self.laptop.keys(connection), 1, most=most)

    def fail(self, most: int) -> None:
        """The power goes off before the transaction ends."""
        try:
            with self.laptop.writing() as connection:
                packing.pack(connection, self.laptop.who, self.laptop.keys(connection), 1, most=most)
                raise InterruptedError
        except InterruptedError:
            pass

    def epoch(self, _: int) -> None:
        """Somebody has left the center."""
        number = max(self.center.epochs) + 1
        self.center.epochs[number] = bytes([number]) * 32

    def logged(self) -> list[tuple[int, UUID]]:
        with self.laptop.database.connection() as connection:
            rows = connection.exec_driver_sql("SELECT clock, actor FROM change ORDER BY seq").all()
        return [(stamp, UUID(actor)) for stamp, actor in rows]


def sent(found: Sequence[Opened]) -> list[tuple[int, UUID]]:
    return [(change.version.clock, one.author) for one in found for change in one.changes]


@settings(max_examples=15)
@given(st.lists(STEPS, max_size=14))
def test_all_that_was_written_travels_once_in_order_and_in_its_authors_name(steps):
    with TemporaryDirectory() as folder:
        script = Script(Path(folder) / "one")
        for name, argument in steps:
            getattr(script, name)(argument)
        script.laptop.pack()
        found = script.laptop.opened()
        assert sent(found) == script.logged()
        assert [one.envelope.header.seq for one in found] == list(range(1, len(found) + 1))
        assert all(not one.opaque and 0 < len(one.changes) <= bounds.CHANGES for one in found)
        assert script.laptop.waiting() == 0
        script.laptop.database.close()


@settings(max_examples=15)
@given(st.lists(STEPS, max_size=14))
def test_whatever_a_change_replaces_has_gone_before_it(steps):
    with TemporaryDirectory() as folder:
        script = Script(Path(folder) / "one")
        for name, argument in steps:
            getattr(script, name)(argument)
        script.laptop.pack()
        seen = set()
        for one in script.laptop.opened():
            for change in one.changes:
                assert set(change.replaces) <= seen
                seen.add(change.version)
        script.laptop.database.close()
