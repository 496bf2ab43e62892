"""The staffing plan: who looks after whom on the day, printable; stipends with what is promised and paid."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale

from crm.assemblies.queries import assembly_for, sessions_of
from crm.assemblies.rules import in_language
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.money import show_cents
from crm.kernel.permissions import Action
from crm.turnout import actions, queries, rules
from crm.turnout.forms import HelperForm, PlanForm
from crm.turnout.routes.board import titled

blueprint = Blueprint("turnout_staffing", __name__)


@blueprint.get("/assemblies/<int:id>/staffing")
@allow(Action.SEE_ASSEMBLIES)
def staffing_get(id: int):
    return _page(id)


def _page(id: int, form: HelperForm | None = None, refused: PlanForm | None = None) -> str:
    assembly = assembly_for(actor(), id)
    sittings = sessions_of(assembly)
    names = {one.id: in_language(one.title, str(get_locale())) for one in sittings}
    return render_template(
        "turnout/staffing.html", assembly=assembly, title=titled(assembly), plans=queries.staffing_of(id), form=form or _helper_form(names), refused=refused,
        kinds=rules.SUPPORTS, states=rules.SUPPORT_STATES, age_groups=rules.AGE_GROUPS, sittings=names, rooms={one.id: one.place for one in sittings},
        interpreters=rules.INTERPRETERS, money=show_cents, may_plan=actor().may(Action.RUN_ASSEMBLIES) and assembly.org_id == actor().org_id,
        is_over=assembly.day < now().date() or assembly.state == "finished",
    )  # fmt: skip


def _helper_form(sittings: dict[int, str]) -> HelperForm:
    return HelperForm(sittings.items())


@blueprint.post("/assemblies/<int:id>/helpers")
@allow(Action.RUN_ASSEMBLIES)
def helpers_post(id: int):
    form = _helper_form({one.id: in_language(one.title, str(get_locale())) for one in sessions_of(assembly_for(actor(), id))})
    return submit(
        form,
        lambda: actions.add_helper(
            actor(), id, kind=form.helps.data or "", name=form.name.data or "", places=form.places.data, detail=form.detail.data or "",
            session_id=form.session_id.data or None, now=now(),
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
