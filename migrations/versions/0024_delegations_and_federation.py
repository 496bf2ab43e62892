"""Delegations by formula, credentials with challenges and transfers, federated assemblies with what comes up, votes in the room,
and rolls of delegates."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COMMONS = ("delegation_formulas", "floor_votes", "floor_counts")
TABLES = (
    "delegation_formulas", "delegations", "credentials", "credential_steps", "challenges", "federations", "assembly_inputs", "floor_votes", "floor_counts",
)
OWN = "org_id = (select plenary_org())"
SIDE = "(select plenary_org()) in (org_id, partner_id)"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _table(name: str, *parts: sa.schema.SchemaItem, is_two_sided: bool = True) -> None:
    """A table of the convener, or of the convener and one partner."""
    sides = ("org_id", "partner_id") if is_two_sided else ("org_id",)
    op.create_table(
        name,
        *(sa.Column(side, NUMBER, nullable=False) for side in sides),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *parts,
        *(sa.ForeignKeyConstraint([side], ["organizations.id"], name=op.f(f"fk_{name}_{side}")) for side in sides),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    _table(
        "delegation_formulas",
        sa.Column("assembly_id", NUMBER, nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("per", NUMBER, nullable=False),
        sa.Column("rounding", sa.String(length=8), nullable=False),
        sa.Column("least", NUMBER, nullable=False),
        sa.Column("most", NUMBER, nullable=True),
        sa.Column("alternates_of", sa.String(length=8), nullable=False),
        sa.Column("alternates_per", NUMBER, nullable=False),
        sa.Column("alternates_least", NUMBER, nullable=False),
        sa.Column("reserved_for", sa.String(length=200), nullable=False),
        sa.Column("quorum", sa.String(length=20), nullable=False),
        sa.Column("quorum_of", sa.String(length=12), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.CheckConstraint("alternates_of in ('none','count','seats','each')", name=op.f("ck_delegation_formulas_alternates_of")),
        sa.CheckConstraint("basis in ('members','attendance','each')", name=op.f("ck_delegation_formulas_basis")),
        sa.CheckConstraint("quorum_of in ('entitled','credentialed')", name=op.f("ck_delegation_formulas_quorum_of")),
        sa.CheckConstraint("rounding in ('down','up','nearest')", name=op.f("ck_delegation_formulas_rounding")),
        sa.CheckConstraint("most is null or most >= least", name=op.f("ck_delegation_formulas_most")),
        sa.CheckConstraint("per > 0 and alternates_per > 0 and least >= 0 and alternates_least >= 0", name=op.f("ck_delegation_formulas_numbers")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_delegation_formulas_assembly_id")),
        sa.UniqueConstraint("assembly_id", name=op.f("uq_delegation_formulas_assembly_id")),
        is_two_sided=False,
    )
    _table(
        "delegations",
        sa.Column("assembly_id", NUMBER, nullable=False),
        sa.Column("child_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("counted", NUMBER, nullable=True),
        sa.Column("counted_by", sa.String(length=8), nullable=False),
        sa.Column("reserved", NUMBER, nullable=False),
        sa.Column("seats", NUMBER, nullable=True),
        sa.Column("alternates", NUMBER, nullable=True),
        sa.Column("mandate", sa.Text(), nullable=False),
        sa.CheckConstraint("counted_by in ('convener','partner')", name=op.f("ck_delegations_counted_by")),
        sa.CheckConstraint("counted is null or counted >= 0", name=op.f("ck_delegations_counted")),
        sa.CheckConstraint("reserved >= 0 and (seats is null) = (alternates is null)", name=op.f("ck_delegations_seats")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_delegations_assembly_id")),
        sa.UniqueConstraint("assembly_id", "partner_id", "child_id", name=op.f("uq_delegations_assembly_id_partner_id_child_id")),
    )
    op.create_index("ix_delegations_of_partner", "delegations", ["partner_id", "assembly_id"])
    _table(
        "credentials",
        sa.Column("assembly_id", NUMBER, nullable=False),
        sa.Column("delegation_id", NUMBER, nullable=False),
        sa.Column("participant_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("rank", NUMBER, nullable=False),
        sa.Column("seat", NUMBER, nullable=True),
        sa.Column("gave_seat", NUMBER, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_before", sa.String(length=12), nullable=False),
        sa.CheckConstraint("(state = 'challenged') = (state_before != '')", name=op.f("ck_credentials_challenged")),
        sa.CheckConstraint("kind in ('delegate','alternate')", name=op.f("ck_credentials_kind")),
        sa.CheckConstraint("state != 'seated' or seat is not null", name=op.f("ck_credentials_seated")),
        sa.CheckConstraint("state in ('named','credentialed','challenged','refused','seated','replaced')", name=op.f("ck_credentials_state")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_credentials_assembly_id")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegations.id"], name=op.f("fk_credentials_delegation_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_credentials_participant_id")),
        sa.UniqueConstraint("delegation_id", "kind", "rank", name=op.f("uq_credentials_delegation_id_kind_rank")),
        sa.UniqueConstraint("delegation_id", "seat", name=op.f("uq_credentials_delegation_id_seat")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_credentials_participant_id")),
    )
    op.create_index("ix_credentials_assembly", "credentials", ["assembly_id", "state", "delegation_id"])
    _table(
        "credential_steps",
        sa.Column("assembly_id", NUMBER, nullable=False),
        sa.Column("credential_id", NUMBER, nullable=False),
        sa.Column("with_id", NUMBER, nullable=True),
        sa.Column("seat", NUMBER, nullable=True),
        sa.Column("verb", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_credential_steps_assembly_id")),
        sa.ForeignKeyConstraint(["credential_id"], ["credentials.id"], name=op.f("fk_credential_steps_credential_id"), ondelete="CASCADE"),
    )
    op.create_index("ix_credential_steps_assembly", "credential_steps", ["assembly_id", "at"])
    _table(
        "challenges",
        sa.Column("assembly_id", NUMBER, nullable=False),
        sa.Column("about_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("rank", NUMBER, nullable=False),
        sa.Column("credential_id", NUMBER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("(state in ('upheld','dismissed')) = (answered_at is not null)", name=op.f("ck_challenges_answered")),
        sa.CheckConstraint("kind in ('delegate','alternate')", name=op.f("ck_challenges_kind")),
        sa.CheckConstraint("state != 'open' or credential_id is not null", name=op.f("ck_challenges_taken_up")),
        sa.CheckConstraint("state in ('filed','open','upheld','dismissed')", name=op.f("ck_challenges_state")),
        sa.ForeignKeyConstraint(["about_id"], ["organizations.id"], name=op.f("fk_challenges_about_id")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_challenges_assembly_id")),
    )
    op.create_index("ix_challenges_assembly", "challenges", ["assembly_id", "state"])
    _table(
        "federations",
        sa.Column("parent_id", NUMBER, nullable=False),
        sa.Column("child_id", NUMBER, nullable=False),
        sa.Column("parent_title", sa.JSON(), nullable=False),
        sa.Column("child_title", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("(state = 'asked') = (answered_at is null)", name=op.f("ck_federations_answered")),
        sa.CheckConstraint("state in ('asked','agreed','declined')", name=op.f("ck_federations_state")),
        sa.CheckConstraint("parent_id != child_id", name=op.f("ck_federations_apart")),
        sa.ForeignKeyConstraint(["child_id"], ["assemblies.id"], name=op.f("fk_federations_child_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["assemblies.id"], name=op.f("fk_federations_parent_id")),
        sa.UniqueConstraint("child_id", name=op.f("uq_federations_child_id")),
    )
    op.create_index("ix_federations_parent", "federations", ["parent_id", "state"])
    _table(
        "assembly_inputs",
        sa.Column("parent_id", NUMBER, nullable=False),
        sa.Column("child_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin", sa.JSON(), nullable=False),
        sa.Column("from_id", NUMBER, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("above", sa.JSON(), nullable=False),
        sa.CheckConstraint("(state = 'sent') = (answered_at is null)", name=op.f("ck_assembly_inputs_answered")),
        sa.CheckConstraint("state in ('sent','adopted','amended','rejected','referred')", name=op.f("ck_assembly_inputs_state")),
        sa.ForeignKeyConstraint(["child_id"], ["assemblies.id"], name=op.f("fk_assembly_inputs_child_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["assemblies.id"], name=op.f("fk_assembly_inputs_parent_id")),
        sa.UniqueConstraint("child_id", "number", name=op.f("uq_assembly_inputs_child_id_number")),
    )
    op.create_index("ix_assembly_inputs_parent", "assembly_inputs", ["parent_id", "child_id", "number"])
    _table(
        "floor_votes",
        sa.Column("assembly_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("threshold", sa.String(length=20), nullable=False),
        sa.Column("strictness", sa.String(length=20), nullable=False),
        sa.Column("quorum", NUMBER, nullable=False),
        sa.Column("doubts_needed", NUMBER, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.CheckConstraint("(state = 'settled') = (settled_at is not null)", name=op.f("ck_floor_votes_settled")),
        sa.CheckConstraint("state in ('called','declared','doubted','settled')", name=op.f("ck_floor_votes_state")),
        sa.CheckConstraint("strictness in ('at_least','more_than')", name=op.f("ck_floor_votes_strictness")),
        sa.CheckConstraint("quorum >= 0 and doubts_needed > 0", name=op.f("ck_floor_votes_numbers")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_floor_votes_assembly_id")),
        sa.UniqueConstraint("assembly_id", "number", name=op.f("uq_floor_votes_assembly_id_number")),
        is_two_sided=False,
    )
    op.create_index("ix_floor_votes_assembly", "floor_votes", ["org_id", "assembly_id", "number"])
    _table(
        "floor_counts",
        sa.Column("assembly_id", NUMBER, nullable=False),
        sa.Column("vote_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("yes", NUMBER, nullable=True),
        sa.Column("no", NUMBER, nullable=True),
        sa.Column("abstain", NUMBER, nullable=True),
        sa.Column("present", NUMBER, nullable=False),
        sa.Column("present_by", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("tellers", sa.String(length=200), nullable=False),
        sa.Column("doubted_by", NUMBER, nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("(way in ('count','roll')) = (yes is not null and no is not null and abstain is not null)", name=op.f("ck_floor_counts_counted")),
        sa.CheckConstraint("outcome in ('carried','lost','no_quorum')", name=op.f("ck_floor_counts_outcome")),
        sa.CheckConstraint("present_by in ('door','moderator')", name=op.f("ck_floor_counts_present_by")),
        sa.CheckConstraint("way in ('voice','hands','count','roll')", name=op.f("ck_floor_counts_way")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_floor_counts_assembly_id")),
        sa.ForeignKeyConstraint(["vote_id"], ["floor_votes.id"], name=op.f("fk_floor_counts_vote_id")),
        sa.UniqueConstraint("vote_id", "number", name=op.f("uq_floor_counts_vote_id_number")),
        is_two_sided=False,
    )
    op.create_index("ix_floor_counts_assembly", "floor_counts", ["org_id", "assembly_id", "vote_id"])
    op.create_table(
        "federation_edges",
        sa.Column("child_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("parent_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("child_id", name=op.f("pk_federation_edges")),
    )
    with op.batch_alter_table("assembly_sessions") as batch:
        batch.add_column(sa.Column("closed_to", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("assembly_sessions") as batch:
        batch.alter_column("closed_to", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("electorates") as batch:
        batch.add_column(sa.Column("assembly_id", NUMBER, nullable=True))
        batch.create_foreign_key(op.f("fk_electorates_assembly_id"), "assemblies", ["assembly_id"], ["id"])
        batch.drop_constraint(op.f("ck_electorates_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_electorates_kind"), "kind in ('members','organizations','delegates')")
        batch.create_check_constraint(op.f("ck_electorates_delegates"), "(kind = 'delegates') = (assembly_id is not null)")
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            side = OWN if table in COMMONS else SIDE
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({side}) with check ({side})")
            if table in COMMONS:
                op.execute(f"create policy circle on {table} for select using (org_id in (select plenary_circle()))")


def downgrade() -> None:
    """Votes of delegates must be gone: they have no place before this."""
    with op.batch_alter_table("assembly_sessions") as batch:
        batch.drop_column("closed_to")
    with op.batch_alter_table("electorates") as batch:
        batch.drop_constraint(op.f("ck_electorates_delegates"), type_="check")
        batch.drop_constraint(op.f("ck_electorates_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_electorates_kind"), "kind in ('members','organizations')")
        batch.drop_constraint(op.f("fk_electorates_assembly_id"), type_="foreignkey")
        batch.drop_column("assembly_id")
    for table in ("federation_edges", *reversed(TABLES)):
        op.drop_table(table)
