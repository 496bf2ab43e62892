"""Texting at work: contradictions of the network are counted, a sender can be held, and it is seen who works and what came last."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("texts", sa.Column("conflicts", number, server_default="0", nullable=False))
    op.add_column("senders", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("senders", sa.Column("held_code", number, nullable=True))
    op.add_column("senders", sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_raw_hooks_org", "raw_hooks", ["org_id", "received_at"])
    op.create_table(
        "workers",
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("threads", number, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )


def downgrade() -> None:
    op.drop_table("workers")
    op.drop_index("ix_raw_hooks_org", "raw_hooks")
    for name in ("polled_at", "held_code", "held_until"):
        op.drop_column("senders", name)
    op.drop_column("texts", "conflicts")
