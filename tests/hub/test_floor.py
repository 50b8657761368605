"""A hub leans on the wire and on the words that all rooms share, and on no other room."""

from __future__ import annotations

import ast
from pathlib import Path

HUB = Path(__file__).parents[2] / "familydesk" / "hub"
ALLOWED = ("familydesk.hub", "familydesk.sync.wire", "familydesk.core")


def test_a_hub_imports_nothing_but_the_wire_and_the_core() -> None:
    for file in HUB.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("familydesk"):
                assert (node.module or "").startswith(ALLOWED), f"{file.name}: {node.module}"
