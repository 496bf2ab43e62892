"""The house: every table of the first version, and who may read each row on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PRIVATE = (
    "assessments",
    "audit_entries",
    "audit_heads",
    "ballots",
    "broadcasts",
    "consent_states",
    "consents",
    "conversations",
    "custom_fields",
    "doors",
    "emails",
    "events",
    "exclusions",
    "final_ballots",
    "identifiers",
    "import_files",
    "import_rows",
    "imports",
    "notes",
    "notices",
    "people",
    "person_tags",
    "phones",
    "roll_candidates",
    "roll_keys",
    "rung_moves",
    "segments",
    "tags",
    "texts",
    "threads",
)
TWO_SIDED = (
    "attendances",
    "participants",
    "pledges",
    "roll_entries",
    "roll_marks",
    "rsvps",
    "supports",
    "walk_ins",
)
COMMONS = (
    "agenda_items",
    "assemblies",
    "assembly_sessions",
    "assembly_tasks",
    "committee_seats",
    "committees",
    "editions",
    "electorates",
    "governing_powers",
    "plank_versions",
    "planks",
    "platforms",
    "ratifications",
    "roll_bits",
    "roll_corrections",
)
COMMONS_WITH_PARTNER = (
    "amendments",
    "assembly_partners",
    "comments",
    "notice_summaries",
    "organization_roll",
    "positions",
    "roll_call_votes",
)

FUNCTIONS = (
    """create or replace function plenary_org() returns bigint language sql stable as
$$ select nullif(current_setting('plenary.org_id', true), '')::bigint $$""",
    """create or replace function plenary_circle() returns setof bigint language sql stable as
$$ select plenary_org()
   union select mine.coalition_id from coalition_memberships mine
         where mine.ended_at is null and plenary_org() in (mine.member_id, mine.coalition_id)
   union select theirs.member_id from coalition_memberships mine
         join coalition_memberships theirs on theirs.coalition_id = mine.coalition_id and theirs.ended_at is null
         where mine.ended_at is null and plenary_org() in (mine.member_id, mine.coalition_id) $$""",
)

OWN = "org_id = (select plenary_org())"
SIDE = "(select plenary_org()) in (org_id, partner_id)"
CIRCLE = "org_id in (select plenary_circle())"


def secure() -> None:
    """Row-level security on every organization-owned table (PostgreSQL)."""
    for function in FUNCTIONS:
        op.execute(function)
    for tables, rule, is_commons in (
        (PRIVATE, OWN, False),
        (TWO_SIDED, SIDE, False),
        (COMMONS, OWN, True),
        (COMMONS_WITH_PARTNER, SIDE, True),
    ):
        for table in tables:
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({rule}) with check ({rule})")
            if is_commons:
                op.execute(f"create policy circle on {table} for select using ({CIRCLE})")


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.create_table(
        "assembly_addresses",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_assembly_addresses")),
    )
    op.create_table(
        "demo_clock",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offset_seconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_clock")),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mark", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("rungs", sa.JSON(), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("options", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('base_building','union','faith','coalition','network','government','funder')",
            name=op.f("ck_organizations_kind"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["organizations.id"], name=op.f("fk_organizations_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("slug", name=op.f("uq_organizations_slug")),
    )
    op.create_table(
        "published_boards",
        sa.Column("poll_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_published_boards")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_failures_who", ["who", "at"], unique=False)

    op.create_table(
        "simulated_texts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=False),
        sa.Column("direction", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("callback", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("direction in ('to_phone','from_phone')", name=op.f("ck_simulated_texts_direction")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simulated_texts")),
        sa.UniqueConstraint("sid", name=op.f("uq_simulated_texts_sid")),
    )
    with op.batch_alter_table("simulated_texts", schema=None) as batch_op:
        batch_op.create_index("ix_simulated_texts_number", ["number", "at"], unique=False)
        batch_op.create_index("ix_simulated_texts_phone", ["phone", "at"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submissions")),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index("ix_submissions_at", ["at"], unique=False)

    op.create_table(
        "assemblies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("selection", sa.String(length=20), nullable=False),
        sa.Column("governing_power_now", sa.String(length=20), nullable=False),
        sa.Column("governing_power_aim", sa.String(length=20), nullable=False),
        sa.Column("policy_stage", sa.String(length=20), nullable=False),
        sa.Column("controls", sa.JSON(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("considerations", sa.JSON(), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("goal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("copied_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_because", sa.String(length=300), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_at is not null)", name=op.f("ck_assemblies_cancelled")),
        sa.CheckConstraint(
            "governing_power_aim in ('none','consultative','advisory','agenda_setting','monitoring','co_determinative','determinative')",
            name=op.f("ck_assemblies_power_aim"),
        ),
        sa.CheckConstraint(
            "governing_power_now in ('none','consultative','advisory','agenda_setting','monitoring','co_determinative','determinative')",
            name=op.f("ck_assemblies_power_now"),
        ),
        sa.CheckConstraint(
            "policy_stage in ('agenda_setting','formulation','decision','implementation','monitoring')",
            name=op.f("ck_assemblies_stage"),
        ),
        sa.CheckConstraint(
            "selection in ('open_door','membership','delegation','lottery','appointment','election','mix')",
            name=op.f("ck_assemblies_selection"),
        ),
        sa.CheckConstraint("state != 'announced' or announced_at is not null", name=op.f("ck_assemblies_announced")),
        sa.CheckConstraint("state != 'finished' or finished_at is not null", name=op.f("ck_assemblies_finished")),
        sa.CheckConstraint("state != 'under_way' or started_at is not null", name=op.f("ck_assemblies_started")),
        sa.CheckConstraint(
            "state in ('draft','announced','under_way','finished','cancelled')", name=op.f("ck_assemblies_state")
        ),
        sa.CheckConstraint("goal > 0", name=op.f("ck_assemblies_goal")),
        sa.ForeignKeyConstraint(["copied_from_id"], ["assemblies.id"], name=op.f("fk_assemblies_copied_from_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_assemblies_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assemblies")),
    )
    with op.batch_alter_table("assemblies", schema=None) as batch_op:
        batch_op.create_index("assemblies_by_day", ["org_id", "day", "id"], unique=False)

    op.create_table(
        "audit_entries",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_audit_entries_org_id")),
        sa.PrimaryKeyConstraint("org_id", "number", name=op.f("pk_audit_entries")),
    )
    op.create_table(
        "audit_heads",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_audit_heads_org_id")),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "coalition_memberships",
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["coalition_id"], ["organizations.id"], name=op.f("fk_coalition_memberships_coalition_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["organizations.id"], name=op.f("fk_coalition_memberships_member_id")),
        sa.PrimaryKeyConstraint("coalition_id", "member_id", name=op.f("pk_coalition_memberships")),
    )
    with op.batch_alter_table("coalition_memberships", schema=None) as batch_op:
        batch_op.create_index("ix_coalition_memberships_member", ["member_id", "ended_at"], unique=False)

    op.create_table(
        "consent_states",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('given','revoked')", name=op.f("ck_consent_states_state")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_consent_states_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_consent_states")),
        sa.UniqueConstraint("org_id", "phone", name=op.f("uq_consent_states_org_id_phone")),
    )
    op.create_table(
        "consents",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("collector", sa.String(length=200), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('given','revoked')", name=op.f("ck_consents_kind")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_consents_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index("ix_consents_phone", ["org_id", "phone", "at"], unique=False)

    op.create_table(
        "custom_fields",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_custom_fields_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_custom_fields")),
        sa.UniqueConstraint("org_id", "key", name=op.f("uq_custom_fields_org_id_key")),
    )
    op.create_table(
        "events",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_events_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_person", ["org_id", "person_id", "at", "id"], unique=False)
        batch_op.create_index("ix_events_subject", ["org_id", "subject_kind", "subject_id", "at", "id"], unique=False)
        batch_op.create_index("ix_events_verb", ["org_id", "verb", "at"], unique=False)

    op.create_table(
        "grants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role in ('administrator','organizer','coalition_lead','facilitator','teller','volunteer','read_only')",
            name=op.f("ck_grants_role"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_grants_account_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_grants_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("account_id", "org_id", name=op.f("uq_grants_account_id_org_id")),
    )
    op.create_table(
        "imports",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("done_rows", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("applied_at is not null or state <> 'applied'", name=op.f("ck_imports_applied")),
        sa.CheckConstraint(
            "state in ('mapping', 'checking', 'review', 'applying', 'applied', 'undoing', 'undone')",
            name=op.f("ck_imports_state"),
        ),
        sa.CheckConstraint("undone_at is not null or state <> 'undone'", name=op.f("ck_imports_undone")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_imports_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index("ix_imports_file", ["org_id", "sha256"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("done", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("total", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_stop_asked", sa.Boolean(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.CheckConstraint("state in ('due','running','done','stopped','failed')", name=op.f("ck_jobs_state")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_jobs_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_key")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_due", ["state", "not_before"], unique=False)

    op.create_table(
        "links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_links_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_links_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_links_token_hash")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index("ix_links_subject", ["org_id", "purpose", "subject_id"], unique=False)

    op.create_table(
        "people",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("given_name", sa.String(length=120), nullable=False),
        sa.Column("family_name", sa.String(length=120), nullable=False),
        sa.Column("name_folded", sa.String(length=250), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("member_since", sa.Date(), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("assessment", sa.Integer(), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("neighborhood", sa.String(length=120), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("standing in ('contact','supporter','member','lapsed')", name=op.f("ck_people_standing")),
        sa.CheckConstraint("assessment is null or assessment between 1 and 5", name=op.f("ck_people_assessment")),
        sa.CheckConstraint("rung between 0 and 5", name=op.f("ck_people_rung")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_people_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_people")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index("ix_people_name", ["org_id", "name_folded", "id"], unique=False)
        batch_op.create_index("ix_people_neighborhood", ["org_id", "neighborhood"], unique=False)
        batch_op.create_index("ix_people_newest", ["org_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_people_rung", ["org_id", "rung"], unique=False)
        batch_op.create_index("ix_people_standing", ["org_id", "standing"], unique=False)

    op.create_table(
        "raw_hooks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('inbound','status')", name=op.f("ck_raw_hooks_kind")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_raw_hooks_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_hooks")),
        sa.UniqueConstraint("kind", "sid", "status", name=op.f("uq_raw_hooks_kind_sid_status")),
    )
    with op.batch_alter_table("raw_hooks", schema=None) as batch_op:
        batch_op.create_index("ix_raw_hooks_open", ["handled_at", "received_at"], unique=False)

    op.create_table(
        "segments",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_segments_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_segments")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_segments_org_id_name")),
    )
    op.create_table(
        "senders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("messaging_service_sid", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("pace", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state in ('unregistered','pending','approved','suspended')", name=op.f("ck_senders_state")),
        sa.CheckConstraint("number is not null or messaging_service_sid is not null", name=op.f("ck_senders_address")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_senders_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_senders")),
        sa.UniqueConstraint("messaging_service_sid", name=op.f("uq_senders_messaging_service_sid")),
        sa.UniqueConstraint("number", name=op.f("uq_senders_number")),
        sa.UniqueConstraint("org_id", name=op.f("uq_senders_org_id")),
    )
    op.create_table(
        "tags",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_folded", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_tags_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_tags")),
        sa.UniqueConstraint("org_id", "name_folded", name=op.f("uq_tags_org_id_name_folded")),
    )
    op.create_table(
        "assembly_partners",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("lead_name", sa.String(length=120), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'invited') = (answered_at is null)", name=op.f("ck_assembly_partners_answered")),
        sa.CheckConstraint("role in ('convener','partner')", name=op.f("ck_assembly_partners_role")),
        sa.CheckConstraint("state in ('invited','accepted','declined')", name=op.f("ck_assembly_partners_state")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_assembly_partners_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_assembly_partners_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_assembly_partners_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assembly_partners")),
        sa.UniqueConstraint("assembly_id", "partner_id", name=op.f("uq_assembly_partners_assembly_id_partner_id")),
    )
    with op.batch_alter_table("assembly_partners", schema=None) as batch_op:
        batch_op.create_index("assembly_partners_of", ["partner_id", "assembly_id"], unique=False)

    op.create_table(
        "assembly_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("room_notes", sa.Text(), nullable=False),
        sa.Column("capacity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capacity is null or capacity > 0", name=op.f("ck_assembly_sessions_capacity")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_assembly_sessions_ends_after_start")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_assembly_sessions_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_assembly_sessions_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assembly_sessions")),
    )
    with op.batch_alter_table("assembly_sessions", schema=None) as batch_op:
        batch_op.create_index("assembly_sessions_by_time", ["assembly_id", "starts_at"], unique=False)
        batch_op.create_index("assembly_sessions_next", ["org_id", "ends_at"], unique=False)

    op.create_table(
        "assembly_tasks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner", sa.JSON(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_assembly_tasks_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_assembly_tasks_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assembly_tasks")),
    )
    with op.batch_alter_table("assembly_tasks", schema=None) as batch_op:
        batch_op.create_index("assembly_tasks_by_date", ["assembly_id", "due_on"], unique=False)

    op.create_table(
        "assessments",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value between 1 and 5", name=op.f("ck_assessments_value")),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_assessments_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_assessments_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_assessments")),
    )
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.create_index("ix_assessments_person", ["org_id", "person_id", "at"], unique=False)

    op.create_table(
        "broadcasts",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("segment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject_kind", sa.String(length=20), nullable=True),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("audience", sa.String(length=40), nullable=True),
        sa.Column("bodies", sa.JSON(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_up_to", sa.String(length=20), nullable=False),
        sa.Column("text_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("excluded_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('draft','freezing','sending','stopped','sent')", name=op.f("ck_broadcasts_state")
        ),
        sa.CheckConstraint("state in ('draft','stopped') or job_id is not null", name=op.f("ck_broadcasts_job")),
        sa.ForeignKeyConstraint(
            ["org_id", "segment_id"], ["segments.org_id", "segments.id"], name=op.f("fk_broadcasts_org_id_segment_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_broadcasts_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_broadcasts")),
    )
    with op.batch_alter_table("broadcasts", schema=None) as batch_op:
        batch_op.create_index("ix_broadcasts_recent", ["org_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_broadcasts_subject", ["org_id", "subject_kind", "subject_id"], unique=False)

    op.create_table(
        "committees",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('steering','content','oversight','working')", name=op.f("ck_committees_kind")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_committees_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_committees_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committees")),
    )
    with op.batch_alter_table("committees", schema=None) as batch_op:
        batch_op.create_index("committees_of", ["assembly_id"], unique=False)

    op.create_table(
        "conversations",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organizer_name", sa.String(length=200), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("next_step", sa.String(length=300), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(follow_up_on is null) = (next_step = '')", name=op.f("ck_conversations_next_step")),
        sa.CheckConstraint("done_at is null or follow_up_on is not null", name=op.f("ck_conversations_done")),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_conversations_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_conversations_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_conversations")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index("ix_conversations_account", ["org_id", "account_id", "held_at"], unique=False)
        batch_op.create_index("ix_conversations_due", ["org_id", "done_at", "follow_up_on", "id"], unique=False)
        batch_op.create_index("ix_conversations_person", ["org_id", "person_id", "held_at"], unique=False)

    op.create_table(
        "emails",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("is_preferred", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_emails_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_emails_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_emails")),
        sa.UniqueConstraint("org_id", "person_id", "address", name=op.f("uq_emails_org_id_person_id_address")),
    )
    with op.batch_alter_table("emails", schema=None) as batch_op:
        batch_op.create_index("ix_emails_address", ["org_id", "address"], unique=False)

    op.create_table(
        "governing_powers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("now", sa.String(length=20), nullable=False),
        sa.Column("aim", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_governing_powers_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_governing_powers_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governing_powers")),
    )
    with op.batch_alter_table("governing_powers", schema=None) as batch_op:
        batch_op.create_index("governing_powers_of", ["assembly_id", "set_at"], unique=False)

    op.create_table(
        "identifiers",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_identifiers_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_identifiers_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_identifiers")),
        sa.UniqueConstraint("org_id", "system", "value", name=op.f("uq_identifiers_org_id_system_value")),
    )
    with op.batch_alter_table("identifiers", schema=None) as batch_op:
        batch_op.create_index("ix_identifiers_person", ["org_id", "person_id"], unique=False)

    op.create_table(
        "import_files",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "import_id"],
            ["imports.org_id", "imports.id"],
            name=op.f("fk_import_files_org_id_import_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_import_files_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_import_files")),
        sa.UniqueConstraint("org_id", "import_id", name=op.f("uq_import_files_org_id_import_id")),
    )
    op.create_table(
        "import_rows",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("has_problems", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome in ('create','update','same','skip')", name=op.f("ck_import_rows_outcome")),
        sa.CheckConstraint("state in ('planned','applied','undone','kept')", name=op.f("ck_import_rows_state")),
        sa.ForeignKeyConstraint(
            ["org_id", "import_id"],
            ["imports.org_id", "imports.id"],
            name=op.f("fk_import_rows_org_id_import_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_import_rows_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("org_id", "import_id", "number", name=op.f("uq_import_rows_org_id_import_id_number")),
    )
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.create_index("ix_import_rows_outcome", ["org_id", "import_id", "outcome", "number"], unique=False)

    op.create_table(
        "notes",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_notes_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_notes_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_notes")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index("ix_notes_person", ["org_id", "person_id"], unique=False)

    op.create_table(
        "participants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("shown_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("is_voting", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role != 'observer' or not is_voting", name=op.f("ck_participants_voting")),
        sa.CheckConstraint(
            "role in ('participant','delegate','alternate','observer','facilitator','note_taker','interpreter','presenter','staff','official')",
            name=op.f("ck_participants_role"),
        ),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_participants_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_participants_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_participants_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint(
            "assembly_id", "partner_id", "person_id", name=op.f("uq_participants_assembly_id_partner_id_person_id")
        ),
    )
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.create_index("participants_by_name", ["assembly_id", "shown_name", "id"], unique=False)

    op.create_table(
        "person_tags",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_person_tags_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "tag_id"],
            ["tags.org_id", "tags.id"],
            name=op.f("fk_person_tags_org_id_tag_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_person_tags_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_person_tags")),
        sa.UniqueConstraint("org_id", "person_id", "tag_id", name=op.f("uq_person_tags_org_id_person_id_tag_id")),
    )
    with op.batch_alter_table("person_tags", schema=None) as batch_op:
        batch_op.create_index("ix_person_tags_tag", ["org_id", "tag_id", "person_id"], unique=False)

    op.create_table(
        "phones",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("e164", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("is_preferred", sa.Boolean(), nullable=False),
        sa.Column("is_textable", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('mobile','home','work','other')", name=op.f("ck_phones_kind")),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_phones_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_phones_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_phones")),
        sa.UniqueConstraint("org_id", "person_id", "e164", name=op.f("uq_phones_org_id_person_id_e164")),
    )
    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.create_index("ix_phones_number", ["org_id", "e164"], unique=False)

    op.create_table(
        "platforms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("intros", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("authentic_language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ratified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ratified_edition", sa.Integer(), nullable=True),
        sa.Column("share_needed", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state != 'ratified' or ratified_at is not null", name=op.f("ck_platforms_ratified")),
        sa.CheckConstraint("state in ('drafting','frozen','ratified')", name=op.f("ck_platforms_state")),
        sa.CheckConstraint(
            "(ratified_at is null) = (ratified_edition is null)", name=op.f("ck_platforms_ratified_edition")
        ),
        sa.CheckConstraint("published_at is null or ratified_at is not null", name=op.f("ck_platforms_published")),
        sa.CheckConstraint("share_needed between 1 and 100", name=op.f("ck_platforms_share")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_platforms_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_platforms_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platforms")),
    )
    with op.batch_alter_table("platforms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_platforms_assembly_id"), ["assembly_id"], unique=False)
        batch_op.create_index("ix_platforms_owner", ["org_id", "state"], unique=False)

    op.create_table(
        "pledges",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger(), nullable=False),
        sa.Column("promised", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lead_name", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("promised >= 0", name=op.f("ck_pledges_promised")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_pledges_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_pledges_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_pledges_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledges")),
        sa.UniqueConstraint(
            "assembly_id", "partner_id", "lead_name", name=op.f("uq_pledges_assembly_id_partner_id_lead_name")
        ),
    )
    with op.batch_alter_table("pledges", schema=None) as batch_op:
        batch_op.create_index("pledges_by_partner", ["org_id", "partner_id"], unique=False)
        batch_op.create_index("pledges_of_partner", ["partner_id", "assembly_id"], unique=False)

    op.create_table(
        "rsvps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("door_name", sa.String(length=80), nullable=False),
        sa.Column("door_folded", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("guests", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'confirmed') = (confirmed_at is not null)", name=op.f("ck_rsvps_confirmed")),
        sa.CheckConstraint("source in ('text','page','staff')", name=op.f("ck_rsvps_source")),
        sa.CheckConstraint("state = 'invited' or answered_at is not null", name=op.f("ck_rsvps_answered")),
        sa.CheckConstraint(
            "state in ('invited','yes','maybe','no','confirmed','cancelled')", name=op.f("ck_rsvps_state")
        ),
        sa.CheckConstraint("guests between 0 and 20", name=op.f("ck_rsvps_guests")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_rsvps_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_rsvps_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_rsvps_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rsvps")),
        sa.UniqueConstraint("assembly_id", "code", name=op.f("uq_rsvps_assembly_id_code")),
        sa.UniqueConstraint(
            "assembly_id", "partner_id", "person_id", name=op.f("uq_rsvps_assembly_id_partner_id_person_id")
        ),
    )
    with op.batch_alter_table("rsvps", schema=None) as batch_op:
        batch_op.create_index("rsvps_at_the_door", ["assembly_id", "door_folded", "id"], unique=False)
        batch_op.create_index("rsvps_by_state", ["org_id", "assembly_id", "state"], unique=False)
        batch_op.create_index("rsvps_of_person", ["partner_id", "person_id", "assembly_id"], unique=False)

    op.create_table(
        "rung_moves",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_rung", sa.Integer(), nullable=False),
        sa.Column("to_rung", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "from_rung between 0 and 5 and to_rung between 1 and 5 and from_rung <> to_rung",
            name=op.f("ck_rung_moves_rungs"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_rung_moves_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_rung_moves_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_rung_moves")),
    )
    with op.batch_alter_table("rung_moves", schema=None) as batch_op:
        batch_op.create_index("ix_rung_moves_at", ["org_id", "at", "id"], unique=False)
        batch_op.create_index("ix_rung_moves_person", ["org_id", "person_id", "at"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id")),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f("fk_sign_ins_grant_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_ins")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_account_id"), ["account_id"], unique=False)

    op.create_table(
        "threads",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("assigned_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_in_body", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('needs_answer','waiting','done')", name=op.f("ck_threads_state")),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_threads_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_threads_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_threads")),
        sa.UniqueConstraint("org_id", "phone", name=op.f("uq_threads_org_id_phone")),
    )
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.create_index("ix_threads_inbox", ["org_id", "state", "last_at", "id"], unique=False)
        batch_op.create_index("ix_threads_person", ["org_id", "person_id"], unique=False)

    op.create_table(
        "agenda_items",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("lead", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('plenary','learning','tables','vote','action','break')", name=op.f("ck_agenda_items_kind")
        ),
        sa.CheckConstraint("minutes between 1 and 600", name=op.f("ck_agenda_items_minutes")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_agenda_items_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_agenda_items_org_id")),
        sa.ForeignKeyConstraint(["session_id"], ["assembly_sessions.id"], name=op.f("fk_agenda_items_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
    )
    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.create_index("agenda_items_in_order", ["assembly_id", "session_id", "position"], unique=False)

    op.create_table(
        "attendances",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("rsvp_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("door_name", sa.String(length=80), nullable=False),
        sa.Column("is_walk_in", sa.Boolean(), nullable=False),
        sa.Column("guests", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_key", sa.String(length=64), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("guests between 0 and 20", name=op.f("ck_attendances_guests")),
        sa.CheckConstraint("is_walk_in or rsvp_id is not null", name=op.f("ck_attendances_known")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_attendances_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_attendances_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_attendances_partner_id")),
        sa.ForeignKeyConstraint(["rsvp_id"], ["rsvps.id"], name=op.f("fk_attendances_rsvp_id")),
        sa.ForeignKeyConstraint(["session_id"], ["assembly_sessions.id"], name=op.f("fk_attendances_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("session_id", "device_key", name=op.f("uq_attendances_session_id_device_key")),
    )
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.create_index("attendances_by_partner", ["org_id", "assembly_id", "partner_id"], unique=False)
        batch_op.create_index("attendances_of_person", ["partner_id", "person_id", "arrived_at"], unique=False)
        batch_op.create_index(
            "attendances_once",
            ["session_id", "rsvp_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.create_index("attendances_recent", ["session_id", "arrived_at", "id"], unique=False)

    op.create_table(
        "committee_seats",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("committee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("is_voting", sa.Boolean(), nullable=False),
        sa.Column("held_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "side in ('community','practitioner','staff','official')", name=op.f("ck_committee_seats_side")
        ),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_committee_seats_assembly_id")),
        sa.ForeignKeyConstraint(["committee_id"], ["committees.id"], name=op.f("fk_committee_seats_committee_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_committee_seats_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_seats")),
    )
    with op.batch_alter_table("committee_seats", schema=None) as batch_op:
        batch_op.create_index("committee_seats_of", ["assembly_id", "committee_id"], unique=False)

    op.create_table(
        "doors",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("assembly_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("link_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_doors_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_doors_org_id")),
        sa.ForeignKeyConstraint(["session_id"], ["assembly_sessions.id"], name=op.f("fk_doors_session_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_doors")),
    )
    with op.batch_alter_table("doors", schema=None) as batch_op:
        batch_op.create_index("doors_of", ["org_id", "assembly_id", "created_at"], unique=False)

    op.create_table(
        "editions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("platform_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("signatories", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_editions_org_id")),
        sa.ForeignKeyConstraint(["platform_id"], ["platforms.id"], name=op.f("fk_editions_platform_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("platform_id", "number", name=op.f("uq_editions_platform_id_number")),
    )
    op.create_table(
        "exclusions",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("broadcast_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "broadcast_id"],
            ["broadcasts.org_id", "broadcasts.id"],
            name=op.f("fk_exclusions_org_id_broadcast_id"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_exclusions_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_exclusions_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_exclusions")),
        sa.UniqueConstraint(
            "org_id", "broadcast_id", "person_id", name=op.f("uq_exclusions_org_id_broadcast_id_person_id")
        ),
    )
    op.create_table(
        "planks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("platform_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('draft','in','struck')", name=op.f("ck_planks_state")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_planks_org_id")),
        sa.ForeignKeyConstraint(["platform_id"], ["platforms.id"], name=op.f("fk_planks_platform_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planks")),
    )
    with op.batch_alter_table("planks", schema=None) as batch_op:
        batch_op.create_index("ix_planks_order", ["platform_id", "position"], unique=False)

    op.create_table(
        "platform_addresses",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("platform_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["platform_id"], ["platforms.id"], name=op.f("fk_platform_addresses_platform_id")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_platform_addresses")),
        sa.UniqueConstraint("platform_id", name=op.f("uq_platform_addresses_platform_id")),
    )
    op.create_table(
        "supports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assembly_id", sa.BigInteger(), nullable=False),
        sa.Column("rsvp_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'delivered') = (delivered_at is not null)", name=op.f("ck_supports_delivered")),
        sa.CheckConstraint(
            "kind in ('childcare','interpretation','ride','access','meal','stipend')", name=op.f("ck_supports_kind")
        ),
        sa.CheckConstraint("state != 'planned' or planned_at is not null", name=op.f("ck_supports_planned")),
        sa.CheckConstraint("state in ('asked','planned','delivered')", name=op.f("ck_supports_state")),
        sa.CheckConstraint("quantity between 1 and 99", name=op.f("ck_supports_quantity")),
        sa.ForeignKeyConstraint(["assembly_id"], ["assemblies.id"], name=op.f("fk_supports_assembly_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_supports_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_supports_partner_id")),
        sa.ForeignKeyConstraint(["rsvp_id"], ["rsvps.id"], name=op.f("fk_supports_rsvp_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supports")),
        sa.UniqueConstraint("rsvp_id", "kind", name=op.f("uq_supports_rsvp_id_kind")),
    )
    with op.batch_alter_table("supports", schema=None) as batch_op:
        batch_op.create_index("supports_of", ["assembly_id", "kind", "state"], unique=False)

    op.create_table(
        "texts",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("direction", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("broadcast_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sender_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=True),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closed_attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slowdowns", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("probes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider_sid", sa.String(length=40), nullable=True),
        sa.Column("provider_status", sa.String(length=20), nullable=True),
        sa.Column("error_code", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refusal", sa.String(length=40), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(direction = 'in') = (state = 'received')", name=op.f("ck_texts_received")),
        sa.CheckConstraint("direction in ('out','in')", name=op.f("ck_texts_direction")),
        sa.CheckConstraint("state <> 'claimed' or lease_until is not null", name=op.f("ck_texts_lease")),
        sa.CheckConstraint(
            "state in ('queued','claimed','accepted','delivered','failed','refused','unknown','received')",
            name=op.f("ck_texts_state"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "broadcast_id"],
            ["broadcasts.org_id", "broadcasts.id"],
            name=op.f("fk_texts_org_id_broadcast_id"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["people.org_id", "people.id"],
            name=op.f("fk_texts_org_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_texts_org_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["senders.id"], name=op.f("fk_texts_sender_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_texts")),
        sa.UniqueConstraint("org_id", "broadcast_id", "phone", name=op.f("uq_texts_org_id_broadcast_id_phone")),
        sa.UniqueConstraint("org_id", "key", name=op.f("uq_texts_org_id_key")),
    )
    with op.batch_alter_table("texts", schema=None) as batch_op:
        batch_op.create_index("ix_texts_broadcast", ["org_id", "broadcast_id", "state"], unique=False)
        batch_op.create_index("ix_texts_claimed", ["org_id", "claimed_at"], unique=False)
        batch_op.create_index("ix_texts_due", ["org_id", "state", "not_before_at"], unique=False)
        batch_op.create_index("ix_texts_person", ["org_id", "person_id", "queued_at"], unique=False)
        batch_op.create_index("ix_texts_phone", ["org_id", "phone", "queued_at"], unique=False)
        batch_op.create_index("ix_texts_sid", ["org_id", "provider_sid"], unique=False)

    op.create_table(
        "amendments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("platform_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_by", sa.String(length=200), nullable=False),
        sa.Column("supporters", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'add') or (plank_id is not null)", name=op.f("ck_amendments_plank")),
        sa.CheckConstraint("(state = 'proposed') = (decided_at is null)", name=op.f("ck_amendments_decided")),
        sa.CheckConstraint("kind in ('change','add','strike')", name=op.f("ck_amendments_kind")),
        sa.CheckConstraint("state in ('proposed','adopted','refused','withdrawn')", name=op.f("ck_amendments_state")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_amendments_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_amendments_partner_id")),
        sa.ForeignKeyConstraint(["plank_id"], ["planks.id"], name=op.f("fk_amendments_plank_id")),
        sa.ForeignKeyConstraint(["platform_id"], ["platforms.id"], name=op.f("fk_amendments_platform_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
    )
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amendments_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index("ix_amendments_plank", ["plank_id", "state"], unique=False)
        batch_op.create_index("ix_amendments_platform", ["platform_id", "state"], unique=False)

    op.create_table(
        "comments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_comments_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_comments_partner_id")),
        sa.ForeignKeyConstraint(["plank_id"], ["planks.id"], name=op.f("fk_comments_plank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comments_plank_id"), ["plank_id"], unique=False)

    op.create_table(
        "positions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("platform_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stance", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("stated_by", sa.String(length=200), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stance in ('endorse','reserve','stand_aside','oppose','pending')", name=op.f("ck_positions_stance")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_positions_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_positions_partner_id")),
        sa.ForeignKeyConstraint(["plank_id"], ["planks.id"], name=op.f("fk_positions_plank_id")),
        sa.ForeignKeyConstraint(["platform_id"], ["platforms.id"], name=op.f("fk_positions_platform_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
        sa.UniqueConstraint("plank_id", "partner_id", name=op.f("uq_positions_plank_id_partner_id")),
    )
    with op.batch_alter_table("positions", schema=None) as batch_op:
        batch_op.create_index("ix_positions_platform", ["platform_id", "partner_id"], unique=False)

    op.create_table(
        "ratifications",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certified_by", sa.String(length=200), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("manifest", sa.JSON(), nullable=True),
        sa.Column("poll_id", sa.String(length=64), nullable=True),
        sa.Column("public_key", sa.String(length=64), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'certified') = (certified_at is not null)", name=op.f("ck_ratifications_certified")
        ),
        sa.CheckConstraint(
            "(state in ('closed','certified')) = (result is not null and closed_at is not null)",
            name=op.f("ck_ratifications_counted"),
        ),
        sa.CheckConstraint(
            "(state in ('draft','preparing')) = (poll_id is null)", name=op.f("ck_ratifications_frozen")
        ),
        sa.CheckConstraint(
            "state in ('draft','preparing','open','closed','certified')", name=op.f("ck_ratifications_state")
        ),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_ratifications_hours")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_ratifications_edition_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_ratifications_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratifications")),
        sa.UniqueConstraint("poll_id", name=op.f("uq_ratifications_poll_id")),
    )
    with op.batch_alter_table("ratifications", schema=None) as batch_op:
        batch_op.create_index("ix_ratifications_org_id_opens_at", ["org_id", "opens_at"], unique=False)

    op.create_table(
        "walk_ins",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attendance_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("consented_at is null or wording != ''", name=op.f("ck_walk_ins_consent")),
        sa.CheckConstraint("taken_at is null or (phone = '' and name = '')", name=op.f("ck_walk_ins_blanked")),
        sa.ForeignKeyConstraint(["attendance_id"], ["attendances.id"], name=op.f("fk_walk_ins_attendance_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_walk_ins_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_walk_ins_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_ins")),
        sa.UniqueConstraint("attendance_id", name=op.f("uq_walk_ins_attendance_id")),
    )
    with op.batch_alter_table("walk_ins", schema=None) as batch_op:
        batch_op.create_index("walk_ins_waiting", ["partner_id", "taken_at"], unique=False)

    op.create_table(
        "electorates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ratification_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("quorum", sa.String(length=20), nullable=False),
        sa.Column("threshold", sa.String(length=20), nullable=False),
        sa.Column("strictness", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("tie", sa.String(length=20), nullable=False),
        sa.Column("may_change", sa.Boolean(), nullable=False),
        sa.Column("roll_size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("basis in ('yes_and_no','cast','roll')", name=op.f("ck_electorates_basis")),
        sa.CheckConstraint("kind in ('members','organizations')", name=op.f("ck_electorates_kind")),
        sa.CheckConstraint("strictness in ('at_least','more_than')", name=op.f("ck_electorates_strictness")),
        sa.CheckConstraint("tie in ('fails','passes')", name=op.f("ck_electorates_tie")),
        sa.CheckConstraint("not (is_secret and may_change)", name=op.f("ck_electorates_final")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_electorates_org_id")),
        sa.ForeignKeyConstraint(["ratification_id"], ["ratifications.id"], name=op.f("fk_electorates_ratification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_electorates")),
        sa.UniqueConstraint("ratification_id", "kind", name=op.f("uq_electorates_ratification_id_kind")),
    )
    with op.batch_alter_table("electorates", schema=None) as batch_op:
        batch_op.create_index("ix_electorates_org_id_ratification_id", ["org_id", "ratification_id"], unique=False)

    op.create_table(
        "notice_summaries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ratification_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("texts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("letters", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ledger_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_notice_summaries_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_notice_summaries_partner_id")),
        sa.ForeignKeyConstraint(
            ["ratification_id"], ["ratifications.id"], name=op.f("fk_notice_summaries_ratification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_summaries")),
        sa.UniqueConstraint(
            "ratification_id", "partner_id", name=op.f("uq_notice_summaries_ratification_id_partner_id")
        ),
    )
    op.create_table(
        "notices",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("ratification_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("channel in ('text','letter')", name=op.f("ck_notices_channel")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_notices_org_id")),
        sa.ForeignKeyConstraint(["ratification_id"], ["ratifications.id"], name=op.f("fk_notices_ratification_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "org_id", "ratification_id", "entry_id", name=op.f("uq_notices_org_id_ratification_id_entry_id")
        ),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notices_org_id_ratification_id_channel", ["org_id", "ratification_id", "channel"], unique=False
        )

    op.create_table(
        "plank_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("lagging", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("amendment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendments.id"], name=op.f("fk_plank_versions_amendment_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_plank_versions_org_id")),
        sa.ForeignKeyConstraint(["plank_id"], ["planks.id"], name=op.f("fk_plank_versions_plank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plank_versions")),
        sa.UniqueConstraint("plank_id", "number", name=op.f("uq_plank_versions_plank_id_number")),
    )
    op.create_table(
        "ballots",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "electorate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("plank", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("tracker", sa.String(length=32), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.CheckConstraint("choice in ('yes','no','abstain')", name=op.f("ck_ballots_choice")),
        sa.ForeignKeyConstraint(["electorate_id"], ["electorates.id"], name=op.f("fk_ballots_electorate_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_ballots_org_id")),
        sa.PrimaryKeyConstraint("org_id", "electorate_id", "plank", "tracker", name=op.f("pk_ballots")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "final_ballots",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "electorate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("plank", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("tracker", sa.String(length=32), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.CheckConstraint("choice in ('yes','no','abstain')", name=op.f("ck_final_ballots_choice")),
        sa.ForeignKeyConstraint(["electorate_id"], ["electorates.id"], name=op.f("fk_final_ballots_electorate_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_final_ballots_org_id")),
        sa.PrimaryKeyConstraint("org_id", "electorate_id", "plank", "tracker", name=op.f("pk_final_ballots")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "organization_roll",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("electorate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("account_name", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["electorate_id"], ["electorates.id"], name=op.f("fk_organization_roll_electorate_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_organization_roll_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_organization_roll_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_roll")),
        sa.UniqueConstraint("electorate_id", "partner_id", name=op.f("uq_organization_roll_electorate_id_partner_id")),
        sa.UniqueConstraint("electorate_id", "seat", name=op.f("uq_organization_roll_electorate_id_seat")),
    )
    with op.batch_alter_table("organization_roll", schema=None) as batch_op:
        batch_op.create_index("ix_organization_roll_org_id_electorate_id", ["org_id", "electorate_id"], unique=False)

    op.create_table(
        "roll_bits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("electorate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shard", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["electorate_id"], ["electorates.id"], name=op.f("fk_roll_bits_electorate_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_roll_bits_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_bits")),
        sa.UniqueConstraint("electorate_id", "shard", name=op.f("uq_roll_bits_electorate_id_shard")),
    )
    op.create_table(
        "roll_call_votes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("electorate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plank", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("choice in ('yes','no','abstain')", name=op.f("ck_roll_call_votes_choice")),
        sa.ForeignKeyConstraint(["electorate_id"], ["electorates.id"], name=op.f("fk_roll_call_votes_electorate_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_roll_call_votes_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_roll_call_votes_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_call_votes")),
        sa.UniqueConstraint(
            "electorate_id",
            "partner_id",
            "plank",
            "version",
            name=op.f("uq_roll_call_votes_electorate_id_partner_id_plank_version"),
        ),
    )
    with op.batch_alter_table("roll_call_votes", schema=None) as batch_op:
        batch_op.create_index("ix_roll_call_votes_org_id_electorate_id", ["org_id", "electorate_id"], unique=False)

    op.create_table(
        "roll_candidates",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("electorate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_seat", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer in ('open','two_people','struck')", name=op.f("ck_roll_candidates_answer")),
        sa.ForeignKeyConstraint(["electorate_id"], ["electorates.id"], name=op.f("fk_roll_candidates_electorate_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_roll_candidates_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_roll_candidates")),
        sa.UniqueConstraint(
            "org_id",
            "electorate_id",
            "seat",
            "other_seat",
            name=op.f("uq_roll_candidates_org_id_electorate_id_seat_other_seat"),
        ),
    )
    op.create_table(
        "roll_corrections",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ratification_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("electorate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("seat", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'struck') = (seat is not null)", name=op.f("ck_roll_corrections_seat")),
        sa.CheckConstraint("kind in ('struck','closed_early')", name=op.f("ck_roll_corrections_kind")),
        sa.ForeignKeyConstraint(["electorate_id"], ["electorates.id"], name=op.f("fk_roll_corrections_electorate_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_roll_corrections_org_id")),
        sa.ForeignKeyConstraint(
            ["ratification_id"], ["ratifications.id"], name=op.f("fk_roll_corrections_ratification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_corrections")),
        sa.UniqueConstraint("ratification_id", "number", name=op.f("uq_roll_corrections_ratification_id_number")),
    )
    op.create_table(
        "roll_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("electorate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["electorate_id"], ["electorates.id"], name=op.f("fk_roll_entries_electorate_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_roll_entries_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_roll_entries_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_entries")),
        sa.UniqueConstraint(
            "electorate_id", "partner_id", "person_id", name=op.f("uq_roll_entries_electorate_id_partner_id_person_id")
        ),
        sa.UniqueConstraint("electorate_id", "seat", name=op.f("uq_roll_entries_electorate_id_seat")),
    )
    with op.batch_alter_table("roll_entries", schema=None) as batch_op:
        batch_op.create_index("ix_roll_entries_org_id_electorate_id", ["org_id", "electorate_id"], unique=False)
        batch_op.create_index("ix_roll_entries_partner_id_electorate_id", ["partner_id", "electorate_id"], unique=False)

    op.create_table(
        "roll_keys",
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("electorate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("mark_key", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["electorate_id"], ["electorates.id"], name=op.f("fk_roll_keys_electorate_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_roll_keys_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_roll_keys")),
        sa.UniqueConstraint("electorate_id", name=op.f("uq_roll_keys_electorate_id")),
    )
    op.create_table(
        "roll_marks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("electorate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["electorate_id"], ["electorates.id"], name=op.f("fk_roll_marks_electorate_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_roll_marks_org_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organizations.id"], name=op.f("fk_roll_marks_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_marks")),
    )
    with op.batch_alter_table("roll_marks", schema=None) as batch_op:
        batch_op.create_index("ix_roll_marks_org_id_electorate_id", ["org_id", "electorate_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        secure()


def downgrade() -> None:
    with op.batch_alter_table("roll_marks", schema=None) as batch_op:
        batch_op.drop_index("ix_roll_marks_org_id_electorate_id")

    op.drop_table("roll_marks")
    op.drop_table("roll_keys")
    with op.batch_alter_table("roll_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_roll_entries_partner_id_electorate_id")
        batch_op.drop_index("ix_roll_entries_org_id_electorate_id")

    op.drop_table("roll_entries")
    op.drop_table("roll_corrections")
    op.drop_table("roll_candidates")
    with op.batch_alter_table("roll_call_votes", schema=None) as batch_op:
        batch_op.drop_index("ix_roll_call_votes_org_id_electorate_id")

    op.drop_table("roll_call_votes")
    op.drop_table("roll_bits")
    with op.batch_alter_table("organization_roll", schema=None) as batch_op:
        batch_op.drop_index("ix_organization_roll_org_id_electorate_id")

    op.drop_table("organization_roll")
    op.drop_table("final_ballots")
    op.drop_table("ballots")
    op.drop_table("plank_versions")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_org_id_ratification_id_channel")

    op.drop_table("notices")
    op.drop_table("notice_summaries")
    with op.batch_alter_table("electorates", schema=None) as batch_op:
        batch_op.drop_index("ix_electorates_org_id_ratification_id")

    op.drop_table("electorates")
    with op.batch_alter_table("walk_ins", schema=None) as batch_op:
        batch_op.drop_index("walk_ins_waiting")

    op.drop_table("walk_ins")
    with op.batch_alter_table("ratifications", schema=None) as batch_op:
        batch_op.drop_index("ix_ratifications_org_id_opens_at")

    op.drop_table("ratifications")
    with op.batch_alter_table("positions", schema=None) as batch_op:
        batch_op.drop_index("ix_positions_platform")

    op.drop_table("positions")
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comments_plank_id"))

    op.drop_table("comments")
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.drop_index("ix_amendments_platform")
        batch_op.drop_index("ix_amendments_plank")
        batch_op.drop_index(batch_op.f("ix_amendments_partner_id"))

    op.drop_table("amendments")
    with op.batch_alter_table("texts", schema=None) as batch_op:
        batch_op.drop_index("ix_texts_sid")
        batch_op.drop_index("ix_texts_phone")
        batch_op.drop_index("ix_texts_person")
        batch_op.drop_index("ix_texts_due")
        batch_op.drop_index("ix_texts_claimed")
        batch_op.drop_index("ix_texts_broadcast")

    op.drop_table("texts")
    with op.batch_alter_table("supports", schema=None) as batch_op:
        batch_op.drop_index("supports_of")

    op.drop_table("supports")
    op.drop_table("platform_addresses")
    with op.batch_alter_table("planks", schema=None) as batch_op:
        batch_op.drop_index("ix_planks_order")

    op.drop_table("planks")
    op.drop_table("exclusions")
    op.drop_table("editions")
    with op.batch_alter_table("doors", schema=None) as batch_op:
        batch_op.drop_index("doors_of")

    op.drop_table("doors")
    with op.batch_alter_table("committee_seats", schema=None) as batch_op:
        batch_op.drop_index("committee_seats_of")

    op.drop_table("committee_seats")
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.drop_index("attendances_recent")
        batch_op.drop_index(
            "attendances_once", sqlite_where=sa.text("undone_at IS NULL"), postgresql_where=sa.text("undone_at IS NULL")
        )
        batch_op.drop_index("attendances_of_person")
        batch_op.drop_index("attendances_by_partner")

    op.drop_table("attendances")
    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.drop_index("agenda_items_in_order")

    op.drop_table("agenda_items")
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.drop_index("ix_threads_person")
        batch_op.drop_index("ix_threads_inbox")

    op.drop_table("threads")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_account_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("rung_moves", schema=None) as batch_op:
        batch_op.drop_index("ix_rung_moves_person")
        batch_op.drop_index("ix_rung_moves_at")

    op.drop_table("rung_moves")
    with op.batch_alter_table("rsvps", schema=None) as batch_op:
        batch_op.drop_index("rsvps_of_person")
        batch_op.drop_index("rsvps_by_state")
        batch_op.drop_index("rsvps_at_the_door")

    op.drop_table("rsvps")
    with op.batch_alter_table("pledges", schema=None) as batch_op:
        batch_op.drop_index("pledges_of_partner")
        batch_op.drop_index("pledges_by_partner")

    op.drop_table("pledges")
    with op.batch_alter_table("platforms", schema=None) as batch_op:
        batch_op.drop_index("ix_platforms_owner")
        batch_op.drop_index(batch_op.f("ix_platforms_assembly_id"))

    op.drop_table("platforms")
    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.drop_index("ix_phones_number")

    op.drop_table("phones")
    with op.batch_alter_table("person_tags", schema=None) as batch_op:
        batch_op.drop_index("ix_person_tags_tag")

    op.drop_table("person_tags")
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.drop_index("participants_by_name")

    op.drop_table("participants")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index("ix_notes_person")

    op.drop_table("notes")
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_import_rows_outcome")

    op.drop_table("import_rows")
    op.drop_table("import_files")
    with op.batch_alter_table("identifiers", schema=None) as batch_op:
        batch_op.drop_index("ix_identifiers_person")

    op.drop_table("identifiers")
    with op.batch_alter_table("governing_powers", schema=None) as batch_op:
        batch_op.drop_index("governing_powers_of")

    op.drop_table("governing_powers")
    with op.batch_alter_table("emails", schema=None) as batch_op:
        batch_op.drop_index("ix_emails_address")

    op.drop_table("emails")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index("ix_conversations_person")
        batch_op.drop_index("ix_conversations_due")
        batch_op.drop_index("ix_conversations_account")

    op.drop_table("conversations")
    with op.batch_alter_table("committees", schema=None) as batch_op:
        batch_op.drop_index("committees_of")

    op.drop_table("committees")
    with op.batch_alter_table("broadcasts", schema=None) as batch_op:
        batch_op.drop_index("ix_broadcasts_subject")
        batch_op.drop_index("ix_broadcasts_recent")

    op.drop_table("broadcasts")
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_index("ix_assessments_person")

    op.drop_table("assessments")
    with op.batch_alter_table("assembly_tasks", schema=None) as batch_op:
        batch_op.drop_index("assembly_tasks_by_date")

    op.drop_table("assembly_tasks")
    with op.batch_alter_table("assembly_sessions", schema=None) as batch_op:
        batch_op.drop_index("assembly_sessions_next")
        batch_op.drop_index("assembly_sessions_by_time")

    op.drop_table("assembly_sessions")
    with op.batch_alter_table("assembly_partners", schema=None) as batch_op:
        batch_op.drop_index("assembly_partners_of")

    op.drop_table("assembly_partners")
    op.drop_table("tags")
    op.drop_table("senders")
    op.drop_table("segments")
    with op.batch_alter_table("raw_hooks", schema=None) as batch_op:
        batch_op.drop_index("ix_raw_hooks_open")

    op.drop_table("raw_hooks")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index("ix_people_standing")
        batch_op.drop_index("ix_people_rung")
        batch_op.drop_index("ix_people_newest")
        batch_op.drop_index("ix_people_neighborhood")
        batch_op.drop_index("ix_people_name")

    op.drop_table("people")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index("ix_links_subject")

    op.drop_table("links")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_due")

    op.drop_table("jobs")
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_index("ix_imports_file")

    op.drop_table("imports")
    op.drop_table("grants")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_verb")
        batch_op.drop_index("ix_events_subject")
        batch_op.drop_index("ix_events_person")

    op.drop_table("events")
    op.drop_table("custom_fields")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index("ix_consents_phone")

    op.drop_table("consents")
    op.drop_table("consent_states")
    with op.batch_alter_table("coalition_memberships", schema=None) as batch_op:
        batch_op.drop_index("ix_coalition_memberships_member")

    op.drop_table("coalition_memberships")
    op.drop_table("audit_heads")
    op.drop_table("audit_entries")
    with op.batch_alter_table("assemblies", schema=None) as batch_op:
        batch_op.drop_index("assemblies_by_day")

    op.drop_table("assemblies")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_index("ix_submissions_at")

    op.drop_table("submissions")
    with op.batch_alter_table("simulated_texts", schema=None) as batch_op:
        batch_op.drop_index("ix_simulated_texts_phone")
        batch_op.drop_index("ix_simulated_texts_number")

    op.drop_table("simulated_texts")
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_failures_who")

    op.drop_table("sign_in_failures")
    op.drop_table("published_boards")
    op.drop_table("organizations")
    op.drop_table("demo_clock")
    op.drop_table("assembly_addresses")
    op.drop_table("accounts")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function if exists plenary_circle()")
        op.execute("drop function if exists plenary_org()")
