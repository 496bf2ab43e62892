"""The ledger of consent: kept words with versions, purposes, the day a no reached us, mistakes taken back, and nothing ever changed."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OWN = "org_id = (select plenary_org())"
NOT_KEPT = "(The words were not kept.)"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FUNCTION = """create or replace function plenary_keep_ledger() returns trigger language plpgsql as
$$ begin
  if coalesce(current_setting('plenary.unlocked', true), '') <> 'on' then
    raise exception 'a row of % is never changed or removed', tg_table_name;
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$"""


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    _tables()
    if is_postgresql:  # the owner, too, is held to one organization: for what follows, it reads all
        op.execute("alter table consents no force row level security")
        op.execute("alter table wordings no force row level security")
    _keep_words()
    _complete()
    if is_postgresql:
        for table in ("consents", "wordings"):
            op.execute(f"alter table {table} force row level security")
    _lock(is_postgresql)


def _tables() -> None:
    op.create_table(
        "wordings",
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_wordings_words")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_wordings_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_wordings")),
        sa.UniqueConstraint("org_id", "number", name=op.f("uq_wordings_org_id_number")),
        sa.UniqueConstraint("org_id", "mark", name=op.f("uq_wordings_org_id_mark")),
    )
    op.create_table(
        "opt_out_requests",
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("collector", sa.String(200), nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("consent_id", NUMBER, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome is null or outcome in ('honored','not_ours')", name=op.f("ck_opt_out_requests_outcome")),
        sa.CheckConstraint("(outcome is null) = (closed_at is null)", name=op.f("ck_opt_out_requests_closed")),
        sa.CheckConstraint("outcome is null or outcome <> 'honored' or consent_id is not null", name=op.f("ck_opt_out_requests_honored")),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_opt_out_requests_org_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_opt_out_requests")),
    )
    op.create_index("ix_opt_out_requests_open", "opt_out_requests", ["org_id", "outcome", "received_on", "id"])
    if op.get_bind().dialect.name == "postgresql":
        for table in ("wordings", "opt_out_requests"):
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({OWN}) with check ({OWN})")
    with op.batch_alter_table("consents") as batch:
        batch.alter_column("wording", new_column_name="said", existing_type=sa.Text(), existing_nullable=False)
        batch.add_column(sa.Column("wording_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("account_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("received_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("undoes_id", NUMBER, nullable=True))
    with op.batch_alter_table("consent_states") as batch:
        batch.add_column(sa.Column("purpose", sa.String(20), nullable=False, server_default="organizing"))
        batch.drop_constraint(op.f("uq_consent_states_org_id_phone"), type_="unique")
        batch.create_unique_constraint(op.f("uq_consent_states_org_id_phone_purpose"), ["org_id", "phone", "purpose"])
        batch.create_check_constraint(op.f("ck_consent_states_purpose"), "purpose in ('organizing','fundraising')")
    with op.batch_alter_table("consent_states") as batch:
        batch.alter_column("purpose", existing_type=sa.String(20), existing_nullable=False, server_default=None)


def _keep_words() -> None:
    """Each organization's words become numbered versions, in the order in which they were first used; entries point at them."""
    bind = op.get_bind()
    bind.exec_driver_sql("update consents set kind = 'revoked' where source = 'review'")  # what takes something back is no yes
    given = bind.exec_driver_sql("select org_id, said, min(created_at) from consents where kind = 'given' group by org_id, said order by org_id, 3").all()
    numbers: dict[int, int] = {}
    for org_id, words, first in given:
        number = numbers[org_id] = numbers.get(org_id, 0) + 1
        kept = {"org": org_id, "n": number, "words": words or NOT_KEPT, "mark": hashlib.sha256((words or NOT_KEPT).encode()).hexdigest(), "at": first}
        bind.execute(sa.text("insert into wordings (org_id, id, number, words, mark, created_at) values (:org, :n, :n, :words, :mark, :at)"), kept)
        bind.execute(
            sa.text("update consents set wording_id = :n, said = '' where org_id = :org and kind = 'given' and said = :said and source <> 'start'"),
            {"n": number, "org": org_id, "said": words},
        )
        bind.execute(
            sa.text("update consents set wording_id = :n where org_id = :org and kind = 'given' and said = :said and source = 'start'"),
            {"n": number, "org": org_id, "said": words},
        )
    bind.exec_driver_sql("update consents set evidence = '(not written down)' where kind = 'given' and evidence = ''")
    bind.exec_driver_sql("update consents set collector = '(not written down)' where kind = 'given' and collector = ''")
    bind.exec_driver_sql("update consents set purpose = 'organizing' where purpose not in ('organizing','fundraising')")


def _complete() -> None:
    with op.batch_alter_table("consents") as batch:
        batch.create_foreign_key(op.f("fk_consents_org_id_wording_id"), "wordings", ["org_id", "wording_id"], ["org_id", "id"])
        batch.create_check_constraint(op.f("ck_consents_purpose"), "purpose in ('organizing','fundraising')")
        batch.create_check_constraint(
            op.f("ck_consents_complete"), "kind <> 'given' or (wording_id is not null and evidence <> '' and collector <> '')"
        )
        batch.create_check_constraint(op.f("ck_consents_undoes"), "undoes_id is null or (kind = 'revoked' and source = 'undo')")
        batch.create_index("ix_consents_received", ["org_id", "received_on"])


def _lock(is_postgresql: bool) -> None:
    """From here on the database itself keeps the ledger. SQLite asks a function that only the program gives it."""
    if is_postgresql:
        op.execute(FUNCTION)
    for table in ("consents", "wordings"):
        if is_postgresql:
            op.execute(f"create trigger keep_{table} before update or delete on {table} for each row execute function plenary_keep_ledger()")
            continue
        for verb in ("update", "delete"):
            op.execute(
                f"create trigger keep_{table}_{verb} before {verb} on {table} when plenary_unlocked() = 0"
                f" begin select raise(abort, 'a row of {table} is never changed or removed'); end"
            )


def _unlock(is_postgresql: bool) -> None:
    for table in ("consents", "wordings"):
        for name in (f"keep_{table}",) if is_postgresql else (f"keep_{table}_update", f"keep_{table}_delete"):
            op.execute(f"drop trigger {name} on {table}" if is_postgresql else f"drop trigger {name}")
    if is_postgresql:
        op.execute("drop function plenary_keep_ledger()")


def downgrade() -> None:
    bind = op.get_bind()
    is_postgresql = bind.dialect.name == "postgresql"
    _unlock(is_postgresql)
    if is_postgresql:
        for table in ("consents", "wordings", "consent_states"):
            op.execute(f"alter table {table} no force row level security")
    bind.exec_driver_sql(
        "update consents set said = (select words from wordings w where w.org_id = consents.org_id and w.id = consents.wording_id)"
        " where said = '' and wording_id is not null"
    )
    bind.exec_driver_sql("delete from consent_states where purpose <> 'organizing'")
    with op.batch_alter_table("consents") as batch:
        batch.drop_index("ix_consents_received")
        for name in ("complete", "undoes", "purpose"):
            batch.drop_constraint(op.f(f"ck_consents_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_consents_org_id_wording_id"), type_="foreignkey")
    with op.batch_alter_table("consents") as batch:
        for name in ("wording_id", "account_id", "received_on", "undoes_id"):
            batch.drop_column(name)
        batch.alter_column("said", new_column_name="wording", existing_type=sa.Text(), existing_nullable=False)
    with op.batch_alter_table("consent_states") as batch:
        batch.drop_constraint(op.f("uq_consent_states_org_id_phone_purpose"), type_="unique")
        batch.drop_constraint(op.f("ck_consent_states_purpose"), type_="check")
        batch.create_unique_constraint(op.f("uq_consent_states_org_id_phone"), ["org_id", "phone"])
        batch.drop_column("purpose")
    if is_postgresql:
        for table in ("consents", "consent_states"):
            op.execute(f"alter table {table} force row level security")
    op.drop_table("opt_out_requests")
    op.drop_table("wordings")
