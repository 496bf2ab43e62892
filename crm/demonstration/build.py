"""Builds the demonstration in an empty instance: organizations, accounts, people, last year, this year; then sets its clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm.accounts.actions import add_account, give_grant
from crm.demonstration import DEMO_EMAIL, DEMO_PASSWORD, facts
from crm.demonstration.answered import hand_last_platform_over
from crm.demonstration.asking import ask_and_tell
from crm.demonstration.by_hand import text_by_hand
from crm.demonstration.crowd import add_crowd
from crm.demonstration.drafting import discuss_draft, sign_last_platform
from crm.demonstration.past import ZONE, Scene, hold_past_assemblies, ratify_last_platform
from crm.demonstration.present import call_assembly, draft_platform, fill_places, save_lists, talk_and_move, texts_come_in
from crm.demonstration.wider import draw_by_lot, hold_congress
from crm.infra import clock, jobs
from crm.infra.auth import Actor
from crm.infra.db import reading, transaction
from crm.kernel.permissions import Role
from crm.organizations.actions import add_organization, join_coalition
from crm.organizations.models import Organization


def is_built() -> bool:
    """Whether this instance holds the demonstration; refuses an instance that holds something else."""
    with reading() as s:
        slugs = set(s.scalars(select(Organization.slug)))
        has_clock = s.get(clock.DemoClock, 1) is not None
    if slugs and not has_clock:
        raise SystemExit("This folder holds a real instance, or a demonstration that was cut off. Choose an empty folder by PLENARY_DATA.")
    return has_clock


def opening(today: datetime) -> datetime:
    """The Monday of this week at 17:00 in Port Callan: a weekday evening, twelve days before a Saturday."""
    local = today.astimezone(ZoneInfo(ZONE))
    monday = (local - timedelta(days=local.weekday())).replace(hour=17, minute=0, second=0, microsecond=0)
    return monday.astimezone(UTC)


def build_demonstration(today: datetime | None = None) -> None:
    """Builds everything; a minute's work at most. The clock is set last, so a build that was cut off is recognized."""
    scene = Scene(opening(today or datetime.now(UTC)))
    _organizations(scene)
    hold_past_assemblies(scene)
    ratify_last_platform(scene)
    sign_last_platform(scene)
    hand_last_platform_over(scene)
    call_assembly(scene)
    ask_and_tell(scene)
    fill_places(scene)
    draft_platform(scene)
    discuss_draft(scene)
    texts_come_in(scene)
    talk_and_move(scene)
    draw_by_lot(scene)
    hold_congress(scene)
    scene.at(0)
    save_lists(scene)
    text_by_hand(scene)
    jobs.run_due()
    clock.set_source()
    with transaction():
        clock.move_demo_clock(scene.opens)


def _organizations(scene: Scene) -> None:
    now = scene.at(-1500)
    with transaction():
        orgs = {facts.COALITION[0]: add_organization(facts.COALITION[1], slug=facts.COALITION[0], kind="coalition", time_zone=ZONE, now=now)}
        for slug, name, kind, *_rest in facts.ORGANIZATIONS:
            orgs[slug] = add_organization(name, slug=slug, kind=kind, time_zone=ZONE, contact="hello@portcallan.example", now=now)
            join_coalition(orgs["table"], orgs[slug], now=now)
    for n, (slug, name, *_rest, lead, _weekly) in enumerate(facts.ORGANIZATIONS):
        email = DEMO_EMAIL if slug == "southbank" else f"{lead.split()[0].lower()}@{slug}.example"
        with transaction():
            account_id = add_account(email, lead, DEMO_PASSWORD, now=now)
            give_grant(account_id, orgs[slug], Role.ADMINISTRATOR, now=now)
            if slug == "southbank":
                give_grant(account_id, orgs["table"], Role.COALITION_LEAD, now=now)
                scene.actors["table"] = Actor(orgs["table"], Role.COALITION_LEAD, account_id, lead, org_name="Common Table", time_zone=ZONE, is_coalition=True)
        actor = scene.actors[slug] = Actor(orgs[slug], Role.ADMINISTRATOR, account_id, lead, org_name=name, time_zone=ZONE)
        people, members = facts.ORGANIZATIONS[n][3:5]
        with transaction(actor.org_id):
            scene.people[slug] = add_crowd(actor, people, members, n * 311, scene.opens)
