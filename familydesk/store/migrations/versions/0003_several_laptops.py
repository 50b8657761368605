"""several laptops."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """From the schema before to this one."""
    op.create_table(
        "base",
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("clock", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_base")),
    )
    op.create_table(
        "case_word",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("followed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_case_word")),
    )
    op.create_table(
        "device",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("heard", sa.String(), nullable=True),
        sa.Column("wall", sa.Integer(), nullable=True),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_device")),
        sa.UniqueConstraint("device"),
    )
    op.create_table(
        "envelope",
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("changes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("device", "seq", name=op.f("pk_envelope")),
    )
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.create_index(
            "ix_envelope_waiting", ["device", "seq"], unique=False, sqlite_where=sa.text("standing = 'WAITING'")
        )

    op.create_table(
        "expected",
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("clock", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("device", "clock", "seq", name=op.f("pk_expected")),
    )
    op.create_table(
        "freed_case_key",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "generation", "key", name=op.f("pk_freed_case_key")),
    )
    op.create_table(
        "front",
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stands", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("record", "field", "seq", name=op.f("pk_front")),
    )
    op.create_table(
        "key_bundle",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("destroyed", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_key_bundle")),
    )
    op.create_table(
        "letter",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("outgoing", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("center", sa.String(length=32), nullable=False),
        sa.Column("sending", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("fields", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_letter")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_digest", ["digest"], unique=False)
        batch_op.create_index("ix_letter_state", ["outgoing", "state"], unique=False)

    op.create_table(
        "neighbour",
        sa.Column("center", sa.String(length=32), nullable=False),
        sa.Column("anchor", sa.String(length=64), nullable=False),
        sa.Column("sealing", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("compared", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("center", name=op.f("pk_neighbour")),
    )
    op.create_table(
        "parked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("envelope", sa.Integer(), nullable=False),
        sa.Column("waits_for", sa.String(), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked")),
    )
    with op.batch_alter_table("parked", schema=None) as batch_op:
        batch_op.create_index("ix_parked_waits", ["reason", "waits_for"], unique=False)

    op.create_table(
        "peer",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("public", sa.String(length=64), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=True),
        sa.Column("met", sa.String(), nullable=True),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("seen", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_peer")),
    )
    op.create_table(
        "replaced",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("former", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seq", "former", name=op.f("pk_replaced")),
    )
    with op.batch_alter_table("replaced", schema=None) as batch_op:
        batch_op.create_index("ix_replaced_former", ["former"], unique=False)

    op.create_table(
        "statement",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_statement")),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "stream_key",
        sa.Column("stream", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("destroyed", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("stream", "key", name=op.f("pk_stream_key")),
    )
    op.create_table(
        "vouched",
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("signer", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_vouched")),
    )
    op.rename_table("case_key", "former_case_key")
    op.create_table(
        "case_key",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("public", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("of_key", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("case_id", "kind", "account", "of_key", name=op.f("pk_case_key")),
    )
    op.execute(
        "INSERT INTO case_key SELECT case_id, kind, account, generation, public, sealed, '' FROM former_case_key"
    )
    op.drop_table("former_case_key")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settled_by", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("settled_at", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("loser", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("by_clock", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("restricted_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("word", sa.String(length=32), server_default="", nullable=False))

    # The list of people is the log of statements now; what heads signed in the old form counts for nothing in it.
    op.drop_table("member")
