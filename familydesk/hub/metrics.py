"""What a hub counts since it was started, in the words of Prometheus. Sums over all centers: no id stands in them."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from familydesk.hub.tables import CENTER, DEVICE

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._receipts: Counter[str] = Counter()

    def request(self, what: str, status: int, seconds: float) -> None:
        """One request was answered."""
        with self._lock:
            self._requests[what, status] += 1
            self._seconds[what] += seconds

    def receipt(self, word: str, count: int = 1) -> None:
        """So many envelopes were taken in or refused."""
        with self._lock:
            self._receipts[word] += count

    def text(self, connection: Connection) -> str:
        """All of it, with what the database says of all centers together."""
        with self._lock:
            requests = {f'what="{what}",status="{status}"': count for (what, status), count in self._requests.items()}
            seconds = {f'what="{what}"': spent for what, spent in self._seconds.items()}
            receipts = {f'receipt="{word}"': count for word, count in self._receipts.items()}
        lines = [
            *_lines("requests_total", "counter", requests),
            *_lines("request_seconds_total", "counter", seconds),
            *_lines("envelopes_total", "counter", receipts),
        ]
        for name, value in _kept(connection).items():
            lines += _lines(name, "gauge", {"": value})
        return "\n".join(lines) + "\n"


def _kept(connection: Connection) -> dict[str, int]:
    sums = func.count(), func.coalesce(func.sum(CENTER.c.position), 0), func.coalesce(func.sum(CENTER.c.bytes), 0)
    centers, envelopes, size = connection.execute(select(*sums)).one()
    devices = connection.execute(select(func.count()).select_from(DEVICE)).scalar_one()
    return {"centers": centers, "kept_envelopes": int(envelopes), "kept_bytes": int(size), "devices": devices}


def _lines(name: str, kind: str, values: Mapping[str, float]) -> list[str]:
    full = f"familydesk_hub_{name}"
    told = [f"{full}{{{labels}}} {value:g}" if labels else f"{full} {value:g}" for labels, value in values.items()]
    return [f"# TYPE {full} {kind}", *sorted(told)]
