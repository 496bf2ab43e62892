"""Delegations: the formula with its arithmetic, the numbers, what is published, and who is named."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crm.assemblies import rules
from crm.assemblies.actions import credentials, delegations
from crm.assemblies.forms.seats import ChallengeForm, FormulaForm, InstructionForm, MandateForm, NameForm
from crm.assemblies.models import Assembly
from crm.assemblies.playbooks import playbook_in_force
from crm.assemblies.queries import agenda_of, partner_row_for
from crm.assemblies.queries import seats as queries
from crm.assemblies.queries.instructions import instructions_of
from crm.assemblies.routes.blueprint import blueprint, frame, language, opened, opened_to_run, page_of
from crm.assemblies.rules import credentials as credential_words
from crm.assemblies.rules import delegations as formula_words
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing


@blueprint.get("/assemblies/<int:id>/delegations")
@allow(Action.SEE_ASSEMBLIES)
def delegations_get(id: int) -> str:
    """Seats by organization, with the arithmetic in words: all of them for the convener, its own for a partner."""
    return _page(opened(id))


@blueprint.post("/assemblies/<int:id>/delegations/formula")
@allow(Action.RUN_ASSEMBLIES)
def formula_post(id: int) -> Any:
    """Writes the formula."""
    form = FormulaForm()
    return _change(id, form, lambda who, at: delegations.set_formula(who, id, form.values(), now=at))


@blueprint.post("/assemblies/<int:id>/delegations/numbers")
@allow(Action.RUN_ASSEMBLIES)
def numbers_post(id: int) -> Any:
    """The convener's numbers: how many were counted, and reserved seats."""
    form, assembly = Form(), opened_to_run(id)
    units = queries.units_of(assembly, language())
    typed = {(u.partner_id, u.child_id): (_number(f"n{u.partner_id}-{u.child_id}"), _number(f"r{u.partner_id}-{u.child_id}")) for u in units}
    return _change(id, form, lambda who, at: delegations.set_numbers(who, id, typed, language(), now=at))


def _number(name: str) -> int | None:
    """What was typed as a whole number; None where the field is empty, -1 for what is none."""
    typed = request.form.get(name, "").replace(",", "").replace(".", "").strip()
    found = read_id(typed)
    return None if not typed else -1 if found is None else found


@blueprint.post("/assemblies/<int:id>/delegations/count")
@allow(Action.RUN_ASSEMBLIES)
def own_count_post(id: int) -> Any:
    """A partner tells its number, counted by Plenary from its own list or its own doors."""
    opened(id)

    def done(n: int) -> str:
        flash(ngettext("Told to the convener: %(num)s.", "Told to the convener: %(num)s.", n), "yes")
        return page_of(id, "delegations_get")

    return _change(id, Form(), lambda who, at: delegations.report_number(who, id, language(), now=at), then=done)


@blueprint.post("/assemblies/<int:id>/delegations/publication")
@allow(Action.RUN_ASSEMBLIES)
def publication_post(id: int) -> Any:
    """Fixes the seats, or opens them again while nobody is named."""
    opened_to_run(id)
    act = delegations.take_back if request.form.get("back") else delegations.publish
    return _change(id, Form(), lambda who, at: act(who, id, now=at))


@blueprint.get("/assemblies/<int:id>/delegations/<int:delegation_id>")
@allow(Action.SEE_ASSEMBLIES)
def delegation_get(id: int, delegation_id: int) -> str:
    """One delegation: its seats, who is named, and what happened to each."""
    return delegation_page(id, delegation_id, NameForm(formdata=None))


@blueprint.post("/assemblies/<int:id>/delegations/<int:delegation_id>/names")
@allow(Action.RUN_ASSEMBLIES)
def names_post(id: int, delegation_id: int) -> Any:
    """An organization names one of its own people."""
    form, who, at = NameForm(), actor(), now()
    queries.delegation_for(opened(id), delegation_id)
    person_id, kind = read_id(form.person_id.data), form.kind.data or ""
    if person_id is None:
        raise Missing
    return submit(
        form, lambda: delegations.name_person(who, id, delegation_id, person_id, kind, now=at),
        then=lambda _id: page_of_delegation(id, delegation_id), page=lambda: delegation_page(id, delegation_id, form))


@blueprint.post("/assemblies/<int:id>/delegations/<int:delegation_id>/mandate")
@allow(Action.RUN_ASSEMBLIES)
def mandate_post(id: int, delegation_id: int) -> Any:
    """An organization writes down how its delegates are instructed."""
    form, who, at = MandateForm(), actor(), now()
    queries.delegation_for(opened(id), delegation_id)
    return submit(
        form, lambda: delegations.set_mandate(who, id, delegation_id, form.mandate.data or "", now=at),
        then=lambda _done: page_of_delegation(id, delegation_id), page=lambda: delegation_page(id, delegation_id, form))


@blueprint.post("/assemblies/<int:id>/credentials/<int:credential_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def name_removal_post(id: int, credential_id: int) -> Any:
    """Takes a name back."""
    form, who, at = Form(), actor(), now()
    row = queries.credential_for(opened(id), credential_id)
    return submit(
        form, lambda: delegations.take_name_back(who, id, credential_id, now=at),
        then=lambda delegation_id: page_of_delegation(id, delegation_id), page=lambda: delegation_page(id, row.delegation_id, form))


@blueprint.post("/assemblies/<int:id>/challenges")
@allow(Action.RUN_ASSEMBLIES)
def challenges_post(id: int) -> Any:
    """An organization challenges a place of another delegation."""
    form = ChallengeForm(units=_others(opened(id)))
    typed = lambda: (read_id(form.about_id.data), form.kind.data or "", form.rank.data, form.reason.data or "")  # noqa: E731

    def done(_id: int) -> str:
        flash(_("Your challenge is with the credentials desk."), "yes")
        return page_of(id, "delegations_get")

    return _change(id, form, lambda who, at: credentials.file_challenge(who, id, *typed(), now=at), then=done)


def _others(assembly: Assembly) -> list[queries.Unit]:
    """Whose delegations the actor's organization may challenge: its own it mends by itself."""
    return [unit for unit in queries.units_of(assembly, language()) if unit.partner_id != actor().org_id]


def _change(id: int, form: Form, act: Callable[[Actor, Any], Any], then: Callable[[Any], str] | None = None) -> Any:
    who, at = actor(), now()
    opened(id)
    return submit(form, lambda: act(who, at), then=then or (lambda _done: page_of(id, "delegations_get")), page=lambda: _page(opened(id), form))


def page_of_delegation(id: int, delegation_id: int, at: str | None = None) -> str:
    """The address of one delegation, and the place on its page that has just changed."""
    return url_for("assemblies.delegation_get", id=id, delegation_id=delegation_id, _anchor=at)


def _first_formula(assembly: Assembly) -> dict[str, Any]:
    """What a formula begins with: what the playbook says of delegates, or one for each seventy-five members."""
    groups = {group.role: group for group in playbook_in_force(assembly).groups if group.per}
    first = {"basis": "members", "per": 75, "least": 1, "alternates_of": "count", "alternates_per": 75, "alternates_least": 0, "quorum": "1/2"}
    if "delegate" in groups:
        alternates = groups["alternate"].count if "alternate" in groups else 0
        first |= {"basis": "each", "per": groups["delegate"].count, "least": 0}
        first |= {"alternates_of": "each" if alternates else "none", "alternates_per": alternates or 1}
    return first | {"rounding": "down", "quorum_of": "entitled", "counted_on": assembly.day - timedelta(days=21)}


def _page(assembly: Assembly, form: Form | None = None) -> str:
    row, is_ours = queries.formula_row(assembly), assembly.org_id == actor().org_id
    formula = queries.formula_of(row) if row else None
    there = {(d.partner_id, d.child_id): d for d in queries.delegations_of(assembly)}
    units = queries.units_of(assembly, language())
    if not is_ours:
        units = [unit for unit in units if unit.partner_id == actor().org_id]
    known = {unit: there.get((unit.partner_id, unit.child_id)) for unit in units}
    shares = {unit: formula_words.share_of(formula, d.counted if d else None, d.reserved if d else 0) if formula else None for unit, d in known.items()}
    tallies = queries.tallies_of(assembly)
    return render_template(
        "assemblies/delegations.html", **frame(assembly), form=form or Form(formdata=None), row=row, formula=formula, known=known, shares=shares,
        formula_form=form if isinstance(form, FormulaForm) else FormulaForm(formdata=None, obj=row, **({} if row else _first_formula(assembly))),
        named={id: sum(n for _k, _s, _seat, n in rows) for id, rows in tallies.items()}, words=formula_words, typed=request.form,
        may_report=_may_report(assembly), challenges=[] if is_ours else queries.challenges_of(assembly, language()), challenge_words=credential_words,
        challenge_form=form if isinstance(form, ChallengeForm) else ChallengeForm(formdata=None, units=_others(assembly)),
    )


def _may_report(assembly: Assembly) -> bool:
    """Whether the actor's organization has accepted and may tell its own number."""
    try:
        return actor().may(Action.RUN_ASSEMBLIES) and partner_row_for(actor(), assembly.id).state == "accepted"
    except Missing:
        return False


def delegation_page(id: int, delegation_id: int, form: Form) -> str:
    """One delegation, with what was typed."""
    assembly = opened(id)
    delegation, row = queries.delegation_for(assembly, delegation_id), queries.formula_row(assembly)
    named, words = queries.named_by(delegation), request.args.get("q", "")
    items = [(str(item.id), rules.in_language(item.title, language())) for rows in agenda_of(assembly).values() for item in rows]
    if isinstance(form, InstructionForm):
        form.offer(items)
    is_own = delegation.partner_id == actor().org_id
    may_name = is_own and actor().may(Action.RUN_ASSEMBLIES) and actor().may(Action.SEE_PEOPLE) and rules.may_change(assembly.state) is None
    taken = {place.person_id for _c, place in named}
    rooms = {"delegate": (delegation.seats or 0) + delegation.reserved, "alternate": delegation.alternates or 0}
    left = {kind: room - sum(c.kind == kind for c, _p in named) for kind, room in rooms.items()}
    return render_template(
        "assemblies/delegation.html", **frame(assembly), form=form, delegation=delegation, row=row, named=named, steps=queries.steps_in(delegation),
        called=queries.names_in(assembly, language()).get(delegation.child_id, delegation.name),
        share=formula_words.share_of(queries.formula_of(row), delegation.counted, delegation.reserved) if row else None, left=left, q=words,
        is_own=is_own, may_name=may_name and delegation.seats is not None, words=credential_words,
        instructions=instructions_of(delegation), stances=formula_words.STANCES,
        instruction_form=form if isinstance(form, InstructionForm) else InstructionForm(formdata=None, items=items),
        mandate_form=form if isinstance(form, MandateForm) else MandateForm(formdata=None, mandate=delegation.mandate),
        may_write=is_own and actor().may(Action.RUN_ASSEMBLIES) and rules.may_change(assembly.state) is None,
        found=[p for p in queries.people_to_name(actor(), words) if p.id not in taken] if may_name else [],
    )
