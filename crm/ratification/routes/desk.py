"""The desk in the hall: an organization finds its own members on the roll, hands out paper, and opens the tablet for one of them."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.db import transaction
from crm.infra.links import token_of, url_of
from crm.infra.look import say_in
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.ratification import queries
from crm.ratification.actions import booths, paper
from crm.ratification.forms import TabletForm
from crm.ratification.models import Ratification
from crm.ratification.queries.paper import booths_of, paper_count, secret_electorate, secret_electorates, unlocked
from crm.ratification.routes.holders import Held
from crm.ratification.routes.manage import blueprint
from crm.ratification.routes.papers import chosen_group, groups_of
from crm.ratification.rules.contests import kind_of
from crm.ratification.rules.reports import option_names

ON_PAPER = {
    "plank": N_("Mark one box for each plank. A plank without a mark counts as abstain."),
    "ranking": N_("Write 1 beside your first choice, 2 beside your second, and so on. Leave the rest empty."),
    "approval": N_("Mark every option that you approve of."),
    "points": N_("Write your points beside each option. An option left empty gets none."),
}
_BOX = N_("Fold the paper and put it into the box yourself. Write no name on it.")
_SPOILED = N_("If you spoil it, give it back at the desk and get a new one.")


def _page(id: int, form: Form) -> str:
    row, words = queries.ratification_for(actor(), id), request.values.get("q", "")
    electorate = secret_electorate(row, chosen_group())
    tablets = booths_of(actor(), row)
    return render_template(
        "ratification/desk.html", row=row, **groups_of(row, electorate), form=form, words=words,
        found=queries.own_members(actor(), row, words, electorate), count=paper_count(electorate.id),
        tablets=tablets, in_use={tablet.id for tablet in tablets if unlocked(tablet, now())}, tablet_form=TabletForm(formdata=None),
        is_live=row.state == "open" and row.opens_at <= now() < row.closes_at,
    )


@blueprint.get("/votes/<int:id>/desk")
@allow(Action.SEND_TEXTS)
def desk_get(id: int):
    return _page(id, Form())


def _for_owner(id: int, act: Callable[[Ratification], Any], said: str) -> Any:
    """What a desk does on the roll itself, which is the owner's; the desk's own right to it was read before."""
    form = Form()
    if not form.validate_on_submit():
        return _page(id, form), 422
    row = queries.ratification_for(actor(), id)
    try:
        act(row)
    except Refused as refused:
        form.refuse(refused.reasons)
        return _page(id, form), 422
    flash(said)
    return redirect(_desk(id), 303)


def _desk(id: int) -> str:
    return url_for("ratifications.desk_get", id=id, group=chosen_group())


@blueprint.post("/votes/<int:id>/desk/papers/<int:entry_id>")
@allow(Action.SEND_TEXTS)
def paper_out_post(id: int, entry_id: int):
    def act(row: Ratification) -> None:
        entry = queries.own_entry_for(actor(), row, entry_id)
        if entry.electorate_id not in {e.id for e in secret_electorates(row)}:
            raise Missing
        who = Actor.by_link(Held(row.org_id, entry.id, actor().org_id, row.closes_at))
        with transaction(who.org_id, durable=True):
            paper.hand_out_paper(who, now=now())

    return _for_owner(id, act, _("The seat is marked. Hand out one paper now."))


@blueprint.post("/votes/<int:id>/desk/spoiled")
@allow(Action.SEND_TEXTS)
def paper_spoiled_post(id: int):
    def act(row: Ratification) -> None:
        if row.org_id != actor().org_id and not queries.has_own_entries(actor(), row):
            raise Missing
        for_owner = Actor(org_id=row.org_id, account_id=actor().account_id, name=actor().name)
        with transaction(row.org_id):
            paper.note_spoiled(for_owner, id, chosen_group(), now=now())

    return _for_owner(id, act, _("Noted. Keep the spoiled paper in its envelope and hand out a new one."))


@blueprint.post("/votes/<int:id>/desk/tablets")
@allow(Action.SEND_TEXTS)
def tablets_post(id: int):
    form, links = TabletForm(), []
    answer = submit(form, lambda: links.append(booths.put_up_booth(actor(), id, form.name.data or "", now=now())),
                    then=lambda _none: _desk(id), page=lambda: _page(id, form))
    if not links:
        return answer
    row = queries.ratification_for(actor(), id)
    return render_template("ratification/tablet.html", row=row, back_to=_desk(id), name=form.name.data, address=url_of("booth", token_of(links[0])))


@blueprint.post("/votes/<int:id>/desk/tablets/<int:booth_id>/seats/<int:entry_id>")
@allow(Action.SEND_TEXTS)
def tablet_seat_post(id: int, booth_id: int, entry_id: int):
    form = Form()

    def act() -> int:
        ballots, minutes = booths.unlock_booth(actor(), id, booth_id, entry_id, now=now())
        flash(ngettext("The tablet is open for %(num)s ballot, for %(n)s minutes.", "The tablet is open for %(num)s ballots, for %(n)s minutes.",
                       ballots, n=minutes))
        return id

    return submit(form, act, then=_desk, page=lambda: _page(id, form))


@blueprint.post("/votes/<int:id>/desk/tablets/<int:booth_id>/removal")
@allow(Action.SEND_TEXTS)
def tablet_removal_post(id: int, booth_id: int):
    form = Form()
    return submit(form, lambda: booths.take_booth_down(actor(), id, booth_id, now=now()), then=_desk, page=lambda: _page(id, form))


def _both(text: str) -> str:
    return " / ".join(dict.fromkeys(say_in(Reason(text), tag) for tag in ("en", "es")))


@blueprint.get("/votes/<int:id>/paper-ballot")
@allow(Action.SEE_VOTES)
def paper_ballot_get(id: int):
    row = queries.ratification_for(actor(), id)
    electorate = secret_electorate(row, chosen_group())
    rule = paper.rule_of(row, electorate)
    language, authentic = str(get_locale()), row.manifest["edition"]["authentic"]
    names = [option_names(rule, tag, authentic) for tag in ("en", "es")] if rule.get("contest") else []
    return render_template(
        "ratification/paper_ballot.html", row=row, **groups_of(row, electorate), both=_both, kind=kind_of(rule) if names else "plank", language=language,
        options=[" / ".join(dict.fromkeys(pair)) for pair in zip(*names, strict=True)] if names else [],
        help=[ON_PAPER[kind_of(rule) if names else "plank"], _BOX, _SPOILED], titles=lambda words: " / ".join(dict.fromkeys(words.values())),
    )
