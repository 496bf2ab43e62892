"""The inbox at depth: who is writing in a conversation, texts by state, replies by day; a next step that no talk came before."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HELD = "ck_conversations_held"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("threads", sa.Column("writing_id", number, nullable=True))
    op.add_column("threads", sa.Column("writing_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_texts_state", "texts", ["org_id", "state", "id"])
    came = sa.text("direction = 'in'")
    op.create_index("ix_texts_in", "texts", ["org_id", "queued_at"], postgresql_where=came, sqlite_where=came)
    with op.batch_alter_table("conversations") as batch:
        batch.alter_column("held_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch.create_check_constraint(op.f(HELD), "held_at is not null or follow_up_on is not null")


def downgrade() -> None:
    op.execute("delete from conversations where held_at is null")
    with op.batch_alter_table("conversations") as batch:
        batch.drop_constraint(op.f(HELD), type_="check")
        batch.alter_column("held_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.drop_index("ix_texts_in", "texts")
    op.drop_index("ix_texts_state", "texts")
    with op.batch_alter_table("threads") as batch:
        batch.drop_column("writing_at")
        batch.drop_column("writing_id")
