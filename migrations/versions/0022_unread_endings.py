"""Conversations: a reply that may ask for no texts waits to be read, and until then nothing of ours leaves; a lookup of those few."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NAME = "ck_threads_may_end"


def upgrade() -> None:
    with op.batch_alter_table("threads") as batch:
        batch.add_column(sa.Column("may_end_since", sa.DateTime(timezone=True), nullable=True))
        batch.create_check_constraint(op.f(NAME), "may_end_since is null or state = 'needs_answer'")
    unread = sa.text("may_end_since IS NOT NULL")
    op.create_index("ix_threads_may_end", "threads", ["org_id", "phone"], postgresql_where=unread, sqlite_where=unread)


def downgrade() -> None:
    op.drop_index("ix_threads_may_end", "threads")
    with op.batch_alter_table("threads") as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.drop_column("may_end_since")
