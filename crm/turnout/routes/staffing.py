"""The staffing plan: who looks after whom on the day, printable; stipends with what is promised and paid."""

from flask import Blueprint, g, render_template, request, url_for
from flask_babel import get_locale

from crm.assemblies.models import Assembly
from crm.assemblies.queries import assembly_for, sessions_of
from crm.assemblies.rules import in_language
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.money import show_cents
from crm.kernel.permissions import Action
from crm.turnout import actions, queries, rules
from crm.turnout.forms import CareForm, HelperForm, PlanForm
from crm.turnout.routes.board import titled
from crm.turnout.routes.childcare import care_shown, slot_words

blueprint = Blueprint("turnout_staffing", __name__)


@blueprint.get("/assemblies/<int:id>/staffing")
@allow(Action.SEE_ASSEMBLIES)
def staffing_get(id: int):
    return _page(id)


def _page(id: int, form: HelperForm | None = None, refused: PlanForm | None = None, care_form: CareForm | None = None) -> str:
    assembly = assembly_for(actor(), id)
    sittings, care, plans = sessions_of(assembly), _care(assembly), queries.staffing_of(id)
    names = {one.id: in_language(one.title, str(get_locale())) for one in sittings}
    childcare = plans["childcare"]
    return render_template(
        "turnout/staffing.html", assembly=assembly, title=titled(assembly), plans=plans, form=form or _helper_form(assembly), refused=refused,
        kinds=rules.SUPPORTS, states=rules.SUPPORT_STATES, sittings=names, rooms={one.id: one.place for one in sittings},
        interpreters=rules.INTERPRETERS, money=show_cents, may_plan=actor().may(Action.RUN_ASSEMBLIES) and assembly.org_id == actor().org_id,
        is_over=assembly.day < now().date() or assembly.state == "finished", care=care, slots=queries.slot_rows(care, childcare),
        slot_words=dict(slot_words(care.slots)), unknown=queries.hours_unknown(care, childcare), **care_shown(care),
        care_form=care_form or CareForm(formdata=None, minutes=care.minutes, **care.ratios),
    )  # fmt: skip


def _care(assembly: Assembly) -> queries.Care:
    g.time_zone = assembly.time_zone
    return queries.care_of(assembly.id, assembly.time_zone)


def _helper_form(assembly: Assembly) -> HelperForm:
    sittings = [(one.id, in_language(one.title, str(get_locale()))) for one in sessions_of(assembly)]
    form = HelperForm(sittings, slot_words(_care(assembly).slots))
    if request.args.get("helps") in rules.SUPPORTS and not form.is_submitted():
        form.helps.data = request.args["helps"]
    return form


@blueprint.post("/assemblies/<int:id>/childcare")
@allow(Action.RUN_ASSEMBLIES)
def care_post(id: int):
    form = CareForm()
    return submit(
        form,
        lambda: actions.set_care(actor(), id, form.ratios(), form.minutes.data, now=now()),
        then=lambda _done: _at(id, "childcare"),
        page=lambda: _page(id, care_form=form),
    )


@blueprint.post("/assemblies/<int:id>/helpers")
@allow(Action.RUN_ASSEMBLIES)
def helpers_post(id: int):
    form = _helper_form(assembly_for(actor(), id))
    return submit(
        form,
        lambda: actions.add_helper(
            actor(), id, kind=form.helps.data or "", name=form.name.data or "", places=form.places.data, detail=form.detail.data or "",
            at=form.at.data or "0", now=now(),
        ),
        then=lambda _added: _at(id, form.helps.data),
        page=lambda: _page(id, form),
    )  # fmt: skip


@blueprint.post("/assemblies/<int:id>/helpers/<int:helper_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def helper_removal_post(id: int, helper_id: int):
    form = PlanForm()
    return submit(form, lambda: actions.drop_helper(actor(), id, helper_id, now=now()), then=lambda _id: _at(id), page=lambda: _page(id, refused=form))


@blueprint.post("/assemblies/<int:id>/supports/<int:support_id>/plan")
@allow(Action.RUN_ASSEMBLIES)
def support_plan_post(id: int, support_id: int):
    form = PlanForm()
    return submit(
        form,
        lambda: actions.plan_support(actor(), support_id, helper_id=form.helper_id.data, cents=form.cents(), now=now()),
        then=lambda assembly_id: _at(assembly_id, request.args.get("kind")),
        page=lambda: _page(id, refused=form),
    )


def _at(id: int, kind: str | None = None) -> str:
    return url_for("turnout_staffing.staffing_get", id=id, _anchor=kind if kind in rules.SUPPORTS else None)
