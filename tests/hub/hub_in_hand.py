"""A hub that answers on loopback from a thread of the test, and what speaks with it."""

from __future__ import annotations

import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import httpx
import uvicorn
from founded import FoundedCenter, Writer
from nacl.signing import SigningKey

from familydesk.hub import admin
from familydesk.hub.hub import Hub
from familydesk.hub.identity import HubKey
from familydesk.hub.limits import QUOTA, Rate, Rates
from familydesk.hub.server import Listening, configured, listener
from familydesk.hub.storage import Storage
from familydesk.sync.http import HubPeer
from familydesk.sync.peer import ObjectKind

UNHURRIED = Rates(*(Rate(1_000_000, 1_000_000) for _ in range(4)))


class HubInHand:
    """One hub; `restart` ends it and starts another one on the same database and port."""

    def __init__(self, database: str, rates: Rates = UNHURRIED, seed: bytes | None = None) -> None:
        self.database, self._rates = database, rates
        self.seed = seed or bytes(SigningKey.generate())
        self._port = 0

    def __enter__(self) -> HubInHand:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        self.storage = Storage(self.database)
        self.hub = Hub(self.storage, HubKey(self.seed), self._rates)
        opened = listener(Listening("127.0.0.1", self._port))
        self._port = opened.getsockname()[1]
        self.hub.addresses = {self.url}
        self._server = uvicorn.Server(configured(self.hub, Listening("127.0.0.1", self._port)))
        self._thread = threading.Thread(target=self._server.run, args=([opened],))
        self._thread.start()

    def stop(self) -> None:
        # Nobody is in the middle of anything: no need to wait for connections that are kept.
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()
        self.hub.close()

    def restart(self, database: str = "") -> None:
        self.stop()
        self.database = database or self.database
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def add(self, center: FoundedCenter, quota: int = QUOTA) -> None:
        """Keep the center, and nothing of it yet."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "certificate"
            file.write_bytes(center.certificate)
            admin.add_center(self.storage, file, quota)

    def found(self, center: FoundedCenter, quota: int = QUOTA) -> HubPeer:
        """Keep the center with all that it has stated so far, brought by its first laptop."""
        self.add(center, quota)
        peer = self.peer(center.laptop)
        state(peer, center)
        return peer

    def peer(self, writer: Writer) -> HubPeer:
        """The hub as this laptop meets it."""
        return HubPeer(self.url, writer.center, writer.key)

    def ask(self, method: str, path: str, content: bytes = b"", shown: str = "") -> httpx.Response:
        """A request as anybody may send it."""
        headers = {"Authorization": shown} if shown else {}
        return httpx.request(method, self.url + path, content=content, headers=headers, trust_env=False)


def state(peer: HubPeer, center: FoundedCenter) -> None:
    """Leave the center's statements, as a sync does: in the order of their names."""
    there = peer.meet({}, "").objects.get(ObjectKind.STATEMENT, frozenset())
    for statement in sorted(center.statements, key=lambda one: one.id):
        if statement.id.hex() not in there:
            peer.put(ObjectKind.STATEMENT, statement.id.hex(), statement.content)
