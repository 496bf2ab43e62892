"""Invitations by lot, for the organizer: households in, rounds, letters, answers by phone, the pool, and calls to those drawn."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from crm.assemblies import queries as doors
from crm.assemblies import rules
from crm.assemblies.actions import recruitment as actions
from crm.assemblies.actions import responses
from crm.assemblies.forms.recruitment import AnswerForm, PoolForm, RecruitmentForm, RoundForm, registration_form
from crm.assemblies.lottery.files import quota_values
from crm.assemblies.models import Recruitment
from crm.assemblies.playbooks import playbook_in_force
from crm.assemblies.queries import recruitment as queries
from crm.assemblies.queries.own_households import lists_of
from crm.assemblies.routes.blueprint import blueprint, frame, opened_to_run, page_of
from crm.assemblies.rules import recruitment as words
from crm.assemblies.rules.lots import EXAMPLES
from crm.infra.auth import Actor, actor, allow, fresh
from crm.infra.clock import now
from crm.infra.jobs import job_for
from crm.infra.links import token_of, url_of
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action


@blueprint.get("/assemblies/<int:id>/recruitments/new")
@allow(Action.RUN_ASSEMBLIES)
def recruitment_new_get(id: int) -> str:
    """Households to invite from, and what the seats will be drawn by."""
    assembly = opened_to_run(id)
    seats = sum(group.count for group in playbook_in_force(assembly).groups if group.selection == "lottery") or assembly.goal
    return _new(id, _offered(RecruitmentForm(formdata=None, seats=seats, closes_on=assembly.day - timedelta(days=30))))


def _offered(form: RecruitmentForm) -> RecruitmentForm:
    return form.offer(lists_of(actor()), actor().may(Action.SEE_CONTACTS))


@blueprint.post("/assemblies/<int:id>/recruitments")
@allow(Action.RUN_ASSEMBLIES)
def recruitments_post(id: int) -> Any:
    """Takes the households in; everything that is wrong is said at once."""
    form, who, at = _offered(RecruitmentForm()), actor(), now()
    opened_to_run(id)
    return submit(form, lambda: actions.add_recruitment(who, id, form.typed(), now=at), then=lambda new: _page_of(id, new), page=lambda: _new(id, form))


@blueprint.get("/assemblies/<int:id>/recruitments/<int:recruitment_id>")
@allow(Action.RUN_ASSEMBLIES)
def recruitment_get(id: int, recruitment_id: int) -> Any:
    """Rounds in numbers, the next one, answers by phone, and the pool."""
    row = queries.recruitment_for(opened_to_run(id), recruitment_id)
    is_working = any(one.round.drawn_at is None for one in queries.rounds_of(row.id))
    return _page(id, recruitment_id), 200, {"Refresh": "3"} if is_working else {}


@blueprint.post("/assemblies/<int:id>/recruitments/<int:recruitment_id>/rounds")
@allow(Action.RUN_ASSEMBLIES)
def rounds_post(id: int, recruitment_id: int) -> Any:
    """Draws a round of households to invite."""
    form = RoundForm()
    typed = lambda: (form.size.data, form.seed.data or "", form.is_texted.data)  # noqa: E731
    return _change(id, recruitment_id, form, lambda who, at: actions.draw_round(who, id, recruitment_id, *typed(), now=at))


@blueprint.post("/assemblies/<int:id>/recruitments/<int:recruitment_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def recruitment_removal_post(id: int, recruitment_id: int) -> Any:
    """Takes out a list from which nobody was invited."""
    act = lambda who, at: actions.remove_recruitment(who, id, recruitment_id, now=at)  # noqa: E731
    return _change(id, recruitment_id, Form(), act, then=lambda _done: page_of(id, "lots_get"))


@blueprint.post("/assemblies/<int:id>/recruitments/<int:recruitment_id>/answers")
@allow(Action.RUN_ASSEMBLIES)
def answers_post(id: int, recruitment_id: int) -> Any:
    """Writes down an answer that came by phone or letter."""
    row = queries.recruitment_for(opened_to_run(id), recruitment_id)
    form = registration_form(quota_values(row.quotas, []))

    def done(_nothing: None) -> str:
        flash(_("The answer of %(code)s is written down.", code=(form.code.data or "").strip().upper()), "yes")
        return _page_of(id, recruitment_id)

    act = lambda who, at: responses.note_answer(who, id, recruitment_id, form.code.data or "", form.said(""), now=at)  # noqa: E731
    return _change(id, recruitment_id, form, act, done)


@blueprint.post("/assemblies/<int:id>/recruitments/<int:recruitment_id>/pool")
@allow(Action.RUN_ASSEMBLIES)
def pool_post(id: int, recruitment_id: int) -> Any:
    """Makes the pool from those who said yes so far."""
    form = PoolForm()
    act = lambda who, at: responses.make_pool(who, id, recruitment_id, form.method.data or "", now=at)  # noqa: E731
    return _change(id, recruitment_id, form, act, lambda lot_id: url_for("assemblies.lot_get", id=id, lot_id=lot_id))


@blueprint.get("/assemblies/<int:id>/recruitments/<int:recruitment_id>/rounds/<int:invited_id>/letters")
@allow(Action.RUN_ASSEMBLIES)
@fresh
def letters_get(id: int, recruitment_id: int, invited_id: int) -> str:
    """Letters to print, a hundred at a time, each with its code and its address."""
    assembly = opened_to_run(id)
    row = queries.list_for_letters(actor(), assembly, recruitment_id)
    one = queries.round_for(row, invited_id)
    page = queries.letters_page(one, request.args.get("after"))
    letters = [(invitation, queries.household_of(invitation), url_of("lottery", token_of(invitation.link_id))) for invitation in page.rows]
    return render_template(
        "assemblies/letters.html", **frame(assembly), recruitment=row, round=one, letters=letters, next=page.next, words=words,
        letter=lambda said, language: actions.letter_words(assembly, row, said, language), convener=doors.convener_of(assembly))


@blueprint.get("/assemblies/<int:id>/recruitments/<int:recruitment_id>/rounds/<int:invited_id>/letters.csv")
@allow(Action.RUN_ASSEMBLIES)
@fresh
def letters_csv_get(id: int, recruitment_id: int, invited_id: int) -> Response:
    """The same for a print shop: address, code and the address to answer at."""
    one = queries.round_for(queries.list_for_letters(actor(), opened_to_run(id), recruitment_id), invited_id)
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(["code", "name", "address", "postcode", "city", "language", "link"])
    for invitation in queries.letters_page(one, None, size=one.size).rows:
        home = queries.household_of(invitation)
        told = [words.code_of(invitation.number), home.name, home.address, home.postcode, home.city, home.language]
        sheet.writerow(told + [url_of("lottery", token_of(invitation.link_id))])
    return Response(text.getvalue(), mimetype="text/csv", headers={"Content-Disposition": f"attachment; filename=letters-{one.number}.csv"})


@blueprint.get("/assemblies/<int:id>/lots/<int:lot_id>/calls")
@allow(Action.RUN_ASSEMBLIES)
def lot_calls_get(id: int, lot_id: int) -> str:
    """Whoever was drawn, to be called: first those who have not answered."""
    doors.lot_for(opened_to_run(id), lot_id)
    return _calls(id, lot_id, Form(formdata=None))


@blueprint.post("/assemblies/<int:id>/lots/<int:lot_id>/calls")
@allow(Action.RUN_ASSEMBLIES)
def lot_calls_post(id: int, lot_id: int) -> Any:
    """Notes a call; who declines is replaced at once."""
    code, _line, outcome = request.form.get("call", "").rpartition("|")
    form, who, at = Form(), actor(), now()
    doors.lot_for(opened_to_run(id), lot_id)

    def done(new: str | None) -> str:
        if new:
            flash(_("%(code)s declined. %(new)s takes the seat: call them next.", code=code, new=new), "yes")
        elif outcome == "declined":
            flash(_("%(code)s declined. Nobody in the pool can take this seat without breaking a quota, so it stays empty.", code=code), "no")
        return url_for("assemblies.lot_calls_get", id=id, lot_id=lot_id)

    return submit(form, lambda: responses.note_call(who, id, lot_id, code, outcome, now=at), then=done, page=lambda: _calls(id, lot_id, form))


def _calls(id: int, lot_id: int, form: Form) -> str:
    assembly = opened_to_run(id)
    lot = doors.lot_for(assembly, lot_id)
    places = sorted(doors.places_of(lot), key=lambda place: (place.declined_at is not None, place.confirmed_at is not None, place.id))
    return render_template(
        "assemblies/lot_calls.html", **frame(assembly), lot=lot, form=form, places=places, reached=queries.reached_by(lot, [p.code for p in places]),
        attempts=queries.attempts_of(lot), words=words)


def _change(id: int, recruitment_id: int, form: Form, act: Callable[[Actor, Any], Any], then: Callable[[Any], str] | None = None) -> Any:
    who, at = actor(), now()
    queries.recruitment_for(opened_to_run(id), recruitment_id)
    return submit(form, lambda: act(who, at), then=then or (lambda _done: _page_of(id, recruitment_id)), page=lambda: _page(id, recruitment_id, form))


def _page_of(id: int, recruitment_id: int) -> str:
    return url_for("assemblies.recruitment_get", id=id, recruitment_id=recruitment_id)


def _new(id: int, form: RecruitmentForm) -> str:
    assembly = opened_to_run(id)
    return render_template("assemblies/recruitment_new.html", **frame(assembly), form=form, example=words.EXAMPLE, quotas_example=EXAMPLES["quotas"])


def _page(id: int, recruitment_id: int, form: Form | None = None) -> str:
    assembly = opened_to_run(id)
    row, me = queries.recruitment_for(assembly, recruitment_id), actor()
    rounds = queries.rounds_of(row.id)
    total = words.said_in_public({"invited": one.invited, "yes": one.yes, "no": one.no} for one in rounds)
    left = row.listed - sum(one.round.size for one in rounds)
    working = next((one.round for one in rounds if one.round.drawn_at is None), None)
    return render_template(
        "assemblies/recruitment.html", **frame(assembly), row=row, rounds=rounds, total=total, left=left, form=form or Form(formdata=None),
        job=job_for(me, working.job_id) if working and working.job_id else None, is_closed=actions.is_closed(row),
        is_over=rules.day_in(now(), assembly.time_zone) > row.closes_on, lots=[lot for lot in doors.lots_of(assembly) if lot.recruitment_id == row.id],
        round_form=form if isinstance(form, RoundForm) else RoundForm(formdata=None, size=_suggested(row, total, left)),
        pool_form=form if isinstance(form, PoolForm) else PoolForm(formdata=None),
        answer_form=form if isinstance(form, AnswerForm) else registration_form(quota_values(row.quotas, []), formdata=None),
    )  # fmt: skip


def _suggested(row: Recruitment, total: dict[str, int], left: int) -> int:
    return words.to_invite(row.seats, row.times, row.response, total["invited"], total["yes"], left)
