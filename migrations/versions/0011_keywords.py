"""Keywords: words that people join by, and how many did by each."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OWN = "org_id = (select plenary_org())"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "keywords",
        sa.Column("org_id", number, autoincrement=False, nullable=False),
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("folded", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=True),
        sa.Column("subject_id", number, nullable=True),
        sa.Column("joined", number, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language in ('en','es')", name=op.f("ck_keywords_language")),
        sa.CheckConstraint("(subject_kind is null) = (subject_id is null)", name=op.f("ck_keywords_subject")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_keywords_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_keywords")),
    )
    live = {"sqlite_where": sa.text("ended_at is null"), "postgresql_where": sa.text("ended_at is null")}
    op.create_index("ix_keywords_live", "keywords", ["org_id", "folded"], unique=True, **live)
    op.create_index("ix_keywords_recent", "keywords", ["org_id", "created_at", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table keywords enable row level security")
        op.execute("alter table keywords force row level security")
        op.execute(f"create policy own on keywords using ({OWN}) with check ({OWN})")


def downgrade() -> None:
    op.drop_table("keywords")
