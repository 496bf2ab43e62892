"""Notes and tags of one person."""

from flask import render_template, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import Conflict
from crm.people import actions, queries
from crm.people.forms import NoteForm, TagForm
from crm.people.routes.base import blueprint
from crm.people.routes.person import person_page
from crm.people.rules import versions


def _to_person(id: int) -> str:
    return url_for("people.person_get", id=id)


@blueprint.post("/<int:id>/notes")
@allow(Action.EDIT_PEOPLE)
def notes_post(id: int):
    """Writes a note about a person."""
    form = NoteForm()
    return submit(
        form,
        lambda: actions.add_note(actor(), id, form.body.data or "", now=now()),
        then=_to_person,
        page=lambda: person_page(id, note=form),
    )


@blueprint.get("/notes/<int:id>/edit")
@allow(Action.EDIT_PEOPLE)
def note_edit_get(id: int):
    """One's own note, to be changed."""
    form = NoteForm(formdata=None)
    form.show(queries.note_for(actor(), id).body)
    return _note_page(id, form)


@blueprint.post("/notes/<int:id>/edit")
@allow(Action.EDIT_PEOPLE)
def note_edit_post(id: int):
    """Changes one's own note; if it was changed meanwhile, shows both."""
    form = NoteForm()
    try:
        return submit(
            form,
            lambda: actions.edit_note(actor(), id, form.body.data or "", form.seen.data or "", now=now()),
            then=_to_person,
            page=lambda: _note_page(id, form),
        )
    except Conflict as conflict:
        form.seen.data = versions.mark(conflict.theirs)
        return _note_page(id, form, conflict.theirs), 409


def _note_page(id: int, form: NoteForm, theirs: str = "") -> str:
    note = queries.note_for(actor(), id)
    return render_template("people/note_edit.html", form=form, note=note, theirs=theirs, person=queries.person_for(actor(), note.person_id))


@blueprint.post("/notes/<int:id>/removal")
@allow(Action.EDIT_PEOPLE)
def note_removal_post(id: int):
    """Removes a note."""
    person_id = queries.note_for(actor(), id).person_id
    form = NoteForm()
    return submit(
        form,
        lambda: actions.remove_note(actor(), id, now=now()),
        then=_to_person,
        page=lambda: person_page(person_id, note=form),
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
        then=lambda _n: _to_person(id),
        page=lambda: person_page(id, tag=form),
    )


@blueprint.post("/<int:id>/tags/removal")
@allow(Action.EDIT_PEOPLE)
def tag_removal_post(id: int):
    """Takes a tag off a person."""
    form = TagForm()
    return submit(
        form,
        lambda: actions.remove_tag(actor(), id, form.tag.data or "", now=now()),
        then=_to_person,
        page=lambda: person_page(id, tag=form),
    )
