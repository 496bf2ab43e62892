"""What everyone reads: the scoreboard of an organization or of one of its assemblies, and the days that are due as a calendar."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, g, render_template, request, url_for

from crm.accountability import queries
from crm.accountability.routes.blueprint import blueprint, today
from crm.accountability.rules import answers
from crm.assemblies import rules as assemblies
from crm.assemblies.models import Assembly
from crm.assemblies.queries import public_assembly
from crm.assemblies.routes.blueprint import language
from crm.infra.auth import public
from crm.infra.clock import now
from crm.infra.db import reading
from crm.kernel.numbers import read_id
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.organizations.queries import organization_by_slug


@contextmanager
def _shown(slug: str) -> Iterator[tuple[Organization, Assembly | None]]:
    """The organization at that address and, where it is asked for, one of its announced assemblies."""
    organization = organization_by_slug(slug)
    with reading(organization.id):
        organization, id = organization_by_slug(slug), read_id(request.args.get("assembly"))
        assembly = public_assembly(id) if id else None
        if assembly and assembly.org_id != organization.id:
            raise Missing()
        g.actor, g.time_zone = None, assembly.time_zone if assembly else organization.time_zone
        yield organization, assembly


def public_panel(assembly: Assembly) -> dict[str, Any]:
    """What an assembly's public page shows."""
    scores = queries.score_row(today(), org_id=assembly.org_id, assembly_id=assembly.id)
    return {"answer_scores": scores, "promises": queries.promises_of(assembly.id)}


@blueprint.get("/r/<slug>")
@public("what was asked of decision-makers in public, and what they answered, is for everyone; no person of an organization is in it")
def public_board_get(slug: str) -> str:
    """The scoreboard."""
    with _shown(slug) as (organization, assembly):
        id, status = assembly.id if assembly else None, request.args.get("status", "")
        rows, after = queries.public_page(organization.id, today(), request.args.get("after"), id, status if status in answers.STATUSES else "")
        return render_template(
            "accountability/public.html", organization=organization, assembly=assembly, rows=rows, after=after, today=today(), slug=slug,
            scores=queries.score_row(today(), org_id=organization.id, assembly_id=id), status_of=answers.status_of, is_late=answers.is_late,
            promises=queries.promises_of(id) if id else queries.promises_of_org(organization.id), status=status,
        )  # fmt: skip


@blueprint.get("/r/<slug>.ics")
@public("the same days for a calendar")
def due_calendar_get(slug: str) -> Response:
    """Days on which an answer or a milestone is due."""
    with _shown(slug) as (organization, assembly):
        page = url_for("accountability.public_board_get", slug=slug, assembly=assembly.id if assembly else None, _external=True)
        entries = [
            assemblies.CalendarEntry(
                f"{due.key}@{slug}", ": ".join(filter(None, (due.target, assemblies.in_language(due.title, language()), due.step))), due.due_on, due.due_on,
                "", page,
            )  # fmt: skip
            for due in queries.dues_shown(organization.id, assembly.id if assembly else None)
        ]
    text = assemblies.write_calendar(entries, now())
    return Response(text, mimetype="text/calendar", headers={"Content-Disposition": f"attachment; filename={slug}.ics"})
