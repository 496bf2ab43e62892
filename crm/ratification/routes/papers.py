"""Paper ballots at the tally committee: batches that two people enter apart from each other, and the word that all are in."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import get_locale

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.ratification import queries
from crm.ratification.actions import paper as actions
from crm.ratification.forms import BatchForm
from crm.ratification.models import Electorate, Ratification
from crm.ratification.queries.paper import batch_for, batches_of, paper_count, readings_of, secret_electorate, secret_electorates
from crm.ratification.routes.manage import blueprint
from crm.ratification.rules import paper as rules
from crm.ratification.rules.board import SMALL_GROUP
from crm.ratification.rules.contests import kind_of, read_marks
from crm.ratification.rules.reports import option_names, said


def chosen_group() -> str | None:
    """The key of the group that was picked; groups are entered and handed out apart."""
    return request.values.get("group")


def groups_of(row: Ratification, chosen: Electorate) -> dict[str, Any]:
    """The groups between which a page offers to pick, and the one it shows; its key is named only where there are several."""
    groups = secret_electorates(row)
    return {"groups": groups, "group": chosen, "group_key": chosen.key if len(groups) > 1 else None}


def _then(id: int) -> str:
    return url_for("ratifications.papers_get", id=id, group=chosen_group())


def _page(id: int, form: Form) -> str:
    row = queries.owned_for(actor(), id)
    electorate = secret_electorate(row, chosen_group())
    batches, count = batches_of(electorate.id), paper_count(electorate.id)
    return render_template(
        "ratification/papers.html", row=row, **groups_of(row, electorate), form=form, batches=batches, count=count,
        batch_form=form if isinstance(form, BatchForm) else BatchForm(formdata=None),
        held=sum(batch.size for batch in batches if batch.state == "held"), waiting=sum(batch.size for batch in batches),
        out=rules.not_returned(count.issued, count.returned), me=actor().account_id, smallest=SMALL_GROUP,
    )


@blueprint.get("/votes/<int:id>/papers")
@allow(Action.RUN_VOTES)
def papers_get(id: int):
    return _page(id, Form())


@blueprint.post("/votes/<int:id>/papers")
@allow(Action.RUN_VOTES)
def papers_post(id: int):
    form = BatchForm()
    return submit(form, lambda: actions.begin_batch(actor(), id, form.size.data, chosen_group(), now=now()),
                  then=lambda batch_id: url_for("ratifications.batch_get", id=id, batch_id=batch_id, group=chosen_group()), page=lambda: _page(id, form))


def _batch_page(id: int, batch_id: int, form: Form) -> str:
    row = queries.owned_for(actor(), id)
    electorate, batch = batch_for(actor(), row, batch_id)
    rule, planks, language = actions.rule_of(row, electorate), row.manifest["planks"], str(get_locale())
    readings = readings_of(batch)
    settles = batch.state == "differs"
    return render_template(
        "ratification/paper_batch.html", row=row, batch=batch, **groups_of(row, electorate), form=form, planks=planks, rule=rule,
        settles=settles, typed=_typed(), kind=kind_of(rule) if rule.get("contest") else "plank", contest=rule.get("contest"),
        readings=readings if settles else ({}, {}),
        options=option_names(rule, language, row.manifest["edition"]["authentic"]) if rule.get("contest") else [], read_marks=read_marks,
        places=rules.differences(*readings) if settles else list(range(1, batch.size + 1)), name=lambda words: said(words, language),
        is_mine=batch.first_account_id == actor().account_id and batch.second_account_id is None,
    )


def _typed() -> dict[str, str]:
    return {name: value for name, value in request.form.items() if name.startswith("b")}


@blueprint.get("/votes/<int:id>/papers/<int:batch_id>")
@allow(Action.RUN_VOTES)
def batch_get(id: int, batch_id: int):
    return _batch_page(id, batch_id, Form())


def _in_batch(id: int, batch_id: int, verb: Any, *arguments: Any) -> Any:
    form = Form()
    return submit(form, lambda: verb(actor(), id, batch_id, *arguments, now=now()), then=_then,
                  page=lambda: _batch_page(id, batch_id, form))


@blueprint.post("/votes/<int:id>/papers/<int:batch_id>")
@allow(Action.RUN_VOTES)
def batch_post(id: int, batch_id: int):
    return _in_batch(id, batch_id, actions.enter_batch, _typed())


@blueprint.post("/votes/<int:id>/papers/<int:batch_id>/settled")
@allow(Action.RUN_VOTES)
def batch_settled_post(id: int, batch_id: int):
    return _in_batch(id, batch_id, actions.settle_batch, _typed())


@blueprint.post("/votes/<int:id>/papers/<int:batch_id>/removal")
@allow(Action.RUN_VOTES)
def batch_removal_post(id: int, batch_id: int):
    return _in_batch(id, batch_id, actions.throw_batch_away)


@blueprint.post("/votes/<int:id>/papers/finished")
@allow(Action.RUN_VOTES)
def papers_finished_post(id: int):
    form = Form()
    return submit(form, lambda: actions.say_finished(actor(), id, "again" not in request.form, chosen_group(), now=now()),
                  then=_then, page=lambda: _page(id, form))
