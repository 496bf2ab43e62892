"""Childcare by age and hours, and how it is counted; lots among own people's households; guests of an assembly."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
VISITS = """create or replace function plenary_visits() returns setof bigint language sql stable as
$$ select assembly_id from guests where guest_id = plenary_org() and ended_at is null $$"""
OF_ASSEMBLIES = (
    "agenda_items", "assembly_backings", "assembly_partners", "assembly_sessions", "assembly_tasks", "care_plans", "committee_seats", "committees",
    "delegation_formulas", "floor_counts", "floor_votes", "governing_powers", "information_requests",
)
OWN = "org_id = (select plenary_org())"


def upgrade() -> None:
    op.add_column("supports", sa.Column("children", sa.JSON(), nullable=True))
    op.add_column("supports", sa.Column("hours", sa.JSON(), nullable=True))
    op.add_column("support_helpers", sa.Column("hours", sa.JSON(), nullable=True))
    op.add_column("recruitments", sa.Column("own", sa.JSON(), nullable=True))
    op.create_table(
        "care_plans",
        sa.Column("org_id", NUMBER, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("assembly_id", NUMBER, nullable=False),
        sa.Column("ratios", sa.JSON(), nullable=False),
        sa.Column("slot_minutes", NUMBER, nullable=False),
        sa.CheckConstraint("slot_minutes between 30 and 720", name=op.f("ck_care_plans_slot_minutes")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_care_plans_org_id")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_care_plans_assembly_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_plans")),
        sa.UniqueConstraint("assembly_id", name=op.f("uq_care_plans_assembly_id")),
    )
    op.create_table(
        "guests",
        sa.Column("guest_id", NUMBER, nullable=False),
        sa.Column("assembly_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["guest_id"], ["organizations.id"], name=op.f("fk_guests_guest_id")),
        sa.PrimaryKeyConstraint("guest_id", "assembly_id", name=op.f("pk_guests")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table care_plans enable row level security")
        op.execute("alter table care_plans force row level security")
        op.execute(f"create policy own on care_plans using ({OWN}) with check ({OWN})")
        op.execute("create policy circle on care_plans for select using (org_id in (select plenary_circle()))")

        op.execute(VISITS)
        op.execute("create policy guest on assemblies for select using (id in (select plenary_visits()))")
        for table in OF_ASSEMBLIES:
            op.execute(f"create policy guest on {table} for select using (assembly_id in (select plenary_visits()))")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in (*OF_ASSEMBLIES, "assemblies"):
            op.execute(f"drop policy guest on {table}")
        op.execute("drop function plenary_visits()")
    op.drop_table("guests")
    op.drop_table("care_plans")
    with op.batch_alter_table("recruitments") as batch:
        batch.drop_column("own")
    with op.batch_alter_table("support_helpers") as batch:
        batch.drop_column("hours")
    with op.batch_alter_table("supports") as batch:
        batch.drop_column("hours")
        batch.drop_column("children")
