"""What organizers do with a sealed vote: draft, freeze, print pass letters, open with the trustees."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.db import transaction
from crm.infra.links import token_of, url_of
from crm.infra.web import Form, submit
from crm.kernel.languages import PAGE_LANGUAGES
from crm.kernel.permissions import Action
from crm.kernel.refusal import Refused
from crm.ratification.actions import sealed as actions
from crm.ratification.forms import sealed as forms
from crm.ratification.queries import editions_for
from crm.ratification.queries import sealed as queries
from crm.ratification.rules.reports import report
from crm.ratification.rules.sealed.states import PHASES, phase_of

blueprint = Blueprint("sealed", __name__, url_prefix="/sealed")


@blueprint.get("")
@allow(Action.SEE_VOTES)
def votes_get():
    page = queries.sealed_page(actor(), request.args.get("after"))
    phases = {row.id: PHASES[phase_of(row.state, queries.hours_of(row), now())] for row in page.rows}
    return render_template("ratification/sealed/list.html", page=page, phases=phases, may_run=actor().may(Action.RUN_VOTES))


def _edit(form: forms.SealedForm, row=None) -> str:
    return render_template("ratification/sealed/edit.html", form=form, row=row)


def _offered(**values) -> forms.SealedForm:
    return forms.SealedForm(**values).offer(editions_for(actor()), str(get_locale()))


@blueprint.get("/new")
@allow(Action.RUN_VOTES)
def vote_new_get():
    start = now().replace(second=0, microsecond=0)
    return _edit(_offered(data=forms.fresh_values(start, timedelta(days=3), actor().time_zone)))


@blueprint.post("/new")
@allow(Action.RUN_VOTES)
def vote_new_post():
    form = _offered()
    return submit(
        form, lambda: actions.draft_sealed(actor(), **form.facts(actor().time_zone), now=now()),
        then=lambda id: url_for("sealed.vote_get", id=id), page=lambda: _edit(form),
    )


@blueprint.get("/<int:id>/draft")
@allow(Action.RUN_VOTES)
def draft_get(id: int):
    row = queries.sealed_for(actor(), id)
    if row.state != "draft":
        return redirect(url_for("sealed.vote_get", id=id))
    return _edit(_offered(data=forms.saved_values(row, actor().time_zone)), row)


@blueprint.post("/<int:id>/draft")
@allow(Action.RUN_VOTES)
def draft_post(id: int):
    row, form = queries.sealed_for(actor(), id), _offered()
    return submit(
        form, lambda: actions.change_sealed(actor(), id, **form.facts(actor().time_zone), now=now()),
        then=lambda id: url_for("sealed.vote_get", id=id), page=lambda: _edit(form, row),
    )


def _page(id: int, form: Form | None = None) -> str:
    row = queries.sealed_for(actor(), id)
    manifest = row.manifest
    result = queries.board_of(row.poll_id)["result"] if row.state == "opened" else None
    return render_template(
        "ratification/sealed/vote.html", row=row, manifest=manifest, phase=phase_of(row.state, queries.hours_of(row), now()), PHASES=PHASES,
        form=form or forms.OpeningForm(), edition=queries.edition_of(row), passes=queries.count_passes(row.id), entries=queries.count_entries(row.id),
        roll=queries.roll_size(row.id), may_run=actor().may(Action.RUN_VOTES), planks=report(manifest, result, str(get_locale())) if result else [],
    )


@blueprint.get("/<int:id>")
@allow(Action.SEE_VOTES)
def vote_get(id: int):
    return _page(id)


@blueprint.post("/<int:id>/freeze")
@allow(Action.RUN_VOTES)
def freeze_post(id: int):
    form, row = forms.OpeningForm(), queries.sealed_for(actor(), id)
    modulus = actions.make_key(row.id) if row.state == "draft" else ""
    return submit(
        form, lambda: actions.freeze_sealed(actor(), id, modulus, now=now()),
        then=lambda id: url_for("sealed.vote_get", id=id), page=lambda: _page(id, form),
    )


@blueprint.post("/<int:id>/letters")
@allow(Action.RUN_VOTES)
def letters_post(id: int):
    form = forms.OpeningForm()
    try:
        with transaction():
            made = actions.print_pass_letters(actor(), id, now=now())
    except Refused as refused:
        form.refuse(refused.reasons)
        return _page(id, form), 422
    row = queries.sealed_for(actor(), id)
    letters = [_letter(row, seat, name, language, url_of("sealed", token_of(link))) for seat, name, language, link in made]
    return render_template("ratification/letters_print.html", letters=letters)


def _letter(row, seat: int, name: str, spoken: str, address: str) -> str:
    language = spoken if spoken in PAGE_LANGUAGES else "en"
    with force_locale(language):
        return render_template("ratification/sealed/_letter.html", row=row, seat=seat, name=name, address=address, language=language)


@blueprint.post("/<int:id>/opening")
@allow(Action.RUN_VOTES)
def opening_post(id: int):
    form = forms.OpeningForm()

    def act() -> int:
        actions.open_sealed(actor(), id, (form.shares.data or "").splitlines(), now=now())
        flash(_("The boxes are open. The key, every ballot and the count are published."))
        return id

    return submit(form, act, then=lambda id: url_for("sealed.vote_get", id=id), page=lambda: _page(id, form))
