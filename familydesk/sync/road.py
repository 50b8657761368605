"""Requests to a hub: bounded, patient within reason, and what fails told in a sentence. TLS is always verified."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from typing import Any

import httpx

from familydesk.core.errors import Refused, Weather
from familydesk.core.i18n import N_
from familydesk.sync.wire import bounds
from familydesk.sync.wire.login import origin

LARGEST = 16 * bounds.MIB
"""Bytes of one answer."""
PATIENCE = 30
"""Seconds that a hub may ask to wait for; a longer wish is told to who is at the desk."""
TRIES = 3

_TIMEOUT = httpx.Timeout(60, connect=15)
_HERE = ("localhost", "127.0.0.1", "[::1]")
_BUSY = (429, 503)
JSON = "application/json"


class Turned(Exception):
    """The hub has turned a request away: the number of HTTP, its word for it, and what else it said."""

    def __init__(self, status: int, facts: Mapping[str, Any]) -> None:
        self.status, self.facts = status, facts
        self.word = str(facts.get("error", ""))
        super().__init__(self.word)


class Road:
    """One hub's address, over connections that are kept."""

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        """Refused if it is no address of a hub. `transport` is another road than the network."""
        try:
            address = httpx.URL(url)
            origin(url)
        except (httpx.InvalidURL, ValueError):
            raise _no_address() from None
        if address.scheme not in ("http", "https") or not address.host or address.query or address.userinfo:
            raise _no_address()
        self._client = httpx.Client(
            base_url=address,
            timeout=_TIMEOUT,
            transport=transport,
            verify=_trusted(address.scheme),
            mounts={} if transport else {f"all://{host}": None for host in _HERE},
            headers={"Accept-Encoding": "identity"},
        )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def ask(
        self, method: str, path: str, content: bytes | None = None, media: str = JSON, authorization: str = ""
    ) -> bytes:
        """The body of the answer. Turned if the hub says no; Weather if it cannot be reached or cannot do it now."""
        headers = {"Authorization": authorization} if authorization else {}
        if content is not None:
            headers["Content-Type"] = media
        request = self._client.build_request(method, path.lstrip("/"), content=content, headers=headers)
        for _ in range(TRIES - 1):
            status, answer, wait = self._once(request, again=True)
            if status in _BUSY and wait <= PATIENCE:
                time.sleep(wait)
            elif status:
                return _granted(status, answer)
        status, answer, _wait_longer = self._once(request, again=False)
        return _granted(status, answer)

    def _once(self, request: httpx.Request, *, again: bool) -> tuple[int, bytes, float]:
        """Status, body and the seconds to wait; status 0 if the connection broke and is to be tried again."""
        try:
            response = self._client.send(request, stream=True)
            try:
                return response.status_code, _bounded(response), _wait(response)
            finally:
                response.close()
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
            # All that is asked may be asked twice, and a kept connection may have been closed at the other end.
            if again:
                return 0, b"", 0
            raise _silent() from error
        except httpx.HTTPError as error:
            raise _unproven() if _is_untrusted(error) else _silent() from error


def _trusted(scheme: str) -> ssl.SSLContext:
    """What the computer itself trusts, so that an office's own authority counts here as it does elsewhere.

    It takes a twentieth of a second to read; where nothing is proved by it, nobody at all is trusted.
    """
    return ssl.create_default_context() if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _bounded(response: httpx.Response) -> bytes:
    found = bytearray()
    for part in response.iter_raw():
        found += part
        if len(found) > LARGEST:
            raise strange()
    return bytes(found)


def _wait(response: httpx.Response) -> float:
    said = response.headers.get("Retry-After", "1")
    return float(said) if said.isdecimal() else float(PATIENCE + 1)


def _granted(status: int, answer: bytes) -> bytes:
    if 200 <= status < 300:
        return answer
    if status == 507:
        raise Weather(
            N_("The hub has no room left."),
            N_("Tell whoever looks after it. Everything is kept on this computer and handed over later."),
        )
    if status in _BUSY or status >= 500:
        raise Weather(N_("The hub cannot do this now."), N_("Try again later. Everything is kept on this computer."))
    raise Turned(status, _facts(answer))


def _facts(answer: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


def _is_untrusted(error: httpx.HTTPError) -> bool:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def strange() -> Weather:
    """What answers is no hub, or one of another kind."""
    return Weather(
        N_("What answers at this address is not a hub that this program understands."),
        N_("Check the address. If it is right, one of the two has to be updated."),
    )


def _no_address() -> Refused:
    return Refused(N_("This is not the address of a hub. It begins with https:// and the name of a computer."))


def _silent() -> Weather:
    return Weather(
        N_("The hub does not answer."),
        N_("Check the network and the address. Everything is kept on this computer and handed over later."),
    )


def _unproven() -> Weather:
    return Weather(
        N_("The hub cannot prove that it is the one at this address: its certificate is not trusted here."),
        N_("Do not go on over this network. Ask whoever looks after the hub; its certificate may have run out."),
    )
