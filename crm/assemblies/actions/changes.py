"""An assembly is edited, moved in time and from state to state."""

from datetime import date, datetime, timedelta
from typing import Any

from crm.assemblies import queries, rules
from crm.assemblies.actions.program import accepted, to_change
from crm.assemblies.models import Assembly, GoverningPower
from crm.assemblies.rules.plan import read_facts
from crm.assemblies.rules.program import move_session
from crm.assemblies.rules.words import CONSIDERATIONS
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Refused
from crm.outreach.actions import end_series


def edit_assembly(actor: Actor, id: int, typed: dict[str, Any], *, now: datetime) -> int:
    """Changes an assembly's facts; a new day or zone moves its sessions and the dates of its tasks along."""
    assembly = to_change(actor, id)
    if str(typed["version"]) != str(assembly.version):
        raise Refused(N_("Someone else changed this assembly meanwhile. Look at it again before you save."))
    fresh = accepted(read_facts(typed, rules.day_in(now, typed["time_zone"])))
    before = _facts_of(assembly)
    _move(assembly, fresh["day"], fresh["time_zone"])
    power = (fresh["governing_power_now"], fresh["governing_power_aim"])
    if power != (assembly.governing_power_now, assembly.governing_power_aim) or typed.get("evidence"):
        session().add(
            GoverningPower(
                org_id=assembly.org_id,
                assembly_id=id,
                set_at=now,
                now=power[0],
                aim=power[1],
                evidence=(typed.get("evidence") or "").strip(),
            )
        )
    if (fresh["day"], fresh["time_zone"]) != (assembly.day, assembly.time_zone):
        end_series(actor, "assembly", id, now=now, is_over=False)  # texts that wait would name the old day
    for name, value in fresh.items():
        setattr(assembly, name, value)
    assembly.version += 1
    session().flush()
    subject, after = ("assembly", id), _facts_of(assembly)
    changed = [name for name in after if after[name] != before[name]]
    audit.record(
        actor,
        "assembly.edited",
        now=now,
        subject=subject,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return id


def _facts_of(assembly: Assembly) -> dict[str, Any]:
    names = ("title", "question", "scope", "selection", "governing_power_now", "governing_power_aim", "policy_stage")
    facts = {name: getattr(assembly, name) for name in (*names, "goal", "time_zone", "controls")}
    return facts | {"day": assembly.day.isoformat()}


def _move(assembly: Assembly, day: date, zone: str) -> None:
    days = (day - assembly.day).days
    if not days and zone == assembly.time_zone:
        return
    problems = []
    for row in queries.sessions_of(assembly):
        moved = move_session(row.day, row.starts, row.ends, days, zone)
        if isinstance(moved, list):
            problems += moved
            continue
        for name, value in moved.items():
            setattr(row, name, value)
    if problems:
        raise Refused(problems)
    for task in queries.tasks_of(assembly):
        if task.done_at is None:
            task.due_on = day + timedelta(days=task.days)


def move_state(actor: Actor, id: int, to: str, *, because: str = "", now: datetime) -> int:
    """Announces, opens, closes, cancels or takes back; refuses with every reason at once."""
    assembly = queries.assembly_to_run(actor, id, lock=True)
    if issues := rules.issues_before(to, readiness_of(assembly, because), now):
        raise Refused(issues)
    before, assembly.state = assembly.state, to
    stamps = {"announced": "announced_at", "under_way": "started_at", "finished": "finished_at"}
    if to in stamps:
        setattr(assembly, stamps[to], now)
    assembly.cancelled_at = now if to == "cancelled" else None
    assembly.cancelled_because = because.strip() if to == "cancelled" else ""
    if to == "draft":
        assembly.announced_at = None
    assembly.version += 1
    session().flush()
    after = {"state": to} | ({"because": assembly.cancelled_because} if to == "cancelled" else {})
    if to == "cancelled":
        end_series(actor, "assembly", id, now=now)
    audit.record(actor, rules.VERBS[to], now=now, subject=("assembly", id), before={"state": before}, after=after)
    return id


def readiness_of(assembly: Assembly, because: str = "") -> rules.Readiness:
    """What the rules of state ask about this assembly."""
    sessions = tuple((s.title, s.starts_at, s.ends_at, s.place) for s in queries.sessions_of(assembly))
    return rules.Readiness(assembly.state, assembly.title, assembly.question, sessions, because)


def write_considerations(actor: Actor, id: int, typed: dict[str, str], *, now: datetime) -> int:
    """Keeps the answers to the seven key considerations."""
    assembly = to_change(actor, id)
    assembly.considerations = {key: text for key in CONSIDERATIONS if (text := (typed.get(key) or "").strip())}
    session().flush()
    audit.record(actor, "assembly.considered", now=now, subject=("assembly", id))
    return id
