"""Voting rules as data: groups counted apart, more quorums and conditions together, mandates, notice, and outside votes."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OWN = "org_id = (select plenary_org())"
BASES = "basis in ('yes_and_no','cast','present','roll')"
KINDS = "kind in ('members','organizations','delegates','participants','attendees','together')"
WHOSE = "(kind in ('delegates','participants','attendees') or is_weighted) = (assembly_id is not null)"


def upgrade() -> None:
    _electorates()
    with op.batch_alter_table("organization_roll") as batch:
        batch.add_column(sa.Column("mandates", NUMBER, nullable=False, server_default="1"))
        batch.create_check_constraint(op.f("ck_organization_roll_mandates"), "mandates > 0")
    with op.batch_alter_table("organization_roll") as batch:
        batch.alter_column("mandates", existing_type=NUMBER, existing_nullable=False, server_default=None)
    with op.batch_alter_table("roll_call_votes") as batch:
        batch.add_column(sa.Column("split", sa.JSON(), nullable=True))
        batch.drop_constraint(op.f("ck_roll_call_votes_choice"), type_="check")
        batch.create_check_constraint(op.f("ck_roll_call_votes_choice"), "choice in ('yes','no','abstain','split')")
        batch.create_check_constraint(op.f("ck_roll_call_votes_split"), "(choice = 'split') = (split is not null)")
    with op.batch_alter_table("ratifications") as batch:
        batch.add_column(sa.Column("notice_days", NUMBER, nullable=True))
        batch.add_column(sa.Column("notice_binds", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("referral", sa.JSON(), nullable=True))
        batch.create_check_constraint(op.f("ck_ratifications_notice_days"), "notice_days is null or notice_days between 1 and 365")
    with op.batch_alter_table("ratifications") as batch:
        batch.alter_column("notice_binds", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    op.add_column("notices", sa.Column("told_at", MOMENT, nullable=True))
    op.execute("update notices set told_at = created_at where channel = 'text'")
    with op.batch_alter_table("notice_summaries") as batch:
        batch.add_column(sa.Column("told", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("notice_summaries") as batch:
        batch.alter_column("told", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("published_boards") as batch:
        batch.add_column(sa.Column("outside", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("published_boards") as batch:
        batch.alter_column("outside", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    _outside_results()


def _electorates() -> None:
    """Each electorate gets a key within its vote; what was one of a kind keeps its kind as its key."""
    with op.batch_alter_table("electorates") as batch:
        batch.add_column(sa.Column("key", sa.String(length=20), nullable=False, server_default=""))
        batch.add_column(sa.Column("name", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("role", sa.String(length=12), nullable=True))
        batch.add_column(sa.Column("is_deciding", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column("is_weighted", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("on_day", sa.Date(), nullable=True))
        batch.add_column(sa.Column("joined_by", sa.Date(), nullable=True))
        batch.add_column(sa.Column("quorums", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("conditions", sa.JSON(), nullable=False, server_default="[]"))
    op.execute("update electorates set key = kind")
    with op.batch_alter_table("electorates") as batch:
        for name, kind in (("key", sa.String(length=20)), ("name", sa.JSON()), ("is_deciding", sa.Boolean()), ("is_weighted", sa.Boolean()),
                           ("quorums", sa.JSON()), ("conditions", sa.JSON())):
            batch.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        batch.drop_constraint(op.f("uq_electorates_ratification_id_kind"), type_="unique")
        batch.create_unique_constraint(op.f("uq_electorates_ratification_id_key"), ["ratification_id", "key"])
        for name in ("kind", "delegates", "basis"):
            batch.drop_constraint(op.f(f"ck_electorates_{name}"), type_="check")
        batch.create_check_constraint(op.f("ck_electorates_kind"), KINDS)
        batch.create_check_constraint(op.f("ck_electorates_assembly"), WHOSE)
        batch.create_check_constraint(op.f("ck_electorates_role"), "role is null or kind = 'participants'")
        batch.create_check_constraint(op.f("ck_electorates_weighted"), "kind = 'organizations' or not is_weighted")
        batch.create_check_constraint(op.f("ck_electorates_basis"), BASES)


def _outside_results() -> None:
    op.create_table(
        "outside_results",
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ratification_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("yes", NUMBER, nullable=False),
        sa.Column("no", NUMBER, nullable=False),
        sa.Column("districts", NUMBER, nullable=True),
        sa.Column("districts_carried", NUMBER, nullable=True),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.CheckConstraint("yes >= 0 and no >= 0", name=op.f("ck_outside_results_counts")),
        sa.CheckConstraint(
            "(districts is null) = (districts_carried is null) and (districts is null or districts_carried between 0 and districts)",
            name=op.f("ck_outside_results_districts")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_outside_results_org_id")),
        sa.ForeignKeyConstraint(["ratification_id"], ["ratifications.id"], name=op.f("fk_outside_results_ratification_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_outside_results_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_results")),
        sa.UniqueConstraint("ratification_id", "account_id", name=op.f("uq_outside_results_ratification_id_account_id")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table outside_results enable row level security")
        op.execute("alter table outside_results force row level security")
        op.execute(f"create policy own on outside_results using ({OWN}) with check ({OWN})")
        op.execute("create policy circle on outside_results for select using (org_id in (select plenary_circle()))")


def downgrade() -> None:
    """Votes whose rule has no place before this must be gone: groups, mandates, and shares of those present."""
    op.drop_table("outside_results")
    with op.batch_alter_table("published_boards") as batch:
        batch.drop_column("outside")
    with op.batch_alter_table("notice_summaries") as batch:
        batch.drop_column("told")
    op.drop_column("notices", "told_at")
    with op.batch_alter_table("ratifications") as batch:
        batch.drop_constraint(op.f("ck_ratifications_notice_days"), type_="check")
        for name in ("referral", "notice_binds", "notice_days"):
            batch.drop_column(name)
    with op.batch_alter_table("roll_call_votes") as batch:
        batch.drop_constraint(op.f("ck_roll_call_votes_split"), type_="check")
        batch.drop_constraint(op.f("ck_roll_call_votes_choice"), type_="check")
        batch.create_check_constraint(op.f("ck_roll_call_votes_choice"), "choice in ('yes','no','abstain')")
        batch.drop_column("split")
    with op.batch_alter_table("organization_roll") as batch:
        batch.drop_constraint(op.f("ck_organization_roll_mandates"), type_="check")
        batch.drop_column("mandates")
    with op.batch_alter_table("electorates") as batch:
        batch.drop_constraint(op.f("uq_electorates_ratification_id_key"), type_="unique")
        for name in ("basis", "weighted", "role", "assembly", "kind"):
            batch.drop_constraint(op.f(f"ck_electorates_{name}"), type_="check")
        batch.create_check_constraint(op.f("ck_electorates_basis"), "basis in ('yes_and_no','cast','roll')")
        batch.create_check_constraint(op.f("ck_electorates_kind"), "kind in ('members','organizations','delegates')")
        batch.create_check_constraint(op.f("ck_electorates_delegates"), "(kind = 'delegates') = (assembly_id is not null)")
        batch.create_unique_constraint(op.f("uq_electorates_ratification_id_kind"), ["ratification_id", "kind"])
        for name in ("conditions", "quorums", "joined_by", "on_day", "is_weighted", "is_deciding", "role", "name", "key"):
            batch.drop_column(name)
