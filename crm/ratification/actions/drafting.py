"""Drafting a ratification: edition, hours, electorates and their rules. All of it can change until opening begins."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crm.assemblies.queries.rosters import assemblies_with_rosters, own_assembly
from crm.assemblies.queries.seats import assemblies_with_seats
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.numbers import read_share
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.platforms.models import Edition
from crm.ratification.models import Electorate, Ratification
from crm.ratification.queries import edition_of, editions_for, electorates_of, ratification_for
from crm.ratification.queries.residents import place_for
from crm.ratification.rules.notice import issues_in_notice
from crm.ratification.rules.quorums import is_of_room, share_of_room
from crm.ratification.rules.referral import issues_in_referral
from crm.ratification.rules.residents import group_name
from crm.ratification.rules.rolls import assembly_of
from crm.ratification.rules.states import PEOPLE, RULE, issues_in_hours, issues_in_rules, may_change

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
    """The electorates asked for, by key, over the defaults, shares written as fractions."""
    made = []
    for key, rule in wanted.items():
        kind = rule.get("kind", key)
        full = DEFAULTS[kind if kind in DEFAULTS else "members"] | {"assembly_id": None} | rule | {"kind": kind, "key": key}
        made.append(full | _exact(full) | ({"quorums": [each | _exact(each) for each in full["quorums"]]} if "quorums" in full else {}))
    return made


def _of_places(actor: Actor, electorates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Residents of a place are called so; only a place of the actor's own organization is asked."""
    for rule in electorates:
        if place_id := rule.get("place_id"):
            rule["name"] = group_name(place_for(actor, place_id, owned=True).name)
    return electorates


def _exact(rule: dict[str, Any]) -> dict[str, str]:
    """The shares of a rule as fractions; what is none stays as it was typed."""
    shares = {name: read_share(str(rule[name])) for name in ("quorum", "threshold", "share") if name in rule}
    return {name: str(rule[name]) if share is None else str(share) for name, share in shares.items()}


def _check(
    actor: Actor, opens_at: datetime, closes_at: datetime, electorates: list[dict[str, Any]], edition: Edition | None, now: datetime,
    more: list[Reason],
) -> None:
    planks = len(edition.content["planks"]) if edition else 0
    issues = issues_in_hours(opens_at, closes_at, now) + issues_in_rules(electorates, planks) + _issues_in_rolls(actor, electorates)
    issues += more
    if not electorates:
        issues.append(Reason(N_("Nobody votes yet. Choose members, organizations or both.")))
    if issues:
        raise Refused(issues)


def _issues_in_rolls(actor: Actor, electorates: list[dict[str, Any]]) -> list[Reason]:
    """Whether each roll is of an assembly of the actor's own organization that has one."""
    issues = []
    with_seats = {assembly.id for assembly in assemblies_with_seats(actor)}
    with_roster = {assembly.id: roles for assembly, roles in assemblies_with_rosters(actor)}
    for e in electorates:
        assembly_id = e["assembly_id"]
        by_seats = e["kind"] == "delegates" or e["kind"] == "organizations" and assembly_id is not None
        if by_seats and assembly_id not in with_seats:
            issues.append(Reason(N_("Choose an assembly of your own organization whose seats are published."), field="members_roll"))
        if e["kind"] == "participants" and (assembly_id not in with_roster or e.get("role") and e["role"] not in with_roster[assembly_id]):
            issues.append(Reason(N_("Choose an assembly of your own organization with people on its roster who vote."), field="members_roll"))
        if e["kind"] == "attendees" and (assembly_id is None or not own_assembly(actor, assembly_id)):
            issues.append(Reason(N_("Choose an assembly of your own organization."), field="members_roll"))
    return issues


def _issues_beside(actor: Actor, notice_days: int | None, referral: dict[str, Any] | None, assembly_id: int | None) -> list[Reason]:
    """What is wrong with the notice, the outside vote, and the assembly that the vote shall belong to, which is the actor's own."""
    is_own = assembly_id is None or own_assembly(actor, assembly_id)
    of_others = [] if is_own else [Reason(N_("Choose an assembly of your own organization."), field="assembly_id")]
    return issues_in_notice(notice_days) + issues_in_referral(referral) + of_others


def draft_ratification(
    actor: Actor,
    *,
    edition_id: int | None,
    title: dict[str, str],
    opens_at: datetime,
    closes_at: datetime,
    electorates: dict[str, dict[str, Any]] | None = None,
    notice_days: int | None = None,
    notice_binds: bool = False,
    referral: dict[str, Any] | None = None,
    assembly_id: int | None = None,
    now: datetime,
) -> int:
    """Drafts a vote on an edition; without `electorates`, members in secret and organizations by roll call, by the
    defaults."""
    wanted = _of_places(actor, _electorates({kind: {} for kind in DEFAULTS} if electorates is None else electorates))
    edition = _edition(actor, edition_id, wanted)
    _check(actor, opens_at, closes_at, wanted, edition, now, _issues_beside(actor, notice_days, referral, assembly_id))
    row = Ratification(
        id=new_id(), org_id=actor.org_id, edition_id=edition and edition.id, title=title,
        assembly_id=assembly_of(edition is not None, wanted, assembly_id),
        opens_at=opens_at, closes_at=closes_at, notice_days=notice_days, notice_binds=notice_binds, referral=referral)
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
    notice_days: int | None = None,
    notice_binds: bool = False,
    referral: dict[str, Any] | None = None,
    assembly_id: int | None = None,
    now: datetime,
) -> int:
    """Replaces the facts of a draft."""
    row = ratification_for(actor, ratification_id, lock=True)
    if refusal := may_change(row.state):
        raise Refused(refusal)
    wanted = _of_places(actor, _electorates(electorates))
    edition = _edition(actor, edition_id, wanted)
    _check(actor, opens_at, closes_at, wanted, edition, now, _issues_beside(actor, notice_days, referral, assembly_id))
    _replace(row, wanted)
    row.notice_days, row.notice_binds, row.referral = notice_days, notice_binds, referral
    row.edition_id, row.assembly_id = edition and edition.id, assembly_of(edition is not None, wanted, assembly_id)
    row.title, row.opens_at, row.closes_at, row.problem = title, opens_at, closes_at, None
    audit.record(actor, "ratification.changed", now=now, subject=("ratification", row.id), after={"title": title})
    session().flush()
    return row.id


BASICS = ("quorum", "threshold", "strictness", "basis")
SECRECY = ("is_secret", "may_change")


def _shared(rule: Mapping[str, Any]) -> dict[str, Any]:
    """What the draft of a vote asks of all groups alike."""
    quorums = rule.get("quorums", [])
    return {name: rule[name] for name in (*BASICS, *SECRECY)} | {"of_room": share_of_room(quorums) if is_of_room(rule["quorum"], quorums) else None}


def _replace(row: Ratification, wanted: list[dict[str, Any]]) -> None:
    """What is no longer asked goes. Groups keep the rules and the secrecy of their own unless those of all of them were changed."""
    there = {e.key: e for e in electorates_of(row)}
    first = next((e for e in there.values() if e.kind == "participants"), None)
    for key in there.keys() - {rule["key"] for rule in wanted}:
        session().delete(there[key])
    session().flush()
    before = _shared({name: getattr(first, name) for name in (*BASICS, *SECRECY, "quorums")}) if first else {}
    for rule in wanted:
        electorate = there.get(rule["key"])
        if electorate is None:
            session().add(Electorate(org_id=row.org_id, ratification_id=row.id, **rule))
            continue
        kept = _kept(before, rule) if electorate.kind in ("participants", "together") else ()
        if "quorums" in rule or is_of_room(electorate.quorum, electorate.quorums):  # the other quorums stay as they were set
            rule["quorums"] = [*rule.get("quorums", []), *(asked for asked in electorate.quorums if asked["of"] != "present")]
        for name, value in rule.items():
            if name not in kept:
                setattr(electorate, name, value)


def _kept(before: dict[str, Any], rule: dict[str, Any]) -> tuple[str, ...]:
    """What a group keeps as its own: of the large form's facts, those that stand as they stood for all groups."""
    now = _shared(rule)
    stands = [bool(before) and all(before[name] == now[name] for name in names) for names in ((*BASICS, "of_room"), SECRECY)]
    return (*((*BASICS, "quorums", "name", "is_deciding") if stands[0] else ()), *(SECRECY if stands[1] else ()))


def change_rule(actor: Actor, ratification_id: int, electorate_id: int, rule: dict[str, Any], *, now: datetime) -> int:
    """Replaces the rule of one electorate of a draft, in depth: quorums and conditions that are asked together, tie, mandates, standing."""
    row = ratification_for(actor, ratification_id, lock=True)
    if refusal := may_change(row.state):
        raise Refused(refusal)
    electorates = electorates_of(row)
    electorate = next((e for e in electorates if e.id == electorate_id), None)
    if electorate is None:
        raise Missing
    rule = rule | _exact(rule) | {name: [each | _exact(each) for each in rule[name]] for name in ("quorums", "conditions")}
    for name, value in rule.items():
        setattr(electorate, name, value)
    for whole in (e for e in electorates if e.kind == "together"):
        whole.is_secret = all(e.is_secret for e in electorates if e.kind in PEOPLE)
        whole.may_change = whole.may_change and not whole.is_secret
    facts = [{name: getattr(e, name) for name in RULE} for e in electorates]
    edition = edition_of(row)
    if issues := issues_in_rules(facts, len(edition.content["planks"]) if edition else 0) + _issues_in_rolls(actor, facts):
        raise Refused(issues)
    row.assembly_id, row.problem = assembly_of(edition is not None, facts, row.assembly_id), None
    audit.record(actor, "ratification.changed", now=now, subject=("ratification", row.id), after={"electorate": electorate.key})
    session().flush()
    return row.id
