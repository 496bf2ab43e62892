"""Sealed ballots: votes, seats, passes, the chain of boxes, and the public address of each vote."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OWN = "org_id = (select plenary_org())"
TABLES = ("sealed_votes", "sealed_seats", "sealed_passes", "sealed_entries", "sealed_polls")


def _of(name: str, *, vote: bool = True) -> list[sa.schema.SchemaItem]:
    """The keys to the organization and the vote that every table here has."""
    keys: list[sa.schema.SchemaItem] = [sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f(f"fk_{name}_org_id"))]
    return keys + ([sa.ForeignKeyConstraint(["vote_id"], ["sealed_votes.id"], name=op.f(f"fk_{name}_vote_id"))] if vote else [])


def _number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, NUMBER, autoincrement=False, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "sealed_votes",
        _number("org_id"),
        _number("id"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("edition_id", NUMBER, nullable=True),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("contest", sa.JSON(), nullable=True),
        sa.Column("quorum", sa.String(length=20), nullable=False),
        sa.Column("threshold", sa.String(length=20), nullable=False),
        sa.Column("trustees", sa.JSON(), nullable=False),
        sa.Column("election_key", sa.String(length=64), nullable=False),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("passes_at", "passes_end_at", "opens_at", "closes_at")),
        sa.Column("manifest", sa.JSON(), nullable=True),
        sa.Column("poll_id", sa.String(length=64), nullable=True),
        sa.CheckConstraint("state in ('draft','frozen','opened','void')", name=op.f("ck_sealed_votes_state")),
        sa.CheckConstraint("(state = 'draft') = (poll_id is null)", name=op.f("ck_sealed_votes_frozen")),
        sa.CheckConstraint("passes_at < passes_end_at and passes_end_at <= opens_at and opens_at < closes_at", name=op.f("ck_sealed_votes_hours")),
        *_of("sealed_votes", vote=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_sealed_votes_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_votes")),
        sa.UniqueConstraint("poll_id", name=op.f("uq_sealed_votes_poll_id")),
    )
    op.create_index("ix_sealed_votes_org_id_opens_at", "sealed_votes", ["org_id", "opens_at"])
    op.create_table(
        "sealed_seats",
        _number("org_id"),
        _number("id"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("vote_id", NUMBER, nullable=False),
        sa.Column("seat", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        *_of("sealed_seats"),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_sealed_seats")),
        sa.UniqueConstraint("org_id", "vote_id", "seat", name=op.f("uq_sealed_seats_org_id_vote_id_seat")),
        sa.UniqueConstraint("org_id", "vote_id", "person_id", name=op.f("uq_sealed_seats_org_id_vote_id_person_id")),
    )
    op.create_index("ix_sealed_seats_person", "sealed_seats", ["org_id", "person_id"])
    op.create_table(
        "sealed_passes",
        *map(_number, ("org_id", "vote_id", "seat")),
        sa.Column("blinded", sa.String(length=512), nullable=False),
        sa.Column("answer", sa.String(length=512), nullable=False),
        *_of("sealed_passes"),
        sa.PrimaryKeyConstraint("org_id", "vote_id", "seat", name=op.f("pk_sealed_passes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sealed_entries",
        *map(_number, ("org_id", "vote_id", "position")),
        sa.Column("pass_key", sa.String(length=64), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("token", sa.String(length=512), nullable=False),
        sa.Column("box", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        *_of("sealed_entries"),
        sa.PrimaryKeyConstraint("org_id", "vote_id", "position", name=op.f("pk_sealed_entries")),
        sa.UniqueConstraint("org_id", "vote_id", "pass_key", "version", name=op.f("uq_sealed_entries_org_id_vote_id_pass_key_version")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sealed_polls",
        sa.Column("poll_id", sa.String(length=64), nullable=False),
        sa.Column("org_id", NUMBER, nullable=False),
        sa.Column("vote_id", NUMBER, nullable=False),
        sa.Column("board", sa.Text(), nullable=True),
        *_of("sealed_polls"),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_sealed_polls")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES[:-1]:
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({OWN}) with check ({OWN})")
        op.execute("create policy circle on sealed_votes for select using (org_id in (select plenary_circle()))")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
