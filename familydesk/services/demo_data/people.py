"""Invented people: names of one family, ages that fit, numbers that no living person bears."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from familydesk.law.checksum import check_digit
from familydesk.services.demo_data import names

WOMAN, MAN = "2", "1"
"""The seventh digit of an IIN of the nineteenth century: nobody alive has one."""


@dataclass(frozen=True)
class Someone:
    """One invented person: the values of a record, and what the others need to know."""

    values: dict[str, Any] = field(repr=False)

    @property
    def surname(self) -> str:
        """As it is written."""
        return str(self.values["surname"])

    @property
    def female(self) -> bool:
        """A woman or a girl."""
        return bool(self.values["sex"] == "FEMALE")


@dataclass(frozen=True)
class Household:
    """A family: its adult client, her or his partner, their children, and an older relative, if there is one."""

    client: Someone
    partner: Someone | None
    children: tuple[Someone, ...]
    elder: Someone | None
    russian: bool


class Registry:
    """Invents people. The same seed invents the same people."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.serial = 1000

    def household(self, on: date, children: int, partner: bool, elder: bool) -> Household:
        """The family of a woman with so many children, as old as they are on that day."""
        russian = self.random.random() < 0.28
        surname = self.random.choice(names.RUSSIAN_SURNAMES if russian else names.KAZAKH_SURNAMES)
        mother = self.person(surname, on, female=True, age=self.random.randint(21, 46), russian=russian, adult=True)
        father = self.person(surname, on, female=False, age=self.random.randint(25, 52), russian=russian, adult=True)
        ages = sorted(self.random.sample(range(0, 18, 2), children), reverse=True)
        born = tuple(
            self.person(
                surname,
                on,
                female=self.random.random() < 0.5,
                age=age,
                russian=russian,
                father=str(father.values["given"]),
            )
            for age in ages
        )
        grandmother = self.person(
            surname, on, female=True, age=self.random.randint(58, 77), russian=russian, adult=True
        )
        return Household(mother, father if partner else None, born, grandmother if elder else None, russian)

    def person(
        self, surname: str, on: date, *, female: bool, age: int, russian: bool, father: str = "", adult: bool = False
    ) -> Someone:
        """One person of that age on a day."""
        men = list(names.RUSSIAN_MEN) if russian else names.KAZAKH_MEN
        women = names.RUSSIAN_WOMEN if russian else names.KAZAKH_WOMEN
        father = father or self.random.choice(men)
        born_on = self._born(age, on)
        values: dict[str, Any] = {
            "surname": names.of_woman(surname) if female else surname,
            "given": self.random.choice(women if female else men),
            "patronymic": names.patronymic(father, female) if self.random.random() < 0.85 else None,
            "born_on": born_on,
            "sex": "FEMALE" if female else "MALE",
            "citizenship": "Қазақстан",
            "languages": ("RUSSIAN",) if russian else ("KAZAKH", "RUSSIAN"),
        }
        return Someone(values | self._identity(born_on, female, age) | (self._adult() if adult else {}))

    def _identity(self, born_on: date, female: bool, age: int) -> dict[str, Any]:
        if age < 1:
            return {"iin_absence": "NEWBORN"}
        if self.random.random() < 0.6:
            return {"iin": self.iin(born_on, female), "iin_differs": True}
        return {"iin_absence": self.random.choice(("NO_DOCUMENT", "NOT_RECORDED", "REFUSED", "EMERGENCY"))}

    def _adult(self) -> dict[str, Any]:
        work = ("Дүкенде сатушы", "Временно не работает", "Тәрбиеші", "Швея на дому", "Жүргізуші", "Медсестра", None)
        return {"occupation": self.random.choice(work)}

    def iin(self, born_on: date, female: bool) -> str:
        """A well-formed number that says that its bearer was born a hundred years and more before."""
        while True:
            self.serial += 1
            eleven = f"{born_on:%y%m%d}{WOMAN if female else MAN}{self.serial:04}"
            digit = check_digit(eleven)
            if digit is not None and not (born_on.month == 2 and born_on.day == 29):
                return f"{eleven}{digit}"

    def _born(self, age: int, on: date) -> date:
        """A day of birth; 29 February is left out, because not every century has that day."""
        day = date(on.year - age, self.random.randint(1, 12), self.random.randint(1, 28))
        return day if day <= on else day.replace(year=day.year - 1)

    def phone(self) -> str:
        """A number in a range that no operator has."""
        return f"+7799000{self.random.randint(0, 9999):04}"
