"""Amendments: partners propose them to the text or to an amendment, support or contest them, and withdraw their own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing, Reason, Refusal, Refused
from crm.platforms import rules
from crm.platforms.models import Amendment, Plank, Platform, Voice
from crm.platforms.queries import (
    adopted_below,
    amendment_for,
    amendment_to_withdraw,
    open_below,
    organizations_of,
    plank_for,
    platform_as_partner,
    version_of,
    words_of,
)


def propose_amendment(actor: Actor, platform_id: int, proposal: Mapping[str, Any], *, now: datetime) -> int:
    """Proposes an amendment in the name of the actor's organization.

    `proposal`: kind (change, add, strike), plank_id, base_version, language, titles, texts, sections, reason, moved_by,
    supporters. Languages left out, or left as they are, are not part of the amendment. With parent_id it amends that amendment;
    base_version is then how many amendments to it had been adopted when its words were shown.
    """
    if not actor.may(Action.DRAFT_PLATFORMS):
        raise Missing()
    platform = platform_as_partner(actor, platform_id)
    reasons = list((rules.may_propose(platform.state, platform.deadline_at, now) or Refusal()).reasons)
    if proposal.get("parent_id"):
        amendment, issues = _to_amendment(actor, platform, proposal)
    else:
        amendment, issues = _to_text(actor, platform, proposal)
    reason = rules.read_text(proposal.get("reason"))
    reasons += issues + rules.issues_in_proposal(amendment.kind, amendment.titles, amendment.texts, reason)
    if reasons:
        raise Refused(reasons)
    amendment.org_id, amendment.partner_id, amendment.platform_id = platform.org_id, actor.org_id, platform.id
    amendment.language, amendment.reason = proposal.get("language") or platform.authentic_language, reason
    amendment.supporters = rules.read_line(proposal.get("supporters"))
    amendment.moved_by = rules.read_line(proposal.get("moved_by")) or actor.name
    amendment.proposed_at = now
    session().add(amendment)
    session().flush()
    record(actor, "amendment.proposed", amendment, now=now)
    return amendment.id


def withdraw_amendment(actor: Actor, platform_id: int, amendment_id: int, *, now: datetime) -> int:
    """Takes back an amendment of the actor's own organization while it is open and nobody has proposed to change it."""
    if not actor.may(Action.DRAFT_PLATFORMS):
        raise Missing()
    amendment = amendment_to_withdraw(actor, platform_id, amendment_id)
    state = rules.next_amendment(amendment.state, "withdraw")
    if open_below(amendment):
        raise Refused(N_("Others have proposed amendments to it, so it is no longer yours alone. They are decided first."))
    amendment.state, amendment.decided_at, amendment.decided_by = state, now, actor.name
    session().flush()
    record(actor, "amendment.withdrawn", amendment, now=now)
    return amendment.id


def give_voice(actor: Actor, platform_id: int, amendment_id: int, says: str, *, now: datetime) -> int:
    """The actor's organization supports or contests an open amendment; with anything else it takes its word back."""
    if not actor.may(Action.DRAFT_PLATFORMS):
        raise Missing()
    platform, amendment = platform_as_partner(actor, platform_id), amendment_for(actor, platform_id, amendment_id)
    reasons = list((rules.may_decide(amendment.state) or Refusal()).reasons)
    if actor.org_id not in {o.id for o in organizations_of(platform)}:
        reasons.append(Reason(N_("A coalition speaks through its members. Act for one of them.")))
    if amendment.partner_id == actor.org_id and says in ("support", "contest"):
        reasons.append(Reason(N_("Your organization moves this amendment. Support is counted from others.")))
    voice = session().scalar(select(Voice).where(Voice.amendment_id == amendment.id, Voice.partner_id == actor.org_id))
    if says not in ("support", "contest") and voice is None:
        reasons.append(Reason(N_("Your organization has said nothing about it.")))
    if reasons:
        raise Refused(reasons)
    if says not in ("support", "contest"):
        if voice:
            session().delete(voice)
    elif voice:
        voice.says, voice.by_name, voice.at = says, actor.name, now
    else:
        session().add(Voice(
            org_id=platform.org_id, partner_id=actor.org_id, platform_id=platform.id, amendment_id=amendment.id, says=says, by_name=actor.name, at=now,
        ))
    session().flush()
    verb = {"support": "amendment.supported", "contest": "amendment.contested"}.get(says, "amendment.unsaid")
    audit.record(actor, verb, now=now, subject=("platform", platform_id), after={"amendment": amendment_id})
    return amendment.id


def record(actor: Actor, verb: str, amendment: Amendment, *, now: datetime) -> None:
    """Writes down what became of an amendment."""
    reason = amendment.decision_reason or amendment.reason
    after = {"amendment": amendment.id, "plank": amendment.plank_id, "reason": reason}
    audit.record(actor, verb, now=now, subject=("platform", amendment.platform_id), after=after)


def _to_text(actor: Actor, platform: Platform, proposal: Mapping[str, Any]) -> tuple[Amendment, list[Reason]]:
    kind = proposal["kind"]
    plank: Plank | None = plank_for(actor, platform.id, proposal["plank_id"]) if kind != "add" else None
    version = proposal.get("base_version") or (plank.version if plank else 0)
    base = version_of(plank, version) if plank and kind == "change" else None
    titles, texts = _wording(proposal, rules.Wording(base.titles, base.texts) if base else None)
    sections = rules.read_titles(proposal.get("sections", {}))
    return Amendment(plank_id=plank and plank.id, kind=kind, base_version=version, titles=titles, texts=texts, sections=sections), []


def _to_amendment(actor: Actor, platform: Platform, proposal: Mapping[str, Any]) -> tuple[Amendment, list[Reason]]:
    parent = amendment_for(actor, platform.id, proposal["parent_id"])
    issues = list((rules.may_amend_amendment(parent.state, parent.parent_id is not None, parent.kind) or Refusal()).reasons)
    if parent.kind == "strike":
        return Amendment(kind="change", titles={}, texts={}), issues
    if proposal.get("base_version", 0) != adopted_below(parent):
        issues.append(Reason(N_("The amendment has changed while you were writing. Compare with what it says now.")))
    base = words_of(parent)
    titles, texts = _wording(proposal, base)
    amended = {"titles": dict(base.titles), "texts": dict(base.texts)}
    return Amendment(
        parent_id=parent.id, plank_id=parent.plank_id, kind="change", base_version=parent.base_version, titles=titles, texts=texts, amended=amended,
    ), issues


def _wording(proposal: Mapping[str, Any], base: rules.Wording | None) -> tuple[dict[str, str], dict[str, str]]:
    """What is proposed; for a change, only the languages that differ from the text it is based on."""
    if proposal["kind"] == "strike":
        return {}, {}
    titles, texts = rules.read_titles(proposal["titles"]), rules.read_texts(proposal["texts"])
    if base is None:
        return titles, texts
    changed = rules.changed_languages(base, rules.Wording({**base.titles, **titles}, {**base.texts, **texts}))
    return (
        {tag: said for tag, said in titles.items() if tag in changed},
        {tag: said for tag, said in texts.items() if tag in changed},
    )
