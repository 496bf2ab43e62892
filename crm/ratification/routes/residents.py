"""Declared residence: places, the declarations that each organization records of its own people, and the page of whoever got a link."""

from typing import Any

from flask import flash, g, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.infra.auth import Actor, actor, allow, public
from crm.infra.clock import now
from crm.infra.db import scope_to
from crm.infra.links import read_link, token_of, url_of
from crm.infra.web import Form, options, submit
from crm.kernel.languages import PAGE_LANGUAGES
from crm.kernel.permissions import Action
from crm.organizations.queries import organization_of
from crm.ratification.actions import asking_residents as asking
from crm.ratification.actions import residents as actions
from crm.ratification.forms.residents import DeclarationForm, JudgingForm, PlaceForm
from crm.ratification.queries import residents as queries
from crm.ratification.queries.elections import people_named
from crm.ratification.routes.ballots import blueprint as ballots
from crm.ratification.routes.holders import held, speak
from crm.ratification.routes.manage import blueprint
from crm.ratification.rules.reports import said
from crm.ratification.rules.residents import STATES


def _places_page(form: PlaceForm) -> str:
    return render_template("ratification/residents.html", places=queries.places_of(actor()), form=form, may_run=actor().may(Action.RUN_VOTES))


@blueprint.get("/residents")
@allow(Action.SEE_VOTES)
def residents_get():
    return _places_page(PlaceForm(formdata=None))


@blueprint.post("/residents")
@allow(Action.RUN_VOTES)
def residents_post():
    form = PlaceForm()
    return submit(
        form, lambda: actions.name_place(actor(), **form.facts(), now=now()),
        then=lambda id: url_for("ratifications.place_get", place_id=id), page=lambda: _places_page(form),
    )


def _offered(form: DeclarationForm) -> DeclarationForm:
    form.person.choices = options(people_named(actor(), request.values.get("q", "")))
    return form


def _place_page(place_id: int, form: DeclarationForm, judging: JudgingForm | None = None, judged: int | None = None) -> str:
    place, words, form = queries.place_for(actor(), place_id), request.values.get("q", ""), _offered(form)
    counts, latest = queries.declared(actor(), place)
    return render_template(
        "ratification/place.html", place=place, form=form, words=words, how_many=counts, latest=latest, blank=Form(formdata=None), STATES=STATES,
        fresh=JudgingForm(formdata=None), judging=judging, judged=judged,
    )


@blueprint.get("/residents/<int:place_id>")
@allow(Action.EDIT_PEOPLE)
def place_get(place_id: int):
    return _place_page(place_id, DeclarationForm(formdata=None, language=str(get_locale())))


@blueprint.post("/residents/<int:place_id>")
@allow(Action.EDIT_PEOPLE)
def place_post(place_id: int):
    form = _offered(DeclarationForm())
    return submit(
        form, lambda: actions.declare_residence(actor(), place_id, form.person.data, form.language.data, now=now()),
        then=lambda id: _noted(id, _("The declaration is recorded.")), page=lambda: _place_page(place_id, form),
    )


@blueprint.post("/residents/<int:place_id>/declarations/<int:residence_id>/withdrawal")
@allow(Action.EDIT_PEOPLE)
def residence_post(place_id: int, residence_id: int):
    return submit(
        Form(), lambda: actions.take_back_residence(actor(), place_id, residence_id, now=now()),
        then=lambda id: _noted(id, _("The declaration is deleted.")), page=lambda: _place_page(place_id, DeclarationForm(formdata=None)),
    )


@blueprint.post("/residents/<int:place_id>/declarations/<int:residence_id>/answer")
@allow(Action.EDIT_PEOPLE)
def residence_answer_post(place_id: int, residence_id: int):
    form = JudgingForm()
    said_so = _("The declaration is challenged: they read why on their own page.") if form.answer.data == "challenged" else _("The declaration is accepted.")
    return submit(
        form, lambda: actions.judge_residence(actor(), place_id, residence_id, form.answer.data or "", form.reason.data or "", now=now()),
        then=lambda id: _noted(id, said_so), page=lambda: _place_page(place_id, DeclarationForm(formdata=None), form, residence_id),
    )


@blueprint.post("/residents/<int:place_id>/link")
@allow(Action.EDIT_PEOPLE)
def residence_link_post(place_id: int):
    form, links = _offered(DeclarationForm()), []
    answer = submit(
        form, lambda: links.append(asking.ask_residence(actor(), place_id, form.person.data, now=now())),
        then=lambda _none: url_for("ratifications.place_get", place_id=place_id), page=lambda: _place_page(place_id, form))
    if not links:
        return answer
    name = next(label for value, label, *_more in form.person.choices if value == form.person.data)
    place, address = queries.place_for(actor(), place_id), url_of("residence", token_of(links[0]))
    return render_template("ratification/residence_link.html", place=place, name=name, address=address)


def _noted(place_id: int, words: str) -> str:
    flash(words, "yes")
    return url_for("ratifications.place_get", place_id=place_id)


def _resident(token: str) -> Actor:
    """Whoever holds the link, held to the organization that asked; whoever is signed in on this phone, this page is theirs."""
    speak()
    who = Actor.by_link(held(read_link(token, asking.PURPOSE, now())))
    scope_to(who.org_id)
    return who


def _own_page(token: str, who: Actor, form: Form | None = None) -> str:
    found, place, person = queries.own_residence(who)
    if g.get("language") is None and person.language in PAGE_LANGUAGES:
        g.language = person.language
    owner = organization_of(who)
    g.time_zone = owner.time_zone
    return render_template(
        "ratification/residence.html", token=token, found=found, place=place, form=form or Form(formdata=None, meta={"csrf": False}), slip_name=owner.name,
        said=lambda words: said(words, str(get_locale()), "en"),
    )


@ballots.get("/residence/<token>")
@public("a person's own link is the proof; opening it changes nothing")
def residence_own_get(token: str):
    return _own_page(token, _resident(token))


def _answered(token: str, act: Any) -> Any:
    who, form = _resident(token), Form(meta={"csrf": False})
    language = str(get_locale())
    return submit(form, lambda: act(who, language), then=lambda _id: url_for("ballots.residence_own_get", token=token, lang=language),
                  page=lambda: _own_page(token, who, form))


@ballots.post("/residence/<token>")
@public("a person's own link is the proof; only this button declares")
def residence_own_post(token: str):
    return _answered(token, lambda who, language: asking.declare_by_link(who, language, now=now()))


@ballots.post("/residence/<token>/withdrawal")
@public("a person's own link is the proof; only this button takes it back")
def residence_own_back_post(token: str):
    return _answered(token, lambda who, _language: asking.take_back_by_link(who, now=now()))
