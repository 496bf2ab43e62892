"""What somebody typed into the public sign-up form, until it is taken over."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OWN = "org_id = (select plenary_org())"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sign_ups",
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("wording_id", NUMBER, nullable=False),
        sa.Column("money_wording_id", NUMBER, nullable=True),
        sa.Column("phone_mark", sa.String(32), nullable=False),
        sa.Column("address_mark", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome in ('waiting','agreed','stays_out')", name=op.f("ck_sign_ups_outcome")),
        sa.CheckConstraint("outcome = 'waiting' or phone = ''", name=op.f("ck_sign_ups_blanked")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_sign_ups_org_id")),
        sa.ForeignKeyConstraint(["org_id", "wording_id"], ["wordings.org_id", "wordings.id"], name=op.f("fk_sign_ups_org_id_wording_id")),
        sa.ForeignKeyConstraint(["org_id", "money_wording_id"], ["wordings.org_id", "wordings.id"], name="fk_sign_ups_money_wording"),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_sign_ups")),
    )
    op.create_index("ix_sign_ups_address", "sign_ups", ["org_id", "address_mark", "created_at"])
    op.create_index("ix_sign_ups_phone", "sign_ups", ["org_id", "phone_mark", "created_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table sign_ups enable row level security")
        op.execute("alter table sign_ups force row level security")
        op.execute(f"create policy own on sign_ups using ({OWN}) with check ({OWN})")


def downgrade() -> None:
    op.drop_table("sign_ups")
