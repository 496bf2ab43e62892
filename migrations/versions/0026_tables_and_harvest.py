"""Tables and their harvest: divisions of a session's people, places, notes, themes, proposals, dots."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

OWN = "org_id = (select plenary_org())"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = ("table_rounds", "hall_tables", "table_places", "kept_apart", "themes", "table_notes", "table_proposals", "table_dots", "speaking_orders",
          "speakers")


def _number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, NUMBER, nullable=nullable)


def _within(table: str, column: str, of: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["org_id", column], [f"{of}.org_id", f"{of}.id"], name=op.f(f"fk_{table}_org_id_{column}"), ondelete=ondelete)


def _assembly(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f(f"fk_{table}_assembly_id"))


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint("org_id", *columns, name=op.f(f"uq_{table}_org_id_{'_'.join(columns)}"))


def _check(table: str, name: str, what: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(what, name=op.f(f"ck_{table}_{name}"))


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
        "table_rounds", _number("assembly_id"), _number("session_id"), sa.Column("source", sa.String(8), nullable=False), _number("seats"),
        sa.Column("main_language", sa.String(8), nullable=False), sa.Column("spread", sa.JSON(), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False), _number("dots"),
        sa.Column("dots_opened_at", MOMENT, nullable=True), sa.Column("dots_closed_at", MOMENT, nullable=True),
        _check("table_rounds", "source", "source in ('room','expected')"), _check("table_rounds", "seats", "seats between 2 and 50"),
        _check("table_rounds", "dots", "dots between 0 and 20"), _check("table_rounds", "dots_opened", "dots_opened_at is null or dots > 0"),
        _check("table_rounds", "dots_closed", "dots_closed_at is null or dots_opened_at is not null"),
        _assembly("table_rounds"),
        sa.ForeignKeyConstraint(["session_id"], ["assembly_sessions.id"], name=op.f("fk_table_rounds_session_id")),
    )
    op.create_index("ix_table_rounds_of", "table_rounds", ["org_id", "assembly_id", "id"])
    _table("hall_tables", _number("round_id"), _number("number"), _number("link_id"),
           _within("hall_tables", "round_id", "table_rounds", "CASCADE"), _once("hall_tables", "round_id", "number"))
    _table("table_places", _number("round_id"), _number("table_id"), _number("sitter"),
           _within("table_places", "round_id", "table_rounds", "CASCADE"), _within("table_places", "table_id", "hall_tables", "CASCADE"),
           _once("table_places", "round_id", "sitter"))
    _table("kept_apart", _number("assembly_id"), _number("one_sitter"), _number("other_sitter"), _check("kept_apart", "ordered", "one_sitter < other_sitter"),
           _assembly("kept_apart"), _once("kept_apart", "assembly_id", "one_sitter", "other_sitter"))
    _table("themes", _number("assembly_id"), sa.Column("title", sa.String(120), nullable=False), _assembly("themes"))
    op.create_index("ix_themes_of", "themes", ["org_id", "assembly_id", "id"])
    _table(
        "table_notes", _number("assembly_id"), _number("table_id"), _number("theme_id", nullable=True), sa.Column("body", sa.String(600), nullable=False),
        sa.Column("language", sa.String(8), nullable=False), sa.Column("key", sa.String(40), nullable=False), _assembly("table_notes"),
        _within("table_notes", "table_id", "hall_tables", "CASCADE"), _within("table_notes", "theme_id", "themes"), _once("table_notes", "table_id", "key"),
    )
    op.create_index("ix_table_notes_of", "table_notes", ["org_id", "assembly_id", "theme_id", "id"])
    _table("table_proposals", _number("assembly_id"), _number("number"), _number("theme_id", nullable=True), sa.Column("titles", sa.JSON(), nullable=False),
           sa.Column("texts", sa.JSON(), nullable=False), _assembly("table_proposals"), _within("table_proposals", "theme_id", "themes"),
           _once("table_proposals", "assembly_id", "number"))
    _table("table_dots", _number("table_id"), _number("proposal_id"), _number("points"), _check("table_dots", "points", "points > 0"),
           _within("table_dots", "table_id", "hall_tables", "CASCADE"), _within("table_dots", "proposal_id", "table_proposals", "CASCADE"),
           _once("table_dots", "table_id", "proposal_id"))
    _session = lambda table: sa.ForeignKeyConstraint(["session_id"], ["assembly_sessions.id"], name=op.f(f"fk_{table}_session_id"))  # noqa: E731
    _table("speaking_orders", _number("session_id"), sa.Column("order", sa.String(12), nullable=False), _number("seconds"),
           _session("speaking_orders"), _check("speaking_orders", "order", "\"order\" in ('progressive','alternate','plain')"),
           _check("speaking_orders", "seconds", "seconds between 15 and 1800"),
           _once("speaking_orders", "session_id"))
    _table(
        "speakers", _number("assembly_id"), _number("session_id"), sa.Column("name", sa.String(60), nullable=False), _number("table_number", nullable=True),
        sa.Column("side", sa.String(8), nullable=False), sa.Column("is_about", sa.Boolean(), nullable=False), sa.Column("asked_at", MOMENT, nullable=False),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("began_at", "ended_at", "withdrawn_at")),
        sa.Column("first_because", sa.String(200), nullable=False), _assembly("speakers"), _session("speakers"),
        _check("speakers", "side", "side in ('','for','against')"), _check("speakers", "ended", "ended_at is null or began_at is not null"),
        _check("speakers", "withdrawn", "withdrawn_at is null or began_at is null"),
    )
    op.create_index("ix_speakers_of", "speakers", ["org_id", "session_id", "id"])
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({OWN}) with check ({OWN})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
