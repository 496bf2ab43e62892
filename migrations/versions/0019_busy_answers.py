"""Texts: how often the network said slow down is counted apart from what was given back unsent, so that only the former makes the wait longer."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("texts", sa.Column("busy_answers", whole, nullable=False, server_default="0"))
    with op.batch_alter_table("texts") as batch:
        batch.alter_column("busy_answers", existing_type=whole, existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("texts") as batch:
        batch.drop_column("busy_answers")
