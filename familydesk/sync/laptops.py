"""The laptops by the small numbers under which one store's log knows them."""

from __future__ import annotations

from sqlalchemy import Connection

from familydesk.sync.wire.change import Version

OWN = 1
"""The number of this laptop itself, whatever its id."""


class Laptops:
    """Numbers and ids, as one transaction knows them; this laptop's own too, as soon as it has an id."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        rows = connection.exec_driver_sql("SELECT number, device, until FROM device ORDER BY until, number").all()
        self._ids = {number: bytes.fromhex(device) for number, device, _until in rows}
        self._numbers = {device: number for number, device in self._ids.items()}
        self._former = [(until, bytes.fromhex(device)) for _number, device, until in rows if until is not None]

    def id(self, number: int) -> bytes:
        """The id, 16 bytes; of a laptop that has never met another one, none."""
        return self._ids.get(number, b"")

    def writer(self, number: int, stamp: int) -> bytes:
        """The id under which a change of the log was written: a former one of this laptop, where it bore that then."""
        if number == OWN:
            for until, device in self._former:
                if stamp <= until:
                    return device
        return self.id(number)

    def is_own(self, version: Version) -> bool:
        """Whether this laptop wrote it, whatever its id was then."""
        return self.writer(OWN, version.clock) == version.device

    def known(self, device: bytes) -> int | None:
        """The number of a laptop of which something is here."""
        return self._numbers.get(device)

    def doubtful(self) -> frozenset[bytes]:
        """Laptops whose own clock stood more than ten minutes ahead of this one's when something of them came last."""
        query = "SELECT device FROM device WHERE wall > (strftime('%s', heard) + 600) * 1000"
        return frozenset(bytes.fromhex(device) for device in self._connection.exec_driver_sql(query).scalars())

    def free(self) -> int:
        """The next number, which no laptop has."""
        return max(self._ids, default=OWN) + 1

    def number(self, device: bytes) -> int:
        """The same; a new laptop gets the next one."""
        if device not in self._numbers:
            number = self.free()
            self._connection.exec_driver_sql("INSERT INTO device(number, device) VALUES(?, ?)", (number, device.hex()))
            self._ids[number], self._numbers[device] = device, number
        return self._numbers[device]
