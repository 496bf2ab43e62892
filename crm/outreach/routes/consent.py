"""Pages of consent: what a person told us about texts, and the number that texts come from."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.runtime import settings
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.kernel.phone import show_phone
from crm.kernel.refusal import Missing
from crm.outreach import actions
from crm.outreach.forms import ConsentForm, MistakeForm, SenderForm
from crm.outreach.providers import provider
from crm.outreach.queries import consent_history, phones_with_consent, sender_of
from crm.outreach.rules.consent import PURPOSES, SOURCES
from crm.outreach.rules.registration import USE_CASE_NAMES, USE_CASES
from crm.people.queries import person_for

blueprint = Blueprint("consent", __name__)


@blueprint.get("/people/<int:id>/consent")
@allow(Action.EDIT_PEOPLE)
def consent_get(id: int):
    """What a person agreed to and when, and a form to record what they say now."""
    return _consent_page(id, _consent_form(id))


@blueprint.post("/people/<int:id>/consent")
@allow(Action.EDIT_PEOPLE)
def consent_post(id: int):
    """Records what they said."""
    form = _consent_form(id)
    return submit(
        form,
        lambda: actions.record_consent(actor(), id, **form.values(), now=now(), today=today()),
        then=lambda person_id: url_for("consent.consent_get", id=person_id),
        page=lambda: _consent_page(id, form),
    )


@blueprint.get("/people/<int:id>/consent/<int:consent_id>/mistake")
@allow(Action.EDIT_PEOPLE)
def mistake_get(id: int, consent_id: int):
    """Asks what went wrong before an entry of ours is taken back."""
    return _mistake_page(id, consent_id, MistakeForm())


@blueprint.post("/people/<int:id>/consent/<int:consent_id>/mistake")
@allow(Action.EDIT_PEOPLE)
def mistake_post(id: int, consent_id: int):
    """Takes back what staff wrote down by mistake."""
    form = MistakeForm()
    return submit(
        form,
        lambda: actions.take_back(actor(), id, consent_id, form.why.data or "", now=now()),
        then=lambda person_id: url_for("consent.consent_get", id=person_id),
        page=lambda: _mistake_page(id, consent_id, form),
    )


def _mistake_page(id: int, consent_id: int, form: MistakeForm) -> str:
    person = person_for(actor(), id)
    line = next((each for each in consent_history(actor(), id) if each.entry.id == consent_id), None)
    if line is None:
        raise Missing
    return render_template("outreach/consent_mistake.html", form=form, person=person, line=line, sources=SOURCES, purposes=PURPOSES)


def _consent_form(id: int) -> ConsentForm:
    person_for(actor(), id)
    form = ConsentForm()
    form.received_on.data = form.received_on.data or today()
    form.phone_id.choices = [(phone.id, show_phone(phone.e164)) for phone, _ in phones_with_consent(actor(), id)]
    return form


def _consent_page(id: int, form: ConsentForm) -> str:
    return render_template(
        "outreach/broadcast_consent.html",
        form=form,
        person=person_for(actor(), id),
        sources=SOURCES,
        purposes=PURPOSES,
        phones=phones_with_consent(actor(), id),
        history=consent_history(actor(), id),
    )


def today() -> date:
    """The day it is where the organization is."""
    return now().astimezone(ZoneInfo(actor().time_zone or "UTC")).date()


@blueprint.get("/texts/number")
@allow(Action.ADMINISTER)
def sender_get():
    """The number texts come from."""
    sender = sender_of(actor())
    form = SenderForm(obj=sender) if sender else SenderForm(number=settings().twilio_from, messaging_service_sid=settings().twilio_messaging_service_sid)
    return _sender_page(form)


@blueprint.post("/texts/number")
@allow(Action.ADMINISTER)
def sender_post():
    """Changes the number texts come from."""
    form = SenderForm()
    return submit(
        form,
        lambda: actions.save_sender(actor(), **form.values(), now=now()),
        then=lambda _: url_for("consent.sender_get"),
        page=lambda: _sender_page(form),
    )


def _sender_page(form: SenderForm) -> str:
    return render_template(
        "outreach/broadcast_sender.html",
        form=form,
        sender=sender_of(actor()),
        use_case=USE_CASE_NAMES.get(USE_CASES.get(form.legal_form.data or "", "")),
        transport=provider().name,
        public_url=settings().public_url,
    )
