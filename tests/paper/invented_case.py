"""An invented family, as the papers meet it: transient records, names of nobody, an IIN of the nineteenth century."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from familydesk.core.clock import local
from familydesk.core.i18n import spoken
from familydesk.core.ids import new_id
from familydesk.core.record import Record
from familydesk.core.vocabulary import DestinationKind
from familydesk.law.references import SEED, in_force
from familydesk.paper.dossier import Dossier, OpenDeadline
from familydesk.paper.redaction import redacted
from familydesk.records.application import Application, ApplicationReason, Channel
from familydesk.records.assessment import Assessment, Conclusion, Ground
from familydesk.records.case import Case, Danger, MapLevel, Stage
from familydesk.records.center import Center
from familydesk.records.consent import Consent, DataKind, ThirdParty
from familydesk.records.consultation import Consultation, ConsultationForm, ConsultationKind, Topic
from familydesk.records.destruction_act import DestructionAct
from familydesk.records.destruction_act import Ground as Why
from familydesk.records.family import Family, FamilyKind, Housing, RiskMarker
from familydesk.records.family_member import FamilyMember, FamilyRole
from familydesk.records.incident import Incident, Offender, Severity, SeveritySource, ViolenceForm
from familydesk.records.mandatory_notice import Addressee, MandatoryNotice, NoticeChannel
from familydesk.records.order_breach import OrderBreach
from familydesk.records.order_check import CheckFinding, OrderCheck
from familydesk.records.organisation import Organisation
from familydesk.records.person import Disability, IinAbsence, Language, MaritalStatus, Person, Sex
from familydesk.records.person_address import AddressKind, PersonAddress
from familydesk.records.person_phone import PersonPhone, SafeToCall
from familydesk.records.protective_order import ProtectiveOrder, Restriction, Serving
from familydesk.records.referral import Answer, Delivery, Referral, Urgency
from familydesk.records.region import Region
from familydesk.records.staff_member import Role, StaffMember

NOW = local(2026, 4, 22, 14, 20)
KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі №₸"
SECRETS = {
    "street": "Құпиякөше 17-44",
    "district": "Жасырынаудан",
    "place": "Жабықмекен",
    "care": "ҚАУІПСІЗБАЙЛАНЫС",
    "hours": "тек-сейсенбіде",
    "alias": "Кітапханадан",
    "note": "ПСИХОЛОГТЫҢӨЗЖАЗБАСЫ",
    "unsafe": "+77015550199",
}
"""What must never be found on a paper without a named permission; the note never at all."""


def law(code: str, on: date) -> str:
    """The citation in force on a day, from the tables that the program ships."""
    norm = in_force(SEED, code, on)
    return str(getattr(norm, f"title_{spoken()}")) if norm else ""


def records() -> dict[type[Record], list[Record]]:
    """All records of the case, by sheet."""
    return Invention().made


class Invention:
    """The case in the making; each step leans on those before it."""

    def __init__(self) -> None:
        self.made: dict[type[Record], list[Record]] = {}
        self.staff()
        self.people()
        self.reach()
        self.family()
        self.case()
        self.incident()
        self.order()
        self.consultations()
        self.referrals()
        self.act()

    def new(self, sheet: type[Record], **values: Any) -> Any:
        record = sheet(id=new_id(), archived=False, **values)
        self.made.setdefault(sheet, []).append(record)
        return record

    def staff(self) -> None:
        """The center and who works there."""
        self.new(
            Center,
            name_kk="«Мерейлі» отбасын қолдау орталығы» коммуналдық мемлекеттік мекемесі",
            name_ru="КГУ «Центр поддержки семьи «Мерейлі»",
            code="МР",
            bin="940140000385",
            city_kk="Қарағанды қ.",
            city_ru="г. Караганда",
            phone="+77212555000",
            email="ortalyq@example.kz",
        )
        self.new(
            StaffMember, surname="Сейітқали", given="Гүлнәр", patronymic="Бекқызы", role=Role.HEAD, position="Басшы"
        )
        self.worker = self.new(
            StaffMember,
            surname="Ыбырай",
            given="Ұлжан",
            patronymic="Һәкімқызы",
            role=Role.SOCIAL_WORKER,
            position="Әлеуметтік қызметкер",
        )
        self.psychologist = self.new(
            StaffMember, surname="Қасымова", given="Динара", role=Role.PSYCHOLOGIST, position="Психолог"
        )

    def people(self) -> None:
        """Three people of one family."""
        self.region = self.new(Region, kato="350000000", name_kk="Қарағанды облысы", name_ru="Карагандинская область")
        self.client = self.new(
            Person,
            surname="Әбдірахманова",
            given="Айгерім",
            patronymic="Нұрланқызы",
            born_on=date(1860, 2, 29),
            sex=Sex.FEMALE,
            iin="600229200004",
            citizenship="Қазақстан Республикасы",
            document="жеке куәлік № 000000001, ІІМ, 12.03.2019",
            marital_status=MaritalStatus.MARRIED,
            disability=Disability.NONE,
            languages=(Language.KAZAKH, Language.RUSSIAN),
            interpreter=False,
            occupation="тігінші, үйде жұмыс істейді",
            contact_care=SECRETS["care"],
        )
        self.husband = self.new(
            Person,
            surname="Әбдірахманов",
            given="Ерлан",
            patronymic="Серікұлы",
            born_on=date(1850, 1, 1),
            sex=Sex.MALE,
            iin="500101100000",
            occupation="жүргізуші",
        )
        self.boy = self.new(
            Person,
            surname="Әбдірахманов",
            given="Һакім",
            patronymic="Ерланұлы",
            born_on=date(1888, 6, 15),
            sex=Sex.MALE,
            iin_absence=IinAbsence.NOT_RECORDED,
            occupation="№ 7 мектеп, 3-сынып",
        )

    def reach(self) -> None:
        """How she is reached: one safe number, one not, one secret address."""
        self.new(PersonPhone, person_id=self.client.id, number="+77015550101", safe_to_call=SafeToCall.YES)
        self.new(
            PersonPhone,
            person_id=self.client.id,
            number=SECRETS["unsafe"],
            safe_to_call=SafeToCall.WITH_CARE,
            safe_hours=SECRETS["hours"],
            introduce_as=SECRETS["alias"],
        )
        self.new(
            PersonAddress,
            person_id=self.client.id,
            kind=AddressKind.ACTUAL,
            region_id=self.region.id,
            district=SECRETS["district"],
            street=SECRETS["street"],
        )

    def family(self) -> None:
        """The family and who belongs to it."""
        self.household = self.new(
            Family,
            name="Әбдірахмановтар",
            kind=FamilyKind.FULL,
            housing=Housing.RENTED,
            monthly_income=Decimal("187500.50"),
            markers=(RiskMarker.LOW_INCOME, RiskMarker.DEBTS, RiskMarker.ALCOHOL_DRUGS),
        )
        for person, relation, offender in (
            (self.client, FamilyRole.CLIENT, False),
            (self.husband, FamilyRole.SPOUSE, True),
            (self.boy, FamilyRole.CHILD, False),
        ):
            self.new(
                FamilyMember,
                family_id=self.household.id,
                person_id=person.id,
                relation=relation,
                lives_together=not offender,
                offender=offender,
            )

    def case(self) -> None:
        """The case, its application, assessment and consent."""
        self.folder = self.new(
            Case,
            number="МР-2026-0042",
            family_id=self.household.id,
            client_id=self.client.id,
            stage=Stage.SUPPORT,
            responsible_id=self.worker.id,
            opened_on=date(2026, 4, 1),
            danger=Danger.HIGH,
            map_level=MapLevel.D,
            map_level_on=date(2026, 3, 30),
            map_level_source="Отбасының цифрлық картасы",
            situation="Отбасы жалға алынған екі бөлмелі пәтерде тұрады. Баласы мектепке барады, сабағын босатпайды. "
            "Күйеуі соңғы жылы жиі ішеді, жұмысынан шыққан. Несие бойынша қарыз бар, табыс ең төменгі күнкөріс "
            "деңгейінен төмен.\nӘйел ажырасуға арыз берді, туыстары қолдайды.",
            goal="Қауіпсіз тұру, алимент өндіріп алу, балаға психологтың көмегі.",
        )
        self.application = self.new(
            Application,
            number="2026/0117",
            received_at=local(2026, 4, 1, 9, 40),
            person_id=self.client.id,
            case_id=self.folder.id,
            channel=Channel.POLICE,
            reason=ApplicationReason.DOMESTIC_VIOLENCE,
            reason_text="Күйеуі ұрып-соғады, балама қауіп төніп тұр, қайда барарымды білмеймін.",
            sender="Қазыбек би аудандық полиция бөлімі",
            repeated=False,
            threat_to_life=True,
            taken_by_id=self.worker.id,
        )
        self.new(
            Assessment,
            application_id=self.application.id,
            case_id=self.folder.id,
            done_on=date(2026, 4, 2),
            done_by_id=self.worker.id,
            conclusion=Conclusion.DIFFICULT,
            grounds=(Ground.CRUEL_TREATMENT,),
        )
        self.consent = self.new(
            Consent,
            case_id=self.folder.id,
            person_id=self.client.id,
            given_on=date(2026, 4, 1),
            collected=(
                DataKind.NAMES,
                DataKind.IIN,
                DataKind.CONTACTS,
                DataKind.FAMILY,
                DataKind.VIOLENCE,
                DataKind.CASE,
            ),
            third_parties=(ThirdParty.POLICE, ThirdParty.HEALTH, ThirdParty.SOCIAL),
            cross_border=False,
            published=False,
        )

    def incident(self) -> None:
        """What happened, and who was told."""
        self.event = self.new(
            Incident,
            case_id=self.folder.id,
            happened_at=local(2026, 3, 31, 22, 15),
            learned_at=local(2026, 4, 1, 9, 40),
            victim_id=self.client.id,
            offender_id=self.husband.id,
            offender_relation=Offender.SPOUSE,
            forms=(ViolenceForm.PHYSICAL, ViolenceForm.PSYCHOLOGICAL, ViolenceForm.ECONOMIC),
            severity=Severity.LIGHT,
            severity_source=SeveritySource.MEDICAL,
            place=SECRETS["place"],
            circumstances="Түнде мас күйінде келіп, ақша талап етті, есікті бұзып, қолын бұрап, бетінен ұрды. Көршілер "
            "полиция шақырды. Баласы көрген.",
            injuries="Сол жақ бетінде көгеру, қолында сыдырылу (№ 118 анықтама).",
            weapon=False,
            strangulation=False,
            threat_to_life=True,
            children_present=1,
            police_called=True,
            police_number="263515030004123",
            police_registered_on=date(2026, 3, 31),
            victim_wishes="Арыз жазды, қорғау нұсқамасын сұрады.",
        )
        self.new(
            MandatoryNotice,
            incident_id=self.event.id,
            addressee=Addressee.GUARDIANSHIP,
            sent_at=local(2026, 4, 1, 11, 5),
            channel=NoticeChannel.LETTER,
            number="31-out/2026",
            taken_by="А. Жүнісова",
        )

    def order(self) -> None:
        """The protective order, checked and once breached."""
        self.prohibition = self.new(
            ProtectiveOrder,
            case_id=self.folder.id,
            incident_id=self.event.id,
            number="ҚН-0455",
            issued_at=local(2026, 3, 31, 23, 50),
            issued_place="Қарағанды қ.",
            issued_by="Қазыбек би аудандық полиция бөлімі",
            officer="учаскелік инспектор, аға лейтенант Т. Оразбаев",
            officer_phone="8 7212 55-50-02",
            victim_id=self.client.id,
            offender_id=self.husband.id,
            restrictions=tuple(Restriction),
            served_at=local(2026, 4, 1, 0, 30),
            served_how=Serving.SIGNED,
            copy_to_victim_at=local(2026, 4, 1, 10, 0),
            copy_to_prosecutor_at=local(2026, 4, 1, 12, 0),
            valid_to=local(2026, 5, 1, 0, 30),
            victim_told_of_duties=True,
        )
        for day_of_check, finding in ((7, CheckFinding.KEPT), (14, CheckFinding.NOT_FOUND), (21, CheckFinding.KEPT)):
            self.new(
                OrderCheck,
                order_id=self.prohibition.id,
                checked_at=local(2026, 4, day_of_check, 18, 30),
                checked_by="учаскелік инспектор Т. Оразбаев",
                finding=finding,
                remarks="Үйде жоқ, көршілерден сұралды." if finding is CheckFinding.NOT_FOUND else None,
            )
        self.new(
            OrderBreach,
            order_id=self.prohibition.id,
            happened_at=local(2026, 4, 16, 20, 10),
            learned_from="Әйел өзі хабарлады: телефонына қоңырау шалды",
            reported_at=local(2026, 4, 16, 20, 25),
            police_number="263515030004977",
            outcome="Хаттама толтырылды.",
        )

    def consultations(self) -> None:
        """Six consultations, each with a sealed note."""
        kinds = (
            (
                ConsultationKind.PSYCHOLOGICAL,
                ConsultationForm.IN_PERSON,
                self.psychologist,
                (Topic.VIOLENCE, Topic.RELATIONS),
            ),
            (
                ConsultationKind.LEGAL,
                ConsultationForm.PHONE,
                self.worker,
                (Topic.DIVORCE, Topic.ALIMONY, Topic.CUSTODY),
            ),
            (ConsultationKind.SOCIAL, ConsultationForm.HOME, self.worker, (Topic.BENEFITS, Topic.HOUSING)),
        )
        for number in range(6):
            kind, form, specialist, topics = kinds[number % 3]
            self.new(
                Consultation,
                case_id=self.folder.id,
                person_id=self.client.id,
                held_at=local(2026, 4, 2 + 3 * number, 10 + number, 30),
                kind=kind,
                form=form,
                minutes=45 + 5 * number,
                specialist_id=specialist.id,
                topics=topics,
                summary="Қауіпсіздік жоспары талқыланды.",
                agreed_steps="Қауіпсіздік жоспарын құру; құжаттарды сенімді жерге қою; күнделік жүргізу.",
                specialist_note=SECRETS["note"],
            )

    def referrals(self) -> None:
        """One referral answered, one open."""
        self.clinic = self.new(
            Organisation,
            name_kk="Қарағанды қаласының № 3 емханасы",
            name_ru="Поликлиника № 3 города Караганды",
            kind=DestinationKind.HEALTH,
        )
        self.new(
            Referral,
            number="32-out/2026",
            case_id=self.folder.id,
            person_id=self.client.id,
            destination_kind=DestinationKind.HEALTH,
            organisation_id=self.clinic.id,
            addressee="Бас дәрігер С. Әлімжановқа",
            request="Жарақаттарды куәландырып, ем тағайындауды, анықтама беруді және жазбаша хабарлауды сұраймыз.",
            grounds="Отбасы орталықтың сүйемелдеуінде.",
            enclosures="Келісімнің көшірмесі — 1 парақ",
            consent_id=self.consent.id,
            delivery=Delivery.BY_HAND,
            urgency=Urgency.URGENT,
            sent_on=date(2026, 4, 3),
            due_on=date(2026, 4, 24),
            answered_on=date(2026, 4, 15),
            answer=Answer.ACCEPTED,
            answer_text="Қабылданды",
        )
        self.new(
            Referral,
            number="33-out/2026",
            case_id=self.folder.id,
            person_id=self.boy.id,
            destination_kind=DestinationKind.EDUCATION,
            request="Балаға мектеп психологының көмегін ұйымдастыру.",
            consent_id=self.consent.id,
            sent_on=date(2026, 4, 6),
            due_on=date(2026, 4, 27),
        )

    def act(self) -> None:
        """An act over two old files and an erasure's counts."""
        self.new(
            DestructionAct,
            number="01-0001-жою/2026",
            drawn_on=date(2026, 4, 20),
            ground=Why.TERM,
            head_id=self.made[StaffMember][0].id,
            first_member="Ыбырай Ұ. Һ.",
            second_member="Қасымова Д.",
            contents="CASE_FILE · МР-01-2019-0003 · 2019-03-01 + 5 = 2024-03-01\n"
            "CHILD_CASE · МР-01-2005-0001 · 2016-02-01 + 5 = 2021-02-01",
            record_count=31,
            stays="person · 2 · case\ncase · МР-01-2018-0002",
            copies="desk-2026-04-19.backup · 2026-05-03\nbefore-restore-20260101-000000",
            done_at=local(2026, 4, 20, 11),
        )


def deadlines(made: dict[type[Record], list[Record]]) -> tuple[OpenDeadline, ...]:
    """Two open ones, as the service of deadlines would tell them."""
    order, referral = made[ProtectiveOrder][0], made[Referral][-1]
    until, answer = local(2026, 5, 1, 0, 30), local(2026, 4, 27, 23, 59)
    return (
        OpenDeadline(
            "PROTECTIVE_ORDER", order.id, "Нұсқаманың мерзімі", until, law("PROTECTIVE_ORDER", NOW.date()), "8 тәулік"
        ),
        OpenDeadline(
            "REFERRAL_ANSWER", referral.id, "Хаттың жауабы", answer, law("REFERRAL_ANSWER", NOW.date()), "3 күн"
        ),
    )


def dossier(
    subject: type[Record],
    *,
    blank: bool = False,
    permission: str = "",
    change: Callable[[dict[type[Record], list[Record]]], None] | None = None,
    nth: int = 0,
) -> Dossier:
    """The dossier of the invented case as the service would gather it; blank, only the center is in it."""
    made = records()
    if change:
        change(made)
    if blank:
        return Dossier(subject(), NOW, law, {Center: tuple(made[Center])}, blank=True)
    safe = {sheet: redact(found, permission) for sheet, found in made.items()}
    return Dossier(safe[subject][nth], NOW, law, safe, deadlines(made), permission=permission)


def empty_dossier(subject: type[Record]) -> Dossier:
    """A record of which nothing is known yet."""
    made = records()
    record = subject(id=new_id(), archived=False)
    return Dossier(record, NOW, law, {Center: tuple(made[Center]), subject: (record,)})


def redact(found: Iterable[Record], permission: str) -> tuple[Record, ...]:
    """As the service redacts."""
    return tuple(redacted(record, location=bool(permission)) for record in found)
