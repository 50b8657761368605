"""The first sheets, and the tables beside them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From the schema before to this one."""
    op.create_table(
        "application",
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("received_at", sa.String(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reason_text", sa.Text(), nullable=True),
        sa.Column("sender", sa.String(), nullable=True),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("applicant_kind", sa.String(), nullable=True),
        sa.Column("why_not_herself", sa.String(), nullable=True),
        sa.Column("repeated", sa.Boolean(), nullable=True),
        sa.Column("threat_to_life", sa.Boolean(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("iin_as_written", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("imported_row", sa.Text(), nullable=True),
        sa.Column("imported_mark", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(
            "ix_application_open_primary_assessment",
            ["received_at", "id"],
            unique=False,
            sqlite_where=sa.text(
                "received_at IS NOT NULL AND archived IS 0 AND threat_to_life IS NOT 1 AND source IS NULL"
            ),
        )
        batch_op.create_index(
            "ix_application_open_primary_assessment_urgent",
            ["received_at", "id"],
            unique=False,
            sqlite_where=sa.text(
                "received_at IS NOT NULL AND archived IS 0 AND threat_to_life IS 1 AND source IS NULL"
            ),
        )
        batch_op.create_index(batch_op.f("ix_application_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_imported_mark"), ["imported_mark"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_received_at"), ["received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_sender_id"), ["sender_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_taken_by_id"), ["taken_by_id"], unique=False)

    op.create_table(
        "appointment",
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.String(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("kept", sa.String(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("conclusion", sa.String(), nullable=True),
        sa.Column("grounds", sa.Text(), nullable=True),
        sa.Column("visited_home", sa.Boolean(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("needs", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assessment_ends_primary_assessment",
            ["application_id"],
            unique=False,
            sqlite_where=sa.text("done_on IS NOT NULL AND archived IS 0"),
        )
        batch_op.create_index(batch_op.f("ix_assessment_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_done_by_id"), ["done_by_id"], unique=False)

    op.create_table(
        "calculation_index",
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calculation_index")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("name_kk", sa.String(), nullable=True),
        sa.Column("name_ru", sa.String(), nullable=True),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
    )
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_day_day"), ["day"], unique=False)

    op.create_table(
        "case",
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("responsible_id", sa.Uuid(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("danger", sa.String(), nullable=True),
        sa.Column("map_level", sa.String(), nullable=True),
        sa.Column("map_level_on", sa.Date(), nullable=True),
        sa.Column("map_level_source", sa.String(), nullable=True),
        sa.Column("situation", sa.Text(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_reason", sa.String(), nullable=True),
        sa.Column("closing_note", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
    )
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_responsible_id"), ["responsible_id"], unique=False)

    op.create_table(
        "case_note",
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_note_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_note_case_id"), ["case_id"], unique=False)

    op.create_table(
        "center",
        sa.Column("name_kk", sa.String(), nullable=True),
        sa.Column("name_ru", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("bin", sa.String(), nullable=True),
        sa.Column("city_kk", sa.String(), nullable=True),
        sa.Column("city_ru", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_center")),
    )
    op.create_table(
        "change",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("clock", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("txn", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=True),
        sa.Column("device", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("ix_change_record", ["record", "field", "seq"], unique=False)
        batch_op.create_index("ix_change_txn", ["txn"], unique=False)

    op.create_table(
        "conflict",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("mine", sa.Text(), nullable=True),
        sa.Column("theirs", sa.Text(), nullable=True),
        sa.Column("actor", sa.String(length=32), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("settled", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_record", ["record"], unique=False)

    op.create_table(
        "consent",
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("exception", sa.String(), nullable=True),
        sa.Column("representative", sa.String(), nullable=True),
        sa.Column("representative_kind", sa.String(), nullable=True),
        sa.Column("representative_offender", sa.Boolean(), nullable=True),
        sa.Column("term", sa.Date(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=True),
        sa.Column("collected", sa.Text(), nullable=True),
        sa.Column("third_parties", sa.Text(), nullable=True),
        sa.Column("cross_border", sa.Boolean(), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("processing_stopped_on", sa.Date(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(
            "ix_consent_open_consent_withdrawal",
            ["withdrawn_on", "id"],
            unique=False,
            sqlite_where=sa.text(
                "withdrawn_on IS NOT NULL AND archived IS 0 AND refusal IS NULL AND processing_stopped_on IS NULL"
            ),
        )
        batch_op.create_index(batch_op.f("ix_consent_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_person_id"), ["person_id"], unique=False)

    op.create_table(
        "consultation",
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("held_at", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("specialist_id", sa.Uuid(), nullable=True),
        sa.Column("topics", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("agreed_steps", sa.Text(), nullable=True),
        sa.Column("specialist_note", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultation_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultation_held_at"), ["held_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultation_specialist_id"), ["specialist_id"], unique=False)

    op.create_table(
        "counter",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_counter")),
    )
    op.create_table(
        "draft",
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "sheet", "record", name=op.f("pk_draft")),
    )
    op.create_table(
        "errand",
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(), nullable=True),
        sa.Column("who_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
    )
    with op.batch_alter_table("errand", schema=None) as batch_op:
        batch_op.create_index(
            "ix_errand_open_errand",
            ["due_on", "id"],
            unique=False,
            sqlite_where=sa.text("due_on IS NOT NULL AND archived IS 0 AND done_on IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_errand_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_errand_who_id"), ["who_id"], unique=False)

    op.create_table(
        "family",
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("housing", sa.String(), nullable=True),
        sa.Column("monthly_income", sa.Integer(), nullable=True),
        sa.Column("markers", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family")),
    )
    op.create_table(
        "family_member",
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("relation", sa.String(), nullable=True),
        sa.Column("lives_together", sa.Boolean(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("offender", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_member")),
    )
    with op.batch_alter_table("family_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_family_member_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_family_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "incident",
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("happened_at", sa.String(), nullable=True),
        sa.Column("learned_at", sa.String(), nullable=True),
        sa.Column("victim_id", sa.Uuid(), nullable=True),
        sa.Column("offender_id", sa.Uuid(), nullable=True),
        sa.Column("offender_relation", sa.String(), nullable=True),
        sa.Column("forms", sa.Text(), nullable=True),
        sa.Column("severity", sa.String(), nullable=True),
        sa.Column("severity_source", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("circumstances", sa.Text(), nullable=True),
        sa.Column("injuries", sa.Text(), nullable=True),
        sa.Column("weapon", sa.Boolean(), nullable=True),
        sa.Column("strangulation", sa.Boolean(), nullable=True),
        sa.Column("threat_to_life", sa.Boolean(), nullable=True),
        sa.Column("intoxicated", sa.Boolean(), nullable=True),
        sa.Column("witnesses", sa.Text(), nullable=True),
        sa.Column("children_present", sa.Integer(), nullable=True),
        sa.Column("child_harmed", sa.Boolean(), nullable=True),
        sa.Column("police_called", sa.Boolean(), nullable=True),
        sa.Column("police_number", sa.String(), nullable=True),
        sa.Column("police_registered_on", sa.Date(), nullable=True),
        sa.Column("investigation_number", sa.String(), nullable=True),
        sa.Column("victim_wishes", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(
            "ix_incident_open_guardianship_notice",
            ["learned_at", "id"],
            unique=False,
            sqlite_where=sa.text("learned_at IS NOT NULL AND archived IS 0 AND child_harmed IS 1"),
        )
        batch_op.create_index(
            "ix_incident_open_police_notice",
            ["learned_at", "id"],
            unique=False,
            sqlite_where=sa.text(
                "learned_at IS NOT NULL AND archived IS 0 AND (child_harmed IS 1 OR threat_to_life IS 1) "
                "AND police_called IS NOT 1"
            ),
        )
        batch_op.create_index(batch_op.f("ix_incident_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_happened_at"), ["happened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_offender_id"), ["offender_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_victim_id"), ["victim_id"], unique=False)

    op.create_table(
        "kinship",
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("relative_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kinship")),
    )
    with op.batch_alter_table("kinship", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kinship_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_kinship_relative_id"), ["relative_id"], unique=False)

    op.create_table(
        "legal_reference",
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("act", sa.String(), nullable=True),
        sa.Column("article", sa.String(), nullable=True),
        sa.Column("title_kk", sa.String(), nullable=True),
        sa.Column("title_ru", sa.String(), nullable=True),
        sa.Column("title_en", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_reference")),
    )
    with op.batch_alter_table("legal_reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_reference_code"), ["code"], unique=False)

    op.create_table(
        "mandatory_notice",
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("addressee", sa.String(), nullable=True),
        sa.Column("sent_at", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("not_sent_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandatory_notice")),
    )
    with op.batch_alter_table("mandatory_notice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mandatory_notice_ends_guardianship_notice",
            ["incident_id"],
            unique=False,
            sqlite_where=sa.text(
                "(sent_at IS NOT NULL OR not_sent_reason IS NOT NULL) AND archived IS 0 AND addressee = 'GUARDIANSHIP'"
            ),
        )
        batch_op.create_index(
            "ix_mandatory_notice_ends_police_notice",
            ["incident_id"],
            unique=False,
            sqlite_where=sa.text(
                "(sent_at IS NOT NULL OR not_sent_reason IS NOT NULL) AND archived IS 0 AND addressee = 'POLICE'"
            ),
        )
        batch_op.create_index(batch_op.f("ix_mandatory_notice_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "meta",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "order_breach",
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("happened_at", sa.String(), nullable=True),
        sa.Column("learned_from", sa.String(), nullable=True),
        sa.Column("reported_at", sa.String(), nullable=True),
        sa.Column("police_number", sa.String(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_breach")),
    )
    with op.batch_alter_table("order_breach", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_breach_order_id"), ["order_id"], unique=False)

    op.create_table(
        "order_check",
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.String(), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("finding", sa.String(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_check")),
    )
    with op.batch_alter_table("order_check", schema=None) as batch_op:
        batch_op.create_index(
            "ix_order_check_ends_order_check",
            ["order_id"],
            unique=False,
            sqlite_where=sa.text("checked_at IS NOT NULL AND archived IS 0"),
        )
        batch_op.create_index(batch_op.f("ix_order_check_order_id"), ["order_id"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("name_kk", sa.String(), nullable=True),
        sa.Column("name_ru", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_region_id"), ["region_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("surname", sa.String(), nullable=True),
        sa.Column("given", sa.String(), nullable=True),
        sa.Column("patronymic", sa.String(), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("iin", sa.String(), nullable=True),
        sa.Column("iin_absence", sa.String(), nullable=True),
        sa.Column("iin_differs", sa.Boolean(), nullable=True),
        sa.Column("citizenship", sa.String(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("marital_status", sa.String(), nullable=True),
        sa.Column("disability", sa.String(), nullable=True),
        sa.Column("languages", sa.Text(), nullable=True),
        sa.Column("interpreter", sa.Boolean(), nullable=True),
        sa.Column("occupation", sa.String(), nullable=True),
        sa.Column("contact_care", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_iin"), ["iin"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_surname"), ["surname"], unique=False)

    op.create_table(
        "person_address",
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("district", sa.String(), nullable=True),
        sa.Column("settlement", sa.String(), nullable=True),
        sa.Column("street", sa.String(), nullable=True),
        sa.Column("postcode", sa.String(), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("as_written", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_address")),
    )
    with op.batch_alter_table("person_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_address_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_address_region_id"), ["region_id"], unique=False)

    op.create_table(
        "person_phone",
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("safe_to_call", sa.String(), nullable=True),
        sa.Column("safe_to_write", sa.Boolean(), nullable=True),
        sa.Column("safe_hours", sa.String(), nullable=True),
        sa.Column("introduce_as", sa.String(), nullable=True),
        sa.Column("who_may_answer", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_phone")),
    )
    with op.batch_alter_table("person_phone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_phone_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_phone_person_id"), ["person_id"], unique=False)

    op.create_table(
        "possible_duplicate",
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("merge_log", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_possible_duplicate")),
    )
    with op.batch_alter_table("possible_duplicate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_possible_duplicate_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_possible_duplicate_person_id"), ["person_id"], unique=False)

    op.create_table(
        "protective_order",
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("issued_at", sa.String(), nullable=True),
        sa.Column("issued_place", sa.String(), nullable=True),
        sa.Column("issued_by", sa.String(), nullable=True),
        sa.Column("officer", sa.String(), nullable=True),
        sa.Column("officer_phone", sa.String(), nullable=True),
        sa.Column("victim_id", sa.Uuid(), nullable=True),
        sa.Column("offender_id", sa.Uuid(), nullable=True),
        sa.Column("restrictions", sa.Text(), nullable=True),
        sa.Column("served_at", sa.String(), nullable=True),
        sa.Column("served_how", sa.String(), nullable=True),
        sa.Column("copy_to_victim_at", sa.String(), nullable=True),
        sa.Column("copy_to_prosecutor_at", sa.String(), nullable=True),
        sa.Column("valid_to", sa.String(), nullable=True),
        sa.Column("cancelled_at", sa.String(), nullable=True),
        sa.Column("victim_told_of_duties", sa.Boolean(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protective_order")),
    )
    with op.batch_alter_table("protective_order", schema=None) as batch_op:
        batch_op.create_index(
            "ix_protective_order_open_protective_order",
            ["served_at", "valid_to", "id"],
            unique=False,
            sqlite_where=sa.text("served_at IS NOT NULL AND archived IS 0 AND cancelled_at IS NULL"),
        )
        batch_op.create_index(
            "ix_protective_order_open_order_check",
            ["served_at", "valid_to", "id"],
            unique=False,
            sqlite_where=sa.text("served_at IS NOT NULL AND archived IS 0 AND cancelled_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_protective_order_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_protective_order_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_protective_order_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_protective_order_offender_id"), ["offender_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_protective_order_valid_to"), ["valid_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_protective_order_victim_id"), ["victim_id"], unique=False)

    op.create_table(
        "referral",
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("destination_kind", sa.String(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("addressee", sa.String(), nullable=True),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("grounds", sa.Text(), nullable=True),
        sa.Column("enclosures", sa.Text(), nullable=True),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("exception", sa.String(), nullable=True),
        sa.Column("exception_text", sa.String(), nullable=True),
        sa.Column("delivery", sa.String(), nullable=True),
        sa.Column("urgency", sa.String(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answer_text", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_open_referral_answer",
            ["sent_on", "id"],
            unique=False,
            sqlite_where=sa.text("sent_on IS NOT NULL AND archived IS 0 AND answered_on IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_referral_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_consent_id"), ["consent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_person_id"), ["person_id"], unique=False)

    op.create_table(
        "region",
        sa.Column("kato", sa.String(), nullable=True),
        sa.Column("name_kk", sa.String(), nullable=True),
        sa.Column("name_ru", sa.String(), nullable=True),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
    )
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_kato"), ["kato"], unique=False)

    op.create_table(
        "response_term",
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("reference_code", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_term")),
    )
    op.create_table(
        "staff_member",
        sa.Column("surname", sa.String(), nullable=True),
        sa.Column("given", sa.String(), nullable=True),
        sa.Column("patronymic", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("position", sa.String(), nullable=True),
        sa.Column("login", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("absent_from", sa.Date(), nullable=True),
        sa.Column("absent_until", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
    )
