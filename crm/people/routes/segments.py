"""Lists: saved filters, built as a sentence; each press of a button brings the page back with everything that was typed."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Refused
from crm.people import actions, queries, rules
from crm.people.forms import SegmentForm
from crm.people.models import Segment
from crm.people.routes.asked import read_asked
from crm.people.routes.base import blueprint
from crm.people.routes.sentences import Sayer, say_definition

IN_USE = N_("Other work still uses this list, such as a text that was sent to it, so it stays.")


@blueprint.get("/lists")
@allow(Action.SEE_PEOPLE)
def segments_get():
    """All saved lists with their counts and what uses them; lists that count slowly are counted one by one, when asked."""
    me = actor()
    saved, facts = queries.segments(me), queries.facts_for(me)
    counts = queries.count_segments([each.definition for each in saved], now())
    sayer, uses = Sayer(me, facts), queries.uses_of(me, [each.id for each in saved])
    rows = [(each, n, say_definition(me, each.definition, facts, sayer), uses.get(each.id, [])) for each, n in zip(saved, counts, strict=True)]
    return render_template("people/segments.html", rows=rows, form=Form(formdata=None), removed=queries.removed_segments(me))


@blueprint.get("/lists/<int:id>/count")
@allow(Action.SEE_PEOPLE)
def segment_count_get(id: int):
    """How many are in one list, however long the count takes."""
    segment = queries.segment_for(actor(), id)
    return render_template("people/count.html", segment=segment, count=queries.count_people(segment.definition, now()))


@blueprint.get("/lists/new")
@allow(Action.EDIT_PEOPLE)
def segment_new_get():
    """A list being built, from the chips of the people page if there are any."""
    asked = read_asked()
    own = asked.segment.definition if asked.segment else {"all": []}
    chips = [c.as_dict() for c in asked.conditions]
    start = {"all": [*own["all"], *chips]} if "all" in own else {"all": [own, *chips]}
    return _builder(SegmentForm(formdata=None), rules.lines_of(start))


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
    form = SegmentForm(formdata=None, name=segment.name, is_shared=segment.is_shared)
    return _builder(form, rules.lines_of(segment.definition), segment)


@blueprint.post("/lists/<int:id>/edit")
@allow(Action.EDIT_PEOPLE)
def segment_edit_post(id: int):
    """Adds or removes a line, or saves the list."""
    return _work(queries.segment_for(actor(), id))


@blueprint.post("/lists/<int:id>/copy")
@allow(Action.EDIT_PEOPLE)
def segment_copy_post(id: int):
    """A list of one's own that begins as this one, opened for changes."""
    queries.segment_for(actor(), id)
    name = lambda name: _("Copy of %(name)s", name=name)  # noqa: E731
    return submit(
        Form(), lambda: actions.copy_segment(actor(), id, name, now=now()), lambda id: url_for("people.segment_edit_get", id=id), segments_get
    )


@blueprint.post("/lists/<int:id>/removal")
@allow(Action.EDIT_PEOPLE)
def segment_removal_post(id: int):
    """Removes a list; nobody in it is touched, and it can be brought back."""
    segment = queries.segment_for(actor(), id)
    form = SegmentForm()
    page = lambda: _builder(form, rules.lines_of(segment.definition), segment)  # noqa: E731
    try:
        return submit(form, lambda: actions.remove_segment(actor(), id, now=now()), lambda _n: _gone(), page)
    except IntegrityError:
        form.refusals.extend(Refused(IN_USE).reasons)
        return page(), 422


@blueprint.post("/lists/<int:id>/return")
@allow(Action.EDIT_PEOPLE)
def segment_return_post(id: int):
    """Brings a removed list back."""
    form = Form()
    return submit(form, lambda: actions.restore_segment(actor(), id, now=now()), lambda id: url_for("people.people_get", list=id), segments_get)


def _gone() -> str:
    flash(_("The list is gone. The people in it stay. You can bring it back below."), "yes")
    return url_for("people.segments_get")


NAMES = ("depth", "join", "fact", "comparison", "value", "more")


def _typed() -> list[rules.Line]:
    """The lines as they stand on the page, each at a depth that it can have."""
    lines = []
    for depth, join, fact, comparison, value, more in list(zip(*(request.form.getlist(name) for name in NAMES), strict=False))[:80]:
        whole = f"{value}:{more}" if more else value
        lines.append(rules.Line(int(depth) if depth.isascii() and depth.isdigit() else 1, join, fact, comparison, whole))
    return rules.lines_of(rules.tree_of(lines))


def _changed(lines: list[rules.Line], facts: dict[str, queries.Fact]) -> list[rules.Line]:
    """The lines after the button that was pressed."""
    press = {name: request.form.get(name, type=int) for name in ("without", "add", "group")}
    here = {name: n for name, n in press.items() if n is not None and 0 <= n < len(lines)}
    if "without" in here:
        return rules.without(lines, here["without"])
    if "group" in here and (depth := lines[here["group"]].depth + 1) <= rules.DEEPEST:
        return rules.with_inside(lines, here["group"], rules.Line(depth, "any"))
    if "add" in here and (fact := facts.get(request.form.get(f"fact-for-{here['add']}", ""))):
        line = rules.Line(lines[here["add"]].depth + 1, "", fact.name, next(iter(rules.COMPARISONS[fact.kind])))
        return rules.with_inside(lines, here["add"], line)
    return lines


def _work(segment: Segment | None):
    form, facts, lines = SegmentForm(), queries.facts_for(actor()), _typed()
    if not request.form.get("save"):
        return _builder(form, _changed(lines, facts), segment)
    id, name, is_shared = segment.id if segment else None, form.name.data or "", bool(form.is_shared.data)
    return submit(
        form,
        lambda: actions.save_segment(actor(), name, rules.tree_of(lines), now=now(), segment_id=id, is_shared=is_shared),
        then=lambda id: url_for("people.people_get", list=id),
        page=lambda: _builder(form, lines, segment),
    )


def _builder(form: SegmentForm, lines: list[rules.Line], segment: Segment | None = None) -> str:
    """The page of a list: its lines, how many people it stands for, and the first of them."""
    facts = queries.facts_for(actor())
    kinds, tree = {name: fact.kind for name, fact in facts.items()}, rules.tree_of(lines)
    definition = rules.pruned(tree, kinds)
    page = queries.people_page(actor(), definition, "", "name", None, now=now(), size=8)
    return render_template(
        "people/segment_edit.html",
        form=form,
        lines=lines,
        segment=segment,
        facts=facts,
        choices={line.fact: facts[line.fact].choices_for(actor()) for line in lines if line.fact in facts},
        comparisons=rules.COMPARISONS,
        joins=rules.JOINS,
        deepest=rules.DEEPEST,
        asks_for=rules.asks_for,
        count=queries.count_segments([definition], now(), patience=5)[0],
        page=page,
        is_whole=definition == tree,
        sentence=say_definition(actor(), definition, facts),
    )
