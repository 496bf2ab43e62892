"""A sign-in knows when its password was last said, so that what matters most asks for it again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_ins") as table:
        table.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update sign_ins set confirmed_at = started_at")
    with op.batch_alter_table("sign_ins") as table:
        table.alter_column("confirmed_at", nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("sign_ins") as table:
        table.drop_column("confirmed_at")
