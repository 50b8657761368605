"""A login: the short word by which somebody says at the door who she is. It may be seen by whoever sees the screen."""

from __future__ import annotations

import re
import unicodedata

from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_

LONGEST = 40
_LOGIN = re.compile(r"[\w][\w.-]*")


def well_formed(login: str) -> str:
    """A login as typed, without the spaces around it. Refused if it is no such word."""
    login = login.strip()
    if not _LOGIN.fullmatch(login) or len(login) > LONGEST:
        raise Refused(Problem("login", N_("A login is one short word: letters, digits, dot, dash.")))
    return login


def same(one: str, other: str) -> bool:
    """Logins differ in more than the case of their letters."""
    return _bare(one) == _bare(other)


def _bare(login: str) -> str:
    return unicodedata.normalize("NFC", login.strip()).casefold()
