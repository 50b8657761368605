"""What is given out: her own copy without anybody else in it, and exactly the fields that were asked for."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pypdfium2
import pyrage
import pytest
from laptop import SEALABLE, planted, whole_case
from small_center import Center
from sqlalchemy import select

from familydesk.core.errors import Refused
from familydesk.exchange.age import Protection
from familydesk.records import sheet_of
from familydesk.services.copies import Ground
from familydesk.services.giving_out import Handing
from familydesk.services.journal import Deed
from familydesk.services.scribe import OTHERS_WORDS
from familydesk.services.striking import GONE, Marks, Striking
from familydesk.store.tables import JOURNAL

OPEN = Handing("Her request of 17 November", "herself", Protection.OPEN)
HIS_IIN, HER_IIN = "850101300000", "900101400000"
SECRETS = ("Серік", "Болатұлы", "Айша", "Ақмарал", "Балқарағай", "7011112233", HIS_IIN, "куәгерқұпия", "психологқұпия")
"""Whatever belongs to somebody else: names, a street, a number, a witness, a psychologist's words."""


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def every_byte(pdf: bytes) -> bytes:
    """The file with its streams unpacked, and the text that they draw."""
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(plain, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False)
    return plain.getvalue() + words(pdf).encode()


class File:
    """One woman's file, with other people in every corner of it."""

    def __init__(self, center: Center) -> None:
        self.center, self.office = center, center.office
        self.her = center.person("Жұмабаева", "Мөлдір", patronymic="Ерланқызы", document="№ 044123456")
        self.him = center.person("Жұмабаев", "Серік", patronymic="Болатұлы", document="№ 099888777")
        self.child = center.person("Жұмабаева", "Айша")
        for person, number in ((self.her, "+77771234567"), (self.him, "+77011112233")):
            center.add("person_phone", person_id=person, number=number, safe_to_call="YES")
        center.add("person_address", person_id=self.her, kind="SAFE_PLACE", street="Жасырынкөше 5")
        center.add("person_address", person_id=self.him, kind="ACTUAL", street="Балқарағай көшесі 7")
        self.case = self._case()
        self.psychologist = center.add("staff_member", surname="Сериков", given="Бауыржан", role="PSYCHOLOGIST").id

    def _case(self) -> UUID:
        center = self.center
        family = center.add("family", name="Жұмабаевтар", kind="FULL", registered_on=None).id
        for person, relation in ((self.her, "CLIENT"), (self.him, "SPOUSE"), (self.child, "CHILD")):
            center.add("family_member", family_id=family, person_id=person, relation=relation)
        case = center.case(self.her, family_id=family, situation="Серік Болатұлы ұрған, Айшаны ала кеткен.")
        center.application(
            self.her, case_id=case, reason_text="Күйеуім Серік 8 701 111 22 33 нөмірінен қоқан-лоққы жасайды"
        )
        told = "Серікке Балқарағай көшесі 7 үйге барған. ЖСН " + HIS_IIN
        center.incident(case, self.her, offender_id=self.him, circumstances=told, witnesses="куәгерқұпия Ақмарал")
        values = {"case_id": case, "person_id": self.her, "specialist_id": self.office.me, "kind": "PSYCHOLOGICAL"}
        center.add("consultation", **values, summary="Айша туралы", specialist_note="психологқұпия", **_held())
        center.add("consultation", **{**values, "person_id": self.child}, summary="Ақмаралға айтқаны", **_held())
        note = {"case_id": case, "written_at": _held()["held_at"], "author_id": self.office.me}
        center.add("case_note", **note, text="Сериктің туысы келді. Мөлдір жылады.")
        return case


def _held() -> dict[str, Any]:
    from small_center import NOW

    return {"held_at": NOW, "form": "IN_PERSON"}


@pytest.fixture
def file(center: Center) -> File:
    return File(center)


def journal(file: File) -> Any:
    with file.office.database.connection() as connection:
        return connection.execute(select(JOURNAL).order_by(JOURNAL.c.seq.desc())).first()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_her_own_copy_tells_everything_about_her_and_nothing_of_anybody_else(file: File, language: str):
    pdf = file.office.copies.own(file.her, language, OPEN).content
    told = words(pdf)
    for hers in (
        "Жұмабаева",
        "Мөлдір",
        "Ерланқызы",
        "044123456",
        "жылады",
        "қоқан-лоққы",
        "Her request of 17 November",
    ):
        assert hers in told, hers
    bytes_of_it = every_byte(pdf)
    for secret in SECRETS:
        assert secret.encode() not in bytes_of_it, secret
        assert secret.casefold() not in told.casefold(), secret
    assert "Сериктің" not in told


def test_the_search_for_other_peoples_secrets_would_find_them(file: File):
    incident = file.office.desk.find("incident")[0].id
    chosen = {("incident", incident): ("circumstances", "witnesses", "offender_id")}
    told = words(file.office.copies.on_request(file.case, chosen, "kk", OPEN, Ground.COURT).content)
    for secret in ("Серік", "Балқарағай", HIS_IIN, "куәгерқұпия", "Ақмарал"):
        assert secret in told


def test_where_she_is_stands_on_her_copy_only_for_a_reason(file: File):
    without = words(file.office.copies.own(file.her, "kk", OPEN).content)
    assert "Жасырынкөше" not in without
    told = words(file.office.copies.own(file.her, "kk", OPEN, "She asked for it for her passport").content)
    assert "Жасырынкөше" in told
    assert "She asked for it for her passport" in told
    assert "Балқарағай" not in told


def test_texts_of_her_own_page_are_struck_like_all_others(file: File):
    told = "Енесі Айшаны бағады, Серіктің телефоны 8 701 111 22 33"
    file.office.desk.save("person", {"remarks": told, "occupation": "Серікпен бірге дүкенде"}, file.her)
    copy = words(file.office.copies.own(file.her, "kk", OPEN).content)
    assert "Енесі" in copy
    assert "дүкенде" in copy
    assert [other for other in ("Айша", "Серік", "111 22 33") if other in copy] == []
    assert [hers for hers in ("Жұмабаева", "Мөлдір", "Ерланқызы", "№ 044123456") if hers not in copy] == []


def test_her_hidden_address_in_a_text_leaves_only_for_a_reason(file: File):
    file.office.desk.save("case", {"situation": "Қазір ЖАСЫРЫНКӨШЕ  5 үйінде тұрады"}, file.case)
    without = words(file.office.copies.own(file.her, "kk", OPEN).content)
    assert "тұрады" in without
    assert "жасырынкөше" not in without.casefold()
    assert "ЖАСЫРЫНКӨШЕ" in words(file.office.copies.own(file.her, "kk", OPEN, "She asked for it").content)


def test_the_victim_of_the_incident_that_names_him_is_struck_out_of_his_copy(file: File):
    victim = file.center.person("Зүлпіхарова", "Меңсұлу")
    file.center.add("person_phone", person_id=victim, number="+77015550117", safe_to_call="YES")
    file.center.incident(file.center.case(victim), victim, offender_id=file.him)
    file.center.case(file.him, responsible_id=None, situation="Әйелі Зүлпіхарова Меңсұлумен тұрады, т. 7015550117")
    told = words(file.office.copies.own(file.him, "kk", OPEN).content)
    assert "тұрады" in told
    assert [hers for hers in ("Зүлпіхаров", "Меңсұлу", "5550117") if hers in told] == []


def test_his_own_copy_does_not_lead_to_her(file: File):
    file.center.case(file.him, responsible_id=None)
    told = words(file.office.copies.own(file.him, "kk", OPEN, "He asked").content)
    for hers in ("Мөлдір", "Жасырынкөше", "044123456", "7771234567", "қоқан"):
        assert hers not in told, hers
    assert "Болатұлы" in told


def test_a_court_is_given_exactly_what_was_chosen(file: File):
    case = file.office.desk.get("case", file.case).values()
    chosen = {("case", file.case): ("number",), ("person", file.her): ("surname",)}
    handing = Handing("Request No 77", "Сот № 2", Protection.OPEN)
    told = words(
        file.office.copies.on_request(file.case, chosen, "kk", handing, Ground.COURT, "№ 77 from 1.11.2026").content
    )
    assert case["number"] in told
    assert "Жұмабаева" in told
    for said in ("Request No 77", "Сот № 2", "№ 77 from 1.11.2026"):
        assert said in told
    for other in ("Мөлдір", "Серік", "ұрған", "044123456"):
        assert other not in told, other


def test_the_journal_says_which_fields_left_and_on_what_ground(file: File, tmp_path: Path):
    chosen = {("case", file.case): ("number",), ("person", file.her): ("surname",)}
    file.office.copies.on_request(file.case, chosen, "ru", OPEN, Ground.INVESTIGATION).save(tmp_path / "out.pdf")
    detail = json.loads(journal(file).detail)
    assert detail["fields"] == ["case.number", "person.surname"]
    assert (detail["ground"], detail["protection"]) == ("INVESTIGATION", "OPEN")


def _one_of(file: File, sheet: str) -> UUID:
    return file.office.desk.find(sheet)[0].id


@pytest.mark.parametrize(
    ("sheet", "name"),
    [("consultation", "specialist_note"), ("person_address", "street"), ("case", "no_such_field")],
)
def test_what_may_not_leave_is_refused_by_name(file: File, sheet: str, name: str):
    id = file.case if sheet == "case" else _one_of(file, sheet)
    with pytest.raises(Refused):
        file.office.copies.on_request(file.case, {(sheet, id): (name,)}, "kk", OPEN, Ground.COURT)


def test_nothing_of_another_case_leaves_with_this_one(file: File):
    other = file.center.case()
    with pytest.raises(Refused, match="another case"):
        file.office.copies.on_request(file.case, {("case", other): ("number",)}, "kk", OPEN, Ground.COURT)


def test_a_file_sealed_with_a_passphrase_opens_with_it_alone(file: File, tmp_path: Path):
    handing = Handing("Her request", "herself", Protection.PASSPHRASE, "алты қара қой тауда")
    parcel = file.office.copies.own(file.her, "kk", handing)
    sealed = parcel.save(tmp_path / parcel.name).read_bytes()
    assert parcel.name.endswith(".pdf.age")
    assert sealed.startswith(b"age-encryption.org/v1")
    assert pyrage.passphrase.decrypt(sealed, "алты қара қой тауда").startswith(b"%PDF")
    with pytest.raises(pyrage.DecryptError):
        pyrage.passphrase.decrypt(sealed, "алты қара қой тауда?")


def test_a_file_sealed_for_a_key_opens_with_its_other_half_alone(file: File):
    key, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    handing = Handing("Request", "Court", Protection.KEY, str(key.to_public()))
    sealed = file.office.copies.own(file.her, "ru", handing).content
    assert pyrage.decrypt(sealed, [key]).startswith(b"%PDF")
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [other])


@pytest.mark.parametrize(
    "handing",
    [
        Handing("", "Court", Protection.OPEN),
        Handing("Request", " ", Protection.OPEN),
        Handing("Request", "Court", Protection.PASSPHRASE, "short"),
        Handing("Request", "Court", Protection.KEY, "age1mistyped"),
    ],
    ids=["no reason", "no recipient", "weak passphrase", "no key"],
)
def test_nothing_leaves_without_reason_recipient_and_a_protection_that_holds(file: File, handing: Handing):
    with pytest.raises(Refused):
        file.office.copies.own(file.her, "kk", handing)


def test_what_leaves_is_written_down_before_it_is_there(file: File, tmp_path: Path):
    parcel = file.office.copies.own(file.her, "kk", OPEN)
    before = journal(file)
    assert before is None or before.deed != Deed.EXPORTED.name
    parcel.save(tmp_path / parcel.name)
    noted = journal(file)
    assert (noted.deed, noted.reason, noted.recipient) == (Deed.EXPORTED.name, OPEN.reason, OPEN.recipient)
    assert (noted.record, noted.case_id) == (file.her.hex, file.case.hex)
    assert "own copy" in noted.detail


def test_a_role_without_the_right_gives_nothing_out(file: File):
    office = file.office
    office.database.actor = file.center.add("staff_member", surname="Тілеу", given="Сая", role="MEDIATOR").id
    office.account.__dict__.pop("rights", None)
    with pytest.raises(Refused):
        office.copies.own(file.her, "kk", OPEN)


def _another_at_the_desk(file: File, role: str) -> None:
    file.office.database.actor = file.center.add("staff_member", surname="Тілеу", given="Сая", role=role).id
    file.office.account.__dict__.pop("rights", None)


def test_a_colleague_who_is_not_responsible_gives_out_no_place_of_hers(file: File):
    address = _one_of(file, "person_address")
    _another_at_the_desk(file, "SOCIAL_WORKER")
    copies = file.office.copies
    with pytest.raises(Refused):
        copies.own(file.her, "kk", OPEN, "curious")
    with pytest.raises(Refused):
        copies.on_request(
            file.case, {("person_address", address): ("street",)}, "kk", OPEN, Ground.COURT, "", "curious"
        )
    assert "Жасырынкөше".encode() not in every_byte(copies.own(file.her, "kk", OPEN).content)
    assert not any(field.name == "street" for offer in copies.offered(file.case) for field in offer.fields)


def test_whoever_serves_the_offender_gives_out_nothing_that_leads_to_her(file: File):
    _another_at_the_desk(file, "SOCIAL_WORKER")
    me = file.office.me
    file.center.case(file.him, responsible_id=me)
    for person in (file.her, file.him):
        told = every_byte(file.office.copies.own(person, "kk", OPEN).content)
        assert "Жасырынкөше".encode() not in told
        assert b"7771234567" not in told
        assert b"777 123 45 67" not in told


def test_the_fields_that_speak_of_others_are_fields_of_their_sheets():
    for sheet, names in OTHERS_WORDS.items():
        assert names <= {field.name for field in sheet_of(sheet).fields()}


HER = Marks(("Жұмабаева", "Мөлдір"), numbers=("+77771234567", HER_IIN), places=("Достық 1",))
HIM = Marks(("Жұмабаев", "Серік"), "Spouse", ("+77011112233", HIS_IIN), ("Балқарағай көшесі 7",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Серіктің айтуы", "[Spouse] айтуы"),
        ("Сериком сказано, Serik said", "[Spouse] сказано, [Spouse] said"),
        ("Мөлдір Жұмабаева келді", "Мөлдір Жұмабаева келді"),
        ("8 (701) 111-22-33", GONE),
        ("8 (777) 123-45-67", "8 (777) 123-45-67"),
        (f"ЖСН {HER_IIN}, {HIS_IIN}", f"ЖСН {HER_IIN}, {GONE}"),
        ("БАЛҚАРАҒАЙ  көшесі 7 үй", f"{GONE} үй"),
        ("Достық 1", "Достық 1"),
        ("Бөтен нөмір 8 705 999 88 77", f"Бөтен нөмір {GONE}"),
        ("02.03.2026 10:30, № 265500011000123", "02.03.2026 10:30, № 265500011000123"),
        ("алимент төлемейді", "алимент төлемейді"),
    ],
)
def test_other_people_are_struck_out_and_she_stays(text: str, told: str):
    assert Striking(HER, (HIM, Marks(("Әли",), "Child"))).struck(text) == told


def test_nothing_of_a_relatives_whole_case_is_in_her_copy_though_all_of_it_could_be_given_to_a_court(file: File):
    case = whole_case(file.office, file.center.worker)["case"]
    relative = file.office.desk.get("case", case).values()["client_id"]
    family = file.center.add("family", name="Туыстар", kind="FULL").id
    for person, relation in ((file.her, "CLIENT"), (relative, "PARENT")):
        file.center.add("family_member", family_id=family, person_id=person, relation=relation)
    hers = every_byte(file.office.copies.own(file.her, "kk", OPEN, "She asked").content)
    assert [sheet for sheet in SEALABLE if planted(sheet).encode() in hers] == []
    chosen = {
        (offer.sheet, offer.id): [field.name for field in offer.fields] for offer in file.office.copies.offered(case)
    }
    given = file.office.copies.on_request(case, chosen, "kk", OPEN, Ground.COURT, "", "The court asked for all of it")
    told = words(given.content).replace("\n", "").replace("\r", "")
    assert [
        sheet for sheet in ("case_note", "consultation", "incident", "referral") if planted(sheet) not in told
    ] == []
