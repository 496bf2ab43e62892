"""Commitments: written before a vote, tied to it, and what they came to."""

from typing import Any

from flask import g, render_template, url_for
from flask_babel import gettext as _

from crm.accountability import actions, queries
from crm.accountability.forms import CommitmentForm, VoteForm
from crm.accountability.routes.blueprint import asked_assembly, blueprint, may_write, names, shown, today
from crm.assemblies.models import Assembly
from crm.assemblies.playbooks import playbook_of
from crm.assemblies.routes.blueprint import spoken
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action


@blueprint.get("/commitments/new")
@allow(Action.RUN_ASSEMBLIES)
def commitment_new_get() -> str:
    """A commitment to write; an assembly's own rule stands in it already."""
    assembly = asked_assembly()
    return _write_page(CommitmentForm(formdata=None, signed_on=today(), **_by_playbook(assembly)), assembly)


def _by_playbook(assembly: Assembly | None) -> dict[str, Any]:
    """The share by which the assembly decides yes or no, and the days that its playbook gives for the answer."""
    rule = next((d for d in assembly.decisions if d["method"] == "yes_no_abstain"), None) if assembly else None
    if assembly is None or rule is None:
        return {}
    basis = rule["threshold_of"] if rule["threshold_of"] in ("cast", "yes_and_no", "roll") else "yes_and_no"
    share = "{}/{}".format(*rule["threshold"])
    return {"threshold": share, "strictness": rule["strictness"], "basis": basis, "due_days": playbook_of(assembly.kind).answer_owed}


@blueprint.post("/commitments/new")
@allow(Action.RUN_ASSEMBLIES)
def commitment_new_post() -> Any:
    """Writes it."""
    form, assembly, who, at = CommitmentForm(), asked_assembly(), actor(), now()
    act = lambda: actions.add_commitment(who, assembly and assembly.id, form.typed(), now=at)  # noqa: E731
    return submit(form, act, then=_at, page=lambda: _write_page(form, assembly))


def _at(id: int) -> str:
    return url_for("accountability.commitment_get", id=id)


def _write_page(form: CommitmentForm, assembly: Assembly | None) -> str:
    form.vote.choices = _votes(assembly is not None)
    return render_template("accountability/commitment_new.html", form=form, assembly=assembly, names=names())


def _votes(has_room: bool) -> list[tuple[str, str]]:
    """Votes of ours that are not over, and the questions of the room."""
    room = [("room", _("Every question put to its room"))] if has_room else []
    return [("", _("Not known yet")), *room, *((f"v{vote.id}", spoken(vote.title)) for vote in queries.votes_ahead(actor()))]


@blueprint.get("/commitments/<int:id>")
@allow(Action.SEE_ASSEMBLIES)
def commitment_get(id: int) -> str:
    """The commitment, its rule in words, and what its vote came to."""
    return _page(id, Form(formdata=None))


def _page(id: int, form: Form) -> str:
    row = queries.commitment_for(actor(), id)
    g.time_zone = queries.zone_of(row.org_id, row.assembly_id)
    vote_form = form if isinstance(form, VoteForm) else VoteForm(formdata=None, vote=f"v{row.ratification_id}" if row.ratification_id else row.covers)
    vote_form.vote.choices = _votes(row.assembly_id is not None)
    return render_template(
        "accountability/commitment.html", judged=queries.judged_one(row), form=form, vote_form=vote_form, may_write=may_write(row.org_id),
        assembly=queries.assembly_behind(actor(), row), **shown(),
    )  # fmt: skip


@blueprint.post("/commitments/<int:id>/vote")
@allow(Action.RUN_ASSEMBLIES)
def commitment_vote_post(id: int) -> Any:
    """Ties it to a vote."""
    form, who, at = VoteForm(), actor(), now()
    queries.commitment_to_run(who, id)
    return submit(form, lambda: actions.tie_commitment(who, id, form.vote.data or "", now=at), then=_at, page=lambda: _page(id, form))


@blueprint.post("/commitments/<int:id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def commitment_removal_post(id: int) -> Any:
    """Takes it out before any vote."""
    form, who, at = Form(), actor(), now()
    queries.commitment_to_run(who, id)
    act = lambda: actions.remove_commitment(who, id, now=at)  # noqa: E731
    return submit(form, act, then=lambda _done: url_for("accountability.board_get"), page=lambda: _page(id, form))
