"""The credentials desk, and its report."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import ngettext

from crm.assemblies.actions import credentials as actions
from crm.assemblies.forms.seats import StepForm
from crm.assemblies.queries import seats as queries
from crm.assemblies.queries.instructions import instructions_by_delegation
from crm.assemblies.routes.blueprint import blueprint, frame, language, opened_to_run, page_of
from crm.assemblies.rules import credentials as words
from crm.assemblies.rules.delegations import QUORUMS, STANCES, quorum_of
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing

MOVES = ("transferred", "returned")
SAID = ("challenged", "dismissed", "upheld", "refused")


@blueprint.get("/assemblies/<int:id>/credentials")
@allow(Action.RUN_ASSEMBLIES)
def credentials_get(id: int) -> str:
    """The desk: everyone named, by state and by name, with what may be done next; challenges above."""
    return _desk(id, StepForm(formdata=None))


@blueprint.post("/assemblies/<int:id>/credentials/certification")
@allow(Action.RUN_ASSEMBLIES)
def certification_post(id: int) -> Any:
    """Credentials everyone who is named and not challenged."""

    def done(n: int) -> str:
        flash(ngettext("%(num)s person credentialed.", "%(num)s people credentialed.", n), "yes")
        return page_of(id, "credentials_get")

    return _change(id, Form(), lambda who, at: actions.certify_all(who, id, now=at), done)


@blueprint.post("/assemblies/<int:id>/credentials/<int:credential_id>/steps/<step>")
@allow(Action.RUN_ASSEMBLIES)
def credential_step_post(id: int, credential_id: int, step: str) -> Any:
    """One step of one credential."""
    form = StepForm()
    queries.credential_for(opened_to_run(id), credential_id)
    if step not in actions.STEPS:
        raise Missing
    act = lambda who, at: actions.take_step(who, id, credential_id, step, form.reason.data or "", now=at)  # noqa: E731
    return _change(id, form, act, about=credential_id)


@blueprint.post("/assemblies/<int:id>/challenges/<int:challenge_id>/<answer>")
@allow(Action.RUN_ASSEMBLIES)
def challenge_post(id: int, challenge_id: int, answer: str) -> Any:
    """Takes a challenge up, upholds or dismisses it."""
    form = StepForm()
    queries.challenge_for(opened_to_run(id), challenge_id)
    if answer not in ("open", "upheld", "dismissed"):
        raise Missing
    if answer == "open":
        return _change(id, form, lambda who, at: actions.take_up(who, id, challenge_id, now=at))
    act = lambda who, at: actions.decide(who, id, challenge_id, answer == "upheld", form.reason.data or "", now=at)  # noqa: E731
    return _change(id, form, act, about=challenge_id)


@blueprint.get("/assemblies/<int:id>/credentials/report")
@allow(Action.RUN_ASSEMBLIES)
def credentials_report_get(id: int) -> str:
    """The report of the credentials committee, to print and to read out."""
    assembly = opened_to_run(id)
    rows, everything = queries.reports_of(assembly)
    formula = queries.formula_row(assembly)
    base = everything.credentialed if formula and formula.quorum_of == "credentialed" else everything.entitled
    return render_template(
        "assemblies/credentials_report.html", **frame(assembly), called=queries.names_in(assembly, language()),
        rows=rows, everything=everything, formula=formula, at=now(), words=words,
        quorum=quorum_of(formula.quorum, base, everything.seated) if formula else None, quorums=QUORUMS,
        moves=queries.steps_of(assembly, MOVES), said=queries.steps_of(assembly, SAID), challenges=queries.challenges_of(assembly, language()),
        instructions=instructions_by_delegation(assembly), stances=STANCES,
    )


def _change(id: int, form: Form, act: Callable[[Actor, Any], Any], then: Callable[[Any], str] | None = None, about: int | None = None) -> Any:
    """A step at the desk, then back to the person or the challenge that it was `about`."""
    who, at = actor(), now()
    opened_to_run(id)
    kept = {name: request.form.get(name) or None for name in ("state", "q", "after")}
    back = lambda _done: url_for("assemblies.credentials_get", id=id, _anchor=about and f"at-{about}", **kept)  # noqa: E731
    return submit(form, lambda: act(who, at), then=then or back, page=lambda: _desk(id, form, about))


def _desk(id: int, form: Form, about: int | None = None) -> str:
    assembly, kept = opened_to_run(id), request.form if request.method == "POST" else request.args
    state, q, after = kept.get("state", ""), kept.get("q", "")[:100], kept.get("after")
    rows, everything = queries.reports_of(assembly)
    counts: dict[str, int] = {}
    for found in queries.tallies_of(assembly).values():
        for _kind, key, seat, n in found:
            key = words.WAITING if key == "credentialed" and seat is None else key
            counts[key] = counts.get(key, 0) + n
    formula = queries.formula_row(assembly)
    base = everything.credentialed if formula and formula.quorum_of == "credentialed" else everything.entitled
    return render_template(
        "assemblies/credentials.html", **frame(assembly), called=queries.names_in(assembly, language()), form=form, about=about,
        page=queries.credentials_page(assembly, state, q, after), state=state, q=q,
        after=after or "", by_state=counts, everything=everything, words=words, next_up=queries.alternates_ready(assembly),
        challenges=[found for found in queries.challenges_of(assembly, language()) if found[0].answered_at is None],
        quorum=quorum_of(formula.quorum, base, everything.seated) if formula else None,
    )
