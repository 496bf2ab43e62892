"""Rules of texting hours that do not bind an organization, with the reason its administrator gives."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OWN = "org_id = (select plenary_org())"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "exemptions",
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.String(200), nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_exemptions_reason")),
        sa.CheckConstraint("(ended_at is null) = (ended_by is null)", name=op.f("ck_exemptions_ended")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_exemptions_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_exemptions")),
    )
    in_force = sa.text("ended_at is null")
    op.create_index("uq_exemptions_in_force", "exemptions", ["org_id", "rule"], unique=True, sqlite_where=in_force, postgresql_where=in_force)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table exemptions enable row level security")
        op.execute("alter table exemptions force row level security")
        op.execute(f"create policy own on exemptions using ({OWN}) with check ({OWN})")


def downgrade() -> None:
    op.drop_table("exemptions")
