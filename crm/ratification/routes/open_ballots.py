"""The ballot of an open vote: one page, because there is nothing to hide between its screens; and, for an organization, how its own
members voted."""

from flask import render_template, request
from flask_babel import get_locale

from crm.infra.auth import actor, allow, public
from crm.infra.clock import now
from crm.infra.db import transaction
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.ratification import actions, queries
from crm.ratification.routes.ballots import OPEN_PAGE, Booth, blueprint, open_booth, refusal_of, show_stopped
from crm.ratification.routes.manage import blueprint as manage
from crm.ratification.rules.reports import rule_in_words, said
from crm.ratification.rules.states import PEOPLE

NOTHING = N_("Choose yes, no or abstain on at least one plank.")


def open_page(booth: Booth, reasons: tuple[Reason, ...] = (), *, is_in: bool = False) -> str:
    """What an open vote is, every plank with what was voted so far, and whether it can still change."""
    there = queries.votes_of_seat(booth.seat.electorate_id, booth.seat.seat)
    picked = {n: request.form.get(f"p{n}") or (there[n].choice if n in there else "") for n in booth.numbers}
    return render_template(
        "ratification/ballot/open.html", booth=booth, row=booth.seat, draft=None, slip_name=booth.seat.owner, reasons=reasons, picked=picked,
        rule=rule_in_words(booth.seat.rule), has_voted=bool(there), may_change=booth.seat.rule["may_change"], is_in=is_in,
        said=lambda words: said(words, str(get_locale()), booth.content["authentic"]),
    )


@blueprint.post("/v/<token>/open")
@public("a member's own ballot link is the proof; an open vote is kept beside the seat, as its page says")
def open_post(token: str):
    booth = open_booth(token)
    if reasons := refusal_of(booth):
        return show_stopped(booth, reasons)
    choices = {n: request.form[f"p{n}"] for n in booth.numbers if request.form.get(f"p{n}")}
    if not choices:
        return open_page(booth, (Reason(NOTHING),)), 422
    try:
        with transaction(booth.who.org_id, durable=True):
            actions.cast_open_vote(booth.who, booth.who.link.subject_id, choices, via="page", now=now())
    except Refused as refused:
        return open_page(open_booth(token), refused.reasons), 409
    return open_page(open_booth(token), is_in=True)


@manage.get("/votes/<int:id>/our-members")
@allow(Action.RUN_VOTES)
def our_members_get(id: int):
    """How the organization's own members voted in an open vote, by name; nobody else's, and nobody's where the vote is secret."""
    row = queries.ratification_for(actor(), id)
    groups = [e for e in queries.electorates_of(row) if e.kind in PEOPLE]
    if not groups or row.manifest is None:
        raise Missing()
    wanted = request.args.get("group")  # the group whose further page is asked for; else each from its first
    shown = [e for e in groups if wanted in (None, e.key)]
    after = request.args.get("after") if wanted else None
    pages = {e.key: None if e.is_secret else queries.own_open_votes(actor(), e, after) for e in shown}
    votes = {e.key: queries.open_votes_of(e.id, [entry.seat for entry, _person, _code in page.rows]) for e in shown if (page := pages[e.key])}
    return render_template("ratification/our_members.html", row=row, groups=shown, pages=pages, planks=row.manifest["planks"], votes=votes)


OPEN_PAGE[:] = [open_page]
