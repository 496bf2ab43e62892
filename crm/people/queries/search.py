"""Typed search. What few people have is found by the trigram index and sorted; for what very many have, walking the list in
its order meets a page of them at once. Which it is, the index says: it is asked for no more than MOST people."""

from sqlalchemy import ColumnElement, Select, and_, column, exists, false, func, literal, literal_column, select, table
from sqlalchemy.dialects.postgresql import JSONB

from crm.infra.auth import Actor
from crm.infra.db import is_sqlite, session
from crm.kernel.permissions import Action
from crm.people import rules
from crm.people.models import Person, PersonWords

MOST, LISTED = 20_000, 500
_index = table("person_index", column("rowid"))  # SQLite's; see models.search


def matches(actor: Actor, text: str) -> list[ColumnElement[bool]]:
    """What a search asks of Person: all of its terms in the name or, for those who may see them, in numbers, addresses and
    notes too. Where nothing is written so, words that are nearly so."""
    terms = rules.read_search(text)
    if not terms:
        return []
    by_name = not actor.may(Action.SEE_CONTACTS)
    groups = [[pattern] for term in terms if (pattern := rules.pattern(term))]
    if not groups:
        return [Person.name_folded.startswith(terms[0], autoescape=True)]
    found = list(session().scalars(_with(groups, by_name, LISTED + 1)))
    letters = [f" {term}" for term in terms if not rules.pattern(term)]  # too short for the index
    also = [_written(letters, by_name)] if letters else []
    if not found:
        found, also = _near(terms, by_name), []
    if len(found) <= LISTED:
        return [Person.id.in_(found), *also] if found else [false()]
    many = _with(groups, by_name, MOST + 1)
    if session().scalar(select(func.count()).select_from(many.subquery())) <= MOST:
        return [Person.id.in_(many), *also]
    return [_written([*(pattern for (pattern,) in groups), *letters], by_name)]


def _written(patterns: list[str], by_name: bool) -> ColumnElement[bool]:
    kept = PersonWords.names if by_name else PersonWords.words
    hold = and_(*(kept.contains(pattern, autoescape=True) for pattern in patterns))
    return exists().where(PersonWords.org_id == Person.org_id, PersonWords.person_id == Person.id, hold)


def _near(terms: list[str], by_name: bool) -> list[int]:
    """People with words near the terms: candidates share a piece of each, and are then compared letter by letter."""
    groups = [[term] if any(c.isdigit() for c in term) else rules.pieces(term) for term in terms]
    groups = [group for group in groups if group]
    ids = list(session().scalars(_with(groups, by_name, 2 * LISTED))) if groups else []
    kept = PersonWords.names if by_name else PersonWords.words
    written = session().execute(select(PersonWords.person_id, kept).where(PersonWords.person_id.in_(ids))) if ids else []
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
