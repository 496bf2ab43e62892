"""Records that may be one person: looked at side by side, told apart for good, merged field by field, and taken apart again."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.look import say, when
from crm.infra.web import Form, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.people import actions, queries
from crm.people.forms import DecideForm, MergeForm
from crm.people.routes.base import blueprint
from crm.people.routes.words import Said, show
from crm.people.rules import merging
from crm.people.rules.people import ADDRESS

STATES = ("open", "dismissed")


@blueprint.errorhandler(Missing)
def merged_away(_error: Missing) -> Any:
    """The page of a record that was merged leads to the one that stays; everything else is missing."""
    id = (request.view_args or {}).get("id")
    if request.method == "GET" and id and (request.endpoint or "").startswith("people.person_") and (kept := queries.merged_into(actor(), id)):
        return redirect(url_for(request.endpoint, id=kept), 302)
    return render_template("errors/404.html"), 404


@blueprint.get("/duplicates")
@allow(Action.EDIT_PEOPLE)
def duplicates_get():
    """Candidates, the surest first; and those that were told apart."""
    return duplicates_page(DecideForm(formdata=None))


def duplicates_page(form: Form) -> str:
    """The list with what the buttons need."""
    me, state = actor(), request.args.get("show", "open")
    state = state if state in STATES else "open"
    page = queries.duplicates_page(me, state, request.args.get("after"))
    sides = queries.sides_of(me, {id for candidate in page.rows for id in candidate.ids})
    return render_template(
        "people/duplicates.html", form=form, page=page, sides=sides, state=state, open=queries.count_duplicates(me),
        job=queries.duplicates_job(me), lines=lines_of,
    )  # fmt: skip


@blueprint.post("/duplicates/search")
@allow(Action.EDIT_PEOPLE)
def duplicates_search_post():
    """Compares everyone with everyone who is like them, in the background."""
    form = Form()
    return submit(form, lambda: actions.look_at_everyone(actor(), now=now()), then=lambda _id: _list(), page=lambda: duplicates_page(DecideForm(formdata=None)))


@blueprint.post("/duplicates/<int:duplicate_id>/dismissal")
@allow(Action.EDIT_PEOPLE)
def dismissal_post(duplicate_id: int):
    """They are two people."""
    form = DecideForm()
    pair = queries.duplicate_for(actor(), duplicate_id)
    following = queries.next_candidate(actor(), pair) if form.walk.data else None

    def then(_id: int) -> str:
        flash(_("Kept apart: they are different people."), "yes")
        return _merge_url(following) if following else _list()

    return submit(form, lambda: actions.dismiss(actor(), duplicate_id, now=now()), then, page=lambda: duplicates_page(form))


@blueprint.post("/duplicates/<int:duplicate_id>/return")
@allow(Action.EDIT_PEOPLE)
def dismissal_undo_post(duplicate_id: int):
    """Takes a dismissal back."""
    form = DecideForm()
    queries.duplicate_for(actor(), duplicate_id)
    return submit(form, lambda: actions.reopen(actor(), duplicate_id, now=now()), lambda _id: _list(show="dismissed"), page=lambda: duplicates_page(form))


def _list(**arguments: str) -> str:
    return url_for("people.duplicates_get", **arguments)


def _merge_url(pair: Any) -> str:
    return url_for("people.merge_get", pair=pair.id, person=queries.candidate_of(actor(), pair).ids)


@blueprint.get("/merge")
@allow(Action.EDIT_PEOPLE)
def merge_get():
    """Records side by side, and what stays of each field."""
    if not MergeForm.ids(request.args):
        following = queries.next_candidate(actor())
        return redirect(_merge_url(following) if following else _list(), 303)
    return _merge_page(MergeForm(formdata=None, pair=request.args.get("pair", "")))


@blueprint.post("/merge")
@allow(Action.EDIT_PEOPLE)
def merge_post():
    """Merges, and leads to the next candidate; looking at it with another page that stays changes nothing."""
    form, typed = MergeForm(), request.form
    ids = MergeForm.ids(typed)
    kept = read_id(form.kept.data) or 0
    if "look" in typed or kept not in ids:
        return _merge_page(form)
    following = queries.next_candidate(actor(), _pair(form), but=ids) or queries.next_candidate(actor(), but=ids)
    others, choices, versions = [id for id in ids if id != kept], MergeForm.choices(typed), MergeForm.versions(typed)

    def then(_id: int) -> str:
        flash(_("Merged. Everything that belonged to the records stands together now."), "yes")
        return _merge_url(following) if following and form.pair.data else url_for("people.person_get", id=kept)

    return submit(form, lambda: actions.merge_people(actor(), kept, others, choices, versions, now=now()), then, page=lambda: _merge_page(form))


def _pair(form: MergeForm) -> Any:
    try:
        return queries.duplicate_for(actor(), read_id(form.pair.data) or 0)
    except Missing:
        return None


def _merge_page(form: MergeForm) -> str:
    me, typed = actor(), request.values
    sides = queries.sides_of(me, MergeForm.ids(typed))
    if len(sides) < 2:
        raise Missing
    pair = _pair(form)
    candidate = queries.candidate_of(me, pair) if pair and pair.state == "open" else None
    records = [_record(side.person) for side in sides.values()]
    kept = read_id(form.kept.data)
    kept = kept if kept in sides else min(sides)
    chosen = {**merging.usual_choices(records, kept), **{field: id for field, id in MergeForm.choices(typed).items() if id in sides}}
    form.kept.data = str(kept)
    others = queries.sides_of(me, [id for id in candidate.ids if id not in sides]) if candidate else {}
    return render_template(
        "people/merge.html", form=form, sides=sides, kept=kept, candidate=candidate, others=others, rows=_rows(records, chosen), lines=lines_of,
        following=queries.next_candidate(me, pair, but=sides) if pair else None, to=_merge_url,
    )  # fmt: skip


def _record(person: Any) -> dict[str, Any]:
    return {column.key: getattr(person, column.key) for column in type(person).__mapper__.column_attrs}


def _rows(records: list[dict[str, Any]], chosen: dict[str, int]) -> list[tuple[str, str, list[tuple[int, str, bool]]]]:
    """(field, its name, [(record, what it says, whether that stays)]) for every field in which they differ."""
    said, rows = Said(actor(), queries.custom_fields(actor())), []
    for field in merging.differing(records):
        if name := said.name_of(field):
            values = [(record["id"], _say(field, record), chosen.get(field) == record["id"]) for record in records if merging.is_said(record, field)]
            rows.append((field, _("Address") if field == "street" else name, values))
    return rows


def _say(field: str, record: dict[str, Any]) -> str:
    if field == "street":
        return lines_of(record)
    if field == "standing" and record["member_since"]:
        return f"{show(actor(), field, record[field])}, {_('since %(day)s', day=when(record['member_since']))}"
    names = merging.CHOSEN.get(field, ())
    told = [show(actor(), name, record[name]) for name in names] if names else [show(actor(), field, merging.value_of(record, field)[0])]
    return ", ".join(filter(None, told))


def lines_of(record: Any) -> str:
    """An address in one line."""
    get = record.get if isinstance(record, dict) else lambda name: getattr(record, name)
    return ", ".join(filter(None, (get(name) for name in ADDRESS)))


@blueprint.get("/merges")
@allow(Action.EDIT_PEOPLE)
def merges_get():
    """What was merged, with the way back."""
    return _merges_page(Form(formdata=None))


def _merges_page(form: Form) -> str:
    return render_template("people/merges.html", form=form, page=queries.merges_page(actor(), request.args.get("after")))


@blueprint.post("/merges/<int:merge_id>/undo")
@allow(Action.EDIT_PEOPLE)
def merge_undo_post(merge_id: int):
    """Takes a merge back, and says what stays because it was changed since."""
    form = Form()
    queries.merge_for(actor(), merge_id)

    def then(stayed: list) -> str:
        flash(_("Taken apart again: both records are as they were.") if not stayed else _("Taken apart again, but for what was changed since:"), "yes")
        for reason in stayed:
            flash(say(reason), "wait")
        return url_for("people.merges_get")

    return submit(form, lambda: actions.undo_merge(actor(), merge_id, now=now()), then, page=lambda: _merges_page(form))
