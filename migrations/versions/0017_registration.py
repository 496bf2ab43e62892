"""What the carriers know a sender as, and a registration that was refused."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

COLUMNS = (("legal_form", 20), ("brand", 40), ("campaign", 60), ("vetting", 80))
BEFORE, AFTER = "'unregistered','pending','approved','suspended'", "'unregistered','pending','approved','rejected','suspended'"


def upgrade() -> None:
    with op.batch_alter_table("senders") as batch:
        for name, length in COLUMNS:
            batch.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        batch.drop_constraint(op.f("ck_senders_state"), type_="check")
        batch.create_check_constraint(op.f("ck_senders_state"), f"state in ({AFTER})")


def downgrade() -> None:
    op.get_bind().exec_driver_sql("update senders set state = 'unregistered' where state = 'rejected'")
    with op.batch_alter_table("senders") as batch:
        batch.drop_constraint(op.f("ck_senders_state"), type_="check")
        batch.create_check_constraint(op.f("ck_senders_state"), f"state in ({BEFORE})")
        for name, _length in COLUMNS:
            batch.drop_column(name)
