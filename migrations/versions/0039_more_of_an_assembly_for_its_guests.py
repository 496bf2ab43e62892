"""Guests of an assembly read its platforms, its votes and what government committed to; a vote without an edition says whose seats vote.
A session may have a link for taking part from afar."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VISITS = {  # of each table, the rows that belong to an assembly where the organization is a guest; each reads those before it
    "platforms": "assembly_id in (select plenary_visits())",
    "planks": "platform_id in (select plenary_visits_platforms())",
    "commitments": "assembly_id in (select plenary_visits())",
    "recommendations": "assembly_id in (select plenary_visits())",
    "editions": "platform_id in (select plenary_visits_platforms())",
    "ratifications": "assembly_id in (select plenary_visits()) or edition_id in (select plenary_visits_editions())",
    "electorates": "ratification_id in (select plenary_visits_ratifications())",
}
ALONE = {
    "election_offices": "ratification_id in (select plenary_visits_ratifications())",
    "elections": "id in (select election_id from election_offices where ratification_id in (select plenary_visits_ratifications()))",
    "targets": "id in (select target_id from commitments where assembly_id in (select plenary_visits()))"
               " or id in (select target_id from recommendations where assembly_id in (select plenary_visits()))",
}
BELOW = {
    "platform": ("platforms", ("amendment_voices", "amendments", "committee_advice", "position_processes", "position_statements", "positions")),
    "plank": ("planks", ("comments", "plank_versions")),
    "commitment": ("commitments", ("commitment_outcomes",)),
    "recommendation": ("recommendations", ("draft_feedback", "milestones", "official_responses")),
    "ratification": ("ratifications", ("notice_summaries", "outside_results", "roll_corrections", "tellers")),
    "electorate": ("electorates", ("member_votes", "organization_roll", "paper_counts", "roll_bits", "roll_call_votes")),
}


def policies() -> dict[str, str]:
    below = {table: f"{column}_id in (select plenary_visits_{parent}())" for column, (parent, tables) in BELOW.items() for table in tables}
    return VISITS | ALONE | below


def upgrade() -> None:
    with op.batch_alter_table("ratifications") as batch:
        batch.add_column(sa.Column("assembly_id", NUMBER, nullable=True))
        batch.create_foreign_key(op.f("fk_ratifications_assembly_id"), "assemblies", ["assembly_id"], ["id"])
        batch.create_check_constraint(op.f("ck_ratifications_one_assembly"), "assembly_id is null or edition_id is null")
    op.create_index(op.f("ix_ratifications_assembly_id"), "ratifications", ["assembly_id"])
    op.add_column("assembly_sessions", sa.Column("online", sa.String(length=300), nullable=False, server_default=""))
    with op.batch_alter_table("assembly_sessions") as batch:
        batch.alter_column("online", existing_type=sa.String(length=300), existing_nullable=False, server_default=None)
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:  # every organization's, for once
        for table in ("ratifications", "electorates"):
            op.execute(f"alter table {table} no force row level security")
    op.execute("""update ratifications set assembly_id = (
        select case when min(assembly_id) = max(assembly_id) then min(assembly_id) end from electorates where ratification_id = ratifications.id)
        where edition_id is null""")
    if is_postgresql:
        for table in ("ratifications", "electorates"):
            op.execute(f"alter table {table} force row level security")
        for table, belongs in VISITS.items():
            op.execute(f"create or replace function plenary_visits_{table}() returns setof bigint language sql stable as\n"
                       f"$$ select id from {table} where {belongs} $$")
        for table, belongs in policies().items():
            op.execute(f"create policy guest on {table} for select using ({belongs})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in policies():
            op.execute(f"drop policy guest on {table}")
        for table in reversed(VISITS):
            op.execute(f"drop function plenary_visits_{table}()")
    with op.batch_alter_table("assembly_sessions") as batch:
        batch.drop_column("online")
    op.drop_index(op.f("ix_ratifications_assembly_id"), "ratifications")
    with op.batch_alter_table("ratifications") as batch:
        batch.drop_constraint(op.f("ck_ratifications_one_assembly"), type_="check")
        batch.drop_constraint(op.f("fk_ratifications_assembly_id"), type_="foreignkey")
        batch.drop_column("assembly_id")
