"""The set-up knows every system library that the installed Qt asks for, and which Debian package brings it."""

from __future__ import annotations

import re
import runpy
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import PySide6
import pytest

SCRIPT = Path(__file__).parents[2] / "installer" / "system_packages.py"
QT = Path(PySide6.__file__).parent

USED = [
    *(f"Qt{name}.abi3.so" for name in ("Core", "Gui", "Widgets", "Svg", "PrintSupport", "Test")),
    *(f"Qt/lib/libQt6{name}.so.6" for name in ("Core", "Gui", "Widgets", "Svg", "PrintSupport", "DBus", "XcbQpa")),
    *(f"Qt/plugins/platforms/lib{name}.so" for name in ("qxcb", "qoffscreen")),
    *(f"Qt/plugins/xcbglintegrations/libqxcb-{name}-integration.so" for name in ("egl", "glx")),
]
# Comes with Qt itself, or with every system that runs Python at all.
AT_HAND = re.compile(r"lib(Qt6|pyside6|shiboken6|icu|c\.so|m\.so|stdc\+\+|gcc_s|pthread|dl\.so|rt\.so)|ld-linux")

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="system packages are asked for on Linux alone")


def needed(path: Path) -> Iterator[str]:
    """Libraries a 64-bit ELF file asks for: DT_NEEDED of its dynamic section (System V gABI, chapter 5)."""
    data = path.read_bytes()
    start, size, count = struct.unpack_from("<Q", data, 32)[0], *struct.unpack_from("<HH", data, 54)
    headers = [struct.unpack_from("<IIQQQQ", data, start + size * number) for number in range(count)]
    loads = [(address, offset, length) for kind, _, offset, address, _, length in headers if kind == 1]
    offset, length = next((offset, length) for kind, _, offset, _, _, length in headers if kind == 2)
    entries = list(struct.iter_unpack("<qQ", data[offset : offset + length]))
    table = next(value for tag, value in entries if tag == 5)
    strings = next(table - address + offset for address, offset, length in loads if 0 <= table - address < length)
    for tag, value in entries:
        if tag == 1:
            name = strings + value
            yield data[name : data.index(b"\0", name)].decode()


@pytest.fixture(scope="module")
def package_of_library() -> dict[str, str]:
    return runpy.run_path(str(SCRIPT))["PACKAGE_OF_LIBRARY"]


@pytest.fixture(scope="module")
def asked() -> set[str]:
    return {name for path in USED for name in needed(QT / path) if not AT_HAND.match(name)}


@only_linux
def test_every_library_that_qt_asks_for_has_a_package(asked: set[str], package_of_library: dict[str, str]) -> None:
    assert asked <= package_of_library.keys()


@only_linux
def test_no_package_is_asked_for_in_vain(asked: set[str], package_of_library: dict[str, str]) -> None:
    assert package_of_library.keys() <= asked


def test_a_machine_that_is_set_up_lacks_nothing() -> None:
    said = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=True).stdout
    assert said.strip() == ""
