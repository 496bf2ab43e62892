"""The pages that look across rooms: the first one after sign-in, the minutes of an assembly."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.assemblies.routes.blueprint import spoken
from crm.assemblies.rules import floor
from crm.home import queries, rules
from crm.home.queries.minutes import minutes_for
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.look import nav_items
from crm.kernel.permissions import Action
from crm.platforms.routes.documents import page_as_file
from crm.ratification.rules.reports import report

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@allow(Action.ACT_FOR_SELF)
def week_get():
    if not actor().may(Action.SEE_WEEK):
        # The tally committee has no week; it begins with the first page of its navigation.
        first = next(item for item in nav_items(actor()) if item)
        return redirect(url_for(first[3]))
    week = queries.week(actor(), now())
    page = "home/first_week.html" if week.is_first else "home/week.html"
    return render_template(page, week=week, is_late_answer=rules.is_late_answer)


@blueprint.get("/assemblies/<int:id>/minutes")
@allow(Action.SEE_ASSEMBLIES)
def minutes_get(id: int):
    return render_template("home/minutes.html", **_minutes(id))


@blueprint.get("/assemblies/<int:id>/minutes.<form>")
@allow(Action.SEE_ASSEMBLIES)
def minutes_document_get(id: int, form: str):
    facts = _minutes(id)
    assembly, title = facts["assembly"], spoken(facts["assembly"].title)
    page, name = render_template("home/_minutes.html", **facts), f"minutes-{assembly.title.get('en') or title}"
    return page_as_file(form, page, name, owner=facts["minutes"].convener, title=title, facts=_("The minutes"))


def _minutes(id: int) -> dict[str, Any]:
    minutes = minutes_for(actor(), id)
    g.time_zone = minutes.assembly.time_zone
    counted = [
        (row, report(row.manifest, row.result, str(get_locale())), list(zip(row.manifest["electorates"], row.result["electorates"], strict=True)))
        for row in minutes.votes
    ]
    is_ours = minutes.assembly.org_id == actor().org_id
    return {"minutes": minutes, "assembly": minutes.assembly, "counted": counted, "words": floor, "is_ours": is_ours, "at": now()}
