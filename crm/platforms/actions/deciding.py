"""Decisions on amendments: one by one, or together those that nobody contests; and what committees advise before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Reason, Refusal, Refused
from crm.platforms import rules
from crm.platforms.actions.amendments import record
from crm.platforms.actions.planks import insert_plank, strike_or_restore, write_version
from crm.platforms.models import Advice, Amendment, Plank, Platform
from crm.platforms.queries import (
    amendment_for,
    amendment_to_decide,
    consent_set,
    open_below,
    plank_for,
    plank_to_draft,
    platform_to_draft,
    version_of,
    voices_of,
    words_of,
)


def decide_amendment(
    actor: Actor, platform_id: int, amendment_id: int, verb: str, reason: str, *, now: datetime
) -> int:
    """Adopts or refuses, with the reason. Adopting writes the plank (or the amendment that is amended), unless the same words have changed.

    Amendments to an amendment come first: until they are decided it cannot be adopted, and when it is refused they fall with it.
    """
    platform = platform_to_draft(actor, platform_id, Action.DECIDE_AMENDMENTS)
    amendment = amendment_to_decide(actor, platform_id, amendment_id)
    state, said = rules.next_amendment(amendment.state, verb), rules.read_text(reason)
    reasons = [] if said else [Reason(N_("Write the reason. Everyone who proposed or discussed this will read it."))]
    below = open_below(amendment)
    if verb == "adopt":
        reasons += [*(rules.may_draft(platform.state) or Refusal()).reasons, *_not_yet(platform, amendment, below)]
    if reasons:
        raise Refused(reasons)
    if verb == "adopt":
        _carry_out(actor, platform, amendment, said, now=now)
    _decided(actor, amendment, state, said, now=now)
    for one in below:
        _decided(actor, one, rules.next_amendment(one.state, "fall"), said, now=now)
    return amendment.id


def adopt_together(
    actor: Actor, platform_id: int, amendment_ids: Sequence[int], reason: str, *, seen: str, now: datetime
) -> int:
    """Adopts several amendments at once: each plank gets one new version with all of them in it. Returns how many.

    `seen` is the mark of the text and the amendments that were previewed; if anything has changed since, nothing is adopted.
    """
    platform = platform_to_draft(actor, platform_id, Action.DECIDE_AMENDMENTS)
    together, said = consent_set(platform, amendment_ids), rules.read_text(reason)
    reasons = list((rules.may_draft(platform.state) or Refusal()).reasons)
    if not together.chosen:
        reasons.append(Reason(N_("Tick at least one amendment.")))
    if together.mark != seen:
        reasons.append(Reason(N_("Something has changed since this was shown. Look at the joint text again, then adopt.")))
    if not said:
        reasons.append(Reason(N_("Say where this was decided. Everyone will read it."), field="reason"))
    reasons += together.reasons
    if reasons:
        raise Refused(reasons)
    for plank_id, plan in together.plans.items():
        plank = plank_to_draft(actor, platform_id, plank_id)
        write_version(actor, plank, plan.titles, plan.texts, plan.lagging, reason=said, now=now)
    for row in together.chosen:
        amendment = amendment_to_decide(actor, platform_id, row.amendment.id)
        if amendment.kind != "change":
            _carry_out(actor, platform, amendment, said, now=now)
        else:
            amendment.adopted_version = plank_for(actor, platform_id, amendment.plank_id).version
        _decided(actor, amendment, "adopted", said, now=now)
    after = {"count": len(together.chosen), "amendments": [row.amendment.id for row in together.chosen]}
    audit.record(actor, "amendments.adopted_together", now=now, subject=("platform", platform_id), after=after)
    return len(together.chosen)


def recommend(
    actor: Actor, platform_id: int, advice: dict[str, Any], *, now: datetime, plank_id: int | None = None, amendment_id: int | None = None
) -> int:
    """Writes down what a committee advises about a plank or an amendment. `advice`: advice, advised (its words), committee."""
    platform = platform_to_draft(actor, platform_id)
    reasons, words = [], rules.read_text(advice.get("advised"))
    committee = rules.read_line(advice.get("committee"))
    if amendment_id:
        reasons += (rules.may_decide(amendment_for(actor, platform_id, amendment_id).state) or Refusal()).reasons
    else:
        plank_for(actor, platform_id, plank_id)
    if advice.get("advice") not in rules.ADVICE:
        reasons.append(Reason(N_("Choose what the committee recommends."), field="advice"))
    if advice.get("advice") in ("change", "refuse") and not words:
        reasons.append(Reason(N_("Say what should be changed, or why it should be refused."), field="advised"))
    if not committee:
        reasons.append(Reason(N_("Name the committee."), field="committee"))
    if reasons:
        raise Refused(reasons)
    row = Advice(
        org_id=platform.org_id, platform_id=platform_id, plank_id=plank_id, amendment_id=amendment_id, advice=advice["advice"], words=words,
        committee=committee, by_name=actor.name, at=now,
    )
    session().add(row)
    session().flush()
    after = {"plank": plank_id, "amendment": amendment_id, "advice": row.advice}
    audit.record(actor, "committee.recommended", now=now, subject=("platform", platform_id), after=after)
    return row.id


def adoption_of(platform: Platform, plank: Plank, amendment: Amendment) -> rules.Adoption | Refusal:
    """What the plank would say with the amendment in it, or every clash; for the page before and the action after."""
    base, current = version_of(plank, amendment.base_version), version_of(plank, plank.version)
    return rules.plan_adoption(
        rules.Wording(base.titles, base.texts),
        rules.Wording(current.titles, current.texts, current.lagging),
        rules.Wording(amendment.titles, amendment.texts),
        platform.languages,
    )


def adoption_within(platform: Platform, parent: Amendment, amendment: Amendment) -> rules.Adoption | Refusal:
    """What the first amendment would say with the one to it adopted, or every clash."""
    base = rules.Wording(amendment.amended["titles"], amendment.amended["texts"])
    return rules.plan_adoption(base, words_of(parent), rules.Wording(amendment.titles, amendment.texts), platform.languages)


def _not_yet(platform: Platform, amendment: Amendment, below: Sequence[Amendment]) -> list[Reason]:
    reasons = []
    if below:
        reasons.append(Reason(N_("Amendments to it are still open: %(count)s. Decide on them first."), {"count": len(below)}))
    voices = voices_of(platform).get(amendment.id, [])
    count = sum(voice.says == "support" and voice.partner_id != amendment.partner_id for voice, _ in voices)
    return reasons + list((rules.issues_of_support(count, platform.least_supporters) or Refusal()).reasons)


def _carry_out(actor: Actor, platform: Platform, amendment: Amendment, reason: str, *, now: datetime) -> None:
    if amendment.parent_id:
        _amend_amendment(actor, platform, amendment)
        return
    if amendment.kind == "add":
        wording = {
            "titles": amendment.titles, "texts": amendment.texts, "sections": amendment.sections, "reason": reason
        }
        plank = insert_plank(actor, platform, wording, now=now, amendment_id=amendment.id)
        amendment.plank_id, amendment.base_version, amendment.adopted_version = plank.id, 1, 1
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
    amendment.adopted_version = plank.version


def _amend_amendment(actor: Actor, platform: Platform, amendment: Amendment) -> None:
    parent = amendment_to_decide(actor, platform.id, amendment.parent_id)
    if refusal := rules.may_decide(parent.state):
        raise Refused(refusal)
    before, plan = words_of(parent), adoption_within(platform, parent, amendment)
    if isinstance(plan, Refusal):
        raise Refused(plan)
    parent.titles = parent.titles | {tag: said for tag, said in plan.titles.items() if said != before.titles.get(tag)}
    parent.texts = parent.texts | {tag: said for tag, said in plan.texts.items() if said != before.texts.get(tag)}


def _decided(actor: Actor, amendment: Amendment, state: str, reason: str, *, now: datetime) -> None:
    amendment.state, amendment.decided_at, amendment.decided_by, amendment.decision_reason = state, now, actor.name, reason
    session().flush()
    record(actor, f"amendment.{state}", amendment, now=now)
