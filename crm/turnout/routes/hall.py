"""The kiosk, where people check themselves in, and the wall of the hall. Both by link; neither shows anybody else's name."""

from typing import Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.assemblies.rules import in_language
from crm.infra.auth import public
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.refusal import Reason, Refused
from crm.turnout import actions, queries, rules
from crm.turnout.actions import CheckIn, Outcome
from crm.turnout.forms import KioskForm, WalkInForm

blueprint = Blueprint("turnout_hall", __name__)


def _enter(token: str, kind: str) -> tuple[queries.Holder, queries.Sitting]:
    holder = queries.Holder.of(token, kind, now())
    g.actor = None  # whoever is signed in on this device, it is nobody's account
    sitting = queries.session_on(holder)
    g.time_zone = sitting.time_zone
    return holder, sitting


@blueprint.get("/kiosk/<token>")
@public("whoever stands at the kiosk holds this link; opening it changes nothing")
def kiosk_get(token: str):
    return _kiosk(*_enter(token, "kiosk"))


def _kiosk(holder: queries.Holder, sitting: queries.Sitting, form: KioskForm | None = None, walk_in: WalkInForm | None = None) -> str:
    if walk_in is None:
        walk_in = WalkInForm(formdata=None, language=str(get_locale()))
        walk_in.partner_id.choices = queries.organizations_at(sitting)
    return render_template(
        "turnout/kiosk.html", holder=holder, sitting=sitting, title=in_language(sitting.title, str(get_locale())), form=form or KioskForm(formdata=None),
        walk_in=walk_in, lang=request.args.get("lang"),
    )  # fmt: skip


@blueprint.post("/kiosk/<token>/check-ins")
@public("a person at the kiosk types the code of their own pass; this lets that person in")
def kiosk_check_in_post(token: str):
    (holder, sitting), form = _enter(token, "kiosk"), KioskForm()
    return submit(
        form,
        lambda: _welcome(actions.check_in(holder.actor, sitting, CheckIn(f"kiosk-{form.once.data}", code=_code(form)), now=now())),
        then=lambda _in: _back(token),
        page=lambda: _kiosk(holder, sitting, form),
    )


def _code(form: KioskForm) -> str:
    code = rules.read_code(form.code.data or "")
    if isinstance(code, Reason):
        raise Refused(Reason(code.text, code.params, "code"))
    return code


def _welcome(outcome: Outcome) -> None:
    if outcome.result == "unknown":
        raise Refused(Reason(rules.NO_SUCH_CODE, {}, "code"))
    if outcome.reasons:
        raise Refused(outcome.reasons)
    words = rules.IN_ALREADY if outcome.result == "already" else rules.WELCOME
    flash(_(words, name=outcome.name), "yes")


@blueprint.post("/kiosk/<token>/walk-ins")
@public("a person at the kiosk who is not on the list signs themselves in")
def kiosk_walk_in_post(token: str):
    (holder, sitting), form = _enter(token, "kiosk"), WalkInForm()
    form.partner_id.choices = queries.organizations_at(sitting)
    tap = CheckIn(
        f"kiosk-walk-{form.once.data}", name=form.name.data or "", partner_id=form.partner_id.data, phone=form.phone.data or "",
        language=form.language.data or "en", needs=form.needs.data or "", has_consented=form.has_consented.data, wording=_(rules.CONSENT_WORDING),
    )  # fmt: skip
    return submit(
        form,
        lambda: _welcome(actions.check_in(holder.actor, sitting, tap, now=now())),
        then=lambda _in: _back(token),
        page=lambda: _kiosk(holder, sitting, walk_in=form),
    )


def _back(token: str) -> str:
    return url_for("turnout_hall.kiosk_get", token=token, **({"lang": request.args["lang"]} if "lang" in request.args else {}))


@blueprint.get("/hall/<token>")
@public("the projector's computer holds this link; it shows counts and the program, and changes nothing")
def hall_get(token: str) -> Any:
    holder, sitting = _enter(token, "hall")
    return render_template(
        "turnout/hall.html", holder=holder, sitting=sitting, wall=queries.wall_of(sitting, now()), both=in_language, now=now(),
        lang=request.args.get("lang"),
    )  # fmt: skip
