"""Paper for a hall without signal: printed with QR codes, entered by two people afterwards."""

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.assemblies.queries import assembly_to_run, sessions_of
from crm.assemblies.rules import in_language
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.runtime import settings
from crm.infra.web import submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.turnout import actions, queries, rules
from crm.turnout.forms import TickForm
from crm.turnout.routes.board import titled

blueprint = Blueprint("turnout_sheets", __name__)


@blueprint.get("/assemblies/<int:id>/sheets")
@allow(Action.RUN_DOOR)
def sheets_get(id: int):
    return _sheets(id)


def _sheets(id: int) -> str:
    assembly = assembly_to_run(actor(), id)
    sittings = {one.id: in_language(one.title, str(get_locale())) for one in sessions_of(assembly)}
    return render_template("turnout/sheets.html", assembly=assembly, title=titled(assembly), sheets=queries.sheets_of(actor(), id), sittings=sittings)


@blueprint.post("/assemblies/<int:id>/sessions/<int:session_id>/sheets")
@allow(Action.RUN_DOOR)
def sheets_post(id: int, session_id: int):
    return submit(
        TickForm(),
        lambda: actions.print_sheets(actor(), id, session_id, now=now()),
        then=lambda _made: url_for("turnout_sheets.sheets_print_get", id=id, session_id=session_id),
        page=lambda: _sheets(id),
    )


@blueprint.get("/assemblies/<int:id>/sessions/<int:session_id>/sheets")
@allow(Action.RUN_DOOR)
def sheets_print_get(id: int, session_id: int):
    assembly = assembly_to_run(actor(), id)
    sitting = next((one for one in sessions_of(assembly) if one.id == session_id), None)
    if sitting is None:
        raise Missing()
    return render_template(
        "turnout/sheets_print.html", assembly=assembly, title=titled(assembly), sitting=sitting, sitting_title=in_language(sitting.title, str(get_locale())),
        sheets=queries.sheets_of(actor(), id, session_id), blank=rules.BLANK_LINES, public_url=settings().public_url,
    )  # fmt: skip


@blueprint.get("/assemblies/<int:id>/sheets/<int:sheet_id>")
@allow(Action.RUN_DOOR)
def sheet_get(id: int, sheet_id: int):
    return _sheet(id, sheet_id)


def _sheet(id: int, sheet_id: int, form: TickForm | None = None) -> str:
    assembly = assembly_to_run(actor(), id)
    sheet = queries.sheet_for(actor(), id, sheet_id)
    (shown,) = queries.sheets_of(actor(), id, sheet_id=sheet_id)
    mine = shown.entry_of(actor().account_id)
    return render_template(
        "turnout/sheet.html", assembly=assembly, title=titled(assembly), sheet=sheet, shown=shown, mine=mine, form=form or TickForm(formdata=None),
        others=[one for one in shown.entries if one is not mine], typed=_reading() if request.method == "POST" else mine and queries.reading_of(mine),
        blank=rules.BLANK_LINES, partners=queries.organizations_at(queries.sitting_of(actor(), sheet, now())),
    )  # fmt: skip


@blueprint.post("/assemblies/<int:id>/sheets/<int:sheet_id>")
@allow(Action.RUN_DOOR)
def sheet_post(id: int, sheet_id: int):
    form = TickForm()
    return submit(
        form,
        lambda: _told(actions.enter_sheet(actor(), id, sheet_id, _reading(), now=now())),
        then=lambda _counts: url_for("turnout_sheets.sheet_get", id=id, sheet_id=sheet_id),
        page=lambda: _sheet(id, sheet_id, form),
    )


def _told(counts: bool) -> None:
    if counts:
        flash(_("Both readings agree. Everyone on this sheet is checked in."), "yes")


def _reading() -> rules.Reading:
    """What was ticked and typed; a number that is none is one that no line may have, so that it is refused and not lost."""
    here = {}
    for ticked in request.form.getlist("here"):
        if (rsvp_id := read_id(ticked)) is not None:
            guests = request.form.get(f"guests-{rsvp_id}", "").strip() or "0"
            here[rsvp_id] = int(guests) if guests.isdecimal() and len(guests) < 4 else -1
    names, partners = request.form.getlist("name"), request.form.getlist("partner")
    return rules.Reading(here, [(name.strip()[:120], read_id(partner) or 0) for name, partner in zip(names, partners, strict=False) if name.strip()])
