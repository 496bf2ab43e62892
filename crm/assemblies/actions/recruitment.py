"""Invitations by lot: households come in, rounds are drawn and invited in small steps, and all of it goes when the draw is over."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from babel.dates import format_date
from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update

from crm.assemblies.actions.program import to_change
from crm.assemblies.lottery.chance import Chance
from crm.assemblies.lottery.files import quota_values, read_rows
from crm.assemblies.models import Assembly, InvitationRound, Lot, LotInvitation, Recruitment
from crm.assemblies.queries import recruitment as queries
from crm.assemblies.queries.own_households import kept_of_own, residents_of
from crm.assemblies.rules import recruitment as rules
from crm.assemblies.rules.lots import UNDRAWN_DAYS
from crm.assemblies.rules.recruitment import Household
from crm.assemblies.rules.times import day_in, moment
from crm.assemblies.rules.words import in_language
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.jobs import enqueue
from crm.infra.links import issue_link_rows
from crm.infra.look import DAY, REGIONS, say_in
from crm.infra.runtime import keyed_hash
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Reason, Refusal, Refused
from crm.outreach.actions import Wanted, queue_texts
from crm.people.actions.erasing import Who

JOB = "assemblies.invite"
AHEAD = 400
"""Households that are looked up at a time, before anything is written."""
AT_ONCE = 50
"""Households that one transaction invites: on SQLite nobody else writes meanwhile."""


def add_recruitment(actor: Actor, assembly_id: int, values: Mapping[str, Any], *, now: datetime) -> int:
    """Takes a list of households and the features that the seats will be drawn by, refusing with everything that is wrong with them."""
    assembly = to_change(actor, assembly_id)
    problems = rules.issues_in_recruitment(
        values["seats"], values["times"], values["response"], values["closes_on"], day_in(now, assembly.time_zone), assembly.day)
    households, own, wrong = _households(actor, values, problems, now)
    features = quota_values(values["quotas"], problems)
    if features and sum(map(len, features.values())) > rules.MOST_QUOTAS:
        problems.append(Reason(N_("Nobody answers that many questions: at most %(most)s values."), {"most": rules.MOST_QUOTAS}, "quotas"))
    if problems := problems + wrong:
        raise Refused(problems)
    text = json.dumps([asdict(one) for one in households], ensure_ascii=False)
    row = Recruitment(
        org_id=actor.org_id, id=new_id(), assembly_id=assembly.id, households=text, listed=len(households), created_at=now,
        own=own, households_sha256=sha256("\n".join(one.key for one in households).encode()).hexdigest(),
        **{name: values[name] for name in ("seats", "times", "response", "quotas", "words", "closes_on")},
    )
    session().add(row)
    session().flush()
    audit.record(actor, "recruitment.added", now=now, subject=("assembly", assembly_id), after={"households": row.listed})
    return row.id


def _households(actor: Actor, values: Mapping[str, Any], problems: list[Reason], now: datetime) -> tuple[list[Household], dict[str, Any] | None, list[Reason]]:
    """The households, how own people became them (none for a list from elsewhere), and what is wrong."""
    if values.get("source") != "people":
        households, wrong = rules.households_in(read_rows(values["households"], N_("The households"), ["address"], problems))
        return households, None, wrong
    name, people = residents_of(actor, values["list_id"], now)
    households, without = rules.households_of_people(people)
    return households, {"list": name, "people": len(people), "without": without}, rules.issues_in_own(len(households), without)


def forget_numbers(actor: Actor, who: Who, now: datetime) -> dict[str, int]:
    """Of somebody who is erased, the number goes from households that were made from own people; an address names nobody."""
    found = kept_of_own(who.phones) if who.phones else []
    for row, column, text in found:
        setattr(row, column, text)
    session().flush()
    return {"recruitments": len(found)}


def draw_round(actor: Actor, assembly_id: int, id: int, size: int | None, seed: str, is_texted: bool, *, now: datetime) -> None:
    """Draws the next households from those not invited before, and lets them be invited in small steps."""
    row = queries.recruitment_for(to_change(actor, assembly_id), id, lock=True)
    rounds, seed = queries.rounds_of(id), " ".join(seed.split())
    left = row.listed - sum(one.round.size for one in rounds)
    if problems := rules.issues_in_round(size, seed, left, any(one.round.drawn_at is None for one in rounds), is_closed(row)):
        raise Refused(problems)
    one = InvitationRound(
        org_id=row.org_id, id=new_id(), recruitment_id=id, number=len(rounds) + 1, size=size, seed=seed, is_texted=is_texted, created_at=now)
    session().add(one)
    session().flush()
    one.job_id = enqueue(row.org_id, JOB, {"round_id": one.id}, now=now, total=one.size)
    audit.record(actor, "recruitment.round", now=now, subject=("assembly", assembly_id), after={"round": one.number, "households": size, "seed": seed})


def coming(round_id: int) -> tuple[int, list[Household]]:
    """How many of a round are invited, and the next households of it; reads only.

    The order follows from the seed and the list alone, so a step that is repeated finds the same households.
    """
    one = session().scalar(select(InvitationRound).where(InvitationRound.id == round_id, InvitationRound.drawn_at.is_(None)))
    if one is None:
        return 0, []
    row = session().get_one(Recruitment, (one.org_id, one.recruitment_id))
    done = _invited(LotInvitation.round_id == one.id)
    return done, _order(row, one)[done: min(done + AHEAD, one.size)]


def slices(households: list[Household]) -> list[list[Household]]:
    """These households as one transaction each takes them."""
    return [households[n: n + AT_ONCE] for n in range(0, len(households), AT_ONCE)]


def invite_some(actor: Actor, round_id: int, done: int, chosen: list[Household], *, now: datetime) -> tuple[int, bool]:
    """Invites these, the next after the `done` first of a round; returns how many of it are invited, and whether that was all.

    Nothing is done where others were invited meanwhile: `chosen` is then no longer what comes next.
    """
    one = session().scalar(select(InvitationRound).where(InvitationRound.id == round_id).with_for_update())
    if one is None or one.drawn_at is not None:
        return done, True
    if _invited(LotInvitation.round_id == one.id) != done:
        return done, False
    row = session().get_one(Recruitment, (one.org_id, one.recruitment_id))
    assembly = session().get_one(Assembly, row.assembly_id)
    invitations = _issue(row, one, chosen, _invited(LotInvitation.recruitment_id == row.id), now)
    if one.is_texted:
        _text(actor, assembly, row, list(zip(chosen, invitations, strict=True)), now)
    if done + len(chosen) >= one.size or not chosen:
        one.drawn_at = now
    session().flush()
    return done + len(chosen), one.drawn_at is not None


def _invited(which: ColumnElement[bool]) -> int:
    return session().scalar(select(func.count()).select_from(LotInvitation).where(which)) or 0


def _order(row: Recruitment, one: InvitationRound) -> list[Household]:
    """Those not invited in a round before, shuffled by the seed of this one."""
    households = [Household(**each) for each in json.loads(row.households)]
    before = set(session().scalars(select(LotInvitation.household_hash).where(LotInvitation.recruitment_id == row.id, LotInvitation.round_id != one.id)))
    free = [n for n, household in enumerate(households) if _hash(row, household) not in before]
    return [households[n] for n in Chance(one.seed).shuffled(free)]


def _issue(row: Recruitment, one: InvitationRound, chosen: list[Household], total: int, now: datetime) -> list[LotInvitation]:
    ids = [new_id() for _household in chosen]
    zone = session().get_one(Assembly, row.assembly_id).time_zone
    ends = moment(row.closes_on + timedelta(days=1), time(0), zone).astimezone(UTC)
    links = issue_link_rows([
        {"org_id": row.org_id, "purpose": "lottery", "subject_id": id, "expires_at": ends, "created_at": now, "partner_id": None} for id in ids])
    made = [
        LotInvitation(
            org_id=row.org_id, id=id, recruitment_id=row.id, round_id=one.id, number=total + n, household=json.dumps(asdict(household), ensure_ascii=False),
            household_hash=_hash(row, household), way="letter", link_id=link, created_at=now)
        for n, (id, link, household) in enumerate(zip(ids, links, chosen, strict=True), 1)
    ]
    session().add_all(made)
    session().flush()
    return made


def _hash(row: Recruitment, household: Household) -> str:
    return keyed_hash(f"recruitment:{row.id}", household.key).hex()


def _text(actor: Actor, assembly: Assembly, row: Recruitment, invited: list[tuple[Household, LotInvitation]], now: datetime) -> None:
    """Tells by text the households whose number said yes to our texts; everyone else gets a letter."""
    wanted = []
    for household, invitation in invited:
        if household.phone and not isinstance(phone := read_phone(household.phone), Reason):
            language = household.language if household.language in ("en", "es") else "en"
            body = letter_words(assembly, row, rules.TEXT, language, link="[[link]]").translate({ord("{"): "(", ord("}"): ")"})  # no place to fill
            bodies = {language: body.replace("[[link]]", "{link}")}
            wanted.append((invitation, Wanted(f"lottery:{invitation.id}", bodies, invitation.link_id, None, phone, "", language, is_first=False)))
    answers = queue_texts(actor, [one for _invitation, one in wanted], purpose="organizing", now=now)
    for (invitation, _one), answer in zip(wanted, answers, strict=True):
        invitation.way = "letter" if isinstance(answer, Refusal) else "text"


def letter_words(assembly: Assembly, row: Recruitment, said: str, language: str, **more: str) -> str:
    """Words of the invitation in that language, whatever the page's is."""
    facts = {"title": in_language(assembly.title, language), "seats": row.seats, "day": _day(assembly.day, language), **more}
    until = {"until": _day(row.closes_on, language)}
    return say_in(Reason(said, facts | until), language)


def _day(day: date, language: str) -> str:
    return format_date(day, DAY[language], locale=REGIONS.get(language, language))


def close_recruitment(recruitment_id: int | None, org_id: int, *, now: datetime) -> None:
    """Once the pool is frozen, nobody else is invited and no answer changes."""
    if recruitment_id is not None:
        session().get_one(Recruitment, (org_id, recruitment_id)).closed_at = now


def is_closed(row: Recruitment) -> bool:
    """Whether nobody else is invited and no answer taken."""
    return row.closed_at is not None or row.emptied_at is not None


def empty_recruitments(actor: Actor, today: datetime, most: int) -> int:
    """Households, names and features go when the challenge of the draw is over, or when nobody was drawn for too long. Counts stay."""
    drawn_from = exists().where(Lot.recruitment_id == Recruitment.id, Lot.org_id == Recruitment.org_id)
    over = drawn_from.where(Lot.emptied_at.is_not(None), Lot.frozen_at.is_not(None))
    left = (Recruitment.closes_on < (today - timedelta(days=UNDRAWN_DAYS)).date()) & ~drawn_from.where(Lot.emptied_at.is_(None))
    due = session().scalars(select(Recruitment.id).where(Recruitment.emptied_at.is_(None), or_(over, left)).limit(5)).all()
    told = select(LotInvitation.id).where(LotInvitation.recruitment_id.in_(due), LotInvitation.household_hash.is_not(None)).limit(most)
    emptied = _done(update(LotInvitation).where(LotInvitation.id.in_(session().scalars(told).all()))
                    .values(household="", household_hash=None, told=""))
    if emptied < most and due:
        _done(update(Recruitment).where(Recruitment.id.in_(due)).values(households="", emptied_at=today))
    return emptied


def remove_recruitment(actor: Actor, assembly_id: int, id: int, *, now: datetime) -> None:
    """Takes a list of households out again from which nobody was invited."""
    row = queries.recruitment_for(to_change(actor, assembly_id), id, lock=True)
    if queries.rounds_of(id):
        raise Refused(N_("Households were invited from this list, so it stays until the draw is over."))
    session().execute(delete(Recruitment).where(Recruitment.id == row.id))
    audit.record(actor, "recruitment.removed", now=now, subject=("assembly", assembly_id))


def _done(statement: Any) -> int:
    return session().execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
