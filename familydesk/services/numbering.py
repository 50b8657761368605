"""Numbers that the program gives: each series counts on this laptop alone, under the laptop's own block, and
never twice.
"""

from __future__ import annotations

from collections.abc import Container

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.record import Record
from familydesk.store import number_block


def next_number(session: Session, sheet: type[Record], waiting: Container[str | None] = ()) -> str:
    """The next number of `sheet`'s series for this year that no record bears, not even one `waiting` to be written.

    Taken inside the transaction that uses it: no repeat, and no gap but for numbers that were typed.
    """
    connection = session.connection()
    session.flush()
    year = clock.today().year
    code = connection.exec_driver_sql("SELECT code FROM center LIMIT 1").scalar() or "ОҚО"
    block = number_block.of(connection)
    while True:
        count = _counted(connection, f"{sheet.sheet()}/{year}")
        number = sheet.numbered[1].format(code=code, block=block, year=year, count=count)
        if number not in waiting and not _borne(connection, sheet, number):
            return number


def _counted(connection: Connection, series: str) -> int:
    statement = (
        "INSERT INTO counter(series, last) VALUES(?, 1) "
        "ON CONFLICT(series) DO UPDATE SET last = last + 1 RETURNING last"
    )
    return int(connection.exec_driver_sql(statement, (series,)).scalar_one())


def _borne(connection: Connection, sheet: type[Record], number: str) -> bool:
    column = sheet.__table__.columns[sheet.numbered[0]]
    return connection.execute(select(column).where(column == number).limit(1)).first() is not None
