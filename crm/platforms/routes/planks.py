"""Planks: one on the desk, added, written, moved, struck, put back; what a committee advises, and their history."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.platforms import actions, queries, rules
from crm.platforms.forms import ButtonForm, RecommendationForm, plank_form
from crm.platforms.routes.shared import blueprint, desk_page, from_tables, pressed


def _wording(form: Form) -> dict:
    return {
        "titles": form.by_language("title"), "texts": form.by_language("text"), "sections": form.by_language("section"),
        "reason": form.reason.data, "is_same_meaning": form.is_same_meaning.data, "is_draft": form.is_draft.data,
    }


def _to(id: int, plank_id: int) -> str:
    return url_for("platforms.plank_get", id=id, plank_id=plank_id)


@blueprint.get("/platforms/<int:id>/planks/<int:plank_id>")
@allow(Action.SEE_PLATFORMS)
def plank_get(id: int, plank_id: int):
    return desk_page(id, plank_id)


@blueprint.get("/platforms/<int:id>/planks/new")
@allow(Action.DRAFT_PLATFORMS)
def plank_new_get(id: int):
    platform = queries.platform_of_owner(actor(), id)
    form = plank_form(platform.languages)
    if near := request.args.get("after", type=int):
        form.fill("section", queries.plank_for(actor(), id, near).sections)
    return render_template("platforms/plank.html", platform=platform, form=form, plank=None, **from_tables(form))


@blueprint.post("/platforms/<int:id>/planks")
@allow(Action.DRAFT_PLATFORMS)
def plank_new_post(id: int):
    platform = queries.platform_of_owner(actor(), id)
    form = plank_form(platform.languages)
    return submit(
        form, lambda: actions.add_plank(actor(), id, _wording(form), now=now()),
        then=lambda plank_id: _to(id, plank_id),
        page=lambda: render_template(
            "platforms/plank.html", platform=queries.platform_of_owner(actor(), id), form=form, plank=None
        ),
    )


@blueprint.get("/platforms/<int:id>/planks/<int:plank_id>/text")
@allow(Action.DRAFT_PLATFORMS)
def text_get(id: int, plank_id: int):
    platform = queries.platform_of_owner(actor(), id)
    plank = queries.plank_for(actor(), id, plank_id)
    words = queries.version_of(plank, plank.version)
    form = plank_form(platform.languages, version=plank.version)
    form.fill("section", plank.sections)
    form.fill("title", words.titles)
    form.fill("text", words.texts)
    return render_template("platforms/plank.html", platform=platform, form=form, plank=plank, words=words)


@blueprint.post("/platforms/<int:id>/planks/<int:plank_id>/text")
@allow(Action.DRAFT_PLATFORMS)
def text_post(id: int, plank_id: int):
    platform = queries.platform_of_owner(actor(), id)
    queries.plank_for(actor(), id, plank_id)
    form = plank_form(platform.languages)
    seen = form.version.data or 0
    return submit(
        form, lambda: actions.change_plank(actor(), id, plank_id, _wording(form), version=seen, now=now()),
        then=lambda _id: _to(id, plank_id),
        page=lambda: _text_again(id, plank_id, form, seen),
    )


def _text_again(id: int, plank_id: int, form: Form, seen: int) -> str:
    """What was typed; after a clash, beside what someone else has saved, so that the next save is a decision."""
    platform, plank = queries.platform_of_owner(actor(), id), queries.plank_for(actor(), id, plank_id)
    words = queries.version_of(plank, plank.version)
    theirs = words if plank.version != seen else None
    form.version.data, form.version.raw_data = plank.version, None
    return render_template(
        "platforms/plank.html", platform=platform, form=form, plank=plank, words=words, theirs=theirs
    )


@blueprint.post("/platforms/<int:id>/planks/<int:plank_id>/place")
@allow(Action.DRAFT_PLATFORMS)
def place_post(id: int, plank_id: int):
    form = ButtonForm()
    return _press(
        id, plank_id, form, lambda: actions.move_plank(actor(), id, plank_id, form.verb.data or "", now=now())
    )


@blueprint.post("/platforms/<int:id>/planks/<int:plank_id>/state")
@allow(Action.DRAFT_PLATFORMS)
def state_post(id: int, plank_id: int):
    form = ButtonForm()
    return _press(
        id, plank_id, form, lambda: actions.set_plank_state(actor(), id, plank_id, form.verb.data or "", now=now())
    )


def _press(id: int, plank_id: int, form: ButtonForm, act: Callable[[], Any]) -> Any:
    queries.platform_of_owner(actor(), id)
    return pressed(form, act, then=lambda _id: _to(id, plank_id))


@blueprint.post("/platforms/<int:id>/planks/<int:plank_id>/recommendation")
@allow(Action.DRAFT_PLATFORMS)
def plank_advice_post(id: int, plank_id: int):
    queries.platform_of_owner(actor(), id)
    form = RecommendationForm()
    return submit(
        form, lambda: actions.recommend(actor(), id, form.data, plank_id=plank_id, now=now()),
        then=lambda _id: _to(id, plank_id), page=lambda: desk_page(id, plank_id, advising=form),
    )


@blueprint.get("/platforms/<int:id>/planks/<int:plank_id>/history")
@allow(Action.SEE_PLATFORMS)
def history_get(id: int, plank_id: int):
    platform, plank = queries.platform_for(actor(), id), queries.plank_for(actor(), id, plank_id)
    versions = {version.number: version for version in reversed(queries.versions_of(plank.id))}
    new = versions.get(request.args.get("to", plank.version, type=int), versions[plank.version])
    old = versions.get(request.args.get("from", new.number - 1, type=int))
    said = {tag: rules.blame([(n, version.texts.get(tag, "")) for n, version in versions.items() if n <= new.number]) for tag in platform.languages}
    return render_template(
        "platforms/history.html", platform=platform, plank=plank, versions=versions, new=new, old=old, said=said,
        brought=_brought(queries.amendments_of(platform), plank_id),
    )


def _brought(rows: list[queries.AmendmentRow], plank_id: int) -> dict[int, list[queries.AmendmentRow]]:
    """Which amendments went into each version of a plank."""
    found: dict[int, list[queries.AmendmentRow]] = {}
    for row in rows:
        if row.amendment.plank_id == plank_id and row.amendment.adopted_version:
            found.setdefault(row.amendment.adopted_version, []).append(row)
    return found
