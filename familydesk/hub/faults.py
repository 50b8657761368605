"""What a hub answers when it cannot do what was asked: a number of HTTP, a word for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

_SQLITE_FULL = 13
_POSTGRES_FULL = {"53100", "53000"}
"""disk_full and insufficient_resources (PostgreSQL, appendix A)."""
_POSTGRES_PASSING = ("08", "40", "53", "55P03", "57P")
"""Connections lost, transactions to be repeated, servers that start or stop."""


class Rejected(Exception):
    """The request is not granted. `more` goes into the answer beside the word and the sentence."""

    def __init__(
        self,
        status: int,
        word: str,
        sentence: str,
        more: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.word, self.sentence = status, word, sentence
        self.more, self.headers = dict(more or {}), dict(headers or {})
        super().__init__(word)


def malformed(sentence: str) -> Rejected:
    """What was sent cannot be read."""
    return Rejected(400, "malformed", sentence)


def absent() -> Rejected:
    """No such center, object or address here."""
    return Rejected(404, "absent", "There is nothing here under this name.")


def too_large() -> Rejected:
    """More bytes than this address takes."""
    return Rejected(413, "too large", "This is more than may be sent here at once.")


def later(seconds: float) -> Rejected:
    """Too much at once: come again after so many seconds."""
    wait = str(max(1, round(seconds + 0.5)))
    return Rejected(429, "too often", "Too many requests; come again later.", headers={"Retry-After": wait})


def full() -> Rejected:
    """The hub's disk, or what a center may keep."""
    return Rejected(507, "full", "There is no room for this here. Nothing of it was taken in.")


def unwell() -> Rejected:
    """The database does not answer."""
    return Rejected(503, "unwell", "The hub's database does not answer now.", headers={"Retry-After": "1"})


@contextmanager
def told() -> Iterator[None]:
    """Turn a database that is full or away into an answer; defects pass through."""
    try:
        yield
    except TimeoutError as error:
        raise unwell() from error
    except DBAPIError as error:
        if _is_full(error):
            raise full() from error
        if _passes(error):
            raise unwell() from error
        raise


def _is_full(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return code == _SQLITE_FULL or getattr(error.orig, "sqlstate", None) in _POSTGRES_FULL


def _passes(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or (
        isinstance(error, OperationalError) if state is None else state.startswith(_POSTGRES_PASSING)
    )
