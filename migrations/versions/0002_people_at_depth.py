"""People at depth: addresses, households, relationships, standing, typed fields, duplicates, exports, limited grants."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PRIVATE = (
    "addresses",
    "bulk_changes",
    "duplicates",
    "exports",
    "households",
    "import_mappings",
    "merges",
    "relationships",
    "reveals",
    "snapshots",
    "standing_changes",
)
OWN = "org_id = (select plenary_org())"


def secure() -> None:
    """Row-level security on the new tables (PostgreSQL)."""
    for table in PRIVATE:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy own on {table} using ({OWN}) with check ({OWN})")


def upgrade() -> None:
    op.create_table(
        "households",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_households_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_households")),
    )
    op.create_table(
        "import_mappings",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("headers_hash", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_import_mappings_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_import_mappings")),
        sa.UniqueConstraint("org_id", "headers_hash", name=op.f("uq_import_mappings_org_id_headers_hash")),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("task", sa.String(length=20), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_by", sa.String(length=200), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_invitations_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index("ix_invitations_open", ["org_id", "created_at"], unique=False)

    op.create_table(
        "snapshots",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("segment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("search", sa.String(length=80), server_default="", nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_snapshots_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_snapshots")),
    )
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.create_index("ix_snapshots_segment", ["org_id", "segment_id"], unique=False)

    op.create_table(
        "bulk_changes",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("snapshot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("last_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("looked_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("changed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kept", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('tag', 'untag', 'standing')", name=op.f("ck_bulk_changes_kind")),
        sa.CheckConstraint("state in ('running', 'done', 'undoing', 'undone')", name=op.f("ck_bulk_changes_state")),
        sa.ForeignKeyConstraint(
            ["org_id", "snapshot_id"],
            ["snapshots.org_id", "snapshots.id"],
            name=op.f("fk_bulk_changes_org_id_snapshot_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_bulk_changes_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_bulk_changes")),
    )
    with op.batch_alter_table("bulk_changes", schema=None) as batch_op:
        batch_op.create_index("ix_bulk_changes_recent", ["org_id", "created_at", "id"], unique=False)

    op.create_table(
        "exports",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("snapshot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('asked', 'approved', 'ready', 'refused', 'gone')", name=op.f("ck_exports_state")),
        sa.ForeignKeyConstraint(
            ["org_id", "snapshot_id"],
            ["snapshots.org_id", "snapshots.id"],
            name=op.f("fk_exports_org_id_snapshot_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_exports_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_exports")),
    )
    op.create_table(
        "addresses",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("neighborhood", sa.String(length=120), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('home','mailing','work','other')", name=op.f("ck_addresses_kind")),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_addresses_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_addresses_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_addresses")),
    )
    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.create_index("ix_addresses_person", ["org_id", "person_id"], unique=False)

    op.create_table(
        "duplicates",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("second_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('open', 'dismissed', 'merged')", name=op.f("ck_duplicates_state")),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicates_ordered")),
        sa.ForeignKeyConstraint(
            ["org_id", "first_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_duplicates_org_id_first_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "second_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_duplicates_org_id_second_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_duplicates_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_duplicates")),
        sa.UniqueConstraint("org_id", "first_id", "second_id", name=op.f("uq_duplicates_org_id_first_id_second_id")),
    )
    with op.batch_alter_table("duplicates", schema=None) as batch_op:
        batch_op.create_index("ix_duplicates_open", ["org_id", "state", "score", "id"], unique=False)
        batch_op.create_index("ix_duplicates_second", ["org_id", "second_id"], unique=False)

    op.create_table(
        "merges",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kept_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("journal", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "kept_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_merges_org_id_kept_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_merges_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_merges")),
    )
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.create_index("ix_merges_gone", ["org_id", "gone_id"], unique=False)
        batch_op.create_index("ix_merges_kept", ["org_id", "kept_id"], unique=False)
        batch_op.create_index("ix_merges_recent", ["org_id", "merged_at", "id"], unique=False)

    op.create_table(
        "relationships",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("person_id <> other_id", name=op.f("ck_relationships_two_people")),
        sa.ForeignKeyConstraint(
            ["org_id", "other_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_relationships_org_id_other_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_relationships_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_relationships_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_relationships")),
        sa.UniqueConstraint(
            "org_id", "person_id", "other_id", "kind", name=op.f("uq_relationships_org_id_person_id_other_id_kind")
        ),
    )
    with op.batch_alter_table("relationships", schema=None) as batch_op:
        batch_op.create_index("ix_relationships_other", ["org_id", "other_id"], unique=False)

    op.create_table(
        "reveals",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_reveals_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_reveals_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_reveals")),
    )
    with op.batch_alter_table("reveals", schema=None) as batch_op:
        batch_op.create_index("ix_reveals_account", ["org_id", "account_id", "created_at"], unique=False)
        batch_op.create_index("ix_reveals_person", ["org_id", "person_id"], unique=False)

    op.create_table(
        "standing_changes",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_standing_changes_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_standing_changes_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_standing_changes")),
    )
    with op.batch_alter_table("standing_changes", schema=None) as batch_op:
        batch_op.create_index("ix_standing_changes_person", ["org_id", "person_id", "on"], unique=False)

    with op.batch_alter_table("custom_fields", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=20), server_default="text", nullable=False))
        batch_op.add_column(sa.Column("choices", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("is_private", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_custom_fields_kind"),
            "kind in ('text', 'long_text', 'number', 'date', 'yes_no', 'one_of', 'several_of', 'link')",
        )

    with op.batch_alter_table("emails", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=20), server_default="personal", nullable=False))

    with op.batch_alter_table("exclusions", schema=None) as batch_op:
        batch_op.create_index("ix_exclusions_person", ["org_id", "person_id"], unique=False)

    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("task", sa.String(length=20), nullable=True))

    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer", sa.String(length=20), server_default="", nullable=False))
        batch_op.create_index("ix_import_rows_person", ["org_id", "person_id"], unique=False)

    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_person", ["org_id", "person_id"], unique=False)

    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.create_index("participants_of_person", ["partner_id", "person_id"], unique=False)

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pronouns", sa.String(length=60), server_default="", nullable=False))
        batch_op.add_column(sa.Column("other_languages", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("address_kind", sa.String(length=20), server_default="home", nullable=False))
        batch_op.create_index("ix_people_household", ["org_id", "household_id"], unique=False)
        batch_op.create_index("ix_people_street", ["org_id", "street"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_people_org_id_household_id"), "households", ["org_id", "household_id"], ["org_id", "id"]
        )

    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_wrong", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("roll_entries", schema=None) as batch_op:
        batch_op.create_index("ix_roll_entries_person", ["partner_id", "person_id"], unique=False)

    with op.batch_alter_table("rung_moves", schema=None) as batch_op:
        batch_op.alter_column(
            "reason",
            existing_type=sa.VARCHAR(length=500),
            type_=sa.Text(),
            existing_nullable=False,
        )

    with op.batch_alter_table("segments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_shared", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("columns", sa.JSON(), server_default="[]", nullable=False))

    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.add_column(sa.Column("group_name", sa.String(length=60), server_default="", nullable=False))
    if op.get_bind().dialect.name == "postgresql":
        secure()


def downgrade() -> None:
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.drop_column("group_name")

    with op.batch_alter_table("segments", schema=None) as batch_op:
        batch_op.drop_column("columns")
        batch_op.drop_column("is_shared")

    with op.batch_alter_table("rung_moves", schema=None) as batch_op:
        batch_op.alter_column(
            "reason",
            existing_type=sa.Text(),
            type_=sa.VARCHAR(length=500),
            existing_nullable=False,
        )

    with op.batch_alter_table("roll_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_roll_entries_person")

    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.drop_column("is_wrong")

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_people_org_id_household_id"), type_="foreignkey")
        batch_op.drop_index("ix_people_street")
        batch_op.drop_index("ix_people_household")
        batch_op.drop_column("address_kind")
        batch_op.drop_column("household_id")
        batch_op.drop_column("other_languages")
        batch_op.drop_column("pronouns")

    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.drop_index("participants_of_person")

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_person")

    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_column("edited_at")

    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_import_rows_person")
        batch_op.drop_column("answer")

    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.drop_column("task")
        batch_op.drop_column("list_id")

    with op.batch_alter_table("exclusions", schema=None) as batch_op:
        batch_op.drop_index("ix_exclusions_person")

    with op.batch_alter_table("emails", schema=None) as batch_op:
        batch_op.drop_column("kind")

    with op.batch_alter_table("custom_fields", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_custom_fields_kind"), type_="check")
        batch_op.drop_column("archived_at")
        batch_op.drop_column("position")
        batch_op.drop_column("is_private")
        batch_op.drop_column("choices")
        batch_op.drop_column("kind")

    with op.batch_alter_table("standing_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_standing_changes_person")

    op.drop_table("standing_changes")
    with op.batch_alter_table("reveals", schema=None) as batch_op:
        batch_op.drop_index("ix_reveals_person")
        batch_op.drop_index("ix_reveals_account")

    op.drop_table("reveals")
    with op.batch_alter_table("relationships", schema=None) as batch_op:
        batch_op.drop_index("ix_relationships_other")

    op.drop_table("relationships")
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.drop_index("ix_merges_recent")
        batch_op.drop_index("ix_merges_kept")
        batch_op.drop_index("ix_merges_gone")

    op.drop_table("merges")
    with op.batch_alter_table("duplicates", schema=None) as batch_op:
        batch_op.drop_index("ix_duplicates_second")
        batch_op.drop_index("ix_duplicates_open")

    op.drop_table("duplicates")
    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.drop_index("ix_addresses_person")

    op.drop_table("addresses")
    op.drop_table("exports")
    with op.batch_alter_table("bulk_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_bulk_changes_recent")

    op.drop_table("bulk_changes")
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.drop_index("ix_snapshots_segment")

    op.drop_table("snapshots")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index("ix_invitations_open")

    op.drop_table("invitations")
    op.drop_table("import_mappings")
    op.drop_table("households")
