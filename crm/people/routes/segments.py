"""Lists: saved filters, built as a sentence one line at a time."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Refused
from crm.people import actions, queries, rules
from crm.people.forms import SegmentForm
from crm.people.models import Segment
from crm.people.routes.base import blueprint
from crm.people.routes.words import say_definition

IN_USE = N_("Other work still uses this list, such as a text that was sent to it, so it stays.")


@blueprint.get("/lists")
@allow(Action.SEE_PEOPLE)
def segments_get():
    """All saved lists with their counts."""
    saved, facts = queries.segments(actor()), queries.facts_for(actor())
    rows = [(each, count, say_definition(actor(), each.definition, facts)) for each, count in zip(saved, queries.count_segments(saved, now()), strict=True)]
    return render_template("people/segments.html", rows=rows)


@blueprint.get("/lists/new")
@allow(Action.EDIT_PEOPLE)
def segment_new_get():
    """A list being built, from the chips of the people page if there are any."""
    chips = [c for text in request.args.getlist("f") if (c := rules.read_filter(text))]
    start = queries.segment_for(actor(), request.args["list"]).definition if request.args.get("list", type=int) else {"all": []}
    rows = [*(rules.conditions_of(start) or []), *chips]
    return _builder(SegmentForm(formdata=None), rows)


@blueprint.post("/lists/new")
@allow(Action.EDIT_PEOPLE)
def segment_new_post():
    """Adds or removes a line, or saves the list."""
    return _work(None)


@blueprint.get("/lists/<int:id>/edit")
@allow(Action.EDIT_PEOPLE)
def segment_edit_get(id: int):
    """A saved list, to be changed."""
    segment = queries.segment_for(actor(), id)
    return _builder(SegmentForm(formdata=None, name=segment.name), rules.conditions_of(segment.definition), segment)


@blueprint.post("/lists/<int:id>/edit")
@allow(Action.EDIT_PEOPLE)
def segment_edit_post(id: int):
    """Adds or removes a line, or saves the list."""
    return _work(queries.segment_for(actor(), id))


@blueprint.post("/lists/<int:id>/removal")
@allow(Action.EDIT_PEOPLE)
def segment_removal_post(id: int):
    """Removes a list; nobody in it is touched."""
    segment = queries.segment_for(actor(), id)
    form = SegmentForm()
    page = lambda: _builder(form, rules.conditions_of(segment.definition), segment)  # noqa: E731
    try:
        return submit(form, lambda: actions.remove_segment(actor(), id, now=now()), lambda _n: _gone(), page)
    except IntegrityError:
        form.refusals.extend(Refused(IN_USE).reasons)
        return page(), 422


def _gone() -> str:
    flash(_("The list is gone. The people in it stay."), "yes")
    return url_for("people.people_get")


def _typed() -> list[rules.Condition]:
    lines = zip(*(request.form.getlist(name) for name in ("fact", "comparison", "value", "joiner")), strict=False)
    return [rules.Condition(*line) for line in lines][:40]


def _work(segment: Segment | None):
    form, rows = SegmentForm(), _typed()
    if (gone := request.form.get("without", type=int)) is not None and 0 <= gone < len(rows):
        return _builder(form, rows[:gone] + rows[gone + 1 :], segment)
    if request.form.get("add") and request.form.get("new_fact") in (facts := queries.facts_for(actor())):
        fact = facts[request.form["new_fact"]]
        joiner = "or" if request.form.get("new_joiner") == "or" else "and"
        return _builder(form, [*rows, rules.Condition(fact.name, next(iter(rules.COMPARISONS[fact.kind])), "", joiner)], segment)
    if not request.form.get("save"):
        return _builder(form, rows, segment)
    definition = rules.definition_of(rows)
    return submit(
        form,
        lambda: actions.save_segment(actor(), form.name.data or "", definition, now=now(), segment_id=segment.id if segment else None),
        then=lambda id: url_for("people.people_get", list=id),
        page=lambda: _builder(form, rows, segment),
    )


def _builder(form: SegmentForm, rows: list[rules.Condition] | None, segment: Segment | None = None) -> str:
    """The page of a list: its lines, how many people it stands for, and the first of them."""
    facts = queries.facts_for(actor())
    kinds = {name: fact.kind for name, fact in facts.items()}
    whole = [row for row in rows or [] if not rules.issues_in_definition(row.as_dict(), kinds)]
    definition = rules.definition_of(whole) if rows is not None else segment.definition
    page = queries.people_page(actor(), definition, "", "name", None, now=now(), size=8)
    used = {row.fact: facts[row.fact].choices_for(actor()) for row in rows or [] if row.fact in facts}
    return render_template(
        "people/segment_edit.html",
        form=form,
        rows=rows,
        segment=segment,
        facts=facts,
        choices=used,
        comparisons=rules.COMPARISONS,
        count=queries.count_people(definition, now()),
        page=page,
        is_whole=rows is None or len(whole) == len(rows),
        sentence=say_definition(actor(), definition, facts),
    )
