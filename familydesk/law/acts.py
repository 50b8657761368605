"""The acts that papers cite, and how an article of one is cited in Kazakh, Russian and English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Act:
    """An act. `kk` and `ru` stand in the genitive, as a citation needs them; points of an order have no article."""

    number: str
    kk: str
    ru: str
    en: str


PREVENTION = Act(
    "245-VIII",
    "«Құқық бұзушылық профилактикасы туралы» ҚР 2025 жылғы 30 желтоқсандағы № 245-VIII Заңының",
    "Закона РК от 30 декабря 2025 года № 245-VIII «О профилактике правонарушений»",
    "Law No. 245-VIII of 30 December 2025 “On prevention of offences”",
)
DOMESTIC_VIOLENCE = Act(
    "214-IV",
    "«Тұрмыстық зорлық-зомбылық профилактикасы туралы» ҚР 2009 жылғы 4 желтоқсандағы № 214-IV Заңының",
    "Закона РК от 4 декабря 2009 года № 214-IV «О профилактике бытового насилия»",
    "Law No. 214-IV of 4 December 2009 “On prevention of domestic violence”",
)
CENTER_RULES = Act(
    "256-НҚ",
    "ҚР Мәдениет және ақпарат министрінің 2024 жылғы 14 маусымдағы № 256-НҚ бұйрығымен бекітілген "
    "Отбасын қолдау орталықтарының қызметін жүзеге асыру қағидаларының",
    "Правил осуществления деятельности Центров поддержки семьи, утверждённых приказом "
    "Министра культуры и информации РК от 14 июня 2024 года № 256-НҚ",
    "Rules for the activity of Family Support Centers, order No. 256-НҚ "
    "of the Minister of Culture and Information of 14 June 2024",
)
FAMILY_CODE = Act(
    "518-IV",
    "«Неке (ерлі-зайыптылық) және отбасы туралы» ҚР 2011 жылғы 26 желтоқсандағы № 518-IV Кодексінің",
    "Кодекса РК от 26 декабря 2011 года № 518-IV «О браке (супружестве) и семье»",
    "Code No. 518-IV of 26 December 2011 “On marriage (matrimony) and family”",
)
OFFENCES_CODE = Act(
    "235-V",
    "«Әкімшілік құқық бұзушылық туралы» ҚР 2014 жылғы 5 шілдедегі № 235-V Кодексінің",
    "Кодекса РК от 5 июля 2014 года № 235-V «Об административных правонарушениях»",
    "Code No. 235-V of 5 July 2014 “On administrative offences”",
)
PROCEDURE_CODE = Act(
    "350-VI",
    "ҚР 2020 жылғы 29 маусымдағы № 350-VI Әкімшілік рәсімдік-процестік кодексінің",
    "Административного процедурно-процессуального кодекса РК от 29 июня 2020 года № 350-VI",
    "Administrative Procedural and Process-related Code No. 350-VI of 29 June 2020",
)
SOCIAL_CODE = Act(
    "224-VII",
    "ҚР 2023 жылғы 20 сәуірдегі № 224-VII Әлеуметтік кодексінің",
    "Социального кодекса РК от 20 апреля 2023 года № 224-VII",
    "Social Code No. 224-VII of 20 April 2023",
)
PERSONAL_DATA = Act(
    "94-V",
    "«Дербес деректер және оларды қорғау туралы» ҚР 2013 жылғы 21 мамырдағы № 94-V Заңының",
    "Закона РК от 21 мая 2013 года № 94-V «О персональных данных и их защите»",
    "Law No. 94-V of 21 May 2013 “On personal data and their protection”",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an act: article, point, subpoint, each empty if not needed."""

    article: str = ""
    point: str = ""
    subpoint: str = ""

    def __str__(self) -> str:
        """72(3): the same in every language."""
        inner = "".join(f"({part})" for part in (self.point, self.subpoint) if part)
        return f"{self.article}{inner}" if self.article else self.point

    def kk(self) -> str:
        """72-бабының 3-тармағы; of three levels only the middle one takes the genitive."""
        levels = ((self.article, "-бабы"), (self.point, "-тармағы"), (self.subpoint, ") тармақшасы"))
        told = [value + ending for value, ending in levels if value]
        if len(told) > 1:
            told[-2] += "ның"
        return " ".join(told)

    def ru(self) -> str:
        """пункт 3 статьи 72."""
        subpoint = f"{self.subpoint})" if self.subpoint else ""
        levels = (
            ("подпункт", "подпункта", subpoint),
            ("пункт", "пункта", self.point),
            ("статья", "статьи", self.article),
        )
        (word, _, number), *outer = (level for level in levels if level[2])
        return " ".join([f"{word} {number}", *(f"{genitive} {number}" for _, genitive, number in outer)])

    def en(self) -> str:
        """Article 72(3)."""
        return f"Article {self}" if self.article else f"Point {self}"


def cite(act: Act, place: Place) -> tuple[str, str, str]:
    """The citation in Kazakh, Russian and English."""
    return f"{act.kk} {place.kk()}", f"{place.ru()} {act.ru}", f"{place.en()}, {act.en}"
