"""Opening the store for one command: where it lies, the passphrase, and the lines that follow it on standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from familydesk.cli.output import warn
from familydesk.cli.parser import Misused
from familydesk.core.errors import Refused
from familydesk.core.i18n import N_, translate

if TYPE_CHECKING:
    from familydesk.cli.parser import Invocation
    from familydesk.services.office import Office


_ENCODING = "utf-8-sig"


@contextmanager
def opened(invocation: Invocation, road: str = "") -> Iterator[Office]:
    """The office of the store, closed again at the end. Refused while her own passphrase is due. `road`: where a
    laptop that has asked to be admitted looks for the answer.
    """
    with entered(invocation, passphrase(invocation), road) as office:
        if office.account.temporary:
            raise Refused(N_("Choose a passphrase of your own first: familydesk account passphrase."))
        yield office


@contextmanager
def entered(invocation: Invocation, secret: str, road: str = "") -> Iterator[Office]:
    """As `opened`, with this passphrase, a temporary one included. Unsaid if several people open the store."""
    from familydesk.services import front_door

    office = front_door.unlock(store_folder(invocation), secret, login=invocation.login, road=road)
    try:
        if found := office.journal.arrival.told():
            warn(found)
        yield office
    finally:
        office.close()


def store_folder(invocation: Invocation) -> Path:
    """`--store`, or the store that was opened last, or the usual place."""
    from familydesk.services import front_door

    return Path(invocation.store) if invocation.store else front_door.usual_folder()


def passphrase(invocation: Invocation, question: str = N_("Passphrase: ")) -> str:
    """The first line of standard input, or what is typed at the prompt without showing it. Misused if there is none."""
    given = line_of_input() if invocation.passphrase_stdin else _typed(question)
    if not given:
        raise Misused(
            N_("No passphrase was given."),
            N_("Type it at a terminal, or give it as the first line of standard input with --passphrase-stdin."),
        )
    return given


def _typed(question: str) -> str:
    import warnings
    from getpass import GetPassWarning, getpass

    try:
        # Without a terminal it would be read, and shown, wherever standard input comes from.
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)
            return getpass(translate(question))
    except (EOFError, GetPassWarning):
        return ""


def line_of_input() -> str:
    """One line of standard input without its end. Input is UTF-8 whatever the system's locale says."""
    with _utf8_input() as lines:
        return lines.readline().rstrip("\r\n")


def rest_of_input() -> list[str]:
    """The lines that are left on standard input, empty ones dropped."""
    with _utf8_input() as lines:
        return [line.rstrip("\r\n") for line in lines if line.strip()]


@contextmanager
def _utf8_input() -> Iterator[TextIO]:
    """Standard input. Refused if what stands there is not UTF-8; the mark that Windows puts before it is no text."""
    stream = sys.stdin if sys.stdin is not None else io.StringIO()
    if isinstance(stream, io.TextIOWrapper) and stream.encoding != _ENCODING:
        stream.reconfigure(encoding=_ENCODING, errors="strict")
    try:
        yield stream
    except UnicodeDecodeError:
        raise Refused(N_("What was given on standard input is not UTF-8 text.")) from None
