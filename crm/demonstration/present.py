"""This year: the assembly twelve days away, its pledges and answers, texts that wait, talks that are due, the draft."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from crm.assemblies.actions import add_participant, answer_invitation, create_assembly, fill_seat, mark_task, move_state
from crm.assemblies.models import CommitteeSeat
from crm.assemblies.playbooks import playbook_of
from crm.assemblies.queries import assembly_for, tasks_of
from crm.assemblies.rules import plan_assembly
from crm.demonstration import facts
from crm.demonstration.past import Scene, answers_for
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session, transaction
from crm.infra.sealing import sealed_words
from crm.kernel.names import fold
from crm.leadership.models import Conversation, RungMove
from crm.outreach import actions as outreach
from crm.outreach.models import SimulatedText, Text, Thread
from crm.people.actions import index_people, save_segment
from crm.people.models import Person
from crm.people.rules import sort_name
from crm.platforms import actions as platforms
from crm.platforms.queries import planks_of, platform_for
from crm.turnout import actions as turnout
from crm.turnout.models import Ask, Rsvp, Support
from crm.turnout.rules import ANSWER_OF, code_of, door_name

TITLE = {"en": "People’s Housing Assembly", "es": "Asamblea Popular por la Vivienda"}


def call_assembly(scene: Scene) -> None:
    """The assembly, its partners' promises, and 241 who said yes."""
    now, convener = scene.at(-43), scene.actors["southbank"]
    answers = answers_for(
        scene, scene.day(12), TITLE,
        {"en": "What must change so that everyone who lives here can stay?", "es": "¿Qué debe cambiar para que todas y todos podamos quedarnos?"}, 300,
    )
    with transaction(convener.org_id):
        scene.ids["assembly"] = create_assembly(convener, plan_assembly(playbook_of("A2"), answers), now=now)
        move_state(convener, scene.ids["assembly"], "announced", now=now)
        for task in tasks_of(assembly_for(convener, scene.ids["assembly"])):
            if task.due_on <= scene.day(-3):
                mark_task(convener, scene.ids["assembly"], task.id, True, now=scene.opens)
    for slug, _name, _kind, _people, _members, pledged, yes, confirmed, lead, weekly in facts.ORGANIZATIONS:
        actor = scene.actors[slug]
        with transaction(actor.org_id):
            if slug != "southbank":
                answer_invitation(actor, scene.ids["assembly"], True, lead, now=now)
            turnout.pledge(actor, scene.ids["assembly"], promised=pledged, lead_name=lead, now=now + timedelta(days=2))
            _answers(scene, slug, yes, confirmed, weekly)


def fill_places(scene: Scene) -> None:
    """Seats of the committees by organization, and the first places on the roster."""
    actor, assembly_id, now = scene.actors["southbank"], scene.ids["assembly"], scene.at(-15)
    names = [name for _slug, name, *_rest in facts.ORGANIZATIONS]
    with transaction(actor.org_id):
        seats = session().scalars(select(CommitteeSeat.id).where(CommitteeSeat.assembly_id == assembly_id).order_by(CommitteeSeat.id)).all()
        for seat_id, name in zip(seats[: len(seats) * 2 // 3], names * 4, strict=False):
            fill_seat(actor, assembly_id, seat_id, name, now=now)
        for name, role in (("Yusra A.", "facilitator"), ("Abel M.", "facilitator"), ("Ofelia T.", "interpreter"), ("Office of Council District 4", "official")):
            add_participant(actor, assembly_id, name, role, now=now)


def _answers(scene: Scene, slug: str, yes: int, confirmed: int, weekly: tuple[int, ...]) -> None:
    dice, actor = random.Random(f"this year {slug}"), scene.actors[slug]
    people = dice.sample([row for row in scene.people[slug] if row["rung"] >= 2], yes + 40)
    base = {"org_id": scene.actors["southbank"].org_id, "partner_id": actor.org_id, "assembly_id": scene.ids["assembly"], "guests": 0, "source": "text"}
    rows = []
    for n, row in enumerate(people):
        week = next((w for w, total in enumerate(weekly) if n < total), None)
        answered = scene.opens - timedelta(days=7 * (5 - week) + dice.uniform(0.2, 6.5)) if week is not None else None
        state = "confirmed" if n < confirmed else "yes" if n < yes else dice.choice(("invited", "invited", "maybe", "no"))
        if answered is None and state != "invited":
            answered = scene.opens - timedelta(days=dice.uniform(1, 20))
        name = door_name(row["given_name"], row["family_name"])
        rows.append(base | {
            "id": new_id(), "person_id": row["id"], "door_name": name, "door_folded": fold(name).replace(".", ""), "state": state,
            "code": code_of(dice.getrandbits(40)), "language": row["language"], "asked_at": scene.opens - timedelta(days=41),
            "answered_at": answered, "confirmed_at": scene.opens - timedelta(days=1) if state == "confirmed" else None, "created_at": scene.opens,
        })
    session().execute(insert(Rsvp), rows)
    _supports(dice, rows, base, scene.opens)
    _asks(dice, actor, rows, facts.CALLERS if slug == "southbank" else (actor.name,))
    events = [{"person_id": r["person_id"], "after": {"assembly": TITLE["en"]}} for r in rows if r["state"] in ("yes", "confirmed")]
    audit.record_many(actor, "rsvp.yes", events, now=scene.opens - timedelta(days=9), subject=("assembly", scene.ids["assembly"]))


def _asks(dice: random.Random, actor: Actor, rows: list[dict[str, Any]], callers: tuple[str, ...]) -> None:
    """Everyone was texted; some were called too, and not everyone picked up."""
    base = {"org_id": actor.org_id, "account_id": None}
    asks: list[dict[str, Any]] = []
    for row in rows:
        answer = {"invited": "sent", "cancelled": "no"}.get(row["state"], row["state"])
        called = row["state"] in ("yes", "confirmed", "maybe") and dice.random() < 0.45
        first = {"how": "text", "asked_by": actor.name, "asked_at": row["asked_at"], "outcome": "sent" if called else answer}
        told = [first] if not called else [first, {"how": dice.choice(("call", "call", "door", "in_person")), "asked_by": dice.choice(callers),
                                                   "asked_at": row["answered_at"], "outcome": answer}]
        if called and dice.random() < 0.3:
            told.insert(1, told[1] | {"how": "call", "asked_at": row["answered_at"] - timedelta(days=1), "outcome": "no_answer"})
        asks += [base | one | {"id": new_id(), "assembly_id": row["assembly_id"], "person_id": row["person_id"], "created_at": one["asked_at"],
                               "answered_at": row["answered_at"] if one["outcome"] in ANSWER_OF else None} for one in told]
    session().execute(insert(Ask), asks)


def _supports(dice: random.Random, rows: list[dict[str, Any]], base: dict[str, Any], now: datetime) -> None:
    coming = [row for row in rows if row["state"] in ("yes", "confirmed")]
    needs = {"childcare": 0.08, "interpretation": 0.07, "ride": 0.1, "meal": 0.05, "access": 0.03}
    asked = [(row, kind) for row in coming for kind, share in needs.items() if dice.random() < share]
    if asked:
        session().execute(insert(Support), [
            {k: base[k] for k in ("org_id", "partner_id", "assembly_id")}
            | {"id": new_id(), "rsvp_id": row["id"], "kind": kind, "quantity": dice.choice((1, 1, 2)) if kind == "childcare" else 1,
               "detail": "", "created_at": now} | _planned(kind, n, now)
            for n, (row, kind) in enumerate(asked)
        ])


def _planned(kind: str, n: int, now: datetime) -> dict[str, Any]:
    """Interpretation and most rides are arranged; childcare is not yet."""
    is_planned = kind == "interpretation" or (kind == "ride" and n % 4)
    return {"state": "planned", "planned_at": now} if is_planned else {"state": "asked", "planned_at": None}


def _named(scene: Scene, name: str, language: str, rung: int, n: int, now: datetime) -> dict[str, Any]:
    """Makes one of Southbank's supporters the person of that name."""
    row = [r for r in scene.people["southbank"] if r["rung"] >= 2][-1 - n]
    given, family = name.split(" ", 1)
    session().execute(update(Person).where(Person.id == row["id"]).values(
        given_name=given, family_name=family, name_folded=sort_name(given, family), language=language, rung=rung))
    index_people([row["id"]])  # found by the new name
    return row


def texts_come_in(scene: Scene) -> None:
    """Five replies that wait for an answer, each with the text that it answers, on the phones as well."""
    actor = scene.actors["southbank"]
    with transaction(actor.org_id):
        outreach.ensure_sender(actor, now=scene.opens)
        for n, (name, language, words, hours) in enumerate(facts.WAITING):
            row = _named(scene, name, language, 2, n, scene.opens)
            asked_at, at = scene.opens - timedelta(hours=hours, days=1), scene.opens - timedelta(hours=hours)
            asked = {
                "en": f"Hi {name.split()[0]}, will you come to the People’s Housing Assembly on Saturday the "
                      f"{scene.day(12).day}? Reply COUNT ME IN or NO. Southbank Tenants Union",
                "es": f"Hola {name.split()[0]}, ¿vendrá a la Asamblea Popular por la Vivienda el sábado "
                      f"{scene.day(12).day}? Responda VOY o NO. Southbank Tenants Union",
            }[language]
            _exchange(scene, row, asked, words, asked_at, at)


def _exchange(scene: Scene, row: dict[str, Any], asked: str, words: str, asked_at: datetime, at: datetime) -> None:
    actor, subject = scene.actors["southbank"], {"subject_kind": "assembly", "subject_id": scene.ids["assembly"]}
    sender = outreach.ensure_sender(actor, now=at)
    common = {"org_id": actor.org_id, "person_id": row["id"], "sender_id": sender.id, "phone": row["phone"], "language": row["language"]}
    session().add_all([
        Text(**common, **subject, id=new_id(), direction="out", body=asked, key=f"demo-out-{row['id']}", purpose="assembly", state="delivered",
             queued_at=asked_at, not_before_at=asked_at, settled_at=asked_at, parts=1, created_at=asked_at),
        Text(**common, **subject, id=new_id(), direction="in", body=words, key=f"demo-in-{row['id']}", purpose="assembly", state="received",
             queued_at=at, not_before_at=at, parts=1, created_at=at),
        Thread(org_id=actor.org_id, phone=row["phone"], person_id=row["id"], state="needs_answer", last_at=at, last_in_at=at, last_in_body=words,
               reason="wrong_number" if words.startswith("wrong") else "question", facts={}, created_at=at),
        SimulatedText(sid=f"SM{new_id():032x}", direction="to_phone", number=sender.number, phone=row["phone"], body=asked, status="delivered", at=asked_at),
        SimulatedText(sid=f"SM{new_id():032x}", direction="from_phone", number=sender.number, phone=row["phone"], body=words, status="received", at=at),
    ])
    session().flush()
    audit.record(actor, "text.sent", now=asked_at, person_id=row["id"], after={"body": asked})
    audit.record(actor, "text.received", now=at, person_id=row["id"], after={"body": words})


def talk_and_move(scene: Scene) -> None:
    """One-on-ones that are due, and a month of movement on the ladder: 23 up, 4 back."""
    actor, dice = scene.actors["southbank"], random.Random("movement")
    with transaction(actor.org_id):
        for n, (name, summary, step, days) in enumerate(facts.TALKS):
            row = _named(scene, name, "en", 4, n + 10, scene.opens)
            held = scene.opens - timedelta(days=21 + n)
            session().add(Conversation(
                org_id=actor.org_id, person_id=row["id"], account_id=actor.account_id, organizer_name=actor.name, held_at=held, summary=summary,
                next_step=step, follow_up_on=scene.day(days), created_at=held,
            ))
            audit.record(actor, "conversation.logged", now=held, person_id=row["id"], after={"summary": sealed_words(summary)})
        movers = dice.sample([r for r in scene.people["southbank"] if 2 <= r["rung"] <= 4], 27)
        for n, row in enumerate(movers):
            at, back = scene.opens - timedelta(days=dice.uniform(1, 29)), n >= 23
            before, to = row["rung"] + (1 if back else -1), row["rung"]
            session().add(RungMove(org_id=actor.org_id, person_id=row["id"], from_rung=before, to_rung=to, at=at, account_id=actor.account_id,
                                   actor_name=actor.name, created_at=at))
            audit.record(actor, "rung.back" if back else "rung.up", now=at, person_id=row["id"], after={"rung": to, "reason": ""})


def save_lists(scene: Scene) -> None:
    """Lists that an organizer keeps at hand."""
    actor = scene.actors["southbank"]
    lists = {
        "Members in Mill District": [("standing", "is", "member"), ("neighborhood", "is", "Mill District")],
        "Ready to lead": [("rung", "at_least", "3"), ("assessment", "at_most", "2")],
        "Spanish speakers": [("language", "is", "es")],
        facts.DRIVE_LIST: [("standing", "is", "member"), ("neighborhood", "is", "Ropeworks"), ("language", "is", "en")],
    }
    with transaction(actor.org_id):
        for name, conditions in lists.items():
            scene.ids[name] = save_segment(actor, name, {"all": [{"fact": f, "comparison": c, "value": v} for f, c, v in conditions]}, now=scene.opens)


def draft_platform(scene: Scene) -> None:
    """This year's draft with an open amendment and what the organizations think so far."""
    now, table = scene.at(-20), scene.actors["table"]
    heading = {"titles": {"en": "A Home in Port Callan, second year", "es": "Un hogar en Port Callan, segundo año"}, "intros": facts.PLATFORM_INTRO,
               "languages": ["en", "es"], "authentic_language": "en", "deadline_at": scene.opens + timedelta(days=10)}
    with transaction(table.org_id):
        platform_id = scene.ids["platform"] = platforms.create_platform(table, heading, now=now)
        planks = [platforms.add_plank(table, platform_id, facts.wording(*words), now=now) for words in facts.DRAFT]
    now, mover = scene.at(-4), scene.actors["mill"]
    with transaction(mover.org_id):
        texts = {"en": facts.DRAFT[1][3].replace("82 degrees", "80 degrees").replace("what is needed", "and pays for what is needed"),
                 "es": facts.DRAFT[1][4].replace("82 grados", "80 grados").replace("pone lo necesario", "pone y paga lo necesario")}
        platforms.propose_amendment(mover, platform_id, {
            "kind": "change", "plank_id": planks[1], "base_version": 1, "language": "en", "titles": {}, "texts": texts,
            "reason": "Kitchens and laundries sit above us. At 82 nobody sleeps.",
        }, now=now)
    for slug in ("southbank", "wardsix", "arroyo"):
        actor = scene.actors[slug]
        with transaction(actor.org_id):
            stances = {row.plank.id: {"stance": "endorse"} for row in planks_of(platform_for(actor, platform_id))[:3]}
            platforms.state_positions(actor, platform_id, stances, now=now)

