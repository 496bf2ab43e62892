"""A vote of all members may belong to an assembly: earlier ones between the very proposals of one assembly's tables are its own.

Only what stands in the rows is taken: from a title alone nobody's guests may come to read a vote.
"""

import json
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLES = ("ratifications", "electorates", "table_proposals")
OF_NO_ROLL = "not exists (select 1 from electorates where ratification_id = ratifications.id and electorates.assembly_id is not null)"


def upgrade() -> None:
    _force(False)
    tabled: dict[tuple[int, tuple[str, ...]], list[int]] = defaultdict(list)
    proposed: dict[tuple[int, int], list[str]] = defaultdict(list)
    for org_id, assembly_id, titles in _rows("select org_id, assembly_id, titles from table_proposals order by assembly_id, number"):
        proposed[org_id, assembly_id].append(_first(titles))
    for (org_id, assembly_id), words in proposed.items():
        tabled[org_id, tuple(words)].append(assembly_id)
    votes = f"select id, org_id from ratifications where edition_id is null and assembly_id is null and {OF_NO_ROLL}"
    for id, org_id in _rows(votes):
        contests = [_read(contest) for (contest,) in _rows("select contest from electorates where kind = 'members' and ratification_id = :id", id=id)]
        found = {at for contest in contests if contest for at in tabled[org_id, tuple(_first(each) for each in contest["options"])]}
        if len(found) == 1:
            op.get_bind().execute(sa.text("update ratifications set assembly_id = :at where id = :id"), {"at": found.pop(), "id": id})
    _force(True)


def downgrade() -> None:
    """Before, a vote belonged only where its roll came from."""
    _force(False)
    op.execute(f"update ratifications set assembly_id = null where {OF_NO_ROLL}")
    _force(True)


def _rows(statement: str, **facts: Any) -> list[Any]:
    return list(op.get_bind().execute(sa.text(statement), facts))


def _read(value: Any) -> Any:
    """JSON, which one database reads by itself and the other hands over as text."""
    return json.loads(value) if isinstance(value, str) else value


def _first(titles: Any) -> str:
    """The English words, else those there are, as the form of a vote takes them over."""
    words = _read(titles)
    return words.get("en") or next(iter(words.values()), "")


def _force(is_forced: bool) -> None:
    """Every organization's rows, for once."""
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"alter table {table} {'' if is_forced else 'no '}force row level security")
