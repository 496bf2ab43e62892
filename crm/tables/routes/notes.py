"""A table's own page, by its link and without an account. Opening it changes nothing; each press is one transaction."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import get_locale

from crm.infra.auth import public
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.tables import actions, queries
from crm.tables.forms import NoteForm, SpeakerForm
from crm.tables.queries import AtTable
from crm.tables.routes.blueprint import blueprint


def _enter(token: str) -> AtTable:
    at = queries.at_table(token, now())
    g.actor = None  # whoever is signed in on this phone, the link is what counts
    g.time_zone = at.assembly.time_zone
    return at


@blueprint.get("/table/<token>")
@public("the people of a table hold this link; opening it changes nothing")
def table_get(token: str) -> str:
    """What this table wrote, and a place to write more; its dots while they are asked for."""
    return _page(_enter(token), Form(formdata=None))


def _page(at: AtTable, form: Form) -> str:
    division = at.division
    gives = division.dots_opened_at is not None and division.dots_closed_at is None
    points = queries.points_at(at)
    if request.method == "POST" and gives:
        points |= {id: n for id, n in _typed().items() if n is not None}
    return render_template(
        "tables/table.html", at=at, notes=queries.notes_at(at), form=form, note_form=form if isinstance(form, NoteForm) else NoteForm(formdata=None),
        gives=gives, points=points, proposals=queries.proposals_of(at.assembly.id) if division.dots_opened_at else [],
        speaker_form=form if isinstance(form, SpeakerForm) else SpeakerForm(formdata=None), asked=_asked(at),
        purse=division.dots * queries.seated_at(at) if gives else 0, lang=request.args.get("lang"),
    )  # fmt: skip


@blueprint.post("/table/<token>/notes")
@public("the people of a table hold this link; this writes down what was said at it")
def note_post(token: str) -> Any:
    """Takes a note in."""
    at, form = _enter(token), NoteForm()
    act = lambda: actions.write_note(at, form.body.data or "", str(get_locale()), form.once.data or "", now=now())  # noqa: E731
    return submit(form, act, then=lambda _id: _back(token), page=lambda: _page(_enter(token), form))


@blueprint.post("/table/<token>/notes/<int:note_id>/removal")
@public("the people of a table hold this link; this takes back a note of theirs")
def note_removal_post(token: str, note_id: int) -> Any:
    """Takes a note back."""
    at, form = _enter(token), Form()
    return submit(form, lambda: actions.take_note_back(at, note_id), then=lambda _done: _back(token), page=lambda: _page(_enter(token), form))


@blueprint.post("/table/<token>/dots")
@public("the people of a table hold this link; this puts their dots on proposals")
def table_dots_post(token: str) -> Any:
    """The table's dots as they now stand."""
    at, form = _enter(token), Form()
    then = lambda _done: _back(token, saved=1)  # noqa: E731  # in the address: what was flashed at a door on this phone names people
    return submit(form, lambda: actions.give_dots(at, _typed(), now=now()), then=then, page=lambda: _page(_enter(token), form))


@blueprint.post("/table/<token>/speakers")
@public("the people of a table hold this link; this asks for the floor for one of them")
def table_speaker_post(token: str) -> Any:
    """Asks for the floor."""
    at, form = _enter(token), SpeakerForm()
    act = lambda: actions.ask_from_table(at, form.name.data or "", form.is_about.data, now=now())  # noqa: E731
    return submit(form, act, then=lambda _id: _back(token), page=lambda: _page(_enter(token), form))


def _asked(at: AtTable) -> list[tuple[str, int]]:
    """Those of this table who wait for the floor, with their place in the order."""
    waiting = queries.speaking_of(at.sitting.id).waiting
    return [(row.name, n) for n, row in enumerate(waiting, 1) if row.table_number == at.table.number]


def _typed() -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for name, value in request.form.items():
        if name.startswith("points-") and name[7:].isdigit():
            text = value.strip() or "0"
            found[int(name[7:])] = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
    return found


def _back(token: str, **said: int) -> str:
    return url_for("tables.table_get", token=token, lang=request.args.get("lang"), **said)
