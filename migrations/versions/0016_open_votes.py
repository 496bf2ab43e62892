"""Open votes of members: beside the seat, where the electorate was declared not secret."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SIDE = "(select plenary_org()) in (org_id, partner_id)"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "member_votes",
        sa.Column("org_id", number, nullable=False),
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("partner_id", number, nullable=False),
        sa.Column("electorate_id", number, nullable=False),
        sa.Column("seat", number, nullable=False),
        sa.Column("plank", number, nullable=False),
        sa.Column("version", number, nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("choice in ('yes','no','abstain')", name=op.f("ck_member_votes_choice")),
        sa.CheckConstraint("via in ('text','page')", name=op.f("ck_member_votes_via")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_member_votes_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_member_votes_partner_id")),
        sa.ForeignKeyConstraint(["electorate_id"], ["electorates.id"], name=op.f("fk_member_votes_electorate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_votes")),
        sa.UniqueConstraint("electorate_id", "seat", "plank", "version", name=op.f("uq_member_votes_electorate_id_seat_plank_version")),
    )
    op.create_index("ix_member_votes_org_id_electorate_id", "member_votes", ["org_id", "electorate_id"])
    op.create_index("ix_member_votes_partner_id_electorate_id", "member_votes", ["partner_id", "electorate_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table member_votes enable row level security")
        op.execute("alter table member_votes force row level security")
        op.execute(f"create policy own on member_votes using ({SIDE}) with check ({SIDE})")
        op.execute("create policy circle on member_votes for select using (org_id in (select plenary_circle()))")


def downgrade() -> None:
    op.drop_table("member_votes")
