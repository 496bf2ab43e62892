"""Typed search. What few people have is found by the trigram index and sorted; for what very many have, walking the list in
its order meets a page of them at once, unless they all stand far down in it. Which it is, a sample says."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, and_, any_, column, false, func, literal, literal_column, select, table, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from crm.infra.auth import Actor
from crm.infra.db import is_sqlite, session
from crm.infra.sight import among, listed
from crm.kernel.permissions import Action
from crm.people import rules
from crm.people.models import Person, PersonWords

SAMPLE, PAGE, WALK, ALL = 5_000, 50, 20_000, 2**31 - 1
NEAR = 1000  # people who share a piece of what was typed, and are compared letter by letter
BY_NAME = (Person.name_folded, Person.id)
_index = table("person_index", column("rowid"))  # SQLite's; see models.search


def matches(actor: Actor, text: str, order: Sequence[Any] = BY_NAME) -> list[ColumnElement[bool]]:
    """What a search asks of Person: all of its terms in the name or, for those who may see them, in numbers, addresses and
    notes too. Where nothing is written so, words that are nearly so. `order` is that of the list; none where all are counted."""
    terms = rules.read_search(text)
    if not terms:
        return []
    by_name = not actor.may(Action.SEE_CONTACTS)
    groups = [[pattern] for term in terms if (pattern := rules.pattern(term))]
    if not groups:
        return [Person.name_folded.startswith(terms[0], autoescape=True)]
    found = list(session().scalars(_with(groups, by_name, SAMPLE + 1)))
    letters = [f" {term}" for term in terms if not rules.pattern(term)]  # too short for the index
    also = [_written(letters, by_name)] if letters else []
    if not found:
        found, also = _near(terms, by_name), []
    if len(found) <= SAMPLE:
        return [Person.id.in_(listed(found)), *also] if found else [false()]
    if not order or _is_far_down(found, order):
        return [_is_one_of(_with(groups, by_name, ALL)), *also]
    return [_written([*(pattern for (pattern,) in groups), *letters], by_name)]


def _is_one_of(ids: Select[tuple[int]]) -> ColumnElement[bool]:
    """Of very many. PostgreSQL sorts an array of them before it reads the table: page after page, and none of them twice."""
    return Person.id.in_(ids) if is_sqlite() else Person.id == any_(func.array(ids.scalar_subquery(), type_=ARRAY(BigInteger)))


def _is_far_down(sample: Sequence[int], order: Sequence[Any]) -> bool:
    """Whether a page of these people may lie further down the list than walking is quick: the page of all is no further down."""
    columns = [_plain(column) for column in order]
    mark = session().execute(select(*columns).where(Person.id.in_(listed(sample))).order_by(*order).offset(PAGE).limit(1)).one()
    here, there = tuple_(*columns), tuple_(*mark)
    before = here > there if columns[0] is not order[0] else here < there
    ahead = select(Person.id).where(before).limit(WALK + 1).subquery()
    return (session().scalar(select(func.count()).select_from(ahead)) or 0) > WALK


def _plain(column: Any) -> Any:
    """A column without its direction."""
    return column.element if getattr(column, "modifier", None) else column


def _written(patterns: list[str], by_name: bool) -> ColumnElement[bool]:
    """Asked person by person, as the list is walked. A scalar on purpose: no database turns it into a join and walks another way."""
    kept = PersonWords.names if by_name else PersonWords.words
    hold = and_(*(kept.contains(pattern, autoescape=True) for pattern in patterns))
    return select(hold).where(PersonWords.org_id == Person.org_id, PersonWords.person_id == Person.id).scalar_subquery()


def _near(terms: list[str], by_name: bool) -> list[int]:
    """People with words near the terms: candidates share a piece of each, and are then compared letter by letter."""
    groups = [[term] if any(c.isdigit() for c in term) else rules.pieces(term) for term in terms]
    groups = [group for group in groups if group]
    ids = list(session().scalars(_with(groups, by_name, NEAR))) if groups else []
    kept = PersonWords.names if by_name else PersonWords.words
    written = session().execute(select(PersonWords.person_id, kept).where(among(PersonWords.person_id, ids))) if ids else []
    return [person_id for person_id, words in written if all(rules.is_like(term, words.split()) for term in terms)]


def _with(groups: list[list[str]], by_name: bool, most: int) -> Select[tuple[int]]:
    """At most so many people whose words hold one pattern of every group."""
    field = "names" if by_name else "words"
    if not is_sqlite():
        return select(func.plenary_search(literal(groups, JSONB), field, most).column_valued("person_id"))
    groups = [["\"" + pattern.replace("\"", "\"\"") + "\"" for pattern in group] for group in groups]
    asked = f"{field} : (" + " AND ".join("(" + " OR ".join(group) + ")" for group in groups) + ")"
    hits = select(PersonWords.person_id).join_from(_index, PersonWords, PersonWords.person_id == _index.c.rowid)
    return hits.where(literal_column("person_index").op("match")(asked)).limit(most)
