"""Invitations by lot with their answers, and calls to those who were drawn."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
PRIVATE = ("recruitments", "invitation_rounds", "lot_invitations", "lot_call_attempts")
OWN = "org_id = (select plenary_org())"


def _private(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f(f"fk_{name}_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f(f"pk_{name}")),
    )


def _part_of(name: str, column: str, table: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["org_id", column], [f"{table}.org_id", f"{table}.id"], name=op.f(f"fk_{name}_org_id_{column}"), **more)


def upgrade() -> None:
    _invitations_by_lot()
    _links_to_larger()
    op.add_column("assemblies", sa.Column("groups", sa.JSON(), nullable=True))
    op.add_column("assemblies", sa.Column("standing_rules", sa.JSON(), nullable=True))
    _instructions()
    if op.get_bind().dialect.name == "postgresql":
        for table in PRIVATE:
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({OWN}) with check ({OWN})")


def _invitations_by_lot() -> None:
    _private(
        "recruitments",
        sa.Column("assembly_id", NUMBER, nullable=False),
        sa.Column("seats", NUMBER, nullable=False),
        sa.Column("times", NUMBER, nullable=False),
        sa.Column("response", NUMBER, nullable=False),
        sa.Column("quotas", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("households", sa.Text(), nullable=False),
        sa.Column("listed", NUMBER, nullable=False),
        sa.Column("households_sha256", sa.String(length=64), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("emptied_at", MOMENT, nullable=True),
        sa.CheckConstraint("seats > 0 and times > 0 and response between 1 and 100 and listed > 0", name=op.f("ck_recruitments_numbers")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_recruitments_assembly_id")),
    )
    op.create_index("ix_recruitments_of", "recruitments", ["org_id", "assembly_id", "id"])
    _private(
        "invitation_rounds",
        sa.Column("recruitment_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("seed", sa.String(length=300), nullable=False),
        sa.Column("is_texted", sa.Boolean(), nullable=False),
        sa.Column("job_id", NUMBER, nullable=True),
        sa.Column("drawn_at", MOMENT, nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_invitation_rounds_size")),
        _part_of("invitation_rounds", "recruitment_id", "recruitments", ondelete="CASCADE"),
        sa.UniqueConstraint("org_id", "recruitment_id", "number", name=op.f("uq_invitation_rounds_org_id_recruitment_id_number")),
    )
    _private(
        "lot_invitations",
        sa.Column("recruitment_id", NUMBER, nullable=False),
        sa.Column("round_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("household_hash", sa.String(length=64), nullable=True),
        sa.Column("household", sa.Text(), nullable=False),
        sa.Column("way", sa.String(length=6), nullable=False),
        sa.Column("link_id", NUMBER, nullable=False),
        sa.Column("answer", sa.String(length=4), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.CheckConstraint("way in ('letter','text')", name=op.f("ck_lot_invitations_way")),
        sa.CheckConstraint("answer in ('','yes','no')", name=op.f("ck_lot_invitations_answer")),
        sa.CheckConstraint("(answer = '') = (answered_at is null)", name=op.f("ck_lot_invitations_answered")),
        _part_of("lot_invitations", "recruitment_id", "recruitments", ondelete="CASCADE"),
        _part_of("lot_invitations", "round_id", "invitation_rounds", ondelete="CASCADE"),
        sa.UniqueConstraint("org_id", "recruitment_id", "number", name=op.f("uq_lot_invitations_org_id_recruitment_id_number")),
        sa.UniqueConstraint("org_id", "recruitment_id", "household_hash", name=op.f("uq_lot_invitations_org_id_recruitment_id_household_hash")),
    )
    op.create_index("ix_lot_invitations_round", "lot_invitations", ["org_id", "round_id", "number"])
    _private(
        "lot_call_attempts",
        sa.Column("place_id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.CheckConstraint("outcome in ('confirmed','declined','no_answer','call_back')", name=op.f("ck_lot_call_attempts_outcome")),
        _part_of("lot_call_attempts", "place_id", "lot_places", ondelete="CASCADE"),
    )
    op.create_index("ix_lot_call_attempts_place", "lot_call_attempts", ["org_id", "place_id", "at"])
    with op.batch_alter_table("lots") as batch:
        batch.add_column(sa.Column("recruitment_id", NUMBER, nullable=True))
        batch.create_foreign_key(op.f("fk_lots_org_id_recruitment_id"), "recruitments", ["org_id", "recruitment_id"], ["org_id", "id"])
    with op.batch_alter_table("lot_places") as batch:
        batch.add_column(sa.Column("confirmed_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("participant_id", NUMBER, nullable=True))
        batch.create_check_constraint(op.f("ck_lot_places_answered"), "confirmed_at is null or declined_at is null")
        batch.create_foreign_key(op.f("fk_lot_places_participant_id"), "participants", ["participant_id"], ["id"], ondelete="SET NULL")


def _links_to_larger() -> None:
    op.create_table(
        "larger_invitations",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("org_id", NUMBER, nullable=False),
        sa.Column("parent_id", NUMBER, nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("link_id", NUMBER, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("taken_by_id", NUMBER, nullable=True),
        sa.Column("child_id", NUMBER, nullable=True),
        sa.Column("child_title", sa.JSON(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("state in ('open','accepted','declined','revoked')", name=op.f("ck_larger_invitations_state")),
        sa.CheckConstraint("(state = 'open') = (answered_at is null)", name=op.f("ck_larger_invitations_answered")),
        sa.CheckConstraint("(state = 'accepted') = (child_id is not null)", name=op.f("ck_larger_invitations_accepted")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_larger_invitations_org_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["assemblies.id"], name=op.f("fk_larger_invitations_parent_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["organizations.id"], name=op.f("fk_larger_invitations_taken_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["assemblies.id"], name=op.f("fk_larger_invitations_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_larger_invitations")),
    )
    op.create_index("ix_larger_invitations_parent", "larger_invitations", ["org_id", "parent_id", "id"])


def _instructions() -> None:
    name = "delegation_instructions"
    op.create_table(
        name,
        sa.Column("org_id", NUMBER, nullable=False),
        sa.Column("partner_id", NUMBER, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("assembly_id", NUMBER, nullable=False),
        sa.Column("delegation_id", NUMBER, nullable=False),
        sa.Column("item_id", NUMBER, nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("stance", sa.String(length=8), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.CheckConstraint("stance in ('for','against','free')", name=op.f(f"ck_{name}_stance")),
        sa.CheckConstraint("is_secret or opened_at is null", name=op.f(f"ck_{name}_opened")),
        sa.CheckConstraint("not is_secret or opened_at is not null or org_id = partner_id", name=op.f(f"ck_{name}_sides")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f(f"fk_{name}_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f(f"fk_{name}_partner_id")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f(f"fk_{name}_assembly_id")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegations.id"], name=op.f(f"fk_{name}_delegation_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_items.id"], name=op.f(f"fk_{name}_item_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("delegation_id", "subject", name=op.f(f"uq_{name}_delegation_id_subject")),
    )
    op.create_index(f"ix_{name}_assembly", name, ["assembly_id", "delegation_id"])
    if op.get_bind().dialect.name == "postgresql":
        side = "(select plenary_org()) in (org_id, partner_id)"
        op.execute(f"alter table {name} enable row level security")
        op.execute(f"alter table {name} force row level security")
        op.execute(f"create policy own on {name} using ({side}) with check ({side})")


def downgrade() -> None:
    op.drop_table("delegation_instructions")
    with op.batch_alter_table("assemblies") as batch:
        batch.drop_column("standing_rules")
        batch.drop_column("groups")
    op.drop_table("larger_invitations")
    with op.batch_alter_table("lot_places") as batch:
        batch.drop_constraint(op.f("fk_lot_places_participant_id"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_lot_places_answered"), type_="check")
        batch.drop_column("participant_id")
        batch.drop_column("confirmed_at")
    with op.batch_alter_table("lots") as batch:
        batch.drop_constraint(op.f("fk_lots_org_id_recruitment_id"), type_="foreignkey")
        batch.drop_column("recruitment_id")
    for table in reversed(PRIVATE):
        op.drop_table(table)
