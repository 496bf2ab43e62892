"""Draws by lot, for the organizer: pool and quotas in, frozen, the seed, who was drawn, who takes over."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from crm.assemblies import queries, rules
from crm.assemblies.actions import lots
from crm.assemblies.forms.lots import FreezeForm, LotForm, SeedForm
from crm.assemblies.models import Lot
from crm.assemblies.playbooks import playbook_in_force
from crm.assemblies.queries.recruitment import recruitments_of, told_in_public
from crm.assemblies.routes.blueprint import blueprint, frame, opened_to_run, page_of
from crm.assemblies.rules.lots import CHALLENGE_DAYS, EXAMPLES, METHODS, UNDRAWN_DAYS
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.jobs import job_for
from crm.infra.web import Form, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing, Reason


@blueprint.get("/assemblies/<int:id>/lots")
@allow(Action.RUN_ASSEMBLIES)
def lots_get(id: int) -> str:
    """The draws of an assembly, and what a draw by lot is."""
    assembly = opened_to_run(id)
    return render_template("assemblies/lots.html", **frame(assembly), lots=queries.lots_of(assembly), recruitments=recruitments_of(assembly))


@blueprint.get("/assemblies/<int:id>/lots/new")
@allow(Action.RUN_ASSEMBLIES)
def lot_new_get(id: int) -> str:
    """A pool and its quotas; ?from= begins with those of another draw and the quotas nearest to it that can be met."""
    assembly, before = opened_to_run(id), read_id(request.args.get("from"))
    seats = sum(group.count for group in playbook_in_force(assembly).groups if group.selection == "lottery") or assembly.goal
    return _new(id, LotForm(formdata=None, **(_like(queries.lot_for(assembly, before)) if before else {"seats": seats})))


@blueprint.post("/assemblies/<int:id>/lots")
@allow(Action.RUN_ASSEMBLIES)
def lots_post(id: int) -> Any:
    """Takes pool and quotas in; everything that is wrong with them is said at once."""
    form, who, at = LotForm(), actor(), now()
    opened_to_run(id)
    typed = lambda: (form.people.data or "", form.quotas.data or "", form.seats.data or 0, form.method.data or "")  # noqa: E731
    return submit(form, lambda: lots.add_lot(who, id, *typed(), now=at), then=lambda lot_id: _page_of(id, lot_id), page=lambda: _new(id, form))


@blueprint.get("/assemblies/<int:id>/lots/<int:lot_id>")
@allow(Action.RUN_ASSEMBLIES)
def lot_get(id: int, lot_id: int) -> Any:
    """A draw as far as it is; while the solver works the page looks again by itself."""
    lot = queries.lot_for(opened_to_run(id), lot_id)
    is_working = lot.job_id is not None and job_for(actor(), lot.job_id).finished_at is None
    return _lot(id, lot_id, Form(formdata=None)), 200, {"Refresh": "3"} if is_working else {}


@blueprint.post("/assemblies/<int:id>/lots/<int:lot_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def lot_removal_post(id: int, lot_id: int) -> Any:
    """Takes out what was never frozen."""
    return _change(id, lot_id, Form(), lambda who, at: lots.remove_lot(who, id, lot_id, now=at), then=lambda _done: page_of(id, "lots_get"))


@blueprint.post("/assemblies/<int:id>/lots/<int:lot_id>/freezing")
@allow(Action.RUN_ASSEMBLIES)
def lot_freezing_post(id: int, lot_id: int) -> Any:
    """Commits to pool and quotas before the seed is known."""
    form = FreezeForm()
    return _change(id, lot_id, form, lambda who, at: lots.freeze_lot(who, id, lot_id, form.source.data or "", now=at))


@blueprint.post("/assemblies/<int:id>/lots/<int:lot_id>/seed")
@allow(Action.RUN_ASSEMBLIES)
def lot_seed_post(id: int, lot_id: int) -> Any:
    """The seed, once; the draw begins."""
    form = SeedForm()
    return _change(id, lot_id, form, lambda who, at: lots.seed_lot(who, id, lot_id, form.seed.data or "", form.keep_until.data, now=at))


@blueprint.post("/assemblies/<int:id>/lots/<int:lot_id>/work")
@allow(Action.RUN_ASSEMBLIES)
def lot_work_post(id: int, lot_id: int) -> Any:
    """Takes up again what somebody stopped."""
    return _change(id, lot_id, Form(), lambda who, at: lots.work_again(who, id, lot_id, now=at))


@blueprint.post("/assemblies/<int:id>/lots/<int:lot_id>/replacements")
@allow(Action.RUN_ASSEMBLIES)
def lot_replacement_post(id: int, lot_id: int) -> Any:
    """Somebody declined: the rule names who takes over."""
    code = request.form.get("code", "")

    def then(new: str | None) -> str:
        if new is None:
            flash(_("%(code)s declined. Nobody in the pool can take this seat without breaking a quota, so it stays empty.", code=code), "no")
        else:
            flash(_("%(code)s declined. %(new)s takes the seat.", code=code, new=new), "yes")
        return _page_of(id, lot_id)

    return _change(id, lot_id, Form(), lambda who, at: lots.pass_on(who, id, lot_id, code, now=at), then)


@blueprint.post("/assemblies/<int:id>/lots/<int:lot_id>/seats")
@allow(Action.RUN_ASSEMBLIES)
def lot_seats_post(id: int, lot_id: int) -> Any:
    """Those drawn have places on the roster."""

    def then(done: tuple[int, int]) -> str:
        flash(_("On the roster: %(on)s added, %(off)s taken off.", on=done[0], off=done[1]), "yes")
        return page_of(id, "participants_get")

    return _change(id, lot_id, Form(), lambda who, at: lots.seat_the_drawn(who, id, lot_id, now=at), then)


@blueprint.get("/assemblies/<int:id>/lots/<int:lot_id>/pool.csv")
@allow(Action.RUN_ASSEMBLIES)
def lot_pool_get(id: int, lot_id: int) -> Response:
    """The pool as it is hashed, for whoever is to check the draw."""
    lot = queries.lot_for(opened_to_run(id), lot_id)
    if not lot.people:
        raise Missing
    return Response(lot.people, mimetype="text/csv", headers={"Content-Disposition": f"attachment; filename=pool-{lot.people_sha256[:8]}.csv"})


def _change(id: int, lot_id: int, form: Form, act: Callable[[Actor, Any], Any], then: Callable[[Any], str] | None = None) -> Any:
    who, at = actor(), now()
    queries.lot_for(opened_to_run(id), lot_id)
    return submit(form, lambda: act(who, at), then=then or (lambda _done: _page_of(id, lot_id)), page=lambda: _lot(id, lot_id, form))


def _page_of(id: int, lot_id: int) -> str:
    return url_for("assemblies.lot_get", id=id, lot_id=lot_id)


def _like(lot: Lot) -> dict[str, Any]:
    """What another draw was given, with the quotas nearest to its own that can be met."""
    text = io.StringIO()
    rows = [(row["feature"], row["value"], *row.get("near", (row["min"], row["max"]))) for row in lot.counts]
    csv.writer(text, lineterminator="\n").writerows([("feature", "value", "min", "max"), *rows])
    return {"people": lot.people, "quotas": text.getvalue(), "seats": lot.seats, "method": lot.method}


def _new(id: int, form: LotForm) -> str:
    return render_template("assemblies/lot_new.html", **frame(opened_to_run(id)), form=form, examples=EXAMPLES)


def _lot(id: int, lot_id: int, form: Form) -> str:
    assembly = opened_to_run(id)
    lot, me = queries.lot_for(assembly, lot_id), actor()
    challenge = rules.day_in(now(), assembly.time_zone) + timedelta(days=CHALLENGE_DAYS)
    return render_template(
        "assemblies/lot.html", **frame(assembly), lot=lot, places=queries.places_of(lot), form=form, invitations=told_in_public(lot),
        methods=METHODS, undrawn_days=UNDRAWN_DAYS,
        job=job_for(me, lot.job_id) if lot.job_id else None, reasons=[Reason(text, params) for text, params in lot.problems],
        has_near=any(row.get("near", [row["min"], row["max"]]) != [row["min"], row["max"]] for row in lot.counts),
        freeze_form=form if isinstance(form, FreezeForm) else FreezeForm(formdata=None),
        seed_form=form if isinstance(form, SeedForm) else SeedForm(formdata=None, keep_until=challenge),
    )  # fmt: skip
