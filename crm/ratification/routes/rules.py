"""The rule of one electorate of a draft, in depth."""

from flask import redirect, render_template, url_for
from flask_babel import get_locale

from crm.assemblies.queries.seats import assemblies_with_seats
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.ratification import actions, queries
from crm.ratification.forms.rules import RuleForm, rule_values
from crm.ratification.models import Electorate
from crm.ratification.routes.manage import blueprint


def _electorate(id: int, electorate_id: int) -> Electorate:
    found = next((e for e in queries.electorates_of(queries.owned_for(actor(), id)) if e.id == electorate_id), None)
    if found is None:
        raise Missing
    return found


def _page(id: int, electorate: Electorate, form: RuleForm) -> str:
    return render_template("ratification/rule.html", row=queries.owned_for(actor(), id), electorate=electorate, form=form)


@blueprint.get("/votes/<int:id>/rules/<int:electorate_id>")
@allow(Action.RUN_VOTES)
def rule_get(id: int, electorate_id: int):
    row, electorate = queries.owned_for(actor(), id), _electorate(id, electorate_id)
    if row.state != "draft":
        return redirect(url_for("ratifications.ratification_get", id=id))
    form = RuleForm(data=rule_values(electorate)).offer(electorate, assemblies_with_seats(actor()), str(get_locale()))
    return _page(id, electorate, form)


@blueprint.post("/votes/<int:id>/rules/<int:electorate_id>")
@allow(Action.RUN_VOTES)
def rule_post(id: int, electorate_id: int):
    form = RuleForm().offer(_electorate(id, electorate_id), assemblies_with_seats(actor()), str(get_locale()))
    return submit(
        form,
        lambda: actions.change_rule(actor(), id, electorate_id, form.facts(), now=now()),
        then=lambda id: url_for("ratifications.opening_get", id=id),
        page=lambda: _page(id, _electorate(id, electorate_id), form),
    )
