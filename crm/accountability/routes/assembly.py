"""An assembly's side of it: what was promised, asked and answered; its series across the five stages; the report-back of its next cycle."""

from typing import Any

from flask import g, render_template, request, url_for

from crm.accountability import actions, queries
from crm.accountability.routes.blueprint import blueprint, shown, today
from crm.accountability.rules.answers import STATUSES
from crm.accountability.rules.stages import across
from crm.assemblies.models import Assembly
from crm.assemblies.routes.blueprint import frame, opened, opened_to_run
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action


def panel(who: Actor, assembly: Assembly) -> dict[str, Any]:
    """What an assembly's page shows: where its recommendations stand, and whether anything was promised."""
    g.time_zone = assembly.time_zone
    return {"answer_scores": queries.score_row(today(), actor=who, assembly_id=assembly.id), "promises": queries.commitments_of(who, assembly.id)}


@blueprint.get("/assemblies/<int:id>/responses")
@allow(Action.SEE_ASSEMBLIES)
def assembly_answers_get(id: int) -> str:
    """What was promised, asked and answered."""
    assembly = opened(id)
    status = request.args.get("status", "")
    rows, after = queries.board_page(actor(), today(), request.args.get("after"), assembly_id=id, status=status if status in STATUSES else "")
    return render_template(
        "accountability/assembly.html", **frame(assembly), rows=rows, after=after, promises=queries.commitments_of(actor(), id),
        scores=queries.score_row(today(), actor=actor(), assembly_id=id), earlier=queries.earlier_cycle(assembly), status=status, **shown(),
    )  # fmt: skip


@blueprint.get("/assemblies/<int:id>/stages")
@allow(Action.SEE_ASSEMBLIES)
def stages_get(id: int) -> str:
    """The series across the five stages of the policy process."""
    assembly = opened(id)
    series = queries.series_of(assembly)
    stages = across({one.id: one.policy_stage for one in series}, queries.facts_of(one.id for one in series))
    return render_template("accountability/stages.html", **frame(assembly), series={one.id: one for one in series}, stages=stages)


@blueprint.get("/assemblies/<int:id>/report-back")
@allow(Action.SEE_ASSEMBLIES)
def report_back_get(id: int) -> str:
    """What became of the cycle before, one by one, with the ratings of participants."""
    return _page(opened(id), Form(formdata=None), None)


def _page(assembly: Assembly, form: Form, typed: dict | None) -> str:
    earlier = queries.earlier_cycle(assembly)
    report = queries.report_back_of(assembly, earlier) if earlier else None
    rows = queries.asked_of(queries.handed_over(earlier)) if earlier else []
    return render_template(
        "accountability/report_back.html", **frame(assembly), form=form, earlier=earlier, report=report, rows=rows, ratings=queries.ratings_of(report),
        typed=typed or {}, **shown(),
    )  # fmt: skip


@blueprint.post("/assemblies/<int:id>/report-back")
@allow(Action.RUN_ASSEMBLIES)
def report_back_post(id: int) -> Any:
    """Writes the ratings down."""
    assembly, form, who, at = opened_to_run(id), Form(), actor(), now()
    earlier = queries.earlier_cycle(assembly)
    words = {row.id: [request.form.get(f"{name}-{row.id}", "").strip() for name in RATED] for row in (queries.handed_over(earlier) if earlier else [])}
    counts = {id: tuple(map(_number, said)) for id, said in words.items()}
    return submit(
        form, lambda: actions.rate(who, id, counts, now=at), then=lambda _done: url_for("accountability.report_back_get", id=id),
        page=lambda: _page(opened(id), form, words),
    )  # fmt: skip


RATED = ("done", "partly", "not_done")


def _number(text: str) -> int | None:
    """A count; what is none becomes -1, which the rule refuses."""
    return None if not text else int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


@blueprint.post("/assemblies/<int:id>/report-back/agenda")
@allow(Action.RUN_ASSEMBLIES)
def report_back_agenda_post(id: int) -> Any:
    """Puts it first on the agenda."""
    form, who, at = Form(), actor(), now()
    opened_to_run(id)
    there = lambda _done: url_for("accountability.report_back_get", id=id)  # noqa: E731
    return submit(form, lambda: actions.put_first(who, id, now=at), then=there, page=lambda: _page(opened(id), form, None))
