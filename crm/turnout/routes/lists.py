"""The lists that organizers work through: calls, answers written down by hand, supports."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from crm.assemblies.models import Assembly
from crm.assemblies.queries import assembly_for
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.people.queries import person_for
from crm.turnout import actions, queries, rules
from crm.turnout.forms import AnswerForm, QuickAnswerForm, TickForm
from crm.turnout.routes.board import titled
from crm.turnout.routes.childcare import care_shown, slot_words

blueprint = Blueprint("turnout_lists", __name__)
CALL_STATES = ("yes", "confirmed", "maybe", "invited", "no", "cancelled")
NEXT = "next"


@blueprint.get("/assemblies/<int:id>/calls")
@allow(Action.SEE_PEOPLE)
def calls_get(id: int):
    return _calls(id)


def _calls(id: int, form: QuickAnswerForm | None = None) -> str:
    assembly = assembly_for(actor(), id)
    state = request.args.get("state", NEXT)
    state = state if state in CALL_STATES else NEXT
    page = queries.call_list(actor(), assembly, request.args.get("after"), now(), state=state, size=25)
    return render_template(
        "turnout/calls.html",
        assembly=assembly,
        title=titled(assembly),
        page=page,
        state=state,
        states=CALL_STATES,
        how=_how(),
        ways=rules.WAYS,
        outcomes=rules.OUTCOMES,
        asks=queries.asks_of(id, [call.person.id for call in page.rows]),
        form=form,
        words=rules.STATE_WORDS,
        numbers=queries.state_counts(actor(), id),
        support_words=rules.SUPPORTS,
        supports=queries.supports_of([call.rsvp.id for call in page.rows]),
        may_log=actor().may(Action.LOG_CONVERSATIONS),
    )


def _how() -> str:
    """How people on this list are being asked: by phone unless somebody chose otherwise."""
    how = request.args.get("how", "call")
    return how if how in rules.WAYS else "call"


@blueprint.get("/assemblies/<int:id>/call-sheet")
@allow(Action.SEE_PEOPLE)
def call_sheet_get(id: int):
    assembly = assembly_for(actor(), id)
    page = queries.call_list(actor(), assembly, request.args.get("after"), now(), size=200)
    return render_template(
        "turnout/call_sheet.html",
        assembly=assembly,
        title=titled(assembly),
        page=page,
        words=rules.STATE_WORDS,
        supports=queries.supports_of([call.rsvp.id for call in page.rows]),
        support_words=rules.SUPPORTS,
    )


@blueprint.post("/assemblies/<int:id>/calls/<int:rsvp_id>/answer")
@allow(Action.LOG_CONVERSATIONS)
def call_answer_post(id: int, rsvp_id: int):
    form = QuickAnswerForm()
    return submit(
        form,
        lambda: actions.ask(actor(), rsvp_id, form.word.data or "", how=_how(), now=now()),
        then=lambda rsvp: url_for("turnout_lists.calls_get", id=rsvp.assembly_id, **_kept()),
        page=lambda: _calls(id, form),
    )


def _kept() -> dict[str, str]:
    return {name: request.args[name] for name in ("state", "how", "after") if name in request.args}


@blueprint.get("/assemblies/<int:id>/people/<int:person_id>/answer")
@allow(Action.LOG_CONVERSATIONS)
def answer_get(id: int, person_id: int):
    return _answer(id, person_id)


def _form(assembly: Assembly, **kwargs: Any) -> AnswerForm:
    """With every hour of childcare: an organizer may write it down afterwards."""
    slots = queries.care_of(assembly.id, assembly.time_zone).slots
    return AnswerForm(slots, slot_words(slots), **kwargs)


def _answer(id: int, person_id: int, form: AnswerForm | None = None) -> str:
    assembly, person = assembly_for(actor(), id), person_for(actor(), person_id)
    rsvp = queries.rsvp_of(actor(), id, person_id)
    supports = queries.supports_of([rsvp.id]).get(rsvp.id, {}) if rsvp else {}
    form = form or _form(assembly, guests=rsvp.guests if rsvp else None).show(supports)
    return render_template(
        "turnout/answer.html",
        assembly=assembly,
        title=titled(assembly),
        person=person,
        rsvp=rsvp,
        form=form,
        kinds=rules.SUPPORTS,
        words=rules.STATE_WORDS,
        asks=queries.asks_of(id, [person_id]).get(person_id, []),
        ways=rules.WAYS,
        outcomes=rules.OUTCOMES,
    )


@blueprint.post("/assemblies/<int:id>/people/<int:person_id>/answer")
@allow(Action.LOG_CONVERSATIONS)
def answer_post(id: int, person_id: int):
    form = _form(assembly_for(actor(), id))
    return submit(
        form,
        lambda: actions.ask_in_full(
            actor(), id, person_id, form.answer(), how=form.how.data or "", outcome=form.word.data or "", now=now()
        ),
        then=lambda _done: url_for("turnout_lists.calls_get", id=id),
        page=lambda: _answer(id, person_id, form),
    )


@blueprint.get("/assemblies/<int:id>/supports")
@allow(Action.SEE_ASSEMBLIES)
def supports_get(id: int):
    return _supports(id)


def _supports(id: int) -> str:
    assembly = assembly_for(actor(), id)
    kind = request.args.get("kind")
    kind = kind if kind in rules.SUPPORTS else None
    return render_template(
        "turnout/supports.html",
        assembly=assembly,
        title=titled(assembly),
        kind=kind,
        numbers=queries.support_counts(id),
        page=queries.support_rows(id, request.args.get("after"), kind=kind),
        kinds=rules.SUPPORTS,
        states=rules.SUPPORT_STATES,
        may_tick=actor().may(Action.RUN_ASSEMBLIES),
        **care_shown(queries.care_of(id, assembly.time_zone)),
    )


@blueprint.post("/assemblies/<int:id>/supports/<int:support_id>/state")
@allow(Action.RUN_ASSEMBLIES)
def support_state_post(id: int, support_id: int):
    form = TickForm()
    kept = {"kind": request.args["kind"]} if "kind" in request.args else {}
    return submit(
        form,
        lambda: actions.move_support(actor(), support_id, form.state.data or "", now=now()),
        then=lambda assembly_id: (
            url_for("turnout_staffing.staffing_get", id=assembly_id)
            if request.args.get("back") == "staffing"
            else url_for("turnout_lists.supports_get", id=assembly_id, **kept)
        ),
        page=lambda: _supports(id),
    )
