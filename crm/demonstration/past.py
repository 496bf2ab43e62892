"""Last year: an assembly that was held, and the platform that 742 members and seven organizations ratified."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from crm.assemblies.actions import answer_invitation, create_assembly, move_state
from crm.assemblies.models import AssemblySession
from crm.assemblies.playbooks import playbook_of
from crm.assemblies.rules import Answers, plan_assembly
from crm.demonstration import facts
from crm.demonstration.hall import work_at_tables
from crm.infra import audit, clock, jobs
from crm.infra.auth import Actor
from crm.infra.db import new_id, reading, transaction
from crm.kernel.names import fold
from crm.platforms import actions as platforms
from crm.ratification import actions as ratification
from crm.ratification.models import Electorate, RollEntry
from crm.turnout.models import Ask, Attendance, Rsvp
from crm.turnout.rules import code_of, door_name

ZONE = "America/Los_Angeles"


@dataclass
class Scene:
    """What the builder knows while it builds: when the demonstration opens, actors and people by organization."""

    opens: datetime
    actors: dict[str, Actor] = field(default_factory=dict)
    people: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    def day(self, days: int = 0) -> date:
        """The day in Port Callan that many days from the opening."""
        return (self.opens.astimezone(ZoneInfo(ZONE)) + timedelta(days=days)).date()

    def at(self, days: float, hour: int = 0) -> datetime:
        """A moment that many days from the opening; the clock of the instance shows it from now on."""
        moment = self.opens + timedelta(days=days, hours=hour)
        clock.set_source(lambda: moment)
        return moment


def answers_for(scene: Scene, day: date, title: dict[str, str], question: dict[str, str], goal: int) -> Answers:
    """What the wizard would have asked."""
    partners = tuple(actor.org_id for slug, actor in scene.actors.items() if slug not in ("southbank", "table"))
    return Answers(
        title=title, question=question, day=day, goal=goal, time_zone=ZONE, today=clock.now().date(),
        place="Carver Street Hall", address="210 Carver Street, Port Callan", scope="Port Callan", capacity=350, partners=partners,
    )


def hold_past_assemblies(scene: Scene) -> None:
    """Assemblies of earlier years, with their answers, who was asked by whom and who came: the show rates of this year's forecast."""
    for facts_of_one in facts.PAST:
        _hold(scene, *facts_of_one)


def _hold(scene: Scene, days: int, title: dict[str, str], question: dict[str, str], goal: int, weather: float) -> None:
    now, actor = scene.at(-days - 40), scene.actors["southbank"]
    answers = answers_for(scene, scene.day(-days), title, question, goal)
    with transaction(actor.org_id):
        assembly_id = create_assembly(actor, plan_assembly(playbook_of("A2"), answers), now=now)
        move_state(actor, assembly_id, "announced", now=now)
    with reading(actor.org_id) as s:
        last = s.scalars(select(AssemblySession).where(AssemblySession.assembly_id == assembly_id).order_by(AssemblySession.starts_at.desc())).first()
        sitting, begins = last.id, last.starts_at
    for slug, *_rest in facts.ORGANIZATIONS:
        if slug != "southbank":
            with transaction(scene.actors[slug].org_id):
                answer_invitation(scene.actors[slug], assembly_id, True, scene.actors[slug].name, now=now)
        _answers_of(scene, slug, assembly_id, sitting, begins, title["en"], weather)
    clock.set_source(lambda: begins + timedelta(hours=12))
    with transaction(actor.org_id):
        move_state(actor, assembly_id, "under_way", now=begins)
    work_at_tables(actor, assembly_id, sitting, begins)
    with transaction(actor.org_id):
        move_state(actor, assembly_id, "finished", now=begins + timedelta(hours=12))


def _answers_of(scene: Scene, slug: str, assembly_id: int, sitting: int, begins: datetime, title: str, weather: float) -> None:
    dice, actor, convener = random.Random(f"{title} {slug}"), scene.actors[slug], scene.actors["southbank"]
    members = [row for row in scene.people[slug] if row["rung"] >= 2]
    base = {"org_id": convener.org_id, "partner_id": actor.org_id, "assembly_id": assembly_id, "created_at": begins}
    answered = begins - timedelta(days=6)
    rsvps, came, asks = [], [], []
    for row in dice.sample(members, max(8, len(members) // 12)):
        confirmed = dice.random() < 0.6
        name = door_name(row["given_name"], row["family_name"])
        rsvp = base | {
            "id": new_id(), "person_id": row["id"], "door_name": name, "door_folded": fold(name).replace(".", ""), "code": code_of(dice.getrandbits(40)),
            "state": "confirmed" if confirmed else "yes", "guests": 0, "language": row["language"], "source": "text",
            "asked_at": begins - timedelta(days=20), "answered_at": answered, "confirmed_at": answered if confirmed else None,
        }
        rsvps.append(rsvp)
        asks.append({
            "org_id": actor.org_id, "id": new_id(), "assembly_id": assembly_id, "person_id": row["id"], "how": "call", "asked_at": answered,
            "asked_by": dice.choice(facts.CALLERS) if slug == "southbank" else actor.name, "outcome": rsvp["state"], "answered_at": answered,
            "created_at": answered,
        })
        if dice.random() < (0.84 if confirmed else 0.5) + weather:
            came.append(base | {
                "id": new_id(), "session_id": sitting, "rsvp_id": rsvp["id"], "person_id": row["id"], "door_name": name, "is_walk_in": False,
                "guests": 0, "device_key": f"last-{new_id()}", "arrived_at": begins + timedelta(minutes=dice.randint(-25, 20)),
            })
    with transaction(actor.org_id) as s:
        for model, rows in ((Rsvp, rsvps), (Ask, asks), (Attendance, came)):
            s.execute(insert(model), rows)
        audit.record_many(actor, "attendance.recorded", [{"person_id": row["person_id"], "after": {"assembly": title}} for row in came],
                          now=begins, subject=("assembly", assembly_id))


def ratify_last_platform(scene: Scene) -> None:
    """Last year's platform: frozen, voted on by members in secret and by organizations by name, certified, published."""
    now, actor = scene.at(-366), scene.actors["table"]
    heading = {"titles": facts.PLATFORM_TITLE, "intros": facts.PLATFORM_INTRO, "languages": ["en", "es"], "authentic_language": "en"}
    with transaction(actor.org_id):
        platform_id = platforms.create_platform(actor, heading, now=now)
        for *words, _votes in facts.PLANKS:
            platforms.add_plank(actor, platform_id, facts.wording(*words), now=now)
        edition_id = platforms.freeze_edition(actor, platform_id, "", now=now).id
        title = {"en": "Ratification of A Home in Port Callan", "es": "Ratificación de Un hogar en Port Callan"}
        vote_id = ratification.draft_ratification(
            actor, edition_id=edition_id, title=title, opens_at=now + timedelta(minutes=1), closes_at=now + timedelta(days=6), now=now,
        )
        ratification.begin_opening(actor, vote_id, now=now)
    jobs.run_due()
    scene.at(-364)
    _cast_last_year(scene, vote_id, clock.now())
    _organizations_vote(scene, vote_id, clock.now())
    scene.at(-359)
    jobs.run_due()
    _finish(scene, vote_id, platform_id)


def _cast_last_year(scene: Scene, vote_id: int, now: datetime) -> None:
    dice, owner = random.Random("last year's ballots"), scene.actors["table"].org_id
    choices = [dice.sample(["yes"] * yes + ["no"] * no + ["abstain"] * abstain, 742) for *_words, (yes, no, abstain) in facts.PLANKS]
    with reading(owner) as s:
        electorate = s.scalars(select(Electorate.id).where(Electorate.ratification_id == vote_id, Electorate.is_secret)).one()
        seats = list(s.execute(select(RollEntry.id, RollEntry.partner_id).where(RollEntry.electorate_id == electorate).order_by(RollEntry.seat)))
    voters = dice.sample(seats, 742)
    for begin in range(0, 742, 106):
        with transaction(owner):
            for n, (entry_id, partner_id) in enumerate(voters[begin : begin + 106], begin):
                voter = Actor.by_link(SimpleNamespace(org_id=owner, subject_id=entry_id, partner_id=partner_id))
                fields = {"nonce": f"{dice.getrandbits(128):032x}", "words": f"{dice.randrange(20)}.{dice.randrange(20, 40)}",
                          "first": str(dice.randrange(20)), "second": str(dice.randrange(20))}
                ratification.cast_ballot(voter, fields | {f"p{k}": column[n] for k, column in enumerate(choices, 1)}, now=now)


def _organizations_vote(scene: Scene, vote_id: int, now: datetime) -> None:
    against = {("elders", 6): "Our members live on pensions from small rental houses; the fee hits them too.",
               ("southbank", 7): "Not before rents are held. Building alone does not keep us here.",
               ("elders", 7): "Too fast for Canal Street.", ("arroyo", 7): "We want this with land in public hands first."}
    for slug, *_rest in facts.ORGANIZATIONS:
        votes = {n: ("no", against[slug, n]) if (slug, n) in against else ("yes", "") for n in range(1, len(facts.PLANKS) + 1)}
        with transaction(scene.actors[slug].org_id):
            ratification.vote_for_organization(scene.actors[slug], vote_id, votes, now=now)


def _finish(scene: Scene, vote_id: int, platform_id: int) -> None:
    actor, now = scene.actors["table"], clock.now()
    with transaction(actor.org_id):
        ratification.certify(actor, vote_id, now=now)
        platforms.publish_platform(actor, platform_id, "a-home-in-port-callan", now=now)
