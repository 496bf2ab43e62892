"""Around this year's draft: amendments that meet and one to an amendment, who is for them, what the committee says, proposals, comments."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from crm.demonstration import facts
from crm.demonstration.past import Scene
from crm.infra.auth import Actor
from crm.infra.db import session, transaction
from crm.platforms import actions as platforms
from crm.platforms.models import Amendment, Plank, Platform, PlatformAddress
from crm.platforms.queries import endorsements_of

HEAT, BUS = facts.DRAFT[1], facts.DRAFT[2]


def discuss_draft(scene: Scene) -> None:
    """What a week of reading each other's words leaves on the desk."""
    now, platform_id = scene.at(-3), scene.ids["platform"]
    with transaction(scene.actors["table"].org_id) as s:
        planks = list(s.scalars(select(Plank.id).where(Plank.platform_id == platform_id).order_by(Plank.position)))
        first = s.scalars(select(Amendment.id).where(Amendment.platform_id == platform_id)).one()

    def change(slug: str, plank: int, words: tuple[str, ...], old: tuple[str, str], new: tuple[str, str], reason: str) -> int:
        texts = {"en": words[3].replace(old[0], new[0]), "es": words[4].replace(old[1], new[1])}
        return _as(scene, slug, lambda who: platforms.propose_amendment(
            who, platform_id, {"kind": "change", "plank_id": planks[plank], "base_version": 1, "titles": {}, "texts": texts, "reason": reason}, now=now,
        ))

    change("elders", 1, HEAT, ("82 degrees", "82 grados"), ("78 degrees", "78 grados"), "The clinic says 78 for people over seventy.")
    change("arroyo", 2, BUS, ("between midnight and five", "entre la medianoche y las cinco"), ("between eleven and five", "entre las once y las cinco"),
           "The late shift at the packing house ends at eleven.")
    mill = {"en": HEAT[3].replace("82 degrees", "80 degrees").replace("what is needed", "and pays for what is needed within thirty days")}
    within = {"parent_id": first, "kind": "change", "base_version": 0, "titles": {}, "texts": mill, "reason": "Without a date nothing comes."}
    _as(scene, "southbank", lambda who: platforms.propose_amendment(who, platform_id, within, now=now))
    for slug in ("southbank", "wardsix"):
        _as(scene, slug, lambda who: platforms.give_voice(who, platform_id, first, "support", now=now))
    advice = {"advice": "adopt", "advised": "One number for everyone, and the lower one can follow.", "committee": "Content committee"}
    _as(scene, "table", lambda who: platforms.recommend(who, platform_id, advice, amendment_id=first, now=now))
    _as(scene, "southbank", lambda who: platforms.state_process(
        who, platform_id, "The building captains read it, the members' meeting decides.", scene.opens.date() + timedelta(days=4), now=now,
    ))
    _comments(scene, platform_id, planks[1])
    _proposals(scene, platform_id)


def _comments(scene: Scene, platform_id: int, plank_id: int) -> None:
    now = scene.at(-2)
    first = _as(scene, "wardsix", lambda who: platforms.add_comment(who, platform_id, plank_id, "Who measures? The tenant with a thermometer?", now=now))
    _as(scene, "mill", lambda who: platforms.add_comment(who, platform_id, plank_id, "The inspector, within a week of a call.", reply_to=first, now=now))


def _proposals(scene: Scene, platform_id: int) -> None:
    """The public form is open; one proposal waits, one is set aside with the reason."""
    now, table = scene.at(-2), scene.actors["table"]
    with transaction(table.org_id):
        platforms.open_to_public(table, platform_id, True, "second-year", now=now)
        platform = session().get_one(Platform, platform_id)
        sent = {"language": "es", "title": "Lavanderías de noche", "text": "Que cada edificio de más de veinte viviendas abra su lavandería de noche.",
                "reason": "Salimos del turno a las once.", "origin": "Mesa 7"}
        platforms.send_public_proposal(Actor.system(table.org_id), platform, sent, address="hall", now=now)
    sent = {"language": "en", "title": "A new football field", "text": "The lot on Canal Street becomes a football field.", "origin": "Table 2"}
    id = _as(scene, "arroyo", lambda who: platforms.send_proposal(who, platform_id, sent, now=now))
    _as(scene, "table", lambda who: platforms.answer_proposal(
        who, platform_id, id, "set_aside", "The lot is promised for homes in plank 5 of last year's platform.", now=now,
    ))


def sign_last_platform(scene: Scene) -> None:
    """Since last year: two neighbors, one by name, and a clinic."""
    now, table = scene.at(-300), scene.actors["table"]
    signed = (
        {"kind": "person", "phone": "+14155550171", "is_named": True, "name": "Beatriz Olmos"}, {"kind": "person", "phone": "+14155550172"},
        {"kind": "organization", "phone": "+14155550173", "name": "Canal Street Clinic", "spoken_by": "Dr. Nia Ferrell, director"},
    )
    with transaction(table.org_id) as s:
        platform = s.scalars(select(Platform).join(PlatformAddress, PlatformAddress.platform_id == Platform.id).where(Platform.state == "ratified")).one()
        for said in signed:
            platforms.endorse_platform(Actor.system(table.org_id), platform, said, address=said["phone"], now=now)
        for row in endorsements_of(platform):
            if row.name:
                platforms.decide_endorsement(table, platform.id, row.id, "confirm", now=now)


def _as(scene: Scene, slug: str, act: Callable[[Actor], int]) -> int:
    actor = scene.actors[slug]
    with transaction(actor.org_id):
        return act(actor)
