"""Surveys by text: questions, who was asked, what they answered."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("surveys", "survey_questions", "survey_respondents", "survey_answers")
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


def _of_survey(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["org_id", "survey_id"], ["surveys.org_id", "surveys.id"], name=op.f(f"fk_{name}_org_id_survey_id"), ondelete="CASCADE")


def _of_person(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["org_id", "person_id"], ["people.org_id", "people.id"], name=op.f(f"fk_{name}_org_id_person_id"), ondelete="CASCADE")


def upgrade() -> None:
    _table(
        "surveys",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("state in ('draft','open','closed')", name=op.f("ck_surveys_state")),
        sa.CheckConstraint("(state = 'draft') = (opened_at is null)", name=op.f("ck_surveys_opened")),
        sa.CheckConstraint("(state = 'closed') = (closed_at is not null)", name=op.f("ck_surveys_closed")),
    )
    op.create_index("ix_surveys_recent", "surveys", ["org_id", "created_at", "id"])
    _table(
        "survey_questions",
        sa.Column("survey_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.CheckConstraint("number between 1 and 10", name=op.f("ck_survey_questions_number")),
        _of_survey("survey_questions"),
        sa.UniqueConstraint("org_id", "survey_id", "number", name=op.f("uq_survey_questions_org_id_survey_id_number")),
    )
    _table(
        "survey_respondents",
        sa.Column("survey_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint("state in ('asked','answering','done')", name=op.f("ck_survey_respondents_state")),
        sa.CheckConstraint("(state = 'done') = (done_at is not null)", name=op.f("ck_survey_respondents_done")),
        _of_survey("survey_respondents"),
        _of_person("survey_respondents"),
        sa.UniqueConstraint("org_id", "survey_id", "person_id", name=op.f("uq_survey_respondents_org_id_survey_id_person_id")),
    )
    op.create_index("ix_survey_respondents_person", "survey_respondents", ["org_id", "person_id"])
    _table(
        "survey_answers",
        sa.Column("survey_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("choice", NUMBER, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.CheckConstraint("(choice is null) <> (words = '')", name=op.f("ck_survey_answers_one")),
        _of_survey("survey_answers"),
        _of_person("survey_answers"),
        sa.UniqueConstraint("org_id", "survey_id", "person_id", "number", name=op.f("uq_survey_answers_org_id_survey_id_person_id_number")),
    )
    op.create_index("ix_survey_answers_person", "survey_answers", ["org_id", "person_id"])
    op.create_index("ix_survey_answers_count", "survey_answers", ["org_id", "survey_id", "number", "choice"])
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({OWN}) with check ({OWN})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
