"""Draws by lot: a pool comes in, is frozen with its quotas, gets a seed, is drawn from, and is deleted when the challenge is over."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, or_, select, update

from crm.assemblies import queries
from crm.assemblies.actions.program import to_change
from crm.assemblies.actions.recruitment import close_recruitment
from crm.assemblies.lottery import METHODS
from crm.assemblies.lottery.files import ids_in, read_pool, written
from crm.assemblies.lottery.pool import Pool
from crm.assemblies.lottery.replacing import replacement
from crm.assemblies.models import Assembly, Lot, LotPlace, Participant
from crm.assemblies.playbooks import playbook_in_force
from crm.assemblies.queries.recruitment import reached_by
from crm.assemblies.rules.lots import POOL_GONE, UNDRAWN_DAYS, issues_before_freezing, issues_in_ids, issues_in_seed
from crm.assemblies.rules.times import day_in
from crm.assemblies.rules.words import in_language
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.jobs import enqueue, job_for
from crm.kernel.names import short_name, split_name
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.people.actions import add_person

JOB = "assemblies.lot"


def add_lot(actor: Actor, assembly_id: int, people: str, quotas: str, seats: int, method: str, *, now: datetime) -> int:
    """Takes a pool and its quotas, refusing with everything that is wrong with both; what a draw does not need of them is not kept."""
    assembly, problems, pool = to_change(actor, assembly_id), issues_in_ids(ids_in(people)), None
    try:
        pool = read_pool(people, quotas, seats)
    except Refused as refused:
        problems += refused.reasons
    if method not in METHODS:
        problems.append(Reason(N_("Choose how to draw."), {}, "method"))
    if problems or pool is None:
        raise Refused(problems)
    people, quotas = written(pool)
    if read_pool(people, quotas, seats) != pool:
        raise Refused(N_("The name of a column holds a semicolon or a tab. Give it a plain name."))
    row = Lot(
        org_id=actor.org_id, id=new_id(), assembly_id=assembly.id, seats=seats, method=method, people=people, quotas=quotas, size=len(pool.people),
        people_sha256=_hash(people), quotas_sha256=_hash(quotas), counts=_counted(pool), created_at=now,
    )
    session().add(row)
    session().flush()
    _set_to_work(row, now)
    audit.record(actor, "lot.added", now=now, subject=("assembly", assembly_id), after={"seats": seats, "people": row.size})
    return row.id


def remove_lot(actor: Actor, assembly_id: int, lot_id: int, *, now: datetime) -> None:
    """Takes a pool out again whose hash nobody has seen yet."""
    lot = _lot(to_change(actor, assembly_id), lot_id)
    if lot.frozen_at:
        raise Refused(N_("What is frozen stands on the public page and stays there."))
    session().delete(lot)
    audit.record(actor, "lot.removed", now=now, subject=("assembly", assembly_id))


def freeze_lot(actor: Actor, assembly_id: int, lot_id: int, source: str, *, now: datetime) -> None:
    """Commits to pool and quotas: from now on their hashes are public, with the word of where the seed will come from."""
    assembly = to_change(actor, assembly_id)
    lot, source = _lot(assembly, lot_id), " ".join(source.split())
    if problems := issues_before_freezing(lot.state, assembly.announced_at is not None, source):
        raise Refused(problems)
    lot.state, lot.source, lot.frozen_at = "frozen", source, now
    close_recruitment(lot.recruitment_id, lot.org_id, now=now)
    session().flush()
    audit.record(actor, "lot.frozen", now=now, subject=("assembly", assembly_id), after={"people": lot.people_sha256, "quotas": lot.quotas_sha256})


def seed_lot(actor: Actor, assembly_id: int, lot_id: int, seed: str, keep_until: date | None, *, now: datetime) -> None:
    """Sets the seed, once and for all, and lets the draw begin."""
    assembly = to_change(actor, assembly_id)
    lot, seed = _lot(assembly, lot_id), " ".join(seed.split())
    problems = issues_in_seed(lot.state, seed, keep_until, day_in(now, assembly.time_zone))
    if lot.emptied_at:
        problems.append(Reason(POOL_GONE))
    if problems:
        raise Refused(problems)
    lot.state, lot.seed, lot.seeded_at, lot.keep_until = "drawing", seed, now, keep_until
    session().flush()
    _set_to_work(lot, now)
    audit.record(actor, "lot.seeded", now=now, subject=("assembly", assembly_id), after={"seed": seed})


def work_again(actor: Actor, assembly_id: int, lot_id: int, *, now: datetime) -> None:
    """Takes up what was stopped: the same question, and with the same seed the same answer."""
    lot = _lot(to_change(actor, assembly_id), lot_id)
    if lot.state in ("checking", "drawing") and lot.job_id and job_for(actor, lot.job_id).finished_at:
        _set_to_work(lot, now)


def question_of(lot_id: int) -> dict[str, Any] | None:
    """What the solver is asked about a draw; None where there is nothing to do."""
    lot = session().scalar(select(Lot).where(Lot.id == lot_id, Lot.state.in_(("checking", "drawing")), Lot.emptied_at.is_(None)))
    return lot and {"people": lot.people, "quotas": lot.quotas, "seats": lot.seats, "method": lot.method, "seed": lot.seed}


def keep_answer(actor: Actor, lot_id: int, answer: dict[str, Any], *, now: datetime) -> None:
    """Writes down what the solver found: whether the quotas can be met, or who was drawn."""
    lot = session().scalar(select(Lot).where(Lot.id == lot_id).with_for_update())
    if lot is None or lot.emptied_at:
        return
    if lot.state == "checking":
        lot.state, lot.problems = "impossible" if answer.get("problems") else "ready", answer.get("problems", [])
        near = {(feature, value): (least, most) for feature, value, least, most in answer.get("nearest", ())}
        lot.counts = [{**row, "near": near.get((row["feature"], row["value"]), (row["min"], row["max"]))} for row in lot.counts]
    elif lot.state == "drawing":
        record = answer["record"]
        pool, codes = read_pool(lot.people, lot.quotas, lot.seats), record["panel"]
        # What is published tells of nobody who was not drawn: the list of people stays out, and who no panel can seat.
        kept = {name: value for name, value in record.items() if name not in ("inputs", "cannot_be_seated")}
        lot.record = {**kept, "inputs": {"quotas": lot.quotas}, "replacements": []}
        lot.state, lot.drawn_at, lot.counts = "drawn", now, _counted(pool, codes)
        session().add_all([LotPlace(org_id=lot.org_id, id=new_id(), lot_id=lot.id, code=code, drawn_at=now) for code in codes])
        audit.record(actor, "lot.drawn", now=now, subject=("assembly", lot.assembly_id), after={"seats": lot.seats})
    session().flush()


def pass_on(actor: Actor, assembly_id: int, lot_id: int, code: str, *, now: datetime) -> str | None:
    """Notes that somebody drawn has declined, and seats whom the rule names instead: their code, or None where nobody can be seated."""
    assembly = queries.assembly_to_run(actor, assembly_id, lock=True)
    lot = _lot(assembly, lot_id)
    places = queries.places_of(lot)
    place = next((place for place in places if place.code == code), None)
    if place is None:
        raise Missing()
    if lot.emptied_at or place.declined_at:
        raise Refused(POOL_GONE if lot.emptied_at else N_("This place was given back already."))
    pool = read_pool(lot.people, lot.quotas, lot.seats)
    at = {person.id: n for n, person in enumerate(pool.people)}
    seated, gone = ([at[p.code] for p in places if bool(p.declined_at) == is_gone] for is_gone in (False, True))
    found = replacement(pool, lot.seed or "", seated, at[code], gone)
    new = None if found is None else pool.people[found].id
    place.declined_at = now
    if new is not None:
        session().add(LotPlace(org_id=lot.org_id, id=new_id(), lot_id=lot.id, code=new, replaces=code, drawn_at=now))
    lot.counts = _counted(pool, [*(p.code for p in places if not p.declined_at), *([new] if new is not None else [])])
    lot.record = {**(lot.record or {}), "replacements": [*(lot.record or {})["replacements"], {"out": code, "in": new}]}
    session().flush()
    audit.record(actor, "lot.declined", now=now, subject=("assembly", assembly_id), before={"code": code}, after={"code": new})
    return new


def seat_the_drawn(actor: Actor, assembly_id: int, lot_id: int, *, now: datetime) -> tuple[int, int]:
    """Puts those drawn on the roster as the playbook's seats by lot have it, and takes off whoever gave the place back.

    They stand there under their codes; whoever confirmed and told us their name becomes one of our people, and stands there by name.
    Returns (put on, taken off); pressed again it changes nothing.
    """
    assembly = to_change(actor, assembly_id)
    lot = _lot(assembly, lot_id)
    places = queries.places_of(lot)
    if not places:
        raise Refused(N_("Nobody has been drawn yet."))
    there = _on_the_roster(actor, assembly, places)
    group = next((group for group in playbook_in_force(assembly).groups if group.selection == "lottery"), None)
    role, votes = (group.role, group.is_voting) if group else ("participant", True)
    fresh = [place for place in places if not place.declined_at and place.code not in there]
    for place in fresh:
        there[place.code] = Participant(
            org_id=assembly.org_id, partner_id=actor.org_id, id=new_id(), assembly_id=assembly.id, shown_name=place.code, role=role, is_voting=votes)
    session().add_all([there[place.code] for place in fresh])
    session().flush()
    told = reached_by(lot, [place.code for place in places])
    for place in places:
        if place.code in there and not place.declined_at:
            place.participant_id = there[place.code].id
            if place.confirmed_at and there[place.code].person_id is None and place.code in told:
                _by_name(actor, there[place.code], told[place.code], in_language(assembly.title, "en"), now)
    gone = [there[place.code] for place in places if place.declined_at and place.code in there]
    for row in gone:
        session().delete(row)
    session().flush()
    if fresh or gone:
        audit.record(actor, "lot.seated", now=now, subject=("assembly", assembly_id), after={"on": len(fresh), "off": len(gone)})
    return len(fresh), len(gone)


def _on_the_roster(actor: Actor, assembly: Assembly, places: Sequence[LotPlace]) -> dict[str, Participant]:
    """By code, the place on the roster that they have."""
    mine = (Participant.assembly_id == assembly.id, Participant.partner_id == actor.org_id)
    linked = {place.participant_id: place.code for place in places if place.participant_id}
    found = {linked[row.id]: row for row in session().scalars(select(Participant).where(*mine, Participant.id.in_(linked)))}
    by_code = select(Participant).where(*mine, Participant.person_id.is_(None), Participant.shown_name.in_([place.code for place in places]))
    return {row.shown_name: row for row in session().scalars(by_code)} | found


def _by_name(actor: Actor, row: Participant, told: dict[str, Any], title: str, now: datetime) -> None:
    given, family = split_name(told["name"])
    values = {"given_name": given, "family_name": family, "language": told["language"], "source": title[:200],
              "phones": [told["phone"]] if told["phone"] else [], "emails": [told["email"]] if told["email"] else []}
    row.person_id, row.shown_name = add_person(actor, values, now=now), short_name(given, family)


def empty_pools(actor: Actor, today: datetime, most: int) -> int:
    """Pools whose challenge is over, and those nobody was drawn from, lose their people; what was never public goes whole."""
    undrawn = Lot.seed.is_(None) & (Lot.created_at < today - timedelta(days=UNDRAWN_DAYS))
    over = select(Lot.id).where(Lot.emptied_at.is_(None), or_(Lot.keep_until < today.date(), undrawn & Lot.frozen_at.is_not(None))).limit(most)
    emptied = _done(update(Lot).where(Lot.id.in_(session().scalars(over).all())).values(people="", emptied_at=today))
    never = select(Lot.id).where(undrawn, Lot.frozen_at.is_(None)).limit(most)
    return emptied + _done(delete(Lot).where(Lot.id.in_(session().scalars(never).all())))


def _lot(assembly: Assembly, lot_id: int) -> Lot:
    return queries.lot_for(assembly, lot_id, lock=True)


def _set_to_work(lot: Lot, now: datetime) -> None:
    lot.job_id = enqueue(lot.org_id, JOB, {"lot_id": lot.id}, now=now)
    session().flush()


def _counted(pool: Pool, codes: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Each quota with how many it is about in the pool and among those who sit."""
    sits = set(codes)
    everyone, seated = pool.counts(range(len(pool.people))), pool.counts([n for n, person in enumerate(pool.people) if person.id in sits])
    return [
        {"feature": quota.feature, "value": quota.value, "min": quota.least, "max": quota.most, "pool": pool_n, "seats": seats_n}
        for quota, pool_n, seats_n in zip(pool.quotas, everyone, seated, strict=True)
    ]


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _done(statement: Any) -> int:
    return session().execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
