"""macOS: sleep and the fast switching of users from NSWorkspace, the locked screen from the login window.

Untested until the program was run there. The Objective-C runtime is spoken to directly, with a class of three words:
that saves a bridge of forty megabytes. Interfaces: objc/runtime.h, NSWorkspace, NSDistributedNotificationCenter.
"""

from __future__ import annotations

import ctypes
from ctypes import c_char_p, c_void_p
from ctypes.util import find_library
from functools import cached_property
from typing import Any

from PySide6.QtCore import QObject

from familydesk.ui.watchers.watcher import Watcher

OF_WORKSPACE = (
    "NSWorkspaceWillSleepNotification",
    "NSWorkspaceScreensDidSleepNotification",
    "NSWorkspaceSessionDidResignActiveNotification",
)
"""A closed lid puts the computer to sleep or, with another screen, its own screen."""
OF_LOGIN = ("com.apple.screenIsLocked",)
METHOD = ctypes.CFUNCTYPE(None, c_void_p, c_void_p, c_void_p)
"""A method that gives nothing back: the object, the selector, the notification."""


class MacWatcher(Watcher):
    """Hears notifications through an object of its own, made while the program runs."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        # The runtime goes on calling it: it has to live as long as this object.
        self._heard = METHOD(lambda _object, _selector, _note: self.alarmed.emit())

    def begin(self) -> None:
        """Listen to both centers of notifications. They deliver in the window's own thread."""
        runtime = _Runtime()
        ear = runtime.new("WorkspaceEar", "heard:", self._heard)
        workspace = runtime.send(runtime.named("NSWorkspace"), "sharedWorkspace")
        centers = (
            (runtime.send(workspace, "notificationCenter"), OF_WORKSPACE),
            (runtime.send(runtime.named("NSDistributedNotificationCenter"), "defaultCenter"), OF_LOGIN),
        )
        for center, names in centers:
            for name in names:
                runtime.observe(center, ear, "heard:", name)


class _Runtime:
    """As much of the Objective-C runtime as it takes to hear a notification. Objects are addresses."""

    @cached_property
    def _objc(self) -> Any:
        # The class of notifications' center comes with the framework; Qt has loaded it already.
        ctypes.CDLL(find_library("AppKit"))
        objc = ctypes.CDLL(find_library("objc"))
        for function in (objc.objc_getClass, objc.sel_registerName):
            function.restype, function.argtypes = c_void_p, [c_char_p]
        objc.objc_allocateClassPair.restype = c_void_p
        objc.objc_allocateClassPair.argtypes = [c_void_p, c_char_p, ctypes.c_size_t]
        objc.objc_registerClassPair.argtypes = [c_void_p]
        objc.class_addMethod.argtypes = [c_void_p, c_void_p, c_void_p, c_char_p]
        return objc

    def named(self, name: str) -> int:
        """The class of that name."""
        return int(self._objc.objc_getClass(name.encode()))

    def send(self, to: int, selector: str, *words: int) -> int:
        """Call a method whose arguments are all objects or selectors; the object that it gives back, or 0."""
        # Every signature needs its own type of call: on ARM a variadic one passes its arguments elsewhere.
        kind = ctypes.CFUNCTYPE(c_void_p, c_void_p, c_void_p, *[c_void_p] * len(words))
        call = ctypes.cast(self._objc.objc_msgSend, kind)
        return int(call(to, self._selector(selector), *words) or 0)

    def new(self, name: str, selector: str, method: Any) -> int:
        """An object of a new class with one method, which is given a notification."""
        made = self._objc.objc_allocateClassPair(self.named("NSObject"), name.encode(), 0)
        address = ctypes.cast(method, c_void_p)
        self._objc.class_addMethod(made, self._selector(selector), address, b"v@:@")
        self._objc.objc_registerClassPair(made)
        return self.send(int(made), "new")

    def observe(self, center: int, ear: int, selector: str, name: str) -> None:
        """Have `ear` told of every notification of that name, whoever sends it."""
        words = self._text(name)
        self.send(center, "addObserver:selector:name:object:", ear, self._selector(selector), words, 0)

    def _selector(self, name: str) -> int:
        return int(self._objc.sel_registerName(name.encode()))

    def _text(self, words: str) -> int:
        kind = ctypes.CFUNCTYPE(c_void_p, c_void_p, c_void_p, c_char_p)
        call = ctypes.cast(self._objc.objc_msgSend, kind)
        return int(call(self.named("NSString"), self._selector("stringWithUTF8String:"), words.encode()))
