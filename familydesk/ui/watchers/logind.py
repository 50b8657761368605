"""Linux: systemd-logind, over the system bus. Interface: org.freedesktop.login1(5).

Nothing here waits for an answer: a bus that hangs does not hold up the desk. Where there is no logind the desk still
locks by its time of rest and by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SLOT, QObject, QTimer, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusObjectPath,
    QDBusPendingCallWatcher,
    QDBusUnixFileDescriptor,
    QDBusVariant,
)

from familydesk.ui.watchers.watcher import Watcher

SERVICE, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
MANAGER, SESSION = "org.freedesktop.login1.Manager", "org.freedesktop.login1.Session"
PROPERTIES = "org.freedesktop.DBus.Properties"
LID_EVERY = 2_000
"""Milliseconds between two looks at the lid: logind announces sleep, but of the lid it speaks only when asked."""


class LogindWatcher(Watcher):
    """Holds sleep back until the desk is locked, and hears of sleep, of the session's lock and of the lid."""

    def __init__(self, parent: QObject, bus: QDBusConnection | None = None) -> None:
        """`bus` instead of the system's own."""
        super().__init__(parent)
        self._given = bus
        self._inhibitor: QDBusUnixFileDescriptor | None = None
        self._lid_closed = True
        self._lid = QTimer(self)
        self._lid.setSingleShot(True)
        self._lid.setInterval(LID_EVERY)
        self._lid.timeout.connect(self._look_at_lid)

    def begin(self) -> None:
        """Ask to be waited for before sleep, and listen."""
        if self._bus.isConnected():
            self._hear(PATH, MANAGER, "PrepareForSleep", SLOT("on_sleep(bool)"))
            self._ask(self._on_session, MANAGER, "GetSession", "auto")
            self._hold_sleep()
            # A lid that was closed from the beginning belongs to a laptop with another screen.
            self._look_at_lid()

    # Sleep

    @Slot(bool)
    def on_sleep(self, asleep: bool) -> None:
        """About to sleep, or awake again.

        The system waits until the inhibitor is closed, five seconds at most. Nothing closes it here: it goes with the
        process that the lock replaces, when the keys are gone from memory.
        """
        if asleep:
            self.alarmed.emit()

    def _hold_sleep(self) -> None:
        # Both words are shown to whoever asks the system who holds it up.
        self._ask(self._on_held, MANAGER, "Inhibit", "sleep", "workspace", "Saving", "delay")

    def _on_held(self, answer: Any) -> None:
        # The object owns the descriptor and closes it when it goes.
        self._inhibitor = answer if isinstance(answer, QDBusUnixFileDescriptor) else None

    # The session

    def _on_session(self, answer: Any) -> None:
        # Without a session of its own it hears of every session: rather locked once too often.
        path = answer.path() if isinstance(answer, QDBusObjectPath) else ""
        self._hear(path, SESSION, "Lock", SLOT("on_lock()"))
        self._hear(path, PROPERTIES, "PropertiesChanged", SLOT("on_changed(QString,QVariantMap,QStringList)"))

    @Slot()
    def on_lock(self) -> None:
        """Somebody asked for the session to be locked."""
        self.alarmed.emit()

    @Slot(str, "QVariantMap", "QStringList")
    def on_changed(self, interface: str, changed: dict[str, Any], _vague: list[str]) -> None:
        """The desktop has locked its screen by itself and tells logind of it."""
        if interface == SESSION and changed.get("LockedHint") is True:
            self.alarmed.emit()

    # The lid

    def _look_at_lid(self) -> None:
        self._ask(self._on_lid, PROPERTIES, "Get", MANAGER, "LidClosed")

    def _on_lid(self, answer: Any) -> None:
        if not isinstance(answer, QDBusVariant):
            return
        was, self._lid_closed = self._lid_closed, bool(answer.variant())
        if self._lid_closed and not was:
            self.alarmed.emit()
        self._lid.start()

    # The bus

    @property
    def _bus(self) -> QDBusConnection:
        return self._given or QDBusConnection.systemBus()

    def _hear(self, path: str, interface: str, signal: str, slot: str) -> None:
        # The binding's stubs ask for bytes here; the binding itself takes what SLOT gives, a text, and nothing else.
        self._bus.connect(SERVICE, path, interface, signal, self, slot)  # type: ignore[call-overload]

    def _ask(self, then: Callable[[Any], None], interface: str, method: str, *words: str) -> None:
        """Call a method of the manager; `then` is given its first answer, or None if it has none."""
        call = QDBusMessage.createMethodCall(SERVICE, PATH, interface, method)
        call.setArguments(list(words))
        pending = QDBusPendingCallWatcher(self._bus.asyncCall(call), self)
        pending.finished.connect(lambda done: self._on_answer(done, then))

    @staticmethod
    def _on_answer(done: QDBusPendingCallWatcher, then: Callable[[Any], None]) -> None:
        reply = done.reply()
        said = reply.arguments() if reply.type() is QDBusMessage.MessageType.ReplyMessage else []
        done.deleteLater()
        then(said[0] if said else None)
