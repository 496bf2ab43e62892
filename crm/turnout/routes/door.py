"""The door: a volunteer's tablet, without an account. Opening it changes nothing; each tap is one short transaction."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, g, jsonify, make_response, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.assemblies.rules import in_language
from crm.infra.auth import public
from crm.infra.clock import now
from crm.infra.db import transaction
from crm.infra.look import clock_time, say
from crm.infra.web import Form, is_htmx, submit
from crm.kernel.refusal import Reason, Refused
from crm.turnout import actions, queries, rules
from crm.turnout.actions import CheckIn, Outcome
from crm.turnout.forms import DoorNeedForm, TapForm, WalkInForm
from crm.turnout.queries import Sitting
from crm.turnout.routes.childcare import slot_words

blueprint = Blueprint("turnout_door", __name__)
MOST_TAPS = 50


def _enter(token: str) -> tuple[queries.Holder, Sitting]:
    """The link's holder and the session it opens; up to a day after its end, for what tablets still hold."""
    holder = queries.Holder.of(token, "door", now(), grace_seconds=int(rules.LATE.total_seconds()))
    g.actor = None  # whoever is signed in on this tablet, the door is nobody's account
    sitting = queries.session_on(holder)
    g.time_zone = sitting.time_zone
    return holder, sitting


@blueprint.get("/door/<token>")
@public("a volunteer holds this link; opening it changes nothing")
def door_get(token: str):
    holder, sitting = _enter(token)
    return _page(holder, sitting), 410 if now() > sitting.expires_at else 200


def _page(holder: queries.Holder, sitting: Sitting, form: WalkInForm | None = None, refused: Form | None = None) -> str:
    """The door, with what was refused: the form of a walk-in, or one of the buttons and small forms of the list."""
    title, typed = in_language(sitting.title, str(get_locale())), request.values.get("q", "")[:80]
    shown = {"holder": holder, "sitting": sitting, "title": title, "q": typed, "lang": request.args.get("lang")}
    if now() > sitting.expires_at:
        return render_template("turnout/door_ended.html", **shown)
    found = queries.find_at_door(sitting, typed)
    shown |= {
        "found": [] if isinstance(found, Reason) else found,
        "wrong": found if isinstance(found, Reason) else None,
        "needs": rules.SUPPORTS,
        "states": rules.STATE_WORDS,
    }
    shown["care_hours"] = slot_words(_slots(sitting)) if shown["found"] else []
    if is_htmx():
        return render_template("turnout/_door_found.html", **shown)
    return render_template(
        "turnout/door.html",
        count=queries.room_count(sitting),
        recent=queries.just_came(sitting),
        form=form or _walk_in_form(sitting),
        refused=refused,
        **shown,
    )


def _walk_in_form(sitting: Sitting) -> WalkInForm:
    form = WalkInForm()
    form.partner_id.choices = queries.organizations_at(sitting)
    return form


def _back(token: str, q: str | None = "") -> str:
    kept = {name: value for name, value in (("q", q), ("lang", request.args.get("lang"))) if value}
    return url_for("turnout_door.door_get", token=token, **kept)


@blueprint.post("/door/<token>/check-ins")
@public("a volunteer holds this link; this lets one person in")
def check_ins_post(token: str):
    (holder, sitting), form = _enter(token), TapForm()
    tap = CheckIn(f"tap-{form.once.data}", rsvp_id=form.rsvp_id.data or 0, seat_id=form.seat_id.data, guests=form.guests.data)
    return submit(
        form,
        lambda: _let_in(holder, sitting, tap),
        then=lambda _in: _back(token),
        page=lambda: _page(holder, sitting, refused=form),
    )


def _let_in(holder: queries.Holder, sitting: Sitting, tap: CheckIn) -> Outcome:
    outcome = actions.check_in(holder.actor, sitting, tap, now=now())
    if outcome.result == "unknown":
        raise Refused(rules.NOT_ON_THE_LIST)
    if outcome.reasons:
        raise Refused(outcome.reasons)
    flash(_words(outcome), "wait" if outcome.result == "already" else "yes")
    if tap.phone.strip() and not tap.has_consented:
        flash(_("The phone number was not kept: they did not agree to texts."), "wait")
    return outcome


def _words(outcome: Outcome) -> str:
    """What the door says to the volunteer."""
    if outcome.result == "already":
        return _("%(name)s is already in, since %(time)s.", name=outcome.name, time=clock_time(outcome.at))
    if outcome.result == "in":
        return _("%(name)s is in.", name=outcome.name)
    if outcome.result == "undone":
        return _("The check-in of %(name)s is undone.", name=outcome.name)
    return " ".join(say(reason) for reason in outcome.reasons) or _(rules.NOT_ON_THE_LIST)


@blueprint.post("/door/<token>/undoings")
@public("a volunteer holds this link; this takes one check-in back")
def undoings_post(token: str):
    (holder, sitting), form = _enter(token), TapForm()
    return submit(
        form,
        lambda: actions.undo_check_in(holder.actor, sitting, form.attendance_id.data or 0, now=now()),
        then=lambda _done: _back(token, form.q.data),
        page=lambda: _page(holder, sitting, refused=form),
    )


@blueprint.post("/door/<token>/walk-ins")
@public("a volunteer holds this link; this signs in somebody who is not on the list")
def walk_ins_post(token: str):
    holder, sitting = _enter(token)
    form = _walk_in_form(sitting)
    tap = CheckIn(
        f"walk-{form.once.data}",
        name=form.name.data or "",
        partner_id=form.partner_id.data,
        phone=form.phone.data or "",
        language=form.language.data or "en",
        needs=form.needs.data or "",
        has_consented=form.has_consented.data,
        wording=_(rules.CONSENT_WORDING),
    )
    return submit(
        form,
        lambda: _let_in(holder, sitting, tap),
        then=lambda _in: _back(token),
        page=lambda: _page(holder, sitting, form),
    )


def _slots(sitting: Sitting) -> list[rules.Slot]:
    """Hours of childcare at this session."""
    return [slot for slot in queries.care_of(sitting.assembly_id, sitting.time_zone).ahead(now()) if slot.session_id == sitting.id]


@blueprint.post("/door/<token>/needs")
@public("a volunteer holds this link; this notes what somebody at the door needs")
def needs_post(token: str):
    holder, sitting = _enter(token)
    slots = _slots(sitting)
    form = DoorNeedForm(slot_words(slots))
    return submit(
        form,
        lambda: actions.ask_at_the_door(
            holder.actor, sitting, form.rsvp_id.data or 0, form.kind.data or "", form.quantity.data, form.detail.data or "", now=now(),
            hours=rules.hours_of(form.care_hours.data or (), slots),
        ),
        then=lambda _noted: _back(token, form.q.data),
        page=lambda: _page(holder, sitting, refused=form),
    )


@blueprint.get("/door/<token>/roster")
@public("a volunteer holds this link; first names, initials and codes for a tablet without signal")
def roster_get(token: str):
    holder, sitting = _enter(token)
    people = queries.roster(sitting) if now() <= holder.expires_at else []
    return jsonify(now=now().isoformat(), people=people)


@blueprint.post("/door/<token>/sync")
@public("a volunteer holds this link; check-ins from a tablet, each counted once however often they are sent")
def sync_post(token: str):
    holder, sitting = _enter(token)
    taps = [_read_tap(item) for item in _listed(request.get_json(silent=True))]
    with transaction():
        outcomes = [actions.check_in(holder.actor, sitting, tap, now=now()) for tap in taps if tap]
    return jsonify(
        results=[
            {"key": o.key, "result": o.result, "name": o.name, "words": _words(o), "time": clock_time(o.at)}
            for o in outcomes
        ],
        count=queries.room_count(sitting),
        is_open=now() <= sitting.expires_at,
        recent=[
            {"id": str(row.id), "key": row.device_key, "name": row.name, "time": clock_time(row.arrived_at)}
            for row in queries.just_came(sitting)
        ],
    )


# The token in the address is the whole authority and no cookie is read, so there is nothing to forge across sites.
blueprint.record_once(lambda setup: setup.app.extensions["csrf"].exempt(sync_post))


def _listed(body: Any) -> list[dict]:
    taps = body.get("taps") if isinstance(body, dict) else None
    return [tap for tap in taps[:MOST_TAPS] if isinstance(tap, dict)] if isinstance(taps, list) else []


def _read_tap(item: dict) -> CheckIn | None:
    """One item of a tablet's queue; None when it is not one. A tablet keeps no phone numbers, so it sends none."""
    key, code, at = str(item.get("key", ""))[:64], item.get("code"), item.get("at")
    try:
        said_at = datetime.fromisoformat(str(at)) if at else None
        guests = None if item.get("guests") is None else int(item["guests"])
        partner_id = int(item["partner"]) if item.get("partner") else None
    except ValueError:
        return None
    if not key or (said_at and said_at.tzinfo is None):
        return None
    return CheckIn(
        key,
        code=str(code)[:200] if code else None,
        guests=guests,
        said_at=said_at,
        is_undone=bool(item.get("undone")),
        name=str(item.get("name", ""))[:200],
        partner_id=partner_id,
        language=str(item.get("language", "en"))[:8],
        needs=str(item.get("needs", ""))[:500],
    )


@blueprint.get("/door/<token>/sw.js")
@public("the script that keeps this page open without signal")
def worker_get(token: str) -> Response:
    answer = make_response(render_template("turnout/sw.js", page=url_for("turnout_door.door_get", token=token)))
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    answer.headers["Service-Worker-Allowed"] = url_for("turnout_door.door_get", token=token)
    return answer
