"""The hub as a process: one address on the network, TLS if there are certificates, one line when it is ready."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import uvicorn

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.hub.api import application
from familydesk.hub.hub import Hub
from familydesk.sync.wire.login import origin

AT_ONCE = 512
"""Requests being answered at the same time; more are told to come again."""
BACKLOG = 1024
"""Connections that may wait to be taken up."""
IDLE = 65
"""Seconds for which a connection without a request is kept."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""What a computer calls itself: a visit by one of these comes from nowhere else."""
GRACE = 5
"""Seconds in which what was begun may end when the hub is stopped; whoever got no answer asks again."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a hub listens, and by which certificate it is known; without one a proxy before it has to be."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None

    @property
    def scheme(self) -> str:
        """http or https."""
        return "https" if self.certificate else "http"

    def address(self, opened: socket.socket) -> str:
        """Where a socket of it can be reached."""
        host, port = opened.getsockname()[:2]
        return self._spelled(host, port)

    def origins(self, opened: socket.socket) -> set[str]:
        """By which origins it is reached as far as it can tell: where nobody but this computer reaches it, by each of
        this computer's names for itself.
        """
        host, port = opened.getsockname()[:2]
        names = {host, *LOOPBACK} if ip_address(host).is_loopback or ip_address(host).is_unspecified else {host}
        return {origin(self._spelled(name, port)) for name in names}

    def _spelled(self, host: str, port: int) -> str:
        shown = f"[{host}]" if ":" in host else host
        return f"{self.scheme}://{shown}:{port}"


def serve(hub: Hub, listening: Listening, ready: Callable[[str], None]) -> None:
    """Answer until the process is told to end. `ready` is called with the address once it can be reached.

    A hub that was given no address of its own is known by the one at which it listens.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    server = _Server(configured(hub, listening), ready, listening)
    with listener(listening) as opened:
        if not hub.addresses:
            hub.addresses = listening.origins(opened)
        server.run(sockets=[opened])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[str], None], listening: Listening) -> None:
        super().__init__(config)
        self._ready, self._listening = ready, listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            self._ready(self._listening.address(sockets[0]))


def configured(hub: Hub, listening: Listening) -> uvicorn.Config:
    """How the hub is run. Weather if the certificates cannot be read."""
    # Addresses of those who come are logged nowhere; what is wrong with the server itself is.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL)
    try:
        config = uvicorn.Config(
            application(hub),
            ssl_certfile=listening.certificate,
            ssl_keyfile=listening.key,
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            limit_concurrency=AT_ONCE,
            timeout_keep_alive=IDLE,
            timeout_graceful_shutdown=GRACE,
            backlog=BACKLOG,
        )
        config.load()
    except OSError as error:
        # A certificate that is missing, or no certificate: ssl.SSLError is an OSError as well.
        raise Weather(
            N_("The certificate or its key cannot be read."),
            N_("Give both as PEM files that belong together and that this user may read."),
        ) from error
    return config


def listener(listening: Listening) -> socket.socket:
    """The socket to listen at. Weather if it is taken, or not this computer's."""
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    # With the protocol named, asyncio sends small answers at once; without it each waits 40 ms for an acknowledgement.
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((listening.host, listening.port))
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise Weather(
            N_("The hub cannot listen at this address."),
            N_("Another program may be using the port, or the address is not this computer's."),
        ) from error
    return opened
