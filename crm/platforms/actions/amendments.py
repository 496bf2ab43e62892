"""Amendments: partners propose and withdraw, the owner adopts or refuses, each with a reason that all can read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing, Reason, Refusal, Refused
from crm.platforms import rules
from crm.platforms.actions.planks import insert_plank, strike_or_restore, write_version
from crm.platforms.models import Amendment, Plank, Platform
from crm.platforms.queries import (
    amendment_to_decide,
    amendment_to_withdraw,
    plank_for,
    plank_to_draft,
    platform_for,
    platform_to_draft,
    version_of,
)


def propose_amendment(actor: Actor, platform_id: int, proposal: Mapping[str, Any], *, now: datetime) -> int:
    """Proposes an amendment in the name of the actor's organization.

    `proposal`: kind (change, add, strike), plank_id, base_version, language, titles, texts, sections, reason, moved_by,
    supporters. Languages left out, or left as they are, are not part of the amendment.
    """
    if not actor.may(Action.DRAFT_PLATFORMS):
        raise Missing()
    platform = platform_for(actor, platform_id)
    kind, plank = proposal["kind"], None
    reasons = list((rules.may_propose(platform.state, platform.deadline_at, now) or Refusal()).reasons)
    if kind != "add":
        plank = plank_for(actor, platform_id, proposal["plank_id"])
    titles, texts = _wording(proposal, plank)
    reason = rules.read_text(proposal.get("reason"))
    reasons += rules.issues_in_proposal(kind, titles, texts, reason)
    if reasons:
        raise Refused(reasons)
    amendment = Amendment(
        org_id=platform.org_id, partner_id=actor.org_id, platform_id=platform.id, plank_id=plank and plank.id,
        kind=kind,
        base_version=proposal.get("base_version") or (plank.version if plank else 0), titles=titles, texts=texts,
        language=proposal.get("language") or platform.authentic_language, reason=reason, proposed_at=now,
        sections=rules.read_titles(proposal.get("sections", {})),
        supporters=rules.read_line(proposal.get("supporters")),
        moved_by=rules.read_line(proposal.get("moved_by")) or actor.name,
    )
    session().add(amendment)
    session().flush()
    _record(actor, "amendment.proposed", amendment, now=now)
    return amendment.id


def decide_amendment(
    actor: Actor, platform_id: int, amendment_id: int, verb: str, reason: str, *, now: datetime
) -> int:
    """Adopts or refuses, with the reason. Adopting writes the plank, unless the same words have changed since."""
    platform = platform_to_draft(actor, platform_id, Action.DECIDE_AMENDMENTS)
    amendment = amendment_to_decide(actor, platform_id, amendment_id)
    state, said = rules.next_amendment(amendment.state, verb), rules.read_text(reason)
    reasons = [] if said else [Reason(N_("Write the reason. Everyone who proposed or discussed this will read it."))]
    if verb == "adopt":
        reasons += (rules.may_draft(platform.state) or Refusal()).reasons
    if reasons:
        raise Refused(reasons)
    if verb == "adopt":
        _carry_out(actor, platform, amendment, said, now=now)
    amendment.state, amendment.decided_at, amendment.decided_by = state, now, actor.name
    amendment.decision_reason = said
    session().flush()
    _record(actor, "amendment.adopted" if verb == "adopt" else "amendment.refused", amendment, now=now)
    return amendment.id


def withdraw_amendment(actor: Actor, platform_id: int, amendment_id: int, *, now: datetime) -> int:
    """Takes back an amendment of the actor's own organization while it is open."""
    if not actor.may(Action.DRAFT_PLATFORMS):
        raise Missing()
    amendment = amendment_to_withdraw(actor, platform_id, amendment_id)
    amendment.state = rules.next_amendment(amendment.state, "withdraw")
    amendment.decided_at, amendment.decided_by = now, actor.name
    session().flush()
    _record(actor, "amendment.withdrawn", amendment, now=now)
    return amendment.id


def adoption_of(platform: Platform, plank: Plank, amendment: Amendment) -> rules.Adoption | Refusal:
    """What the plank would say with the amendment in it, or every clash; for the page before and the action after."""
    base, current = version_of(plank, amendment.base_version), version_of(plank, plank.version)
    return rules.plan_adoption(
        rules.Wording(base.titles, base.texts),
        rules.Wording(current.titles, current.texts, current.lagging),
        rules.Wording(amendment.titles, amendment.texts),
        platform.languages,
    )


def _carry_out(actor: Actor, platform: Platform, amendment: Amendment, reason: str, *, now: datetime) -> None:
    if amendment.kind == "add":
        wording = {
            "titles": amendment.titles, "texts": amendment.texts, "sections": amendment.sections, "reason": reason
        }
        plank = insert_plank(actor, platform, wording, now=now, amendment_id=amendment.id)
        amendment.plank_id, amendment.base_version = plank.id, 1
        return
    plank = plank_to_draft(actor, platform.id, amendment.plank_id)
    if amendment.kind == "strike":
        strike_or_restore(actor, platform, plank, "strike", now=now)
        return
    plan = adoption_of(platform, plank, amendment)
    if isinstance(plan, Refusal):
        raise Refused(plan)
    write_version(
        actor, plank, plan.titles, plan.texts, plan.lagging, reason=reason, now=now, amendment_id=amendment.id
    )


def _record(actor: Actor, verb: str, amendment: Amendment, *, now: datetime) -> None:
    reason = amendment.decision_reason or amendment.reason
    after = {"amendment": amendment.id, "plank": amendment.plank_id, "reason": reason}
    audit.record(actor, verb, now=now, subject=("platform", amendment.platform_id), after=after)


def _wording(proposal: Mapping[str, Any], plank: Plank | None) -> tuple[dict[str, str], dict[str, str]]:
    """What is proposed; for a change, only the languages that differ from the text it is based on."""
    if proposal["kind"] == "strike":
        return {}, {}
    titles, texts = rules.read_titles(proposal["titles"]), rules.read_texts(proposal["texts"])
    if plank is None:
        return titles, texts
    base = version_of(plank, proposal.get("base_version") or plank.version)
    changed = rules.changed_languages(
        rules.Wording(base.titles, base.texts), rules.Wording(base.titles | titles, base.texts | texts)
    )
    return (
        {tag: said for tag, said in titles.items() if tag in changed},
        {tag: said for tag, said in texts.items() if tag in changed},
    )
