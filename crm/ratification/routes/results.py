"""Results, certificate and the board file, for people who are signed in."""

from typing import Any

from flask import Response, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.platforms.routes.documents import page_as_file
from crm.ratification import actions, queries
from crm.ratification.forms import CertifyingForm
from crm.ratification.forms.outside import OutsideForm
from crm.ratification.models import Ratification
from crm.ratification.queries.assemblies import assembly_of_vote
from crm.ratification.queries.elections import kept_until, office_of_vote
from crm.ratification.queries.paper import papers_of
from crm.ratification.routes.manage import blueprint, notice_facts
from crm.ratification.rules.homes import LEAST
from crm.ratification.rules.referral import outside_result, referral_in_words
from crm.ratification.rules.reports import report, said
from crm.ratification.rules.states import PEOPLE


def _counted(id: int) -> Ratification:
    row = queries.ratification_for(actor(), id)
    if row.result is None:
        raise Missing()
    return row


def outside_facts(row: Ratification) -> dict[str, Any]:
    """The outside vote to which this one was referred, its rule, and what two people read."""
    referral = (row.manifest or {}).get("referral")
    if referral is None:
        return {"referral": None}
    readings = queries.outside_readings(row)
    return {"referral": referral, "asked_outside": referral_in_words(referral), "outside": outside_result(referral, readings), "readings": readings}


@blueprint.get("/votes/<int:id>/results")
@allow(Action.SEE_VOTES)
def results_get(id: int):
    return _results_page(id, CertifyingForm())


def _results_page(id: int, form: CertifyingForm) -> str:
    row = _counted(id)
    electorates = queries.electorates_of(row)
    call = next((e for e in electorates if e.kind == "organizations"), None)
    return render_template(
        "ratification/results.html",
        row=row,
        form=form,
        tellers=queries.tellers_of(row),
        planks=report(row.manifest, row.result, str(get_locale())),
        counted=list(zip(row.manifest["electorates"], row.result["electorates"], strict=True)),
        voters=queries.seats_of(call) if call else [],
        corrections=queries.corrections_of(row),
        **notice_facts(row),
        **outside_facts(row),
        papers=papers_of(row),
        told_by_home=[(frozen, e.homes) for frozen, e in zip(row.manifest["electorates"], electorates, strict=True) if e.homes is not None],
        LEAST=LEAST,
        has_open_members=any(e.kind in PEOPLE and not e.is_secret for e in electorates),
        votes=queries.latest_votes(queries.roll_call_of(call.id)) if call else {},
        assembly_id=assembly_of_vote(row, electorates) if row.org_id == actor().org_id else None,
        may_certify=row.org_id == actor().org_id and row.state == "closed" and actor().may(Action.RUN_VOTES),
    )


@blueprint.post("/votes/<int:id>/certificate")
@allow(Action.RUN_VOTES)
def certificate_post(id: int):
    form = CertifyingForm()
    return submit(
        form,
        lambda: actions.certify(actor(), id, reason=form.reason.data or "", now=now()),
        then=lambda id: url_for("ratifications.certificate_get", id=id),
        page=lambda: _results_page(id, form),
    )


@blueprint.get("/votes/<int:id>/certificate")
@allow(Action.SEE_VOTES)
def certificate_get(id: int):
    return render_template("ratification/certificate.html", **_certificate(id))


@blueprint.get("/votes/<int:id>/certificate.<form>")
@allow(Action.SEE_VOTES)
def certificate_document_get(id: int, form: str):
    facts = _certificate(id)
    title, name = facts["row"].title, _("Certificate of election") if facts["office"] else _("Certificate of ratification")
    page = render_template("ratification/_certificate.html", **facts)
    return page_as_file(form, page, f"certificate-{said(title, 'en')}", owner=facts["row"].manifest["owner"], title=name, facts="")


def _certificate(id: int) -> dict[str, Any]:
    row = _counted(id)
    if row.certified_at is None:
        raise Missing()
    election, office = office_of_vote(row.id) or (None, None)
    return {
        "row": row, "office": office, "election": election, "kept_until": kept_until(election) if election else None,
        "planks": report(row.manifest, row.result, str(get_locale())),
        "counted": list(zip(row.manifest["electorates"], row.result["electorates"], strict=True)),
        "corrections": queries.corrections_of(row), "tellers": queries.tellers_of(row), "papers": papers_of(row),
        **notice_facts(row), **outside_facts(row),
    }


@blueprint.get("/votes/<int:id>/board.json")
@allow(Action.SEE_VOTES)
def board_get(id: int):
    row = _counted(id)
    return board_file(row.poll_id or "")


def board_file(poll_id: str) -> Response:
    """The board as a file to keep, byte for byte as it was published."""
    name = f"board-{poll_id[:16]}.json"
    return Response(
        queries.published_text(poll_id),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _outside_page(id: int, form: OutsideForm) -> str:
    row = queries.owned_for(actor(), id)
    facts = outside_facts(row)
    if facts["referral"] is None or row.result is None:
        raise Missing
    return render_template("ratification/outside.html", row=row, form=form, **facts)


@blueprint.get("/votes/<int:id>/outside")
@allow(Action.RUN_VOTES)
def outside_get(id: int):
    row = queries.owned_for(actor(), id)
    if row.result is None or "referral" not in row.manifest:
        return redirect(url_for("ratifications.ratification_get", id=id))
    return _outside_page(id, OutsideForm())


@blueprint.post("/votes/<int:id>/outside")
@allow(Action.RUN_VOTES)
def outside_post(id: int):
    form = OutsideForm()
    typed = {name: form[name].data for name in ("held_on", "yes", "no", "districts", "districts_carried")} | {"source": form.source.data or ""}
    return submit(
        form,
        lambda: actions.read_outside_result(actor(), id, typed, now=now()),
        then=lambda id: url_for("ratifications.results_get", id=id),
        page=lambda: _outside_page(id, form),
    )
