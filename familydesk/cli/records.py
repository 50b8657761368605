"""`familydesk record` and `familydesk search`: any sheet, by the same rules as in the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from familydesk.cli.opening import opened, rest_of_input
from familydesk.cli.output import record_json, say, say_record, tell, warn
from familydesk.cli.parser import Invocation, Misused, add, describe, group, positive
from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.core.record import Record
from familydesk.core.show import show_moment
from familydesk.records import BY_NAME, SHEETS
from familydesk.services import entry

STDIN = "-"


def add_commands(commands: Any) -> None:
    """Register the commands of this room."""
    record = group(commands, "record", N_("records of any sheet"), "WHAT")
    add(record, "sheets", sheets, N_("the sheets and their fields"))
    listing = add(record, "list", list_records, N_("records of a sheet"))
    listing.add_argument("sheet")
    listing.add_argument("--where", action="append", default=[], metavar="FIELD=VALUE")
    listing.add_argument("--archived", action="store_true")
    for name, function, help in (
        ("show", show_record, N_("one record")),
        ("history", history, N_("who changed what, when")),
    ):
        one = add(record, name, function, help)
        one.add_argument("sheet")
        one.add_argument("id")
    adding = add(record, "add", add_record, N_("a new record; '-' reads field=value lines from standard input"))
    adding.add_argument("sheet")
    adding.add_argument("values", nargs="*", metavar="FIELD=VALUE")
    setting = add(
        record, "set", set_record, N_("change fields of a record; '-' reads field=value lines from standard input")
    )
    setting.add_argument("sheet")
    setting.add_argument("id")
    setting.add_argument("values", nargs="*", metavar="FIELD=VALUE")
    searching = add(
        commands,
        "search",
        search,
        N_("find anyone, however the name is spelled; '-' reads the text from standard input"),
    )
    searching.add_argument("text", nargs="+")
    searching.add_argument("--limit", type=positive, default=20)


def sheets(invocation: Invocation) -> None:
    """`record sheets`: what there is to write on."""
    if invocation.json:
        tell([_described(sheet) for sheet in SHEETS])
        return
    for sheet in SHEETS:
        say(f"{sheet.sheet()}: {', '.join(known.name for known in sheet.fields())}")


def _described(sheet: type[Record]) -> dict[str, Any]:
    return {
        "sheet": sheet.sheet(),
        "stream": sheet.stream.kind.name,
        "fields": [describe(known) for known in sheet.fields()],
    }


def list_records(invocation: Invocation) -> None:
    """`record list SHEET`."""
    sheet = known_sheet(invocation.arguments.sheet)
    where = values_of(sheet, invocation.arguments.where)
    with opened(invocation) as office:
        found = office.desk.look_through(sheet.sheet(), where, invocation.arguments.archived)
    if invocation.json:
        tell([record_json(record) for record in found])
        return
    for record in found:
        say(f"{record.id}  {record.title_text()}")


def show_record(invocation: Invocation) -> None:
    """`record show SHEET ID`."""
    sheet = known_sheet(invocation.arguments.sheet)
    id = known_id(invocation.arguments.id)
    with opened(invocation) as office:
        _print(invocation, office.desk.look(sheet.sheet(), id))


def add_record(invocation: Invocation) -> None:
    """`record add SHEET field=value ...`."""
    sheet = known_sheet(invocation.arguments.sheet)
    with opened(invocation) as office:
        saved = office.desk.save(sheet.sheet(), values_of(sheet, _pairs(invocation)))
        _tell_warnings(saved.warnings)
        _print(invocation, saved.record)


def set_record(invocation: Invocation) -> None:
    """`record set SHEET ID field=value ...`."""
    sheet = known_sheet(invocation.arguments.sheet)
    id = known_id(invocation.arguments.id)
    with opened(invocation) as office:
        saved = office.desk.save(sheet.sheet(), values_of(sheet, _pairs(invocation)), id)
        _tell_warnings(saved.warnings)
        # The whole record is shown, whatever was changed in it: that is a look.
        office.journal.looked_at(saved.record)
        _print(invocation, saved.record)


def history(invocation: Invocation) -> None:
    """`record history SHEET ID`."""
    sheet = known_sheet(invocation.arguments.sheet)
    id = known_id(invocation.arguments.id)
    with opened(invocation) as office:
        office.desk.look(sheet.sheet(), id)
        entries = office.history.of(sheet.sheet(), id)
    if invocation.json:
        tell(
            [
                {
                    "at": one.at,
                    "who": one.who,
                    "actor": one.actor,
                    "field": one.field,
                    **({"hidden": [one.field]} if one.hidden else {"before": one.before, "after": one.after}),
                }
                for one in entries
            ]
        )
        return
    for one in entries:
        say(f"{show_moment(one.at)}  {one.who}  {one.label}: {one.before_text} → {one.after_text}")


def search(invocation: Invocation) -> None:
    """`search TEXT`: best first."""
    with opened(invocation) as office:
        words = invocation.arguments.text
        text = " ".join(rest_of_input()) if words == [STDIN] else " ".join(words)
        found = office.search.ask(text, limit=invocation.arguments.limit)
    if invocation.json:
        tell([{"sheet": one.sheet, "id": one.id, "title": one.title} for one in found])
        return
    for one in found:
        say(f"{one.sheet}  {one.id}  {one.title}")


def _tell_warnings(warnings: Iterable[Problem]) -> None:
    """Each on a line with its field: what was saved may stand, but should be looked at."""
    for problem in warnings:
        warn(f"{problem.field}: {problem}")


def _print(invocation: Invocation, record: Record) -> None:
    if invocation.json:
        tell(record_json(record))
    else:
        say_record(record)


def _pairs(invocation: Invocation) -> list[str]:
    given: list[str] = invocation.arguments.values
    return rest_of_input() if given == [STDIN] else given


def values_of(sheet: type[Record], pairs: Iterable[str]) -> Mapping[str, Any]:
    """`field=value` texts as values. Misused for an unknown field or what is no pair at all; otherwise Refused with
    the fields at fault, all at once.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for pair in pairs:
        try:
            name, text = _parted(sheet, pair)
            if name in values:
                raise Misused(Problem(name, N_("This field is given twice.")))
            values[name] = entry.read(sheet.field(name), text)
        except Misused:
            raise
        except Refused as refused:
            problems.extend(refused.problems)
    if problems:
        raise Refused(*problems)
    return values


def _parted(sheet: type[Record], pair: str) -> tuple[str, str]:
    name, equals, text = pair.partition("=")
    name = name.strip()
    if not equals:
        # What stands there may be somebody's name: it is not said again.
        raise Misused(N_("Values are written as FIELD=VALUE, one on each line."))
    if name not in {known.name for known in sheet.fields()}:
        raise Misused(
            Problem(name if name.isascii() and name.isidentifier() else "", N_("This sheet has no such field."))
        )
    return name, text


def known_sheet(name: str) -> type[Record]:
    """The sheet of that name. Misused if there is none."""
    if name not in BY_NAME:
        raise Misused(N_("There is no such sheet; “familydesk record sheets” lists them."))
    return BY_NAME[name]


def known_id(text: str) -> UUID:
    """An id as typed. Misused if it is none."""
    try:
        return UUID(text)
    except ValueError:
        raise Misused(N_("This is not the id of a record.")) from None
