"""The free words of a register's columns, brought to the coded vocabularies of an application."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeVar

from familydesk.records.application import ApplicationReason, Channel

# In order: the first line with a word that fits decides. Each word is the beginning of a word in the cell.
_CHANNELS: tuple[tuple[Channel, str], ...] = (
    (Channel.HELPLINE_111, "111"),
    (Channel.POLICE, "полиц 102 овд увд гуп упп участков учаскел ішкі|істер ііб police"),
    (Channel.PROBATION, "пробац probation"),
    (Channel.MOBILE_GROUP, "мобильн|групп мобильді|топ ұтқыр|топ mobile|group"),
    (Channel.FAMILY_MAP, "карт|семь отбасы|карта цкс оцк"),
    (Channel.SCHOOL, "школ сш мектеп детск|сад балабақша лице гимнази колледж образован білім school"),
    (
        Channel.HEALTH,
        "поликлин больниц здравоохран емхана аурухана денсаулық врач дәрігер жедел|жәрдем травмпункт health hospital",
    ),
    (Channel.AKIMAT, "аким әкім занятост соцзащит жұмыспен жергілікті|атқарушы акимат"),
    (Channel.PROSECUTOR, "прокур prosecutor"),
    (Channel.COURT, "суд сот court"),
    (Channel.NGO, "нпо үеұ общественн|объединен қоғамдық|бірлестік общественн|фонд қоғамдық|қор ngo"),
    (Channel.OTHER_CENTER, "кризисн дағдарыс друг|центр басқа|орталық цпс"),
    (
        Channel.ONLINE,
        "онлайн интернет whatsapp ватсап вотсап instagram инстаграм сайт портал электрон eotinish eөтініш online",
    ),
    (Channel.PHONE, "телефон звон қоңырау phone"),
    (Channel.SELF, "лично личн сам сама самостоятельн самообращен өзі өздігі жеке walk self person"),
)
_REASONS: tuple[tuple[ApplicationReason, str], ...] = (
    (ApplicationReason.CHILD_VIOLENCE, "насили|ребен насили|дет насили|несовершеннолет бала|зорлық violence|child"),
    (ApplicationReason.DOMESTIC_VIOLENCE, "насили зорлық побо избил избива violence ұрып"),
    (ApplicationReason.ALIMONY, "алимент alimony"),
    (ApplicationReason.DIVORCE, "развод расторжен ажырас раздел|имуществ некені|бұзу divorce"),
    (ApplicationReason.CHILD_NEGLECT, "безнадзор неисполнен|родительск ненадлежащ қараусыз neglect"),
    (ApplicationReason.FAMILY_CONFLICT, "конфликт ссор жанжал дау|отбасы ұрыс conflict"),
    (ApplicationReason.HOUSING, "жиль жилищ баспана тұрғын|үй housing"),
    (ApplicationReason.EMPLOYMENT, "трудоустройств работ|поиск безработ жұмыс employment"),
    (ApplicationReason.DEPENDENCE, "алкогол нарко зависимост маскүнем есірткі тәуелділік"),
    (ApplicationReason.PSYCHOLOGICAL, "психолог депресс суицид psycholog"),
    (ApplicationReason.DOCUMENTS, "документ құжат удостоверен паспорт documents"),
    (
        ApplicationReason.MATERIAL,
        "асп аәк материальн материалдық финансов қаржы ақшалай пособи жәрдемақы долг кредит многодет нужда poverty",
    ),
    (ApplicationReason.CHILD_CARE, "воспитан уход|ребен опек попечит тәрбие бала|күтім қамқор"),
    (ApplicationReason.HEALTH, "инвалид мүгедек здоров денсаулық болезн ауру health"),
    (ApplicationReason.LEGAL, "юридическ юрист правов заңгер заң құқық legal"),
    (ApplicationReason.THREAT_TO_LIFE, "угроз|жизн опасност|жизн өмір|қауіп threat"),
    (ApplicationReason.DIFFICULT_SITUATION, "трудн|жизнен тжс өмір|қиын өқж difficult"),
)
_DANGER = re.compile(
    r"(?<!нет )(?<!без )угроз\w*\s+(?:\w+\s+)?жизн|опасност\w*\s+для\s+жизн|өміріне?\s+(?:\w+\s+)?қа[уі]\w*"
    r"|threat to life",
    re.IGNORECASE,
)
T = TypeVar("T")
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=4096)
def channel_of(written: str) -> Channel:
    """How the application reached the center; OTHER for words that say nothing known."""
    return _found(_CHANNELS, written) or Channel.OTHER


@lru_cache(maxsize=4096)
def reason_of(written: str) -> ApplicationReason:
    """Why help was asked for; OTHER for words that say nothing known."""
    return _found(_REASONS, written) or ApplicationReason.OTHER


@lru_cache(maxsize=4096)
def is_danger(written: str) -> bool:
    """Whether the words speak of a threat to life."""
    return bool(_DANGER.search(written))


def _found(table: tuple[tuple[T, str], ...], written: str) -> T | None:
    words = _WORD.findall(written.casefold().replace("-", "").replace("ё", "е"))
    return next((known for known, stems in table if any(_holds(words, stem) for stem in stems.split())), None)


def _holds(words: list[str], stem: str) -> bool:
    return all(any(word.startswith(part) for word in words) for part in stem.split("|"))
