"""Who stands at a ballot: the holder of a personal link, or whoever the desk opened a tablet for."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import g, request

from crm.infra.auth import Actor
from crm.infra.clock import now
from crm.infra.db import scope_to
from crm.infra.links import Link, read_link
from crm.kernel.languages import PAGE_LANGUAGES
from crm.kernel.refusal import Missing
from crm.ratification import queries
from crm.ratification.queries.paper import booth_for, unlocked
from crm.ratification.queries.visits import left_on_tablet


@dataclass(frozen=True)
class Held:
    """A ballot link as read once; the row itself is forgotten when the session changes."""

    org_id: int
    subject_id: int
    partner_id: int | None
    expires_at: datetime


class Waiting(Exception):
    """A tablet for which nobody is let in: it shows that it waits, and nothing of whoever stood there before."""


def holder(token: str) -> tuple[Actor, str]:
    """Who holds this link, and on a tablet the pass of this member.

    A link of an election opens the ballots of all its offices: behind a full stop stands the place of the office, `/v/TOKEN.2`.
    On a tablet every form carries the pass: pressing "back" after the next member was let in shows nothing of the last one.
    """
    speak()
    base, stop, number = token.partition(".")
    if stop and not number:  # one ballot, one address
        raise Missing
    try:
        link = held(read_link(base, "ballot", now()))
        return Actor.by_link(_at_stop(link, number) if number else link), ""
    except Missing:
        tablet = at_tablet(base)
    booth = booth_for(tablet, tablet.link.subject_id)
    if not unlocked(booth, now()) or request.method == "POST" and request.form.get("pass") != booth.pass_key or not left_on_tablet(booth.entry_id or 0):
        raise Waiting
    link = Held(tablet.org_id, booth.entry_id or 0, tablet.link.partner_id, tablet.link.expires_at)
    who = Actor.by_link(_at_stop(link, number) if number else link)
    if not queries.ballot_for(who).rule["secret"]:
        raise Waiting
    return who, booth.pass_key or ""


def _at_stop(link: Held, number: str) -> Held:
    """The same holder at another ballot of the visit."""
    scope_to(link.org_id)
    return replace(link, subject_id=queries.stop_numbered(link.subject_id, number))


def at_tablet(token: str) -> Actor:
    """The tablet itself, held to the organization whose vote it is."""
    link = held(read_link(token.partition(".")[0], "booth", now()))
    scope_to(link.org_id)
    return Actor.by_link(link)


def held(link: Link) -> Held:
    """What of a link stays when the session changes."""
    return Held(link.org_id, link.subject_id, link.partner_id, link.expires_at)


def speak() -> None:
    """The language that the page's own switch asked for."""
    asked = request.form.get("language") or request.args.get("lang")
    if asked in PAGE_LANGUAGES:
        g.language = asked
