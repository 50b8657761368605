"""The hub from the command line: start it, and what whoever runs it has to do."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from familydesk.cli.output import say, tell, warn
from familydesk.cli.parser import Invocation, Misused, add, positive
from familydesk.core.errors import Weather
from familydesk.core.i18n import N_, translate

if TYPE_CHECKING:
    from familydesk.hub.admin import Checked
    from familydesk.hub.place import Place

_LISTEN = "127.0.0.1:8440"
_BROKEN = 1
_KEPT = N_("envelopes: {envelopes}; bytes: {bytes} of {quota}; laptops: {devices}; forks: {forks}")


def add_commands(commands: Any) -> None:
    """Register the commands of this room."""
    parser = add(commands, "hub", serve, N_("keep centers' sealed envelopes, and give them to their laptops"))
    _place(parser, None)
    parser.add_argument("--listen", default=_LISTEN, metavar="HOST:PORT")
    parser.add_argument(
        "--address",
        action="append",
        default=[],
        type=_visited,
        metavar="URL",
        help=translate(N_("by which laptops reach it, if that is not where it listens; may be said several times")),
    )
    parser.add_argument("--certificate", type=Path, metavar="FILE", help=translate(N_("for TLS, as PEM")))
    parser.add_argument("--key", type=Path, metavar="FILE", help=translate(N_("the certificate's key, as PEM")))
    inside = parser.add_subparsers(title="commands", metavar="[COMMAND]")
    _add_centers(inside)
    devices = inside.add_parser("device", help=translate(N_("laptops"))).add_subparsers(
        required=True, metavar="COMMAND"
    )
    device = _leaf(devices, "retire", retire, N_("shut a laptop out of this hub, whatever its center says"))
    device.add_argument("center", type=_id, metavar="CENTER")
    device.add_argument("device", type=_id, metavar="DEVICE")
    device.add_argument("--again", action="store_true", help=translate(N_("let it in again")))
    _leaf(inside, "check", check, N_("go through every log from its beginning"))
    backup = _leaf(inside, "backup", back_up, N_("one file with everything, while the hub runs"))
    backup.add_argument("--out", type=Path, required=True, metavar="FILE")
    restore = _leaf(inside, "restore", bring_back, N_("bring a backup back into an empty hub"))
    restore.add_argument("file", type=Path, metavar="FILE")


def _add_centers(inside: Any) -> None:
    centers = inside.add_parser("center", help=translate(N_("centers"))).add_subparsers(
        required=True, metavar="COMMAND"
    )
    adding = _leaf(centers, "add", add_center, N_("keep a center from now on, by its certificate"))
    adding.add_argument("file", type=Path, metavar="FILE")
    _leaf(centers, "list", list_centers, N_("the centers that are kept, with their sizes"))
    quota = _leaf(inside, "quota", set_quota, N_("how many megabytes a center may keep"))
    quota.add_argument("center", type=_id, metavar="CENTER")
    quota.add_argument("megabytes", type=positive, metavar="MEGABYTES")


def _leaf(commands: Any, name: str, function: Callable[[Invocation], int | None], help: str) -> Any:
    parser = add(commands, name, function, help)
    # What was said before the command's name stays said.
    _place(parser, argparse.SUPPRESS)
    return parser


def _place(parser: Any, default: Any) -> None:
    parser.add_argument("--data", type=Path, metavar="DIR", default=default)
    parser.add_argument("--database", metavar="URL", default=default)


def _visited(text: str) -> str:
    """The origin of an address, as laptops sign it."""
    from familydesk.sync.wire.login import origin

    return origin(text)


def _id(text: str) -> bytes:
    """A center or a device: 32 hexadecimal digits."""
    if len(found := bytes.fromhex(text)) != 16:
        raise ValueError
    return found


@contextmanager
def _opened(invocation: Invocation, *, existing: bool = False) -> Iterator[Place]:
    words = invocation.arguments
    if not words.data:
        raise Misused(N_("Say which folder is the hub's: --data DIR."))
    with _opening_hub():
        from familydesk.hub import place
    with place.opened(words.data, words.database or "", existing=existing) as found:
        yield found


@contextmanager
def _opening_hub() -> Iterator[None]:
    """Around an import of what only a hub needs."""
    try:
        yield
    except ImportError as error:
        raise _incomplete() from error


def serve(invocation: Invocation) -> None:
    """`hub --data DIR`: until it is told to end."""
    words = invocation.arguments
    if bool(words.certificate) != bool(words.key):
        raise Misused(N_("TLS needs both --certificate and --key."))
    with _opened(invocation) as found:
        try:
            from familydesk.hub import server
        except ImportError as error:
            raise _incomplete() from error
        from familydesk.hub.hub import Hub

        listening = server.Listening(*_address(words.listen), words.certificate, words.key)
        with _ending_well():
            hub = Hub(found.storage, found.key, addresses=words.address)
            server.serve(hub, listening, lambda url: print(f"listening on {url}", flush=True))


@contextmanager
def _ending_well() -> Iterator[None]:
    """To be told to end is no failure."""
    before = {ending: signal.signal(ending, _end) for ending in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)


def _end(*_signal: object) -> None:
    raise SystemExit(0)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise Misused(N_("An address to listen at is written HOST:PORT."))
    return host.strip("[]"), int(port)


def add_center(invocation: Invocation) -> None:
    """`hub center add FILE`."""
    from familydesk.hub import admin

    with _opened(invocation) as found:
        center = admin.add_center(found.storage, invocation.arguments.file).hex()
    tell({"center": center}) if invocation.json else say(center)


def list_centers(invocation: Invocation) -> None:
    """`hub center list`."""
    from familydesk.hub import admin

    with _opened(invocation) as found:
        kept = admin.centers(found.storage)
    names = ("envelopes", "bytes", "quota", "devices", "forks")
    told = [{"center": one.center.hex(), **{name: getattr(one, name) for name in names}} for one in kept]
    if invocation.json:
        tell(told)
        return
    for one in told:
        say(f"{one['center']}  {translate(_KEPT).format(**one)}")


def set_quota(invocation: Invocation) -> None:
    """`hub quota CENTER MEGABYTES`."""
    from familydesk.hub import admin

    words = invocation.arguments
    with _opened(invocation) as found:
        admin.set_quota(found.storage, words.center, words.megabytes * 1024 * 1024)


def retire(invocation: Invocation) -> None:
    """`hub device retire CENTER DEVICE`."""
    from familydesk.hub import admin

    words = invocation.arguments
    with _opened(invocation) as found:
        admin.retire(found.storage, words.center, words.device, again=words.again)


def check(invocation: Invocation) -> int:
    """`hub check`: 1 if a log does not hold, or the database is damaged."""
    logs = _checked(invocation)
    if logs is None:
        return _BROKEN
    told = [{"center": one.center.hex(), "envelopes": one.envelopes, "broken": one.broken} for one in logs]
    if invocation.json:
        tell(told)
    else:
        for one in told:
            broken = translate(N_("does not hold from position {position}")).format(position=one["broken"])
            found = broken if one["broken"] else translate(N_("holds"))
            say(f"{one['center']}  {one['envelopes']}  {found}")
    return _BROKEN if any(one.broken for one in logs) else 0


def _checked(invocation: Invocation) -> list[Checked] | None:
    """None, and a word of it, where the database itself is damaged."""
    with _opening_hub():
        from familydesk.hub import admin
        from familydesk.hub.storage import Damaged
    try:
        with _opened(invocation, existing=True) as found:
            return admin.checked(found.storage)
    except Damaged as damaged:
        warn(str(damaged))
        return None


def back_up(invocation: Invocation) -> None:
    """`hub backup --out FILE`."""
    from familydesk.hub import copying

    with _opened(invocation, existing=True) as found:
        count = copying.back_up(found.storage, invocation.arguments.out)
    say(translate(N_("The backup was written, and its logs hold. Envelopes: {count}.")).format(count=count))


def bring_back(invocation: Invocation) -> None:
    """`hub restore FILE`."""
    from familydesk.hub import copying

    with _opened(invocation) as found:
        count = copying.bring_back(invocation.arguments.file, found.storage)
    said = N_("The backup was brought back. Envelopes: {count}. Put the file hub.key back as well, if it is not there.")
    say(translate(said).format(count=count))


def _incomplete() -> Weather:
    return Weather(
        N_("What a hub needs is not installed here."), N_("Install FamilyDesk with what a hub needs: familydesk[hub].")
    )
