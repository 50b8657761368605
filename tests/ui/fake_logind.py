"""A login service on a private bus, as org.freedesktop.login1(5) describes it. Its argument is the bus's address.

It tells on standard output what it was asked for, and sends the signals that standard input names.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

SERVICE, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
OURS, OTHERS = f"{PATH}/session/_31", f"{PATH}/session/_32"
MANAGER, SESSION = "org.freedesktop.login1.Manager", "org.freedesktop.login1.Session"


class Logind:
    """The service. It notices when the descriptor that it gave out for an inhibitor is closed."""

    def __init__(self, address: str, knows_session: bool) -> None:
        self.bus = open_dbus_connection(address, enable_fds=True)
        self.bus.send_and_get_reply(message_bus.RequestName(SERVICE))
        self.knows_session = knows_session
        self.lid = False
        print("ready", flush=True)

    def serve(self) -> None:
        """Answer calls."""
        while True:
            call = self.bus.receive()
            if call.header.message_type is MessageType.method_call:
                self._answer(call, call.header.fields[HeaderFields.member])

    def _answer(self, call: Any, member: str) -> None:
        if member == "Inhibit":
            given = self._inhibitor()
            self.bus.send(new_method_return(call, "h", (given,)))
            os.close(given)
        elif member == "Get":
            self.bus.send(new_method_return(call, "v", (("b", self.lid),)))
        elif member == "GetSession" and self.knows_session:
            self.bus.send(new_method_return(call, "o", (OURS,)))
        else:
            self.bus.send(new_error(call, f"{SERVICE}.NoSuchSession"))
        print(member, *call.body, flush=True)

    def _inhibitor(self) -> int:
        ours, theirs = os.pipe()
        threading.Thread(target=self._wait, args=(ours,), daemon=True).start()
        return theirs

    @staticmethod
    def _wait(end: int) -> None:
        os.read(end, 1)
        print("released", flush=True)

    def tell(self, what: str) -> None:
        """Send the signal of that name, or move the lid."""
        session = OTHERS if what.startswith("other ") else OURS
        match what.removeprefix("other "):
            case "sleep":
                self._send(PATH, MANAGER, "PrepareForSleep", "b", True)
            case "wake":
                self._send(PATH, MANAGER, "PrepareForSleep", "b", False)
            case "lock":
                self._send(session, SESSION, "Lock")
            case "hint" | "unhint" as word:
                changed = {"LockedHint": ("b", word == "hint")}
                properties = "org.freedesktop.DBus.Properties"
                self._send(session, properties, "PropertiesChanged", "sa{sv}as", SESSION, changed, [])
            case "lid closed" | "lid open" as word:
                self.lid = word == "lid closed"

    def _send(self, path: str, interface: str, name: str, signature: str | None = None, *body: Any) -> None:
        self.bus.send(new_signal(DBusAddress(path, interface=interface), name, signature, body))


if __name__ == "__main__":
    logind = Logind(sys.argv[1], "sessionless" not in sys.argv)
    threading.Thread(target=logind.serve, daemon=True).start()
    for line in sys.stdin:
        logind.tell(line.strip())
