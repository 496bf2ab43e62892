"""What assemblies that are over say about the next: who came of those who said so, by assembly, organization and kind of word."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, exists, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from crm.assemblies.models import Assembly
from crm.infra.db import session
from crm.turnout import rules
from crm.turnout.models import Attendance, Pledge, Rsvp
from crm.turnout.rules import COMING

Key = tuple[date, int]


def total(expression: Any) -> Any:
    """A sum that is a number where there is nothing."""
    return func.coalesce(func.sum(expression), 0)


def heads() -> Any:
    """People behind an RSVP: the person and their guests."""
    return Rsvp.guests + 1


def past_of(ids: Iterable[int], but: int, now: datetime) -> list[dict[int, dict[str, tuple[int, int]]]]:
    """Assemblies that are over and had a door, oldest first, as `rules.backtest` takes them: one query for all organizations."""
    door = aliased(Attendance)
    held = (Assembly.id != but, Assembly.state == "finished", Assembly.day < now.date(), exists().where(door.assembly_id == Assembly.id))
    wanted = list(ids)
    there = exists().where(Attendance.rsvp_id == Rsvp.id, Attendance.undone_at.is_(None))
    said = (
        select(literal("said").label("what"), Assembly.day, Assembly.id, Rsvp.partner_id, Rsvp.state, total(heads()).label("of"),
               total(case((there, heads()), else_=0)).label("came"))
        .join(Assembly, Assembly.id == Rsvp.assembly_id).where(*held, Rsvp.state.in_(COMING), Rsvp.partner_id.in_(wanted))
        .group_by(Assembly.day, Assembly.id, Rsvp.partner_id, Rsvp.state)
    )  # fmt: skip
    promised = (
        select(literal("promised"), Assembly.day, Assembly.id, Pledge.partner_id, null(), total(Pledge.promised), literal(0))
        .join(Assembly, Assembly.id == Pledge.assembly_id).where(*held, Pledge.partner_id.in_(wanted)).group_by(Assembly.day, Assembly.id, Pledge.partner_id)
    )  # fmt: skip
    walked = (
        select(literal("walked"), Assembly.day, Assembly.id, Attendance.partner_id, null(), literal(0), func.count())
        .join(Assembly, Assembly.id == Attendance.assembly_id)
        .where(*held, Attendance.is_walk_in, Attendance.undone_at.is_(None), Attendance.partner_id.in_(wanted))
        .group_by(Assembly.day, Assembly.id, Attendance.partner_id)
    )
    return _by_assembly(session().execute(union_all(said, promised, walked)).all())


def _by_assembly(rows: Iterable[Any]) -> list[dict[int, dict[str, tuple[int, int]]]]:
    held: dict[Key, dict[int, dict[str, tuple[int, int]]]] = {}
    extra: dict[tuple[Key, int], dict[str, int]] = {}
    for what, day, id, partner_id, state, of, came in rows:
        seen = held.setdefault((day, id), {}).setdefault(partner_id, {})
        if what == "said":
            seen[state] = (int(came), int(of))
        else:
            extra.setdefault(((day, id), partner_id), {})[what] = int(of) if what == "promised" else int(came)
    for (key, partner_id), more in extra.items():
        seen = held[key][partner_id]
        silent = more.get("promised", 0) - sum(of for _came, of in seen.values())
        if silent > 0:
            seen["pledged"] = (min(more.get("walked", 0), silent), silent)
    return [held[key] for key in sorted(held)]


def rates_from(past: Iterable[rules.Past]) -> dict[int, rules.Rates]:
    """Each organization's own show rates."""
    so_far: rules.Past = {}
    for assembly in past:
        so_far = rules.add_seen(so_far, assembly)
    return {partner_id: rules.own_rates(seen) for partner_id, seen in so_far.items()}
