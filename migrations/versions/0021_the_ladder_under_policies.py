"""The ladder's index is on a choice between constants instead of a subtraction.

A subtraction may fail, and its failure could tell of a row that a policy hides: PostgreSQL kept it away from the index for everyone who is held
by row-level security, and read the whole list for a page far down.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CHOICE = "(CASE WHEN (rung = 5) THEN 0 WHEN (rung = 4) THEN 1 WHEN (rung = 3) THEN 2 WHEN (rung = 2) THEN 3 WHEN (rung = 1) THEN 4 ELSE 5 END)"


def upgrade() -> None:
    op.drop_index("ix_people_ladder", "people")
    op.create_index("ix_people_ladder", "people", ["org_id", sa.text(CHOICE), "name_folded", "id"])


def downgrade() -> None:
    op.drop_index("ix_people_ladder", "people")
    op.create_index("ix_people_ladder", "people", ["org_id", sa.text("(5 - rung)"), "name_folded", "id"])
