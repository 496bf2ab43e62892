"""Turnout at depth: asks as dated attempts, goals, doors of three kinds, paper sheets that two people enter, who does what for supports."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

PRIVATE = ("asks", "paper_sheets", "sheet_entries", "support_helpers")
OWN = "org_id = (select plenary_org())"
SIDE = "(select plenary_org()) in (org_id, partner_id)"
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


def _assembly(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (sa.Column("assembly_id", sa.BigInteger(), nullable=False),
            sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f(f"fk_{table}_assembly_id")))


def upgrade() -> None:
    _table(
        "asks",
        *_assembly("asks"),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("how in ('text','call','door','in_person')", name=op.f("ck_asks_how")),
        sa.CheckConstraint(
            "outcome in ('sent','yes','maybe','no','confirmed','no_answer','left_message','wrong_number')", name=op.f("ck_asks_outcome")),
        sa.CheckConstraint("(outcome in ('yes','maybe','no','confirmed')) = (answered_at is not null)", name=op.f("ck_asks_answered")),
        sa.ForeignKeyConstraint(["org_id", "person_id"], ["people.org_id", "people.id"], name=op.f("fk_asks_org_id_person_id"), ondelete="CASCADE"),
    )
    op.create_index("ix_asks_of", "asks", ["org_id", "assembly_id", "person_id", "asked_at"])
    op.create_index("ix_asks_person", "asks", ["org_id", "person_id", "asked_at"])
    op.create_table(
        "turnout_goals",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("org_id", NUMBER, nullable=False),
        sa.Column("partner_id", NUMBER, nullable=False),
        *_assembly("turnout_goals"),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("target", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind in ('organization','unit','organizer')", name=op.f("ck_turnout_goals_kind")),
        sa.CheckConstraint("(kind = 'organization') = (name = '')", name=op.f("ck_turnout_goals_named")),
        sa.CheckConstraint("kind = 'organization' or org_id = partner_id", name=op.f("ck_turnout_goals_own")),
        sa.CheckConstraint("target between 1 and 100000", name=op.f("ck_turnout_goals_target")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_turnout_goals_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_turnout_goals_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turnout_goals")),
        sa.UniqueConstraint("assembly_id", "partner_id", "kind", "name", name=op.f("uq_turnout_goals_assembly_id_partner_id_kind_name")),
    )
    _sheets()
    _supports()
    op.add_column("doors", sa.Column("kind", sa.String(length=8), nullable=False, server_default="door"))
    with op.batch_alter_table("doors") as batch:
        batch.alter_column("kind", existing_type=sa.String(length=8), existing_nullable=False, server_default=None)
        batch.create_check_constraint(op.f("ck_doors_kind"), "kind in ('door','kiosk','hall')")
    op.drop_index("rsvps_by_state", "rsvps")
    op.create_index("rsvps_counted", "rsvps", ["assembly_id", "partner_id", "state", "org_id", "guests", "answered_at"])
    if op.get_bind().dialect.name == "postgresql":
        for table in (*PRIVATE, "turnout_goals"):
            which = SIDE if table == "turnout_goals" else OWN
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({which}) with check ({which})")


def _sheets() -> None:
    _table(
        "paper_sheets",
        *_assembly("paper_sheets"),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["assembly_sessions.id"], name=op.f("fk_paper_sheets_session_id")),
        sa.UniqueConstraint("org_id", "session_id", "number", name=op.f("uq_paper_sheets_org_id_session_id_number")),
    )
    _table(
        "sheet_entries",
        sa.Column("sheet_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("entered_by", sa.String(length=120), nullable=False),
        sa.Column("here", sa.JSON(), nullable=False),
        sa.Column("written_in", sa.JSON(), nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["org_id", "sheet_id"], ["paper_sheets.org_id", "paper_sheets.id"], name=op.f("fk_sheet_entries_org_id_sheet_id"),
                                ondelete="CASCADE"),
        sa.UniqueConstraint("org_id", "sheet_id", "account_id", name=op.f("uq_sheet_entries_org_id_sheet_id_account_id")),
    )


def _supports() -> None:
    _table(
        "support_helpers",
        *_assembly("support_helpers"),
        sa.Column("session_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("places", NUMBER, nullable=False),
        sa.CheckConstraint("kind in ('childcare','interpretation','ride','access','meal','stipend')", name=op.f("ck_support_helpers_kind")),
        sa.CheckConstraint("places between 1 and 9999", name=op.f("ck_support_helpers_places")),
        sa.ForeignKeyConstraint(["session_id"], ["assembly_sessions.id"], name=op.f("fk_support_helpers_session_id")),
    )
    op.create_index("ix_support_helpers_of", "support_helpers", ["org_id", "assembly_id", "kind"])
    op.add_column("supports", sa.Column("cents", NUMBER, nullable=True))
    op.add_column("supports", sa.Column("helper_id", NUMBER, nullable=True))
    with op.batch_alter_table("supports") as batch:
        batch.create_check_constraint(op.f("ck_supports_cents"), "cents is null or kind = 'stipend' and cents between 1 and 1000000")


def downgrade() -> None:
    op.drop_index("rsvps_counted", "rsvps")
    op.create_index("rsvps_by_state", "rsvps", ["org_id", "assembly_id", "state"])
    with op.batch_alter_table("supports") as batch:
        batch.drop_constraint(op.f("ck_supports_cents"), type_="check")
        batch.drop_column("helper_id")
        batch.drop_column("cents")
    with op.batch_alter_table("doors") as batch:
        batch.drop_constraint(op.f("ck_doors_kind"), type_="check")
        batch.drop_column("kind")
    for table in ("turnout_goals", *reversed(PRIVATE)):
        op.drop_table(table)
