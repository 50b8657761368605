"""Every sheet through every room: what a new sheet gets for its one line in the index."""

import json

import pytest
from samples import SAMPLES, save, values

from familydesk.cli.output import record_json
from familydesk.core.errors import Refused
from familydesk.core.fields import Kind, Merge, Secrecy
from familydesk.core.i18n import speaking
from familydesk.core.record import StreamKind
from familydesk.core.show import SHOWN, show
from familydesk.records import SHEETS
from familydesk.services import entry

every_sheet = pytest.mark.parametrize("sheet", [sheet.sheet() for sheet in SHEETS])


@every_sheet
def test_a_record_comes_back_as_it_was_saved(office, sheet):
    given = values(office, sheet)
    saved = office.desk.save(sheet, given)
    found = office.desk.get(sheet, saved.id)
    for name, value in given.items():
        assert getattr(found, name) == value, name


@every_sheet
def test_saving_a_form_unchanged_changes_nothing(office, sheet):
    id = save(office, sheet)
    seen = office.desk.seen(sheet, id)
    before = office.history.of(sheet, id)
    office.desk.save(sheet, dict(seen.values), id, seen)
    assert office.history.of(sheet, id) == before


@every_sheet
def test_the_history_tells_every_value_that_was_written(office, sheet):
    given = values(office, sheet)
    id = office.desk.save(sheet, given).id
    told = {entry.field: entry.after for entry in office.history.of(sheet, id)}
    for name, value in given.items():
        if value not in (None, ()):
            assert told[name] == value, name


@every_sheet
def test_two_forms_that_change_one_field_make_a_conflict_and_lose_neither_value(office, sheet):
    kind = next(one for one in SHEETS if one.sheet() == sheet)
    typed = [field for field in kind.fields() if field.name not in kind.programs_own]
    line = next((f for f in typed if f.kind in (Kind.LINE, Kind.NOTE) and f.merge is not Merge.SAFEST), None)
    if line is None:
        pytest.skip("this sheet has no text to change")
    id = save(office, sheet)
    mine, hers = office.desk.seen(sheet, id), office.desk.seen(sheet, id)
    office.desk.save(sheet, {line.name: "Әлия"}, id, hers)
    saved = office.desk.save(sheet, {line.name: "Мадина"}, id, mine)
    (conflict,) = office.conflicts.open(id)
    assert (conflict.mine, conflict.theirs) == ("Мадина", "Әлия")
    assert getattr(office.desk.get(sheet, id), line.name) == "Әлия"
    assert saved.conflicts == (conflict.id,)
    office.conflicts.settle(conflict.id, "take")
    assert getattr(office.desk.get(sheet, id), line.name) == "Мадина"
    assert office.conflicts.open(id) == []


@every_sheet
def test_an_archived_record_leaves_the_lists_and_comes_back(office, sheet):
    id = save(office, sheet)
    office.desk.archive(sheet, id)
    assert id not in office.desk.ids(sheet)
    assert id in office.desk.ids(sheet, archived=True)
    office.desk.bring_back(sheet, id)
    assert id in office.desk.ids(sheet)


@every_sheet
def test_a_draft_comes_back_as_it_was_typed(office, sheet):
    given = values(office, sheet)
    office.drafts.save(sheet, None, given)
    draft = office.drafts.load(sheet, None)
    assert {name: value for name, value in given.items() if value not in (None, ())} == dict(draft.values)
    office.drafts.drop(sheet, None)
    assert office.drafts.load(sheet, None) is None


@every_sheet
def test_every_list_sorts_by_every_column(office, sheet):
    kind = next(one for one in SHEETS if one.sheet() == sheet)
    ids = {save(office, sheet), save(office, sheet)}
    for field in kind.fields():
        if field.secrecy is Secrecy.PRIVILEGED:
            with pytest.raises(Refused, match="no list goes by it"):
                office.desk.ids(sheet, order=field.name)
        else:
            assert ids <= set(office.desk.ids(sheet, order=field.name, descending=True))


@every_sheet
def test_the_command_line_tells_and_reads_every_value(office, sheet):
    record = office.desk.get(sheet, save(office, sheet))
    told = json.loads(json.dumps(record_json(record)))
    for field in record.fields():
        text = told[field.name]
        spelled = ",".join(text) if isinstance(text, list) else "" if text is None else str(text)
        read = entry.tidy(field, entry.read(field, spelled))
        if field.kind is not Kind.NOTE:
            assert read == (getattr(record, field.name) or read), field.name


@every_sheet
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_value_can_be_shown_in_every_language(office, sheet, language):
    record = office.desk.get(sheet, save(office, sheet))
    with speaking(language):
        for field in record.fields():
            assert (show(field, getattr(record, field.name)) != "") == (getattr(record, field.name) not in (None, ()))


def test_every_kind_has_its_place_in_every_table_keyed_by_kind():
    assert set(SHOWN) == set(Kind)
    assert set(entry.READERS) == set(Kind)
    assert set(entry.UNREADABLE) == set(Kind)
    assert set(SAMPLES) == set(Kind) - {Kind.REFERENCE}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.sheet())
def test_a_sheet_says_whose_it_is_and_where_its_references_lead(sheet):
    known = {one.sheet() for one in SHEETS}
    assert sheet.stream.kind in StreamKind
    assert sheet.title_fields
    assert all(field.target in known for field in sheet.fields() if field.kind is Kind.REFERENCE)
    assert all(
        field.choices or field.safest is not None or field.kind is Kind.DAY
        for field in sheet.fields()
        if field.merge is Merge.SAFEST
    )
    place = sheet
    for hop in sheet.stream.path.split(".") if sheet.stream.path not in ("", "id") else ():
        place = next(one for one in SHEETS if one.sheet() == place.field(hop).target)
    assert place.sheet() == "case" or sheet.stream.kind is StreamKind.CENTER


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.sheet())
def test_no_field_bears_a_word_that_the_command_line_says_beside_the_fields(sheet):
    """Whoever reads the JSON of a record could not tell the one from the other."""
    record = sheet()
    record.covered = frozenset({"covered"})
    beside = {"hidden", "archived", "id"}
    assert beside <= record_json(record).keys()
    assert beside.isdisjoint(field.name for field in sheet.fields())


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.sheet())
def test_a_text_field_hides_its_place_and_sections_name_real_fields(sheet):
    names = {field.name for field in sheet.fields()}
    arranged = [name for _heading, part in sheet.sections for name in part]
    assert set(arranged) <= names
    assert len(arranged) == len(set(arranged))
    assert sheet.numbered[0] in names | {""}
    assert all(field.secrecy is not Secrecy.PRIVILEGED or field.kind is Kind.NOTE for field in sheet.fields())


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.sheet())
def test_no_two_choices_of_a_field_bear_one_label(sheet):
    # Python would make the second a mere alias of the first: its NAME would come back as the other one.
    for field in sheet.fields():
        assert field.choices is None or len(field.choices.__members__) == len(list(field.choices)), field.name


def test_what_stays_apart_are_two_references_to_one_sheet():
    apart = [(kind, field) for kind in SHEETS for field in kind.fields() if field.apart_from]
    assert apart
    for kind, field in apart:
        assert (field.kind, kind.field(field.apart_from).target) == (Kind.REFERENCE, field.target)
