"""What freezes when a vote opens: text, rolls, rules, secrecy and hours, in one value whose hash is the poll id."""

from typing import Any

from sqlalchemy import select

from crm.assemblies.queries.rosters import left_out_of_roll, mandates_of
from crm.infra.db import session
from crm.organizations.models import Organization
from crm.ratification.actions.signing import frozen_tellers
from crm.ratification.methods import METHODS
from crm.ratification.models import Electorate, OrganizationSeat, Ratification, ResidencePlace, RollEntry, RollKey
from crm.ratification.queries import edition_of
from crm.ratification.rules.board import MANIFEST_FORMAT, digest, roll_digest
from crm.ratification.rules.states import PEOPLE


def manifest_of(row: Ratification, electorates: list[Electorate]) -> dict[str, Any]:
    """The manifest of a vote whose rolls are closed."""
    owner = session().get_one(Organization, row.org_id)
    frozen = [_frozen(e) | _contest(row, e) | at_depth(e, electorates) for e in electorates]
    return {
        "format": MANIFEST_FORMAT,
        "ratification": str(row.id),
        "owner": owner.name,
        "title": row.title,
        **_text(row, electorates),
        "opens_at": row.opens_at.isoformat(),
        "closes_at": row.closes_at.isoformat(),
        "server_key": row.public_key,
        **frozen_tellers(row),
        **({"referral": row.referral} if row.referral else {}),
        **({"notice": {"days": row.notice_days, "binds": row.notice_binds}} if row.notice_days else {}),
        "electorates": frozen,
    }


def _text(row: Ratification, electorates: list[Electorate]) -> dict[str, Any]:
    """The edition and its planks, or the one question between options, which is numbered like a plank."""
    edition, question = edition_of(row), [{"number": 1, "titles": row.title}]
    is_contest = any(e.contest for e in electorates)
    if edition is None:
        own = {"number": None, "sha256": digest([e.contest for e in electorates]), "authentic": "en", "platform": row.title}
        return {"edition": own, "planks": question}
    planks = [{"number": p["number"], "plank_id": str(p["plank_id"]), "titles": p["titles"]} for p in edition.content["planks"]]
    return {
        "edition": {
            "number": edition.number,
            "sha256": edition.sha256,
            "authentic": edition.content["authentic"],
            "platform": edition.content["platform"]["titles"],
        },
        "planks": question if is_contest else planks,
    }


def _contest(row: Ratification, electorate: Electorate) -> dict[str, Any]:
    """What of an electorate freezes only where it chooses between options; the edition's planks are the options where none are written."""
    if electorate.contest is None:
        return {}
    edition = edition_of(row)
    planks = [plank["titles"] for plank in edition.content["planks"]] if edition else []
    return {"contest": electorate.contest | {"options": electorate.contest["options"] or planks}}


def _frozen(electorate: Electorate) -> dict[str, Any]:
    names = ("kind", "method", "quorum", "threshold", "strictness", "basis", "tie", "may_change", "roll_size")
    return {name: getattr(electorate, name) for name in names} | {
        "secret": electorate.is_secret,
        "choices": [] if electorate.contest else list(METHODS[electorate.method].choices),
        "roll_sha256": _roll_hash(electorate),
    }


def rule_of(electorate: Electorate, electorates: list[Electorate]) -> dict[str, Any]:
    """The rule of an electorate of a draft as it would freeze now, for saying it in words."""
    names = ("kind", "quorum", "threshold", "strictness", "basis", "tie", "method", "contest")
    return {name: getattr(electorate, name) for name in names} | at_depth(electorate, electorates)


def at_depth(electorate: Electorate, electorates: list[Electorate]) -> dict[str, Any]:
    """What of a rule freezes only where it is used, so that a plain vote stays as it always was."""
    found: dict[str, Any] = {name: getattr(electorate, name) for name in ("name", "quorums", "conditions") if getattr(electorate, name)}
    if electorate.key != electorate.kind:
        found["key"] = electorate.key
    if electorate.kind == "together":
        found["of"] = [e.key for e in electorates if e.kind in PEOPLE]
    if not electorate.is_deciding:
        found["decides"] = False
    if electorate.is_weighted:
        found["mandates"] = sum(n for _organization, n in mandates_of(electorate.assembly_id or 0))
    if electorate.assembly_id and electorate is next((e for e in electorates if e.kind == "participants"), None):  # said once for all groups
        found["left_out"] = left_out_of_roll(electorate.assembly_id)
    if electorate.place_id:
        place = session().get_one(ResidencePlace, electorate.place_id)
        found["residence"] = {"place": place.name, "wording": place.wording, "keep_days": place.keep_days}
    days = {name: day.isoformat() for name in ("on_day", "joined_by") if (day := getattr(electorate, name))}
    return found | (days if electorate.kind == "members" else {})


def _roll_hash(electorate: Electorate) -> str:
    if electorate.kind == "together":
        return ""
    if electorate.is_secret:
        return roll_digest(key_of_roll(electorate).salt, _entries(electorate))
    return digest(published_roll(electorate))


def key_of_roll(electorate: Electorate) -> RollKey:
    """The secrets of a roll of people."""
    return session().scalars(select(RollKey).where(RollKey.electorate_id == electorate.id)).one()


def _entries(electorate: Electorate) -> list[tuple[int, int, int | str]]:
    """(seat, organization, its person); whoever is known by a code alone stands by the place on the roster, as `participant:7`."""
    columns = (RollEntry.seat, RollEntry.partner_id, RollEntry.person_id, RollEntry.participant_id)
    rows = session().execute(select(*columns).where(RollEntry.electorate_id == electorate.id).order_by(RollEntry.seat))
    return [(seat, partner_id, f"participant:{place_id}" if person_id is None else person_id) for seat, partner_id, person_id, place_id in rows]


def published_roll(electorate: Electorate) -> list[dict[str, Any]]:
    """The roll of an electorate that is not secret, as it is published: organizations by name; members by seat, each with a salted
    mark that shows later that nobody was exchanged and tells nobody who."""
    if electorate.kind == "organizations":
        return organization_roll(electorate)
    salt = key_of_roll(electorate).salt
    return [{"seat": entry[0], "name": "", "mark": roll_digest(salt, [entry])[:32]} for entry in _entries(electorate)]


def organization_roll(electorate: Electorate) -> list[dict[str, Any]]:
    """The organizations' roll as it is published, with the mandates that each holds where they are counted."""
    rows = session().scalars(
        select(OrganizationSeat).where(OrganizationSeat.electorate_id == electorate.id).order_by(OrganizationSeat.seat)
    )
    return [{"seat": seat.seat, "name": seat.name} | ({"mandates": seat.mandates} if electorate.is_weighted else {}) for seat in rows]
