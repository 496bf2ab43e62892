"""What everyone may see of an announced assembly: no people, both languages, a calendar file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, g, render_template, url_for

from crm.assemblies import queries, rules
from crm.assemblies.models import Assembly
from crm.assemblies.playbooks import playbook_in_force
from crm.assemblies.queries import government
from crm.assemblies.queries.recruitment import told_in_public
from crm.assemblies.routes.blueprint import blueprint, language
from crm.assemblies.routes.pages import program_of
from crm.assemblies.rules import government as government_words
from crm.assemblies.rules.lots import METHODS
from crm.infra.auth import public
from crm.infra.clock import now
from crm.infra.db import reading
from crm.kernel.refusal import Missing
from crm.outreach.rules.options import texting_options


@contextmanager
def _announced(slug: str) -> Iterator[Assembly]:
    """The assembly at that address, read as its convener's; a draft is not there."""
    org_id, id = queries.address_of(slug)
    with reading(org_id):
        assembly = queries.public_assembly(id)
        # Nobody is signed in on a public page: what the layout counts for a person is not asked in another's name.
        g.actor, g.time_zone = None, assembly.time_zone
        yield assembly


def _panels(assembly: Assembly) -> dict[str, Any]:
    """What later rooms show there."""
    return {name: shown for panel in queries.PUBLIC_PANELS for name, shown in panel(assembly).items()}


@blueprint.get("/a/<slug>")
@public("an announced assembly's program is for everyone; it holds no person's data")
def public_get(slug: str) -> str:
    """The assembly's public page."""
    with _announced(slug) as assembly:
        sessions = queries.sessions_of(assembly)
        convener = queries.convener_of(assembly)
        organizations = [org.name for row, org in queries.partners_of(assembly) if row.state == "accepted"]
        return render_template(
            "assemblies/public.html",
            **_panels(assembly),
            assembly=assembly,
            convener=convener,
            signs_up=texting_options(convener.options).signs_up,
            program=program_of(assembly, sessions),
            main=queries.main_session(assembly, sessions),
            organizations=organizations,
            playbook=playbook_in_force(assembly),
            lots=queries.lots_of(assembly, is_frozen=True),
            requests=government.requests_of(assembly), backings=government.backings_of(assembly), government_words=government_words,
            today=rules.day_in(now(), assembly.time_zone),
        )


@blueprint.get("/a/<slug>/lots/<int:lot_id>")
@public("a draw by lot is made before all eyes; it shows codes and counts by quota")
def public_lot_get(slug: str, lot_id: int) -> str:
    """What is frozen, the seed, who was drawn, and how to check it."""
    with _announced(slug) as assembly:
        lot = queries.public_lot(assembly, lot_id)
        convener, places = queries.convener_of(assembly), queries.places_of(lot)
        command = f"plenary lottery verify draw-{lot.id}.json --people pool-{lot.people_sha256[:8]}.csv"
        return render_template(
            "assemblies/public_lot.html", assembly=assembly, convener=convener, lot=lot, places=places, methods=METHODS, command=command,
            invitations=told_in_public(lot),
        )


@blueprint.get("/a/<slug>/lots/<int:lot_id>.json")
@public("the record, for whoever checks the draw")
def lot_record_get(slug: str, lot_id: int) -> Response:
    """The record of a draw, as `plenary lottery verify` takes it."""
    with _announced(slug) as assembly:
        lot = queries.public_lot(assembly, lot_id)
        if lot.record is None:
            raise Missing
        told = {"frozen_at": lot.frozen_at, "seed_source": lot.source, "seeded_at": lot.seeded_at, "drawn_at": lot.drawn_at,
                "invitations": told_in_public(lot)}
        text = json.dumps({**lot.record, **told}, ensure_ascii=False, default=str)
    return Response(text, mimetype="application/json", headers={"Content-Disposition": f"attachment; filename=draw-{lot_id}.json"})


@blueprint.get("/a/<slug>.ics")
@public("the same dates for a calendar")
def calendar_get(slug: str) -> Response:
    """The sessions as a calendar file. No link for taking part from afar is in it: calendars that follow this address would pass it on."""
    with _announced(slug) as assembly:
        page = url_for("assemblies.public_get", slug=slug, _external=True)
        entries = rules.entries_of(assembly, queries.sessions_of(assembly), language(), page)
    text = rules.write_calendar(entries, now())
    return Response(text, mimetype="text/calendar", headers={"Content-Disposition": f"attachment; filename={slug}.ics"})
