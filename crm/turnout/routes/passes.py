"""The member's own page for an assembly, reached by the link in a text: when, where, my answer, my code."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.assemblies.models import Assembly
from crm.assemblies.queries import assembly_for, convener_of, main_session, sessions_of
from crm.assemblies.queries.instructions import instructions_to
from crm.assemblies.rules import entries_of, in_language, write_calendar
from crm.assemblies.rules.delegations import STANCES
from crm.infra.auth import public
from crm.infra.clock import now
from crm.infra.web import submit
from crm.organizations.queries import organization_of
from crm.turnout import actions, queries, rules
from crm.turnout.forms import MemberAnswerForm
from crm.turnout.routes.childcare import slot_words

blueprint = Blueprint("turnout_passes", __name__)
OWN_SUPPORTS = ("ride", "interpretation", "access", "meal")


def _holder(token: str) -> queries.Holder:
    holder = queries.Holder.of(token, "pass", now())
    g.actor = None  # whoever is signed in on this phone, this page is the member's
    return holder


@blueprint.get("/me/<token>")
@public("a member holds this link; reading it changes nothing")
def pass_get(token: str):
    return _page(_holder(token))


def _page(holder: queries.Holder, form: MemberAnswerForm | None = None) -> str:
    rsvp = queries.rsvp_for(holder.actor, holder.subject_id)
    g.language = g.get("language") or rsvp.language
    assembly = assembly_for(holder.actor, rsvp.assembly_id)
    g.time_zone = assembly.time_zone
    sessions, is_over = sessions_of(assembly), bool(rules.may_answer(assembly.state))
    sitting = main_session(assembly, sessions)
    supports = queries.supports_of([rsvp.id]).get(rsvp.id, {})
    own = organization_of(holder.actor)
    form = form or _form(assembly, formdata=None, guests=rsvp.guests).show(supports)
    return render_template(
        "turnout/pass.html",
        holder=holder,
        rsvp=rsvp,
        form=form,
        sitting=sitting,
        slip_name=own.name,
        hosts=convener_of(assembly).name if own.id != assembly.org_id else "",
        title=in_language(assembly.title, str(get_locale())),
        own_supports=OWN_SUPPORTS,
        code=rules.show_code(rsvp.code),
        qr_text=rules.QR_PREFIX + rules.show_code(rsvp.code),
        afar=[] if is_over else [one for one in sessions if one.link_for_all and one.ends_at > now()],
        table=next((number for ask in queries.TABLE_OF if (number := ask(holder.actor, assembly.id, rsvp.id))), None),
        instructions=instructions_to(holder.actor, assembly.id, rsvp.person_id) if rsvp.person_id else [],
        stances=STANCES,
        is_over=is_over,
        lang=request.args.get("lang"),
    )


def _form(assembly: Assembly, **kwargs: Any) -> MemberAnswerForm:
    """With the hours of childcare that can still be asked for."""
    g.time_zone = assembly.time_zone
    slots = queries.care_of(assembly.id, assembly.time_zone).ahead(now())
    return MemberAnswerForm(slots, slot_words(slots), **kwargs)


@blueprint.get("/me/<token>/calendar.ics")
@public("a member holds this link; the sessions for their own calendar, with the link for taking part from afar")
def pass_calendar_get(token: str) -> Response:
    """The same sessions as in everybody's file, under the same numbers, so that a phone which has that one keeps one entry."""
    holder = _holder(token)
    rsvp = queries.rsvp_for(holder.actor, holder.subject_id)
    g.language = g.get("language") or rsvp.language
    assembly = assembly_for(holder.actor, rsvp.assembly_id)
    page = url_for("assemblies.public_get", slug=assembly.slug, _external=True)
    join = "" if rules.may_answer(assembly.state) else _("Take part from afar")
    entries = entries_of(assembly, sessions_of(assembly), str(get_locale()), page, join)
    return Response(write_calendar(entries, now()), mimetype="text/calendar", headers={"Content-Disposition": f"attachment; filename={assembly.slug}.ics"})


@blueprint.post("/me/<token>/answer")
@public("a member holds this link; only this button changes their answer")
def pass_answer_post(token: str):
    holder = _holder(token)
    form = _form(assembly_for(holder.actor, queries.rsvp_for(holder.actor, holder.subject_id).assembly_id))
    lang = {"lang": request.args["lang"]} if "lang" in request.args else {}
    return submit(
        form,
        lambda: actions.answer_by_pass(holder, form.answer(), now=now()),
        then=lambda _rsvp: url_for("turnout_passes.pass_get", token=token, **lang),
        page=lambda: _page(holder, form),
    )
