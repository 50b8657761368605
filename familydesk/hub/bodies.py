"""What stands in a request, read within bounds: bytes while they stream in, and the few facts in JSON."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request

from familydesk.hub import faults
from familydesk.hub.hub import Left, Login
from familydesk.hub.objects import Mark, is_name
from familydesk.sync.wire import frames
from familydesk.sync.wire.bounds import CHANGES, MIB, Defect
from familydesk.sync.wire.words import ObjectKind

FACTS = MIB
"""Bytes of a request in JSON: some thousands of devices."""
BATCH = 4 * MIB
"""Bytes of the envelopes handed over at once."""
ENVELOPES = CHANGES
"""How many those may be."""
SECONDS = 60
"""How long one request may take to arrive."""
_ID = re.compile(r"[0-9a-f]{32}")
_HEX = re.compile(r"(?:[0-9a-f]{2})*")
_LARGEST = 2**63 - 1
_ADDRESS = 500


async def content(request: Request, most: int) -> bytes:
    """The body. Rejected if it is larger than `most`, before it has taken up more room than that."""
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or len(said) > 18 or int(said) > most:
        raise faults.too_large()
    found = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            async for part in request.stream():
                found += part
                if len(found) > most:
                    raise faults.too_large()
    except TimeoutError:
        raise faults.Rejected(408, "too slow", "The request did not arrive in time.") from None
    except ClientDisconnect:
        raise faults.malformed("The request was cut short.") from None
    return bytes(found)


async def facts(request: Request) -> Mapping[str, Any]:
    """A JSON object. Rejected if there is none."""
    try:
        found = json.loads(await content(request, FACTS))
    except (ValueError, RecursionError):
        raise faults.malformed("The body is not JSON.") from None
    if not isinstance(found, dict):
        raise faults.malformed("The body is not a JSON object.")
    return found


async def envelopes(request: Request) -> list[bytes]:
    """The frames of a body."""
    try:
        return frames.parted(await content(request, BATCH), ENVELOPES)
    except Defect:
        raise faults.malformed("The body is not made of frames, or of too many.") from None


def center(request: Request) -> bytes:
    """The center in the address."""
    return _address(request.path_params["center"])


def kind(request: Request) -> ObjectKind:
    """The kind of object in the address."""
    try:
        return ObjectKind(request.path_params["kind"])
    except ValueError:
        raise faults.absent() from None


def name(request: Request) -> str:
    """The object's name in the address."""
    found: str = request.path_params["name"]
    if not is_name(found):
        raise faults.absent()
    return found


def ticket(request: Request) -> tuple[bytes, bytes] | None:
    """The center and the pass that a request shows; None if it shows none."""
    scheme, _, words = request.headers.get("authorization", "").partition(" ")
    of_center, _, shown = words.partition(".")
    if scheme != "FamilyDesk" or not _ID.fullmatch(of_center) or not _HEX.fullmatch(shown):
        return None
    return bytes.fromhex(of_center), bytes.fromhex(shown)


def login(found: Mapping[str, Any]) -> Login:
    """Who wants to come in."""
    device = _hex(found, "device")
    if len(device) != 16:
        raise faults.malformed("A device is named by 32 hexadecimal digits.")
    at = found.get("address", "")
    if not isinstance(at, str) or len(at) > _ADDRESS:
        raise faults.malformed("The address that is visited is a short text.")
    return Login(device, _hex(found, "challenge"), _hex(found, "signature"), at)


def have(found: Mapping[str, Any]) -> dict[bytes, int]:
    """Up to which number the asker has each device's envelopes."""
    said = found.get("have", {})
    if not isinstance(said, dict):
        raise faults.malformed("What the asker has is an object.")
    return {_device(key): _number(value) for key, value in said.items()}


def left(found: Mapping[str, Any]) -> Left:
    """How the asker left this hub last time."""
    beside = found.get("beside", {})
    if not isinstance(beside, dict):
        raise faults.malformed("The place among the objects is an object.")
    mark = Mark(_number(beside.get("number", 0)), _hex(beside, "chain"))
    return Left(have(found), after(found), mark)


def after(found: Mapping[str, Any]) -> int:
    """The place behind which to go on."""
    return _number(found.get("after", 0))


def place(request: Request) -> int | None:
    """`?at=`, a place in the log."""
    said = request.query_params.get("at")
    if said is None:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", said):
        raise faults.malformed("A place is a number.")
    return int(said)


def _address(said: str) -> bytes:
    if not _ID.fullmatch(said):
        raise faults.absent()
    return bytes.fromhex(said)


def _device(said: str) -> bytes:
    if not _ID.fullmatch(said):
        raise faults.malformed("A device is named by 32 hexadecimal digits.")
    return bytes.fromhex(said)


def _hex(found: Mapping[str, Any], key: str) -> bytes:
    said = found.get(key, "")
    if not isinstance(said, str) or not _HEX.fullmatch(said):
        raise faults.malformed("Ids, challenges and signatures are hexadecimal digits.")
    return bytes.fromhex(said)


def _number(said: object) -> int:
    if type(said) is not int or not 0 <= said <= _LARGEST:
        raise faults.malformed("Numbers are whole, and not below zero.")
    return said
