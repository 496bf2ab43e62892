"""Tellers and what they sign, challenges to a roll, papers that are published while a vote is open, votes that a restored backup holds."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OWN = "org_id = (select plenary_org())"
STATES = "state in ('draft','preparing','open','closed','certified')"
STATES_HELD = "state in ('draft','preparing','open','held','closed','certified')"
BEFORE, AFTER = "kind in ('struck','closed_early')", "kind in ('struck','closed_early','resumed')"


def _allow(table: str, constraint: str, words: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(constraint), type_="check")
        batch.create_check_constraint(op.f(constraint), words)


def upgrade() -> None:
    op.create_table(
        "tellers",
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ratification_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("opening_signature", sa.String(length=128), nullable=True),
        sa.Column("board_signature", sa.String(length=128), nullable=True),
        sa.CheckConstraint("length(public_key) = 64", name=op.f("ck_tellers_public_key")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_tellers_org_id")),
        sa.ForeignKeyConstraint(["ratification_id"], ["ratifications.id"], name=op.f("fk_tellers_ratification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tellers")),
        sa.UniqueConstraint("ratification_id", "number", name=op.f("uq_tellers_ratification_id_number")),
        sa.UniqueConstraint("ratification_id", "public_key", name=op.f("uq_tellers_ratification_id_public_key")),
    )
    op.create_table(
        "published_papers",
        sa.Column("poll_id", sa.String(length=64), nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("poll_id", "number", name=op.f("pk_published_papers")),
    )
    op.create_table(
        "roll_challenges",
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("partner_id", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ratification_id", NUMBER, nullable=False),
        sa.Column("electorate_id", NUMBER, nullable=False),
        sa.Column("seat", NUMBER, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("raised_by", sa.String(length=200), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("answer_reason", sa.String(length=300), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("answer in ('open','kept','struck')", name=op.f("ck_roll_challenges_answer")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_roll_challenges_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_roll_challenges_partner_id")),
        sa.ForeignKeyConstraint(["ratification_id"], ["ratifications.id"], name=op.f("fk_roll_challenges_ratification_id")),
        sa.ForeignKeyConstraint(["electorate_id"], ["electorates.id"], name=op.f("fk_roll_challenges_electorate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_challenges")),
    )
    for side in ("org_id", "partner_id"):
        op.create_index(f"ix_roll_challenges_{side}_ratification_id", "roll_challenges", [side, "ratification_id"])
    with op.batch_alter_table("ratifications") as batch:
        batch.add_column(sa.Column("certified_note", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("ratifications") as batch:
        batch.alter_column("certified_note", server_default=None)
    _allow("ratifications", "ck_ratifications_state", STATES_HELD)
    _allow("roll_corrections", "ck_roll_corrections_kind", AFTER)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table tellers enable row level security")
        op.execute("alter table tellers force row level security")
        op.execute(f"create policy own on tellers using ({OWN}) with check ({OWN})")
        op.execute("create policy circle on tellers for select using (org_id in (select plenary_circle()))")
        sides = f"({OWN} or partner_id = (select plenary_org()))"
        op.execute("alter table roll_challenges enable row level security")
        op.execute("alter table roll_challenges force row level security")
        op.execute(f"create policy own on roll_challenges using ({sides}) with check ({sides})")


def downgrade() -> None:
    op.execute("delete from roll_corrections where kind = 'resumed'")
    op.execute("update ratifications set state = 'open' where state = 'held'")
    _allow("roll_corrections", "ck_roll_corrections_kind", BEFORE)
    _allow("ratifications", "ck_ratifications_state", STATES)
    with op.batch_alter_table("ratifications") as batch:
        batch.drop_column("certified_note")
    op.drop_table("roll_challenges")
    op.drop_table("published_papers")
    op.drop_table("tellers")
