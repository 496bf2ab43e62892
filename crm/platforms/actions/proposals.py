"""Proposals: sent by partners or, while the door is open, by anyone; taken up or set aside with an answer that whoever sent it reads."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import issue_link
from crm.infra.runtime import keyed_hash
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing, Reason, Refusal, Refused
from crm.platforms import rules
from crm.platforms.actions.editions import take_address
from crm.platforms.actions.planks import insert_plank
from crm.platforms.models import Platform, Proposal
from crm.platforms.queries import amendment_for, plank_for, platform_as_partner, platform_to_draft, proposal_to_answer

WITHIN = timedelta(hours=1)
MOST_FROM_ONE_PLACE = 60  # a hall full of people behind one connection
ANSWER_READ_FOR = timedelta(days=730)
LONGEST = 6_000


def send_proposal(actor: Actor, platform_id: int, proposal: Mapping[str, Any], *, now: datetime) -> int:
    """Sends a proposal in the name of the actor's organization. `proposal`: language, title, text, reason, origin."""
    if not actor.may(Action.DRAFT_PLATFORMS):
        raise Missing()
    return _send(actor, platform_as_partner(actor, platform_id), proposal, now=now).id


def send_public_proposal(actor: Actor, platform: Platform, proposal: Mapping[str, Any], *, address: str, now: datetime) -> str:
    """Keeps what somebody without an account proposes, without a name; returns the token of the link to its answer."""
    mark = keyed_hash("proposal", f"{platform.id}:{address}").hex()[:32]
    session().execute(update(Proposal).where(Proposal.platform_id == platform.id, Proposal.created_at < now - WITHIN).values(address_mark=""))
    count = select(func.count()).select_from(Proposal).where(Proposal.platform_id == platform.id, Proposal.address_mark == mark)
    if (session().scalar(count) or 0) >= MOST_FROM_ONE_PLACE:
        raise Refused(N_("Very many proposals came from this connection. Wait an hour, then try again."))
    row = _send(actor, platform, proposal, now=now, is_public=True, address_mark=mark)
    return issue_link(platform.org_id, "proposal", row.id, expires_at=now + ANSWER_READ_FOR, now=now)


def answer_proposal(
    actor: Actor, platform_id: int, proposal_id: int, verb: str, answer: str, into: str = "", *, now: datetime
) -> int:
    """Takes a proposal up (`into`: "new" for a draft plank with its words, or "plank:ID", "amendment:ID"), or sets it aside with the reason."""
    platform = platform_to_draft(actor, platform_id)
    row = proposal_to_answer(actor, platform_id, proposal_id)
    state, said = rules.next_proposal(row.state, verb), rules.read_text(answer)
    if verb == "reopen":
        row.plank_id = row.amendment_id = row.answered_at = None
        row.answered_by = row.answer = ""
    elif verb == "set_aside" and not said:
        raise Refused(Reason(N_("Write why. Whoever sent it will read it."), field="answer"))
    elif verb == "take":
        _take_up(actor, platform, row, into, now=now)
    row.state = state
    if verb != "reopen":
        row.answer, row.answered_by, row.answered_at = said, actor.name, now
    session().flush()
    happened = {"take": "proposal.taken", "set_aside": "proposal.set_aside"}.get(verb, "proposal.reopened")
    audit.record(actor, happened, now=now, subject=("platform", platform_id), after={"proposal": row.id})
    return row.id


def open_to_public(actor: Actor, platform_id: int, is_open: bool, slug: str = "", *, now: datetime) -> int:
    """Opens the public form for proposals at an address, or closes it; the address of a published platform stays."""
    platform = platform_to_draft(actor, platform_id)
    if is_open:
        if refusal := rules.may_send_proposal(platform.state, platform.proposals_until, now):
            raise Refused(refusal)
        take_address(actor, platform, slug)
    platform.takes_proposals = is_open
    session().flush()
    audit.record(actor, "proposals.opened" if is_open else "proposals.closed", now=now, subject=("platform", platform_id))
    return platform.id


def _send(actor: Actor, platform: Platform, proposal: Mapping[str, Any], *, now: datetime, **more: Any) -> Proposal:
    title, text = rules.read_line(proposal.get("title"))[:200], rules.read_text(proposal.get("text"))
    reasons = list((rules.may_send_proposal(platform.state, platform.proposals_until, now) or Refusal()).reasons)
    reasons += rules.issues_in_sent_proposal(proposal.get("language", ""), platform.languages, title, text)
    if reasons:
        raise Refused(reasons)
    row = Proposal(
        org_id=platform.org_id, partner_id=actor.org_id, platform_id=platform.id, language=proposal["language"], title=title,
        text=text[:LONGEST], reason=rules.read_text(proposal.get("reason"))[:LONGEST], origin=rules.read_line(proposal.get("origin"))[:200], **more,
        created_at=now,
    )
    session().add(row)
    session().flush()
    audit.record(actor, "proposal.sent", now=now, subject=("platform", platform.id), after={"proposal": row.id})
    return row


def _take_up(actor: Actor, platform: Platform, row: Proposal, into: str, *, now: datetime) -> None:
    kind, _, id = into.partition(":")
    if into == "new":
        if refusal := rules.may_draft(platform.state):
            raise Refused(refusal)
        wording = {"titles": {row.language: row.title}, "texts": {row.language: row.text}, "reason": row.reason, "is_draft": True}
        row.plank_id = insert_plank(actor, platform, wording, now=now).id
    elif kind == "plank" and id.isdecimal():
        row.plank_id = plank_for(actor, platform.id, int(id)).id
    elif kind == "amendment" and id.isdecimal():
        row.amendment_id = amendment_for(actor, platform.id, int(id)).id
    else:
        raise Refused(Reason(N_("Choose where it goes: a new plank, a plank or an amendment."), field="into"))
