"""Every order of a list of people has an index that ends with the name, so that a page costs the same wherever it stands.

The ladder's begins with the rungs that are left to climb: ascending, as the page asks for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_people_rung", "people")
    op.create_index("ix_people_ladder", "people", ["org_id", sa.text("(5 - rung)"), "name_folded", "id"])
    for word in ("standing", "neighborhood"):
        op.drop_index(f"ix_people_{word}", "people")
        op.create_index(f"ix_people_{word}", "people", ["org_id", word, "name_folded", "id"])


def downgrade() -> None:
    op.drop_index("ix_people_ladder", "people")
    op.create_index("ix_people_rung", "people", ["org_id", "rung"])
    for word in ("standing", "neighborhood"):
        op.drop_index(f"ix_people_{word}", "people")
        op.create_index(f"ix_people_{word}", "people", ["org_id", word])
