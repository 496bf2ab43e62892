"""Broadcasts begin by the clock on the wall and may need a second person; series of texts; how fast a sender may send."""

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OWN = "org_id = (select plenary_org())"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "'draft','freezing','sending','stopped','sent'"


def upgrade() -> None:
    _series()
    begun = _begun()
    with op.batch_alter_table("broadcasts") as batch:
        batch.drop_column("begins_at")
        batch.add_column(sa.Column("step_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("begins_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("begins_clock", sa.Time(), nullable=True))
        batch.add_column(sa.Column("time_zone", sa.String(60), nullable=True))
        for name in ("expires_at", "asked_at", "watched_from"):
            batch.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        for name, length in (("asked_name", 200), ("agreed_name", 200), ("stopped_because", 40)):
            batch.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        for name in ("asked_by", "agreed_by"):
            batch.add_column(sa.Column(name, NUMBER, nullable=True))
        batch.add_column(sa.Column("seen", sa.String(16), nullable=True))
        batch.add_column(sa.Column("is_split", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_foreign_key(op.f("fk_broadcasts_org_id_step_id"), "series_steps", ["org_id", "step_id"], ["org_id", "id"])
        batch.create_unique_constraint(op.f("uq_broadcasts_org_id_step_id"), ["org_id", "step_id"])
        batch.drop_constraint(op.f("ck_broadcasts_state"), type_="check")
        batch.drop_constraint(op.f("ck_broadcasts_job"), type_="check")
        batch.create_check_constraint(op.f("ck_broadcasts_state"), "state in ('draft','asked','freezing','sending','stopped','sent')")
        batch.create_check_constraint(op.f("ck_broadcasts_job"), "state in ('draft','asked','stopped') or job_id is not null")
        batch.create_check_constraint(op.f("ck_broadcasts_asked"), "state <> 'asked' or (asked_at is not null and seen is not null)")
        batch.create_check_constraint(
            op.f("ck_broadcasts_begins"), "(begins_on is null) = (begins_clock is null) and (begins_on is null or time_zone is not null)"
        )
    _write(begun)
    with op.batch_alter_table("broadcasts") as batch:
        for name in ("asked_name", "agreed_name", "stopped_because", "is_split"):
            batch.alter_column(name, server_default=None)
    op.add_column("texts", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    _senders()


def _series() -> None:
    op.create_table(
        "series",
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", NUMBER, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_by", NUMBER, nullable=True),
        sa.Column("sender_name", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'on') = (started_at is not null)", name=op.f("ck_series_started")),
        sa.CheckConstraint("state in ('off','on')", name=op.f("ck_series_state")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_series_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_series")),
        sa.UniqueConstraint("org_id", "subject_kind", "subject_id", name=op.f("uq_series_org_id_subject_kind_subject_id")),
    )
    op.create_table(
        "series_steps",
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("series_id", NUMBER, nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("days", NUMBER, nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("bodies", sa.JSON(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("written_by", NUMBER, nullable=True),
        sa.Column("agreed_by", NUMBER, nullable=True),
        sa.Column("agreed_name", sa.String(200), nullable=False),
        sa.Column("agreed_mark", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_series_steps_org_id")),
        sa.ForeignKeyConstraint(["org_id", "series_id"], ["series.org_id", "series.id"], name=op.f("fk_series_steps_org_id_series_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_series_steps")),
        sa.UniqueConstraint("org_id", "series_id", "key", name=op.f("uq_series_steps_org_id_series_id_key")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("series", "series_steps"):
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({OWN}) with check ({OWN})")


_ROWS = sa.table(
    "broadcasts", sa.column("org_id", NUMBER), sa.column("id", NUMBER), sa.column("begins_at", sa.DateTime(timezone=True)),
    sa.column("begins_on", sa.Date()), sa.column("begins_clock", sa.Time()), sa.column("time_zone", sa.String()),
)  # fmt: skip
_ZONES = sa.table("organizations", sa.column("id", NUMBER), sa.column("time_zone", sa.String()))


def _begun() -> list[tuple]:
    """(organization, broadcast, moment, zone) of every broadcast that waits for its hour."""
    with _open("broadcasts"):
        rows = sa.select(_ROWS.c.org_id, _ROWS.c.id, _ROWS.c.begins_at, _ZONES.c.time_zone).join(_ZONES, _ZONES.c.id == _ROWS.c.org_id)
        return [tuple(row) for row in op.get_bind().execute(rows.where(_ROWS.c.begins_at.is_not(None)))]


def _write(begun: list[tuple]) -> None:
    with _open("broadcasts"):
        op.execute("update broadcasts set frozen_up_to = '~' where state in ('sending','stopped','sent')")
        for org_id, id, at, zone in begun:
            moment = at if at.tzinfo else at.replace(tzinfo=ZoneInfo("UTC"))
            wall = moment.astimezone(ZoneInfo(zone))
            values = {"begins_on": wall.date(), "begins_clock": wall.time().replace(tzinfo=None), "time_zone": zone}
            op.get_bind().execute(sa.update(_ROWS).where(_ROWS.c.org_id == org_id, _ROWS.c.id == id).values(**values))


class _open:
    """The owner reads every organization's rows while the table is changed."""

    def __init__(self, table: str):
        self.table, self.is_forced = table, op.get_bind().dialect.name == "postgresql"

    def __enter__(self) -> None:
        if self.is_forced:
            op.execute(f"alter table {self.table} no force row level security")

    def __exit__(self, *_error: object) -> None:
        if self.is_forced:
            op.execute(f"alter table {self.table} force row level security")


def _senders() -> None:
    op.add_column("senders", sa.Column("att_class", sa.String(2), nullable=False, server_default=""))
    op.add_column("senders", sa.Column("tmobile_class", sa.String(20), nullable=False, server_default=""))
    op.add_column("senders", sa.Column("day_parts", NUMBER, nullable=False, server_default="0"))
    op.add_column("senders", sa.Column("recent", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("senders", sa.Column("paced_day", sa.Date(), nullable=True))
    with op.batch_alter_table("senders") as batch:
        for name in ("att_class", "tmobile_class", "day_parts", "recent"):
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("senders") as batch:
        for name in ("att_class", "tmobile_class", "recent", "paced_day", "day_parts"):
            batch.drop_column(name)
    with op.batch_alter_table("texts") as batch:
        batch.drop_column("expires_at")
    with _open("broadcasts"):
        op.execute("update broadcasts set state = 'draft' where state = 'asked'")
        op.execute("update broadcasts set frozen_up_to = '' where frozen_up_to = '~'")
    with op.batch_alter_table("broadcasts") as batch:
        for name in ("state", "job", "asked", "begins"):
            batch.drop_constraint(op.f(f"ck_broadcasts_{name}"), type_="check")
        batch.drop_constraint(op.f("uq_broadcasts_org_id_step_id"), type_="unique")
        batch.drop_constraint(op.f("fk_broadcasts_org_id_step_id"), type_="foreignkey")
        for name in (
            "step_id", "begins_on", "begins_clock", "time_zone", "expires_at", "asked_at", "watched_from", "asked_name", "agreed_name", "stopped_because",
            "asked_by", "agreed_by", "seen", "is_split",
        ):  # fmt: skip
            batch.drop_column(name)
        batch.add_column(sa.Column("begins_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_check_constraint(op.f("ck_broadcasts_state"), f"state in ({STATES})")
        batch.create_check_constraint(op.f("ck_broadcasts_job"), "state in ('draft','stopped') or job_id is not null")
    op.drop_table("series_steps")
    op.drop_table("series")
