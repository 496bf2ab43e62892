"""Texting drives: whether a text is the first that a phone gets from us, so that it says what they agreed to."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drive_contacts", sa.Column("is_first", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("drive_contacts") as batch:
        batch.alter_column("is_first", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("drive_contacts") as batch:
        batch.drop_column("is_first")
