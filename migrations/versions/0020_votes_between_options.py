"""Votes between options: what an electorate chooses from, ballots that rank, approve or give points, and votes without an edition."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BOXES = ("ballots", "final_ballots")
PLANK = "choice in ('yes','no','abstain')"
ANY = f"{PLANK} or substr(choice, 1, 1) in ('1','2','3','4','5','6','7','8','9')"


def upgrade() -> None:
    op.add_column("electorates", sa.Column("contest", sa.JSON(), nullable=True))
    with op.batch_alter_table("ratifications") as batch:
        batch.alter_column("edition_id", existing_type=NUMBER, nullable=True)
    _choices(sa.String(400), sa.String(20), ANY)


def downgrade() -> None:
    """Votes between options must be gone: what they hold has no place before this."""
    _choices(sa.String(20), sa.String(400), PLANK)
    with op.batch_alter_table("ratifications") as batch:
        batch.alter_column("edition_id", existing_type=NUMBER, nullable=False)
    with op.batch_alter_table("electorates") as batch:
        batch.drop_column("contest")


def _choices(width: sa.String, before: sa.String, check: str) -> None:
    """A wider choice and its check; on SQLite the table is written anew, still without row numbers."""
    for table in BOXES:
        with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_choice"), type_="check")
            batch.alter_column("choice", existing_type=before, existing_nullable=False, type_=width)
            batch.create_check_constraint(op.f(f"ck_{table}_choice"), check)
