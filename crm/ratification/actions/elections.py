"""The verbs of elections: set up, nominate, answer, make the ballot of those who stand; and forget when the time is over."""

from datetime import datetime
from typing import Any

from flask_babel import get_locale
from sqlalchemy import delete, select

from crm.assemblies.rules import in_language
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.links import issue_link_id, revoke_links
from crm.kernel.refusal import N_, Reason, Refusal, Refused
from crm.outreach.actions.texts import queue_text
from crm.people.actions.erasing import Who
from crm.people.queries import person_for
from crm.ratification.actions.drafting import change_ratification, draft_ratification
from crm.ratification.actions.opening import begin_opening
from crm.ratification.models import Electorate
from crm.ratification.models.elections import Election, Nomination, Office
from crm.ratification.queries import ratification_for
from crm.ratification.queries.elections import (
    candidates_of,
    election_for,
    kept_until,
    nomination_for,
    nominations_of,
    office_for,
    office_of_vote,
    offices_of,
    vote_state,
)
from crm.ratification.rules import elections as rules
from crm.ratification.rules.states import LINK_LIFE

WORDS = {
    "en": "Hi {first_name}, {organization} here. %(by)s nominated you: %(office)s. Read what it means and answer on your own page: {link}",
    "es": "Hola {first_name}, somos {organization}. %(by)s propuso su nombre: %(office)s. Lea qué significa y conteste en su propia página: {link}",
}


def save_election(actor: Actor, election_id: int | None, facts: dict[str, Any], *, now: datetime) -> int:
    """Sets up an election or changes it; once a vote on an office is drafted, who could stand is settled."""
    if issues := rules.issues_in_election(facts):
        raise Refused(issues)
    if election_id is None:
        row = Election(id=new_id(), org_id=actor.org_id, **facts)
        session().add(row)
    else:
        row = election_for(actor, election_id, lock=True)
        if session().scalar(select(Office.id).where(Office.election_id == row.id, Office.ratification_id.is_not(None)).limit(1)) is not None:
            raise Refused(Reason(N_("A ballot of this election is drafted. Its rules stand.")))
        for name, value in facts.items():
            setattr(row, name, value)
    session().flush()
    audit.record(actor, "election.set_up", now=now, subject=("election", row.id), after={"title": facts["title"]})
    session().flush()
    return row.id


def add_office(actor: Actor, election_id: int, facts: dict[str, Any], *, now: datetime) -> int:
    """One more office to elect somebody to."""
    row = election_for(actor, election_id, lock=True)
    if issues := rules.issues_in_office(facts):
        raise Refused(issues)
    office = Office(id=new_id(), org_id=actor.org_id, election_id=row.id, **facts)
    session().add(office)
    session().flush()
    audit.record(actor, "election.office_added", now=now, subject=("election", row.id), after={"title": facts["title"], "seats": facts["seats"]})
    session().flush()
    return row.id


def nominate(actor: Actor, office_id: int, person_id: int, nominated_by: str, *, now: datetime) -> int:
    """Writes down that a member of the actor's own organization was nominated; refuses with all reasons who may not stand."""
    election, office = office_for(actor, office_id)
    person = person_for(actor, person_id)
    refusal = rules.may_nominate(election, person.standing, person.member_since, now)
    reasons = list(refusal.reasons) if refusal else []
    if not nominated_by.strip():
        reasons.append(Reason(N_("Write who nominated them; a member may nominate themselves."), field="nominated_by"))
    twice = select(Nomination.id).where(Nomination.office_id == office.id, Nomination.partner_id == actor.org_id, Nomination.person_id == person.id)
    if session().scalar(twice) is not None:
        reasons.append(Reason(N_("This member is nominated for this office already."), field="person"))
    if reasons:
        raise Refused(reasons)
    row = Nomination(id=new_id(), org_id=office.org_id, partner_id=actor.org_id, office_id=office.id, person_id=person.id,
                     nominated_by=nominated_by.strip(), statements={}, groups=[])
    session().add(row)
    session().flush()
    audit.record(actor, "election.nominated", now=now, person_id=person.id, subject=("election", election.id), after={"office": office.title})
    session().flush()
    return row.id


def ask_nominee(actor: Actor, nomination_id: int, *, now: datetime) -> int:
    """Texts the nominee a link to answer by, under the consent and the sender of their own organization; refuses with the reason why not."""
    row = nomination_for(actor, nomination_id, lock=True)
    election, office = office_for(actor, row.office_id)
    link_id = _new_link(row, now)
    titles = {tag: office.title.get(tag) or office.title["en"] for tag in WORDS}
    plain = {tag: f"{titles[tag]}".replace("{", "(").replace("}", ")") for tag in WORDS}
    by = row.nominated_by.replace("{", "(").replace("}", ")")
    bodies = {tag: words % {"by": by, "office": plain[tag]} for tag, words in WORDS.items()}
    answer = queue_text(actor, row.person_id, bodies, purpose="ballot", subject=("election", election.id), key=f"nominee:{row.id}:{now.isoformat()}",
                        now=now, link_id=link_id)
    if isinstance(answer, Refusal):
        raise Refused(answer)
    return election.id


def nominee_link(actor: Actor, nomination_id: int, *, now: datetime) -> int:
    """A fresh link for a nominee who cannot be texted, to be printed; the one before ends."""
    row = nomination_for(actor, nomination_id, lock=True)
    person_for(actor, row.person_id)
    return _new_link(row, now)


def _new_link(row: Nomination, now: datetime) -> int:
    revoke_links(row.org_id, "nomination", row.id, now=now)
    return issue_link_id(row.org_id, "nomination", row.id, expires_at=now + LINK_LIFE, now=now, partner_id=row.partner_id)


def answer_nomination(
    actor: Actor, nomination_id: int, answer: str, public_name: str, statements: dict[str, str], groups: list[int], *, via: str, now: datetime,
) -> int:
    """The nominee accepts with name and statement, declines, or withdraws while no ballot is out."""
    row = nomination_for(actor, nomination_id, lock=True)
    election, office = office_for(actor, row.office_id)
    state = vote_state(office)
    refusal = rules.may_answer(row.state, answer, election, state, now)
    reasons = list(refusal.reasons) if refusal else []
    if answer == "accepted":
        others = [candidate.public_name for candidate in candidates_of(office.id) if candidate.id != row.id]
        reasons += rules.issues_in_candidacy(public_name, statements, election.statement_limit, others, row.public_name if state else None)
    if reasons:
        raise Refused(reasons)
    row.state, row.answered_at, row.via = answer, now, via
    row.public_name, row.statements, row.groups = (public_name.strip(), statements, groups) if answer == "accepted" else ("", {}, [])
    session().flush()
    if answer == "withdrawn" and state == "draft" and actor.org_id == office.org_id:
        _take_off_ballot(office)  # what a partner's desk records is taken off when the owner opens the vote
    audit.record(actor, "election.answered", now=now, person_id=row.person_id, subject=("election", election.id), after={"answer": answer})
    session().flush()
    return election.id


def _take_off_ballot(office: Office) -> None:
    """Whoever withdrew is no option of the drafted vote any more."""
    electorate = session().scalars(select(Electorate).where(Electorate.ratification_id == office.ratification_id, Electorate.kind != "organizations")).one()
    contest, names = electorate.contest or {}, {candidate.public_name for candidate in candidates_of(office.id)}
    left = [option for option in contest["options"] if names & set(option.values())]
    electorate.contest = contest | {"options": left} | ({"reserved": _reserved(office, left)} if office.reserved else {})
    session().flush()


def open_vote(actor: Actor, ratification_id: int, *, now: datetime) -> int:
    """Begins to open a vote; one on an office without those who withdrew since it was drafted."""
    row = ratification_for(actor, ratification_id, lock=True)
    if row.state == "draft" and (found := office_of_vote(row.id)) is not None:
        _take_off_ballot(found[1])
        _hold_to_candidates(found[1], row.id)
    return begin_opening(actor, ratification_id, now=now)


def open_all(actor: Actor, election_id: int, *, now: datetime) -> int:
    """Begins to open the drafted votes on all offices at once; those with the same hours reach each voter by one link. All problems are said, or all open."""
    election, reasons = election_for(actor, election_id, owned=True), []
    drafts = [(office, vote) for office, vote in offices_of(election) if vote is not None and vote.state == "draft"]
    for office, vote in drafts:
        try:
            open_vote(actor, vote.id, now=now)
        except Refused as refused:
            name = in_language(office.title, str(get_locale() or "en"))
            reasons += [Reason(N_("%(office)s: %(what)s"), {"office": name, "what": reason}) for reason in refused.reasons]
    if reasons or not drafts:
        raise Refused(reasons or [Reason(N_("No ballot of this election waits to be opened."))])
    return election.id


def _reserved(office: Office, options: list[dict[str, str]]) -> list[dict[str, Any]]:
    groups = {candidate.public_name: candidate.groups for candidate in candidates_of(office.id)}
    return rules.reserved_on_ballot(office.reserved, options, groups)


def draft_for(actor: Actor, office_id: int | None, facts: dict[str, Any], *, now: datetime) -> int:
    """Drafts a vote; one on an office has everyone who stands as its options, in the order that was written, and nobody else."""
    if office_id is None:
        return draft_ratification(actor, **facts, now=now)
    election, office = office_for(actor, office_id, lock=True)
    if refusal := rules.may_draft(election, office, now):
        raise Refused(refusal)
    made = draft_ratification(actor, **facts, now=now)
    office.ratification_id = made
    session().flush()
    _hold_to_candidates(office, made)
    return made


def change_drafted(actor: Actor, ratification_id: int, facts: dict[str, Any], *, now: datetime) -> int:
    """Changes a draft; the options of one on an office stay those who stand."""
    made = change_ratification(actor, ratification_id, **facts, now=now)
    if (found := office_of_vote(made)) is not None:
        _hold_to_candidates(found[1], made)
    return made


def _hold_to_candidates(office: Office, ratification_id: int) -> None:
    electorates = list(session().scalars(select(Electorate).where(Electorate.ratification_id == ratification_id)))
    electorate = next((e for e in electorates if e.contest and e.contest["options"]), None)
    if electorate is None or electorate.contest is None:
        raise Refused(Reason(N_("The vote on an office is between those who stand. Choose a ranked method or approval."), field="members_method"))
    names = [candidate.public_name for candidate in candidates_of(office.id)]
    issues = rules.issues_in_options(electorate.contest["options"], names)
    if electorate.contest["seats"] != office.seats:
        issues.append(Reason(N_("This office has %(n)s seats."), {"n": office.seats}, "members_seats"))
    if office.reserved and electorate.method == "irv":
        issues.append(Reason(rules.NOT_FOR_ONE, field="members_method"))
    if issues:
        raise Refused(issues)
    if office.reserved:
        electorate.contest = electorate.contest | {"reserved": _reserved(office, electorate.contest["options"])}
    session().flush()


def issues_before_erasing(actor: Actor, who: Who) -> list[Reason]:
    """The records of an election are kept for the time that was set: a candidate of it can be erased afterwards."""
    stood = (
        select(Election).join(Office, Office.election_id == Election.id).join(Nomination, Nomination.office_id == Office.id)
        .where(Nomination.partner_id == actor.org_id, Nomination.person_id.in_(who.ids), Nomination.state != "declined")
    )
    for election in session().scalars(stood).unique():
        until = kept_until(election)
        day = until.isoformat() if until else ""
        words = N_("They stood in an election whose records are kept until %(day)s. Erase them afterwards.") if until else N_(
            "They stand in an election that is not counted yet, and its records are kept afterwards. Erase them when that time is over.")
        return [Reason(words, {"day": day})]
    return []


def empty_elections(actor: Actor, today: datetime, most: int) -> int:
    """Nominations of elections whose time is over go: who nominated whom, names and statements. Who won stands in the published count."""
    gone = 0
    for election in session().scalars(select(Election).where(Election.org_id == actor.org_id, Election.closes_at < today).limit(most)):
        until = kept_until(election)
        if until is None or until >= today.date():
            continue
        ids = [nomination.id for rows in nominations_of(election).values() for nomination, _name in rows]
        gone += session().execute(delete(Nomination).where(Nomination.id.in_(ids)).execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
    return gone
