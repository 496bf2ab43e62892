"""The page behind an invitation by lot: a household says whether somebody of it would take part."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import get_locale

from crm.assemblies import queries as doors
from crm.assemblies import rules
from crm.assemblies.actions import recruitment as actions
from crm.assemblies.actions import responses
from crm.assemblies.forms.recruitment import AnswerForm, registration_form
from crm.assemblies.lottery.files import quota_values
from crm.assemblies.models import Assembly, Recruitment
from crm.assemblies.queries import recruitment as queries
from crm.assemblies.queries.recruitment import Invited
from crm.assemblies.routes.blueprint import blueprint
from crm.infra.auth import public
from crm.infra.clock import now
from crm.infra.db import session
from crm.infra.web import submit
from crm.organizations.queries import organization_of


@blueprint.get("/lottery/<token>")
@public("an invited household holds this link; reading it changes nothing")
def registration_get(token: str) -> str:
    """Who invites, for what, and the question."""
    return _page(_holder(token))


@blueprint.post("/lottery/<token>")
@public("an invited household holds this link; only this button answers")
def registration_post(token: str) -> Any:
    """Writes the answer down; it can be changed until the pool is frozen."""
    holder = _holder(token)
    form = registration_form(quota_values(_recruitment(holder).quotas, []))
    lang = {"lang": request.args["lang"]} if "lang" in request.args else {}
    return submit(
        form, lambda: responses.answer_by_link(holder.actor, holder.subject_id, form.said(str(get_locale() or "en")[:2]), now=now()),
        then=lambda _done: url_for("assemblies.registration_get", token=token, **lang), page=lambda: _page(holder, form))


def _holder(token: str) -> Invited:
    holder = Invited.of(token, now())
    g.actor = None  # whoever is signed in on this phone, this page is the household's
    return holder


def _recruitment(holder: Invited) -> Recruitment:
    return session().get_one(Recruitment, (holder.org_id, queries.invitation_for(holder.subject_id).recruitment_id))


def _page(holder: Invited, form: AnswerForm | None = None) -> str:
    invitation, row = queries.invitation_for(holder.subject_id), _recruitment(holder)
    g.language = g.get("language") or queries.household_of(invitation).language or None
    assembly = session().get_one(Assembly, row.assembly_id)
    g.time_zone = assembly.time_zone
    quotas = quota_values(row.quotas, [])
    return render_template(
        "assemblies/registration.html", holder=holder, invitation=invitation, recruitment=row, assembly=assembly, title=_title(assembly),
        slip_name=organization_of(holder.actor).name, sitting=doors.main_session(assembly, doors.sessions_of(assembly)),
        is_closed=actions.is_closed(row), lang=request.args.get("lang"), form=form or registration_form(quotas, formdata=None, **_said(invitation, quotas)),
    )


def _title(assembly: Assembly) -> str:
    return rules.in_language(assembly.title, str(get_locale() or "en")[:2])


def _said(invitation: Any, quotas: dict[str, list[str]]) -> dict[str, Any]:
    """What was answered before, so that a change begins there."""
    told = queries.told_of(invitation)
    features = {f"feature_{n}": told.get("features", {}).get(feature) for n, feature in enumerate(quotas)}
    return {"answer": invitation.answer or None, **{name: told.get(name) for name in ("name", "phone", "email")}, **features}
