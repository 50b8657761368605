"""What Alembic is told of our schema: which tables are ours, and how our column types are written down."""

from __future__ import annotations

from typing import Any

from sqlalchemy.types import TypeDecorator

from familydesk.store.tables import metadata


def _ours(name: str | None, kind: str, parents: Any) -> bool:
    # The search index is made by its own hand and can be built again at any time.
    return kind != "table" or name in metadata.tables


def _as_it_lies(kind: str, item: Any, context: Any) -> str | bool:
    """Our own types as the plain ones they lie in: a step must not change when a vocabulary does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


OPTIONS: dict[str, Any] = {
    "target_metadata": metadata,
    "render_as_batch": True,
    "compare_type": True,
    "include_name": _ours,
    "render_item": _as_it_lies,
}
