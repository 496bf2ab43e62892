"""The first page after sign-in."""

from flask import Blueprint, redirect, render_template, url_for

from crm.home import queries, rules
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.look import nav_items
from crm.kernel.permissions import Action

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
