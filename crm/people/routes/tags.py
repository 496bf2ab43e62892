"""The organization's tags: grouped, renamed, merged, removed and brought back."""

from flask import flash, render_template, url_for
from flask_babel import ngettext

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, options, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.people import actions, queries
from crm.people.forms import MergeTagForm, TagWordForm
from crm.people.routes.base import blueprint


@blueprint.get("/tags")
@allow(Action.EDIT_PEOPLE)
def tags_get():
    """Every tag with its count, by group, and what was taken away lately."""
    return _tags_page(Form(formdata=None))


def _tags_page(form: Form) -> str:
    return render_template("people/tags.html", tags=queries.tags_with_counts(actor()), gone=queries.tags_taken_away(actor()), form=form)


@blueprint.get("/tags/<int:id>")
@allow(Action.EDIT_PEOPLE)
def tag_get(id: int):
    """One tag: its name and group, merging it, removing it."""
    tag = queries.tag_for(actor(), id)
    return _tag_page(id, TagWordForm(formdata=None, name=tag.name, group_name=tag.group_name), MergeTagForm(formdata=None))


def _tag_page(id: int, form: TagWordForm, merge: MergeTagForm) -> str:
    me, tag, every = actor(), queries.tag_for(actor(), id), queries.tags_with_counts(actor())
    merge.into.choices = options([("", "–"), *((str(each.tag.id), each.tag.name) for each in every if each.tag.id != id)])
    groups = sorted({each.tag.group_name for each in every if each.tag.group_name})
    return render_template(
        "people/tag_edit.html", tag=tag, form=form, merge=merge, groups=groups, people=queries.count_carriers(me, id), lists=queries.lists_using(me, tag)
    )


def _empty(id: int) -> TagWordForm:
    tag = queries.tag_for(actor(), id)
    return TagWordForm(formdata=None, name=tag.name, group_name=tag.group_name)


def _to_tags(_result: object) -> str:
    return url_for("people.tags_get")


@blueprint.post("/tags/<int:id>")
@allow(Action.EDIT_PEOPLE)
def tag_post(id: int):
    """Renames a tag or puts it into a group."""
    form = TagWordForm()
    queries.tag_for(actor(), id)
    return submit(
        form,
        lambda: actions.edit_tag(actor(), id, form.name.data or "", form.group_name.data or "", now=now()),
        then=_to_tags,
        page=lambda: _tag_page(id, form, MergeTagForm(formdata=None)),
    )


@blueprint.post("/tags/<int:id>/merge")
@allow(Action.EDIT_PEOPLE)
def tag_merge_post(id: int):
    """Puts another tag in the place of this one."""
    form = MergeTagForm()

    def then(n: int) -> str:
        flash(ngettext("Merged: %(num)s person carried the tag.", "Merged: %(num)s people carried the tag.", n), "yes")
        return url_for("people.tags_get")

    return submit(form, lambda: actions.merge_tags(actor(), id, read_id(form.into.data), now=now()), then, page=lambda: _tag_page(id, _empty(id), form))


@blueprint.post("/tags/<int:id>/removal")
@allow(Action.EDIT_PEOPLE)
def tag_deletion_post(id: int):
    """Takes a tag off everyone."""
    form = Form()

    def then(n: int) -> str:
        flash(ngettext("Removed from %(num)s person. It can be brought back here.", "Removed from %(num)s people. It can be brought back here.", n), "yes")
        return url_for("people.tags_get")

    return submit(form, lambda: actions.delete_tag(actor(), id, now=now()), then, page=lambda: _refused(id, form))


def _refused(id: int, form: Form) -> str:
    shown = _empty(id)
    shown.refusals = form.refusals
    return _tag_page(id, shown, MergeTagForm(formdata=None))


@blueprint.post("/tags/<int:id>/return")
@allow(Action.EDIT_PEOPLE)
def tag_return_post(id: int):
    """Brings a tag back to everyone who carried it."""
    form = Form()

    def then(n: int) -> str:
        flash(ngettext("%(num)s person has the tag again.", "%(num)s people have the tag again.", n), "yes")
        return url_for("people.tags_get")

    return submit(form, lambda: actions.restore_tag(actor(), id, now=now()), then, page=lambda: _tags_page(form))
