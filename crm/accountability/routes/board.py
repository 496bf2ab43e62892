"""What we asked, what they answered: everything the actor may read on one board, and the planks that can be brought before somebody."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import ngettext

from crm.accountability import actions, queries
from crm.accountability.actions.recommendations import ratified_planks
from crm.accountability.forms import PlanksForm
from crm.accountability.routes.blueprint import blueprint, names, shown, today
from crm.accountability.rules.answers import STATUSES
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.organizations.queries import names_of, organization_of
from crm.platforms.models import Platform
from crm.platforms.queries import platform_of_owner, platforms_seen


@blueprint.get("/responses")
@allow(Action.SEE_ASSEMBLIES)
def board_get() -> str:
    """The board, of every decision-maker or of one, in every state or in one."""
    target, status = read_id(request.args.get("target")), request.args.get("status", "")
    status = status if status in STATUSES else ""
    rows, after = queries.board_page(actor(), today(), request.args.get("after"), target_id=target, status=status)
    return render_template(
        "accountability/board.html", rows=rows, after=after, target=target, status=status, scores=queries.score_row(today(), actor=actor()),
        targets=queries.targets_of(actor()), commitments=queries.commitments_of(actor()), ratified=_ratified(), slug=organization_of(actor()).slug,
        keepers=names_of({asked.row.org_id for asked in rows}), **shown(),
    )  # fmt: skip


def _ratified() -> list[Platform]:
    """Our platforms with ratified planks, where the actor may bring them before somebody."""
    ours = [row.Platform for row in platforms_seen(actor()) if row.Platform.org_id == actor().org_id] if actor().may(Action.RUN_ASSEMBLIES) else []
    return [platform for platform in ours if platform.ratified_edition is not None]


@blueprint.get("/responses/from-platform/<int:platform_id>")
@allow(Action.RUN_ASSEMBLIES)
def planks_get(platform_id: int) -> str:
    """Ratified planks, to be brought before a decision-maker."""
    platform = platform_of_owner(actor(), platform_id)
    form = PlanksForm(formdata=None, delivered_on=today())
    form.planks.data = [plank["plank_id"] for plank in ratified_planks(actor(), platform)]
    return _planks_page(platform, form)


def _planks_page(platform: Platform, form: PlanksForm) -> str:
    planks = ratified_planks(actor(), platform)
    return render_template(
        "accountability/planks.html", platform=platform, form=form, planks=planks, names=names(), asked=queries.planks_asked(platform.id))


@blueprint.post("/responses/from-platform/<int:platform_id>")
@allow(Action.RUN_ASSEMBLIES)
def planks_post(platform_id: int) -> Any:
    """One recommendation for each plank that was chosen."""
    platform, form, who, at = platform_of_owner(actor(), platform_id), PlanksForm(), actor(), now()

    def then(fresh: int) -> str:
        flash(ngettext("%(num)s recommendation was written.", "%(num)s recommendations were written.", fresh), "yes")
        return url_for("accountability.board_get")

    act = lambda: actions.ask_planks(who, platform_id, form.planks.data or [], form.typed(), now=at)  # noqa: E731
    return submit(form, act, then=then, page=lambda: _planks_page(platform, form))
