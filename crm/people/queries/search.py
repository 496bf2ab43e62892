"""Typed search. A term that few people have is found by the trigram index; for one that very many have, walking the list in
its order meets a page of them at once. Which it is, the index says: it is asked for no more than MOST people."""

from sqlalchemy import ColumnElement, and_, column, exists, func, literal, literal_column, select, table
from sqlalchemy.dialects.postgresql import JSONB

from crm.infra.auth import Actor
from crm.infra.db import is_sqlite, session
from crm.kernel.permissions import Action
from crm.people import rules
from crm.people.models import Person, PersonWords

MOST = 1000
_index = table("person_index", column("rowid"))  # SQLite's; see models.search


def matches(actor: Actor, text: str) -> list[ColumnElement[bool]]:
    """What a search asks of Person: all of its terms in the name or, for those who may see them, in numbers, addresses and
    notes too. Where nothing is written so, words that are nearly so."""
    terms = rules.read_search(text)
    if not terms:
        return []
    by_name = not actor.may(Action.EDIT_PEOPLE)
    groups = [[pattern] for term in terms if (pattern := rules.pattern(term))]
    if not groups:
        return [Person.name_folded.startswith(terms[0], autoescape=True)]
    found = _ids_with(groups, by_name, MOST + 1)
    if not found:
        return [Person.id.in_(_near(terms, by_name))]
    letters = [f" {term}" for term in terms if not rules.pattern(term)]  # too short for the index
    if len(found) > MOST:
        return [_written([*(pattern for (pattern,) in groups), *letters], by_name)]
    return [Person.id.in_(found), *([_written(letters, by_name)] if letters else [])]


def _written(patterns: list[str], by_name: bool) -> ColumnElement[bool]:
    kept = PersonWords.names if by_name else PersonWords.words
    hold = and_(*(kept.contains(pattern, autoescape=True) for pattern in patterns))
    return exists().where(PersonWords.org_id == Person.org_id, PersonWords.person_id == Person.id, hold)


def _near(terms: list[str], by_name: bool) -> list[int]:
    """People with words near the terms: candidates share a piece of each, and are then compared letter by letter."""
    groups = [[term] if any(c.isdigit() for c in term) else rules.pieces(term) for term in terms]
    groups = [group for group in groups if group]
    ids = _ids_with(groups, by_name, MOST) if groups else []
    kept = PersonWords.names if by_name else PersonWords.words
    written = session().execute(select(PersonWords.person_id, kept).where(PersonWords.person_id.in_(ids))) if ids else []
    return [person_id for person_id, words in written if all(rules.is_like(term, words.split()) for term in terms)]


def _ids_with(groups: list[list[str]], by_name: bool, most: int) -> list[int]:
    """At most so many people whose words hold one pattern of every group."""
    field = "names" if by_name else "words"
    if not is_sqlite():
        return list(session().scalars(select(func.plenary_search(literal(groups, JSONB), field, most).column_valued("person_id"))))
    groups = [["\"" + pattern.replace("\"", "\"\"") + "\"" for pattern in group] for group in groups]
    asked = f"{field} : (" + " AND ".join("(" + " OR ".join(group) + ")" for group in groups) + ")"
    hits = select(PersonWords.person_id).join_from(_index, PersonWords, PersonWords.person_id == _index.c.rowid)
    return list(session().scalars(hits.where(literal_column("person_index").op("match")(asked)).limit(most)))
