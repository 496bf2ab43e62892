"""A seat that is known by a code alone is let in at the door: an attendance names a place on the roster, or an answer, or a walk-in."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("undone_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("attendances") as batch:
        batch.add_column(sa.Column("participant_id", NUMBER, nullable=True))
        batch.drop_constraint(op.f("ck_attendances_known"), type_="check")
        batch.create_check_constraint(op.f("ck_attendances_known"), "(participant_id is null) = (is_walk_in or rsvp_id is not null)")
        batch.create_check_constraint(op.f("ck_attendances_holder"), "participant_id is null or person_id is null")
    op.create_index(
        "attendances_seat_once", "attendances", ["session_id", "participant_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    """Seats by code have no place before; their check-ins go, every organization's."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        op.execute("alter table attendances no force row level security")
    op.execute("delete from attendances where participant_id is not null")
    if is_postgresql:
        op.execute("alter table attendances force row level security")
    op.drop_index("attendances_seat_once", "attendances")
    with op.batch_alter_table("attendances") as batch:
        batch.drop_constraint(op.f("ck_attendances_holder"), type_="check")
        batch.drop_constraint(op.f("ck_attendances_known"), type_="check")
        batch.create_check_constraint(op.f("ck_attendances_known"), "is_walk_in or rsvp_id is not null")
        batch.drop_column("participant_id")
