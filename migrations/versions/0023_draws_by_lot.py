"""Draws by lot: the pool and its quotas, frozen before the seed is known, the record, and who was drawn."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("lots", "lot_places")
OWN = "org_id = (select plenary_org())"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f(f"fk_{name}_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    _table(
        "lots",
        sa.Column("assembly_id", NUMBER, nullable=False),
        sa.Column("seats", NUMBER, nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("quotas", sa.Text(), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("people_sha256", sa.String(length=64), nullable=False),
        sa.Column("quotas_sha256", sa.String(length=64), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("job_id", NUMBER, nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("frozen_at", MOMENT, nullable=True),
        sa.Column("seed", sa.String(length=300), nullable=True),
        sa.Column("seeded_at", MOMENT, nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("drawn_at", MOMENT, nullable=True),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.Column("emptied_at", MOMENT, nullable=True),
        sa.CheckConstraint("state in ('checking','impossible','ready','frozen','drawing','drawn')", name=op.f("ck_lots_state")),
        sa.CheckConstraint("method in ('exact','maximin')", name=op.f("ck_lots_method")),
        sa.CheckConstraint("(state in ('frozen','drawing','drawn')) = (frozen_at is not null)", name=op.f("ck_lots_frozen")),
        sa.CheckConstraint("(state in ('drawing','drawn')) = (seed is not null and seeded_at is not null and keep_until is not null)",
                           name=op.f("ck_lots_seeded")),
        sa.CheckConstraint("(state = 'drawn') = (drawn_at is not null)", name=op.f("ck_lots_drawn")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_lots_assembly_id")),
    )
    op.create_index("ix_lots_of", "lots", ["org_id", "assembly_id", "id"])
    _table(
        "lot_places",
        sa.Column("lot_id", NUMBER, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("replaces", sa.String(length=60), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("declined_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["org_id", "lot_id"], ["lots.org_id", "lots.id"], name=op.f("fk_lot_places_org_id_lot_id"), ondelete="CASCADE"),
        sa.UniqueConstraint("org_id", "lot_id", "code", name=op.f("uq_lot_places_org_id_lot_id_code")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({OWN}) with check ({OWN})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
