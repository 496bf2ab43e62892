"""Texting drives: volunteers text a list person by person, with a script; what was answered, and what was written beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("drives", "drive_texters", "drive_contacts", "drive_answers", "drive_texts")
OWN = "org_id = (select plenary_org())"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "drives",
        sa.Column("org_id", number, autoincrement=False, nullable=False),
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("segment_id", number, nullable=True),
        sa.Column("subject_kind", sa.String(length=20), nullable=True),
        sa.Column("subject_id", number, nullable=True),
        sa.Column("audience", sa.String(length=40), nullable=True),
        sa.Column("bodies", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opens_hour", number, nullable=False),
        sa.Column("closes_hour", number, nullable=False),
        sa.Column("batch_new", number, nullable=False),
        sa.Column("batch_vetted", number, nullable=False),
        sa.Column("most_a_day", number, nullable=False),
        sa.Column("frozen_up_to", sa.String(length=20), nullable=False),
        sa.Column("contact_count", number, nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("job_id", number, nullable=True),
        sa.Column("created_by", number, nullable=True),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'draft') = (opened_at is null)", name=op.f("ck_drives_opened")),
        sa.CheckConstraint("state in ('draft','filling','open','stopped','ended')", name=op.f("ck_drives_state")),
        sa.CheckConstraint("opens_hour between 0 and 23 and closes_hour between 1 and 24 and opens_hour < closes_hour", name=op.f("ck_drives_hours")),
        sa.ForeignKeyConstraint(["org_id", "segment_id"], ["segments.org_id", "segments.id"], name=op.f("fk_drives_org_id_segment_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_drives_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_drives")),
    )
    op.create_index("ix_drives_recent", "drives", ["org_id", "created_at", "id"])
    op.create_table(
        "drive_texters",
        sa.Column("org_id", number, autoincrement=False, nullable=False),
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("drive_id", number, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("account_id", number, nullable=True),
        sa.Column("link_id", number, nullable=True),
        sa.Column("is_vetted", sa.Boolean(), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=True),
        sa.Column("shown_count", number, nullable=False),
        sa.Column("minute_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minute_count", number, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id", "drive_id"], ["drives.org_id", "drives.id"], name=op.f("fk_drive_texters_org_id_drive_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_drive_texters_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_drive_texters")),
        sa.UniqueConstraint("org_id", "drive_id", "account_id", name=op.f("uq_drive_texters_org_id_drive_id_account_id")),
    )
    op.create_table(
        "drive_contacts",
        sa.Column("org_id", number, autoincrement=False, nullable=False),
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("drive_id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("texter_id", number, nullable=True),
        sa.Column("not_before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("text_id", number, nullable=True),
        sa.Column("texted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(length=40), nullable=True),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state <> 'refused' or refusal is not null", name=op.f("ck_drive_contacts_refused")),
        sa.CheckConstraint("state <> 'texted' or text_id is not null", name=op.f("ck_drive_contacts_texted")),
        sa.CheckConstraint("state in ('waiting','texted','refused')", name=op.f("ck_drive_contacts_state")),
        sa.ForeignKeyConstraint(["org_id", "drive_id"], ["drives.org_id", "drives.id"], name=op.f("fk_drive_contacts_org_id_drive_id")),
        sa.ForeignKeyConstraint(["org_id", "person_id"], ["people.org_id", "people.id"], name=op.f("fk_drive_contacts_org_id_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["org_id", "texter_id"], ["drive_texters.org_id", "drive_texters.id"], name=op.f("fk_drive_contacts_org_id_texter_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_drive_contacts_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_drive_contacts")),
        sa.UniqueConstraint("org_id", "drive_id", "phone", name=op.f("uq_drive_contacts_org_id_drive_id_phone")),
    )
    op.create_index("ix_drive_contacts_person", "drive_contacts", ["org_id", "person_id"])
    op.create_index("ix_drive_contacts_phone", "drive_contacts", ["org_id", "phone", "state"])
    op.create_index("ix_drive_contacts_queue", "drive_contacts", ["org_id", "drive_id", "state", "id"])
    op.create_index("ix_drive_contacts_texter", "drive_contacts", ["org_id", "texter_id", "state"])
    op.create_table(
        "drive_answers",
        sa.Column("org_id", number, autoincrement=False, nullable=False),
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("drive_id", number, nullable=False),
        sa.Column("contact_id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("texter_id", number, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "contact_id"], ["drive_contacts.org_id", "drive_contacts.id"], name=op.f("fk_drive_answers_org_id_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["org_id", "drive_id"], ["drives.org_id", "drives.id"], name=op.f("fk_drive_answers_org_id_drive_id")),
        sa.ForeignKeyConstraint(["org_id", "texter_id"], ["drive_texters.org_id", "drive_texters.id"], name=op.f("fk_drive_answers_org_id_texter_id")),
        sa.ForeignKeyConstraint(["org_id", "person_id"], ["people.org_id", "people.id"], name=op.f("fk_drive_answers_org_id_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_drive_answers_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_drive_answers")),
        sa.UniqueConstraint("org_id", "contact_id", "question", name=op.f("uq_drive_answers_org_id_contact_id_question")),
    )
    op.create_index("ix_drive_answers_person", "drive_answers", ["org_id", "person_id"])
    op.create_index("ix_drive_answers_question", "drive_answers", ["org_id", "drive_id", "question", "answer"])
    op.create_table(
        "drive_texts",
        sa.Column("org_id", number, autoincrement=False, nullable=False),
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("drive_id", number, nullable=False),
        sa.Column("contact_id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("texter_id", number, nullable=False),
        sa.Column("text_id", number, nullable=False),
        sa.Column("is_off_script", sa.Boolean(), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "contact_id"], ["drive_contacts.org_id", "drive_contacts.id"], name=op.f("fk_drive_texts_org_id_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["org_id", "drive_id"], ["drives.org_id", "drives.id"], name=op.f("fk_drive_texts_org_id_drive_id")),
        sa.ForeignKeyConstraint(["org_id", "texter_id"], ["drive_texters.org_id", "drive_texters.id"], name=op.f("fk_drive_texts_org_id_texter_id")),
        sa.ForeignKeyConstraint(["org_id", "person_id"], ["people.org_id", "people.id"], name=op.f("fk_drive_texts_org_id_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_drive_texts_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_drive_texts")),
        sa.UniqueConstraint("org_id", "text_id", name=op.f("uq_drive_texts_org_id_text_id")),
    )
    op.create_index("ix_drive_texts_contact", "drive_texts", ["org_id", "contact_id"])
    op.create_index("ix_drive_texts_drive", "drive_texts", ["org_id", "drive_id", "is_off_script", "id"])
    op.create_index("ix_drive_texts_person", "drive_texts", ["org_id", "person_id"])
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({OWN}) with check ({OWN})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
