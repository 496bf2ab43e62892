"""Dividing people among tables, as the organizer sees it."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template
from flask_babel import get_locale, ngettext

from crm.assemblies.queries import coming_session, sessions_of
from crm.assemblies.rules import in_language
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.links import token_of, url_of
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.tables import actions, queries, rules
from crm.tables.forms import ApartForm, DivisionForm, MoveForm
from crm.tables.models import TableRound
from crm.tables.routes.blueprint import blueprint, frame, opened, page_of


@blueprint.get("/assemblies/<int:id>/tables")
@allow(Action.RUN_ASSEMBLIES)
def tables_get(id: int) -> str:
    """Divisions so far, and a new one."""
    return _list(id, _division_form(id, DivisionForm(formdata=None)))


def _division_form(id: int, form: DivisionForm) -> DivisionForm:
    assembly = opened(id)
    sittings = sessions_of(assembly)
    form.session_id.choices = [(sitting.id, in_language(sitting.title, str(get_locale()))) for sitting in sittings]
    form.spread.choices = queries.tags_of(actor())
    if form.session_id.data is None and (coming := coming_session(assembly, sittings, now())):
        form.session_id.data = coming.id
    return form


def _list(id: int, form: DivisionForm) -> str:
    assembly = opened(id)
    return render_template("tables/tables.html", **frame(assembly), rounds=queries.rounds_of(assembly), form=form, titles=dict(form.session_id.choices))


@blueprint.post("/assemblies/<int:id>/tables")
@allow(Action.RUN_ASSEMBLIES)
def tables_post(id: int) -> Any:
    """Divides whom there is."""
    form, who, at = _division_form(id, DivisionForm()), actor(), now()

    def act() -> int:
        return actions.draw_tables(who, id, form.session_id.data, source=form.source.data, seats=form.seats.data,
                                   main_language=form.main_language.data, spread=form.spread.data or [], now=at)

    return submit(form, act, then=lambda round_id: page_of(id, "division_get", round_id=round_id), page=lambda: _list(id, form))


@blueprint.get("/assemblies/<int:id>/tables/<int:round_id>")
@allow(Action.RUN_ASSEMBLIES)
def division_get(id: int, round_id: int) -> str:
    """Who sits where, and how even it is."""
    return _division(id, round_id, Form(formdata=None))


def _facts(division: TableRound) -> dict[str, Any]:
    """The tables with their people, who waits for a seat, and what is not as it should be."""
    people = queries.people_of(division.assembly_id, division.session_id, division.source, division.spread)
    tables = queries.tables_of(division)
    index = {table.id: n for n, table in enumerate(tables)}
    placing = {place.sitter: index[place.table_id] for place in queries.places_of(division)}
    known = {one.id: one for one in people}
    placing = {id: table for id, table in placing.items() if id in known}
    apart = queries.apart_of(opened(division.assembly_id))
    pairs = frozenset((pair.one_sitter, pair.other_sitter) for pair in apart)
    hall = rules.Hall([one.sitter for one in people], len(tables), division.main_language, pairs)
    return {
        "tables": tables, "sizes": rules.sizes(hall, placing), "people": people, "placing": placing, "known": known, "apart": apart,
        "at": [[one for one in people if placing.get(one.id) == n] for n in range(len(tables))],
        "unseated": [one for one in people if one.id not in placing],
        "together": [(known[a], known[b]) for a, b in rules.together(hall, placing)], "alone": [known[id] for id in rules.alone(hall, placing)],
        "spoken": queries.spoken_at(people, placing, division.main_language),
    }


def _division(id: int, round_id: int, form: Form) -> str:
    assembly = opened(id)
    division = queries.round_for(assembly, round_id)
    facts = _facts(division)
    names = [(one.id, f"{one.name}, {one.organization}") for one in facts["people"]]
    move_form = form if isinstance(form, MoveForm) else MoveForm(formdata=None)
    move_form.sitter_id.choices = [("", ""), *((one.id, f"{one.name}, {one.organization} ({facts['placing'][one.id] + 1})")
                                               for one in facts["people"] if one.id in facts["placing"])]
    apart_form = form if isinstance(form, ApartForm) else ApartForm(formdata=None)
    apart_form.one.choices = apart_form.other.choices = [("", ""), *names]
    return render_template("tables/division.html", **frame(assembly), division=division, form=form, apart_form=apart_form,
                           move_form=move_form, bare=Form(formdata=None), **facts)


@blueprint.post("/assemblies/<int:id>/tables/<int:round_id>/seating")
@allow(Action.RUN_ASSEMBLIES)
def seating_post(id: int, round_id: int) -> Any:
    """Seats those who came since."""
    return _seat(id, round_id, anew=False)


@blueprint.post("/assemblies/<int:id>/tables/<int:round_id>/redrawing")
@allow(Action.RUN_ASSEMBLIES)
def redrawing_post(id: int, round_id: int) -> Any:
    """Divides everyone again."""
    return _seat(id, round_id, anew=True)


def _seat(id: int, round_id: int, *, anew: bool) -> Any:
    who, at, form = actor(), now(), Form()

    def then(count: int) -> str:
        flash(ngettext("%(num)s person was seated.", "%(num)s people were seated.", count), "yes")
        return page_of(id, "division_get", round_id=round_id)

    queries.round_for(opened(id), round_id)
    return submit(form, lambda: actions.seat_rest(who, id, round_id, now=at, anew=anew), then=then, page=lambda: _division(id, round_id, form))


@blueprint.post("/assemblies/<int:id>/tables/<int:round_id>/moves")
@allow(Action.RUN_ASSEMBLIES)
def move_post(id: int, round_id: int) -> Any:
    """Seats somebody elsewhere by hand."""
    form = MoveForm()
    form.sitter_id.choices = []
    act = lambda who, at: actions.move_sitter(who, id, round_id, form.sitter_id.data or 0, form.number.data, now=at)  # noqa: E731
    return _change(id, round_id, form, act, lambda _done: f"table-{form.number.data}")


@blueprint.post("/assemblies/<int:id>/tables/<int:round_id>/apart")
@allow(Action.RUN_ASSEMBLIES)
def apart_post(id: int, round_id: int) -> Any:
    """Two who never sit together."""
    form, division = ApartForm(), queries.round_for(opened(id), round_id)
    known = [one.id for one in queries.people_of(id, division.session_id, division.source)]
    form.one.choices = form.other.choices = [(one, str(one)) for one in known]
    return _change(id, round_id, form, lambda who, at: actions.keep_apart(who, id, form.one.data, form.other.data, known, now=at), lambda _done: "apart")


@blueprint.post("/assemblies/<int:id>/tables/<int:round_id>/apart/<int:pair_id>/ending")
@allow(Action.RUN_ASSEMBLIES)
def apart_ending_post(id: int, round_id: int, pair_id: int) -> Any:
    """They may sit together again."""
    return _change(id, round_id, Form(), lambda who, at: actions.end_apart(who, id, pair_id, now=at), lambda _done: "apart")


@blueprint.post("/assemblies/<int:id>/tables/<int:round_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def division_removal_post(id: int, round_id: int) -> Any:
    """Takes a division back."""
    return _change(id, round_id, Form(), lambda who, at: actions.remove_round(who, id, round_id, now=at))


def _change(id: int, round_id: int, form: Form, act: Any, place: Callable[[Any], str] | None = None) -> Any:
    """A change of a division, then back to its `place` on the page; without one the division is gone."""
    who, at = actor(), now()
    queries.round_for(opened(id), round_id)
    back = lambda done: page_of(id, "division_get", round_id=round_id, _anchor=place(done)) if place else page_of(id)  # noqa: E731
    return submit(form, lambda: act(who, at), then=back, page=lambda: _division(id, round_id, form))


@blueprint.get("/assemblies/<int:id>/tables/<int:round_id>/cards")
@allow(Action.RUN_ASSEMBLIES)
def cards_get(id: int, round_id: int) -> str:
    """For the printer: where everyone sits, for the wall, and a card for each table with the code of its page."""
    assembly = opened(id)
    division = queries.round_for(assembly, round_id)
    facts = _facts(division)
    addresses = {table.id: url_of("table", token_of(table.link_id)) for table in facts["tables"]}
    return render_template("tables/cards.html", **frame(assembly), division=division, addresses=addresses, **facts)


