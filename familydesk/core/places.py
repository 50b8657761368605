"""Where the program's own files lie: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def _root() -> Path:
    installed = _PACKAGE / "_data"
    return installed if installed.is_dir() else _PACKAGE.parent


def resources() -> Path:
    """The folder of fonts, icons and themes."""
    return _root() / "resources"


def translations() -> Path:
    """The folder of the catalogues."""
    return _root() / "translations"
