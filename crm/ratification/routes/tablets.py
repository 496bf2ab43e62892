"""The tablet in the hall: it waits, opens for one member, and clears itself. Its ballot is the same as behind a personal link."""

from typing import Any

from flask import redirect, render_template, request, url_for

from crm.infra.auth import Actor, public
from crm.infra.clock import now
from crm.infra.db import transaction
from crm.infra.links import read_link
from crm.kernel.refusal import Missing, Refused
from crm.ratification.actions import booths as actions
from crm.ratification.routes.ballots import blueprint
from crm.ratification.routes.holders import Waiting, at_tablet, held, speak


@blueprint.errorhandler(Waiting)
def _waiting(_error: Waiting) -> str:
    return render_template("ratification/ballot/waiting.html", token=(request.view_args or {})["token"].partition(".")[0])


def _code_page(token: str, is_wrong: bool = False) -> str:
    return render_template("ratification/ballot/code.html", token=token, is_wrong=is_wrong)


@blueprint.get("/v/<token>/code")
@public("the tablet's own link is the proof; opening it changes nothing")
def tablet_code_get(token: str):
    speak()
    at_tablet(token)
    return _code_page(token)


@blueprint.post("/v/<token>/code")
@public("the tablet's link and a member's own ballot link are the proof; the tablet opens for that seat")
def tablet_code_post(token: str):
    speak()
    tablet = at_tablet(token)
    typed = request.form.get("code", "").strip().rstrip("/").rpartition("/")[2].partition(".")[0]
    try:
        ballot = held(read_link(typed, "ballot", now()))
        if ballot.org_id != tablet.org_id:
            raise Missing
        with transaction(tablet.org_id):
            actions.unlock_by_link(tablet, Actor.by_link(ballot), now=now())
    except (Missing, Refused):
        return _code_page(token, is_wrong=True), 422
    return _begin(token)


@blueprint.post("/v/<token>/leave")
@public("the tablet's own link is the proof; it forgets for whom it was open")
def tablet_leave_post(token: str):
    speak()
    tablet = at_tablet(token)
    with transaction(tablet.org_id):
        actions.lock_booth(tablet, tablet.link.subject_id, now=now())
    return _begin(token)


def _begin(token: str) -> Any:
    return redirect(url_for("ballots.ballot_get", token=token.partition(".")[0]), 303)
