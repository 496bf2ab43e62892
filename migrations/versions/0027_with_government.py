"""With government: questions and their answers, who stands behind an assembly, the political weather."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = ("information_requests", "assembly_backings", "political_scenarios")
OWN = "org_id = (select plenary_org())"


def _table(name: str, *parts: sa.schema.SchemaItem, is_private: bool = False) -> None:
    """A table of an assembly's convener, read by its circle unless it is private."""
    op.create_table(
        name,
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("assembly_id", NUMBER, nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f(f"fk_{name}_org_id")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f(f"fk_{name}_assembly_id")),
        sa.PrimaryKeyConstraint(*(["org_id"] if is_private else []), "id", name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    _table(
        "information_requests",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("question", sa.String(length=600), nullable=False),
        sa.Column("asked_of", sa.String(length=120), nullable=False),
        sa.Column("asked_by", sa.String(length=20), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("asked_by in ('participants','steering','content','oversight')", name=op.f("ck_information_requests_asked_by")),
        sa.CheckConstraint("due_on >= asked_on", name=op.f("ck_information_requests_due")),
        sa.CheckConstraint("(answered_on is null) = (answer = '')", name=op.f("ck_information_requests_answered")),
        sa.CheckConstraint("not is_refused or answered_on is not null", name=op.f("ck_information_requests_refused")),
        sa.UniqueConstraint("assembly_id", "number", name=op.f("uq_information_requests_assembly_id_number")),
    )
    _table(
        "assembly_backings",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("what_for", sa.String(length=300), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind in ('convenes','pays','facilitates','evaluates','contract','grant')", name=op.f("ck_assembly_backings_kind")),
        sa.CheckConstraint("amount is null or amount >= 0", name=op.f("ck_assembly_backings_amount")),
    )
    op.create_index("assembly_backings_of", "assembly_backings", ["assembly_id", "id"])
    _table(
        "political_scenarios",
        sa.Column("scenario", sa.String(length=12), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.CheckConstraint("scenario in ('open','soft','reluctant','opposed')", name=op.f("ck_political_scenarios_scenario")),
        is_private=True,
    )
    op.create_index("political_scenarios_of", "political_scenarios", ["org_id", "assembly_id", "seen_at"])
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({OWN}) with check ({OWN})")
            if table != "political_scenarios":
                op.execute(f"create policy circle on {table} for select using (org_id in (select plenary_circle()))")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
