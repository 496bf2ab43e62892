"""One person: the page with everything so far, editing, notes and tags."""

from typing import Any

from flask import render_template, request, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import fragment, submit
from crm.kernel.languages import LANGUAGES
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.kernel.refusal import Conflict
from crm.organizations.queries import organization_of
from crm.people import actions, queries, rules
from crm.people.forms import KINDS as KINDS_OF_PHONE
from crm.people.forms import NoteForm, PersonForm, TagForm
from crm.people.routes.base import blueprint
from crm.people.routes.words import KINDS, line_of, show, verb_kinds


@blueprint.get("/<int:id>")
@allow(Action.SEE_PEOPLE)
def person_get(id: int):
    """A person, with the whole timeline."""
    return _person_page(id, NoteForm(formdata=None), TagForm(formdata=None))


def _person_page(id: int, note: NoteForm, tag: TagForm) -> str:
    me, card = actor(), queries.card_for(actor(), id)
    kind = request.args.get("of") if request.method == "GET" else None
    of, but = verb_kinds(me, kind)
    page = queries.timeline(me, id, request.args.get("after"), of=of, but=but)
    notes = {each.id: each for each in card.notes}
    panels = [(panel.template, shown) for panel in queries.PERSON_PANELS if (shown := panel.load(me, card.person)) is not None]
    return fragment(
        "people/person.html",
        "people/timeline_part.html",
        card=card,
        person=card.person,
        note=note,
        tag=tag,
        kind=kind,
        lines=[line_of(me, event, notes) for event in page.rows],
        next=page.next,
        kinds=KINDS,
        panels=panels,
        links=[link for link in queries.PERSON_LINKS if me.may(link.action)],
        own=queries.custom_fields(me),
        languages=LANGUAGES,
        phone_kinds=dict(KINDS_OF_PHONE),
        rung_names=queries.rung_names(me),
        all_tags=queries.all_tags(me) if me.may(Action.EDIT_PEOPLE) else [],
    )


@blueprint.get("/<int:id>/edit")
@allow(Action.EDIT_PEOPLE)
def person_edit_get(id: int):
    """A person's record, to be changed."""
    form = PersonForm(formdata=None)
    person = queries.person_for(actor(), id)
    form.fill(actions.snapshot(actor(), id), person.version, queries.custom_fields(actor()))
    return _edit_page(id, form)


@blueprint.post("/<int:id>/edit")
@allow(Action.EDIT_PEOPLE)
def person_edit_post(id: int):
    """Saves a person; if someone else saved meanwhile, shows both versions and keeps what was typed."""
    form, own = PersonForm(), queries.custom_fields(actor())
    queries.person_for(actor(), id)
    if "more" in request.form:
        return _edit_page(id, form, more=True)
    try:
        return submit(
            form,
            lambda: _save(id, form, own),
            then=lambda id: url_for("people.person_get", id=id),
            page=lambda: _edit_page(id, form),
        )
    except Conflict as conflict:
        return _conflict_page(id, form, conflict), 409


def _save(id: int, form: PersonForm, own: list) -> int:
    version = read_id(form.version.data) or 0
    return actions.edit_person(actor(), id, form.record(own), version, now=now(), country=organization_of(actor()).country)


def _edit_page(id: int, form: PersonForm, more: bool = False, differences: list | None = None) -> str:
    person = queries.person_for(actor(), id)
    form.pad(more)
    form.show_own(queries.custom_fields(actor()), person.custom)
    form.show_zone(person.time_zone)
    return render_template("people/person_edit.html", form=form, person=person, differences=differences)


def _conflict_page(id: int, form: PersonForm, conflict: Conflict) -> str:
    me = actor()
    mine: dict[str, Any] = actions.normal(conflict.mine, organization_of(me).country)
    changes = rules.changes_between(conflict.theirs, mine)
    differences = [(rules.FIELD_NAMES[name], show(me, name, theirs), show(me, name, typed)) for name, (theirs, typed) in changes.items()]
    # Saving again is a decision made with both versions in view: it may go over the one that is shown.
    form.version.data = str(queries.person_for(me, id).version)
    return _edit_page(id, form, differences=differences)


@blueprint.post("/<int:id>/notes")
@allow(Action.EDIT_PEOPLE)
def notes_post(id: int):
    """Writes a note about a person."""
    form = NoteForm()
    return submit(
        form,
        lambda: actions.add_note(actor(), id, form.body.data or "", now=now()),
        then=lambda id: url_for("people.person_get", id=id),
        page=lambda: _person_page(id, form, TagForm(formdata=None)),
    )


@blueprint.post("/notes/<int:id>/removal")
@allow(Action.EDIT_PEOPLE)
def note_removal_post(id: int):
    """Removes a note."""
    person_id = queries.note_for(actor(), id).person_id
    form = NoteForm()
    return submit(
        form,
        lambda: actions.remove_note(actor(), id, now=now()),
        then=lambda id: url_for("people.person_get", id=id),
        page=lambda: _person_page(person_id, form, TagForm(formdata=None)),
    )


@blueprint.post("/<int:id>/tags")
@allow(Action.EDIT_PEOPLE)
def person_tags_post(id: int):
    """Puts a tag on a person."""
    form = TagForm()
    queries.person_for(actor(), id)
    return submit(
        form,
        lambda: actions.tag_people(actor(), [id], form.tag.data or "", now=now()),
        then=lambda _n: url_for("people.person_get", id=id),
        page=lambda: _person_page(id, NoteForm(formdata=None), form),
    )


@blueprint.post("/<int:id>/tags/removal")
@allow(Action.EDIT_PEOPLE)
def tag_removal_post(id: int):
    """Takes a tag off a person."""
    form = TagForm()
    return submit(
        form,
        lambda: actions.remove_tag(actor(), id, form.tag.data or "", now=now()),
        then=lambda id: url_for("people.person_get", id=id),
        page=lambda: _person_page(id, NoteForm(formdata=None), form),
    )
