"""Amendments: proposed by partners, read as differences, adopted, refused or withdrawn."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing, Refusal
from crm.platforms import actions, queries
from crm.platforms.forms import ButtonForm, DecisionForm, amendment_form
from crm.platforms.models import Plank, Platform
from crm.platforms.routes.shared import blueprint, from_tables, rights

KINDS = ("change", "add", "strike")


def _proposal(form: Form) -> dict:
    return {
        "kind": form.kind.data, "plank_id": form.plank_id.data, "base_version": form.base_version.data,
        "titles": form.by_language("title"), "texts": form.by_language("text"), "sections": form.by_language("section"),
        "reason": form.reason.data, "moved_by": form.moved_by.data, "supporters": form.supporters.data,
    }


def _form_page(platform: Platform, form: Form, kind: str, plank: Plank | None, **more: Any) -> str:
    words = queries.version_of(plank, plank.version) if plank else None
    return render_template(
        "platforms/amendment_new.html", platform=platform, form=form, kind=kind, plank=plank, words=words, **more
    )


@blueprint.get("/platforms/<int:id>/amendments/new")
@allow(Action.DRAFT_PLATFORMS)
def amendment_new_get(id: int):
    platform, kind = queries.platform_for(actor(), id), request.args.get("kind", "change")
    plank_id = request.args.get("plank", type=int)
    if kind not in KINDS or (kind == "add") != (plank_id is None):
        raise Missing()
    plank = queries.plank_for(actor(), id, plank_id) if plank_id else None
    form = amendment_form(platform.languages, kind=kind, plank_id=plank_id, moved_by=actor().name)
    if plank:
        words = queries.version_of(plank, plank.version)
        form.base_version.data = plank.version
        form.fill("title", words.titles)
        form.fill("text", words.texts)
    return _form_page(platform, form, kind, plank, **(from_tables(form) if kind == "add" else {}))


@blueprint.post("/platforms/<int:id>/amendments")
@allow(Action.DRAFT_PLATFORMS)
def amendment_new_post(id: int):
    form = amendment_form(queries.platform_for(actor(), id).languages)
    kind, plank_id = form.kind.data, form.plank_id.data
    if kind not in KINDS or (kind == "add") != (plank_id is None):
        raise Missing()

    def page() -> str:
        plank = queries.plank_for(actor(), id, plank_id) if plank_id else None
        return _form_page(queries.platform_for(actor(), id), form, kind, plank)

    return submit(
        form, lambda: actions.propose_amendment(actor(), id, _proposal(form), now=now()),
        then=lambda amendment_id: _to(id, amendment_id, _("The amendment is proposed. All partners can read it.")),
        page=page,
    )


def _to(id: int, amendment_id: int, said: str) -> str:
    flash(said, "yes")
    return url_for("platforms.amendment_get", id=id, amendment_id=amendment_id)


def _amendment_page(id: int, amendment_id: int, form: DecisionForm | None = None) -> str:
    platform = queries.platform_for(actor(), id)
    found = queries.amendment_row(actor(), platform, amendment_id)
    amendment, plank, base, plan = found.amendment, None, None, None
    if amendment.plank_id and amendment.kind != "add":
        plank = queries.plank_for(actor(), id, amendment.plank_id)
        base = queries.version_of(plank, amendment.base_version)
    if amendment.state == "proposed" and amendment.kind == "change":
        plan = actions.adoption_of(platform, plank, amendment)
    return render_template(
        "platforms/amendment.html", platform=platform, found=found, amendment=amendment, plank=plank, base=base,
        plan=plan, clashes=plan.reasons if isinstance(plan, Refusal) else (), form=form or DecisionForm(formdata=None),
        show=request.args.get("show", "changes"), button=ButtonForm(formdata=None),
        organizations=queries.organizations_of(platform), positions=queries.positions_of(platform), **rights(platform),
    )


@blueprint.get("/platforms/<int:id>/amendments/<int:amendment_id>")
@allow(Action.SEE_PLATFORMS)
def amendment_get(id: int, amendment_id: int):
    return _amendment_page(id, amendment_id)


@blueprint.post("/platforms/<int:id>/amendments/<int:amendment_id>/decision")
@allow(Action.DECIDE_AMENDMENTS)
def decision_post(id: int, amendment_id: int):
    queries.platform_of_owner(actor(), id)
    form = DecisionForm()

    def decide() -> int:
        return actions.decide_amendment(actor(), id, amendment_id, form.verb.data, form.reason.data, now=now())

    said = _("The amendment is refused, with the reason.")
    if form.verb.data == "adopt":
        said = _("The amendment is adopted. The plank has its words.")
    return submit(
        form, decide, then=lambda _id: _to(id, amendment_id, said),
        page=lambda: _amendment_page(id, amendment_id, form),
    )


@blueprint.post("/platforms/<int:id>/amendments/<int:amendment_id>/withdrawal")
@allow(Action.DRAFT_PLATFORMS)
def withdrawal_post(id: int, amendment_id: int):
    form = ButtonForm()
    return submit(
        form, lambda: actions.withdraw_amendment(actor(), id, amendment_id, now=now()),
        then=lambda _id: _to(id, amendment_id, _("The amendment is withdrawn.")),
        page=lambda: render_template("errors/422.html", reasons=form.refusals),
    )
