"""Next year's tenants' congress: a delegation with alternates and credentials, a local assembly in it, and seats that were drawn by lot."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from crm.assemblies.actions import answer_invitation, create_assembly, lots, move_state, recruitment, responses
from crm.assemblies.actions import credentials as desk
from crm.assemblies.actions import delegations as seats
from crm.assemblies.actions.federation import join_larger, send_up
from crm.assemblies.actions.instructions import instruct
from crm.assemblies.lottery.record import draw
from crm.assemblies.models import InvitationRound, LotInvitation, LotPlace
from crm.assemblies.playbooks import playbook_of
from crm.assemblies.queries import assembly_for
from crm.assemblies.queries.seats import delegations_of
from crm.assemblies.rules import plan_assembly
from crm.demonstration import facts
from crm.demonstration.past import Scene, answers_for
from crm.infra.db import session, transaction

CONGRESS = {"en": "Tenants’ Congress of the Coast", "es": "Congreso de Inquilinos de la Costa"}
LOCAL = {"en": "Southbank local assembly", "es": "Asamblea local de Southbank"}
ASKS = {"en": "What do we ask for together, from every town?", "es": "¿Qué pedimos juntos, desde cada pueblo?"}
WATERFRONT = {"en": "Waterfront Assembly by lot", "es": "Asamblea del Malecón por sorteo"}
WHAT = {"en": "What should stand where the cannery stood?", "es": "¿Qué debe haber donde estaba la conservera?"}
FORMULA = {
    "basis": "members", "per": 100, "rounding": "up", "least": 1, "most": None, "alternates_of": "each", "alternates_per": 2, "alternates_least": 0,
    "reserved_for": "", "quorum": "1/2", "quorum_of": "entitled",
}
MEMBERS = {slug: members for slug, _name, _kind, _people, members, *_rest in facts.ORGANIZATIONS}
QUOTAS = "feature,value,min,max\nage,16-34,3,4\nage,35-64,3,4\nage,65 or older,1,2\nhome,rents,5,6\nhome,owns,2,3\n"
SEATS, AGES = 8, ("16-34", "35-64", "65 or older")


def hold_congress(scene: Scene) -> None:
    """The coalition calls a congress; Southbank sends four delegates and two alternates, and an input of its local assembly."""
    table, southbank, mill = (scene.actors[slug] for slug in ("table", "southbank", "mill"))
    now, day = scene.at(-9), scene.day(152)
    with transaction(table.org_id):
        answers = replace(answers_for(scene, day, CONGRESS, ASKS, 120), partners=tuple(a.org_id for a in scene.actors.values() if a is not table))
        congress = create_assembly(table, plan_assembly(playbook_of("A11"), answers), now=now)
        move_state(table, congress, "announced", now=now)
    for actor in (southbank, mill):
        with transaction(actor.org_id):
            answer_invitation(actor, congress, True, actor.name, now=now)
    local = _local_assembly(scene, congress, day)
    with transaction(table.org_id):
        seats.set_formula(table, congress, FORMULA | {"counted_on": scene.day(-9)}, now=now)
        slugs = {actor.org_id: slug for slug, actor in scene.actors.items()}
        known = {(unit.partner_id, unit.child_id): (MEMBERS.get(slugs.get(unit.partner_id, ""), 80), 0) for unit in seats.queries.units_of(
            assembly_for(table, congress), "en")}
        seats.set_numbers(table, congress, known, "en", now=now)
        seats.publish(table, congress, now=now)
    _name_and_certify(scene, congress)
    with transaction(southbank.org_id):
        send_up(southbank, local, "A register of every rent increase, open to all", "Each town keeps its own; the congress adds them up.",
                {"yes": 41, "no": 3, "abstain": 2, "people": 46}, now=scene.at(-2))


def _local_assembly(scene: Scene, congress: int, day: date) -> int:
    southbank, now = scene.actors["southbank"], scene.at(-8)
    with transaction(southbank.org_id):
        local = create_assembly(southbank, plan_assembly(playbook_of("A8"), answers_for(scene, day - timedelta(days=40), LOCAL, ASKS, 60)), now=now)
        join_larger(southbank, local, congress, now=now)
    return local


def _name_and_certify(scene: Scene, congress: int) -> None:
    table, southbank, now = scene.actors["table"], scene.actors["southbank"], scene.at(-5)
    with transaction(southbank.org_id):
        own = next(d for d in delegations_of(assembly_for(southbank, congress)) if d.partner_id == southbank.org_id)
        members = [row["id"] for row in scene.people["southbank"] if row.get("standing") == "member"]
        for n, person in enumerate(members[: min(4, own.seats or 0) + min(2, own.alternates or 0)]):
            seats.name_person(southbank, congress, own.id, person, "delegate" if n < min(4, own.seats or 0) else "alternate", now=now)
        instruct(southbank, congress, own.id, None, "Resolution 1: a rent register", "for", False, now=now)
        instruct(southbank, congress, own.id, None, "Chair of the congress", "free", True, now=now)
    with transaction(table.org_id):
        desk.certify_all(table, congress, now=scene.at(-4))


def draw_by_lot(scene: Scene) -> None:
    """Sixty of a hundred and twenty households were invited; eight people were drawn from those who said yes, and are being called."""
    table, now = scene.actors["table"], scene.at(-40)
    with transaction(table.org_id):
        plan = plan_assembly(playbook_of("A6"), answers_for(scene, scene.day(96), WATERFRONT, WHAT, SEATS))
        assembly = create_assembly(table, plan, now=now)
        move_state(table, assembly, "announced", now=now)
        asked = recruitment.add_recruitment(table, assembly, _asked(scene.day(30)), now=now)
        recruitment.draw_round(table, assembly, asked, 60, "6 2 4 1", False, now=now)
        first = session().scalars(select(InvitationRound.id)).one()
        recruitment.invite_some(table, first, *recruitment.coming(first), now=now)
        for n, invitation in enumerate(session().scalars(select(LotInvitation.id).order_by(LotInvitation.number)).all()[:36]):
            responses.answer_by_link(table, invitation, _said(n), now=scene.at(-40 + n / 2))
    lot = _draw(scene, assembly, asked)
    with transaction(table.org_id):
        codes = session().scalars(select(LotPlace.code).where(LotPlace.lot_id == lot).order_by(LotPlace.id)).all()
        for code, outcome in zip(codes, ("confirmed", "no_answer", "confirmed", "declined", "confirmed"), strict=False):
            responses.note_call(table, assembly, lot, code, outcome, now=scene.at(-1))


def _asked(until: date) -> dict[str, Any]:
    rows = "".join(f"Resident,{n // len(facts.STREETS) + 1} {facts.STREETS[n % len(facts.STREETS)]},Port Callan\n" for n in range(120))
    return {"seats": SEATS, "times": 3, "response": 40, "closes_on": until, "quotas": QUOTAS, "households": f"name,address,city\n{rows}",
            "words": "Four Saturdays, lunch, childcare, and $400 for your time. / Cuatro sábados, almuerzo, cuidado de niños y $400 por su tiempo."}


def _said(n: int) -> dict[str, Any]:
    if n % 3 == 2:
        return {"answer": "no", "features": {}}
    given, family = facts.GIVEN["es" if n % 2 else "en"], facts.FAMILY["es" if n % 2 else "en"]
    return {
        "answer": "yes", "name": f"{given[n % len(given)]} {family[n * 5 % len(family)]}", "phone": f"+1206555{100 + n:04}", "email": "",
        "language": "es" if n % 2 else "en", "features": {"age": AGES[n * 2 % 5 % 3], "home": "owns" if n % 4 == 1 else "rents"},
    }


def _draw(scene: Scene, assembly: int, asked: int) -> int:
    table = scene.actors["table"]
    with transaction(table.org_id):
        lot = responses.make_pool(table, assembly, asked, "exact", now=scene.at(-20))
        lots.keep_answer(table, lot, {}, now=scene.at(-20))
        lots.freeze_lot(table, assembly, lot, "Four dice before all eyes at the cannery gate", now=scene.at(-19))
        lots.seed_lot(table, assembly, lot, "2 6 3 5", scene.day(10), now=scene.at(-14))
        question = lots.question_of(lot)
        assert question is not None
        lots.keep_answer(table, lot, {"record": draw(**question)}, now=scene.at(-14))
    return lot
