"""One person: the page with everything so far, adding and editing."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, fragment, submit
from crm.kernel.languages import LANGUAGES
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.kernel.refusal import Conflict
from crm.organizations.queries import organization_of
from crm.people import actions, queries
from crm.people.forms import EditForm, NoteForm, PersonForm, TagForm, with_own
from crm.people.routes.base import blueprint
from crm.people.routes.words import KINDS, Said, show, timeline_of, years_of
from crm.people.rules import versions
from crm.people.rules.people import KINDS_OF_ADDRESS, KINDS_OF_EMAIL, KINDS_OF_PHONE, without_custom


@blueprint.get("/<int:id>")
@allow(Action.SEE_PEOPLE)
def person_get(id: int):
    """A person, with the whole timeline."""
    return person_page(id)


def person_page(id: int, note: NoteForm | None = None, tag: TagForm | None = None, button: Form | None = None) -> str:
    """The page of a person, with what was typed into its small forms."""
    me, card = actor(), queries.card_for(actor(), id)
    asked = request.args if request.method == "GET" else {}
    kind, year = asked.get("of"), asked.get("year", type=int) if asked else None
    return fragment(
        "people/person.html",
        "people/timeline_part.html",
        note=note or NoteForm(formdata=None),
        tag=tag or TagForm(formdata=None),
        kind=kind,
        year=year,
        years=years_of(card.person, now()),
        timeline=timeline_of(me, card, kind, year, asked.get("after")),
        kinds=KINDS,
        panels=[(panel.template, shown) for panel in queries.PERSON_PANELS if (shown := panel.load(me, card.person)) is not None],
        links=[link for link in queries.PERSON_LINKS if me.may(link.action)],
        all_tags=queries.all_tags(me) if me.may(Action.EDIT_PEOPLE) else [],
        **around(card) | ({"button": button} if button else {}),
    )


def around(card: queries.Card) -> dict[str, Any]:
    """What every page about one person says of them."""
    me, person = actor(), card.person
    return {
        "card": card,
        "person": person,
        "home": queries.household_of(me, person),
        "living": queries.living_with(me, person),
        "relations": queries.relationships_of(me, person),
        "history": queries.standing_history(me, person),
        "own": queries.custom_fields(me),
        "languages": LANGUAGES,
        "phone_kinds": KINDS_OF_PHONE,
        "email_kinds": KINDS_OF_EMAIL,
        "address_kinds": KINDS_OF_ADDRESS,
        "rung_names": queries.rung_names(me),
        "button": Form(formdata=None),
    }


@blueprint.get("/<int:id>/print")
@allow(Action.SEE_PEOPLE)
def person_print_get(id: int):
    """All of a person on paper: the record and the newest thousand lines of the timeline."""
    card = queries.card_for(actor(), id)
    return render_template("people/person_print.html", timeline=timeline_of(actor(), card, None, None, None, size=1000), **around(card))


@blueprint.get("/new")
@allow(Action.EDIT_PEOPLE)
def person_new_get():
    """An empty form for a person."""
    form = with_own(PersonForm, queries.custom_fields(actor()))
    return _new_page(form(formdata=None, language=organization_of(actor()).language[:2]))


@blueprint.post("")
@allow(Action.EDIT_PEOPLE)
def person_new_post():
    """Adds a person; with "add another" the form comes back with one more slot."""
    form = with_own(PersonForm, queries.custom_fields(actor()))()
    if "more" in request.form:
        return _new_page(form, request.form["more"])
    return submit(
        form,
        lambda: actions.add_person(actor(), form.record(), now=now(), country=organization_of(actor()).country),
        then=lambda id: url_for("people.person_get", id=id),
        page=lambda: _new_page(form),
    )


def _new_page(form: PersonForm, more: str = "") -> str:
    form.pad(more)
    form.show_zone(None)
    return render_template("people/person_new.html", form=form)


@blueprint.get("/<int:id>/edit")
@allow(Action.EDIT_PEOPLE)
def person_edit_get(id: int):
    """A person's record, to be changed."""
    form = with_own(EditForm, queries.custom_fields(actor()))(formdata=None)
    _fill(form, id, {})
    return _edit_page(id, form)


@blueprint.post("/<int:id>/edit")
@allow(Action.EDIT_PEOPLE)
def person_edit_post(id: int):
    """Saves a person; what two editors changed differently is shown side by side, and nothing typed is lost."""
    queries.person_for(actor(), id)
    form = with_own(EditForm, queries.custom_fields(actor()))()
    if "more" in request.form:
        return _edit_page(id, form, request.form["more"])
    try:
        return submit(form, lambda: _save(id, form), then=_then, page=lambda: _edit_page(id, form))
    except Conflict as conflict:
        return _conflict_page(id, conflict), 409


def _save(id: int, form: EditForm) -> int:
    chosen = {name.removeprefix("choice-"): value for name, value in request.form.items() if name.startswith("choice-")}
    return actions.edit_person(
        actor(),
        id,
        form.record(),
        read_id(form.version.data) or 0,
        now=now(),
        country=organization_of(actor()).country,
        seen=form.marks(),
        chosen=chosen,
        with_household=form.with_household.data,
    )


def _then(id: int) -> str:
    flash(_("Saved."), "yes")
    return url_for("people.person_get", id=id)


def _fill(form: EditForm, id: int, mine: dict[str, Any]) -> None:
    """Shows what is saved now, and over it what this editor changed."""
    saved = without_custom(actions.snapshot(actor(), id))
    form.fill({**saved, **mine}, queries.person_for(actor(), id).version, versions.marks(saved))


def _edit_page(id: int, form: EditForm, more: str = "", differences: list | None = None) -> str:
    person = queries.person_for(actor(), id)
    form.pad(more)
    form.show_zone(person.time_zone)
    others = queries.living_with(actor(), person)
    return render_template("people/person_edit.html", form=form, person=person, differences=differences, others=others)


def _conflict_page(id: int, conflict: Conflict) -> str:
    fields = queries.custom_fields(actor())
    said = Said(actor(), fields)
    differences = [
        (name, said.name_of(name), show(said.actor, name, theirs), show(said.actor, name, conflict.mine[name]), name in versions.LISTS)
        for name, theirs in conflict.theirs.items()
    ]
    form = with_own(EditForm, fields)(formdata=None)
    _fill(form, id, conflict.mine)
    return _edit_page(id, form, differences=differences)
