"""Elections of leaders with offices and nominations; paper ballots that two people enter; tablets on which members vote."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

OWN = "org_id = (select plenary_org())"
SIDE = "(select plenary_org()) in (org_id, partner_id)"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
COMMONS, TWO_SIDED, PRIVATE = ("elections", "election_offices", "paper_counts"), ("nominations", "voting_booths"), ("paper_batches", "paper_entries")


def _number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, NUMBER, nullable=nullable)


def _to(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    partner = [_number("partner_id"), _to(name, "partner_id", "organizations")] if name in TWO_SIDED else []
    key = ["org_id", "id"] if name in PRIVATE else ["id"]
    own = sa.Column("org_id", NUMBER, autoincrement=False, nullable=False)
    op.create_table(
        name, own, sa.Column("id", NUMBER, autoincrement=False, nullable=False), sa.Column("created_at", MOMENT, nullable=False), *partner, *parts,
        _to(name, "org_id", "organizations"), sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    _elections()
    _paper()
    if op.get_bind().dialect.name == "postgresql":
        for table in (*COMMONS, *TWO_SIDED, *PRIVATE):
            rule = SIDE if table in TWO_SIDED else OWN
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({rule}) with check ({rule})")
            if table in COMMONS:
                op.execute(f"create policy circle on {table} for select using (org_id in (select plenary_circle()))")


def _elections() -> None:
    _table(
        "elections",
        sa.Column("title", sa.JSON(), nullable=False), sa.Column("who_may", sa.JSON(), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False), sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("must_be_member", sa.Boolean(), nullable=False), _number("member_months"), _number("statement_limit"),
        sa.Column("observers", sa.JSON(), nullable=False), _number("keep_days"),
        _check("elections", "window", "closes_at > opens_at"), _check("elections", "kept", "keep_days >= 365"),
    )
    op.create_index("ix_elections_org_id_opens_at", "elections", ["org_id", "opens_at"])
    name = "election_offices"
    _table(
        name, _number("election_id"), sa.Column("title", sa.JSON(), nullable=False), _number("seats"), sa.Column("method", sa.String(40), nullable=False),
        sa.Column("reserved", sa.JSON(), nullable=False), _number("ratification_id", True), _check(name, "seats", "seats > 0"),
        _to(name, "election_id", "elections"), _to(name, "ratification_id", "ratifications"),
        sa.UniqueConstraint("ratification_id", name=op.f(f"uq_{name}_ratification_id")),
    )
    op.create_index("ix_election_offices_org_id_election_id", name, ["org_id", "election_id"])
    name = "nominations"
    _table(
        name, _number("office_id"), _number("person_id"), sa.Column("nominated_by", sa.String(200), nullable=False),
        sa.Column("state", sa.String(20), nullable=False), sa.Column("public_name", sa.String(120), nullable=False),
        sa.Column("statements", sa.JSON(), nullable=False), sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True), sa.Column("via", sa.String(20), nullable=False),
        _check(name, "state", "state in ('asked','accepted','declined','withdrawn')"), _check(name, "named", "state != 'accepted' or public_name != ''"),
        _check(name, "answered", "(state = 'asked') = (answered_at is null)"), _check(name, "via", "via in ('','page','desk')"),
        _to(name, "office_id", "election_offices"),
        sa.UniqueConstraint("office_id", "partner_id", "person_id", name=op.f(f"uq_{name}_office_id_partner_id_person_id")),
    )
    op.create_index("ix_nominations_org_id_office_id", name, ["org_id", "office_id"])
    op.create_index("ix_nominations_person", name, ["partner_id", "person_id"])


def _paper() -> None:
    name = "paper_counts"
    _table(
        name, _number("electorate_id"), _number("issued"), _number("spoiled"), _number("returned"), sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("finished_by", sa.String(200), nullable=True), _to(name, "electorate_id", "electorates"),
        _check(name, "numbers", "0 <= returned and returned <= issued and spoiled >= 0"),
        _check(name, "finished", "(finished_at is null) = (finished_by is null)"),
        sa.UniqueConstraint("electorate_id", name=op.f(f"uq_{name}_electorate_id")),
    )
    name = "paper_batches"
    _table(
        name, _number("electorate_id"), _number("number"), _number("size"), sa.Column("state", sa.String(20), nullable=False),
        _number("first_account_id", True), _number("second_account_id", True), _to(name, "electorate_id", "electorates"),
        _to(name, "first_account_id", "accounts"), _to(name, "second_account_id", "accounts"),
        _check(name, "state", "state in ('typing','differs','held')"), _check(name, "size", "size between 1 and 50"),
        _check(name, "two_people", "first_account_id != second_account_id"), _check(name, "read_twice", "state = 'typing' or second_account_id is not null"),
        sa.UniqueConstraint("org_id", "electorate_id", "number", name=op.f(f"uq_{name}_org_id_electorate_id_number")),
    )
    name = "paper_entries"
    _table(
        name, _number("batch_id"), _number("reading"), _number("place"), sa.Column("contents", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["org_id", "batch_id"], ["paper_batches.org_id", "paper_batches.id"], name=op.f(f"fk_{name}_org_id_batch_id"),
                                ondelete="CASCADE"),
        _check(name, "reading", "reading in (1, 2)"),
        sa.UniqueConstraint("org_id", "batch_id", "reading", "place", name=op.f(f"uq_{name}_org_id_batch_id_reading_place")),
    )
    name = "voting_booths"
    _table(
        name, _number("ratification_id"), sa.Column("name", sa.String(80), nullable=False), _number("entry_id", True),
        sa.Column("pass_key", sa.String(32), nullable=True), sa.Column("until", MOMENT, nullable=True), _to(name, "ratification_id", "ratifications"),
        _to(name, "entry_id", "roll_entries"),
        _check(name, "unlocked", "(entry_id is null) = (pass_key is null) and (entry_id is null) = (until is null)"),
    )
    op.create_index("ix_voting_booths_org_id_ratification_id", name, ["org_id", "ratification_id"])


def downgrade() -> None:
    for table in ("voting_booths", "paper_entries", "paper_batches", "paper_counts", "nominations", "election_offices", "elections"):
        op.drop_table(table)
