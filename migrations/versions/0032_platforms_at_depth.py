"""Platforms at depth: amendments to amendments, voices, advice, proposals, moderation, histories of positions, later endorsements."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OWN = "org_id = (select plenary_org())"
SIDE = "(select plenary_org()) in (org_id, partner_id)"
CIRCLE = "org_id in (select plenary_circle())"
STANCES = "stance in ('endorse','reserve','stand_aside','oppose','pending')"
STATES = "state in ('proposed','adopted','refused','withdrawn'{})"
PLANK = "(kind = 'add') or (plank_id is not null){}"
WHO_WRITES = {
    "amendment_voices": SIDE, "committee_advice": OWN, "platform_proposals": SIDE, "comment_reports": SIDE, "position_statements": SIDE,
    "position_processes": SIDE, "endorsements": OWN,
}
HIDDEN = {"platform_proposals", "endorsements"}


def _text(name: str, length: int | None = None, nullable: bool = False, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=nullable, server_default=default)


def _to(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, what: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(what, name=op.f(f"ck_{table}_{name}"))


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _numbers(*names: str, nullable: bool = False) -> list[sa.Column]:
    return [sa.Column(name, NUMBER, nullable=nullable) for name in names]


def _table(name: str, *parts: sa.schema.SchemaItem, is_private: bool = False, has_partner: bool = True) -> None:
    more = [sa.Column("partner_id", NUMBER, nullable=False), _to(name, "partner_id", "organizations")] if has_partner else []
    op.create_table(
        name,
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *more, *parts,
        _to(name, "org_id", "organizations"),
        sa.PrimaryKeyConstraint(*(["org_id"] if is_private else []), "id", name=op.f(f"pk_{name}")),
    )


@contextmanager
def _every_row_of(*tables: str) -> Iterator[None]:
    """Row-level security binds the owner too; for a moment it does not, so that what stands there is brought along."""
    is_held = op.get_bind().dialect.name == "postgresql"
    for table in tables if is_held else ():
        op.execute(f"alter table {table} no force row level security")
    yield
    for table in tables if is_held else ():
        op.execute(f"alter table {table} force row level security")


def upgrade() -> None:
    with op.batch_alter_table("platforms") as batch:
        batch.add_column(sa.Column("proposals_until", MOMENT, nullable=True))
        batch.add_column(sa.Column("takes_proposals", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("least_supporters", sa.Integer(), nullable=False, server_default="0"))
        batch.create_check_constraint(op.f("ck_platforms_least_supporters"), "least_supporters between 0 and 99")
    with op.batch_alter_table("amendments") as batch:
        batch.add_column(sa.Column("parent_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("amended", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("adopted_version", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_amendments_parent_id"), "amendments", ["parent_id"], ["id"])
        batch.drop_constraint(op.f("ck_amendments_state"), type_="check")
        batch.drop_constraint(op.f("ck_amendments_plank"), type_="check")
        batch.create_check_constraint(op.f("ck_amendments_state"), STATES.format(",'fallen'"))
        batch.create_check_constraint(op.f("ck_amendments_plank"), PLANK.format(" or (parent_id is not null)"))
        batch.create_check_constraint(op.f("ck_amendments_second_order"), "parent_id is null or kind = 'change'")
    op.create_index(op.f("ix_amendments_parent_id"), "amendments", ["parent_id"])
    with _every_row_of("amendments", "plank_versions"):
        op.execute("update amendments set adopted_version = (select max(number) from plank_versions v where v.amendment_id = amendments.id)")
    with op.batch_alter_table("comments") as batch:
        batch.add_column(sa.Column("reply_to_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("hidden_at", MOMENT, nullable=True))
        batch.add_column(_text("hidden_by", 200, default=""))
        batch.add_column(_text("hidden_reason", default=""))
        batch.create_foreign_key(op.f("fk_comments_reply_to_id"), "comments", ["reply_to_id"], ["id"])
        batch.create_check_constraint(op.f("ck_comments_hidden"), "(hidden_at is null) = (hidden_reason = '')")
    op.create_index(op.f("ix_comments_reply_to_id"), "comments", ["reply_to_id"])
    with op.batch_alter_table("positions") as batch:
        batch.add_column(_text("decided_by", 200, default=""))
        batch.add_column(sa.Column("decided_on", sa.Date(), nullable=True))
    _around_amendments()
    _around_positions()
    if op.get_bind().dialect.name == "postgresql":
        for table, writes in WHO_WRITES.items():
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({writes}) with check ({writes})")
            if table not in HIDDEN:
                op.execute(f"create policy circle on {table} for select using ({CIRCLE})")


def _around_amendments() -> None:
    name = "amendment_voices"
    _table(name, *_numbers("platform_id", "amendment_id"), _text("says", 20), _text("by_name", 200), sa.Column("at", MOMENT, nullable=False),
           _check(name, "says", "says in ('support','contest')"), _once(name, "amendment_id", "partner_id"),
           _to(name, "platform_id", "platforms"), _to(name, "amendment_id", "amendments"))
    op.create_index(op.f("ix_amendment_voices_platform_id"), name, ["platform_id"])
    name = "committee_advice"
    _table(name, *_numbers("platform_id"), *_numbers("plank_id", "amendment_id", nullable=True), _text("advice", 20), _text("words"),
           _text("committee", 200), _text("by_name", 200), sa.Column("at", MOMENT, nullable=False),
           _check(name, "advice", "advice in ('adopt','change','refuse','none')"),
           _check(name, "about_one", "(plank_id is null) != (amendment_id is null)"),
           _to(name, "platform_id", "platforms"), _to(name, "plank_id", "planks"), _to(name, "amendment_id", "amendments"), has_partner=False)
    op.create_index("ix_committee_advice_platform", name, ["platform_id", "at"])
    name = "platform_proposals"
    _table(name, *_numbers("platform_id"), sa.Column("is_public", sa.Boolean(), nullable=False),
           _text("language", 8), _text("title", 200), _text("text"), _text("reason"), _text("origin", 200), _text("state", 20), _text("answer"),
           _text("answered_by", 200), sa.Column("answered_at", MOMENT, nullable=True), *_numbers("plank_id", "amendment_id", nullable=True),
           _text("address_mark", 32), _check(name, "state", "state in ('proposed','taken','set_aside')"),
           _check(name, "answered", "(state = 'proposed') = (answered_at is null)"), _check(name, "reason", "state != 'set_aside' or answer != ''"),
           _check(name, "taken", "state != 'taken' or plank_id is not null or amendment_id is not null"),
           _to(name, "platform_id", "platforms"), _to(name, "plank_id", "planks"), _to(name, "amendment_id", "amendments"))
    op.create_index("ix_platform_proposals_platform", name, ["platform_id", "created_at"])
    name = "comment_reports"
    _table(name, *_numbers("comment_id"), _text("words"), _text("by_name", 200), sa.Column("at", MOMENT, nullable=False),
           _once(name, "comment_id", "partner_id"), _to(name, "comment_id", "comments"))


def _around_positions() -> None:
    name, stated = "position_statements", ("stance", "words", "until", "decided_by", "decided_on", "stated_by", "stated_at")
    _table(name, *_numbers("platform_id", "plank_id"), _text("stance", 20), _text("words"), sa.Column("until", sa.Date(), nullable=True),
           _text("decided_by", 200), sa.Column("decided_on", sa.Date(), nullable=True), _text("stated_by", 200), sa.Column("stated_at", MOMENT, nullable=False),
           _check(name, "stance", STANCES), _to(name, "platform_id", "platforms"), _to(name, "plank_id", "planks"))
    op.create_index("ix_position_statements_platform", name, ["platform_id", "stated_at"])
    same = ", ".join(("org_id", "id", "created_at", "partner_id", "platform_id", "plank_id", *stated))
    with _every_row_of("positions"):
        op.execute(f"insert into position_statements ({same}) select {same} from positions")  # what stands now is the first that history knows
    name = "position_processes"
    _table(name, *_numbers("platform_id"), _text("words"), sa.Column("decides_on", sa.Date(), nullable=True), _text("written_by", 200),
           _once(name, "platform_id", "partner_id"), _to(name, "platform_id", "platforms"))
    name = "endorsements"
    _table(name, *_numbers("platform_id"), _text("kind", 20), _text("name", 200), _text("spoken_by", 200), sa.Column("is_named", sa.Boolean(), nullable=False),
           _text("state", 20), _text("decided_by", 200), _text("phone_mark", 32), _text("address_mark", 32),
           _check(name, "kind", "kind in ('person','organization')"), _check(name, "state", "state in ('new','confirmed','struck')"),
           _check(name, "named", "is_named or name = ''"), _to(name, "platform_id", "platforms"), is_private=True, has_partner=False)
    op.create_index("ix_endorsements_platform", name, ["org_id", "platform_id", "kind", "state"])
    op.create_index("ix_endorsements_phone", name, ["org_id", "phone_mark"])


def downgrade() -> None:
    """Amendments to amendments, fallen ones and replies go: before this they have no place."""
    for table in reversed(WHO_WRITES):
        op.drop_table(table)
    with op.batch_alter_table("positions") as batch:
        batch.drop_column("decided_on")
        batch.drop_column("decided_by")
    with _every_row_of("comments", "amendments"):
        op.execute("delete from comments where reply_to_id is not null")
        op.drop_index(op.f("ix_comments_reply_to_id"), "comments")
    with op.batch_alter_table("comments") as batch:
        batch.drop_constraint(op.f("ck_comments_hidden"), type_="check")
        batch.drop_constraint(op.f("fk_comments_reply_to_id"), type_="foreignkey")
        for column in ("hidden_reason", "hidden_by", "hidden_at", "reply_to_id"):
            batch.drop_column(column)
    op.drop_index(op.f("ix_amendments_parent_id"), "amendments")
    with op.batch_alter_table("amendments") as batch:
        for check in ("second_order", "plank", "state"):
            batch.drop_constraint(op.f(f"ck_amendments_{check}"), type_="check")
        batch.create_check_constraint(op.f("ck_amendments_plank"), PLANK.format(""))
        batch.create_check_constraint(op.f("ck_amendments_state"), STATES.format(""))
        batch.drop_constraint(op.f("fk_amendments_parent_id"), type_="foreignkey")
        for column in ("adopted_version", "amended", "parent_id"):
            batch.drop_column(column)
    with op.batch_alter_table("platforms") as batch:
        batch.drop_constraint(op.f("ck_platforms_least_supporters"), type_="check")
        for column in ("least_supporters", "takes_proposals", "proposals_until"):
            batch.drop_column(column)
