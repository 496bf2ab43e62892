"""Privacy: sealed words need more room than plain ones; that somebody was erased is remembered, without saying who."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OWN = "org_id = (select plenary_org())"


def upgrade() -> None:
    with op.batch_alter_table("rung_moves") as batch:
        batch.alter_column("reason", existing_type=sa.String(500), type_=sa.Text(), existing_nullable=False)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "erasures",
        sa.Column("org_id", number, autoincrement=False, nullable=False),
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("account_id", number, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_erasures_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_person", "erasures", ["org_id", "person_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table erasures enable row level security")
        op.execute("alter table erasures force row level security")
        op.execute(f"create policy own on erasures using ({OWN}) with check ({OWN})")


def downgrade() -> None:
    op.drop_table("erasures")
    with op.batch_alter_table("rung_moves") as batch:
        batch.alter_column("reason", existing_type=sa.Text(), type_=sa.String(500), existing_nullable=False)
