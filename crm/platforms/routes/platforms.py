"""Platforms: the list, the heading, the desk, and opening the text for writing again."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from crm.assemblies.models import Assembly
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.platforms import actions, queries
from crm.platforms.forms import ButtonForm, HeadingForm
from crm.platforms.models import Platform
from crm.platforms.routes.shared import PLATFORM_STATES, blueprint, desk_page, in_page_language, is_ahead


def _with_choices(form: HeadingForm) -> HeadingForm:
    titles = [(str(id), in_page_language(words)) for id, words in queries.assembly_choices(actor())]
    form.assembly_id.choices = [("", _("None"))] + titles
    return form


def _heading(form: HeadingForm) -> dict:
    def moment(typed: datetime | None) -> datetime | None:
        return typed and typed.replace(second=0, tzinfo=ZoneInfo(actor().time_zone))

    return {
        "titles": form.by_language("title"), "intros": form.by_language("intro"), "languages": form.languages.data,
        "authentic_language": form.authentic_language.data, "share_needed": form.share_needed.data,
        "assembly_id": form.assembly_id.data,
        "deadline_at": moment(form.deadline_at.data), "proposals_until": moment(form.proposals_until.data),
        "least_supporters": form.least_supporters.data or 0,
    }


def _filled(platform: Platform) -> HeadingForm:
    def moment(kept: datetime | None) -> datetime | None:
        return kept and kept.astimezone(ZoneInfo(actor().time_zone)).replace(second=0, microsecond=0)

    form = HeadingForm(
        languages=platform.languages, authentic_language=platform.authentic_language, version=platform.version,
        deadline_at=moment(platform.deadline_at), proposals_until=moment(platform.proposals_until), least_supporters=platform.least_supporters,
        assembly_id=str(platform.assembly_id or ""), share_needed=platform.share_needed,
    )
    form.fill("title", platform.titles)
    form.fill("intro", platform.intros)
    return _with_choices(form)


@blueprint.get("/platforms")
@allow(Action.SEE_PLATFORMS)
def platforms_get():
    return render_template("platforms/list.html", rows=queries.platforms_seen(actor()))


def panel(who: Actor, assembly: Assembly) -> dict[str, Any]:
    """What an assembly's page shows: the platforms that come from it."""
    return {"assembly_platforms": queries.platforms_seen(who, assembly.id), "PLATFORM_STATES": PLATFORM_STATES, "is_ahead": is_ahead}


@blueprint.get("/platforms/new")
@allow(Action.DRAFT_PLATFORMS)
def platform_new_get():
    """An empty heading; from an assembly's page, with that assembly as where the text comes from."""
    wanted = next(((id, words) for id, words in queries.assembly_choices(actor()) if id == read_id(request.args.get("assembly"))), None)
    form = HeadingForm(languages=["en", "es"], authentic_language="en", assembly_id=str(wanted[0]) if wanted else "")
    if wanted:
        form.fill("title", wanted[1])
    form = _with_choices(form)
    return render_template("platforms/heading.html", form=form, platform=None)


@blueprint.post("/platforms")
@allow(Action.DRAFT_PLATFORMS)
def platform_new_post():
    form = _with_choices(HeadingForm())
    return submit(
        form, lambda: actions.create_platform(actor(), _heading(form), now=now()),
        then=lambda id: url_for("platforms.platform_get", id=id),
        page=lambda: render_template("platforms/heading.html", form=form, platform=None),
    )


@blueprint.get("/platforms/<int:id>")
@allow(Action.SEE_PLATFORMS)
def platform_get(id: int):
    return desk_page(id, None)


@blueprint.get("/platforms/<int:id>/heading")
@allow(Action.DRAFT_PLATFORMS)
def heading_get(id: int):
    platform = queries.platform_of_owner(actor(), id)
    return render_template("platforms/heading.html", form=_filled(platform), platform=platform)


@blueprint.post("/platforms/<int:id>/heading")
@allow(Action.DRAFT_PLATFORMS)
def heading_post(id: int):
    queries.platform_of_owner(actor(), id)
    form = _with_choices(HeadingForm())
    seen = form.version.data or 0
    return submit(
        form, lambda: actions.change_platform(actor(), id, _heading(form), version=seen, now=now()),
        then=lambda _id: url_for("platforms.platform_get", id=id),
        page=lambda: _heading_again(id, form, seen),
    )


def _heading_again(id: int, form: HeadingForm, seen: int) -> str:
    """What was typed; after a clash, beside what someone else has saved, so that the next save is a decision."""
    platform = queries.platform_of_owner(actor(), id)
    form.version.data, form.version.raw_data = platform.version, None
    theirs = platform if platform.version != seen else None
    return render_template("platforms/heading.html", form=form, platform=platform, theirs=theirs)


@blueprint.post("/platforms/<int:id>/writing")
@allow(Action.DECIDE_AMENDMENTS)
def writing_post(id: int):
    queries.platform_of_owner(actor(), id)
    form = ButtonForm()
    return submit(
        form, lambda: actions.reopen_platform(actor(), id, now=now()),
        then=lambda _id: _reopened(id), page=lambda: render_template("errors/422.html", reasons=form.refusals),
    )


def _reopened(id: int) -> str:
    flash(_("The text can be changed again. Its editions stay as they are."), "yes")
    return url_for("platforms.platform_get", id=id)
