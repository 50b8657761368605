"""What a report borrows from the room of papers to be printed: lent by whoever knows both rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Press:
    """Page, faces and blocks, as the papers of the desk are set with them."""

    press: Callable[[list[Any], Any], bytes]
    """A story of flowables and its dress, as a PDF."""
    dress: Callable[..., Any]
    """What stands around the text: title, language, stamp, head, mark, printed, wide."""
    stamp: Callable[[datetime], str]
    """A moment as a PDF writes it."""
    type: Callable[..., Any]
    """A way to set text: face, size, leading, grey."""
    lines: Callable[..., Any]
    """Running text in a type."""
    signatures: Callable[..., Any]
    writing: Callable[[Any], Any]
    """A text object on a canvas, used as a context."""
    rule: Callable[..., None]
    break_lines: Callable[[str, Any, float], list[str]]
    measure: Callable[[str, Any], float]
    text_face: str
    strong_face: str
    head_face: str
