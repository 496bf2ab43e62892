"""Reads of keywords: which one a text means, and the list for its page."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import Page, keyset
from crm.kernel.refusal import Missing
from crm.outreach.models import Keyword
from crm.outreach.queries.subjects import SUBJECTS
from crm.outreach.rules.keywords import keyword_in


def keyword_of(actor: Actor, body: str) -> Keyword | None:
    """The organization's live keyword that these words are, if they say nothing else."""
    word = keyword_in(body)
    return session().scalar(select(Keyword).where(Keyword.folded == word, Keyword.ended_at.is_(None)).with_for_update()) if word else None


def keyword_for(actor: Actor, keyword_id: int) -> Keyword:
    """One of the organization's keywords, held for writing."""
    found = session().scalar(select(Keyword).where(Keyword.id == keyword_id).with_for_update())
    if found is None:
        raise Missing
    return found


def keywords_page(actor: Actor, after: str | None) -> Page:
    """The keywords, the newest first."""
    return keyset(select(Keyword), [Keyword.created_at.desc(), Keyword.id.desc()], after)


def live_words(actor: Actor) -> frozenset[str]:
    """The words that are taken."""
    return frozenset(session().scalars(select(Keyword.folded).where(Keyword.ended_at.is_(None))))


def things_to_come(actor: Actor, now: datetime) -> list[tuple[str, str]]:
    """What a keyword can lead to: assembly:77 and its title."""
    return [(f"{kind}:{id}", name) for kind, subject in SUBJECTS.items() for id, name in subject.ahead(actor, now)]


def subject_names(actor: Actor, keywords: list[Keyword]) -> Mapping[int, str]:
    """What each keyword leads to, by its id; nothing for one that only joins."""
    named = {}
    for each in keywords:
        if each.subject_id is not None and each.subject_kind in SUBJECTS:
            try:
                named[each.id] = SUBJECTS[each.subject_kind].name(actor, each.subject_id)
            except Missing:
                continue
    return named


