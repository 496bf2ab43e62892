"""This year's assembly and government: who stands behind it, what was asked, and what came back."""

from datetime import date, timedelta

from crm.assemblies.actions import government
from crm.demonstration.past import Scene
from crm.infra.db import transaction

BACKINGS = (
    ("convenes", "Southbank Tenants Union", "with six partner organizations", None),
    ("pays", "Harbor Fund for Neighborhood Democracy", "meals, childcare, interpreters", 18_500_00),
    ("facilitates", "Open Circle Facilitation", "eight facilitators in two languages", None),
    ("contract", "Casa Arroyo", "interpretation in both sessions", 2_400_00),
)
QUESTIONS = (
    ("How many rental units stand empty in Mill District, by building?", "Port Callan Housing Department", "content", 21,
     "1,204 units in 83 buildings; the list is attached to our letter."),
    ("Which inspections of the last two years led to a fine, and were the fines paid?", "Office of Code Enforcement", "participants", 30, ""),
    ("What would a public fund for repairs cost in its first year?", "Office of Council District 4", "steering", 45, ""),
)


def ask_and_tell(scene: Scene) -> None:
    """Six weeks before the day the questions go out; one is answered, one is overdue, one has time."""
    actor, assembly_id = scene.actors["southbank"], scene.ids["assembly"]
    asked_at = scene.at(-35)
    with transaction(actor.org_id):
        for kind, who, what_for, cents in BACKINGS:
            government.add_backing(actor, assembly_id, kind, who, what_for, cents, now=asked_at)
        ids = [government.ask_government(actor, assembly_id, question, whom, by, _day(scene, -35 + days), now=asked_at)
               for question, whom, by, days, _answer in QUESTIONS]
    answered_at = scene.at(-18)
    with transaction(actor.org_id):
        for id, (*_asked, answer) in zip(ids, QUESTIONS, strict=True):
            if answer:
                government.note_answer(actor, assembly_id, id, answer, _day(scene, -18), False, now=answered_at)


def _day(scene: Scene, days: int) -> date:
    return scene.day(0) + timedelta(days=days)
