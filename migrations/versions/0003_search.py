"""Search: folded words of each person under a trigram index.

PostgreSQL: GIN, reached through plenary_search(), which runs as the owner because trigram operators are not leakproof and under a
policy the planner would leave the index aside. It reads only the organization that the transaction is set to, and returns ids,
which are read again under the policies. SQLite: FTS5 with triggers, no copy of the words.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SEARCH = """create function plenary_search(groups jsonb, field text, most integer) returns setof bigint
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  wanted text := '';
  alternatives text;
  patterns jsonb;
begin
  if field not in ('names', 'words') then
    raise exception 'unknown field';
  end if;
  for patterns in select jsonb_array_elements(groups) loop
    select string_agg(format('%I like %L', field, '%' || regexp_replace(pattern, '([\\\\%_])', '\\\\\\1', 'g') || '%'), ' or ')
      into alternatives from jsonb_array_elements_text(patterns) as pattern;
    wanted := wanted || ' and (' || alternatives || ')';
  end loop;
  return query execute format('select person_id from person_words where org_id = %L::bigint %s limit %s', plenary_org(), wanted, most);
end $$"""
FIRST = {
    "sqlite": "insert into person_words (org_id, person_id, names, words) select org_id, id, ' ' || name_folded || ' ', ' ' || name_folded || ' ' ||"
    " coalesce((select group_concat(e164, ' ') from phones where phones.org_id = people.org_id and phones.person_id = people.id), '') || ' ' ||"
    " coalesce((select group_concat(address, ' ') from emails where emails.org_id = people.org_id and emails.person_id = people.id), '') || ' ' ||"
    " lower(street || ' ' || neighborhood || ' ' || city || ' ' || region || ' ' || postal_code) || ' ' from people",
    "postgresql": "insert into person_words (org_id, person_id, names, words) select org_id, id, ' ' || name_folded || ' ', ' ' || name_folded || ' ' ||"
    " coalesce((select string_agg(e164, ' ') from phones where phones.org_id = people.org_id and phones.person_id = people.id), '') || ' ' ||"
    " coalesce((select string_agg(address, ' ') from emails where emails.org_id = people.org_id and emails.person_id = people.id), '') || ' ' ||"
    " lower(street || ' ' || neighborhood || ' ' || city || ' ' || region || ' ' || postal_code) || ' ' from people",
}


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "person_words",
        sa.Column("org_id", number, autoincrement=False, nullable=False),
        sa.Column("person_id", number, autoincrement=False, nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"], ["people.org_id", "people.id"], name=op.f("fk_person_words_org_id_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_person_words_org_id")),
        sa.PrimaryKeyConstraint("org_id", "person_id", name=op.f("pk_person_words")),
    )
    if op.get_bind().dialect.name == "sqlite":
        index_sqlite()
        op.execute(FIRST["sqlite"])
    else:
        op.execute(FIRST["postgresql"])
        index_postgresql()


def index_sqlite() -> None:
    """FTS5 over the words, without keeping them a second time; a person's id is its rowid."""
    op.execute(
        "create virtual table person_index using fts5(names, words, content='', contentless_delete=1,"
        " tokenize=\"trigram case_sensitive 1\")"
    )
    gone, new = "delete from person_index where rowid = old.person_id;", (
        "insert into person_index (rowid, names, words) values (new.person_id, new.names, new.words);"
    )
    op.execute(f"create trigger person_words_insert after insert on person_words begin {new} end")
    op.execute(f"create trigger person_words_delete after delete on person_words begin {gone} end")
    op.execute(f"create trigger person_words_update after update on person_words begin {gone} {new} end")


def index_postgresql() -> None:
    """Trigram indexes, the policy, and the one function that goes around it."""
    op.execute("create extension if not exists pg_trgm")
    op.execute("create index gin_person_words_names on person_words using gin (names gin_trgm_ops)")
    op.execute("create index gin_person_words_words on person_words using gin (words gin_trgm_ops)")
    op.execute("alter table person_words enable row level security")
    op.execute("create policy own on person_words using (org_id = (select plenary_org())) with check (org_id = (select plenary_org()))")
    op.execute(SEARCH)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("drop table person_index")
    else:
        op.execute("drop function plenary_search(jsonb, text, integer)")
    op.drop_table("person_words")
