"""Seats on a roll that are known by a code alone: they stand as a place on an assembly's roster, and their notices name no person."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("roll_entries") as table:
        table.alter_column("person_id", existing_type=NUMBER, nullable=True)
        table.add_column(sa.Column("participant_id", NUMBER, nullable=True))
        table.create_unique_constraint(op.f("uq_roll_entries_electorate_id_participant_id"), ["electorate_id", "participant_id"])
        table.create_check_constraint(op.f("ck_roll_entries_holder"), "(person_id is null) != (participant_id is null)")
    with op.batch_alter_table("notices") as table:
        table.alter_column("person_id", existing_type=NUMBER, nullable=True)


def downgrade() -> None:
    """Seats by code have no place before; they and their notices go."""
    op.execute("delete from notices where person_id is null")
    op.execute("delete from roll_entries where person_id is null")
    with op.batch_alter_table("notices") as table:
        table.alter_column("person_id", existing_type=NUMBER, nullable=False)
    with op.batch_alter_table("roll_entries") as table:
        table.drop_constraint(op.f("ck_roll_entries_holder"), type_="check")
        table.drop_constraint(op.f("uq_roll_entries_electorate_id_participant_id"), type_="unique")
        table.drop_column("participant_id")
        table.alter_column("person_id", existing_type=NUMBER, nullable=False)
