"""An assembly's own seats and standing rules, with their history."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from crm.assemblies.actions import composition as actions
from crm.assemblies.forms.composition import GroupForm, PlacedForm, RuleForm
from crm.assemblies.playbooks import playbook_in_force
from crm.assemblies.routes.blueprint import blueprint, frame, opened_to_run
from crm.assemblies.rules.composition import mark_of
from crm.assemblies.rules.words import SENTENCES
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action


@blueprint.get("/assemblies/<int:id>/seats")
@allow(Action.RUN_ASSEMBLIES)
def composition_get(id: int) -> str:
    """Seats and rules as they stand; ?group= or ?rule= opens one to be changed."""
    return _page(id)


@blueprint.post("/assemblies/<int:id>/seats/groups")
@allow(Action.RUN_ASSEMBLIES)
def groups_post(id: int) -> Any:
    """Adds or changes a group of seats, or removes it."""
    form = GroupForm()
    new = lambda: None if request.form.get("remove") else form.group()  # noqa: E731
    return _change(id, form, lambda who, at: actions.put_group(who, id, form.place, form.was.data or "", new(), form.reason.data or "", now=at))


@blueprint.post("/assemblies/<int:id>/seats/rules")
@allow(Action.RUN_ASSEMBLIES)
def rules_post(id: int) -> Any:
    """Adds or changes a standing rule, or removes it."""
    form = RuleForm()
    new = lambda: None if request.form.get("remove") else form.rule()  # noqa: E731
    return _change(id, form, lambda who, at: actions.put_rule(who, id, form.place, form.was.data or "", new(), form.reason.data or "", now=at))


def _change(id: int, form: PlacedForm, act: Callable[[Actor, Any], Any]) -> Any:
    who, at = actor(), now()
    opened_to_run(id)
    return submit(form, lambda: act(who, at), then=lambda _done: url_for("assemblies.composition_get", id=id), page=lambda: _page(id, form))


def _page(id: int, form: PlacedForm | None = None) -> str:
    assembly = opened_to_run(id)
    playbook = playbook_in_force(assembly)
    return render_template(
        "assemblies/composition.html", **frame(assembly), playbook=playbook, form=form, history=actions.history_of(assembly),
        sentence=lambda event: _(SENTENCES[event.verb]) % {"by": event.actor_name or "?"},
        group_form=form if isinstance(form, GroupForm) else GroupForm(formdata=None, **_opened("group", [g.as_data() for g in playbook.groups])),
        rule_form=form if isinstance(form, RuleForm) else RuleForm(formdata=None, **_opened("rule", [dict(rule) for rule in playbook.rules])),
    )


def _opened(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What a form begins with: the group or rule that the address names, else nothing."""
    at = read_id(request.args.get(name))
    if at is None or at >= len(rows):
        return {}
    row = rows[at]
    both = {"who": row.get("who", {}), "per": row.get("per", {}), "rule": row}
    words = {f"{key}_{tag}": text.get(tag) for key, text in both.items() for tag in ("en", "es")}
    return {"at": str(at), "was": mark_of(row), **words, **{key: row[key] for key in ("count", "role", "selection", "is_voting") if key in row}}
