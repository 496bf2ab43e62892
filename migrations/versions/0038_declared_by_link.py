"""Residence declared by a person's own link: asked, declared, accepted or challenged."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

STATES = "state in ('asked', 'declared', 'accepted', 'challenged')"


def upgrade() -> None:
    with op.batch_alter_table("residences") as batch:
        batch.add_column(sa.Column("state", sa.String(12), nullable=False, server_default="accepted"))
        batch.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch.create_check_constraint(op.f("ck_residences_state"), STATES)
        batch.create_check_constraint(op.f("ck_residences_reason"), "(state = 'challenged') = (reason <> '')")
    with op.batch_alter_table("residences") as batch:
        batch.alter_column("state", server_default=None)
        batch.alter_column("reason", server_default=None)


def downgrade() -> None:
    op.execute("delete from residences where state in ('asked', 'challenged')")
    with op.batch_alter_table("residences") as batch:
        batch.drop_constraint(op.f("ck_residences_reason"), type_="check")
        batch.drop_constraint(op.f("ck_residences_state"), type_="check")
        batch.drop_column("reason")
        batch.drop_column("state")
