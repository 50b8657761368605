"""people, journal, files, keeping and restricted cases."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From the schema before to this one."""
    op.create_table(
        "attachment",
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("copy_ground", sa.String(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_person_id"), ["person_id"], unique=False)

    op.create_table(
        "attachment_chunk",
        sa.Column("attachment", sa.String(length=32), nullable=False),
        sa.Column("piece", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("attachment", "piece", name=op.f("pk_attachment_chunk")),
    )
    op.create_table(
        "attachment_content",
        sa.Column("attachment", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("attachment", name=op.f("pk_attachment_content")),
    )
    op.create_table(
        "broken_glass",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broken_glass")),
    )
    op.create_table(
        "case_key",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("public", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "kind", "account", name=op.f("pk_case_key")),
    )
    op.create_table(
        "destruction_act",
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("drawn_on", sa.Date(), nullable=True),
        sa.Column("ground", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("first_member", sa.String(), nullable=True),
        sa.Column("second_member", sa.String(), nullable=True),
        sa.Column("contents", sa.Text(), nullable=True),
        sa.Column("record_count", sa.Integer(), nullable=True),
        sa.Column("stays", sa.Text(), nullable=True),
        sa.Column("copies", sa.Text(), nullable=True),
        sa.Column("done_at", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_act")),
    )
    with op.batch_alter_table("destruction_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_destruction_act_head_id"), ["head_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_destruction_act_number"), ["number"], unique=False)

    op.create_table(
        "glass_seen",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", "account", name=op.f("pk_glass_seen")),
    )
    op.create_table(
        "journal",
        sa.Column("device", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.Column("changes", sa.String(length=64), nullable=False),
        sa.Column("signed", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("device", "seq", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_journal_bound", ["device", "last"], unique=False, sqlite_where=sa.text("last IS NOT NULL")
        )
        batch_op.create_index("ix_journal_case", ["case_id"], unique=False)
        batch_op.create_index("ix_journal_record", ["record"], unique=False)
        batch_op.create_index(
            "ix_journal_staff", ["deed"], unique=False, sqlite_where=sa.text("sheet = 'staff_member'")
        )

    op.create_table(
        "kept_apart",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("one", sa.String(length=32), nullable=False),
        sa.Column("other", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "one", "other", name=op.f("pk_kept_apart")),
    )
    op.create_table(
        "member",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("signing_public", sa.String(length=64), nullable=False),
        sa.Column("sealing_public", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("added_by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index("ix_member_account", ["account"], unique=False)

    op.create_table(
        "restricted_case",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_restricted_case")),
    )
    op.create_table(
        "retention_term",
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("since", sa.String(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("norm", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_term")),
    )
    op.create_table(
        "sealed_record",
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_sealed_record")),
    )
    with op.batch_alter_table("sealed_record", schema=None) as batch_op:
        batch_op.create_index("ix_sealed_record_case", ["case_id"], unique=False)
        batch_op.create_index("ix_sealed_record_seq", ["seq"], unique=False)

    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_from_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_case_kept_from_id"), ["kept_from_id"], unique=False)

    _rename_hidden()
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("salt", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("proved", sa.String(length=64), nullable=True))

    _seed_retention()


HIDDEN, SECRET = "hidden", "kept_secret"
"""A field of addresses that bore the word by which the command line names what a reader may not see."""


def _rename_hidden() -> None:
    # No journal vouches for the change log yet: it begins with this step.
    op.execute(f"ALTER TABLE person_address RENAME COLUMN {HIDDEN} TO {SECRET}")
    for table in ("change", "conflict"):
        op.execute(f"UPDATE {table} SET field = '{SECRET}' WHERE sheet = 'person_address' AND field = '{HIDDEN}'")
    beginning = f"json_set(value, '$.{SECRET}', json_extract(value, '$.{HIDDEN}'))"
    op.execute(
        f"UPDATE change SET value = json_remove({beginning}, '$.{HIDDEN}') "
        f"WHERE sheet = 'person_address' AND field = '' AND json_type(value, '$.{HIDDEN}') IS NOT NULL"
    )


RETENTION = (
    ("CASE_FILE", 5, "CLOSING", None),
    ("CHILD_CASE", 5, "MAJORITY", 25),
    ("CONSENT", 3, "CONSENT_END", None),
    ("JOURNAL", 5, "ENTRY", None),
    ("ACCESS_LOG", 3, "ENTRY", None),
    ("STATISTICS", None, "ENTRY", None),
)
"""The terms that a new store begins with; a store of the first schema had no table for them."""
NORM = "ҚР МСМ 2017 ж. 29.09. № 263 бұйрығы / приказ МКС РК от 29.09.2017 № 263"
SOURCE = "мұрағатпен растаңыз / подтвердите в архиве"
FROM, CHECKED = date(2018, 1, 1), date(2026, 11, 22)


def _seed_retention() -> None:
    table = sa.table(
        "retention_term",
        sa.column("id", sa.Uuid()),
        sa.column("kind"),
        sa.column("years"),
        sa.column("since"),
        sa.column("most"),
        sa.column("norm"),
        sa.column("source"),
        sa.column("valid_from", sa.Date()),
        sa.column("checked_on", sa.Date()),
        sa.column("confirmed", sa.Boolean()),
        sa.column("archived", sa.Boolean()),
    )
    same = {
        "norm": NORM,
        "source": SOURCE,
        "valid_from": FROM,
        "checked_on": CHECKED,
        "confirmed": False,
        "archived": False,
    }
    rows = [dict(zip(("kind", "years", "since", "most"), row, strict=True), id=uuid4(), **same) for row in RETENTION]
    op.bulk_insert(table, rows)
