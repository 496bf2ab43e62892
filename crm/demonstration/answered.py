"""What became of last year's platform: handed over, answered or not, and how far it is."""

from datetime import timedelta

from sqlalchemy import select

from crm.accountability import actions
from crm.accountability.models import Recommendation
from crm.demonstration.past import Scene
from crm.infra import clock
from crm.infra.auth import Actor
from crm.infra.db import session, transaction
from crm.platforms.models import Edition, Platform

COUNCIL, MAYOR, AUTHORITY = ("City Council", "body"), ("Office of the Mayor", "body"), ("Housing Authority", "body")
ANSWERS = {  # plank: to whom, after how many days they answered, what, and in whose words
    1: (MAYOR, 60, "accepted", "Funded for 1,400 cases a year from the general fund.", "Office of the Mayor"),
    2: (COUNCIL, 85, "rejected", "State law does not let the city go below 5 percent.", "City Council, five to four"),
    4: (COUNCIL, 80, "partly", "Deadlines of thirty days, not the fourteen that were asked for.", "Department of Buildings"),
    8: (AUTHORITY, None, "", "", ""),
    6: (COUNCIL, 300, "under_study", "", "Committee on Land Use"),
}
STEPS = {  # plank: what was to happen, days after it was handed over, how far it is
    1: (("Budget line voted", 80, "done"), ("First 100 tenants represented", 330, "under_way"), ("Every courtroom covered", 420, "planned")),
    4: (("Rule published", 120, "done"), ("Text line opens", 340, "planned")),
}
HANDED_OVER = -350


def hand_last_platform_over(scene: Scene) -> None:
    """Each ratified plank before whoever decides it; ninety days to answer."""
    actor, now = scene.actors["table"], scene.at(HANDED_OVER)
    with transaction(actor.org_id):
        platform = session().scalars(select(Platform).where(Platform.state == "ratified")).one()
        edition = session().scalars(select(Edition).where(Edition.platform_id == platform.id, Edition.number == platform.ratified_edition)).one()
        numbers = {plank["plank_id"]: plank["number"] for plank in edition.content["planks"]}
        day = scene.day(HANDED_OVER)
        for name, kind in dict.fromkeys(answer[0] for answer in ANSWERS.values()):
            mine = [id for id, number in numbers.items() if number in ANSWERS and ANSWERS[number][0][0] == name]
            typed = {"target": name, "kind": kind, "owner": "", "delivered_on": day, "due_on": day + timedelta(days=90)}
            actions.ask_planks(actor, platform.id, mine, typed, now=now)
        asked = {numbers[row.plank_id]: row.id for row in session().scalars(select(Recommendation)) if row.plank_id}
    for number, id in sorted(asked.items()):
        _follow(scene, actor, number, id)


def _follow(scene: Scene, actor: Actor, number: int, id: int) -> None:
    _target, days, verdict, reason, by = ANSWERS[number]
    if days is not None:
        now = scene.at(HANDED_OVER + days)
        with transaction(actor.org_id):
            typed = {"verdict": verdict, "reason": reason, "answered_by": by, "document": "", "answered_on": scene.day(HANDED_OVER + days)}
            actions.note_response(actor, id, typed, now=now)
    for title, after, state in STEPS.get(number, ()):
        now = scene.at(HANDED_OVER + min(after, 345))
        with transaction(actor.org_id):
            step = actions.set_milestone(actor, id, title, scene.day(HANDED_OVER + after), now=now)
            if state != "planned":
                actions.move_milestone(actor, id, step, state, now=clock.now())
