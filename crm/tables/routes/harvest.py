"""What the tables wrote, gathered: themes, proposals, dots."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, options, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.tables import actions, queries, rules
from crm.tables.forms import DotsForm, GatherForm, ProposalForm, ThemeForm, theme_choices
from crm.tables.routes.blueprint import blueprint, frame, opened, page_of


@blueprint.get("/assemblies/<int:id>/harvest")
@allow(Action.RUN_ASSEMBLIES)
def harvest_get(id: int) -> str:
    """Notes by theme, proposals with their dots."""
    return _harvest(id, Form(formdata=None))


def _harvest(id: int, form: Form) -> str:
    assembly = opened(id)
    themes, notes, proposals = queries.themes_of(assembly), queries.notes_of(assembly), queries.proposals_of(id)
    gather_form = form if isinstance(form, GatherForm) else GatherForm(formdata=None)
    gather_form.theme_id.choices = options(theme_choices(themes, _("no theme")))
    rounds, dotted = queries.rounds_of(assembly), queries.dotted_round(id)
    dots = queries.dots_of(dotted) if dotted else {}
    order = [id for id, _n, _t in rules.ranked((p.id, *dots.get(p.id, (0, 0))) for p in proposals)] if dotted else [p.id for p in proposals]
    return render_template(
        "tables/harvest.html", **frame(assembly), form=form, gather_form=gather_form, themes=themes, notes=notes,
        proposals=sorted(proposals, key=lambda p: order.index(p.id)), dots=dots, dotted=dotted, latest=rounds[0][0] if rounds else None,
        most=max((n for n, _t in dots.values()), default=0), dots_form=form if isinstance(form, DotsForm) else DotsForm(formdata=None),
        theme_form=ThemeForm(formdata=None), ticked=set(map(read_id, request.form.getlist("note"))),
    )  # fmt: skip


@blueprint.post("/assemblies/<int:id>/harvest")
@allow(Action.RUN_ASSEMBLIES)
def gathering_post(id: int) -> Any:
    """Puts chosen notes into a theme."""
    form = GatherForm()
    form.theme_id.choices = []
    chosen = [note for note in map(read_id, request.form.getlist("note")) if note]
    act = lambda who, at: actions.gather(who, id, chosen, form.theme_id.data, form.title.data or "", now=at)  # noqa: E731
    return _change(id, form, act, lambda theme: f"gathered-{theme}" if theme else "free")


@blueprint.post("/assemblies/<int:id>/themes/<int:theme_id>")
@allow(Action.RUN_ASSEMBLIES)
def theme_post(id: int, theme_id: int) -> Any:
    """Gives a theme another name, or takes it away."""
    form = ThemeForm()
    queries.theme_for(opened(id), theme_id)
    act = lambda who, at: actions.rename_theme(who, id, theme_id, form.title.data or "", now=at)  # noqa: E731
    return _change(id, form, act, lambda _done: f"gathered-{theme_id}")


def _change(id: int, form: Form, act: Any, place: Callable[[Any], str] = lambda _done: "proposals") -> Any:
    """A change of the harvest, then back to its `place` on the page."""
    who, at = actor(), now()
    opened(id)
    return submit(form, lambda: act(who, at), then=lambda done: page_of(id, "harvest_get", _anchor=place(done)), page=lambda: _harvest(id, form))


@blueprint.get("/assemblies/<int:id>/proposals/new")
@allow(Action.RUN_ASSEMBLIES)
def proposal_new_get(id: int) -> str:
    """Writes a proposal down; ?theme= begins with that theme's notes beside it."""
    return _proposal(id, None, ProposalForm(formdata=None, theme_id=read_id(request.args.get("theme"))))


@blueprint.post("/assemblies/<int:id>/proposals")
@allow(Action.RUN_ASSEMBLIES)
def proposals_post(id: int) -> Any:
    """Writes a proposal down."""
    return _write(id, None)


@blueprint.get("/assemblies/<int:id>/proposals/<int:proposal_id>")
@allow(Action.RUN_ASSEMBLIES)
def proposal_get(id: int, proposal_id: int) -> str:
    """A proposal, to change it."""
    row = queries.proposal_for(opened(id), proposal_id)
    filled = {f"title_{language}": words for language, words in row.titles.items()} | {f"text_{language}": words for language, words in row.texts.items()}
    return _proposal(id, proposal_id, ProposalForm(formdata=None, theme_id=row.theme_id, **filled))


@blueprint.post("/assemblies/<int:id>/proposals/<int:proposal_id>")
@allow(Action.RUN_ASSEMBLIES)
def proposal_post(id: int, proposal_id: int) -> Any:
    """Changes a proposal."""
    queries.proposal_for(opened(id), proposal_id)
    return _write(id, proposal_id)


@blueprint.post("/assemblies/<int:id>/proposals/<int:proposal_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def proposal_removal_post(id: int, proposal_id: int) -> Any:
    """Takes a proposal out."""
    queries.proposal_for(opened(id), proposal_id)
    return _change(id, Form(), lambda who, at: actions.remove_proposal(who, id, proposal_id, now=at))


def _write(id: int, proposal_id: int | None) -> Any:
    who, at, form = actor(), now(), ProposalForm()
    opened(id)
    form.theme_id.choices = []
    act = lambda: actions.write_proposal(who, id, proposal_id, form.theme_id.data, form.words("title"), form.words("text"), now=at)  # noqa: E731
    return submit(form, act, then=lambda row: page_of(id, "harvest_get", _anchor=f"proposal-{row}"), page=lambda: _proposal(id, proposal_id, form))


def _proposal(id: int, proposal_id: int | None, form: ProposalForm) -> str:
    assembly = opened(id)
    form.theme_id.choices = options(theme_choices(queries.themes_of(assembly), _("no theme")))
    notes = [row for row in queries.notes_of(assembly) if row[0].theme_id and row[0].theme_id == form.theme_id.data]
    return render_template("tables/proposal.html", **frame(assembly), form=form, notes=notes, proposal_id=proposal_id)


@blueprint.post("/assemblies/<int:id>/tables/<int:round_id>/dots")
@allow(Action.RUN_ASSEMBLIES)
def dots_post(id: int, round_id: int) -> Any:
    """Asks the tables for their dots."""
    form = DotsForm()
    queries.round_for(opened(id), round_id)
    return _change(id, form, lambda who, at: actions.open_dots(who, id, round_id, form.dots.data, now=at))


@blueprint.post("/assemblies/<int:id>/tables/<int:round_id>/dots/closing")
@allow(Action.RUN_ASSEMBLIES)
def dots_closing_post(id: int, round_id: int) -> Any:
    """No table changes its dots any more."""
    queries.round_for(opened(id), round_id)
    return _change(id, Form(), lambda who, at: actions.close_dots(who, id, round_id, now=at))
