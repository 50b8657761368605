"""The top level of the classifier of territories (KATO): seventeen regions and three cities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_CHECKED = date(2026, 11, 22)
_SOURCE = "classifier ГК РК 11 (KATO), top level; compare with stat.gov.kz"


@dataclass(frozen=True, slots=True)
class Region:
    """A region or a city of republican importance; `kato` has nine digits, of which the first two are its own."""

    kato: str
    name_kk: str
    name_ru: str
    name_en: str
    source: str = _SOURCE
    checked_on: date = _CHECKED


SEED: tuple[Region, ...] = (
    Region("100000000", "Абай облысы", "область Абай", "Abai Region"),
    Region("110000000", "Ақмола облысы", "Акмолинская область", "Akmola Region"),
    Region("150000000", "Ақтөбе облысы", "Актюбинская область", "Aktobe Region"),
    Region("190000000", "Алматы облысы", "Алматинская область", "Almaty Region"),
    Region("230000000", "Атырау облысы", "Атырауская область", "Atyrau Region"),
    Region("270000000", "Батыс Қазақстан облысы", "Западно-Казахстанская область", "West Kazakhstan Region"),
    Region("310000000", "Жамбыл облысы", "Жамбылская область", "Zhambyl Region"),
    Region("330000000", "Жетісу облысы", "область Жетісу", "Zhetisu Region"),
    Region("350000000", "Қарағанды облысы", "Карагандинская область", "Karaganda Region"),
    Region("390000000", "Қостанай облысы", "Костанайская область", "Kostanay Region"),
    Region("430000000", "Қызылорда облысы", "Кызылординская область", "Kyzylorda Region"),
    Region("470000000", "Маңғыстау облысы", "Мангистауская область", "Mangystau Region"),
    Region("550000000", "Павлодар облысы", "Павлодарская область", "Pavlodar Region"),
    Region("590000000", "Солтүстік Қазақстан облысы", "Северо-Казахстанская область", "North Kazakhstan Region"),
    Region("610000000", "Түркістан облысы", "Туркестанская область", "Turkistan Region"),
    Region("620000000", "Ұлытау облысы", "область Ұлытау", "Ulytau Region"),
    Region("630000000", "Шығыс Қазақстан облысы", "Восточно-Казахстанская область", "East Kazakhstan Region"),
    Region("710000000", "Астана қаласы", "город Астана", "Astana City"),
    Region("750000000", "Алматы қаласы", "город Алматы", "Almaty City"),
    Region("790000000", "Шымкент қаласы", "город Шымкент", "Shymkent City"),
)
