"""Accountability: decision-makers, commitments and what they came to, recommendations, responses, milestones, report-backs."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "targets", "commitments", "commitment_outcomes", "recommendations", "draft_feedback", "official_responses", "milestones", "report_backs",
    "fulfilment_ratings",
)
OWN = "org_id = (select plenary_org())"
VERDICTS = "'accepted','partly','rejected','under_study'"


def _number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, NUMBER, nullable=nullable)


def _words(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _table(name: str, keys: dict[str, str], *parts: sa.schema.SchemaItem) -> None:
    """A commons table with its foreign keys: column → column of another table, with ? where it may be empty."""
    columns = [_number(column.rstrip("?"), column.endswith("?")) for column in keys]
    named = [
        sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{name}_{column}"), ondelete="SET NULL" if to == "agenda_items.id" else None)
        for column, to in ((column.rstrip("?"), to) for column, to in keys.items())
    ]
    op.create_table(
        name,
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *columns, *parts,
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f(f"fk_{name}_org_id")),
        *named,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _table(
        "targets", {}, _words("name", 120), _words("kind", 10),
        _check("targets", "kind", "kind in ('body','official')"), sa.UniqueConstraint("org_id", "name", name=op.f("uq_targets_org_id_name")),
    )
    _commitments()
    _recommendations()
    _report_backs()
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({OWN}) with check ({OWN})")
            op.execute(f"create policy circle on {table} for select using (org_id in (select plenary_circle()))")


def _commitments() -> None:
    t = "commitments"
    _table(
        t, {"target_id": "targets.id", "assembly_id?": "assemblies.id", "ratification_id?": "ratifications.id"},
        sa.Column("words", sa.Text(), nullable=False), _words("legal_form", 10), _words("document", 300), sa.Column("signed_on", sa.Date(), nullable=False),
        _words("threshold", 20), _words("strictness", 10), _words("basis", 10), _words("duty", 200), _words("owner", 120), _number("due_days"),
        _words("covers", 10), _words("electorate", 20), sa.Column("judged_at", MOMENT, nullable=True),
        _check(t, "legal_form", "legal_form in ('informal','ordinance','statute')"), _check(t, "strictness", "strictness in ('at_least','more_than')"),
        _check(t, "basis", "basis in ('yes_and_no','cast','roll')"), _check(t, "covers", "covers in ('none','vote','room')"),
        _check(t, "vote", "(covers = 'vote') = (ratification_id is not null)"), _check(t, "room", "covers != 'room' or assembly_id is not null"),
        _check(t, "electorate", "electorate in ('all','members','organizations','delegates')"), _check(t, "due_days", "due_days between 1 and 3650"),
    )
    op.create_index("ix_commitments_recent", t, ["org_id", "signed_on", "id"])
    op.create_index(op.f("ix_commitments_assembly_id"), t, ["assembly_id"])
    op.create_index(op.f("ix_commitments_ratification_id"), t, ["ratification_id"])
    t = "commitment_outcomes"
    _table(
        t, {"commitment_id": "commitments.id"},
        _number("number"), sa.Column("title", sa.JSON(), nullable=False), sa.Column("counts", sa.JSON(), nullable=False), _words("problem", 12),
        sa.Column("is_met", sa.Boolean(), nullable=False), sa.Column("at", MOMENT, nullable=False),
        _check(t, "problem", "problem in ('','no_quorum','not_counted')"), _check(t, "met", "not is_met or problem = ''"),
        sa.UniqueConstraint("commitment_id", "number", name=op.f("uq_commitment_outcomes_commitment_id_number")),
    )


def _recommendations() -> None:
    t = "recommendations"
    _table(
        t, {"target_id": "targets.id", "assembly_id?": "assemblies.id", "outcome_id?": "commitment_outcomes.id", "plank_id?": "planks.id"},
        sa.Column("title", sa.JSON(), nullable=False), sa.Column("text", sa.JSON(), nullable=False), _words("owner", 120),
        sa.Column("delivered_on", sa.Date(), nullable=True), sa.Column("due_on", sa.Date(), nullable=False), _words("verdict", 12),
        sa.Column("answered_on", sa.Date(), nullable=True),
        _check(t, "verdict", f"verdict in ('',{VERDICTS})"), _check(t, "answered", "(verdict = '') = (answered_on is null)"),
        _check(t, "delivered", "verdict = '' or delivered_on is not null"), _check(t, "due", "delivered_on is null or due_on >= delivered_on"),
        sa.UniqueConstraint("outcome_id", name=op.f("uq_recommendations_outcome_id")),
        sa.UniqueConstraint("target_id", "plank_id", name=op.f("uq_recommendations_target_id_plank_id")),
    )
    op.create_index("ix_recommendations_due", t, ["org_id", "due_on", "id"])
    op.create_index(op.f("ix_recommendations_target_id"), t, ["target_id"])
    op.create_index(op.f("ix_recommendations_assembly_id"), t, ["assembly_id"])
    t = "draft_feedback"
    _table(
        t, {"recommendation_id": "recommendations.id"},
        _words("said_by", 120), sa.Column("said_on", sa.Date(), nullable=False), sa.Column("words", sa.Text(), nullable=False), _words("existing", 300),
    )
    op.create_index(op.f("ix_draft_feedback_recommendation_id"), t, ["recommendation_id"])
    t = "official_responses"
    _table(
        t, {"recommendation_id": "recommendations.id"},
        _number("number"), _words("verdict", 12), sa.Column("reason", sa.Text(), nullable=False), _words("answered_by", 120), _words("document", 300),
        sa.Column("answered_on", sa.Date(), nullable=False),
        _check(t, "verdict", f"verdict in ({VERDICTS})"), _check(t, "reason", "verdict not in ('partly','rejected') or reason != ''"),
        sa.UniqueConstraint("recommendation_id", "number", name=op.f("uq_official_responses_recommendation_id_number")),
    )
    t = "milestones"
    _table(
        t, {"recommendation_id": "recommendations.id"},
        _words("title", 200), sa.Column("due_on", sa.Date(), nullable=False), _words("state", 10), sa.Column("done_on", sa.Date(), nullable=True),
        _check(t, "state", "state in ('planned','under_way','done','dropped')"), _check(t, "done", "(state = 'done') = (done_on is not null)"),
    )
    op.create_index("ix_milestones_of", t, ["recommendation_id", "due_on"])
    op.create_index("ix_milestones_due", t, ["org_id", "state", "due_on"])


def _report_backs() -> None:
    t = "report_backs"
    _table(
        t, {"assembly_id": "assemblies.id", "from_id": "assemblies.id", "item_id?": "agenda_items.id"},
        _check(t, "other", "assembly_id != from_id"),
        sa.UniqueConstraint("assembly_id", "from_id", name=op.f("uq_report_backs_assembly_id_from_id")),
    )
    t = "fulfilment_ratings"
    _table(
        t, {"report_back_id": "report_backs.id", "recommendation_id": "recommendations.id"},
        _number("done"), _number("partly"), _number("not_done"), _check(t, "counts", "done >= 0 and partly >= 0 and not_done >= 0"),
        sa.UniqueConstraint("report_back_id", "recommendation_id", name=op.f("uq_fulfilment_ratings_report_back_id_recommendation_id")),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
