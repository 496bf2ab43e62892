"""Drafting a ratification: edition, hours, electorates and their rules. All of it can change until opening begins."""

from datetime import datetime
from typing import Any

from crm.assemblies.queries.seats import assemblies_with_seats
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.numbers import read_share
from crm.kernel.refusal import N_, Reason, Refused
from crm.platforms.models import Edition
from crm.ratification.models import Electorate, Ratification
from crm.ratification.queries import editions_for, electorates_of, ratification_for
from crm.ratification.rules.states import PEOPLE, issues_in_hours, issues_in_rules, may_change

DEFAULTS: dict[str, dict[str, Any]] = {
    "members": {
        "is_secret": True,
        "quorum": "1/2",
        "threshold": "2/3",
        "strictness": "at_least",
        "basis": "yes_and_no",
        "tie": "fails",
        "may_change": False,
        "method": "yes_no_abstain",
        "contest": None,
    },
    "organizations": {
        "is_secret": False,
        "quorum": "1/2",
        "threshold": "3/4",
        "strictness": "at_least",
        "basis": "yes_and_no",
        "tie": "fails",
        "may_change": True,
        "method": "yes_no_abstain",
        "contest": None,
    },
}


def _edition(actor: Actor, edition_id: int | None, electorates: list[dict[str, Any]]) -> Edition | None:
    """The edition that is put to the vote; none where options are written."""
    if any(e["contest"] and e["contest"]["options"] for e in electorates):
        return None
    for edition in editions_for(actor):
        if edition.id == edition_id:
            return edition
    raise Refused(Reason(N_("Choose an edition of your own organization."), field="edition_id"))


def _electorates(wanted: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The electorates asked for over the defaults, shares written as fractions."""
    made = []
    for kind, rule in wanted.items():
        full = DEFAULTS["members" if kind in PEOPLE else kind] | {"assembly_id": None} | rule | {"kind": kind}
        for name in ("quorum", "threshold"):
            share = read_share(str(full[name]))
            full[name] = str(share) if share is not None else str(full[name])
        made.append(full)
    return made


def _check(
    actor: Actor, opens_at: datetime, closes_at: datetime, electorates: list[dict[str, Any]], edition: Edition | None, now: datetime,
) -> None:
    planks = len(edition.content["planks"]) if edition else 0
    issues = issues_in_hours(opens_at, closes_at, now) + issues_in_rules(electorates, planks)
    offered = {assembly.id for assembly in assemblies_with_seats(actor)}
    if any(e["kind"] == "delegates" and e["assembly_id"] not in offered for e in electorates):
        issues.append(Reason(N_("Choose an assembly of your own organization whose seats are published."), field="members_roll"))
    if len([e for e in electorates if e["kind"] in PEOPLE]) > 1:
        issues.append(Reason(N_("Members and delegates do not vote in one vote: hold one for each.")))
    if not electorates:
        issues.append(Reason(N_("Nobody votes yet. Choose members, organizations or both.")))
    if issues:
        raise Refused(issues)


def draft_ratification(
    actor: Actor,
    *,
    edition_id: int | None,
    title: dict[str, str],
    opens_at: datetime,
    closes_at: datetime,
    electorates: dict[str, dict[str, Any]] | None = None,
    now: datetime,
) -> int:
    """Drafts a vote on an edition; without `electorates`, members in secret and organizations by roll call, by the
    defaults."""
    wanted = _electorates({kind: {} for kind in DEFAULTS} if electorates is None else electorates)
    edition = _edition(actor, edition_id, wanted)
    _check(actor, opens_at, closes_at, wanted, edition, now)
    row = Ratification(id=new_id(), org_id=actor.org_id, edition_id=edition and edition.id, title=title, opens_at=opens_at, closes_at=closes_at)
    session().add(row)
    session().flush()
    session().add_all(Electorate(org_id=actor.org_id, ratification_id=row.id, **rule) for rule in wanted)
    audit.record(actor, "ratification.drafted", now=now, subject=("ratification", row.id), after={"title": title})
    session().flush()
    return row.id


def change_ratification(
    actor: Actor,
    ratification_id: int,
    *,
    edition_id: int | None,
    title: dict[str, str],
    opens_at: datetime,
    closes_at: datetime,
    electorates: dict[str, dict[str, Any]],
    now: datetime,
) -> int:
    """Replaces the facts of a draft."""
    row = ratification_for(actor, ratification_id, lock=True)
    if refusal := may_change(row.state):
        raise Refused(refusal)
    wanted = _electorates(electorates)
    edition = _edition(actor, edition_id, wanted)
    _check(actor, opens_at, closes_at, wanted, edition, now)
    there = {e.kind: e for e in electorates_of(row)}
    for kind in there.keys() - {rule["kind"] for rule in wanted}:
        session().delete(there[kind])
    for rule in wanted:
        if (electorate := there.get(rule["kind"])) is None:
            session().add(Electorate(org_id=actor.org_id, ratification_id=row.id, **rule))
        else:
            for name, value in rule.items():
                setattr(electorate, name, value)
    row.edition_id, row.title, row.opens_at, row.closes_at, row.problem = edition and edition.id, title, opens_at, closes_at, None
    audit.record(actor, "ratification.changed", now=now, subject=("ratification", row.id), after={"title": title})
    session().flush()
    return row.id
