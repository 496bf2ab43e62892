"""Elections of leaders: the election with its offices, nominations, and the page of a nominee, who has no account."""

from typing import Any

from flask import flash, g, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.infra.auth import Actor, actor, allow, public
from crm.infra.clock import now
from crm.infra.db import scope_to
from crm.infra.links import read_link, token_of, url_of
from crm.infra.web import Form, options, submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.actions import elections as actions
from crm.ratification.forms.elections import CandidacyForm, ElectionForm, NominationForm, OfficeForm, saved_election
from crm.ratification.models import Ratification
from crm.ratification.models.elections import Election, Nomination, Office
from crm.ratification.queries import elections as queries
from crm.ratification.routes.ballots import blueprint as ballots
from crm.ratification.routes.holders import held
from crm.ratification.routes.manage import blueprint
from crm.ratification.rules import elections as rules
from crm.ratification.rules.reports import option_names, said


@blueprint.get("/elections")
@allow(Action.SEE_VOTES)
def elections_get():
    return render_template("ratification/elections.html", rows=queries.elections_of(actor()))


def _page(election_id: int, form: Form | None = None) -> str:
    row = queries.election_for(actor(), election_id)
    return render_template(
        "ratification/election.html", row=row, form=form or Form(), offices=queries.offices_of(row), nominations=queries.nominations_of(row),
        is_owner=row.org_id == actor().org_id, is_open=row.opens_at <= now() < row.closes_at, is_over=now() >= row.closes_at,
        kept_until=queries.kept_until(row), elected=_elected, NO_PROXY=Reason(rules.NO_PROXY), STATES_OF=rules.STATES,
    )


def _elected(vote: Ratification) -> list[str]:
    """Who won, as the ballot printed them."""
    options = option_names(vote.manifest["electorates"][0], str(get_locale()), "en")
    return [options[n - 1] for n in vote.result["electorates"][0]["planks"][0]["winners"]]


@blueprint.get("/elections/<int:election_id>")
@allow(Action.SEE_VOTES)
def election_get(election_id: int):
    return _page(election_id)


@blueprint.get("/elections/new")
@allow(Action.RUN_VOTES)
def election_new_get():
    return _edit(ElectionForm(formdata=None, observers=_("Tally committee: the count and every published ballot")), None)


def _edit(form: ElectionForm, row: Election | None) -> str:
    return render_template("ratification/election_edit.html", form=form, row=row, NO_PROXY=Reason(rules.NO_PROXY))


def _saved(form: ElectionForm, row: Election | None) -> Any:
    return submit(
        form, lambda: actions.save_election(actor(), row.id if row else None, form.facts(actor().time_zone), now=now()),
        then=lambda id: url_for("ratifications.election_get", election_id=id), page=lambda: _edit(form, row),
    )


@blueprint.post("/elections/new")
@allow(Action.RUN_VOTES)
def election_new_post():
    return _saved(ElectionForm(), None)


@blueprint.get("/elections/<int:election_id>/draft")
@allow(Action.RUN_VOTES)
def election_draft_get(election_id: int):
    row = queries.election_for(actor(), election_id, owned=True)
    return _edit(ElectionForm(formdata=None, data=saved_election(row, actor().time_zone)), row)


@blueprint.post("/elections/<int:election_id>/draft")
@allow(Action.RUN_VOTES)
def election_draft_post(election_id: int):
    return _saved(ElectionForm(), queries.election_for(actor(), election_id, owned=True))


@blueprint.post("/elections/<int:election_id>/opening")
@allow(Action.RUN_VOTES)
def election_opening_post(election_id: int):
    form = Form()
    return submit(form, lambda: actions.open_all(actor(), election_id, now=now()),
                  then=lambda id: url_for("ratifications.election_get", election_id=id), page=lambda: _page(election_id, form))


def _office_page(election_id: int, form: OfficeForm) -> str:
    row = queries.election_for(actor(), election_id, owned=True)
    return render_template("ratification/election_office.html", row=row, form=form)


@blueprint.get("/elections/<int:election_id>/offices")
@allow(Action.RUN_VOTES)
def offices_get(election_id: int):
    return _office_page(election_id, OfficeForm(formdata=None))


@blueprint.post("/elections/<int:election_id>/offices")
@allow(Action.RUN_VOTES)
def offices_post(election_id: int):
    form = OfficeForm()
    return submit(
        form, lambda: actions.add_office(actor(), election_id, form.facts(), now=now()),
        then=lambda id: url_for("ratifications.election_get", election_id=id), page=lambda: _office_page(election_id, form),
    )


def _nomination_page(election_id: int, form: NominationForm, words: str) -> str:
    row = queries.election_for(actor(), election_id)
    language = str(get_locale())
    form.office.choices = options((office.id, said(office.title, language)) for office, _vote in queries.offices_of(row))
    form.person.choices = options(queries.people_named(actor(), words))
    return render_template("ratification/nomination_new.html", row=row, form=form, words=words, who_may=said(row.who_may, language))


@blueprint.get("/elections/<int:election_id>/nominations")
@allow(Action.SEND_TEXTS)
def nominations_get(election_id: int):
    return _nomination_page(election_id, NominationForm(formdata=None, office=request.args.get("office", type=int)), request.args.get("q", ""))


@blueprint.post("/elections/<int:election_id>/nominations")
@allow(Action.SEND_TEXTS)
def nominations_post(election_id: int):
    form, words = NominationForm(), request.form.get("q", "")
    _nomination_page(election_id, form, words)

    def act() -> int:
        if form.person.data is None:
            raise Refused(Reason(N_("Find the member by name and choose them."), field="person"))
        return actions.nominate(actor(), form.office.data, form.person.data, form.nominated_by.data or "", now=now())

    return submit(form, act, then=lambda id: url_for("ratifications.nomination_get", nomination_id=id),
                  page=lambda: _nomination_page(election_id, form, words))


def _candidacy(row: Nomination, office: Office, form: CandidacyForm | None = None) -> CandidacyForm:
    """The form with the groups of the office, filled with what stands."""
    if form is None:
        form = CandidacyForm(formdata=None, answer="" if row.state == "asked" else row.state, public_name=row.public_name, groups=row.groups,
                             statement_en=row.statements.get("en", ""), statement_es=row.statements.get("es", ""))
    form.groups.choices = options((n, said(each["group"], str(get_locale()))) for n, each in enumerate(office.reserved))
    asks = ("accepted", "withdrawn") if row.state == "accepted" else ("accepted", "declined")
    form.answer.choices = [choice for choice in form.answer.choices if choice.value in asks]
    return form


def _desk(nomination_id: int, form: CandidacyForm | None = None) -> str:
    row = queries.nomination_for(actor(), nomination_id)
    election, office = queries.office_for(actor(), row.office_id)
    name = next((name for one, name in queries.nominations_of(election).get(office.id, ()) if one.id == row.id), "")
    return render_template("ratification/nomination.html", row=row, election=election, office=office, form=_candidacy(row, office, form), name=name,
                           is_own=row.partner_id == actor().org_id, STATES_OF=rules.STATES, vote=queries.vote_state(office))


@blueprint.get("/nominations/<int:nomination_id>")
@allow(Action.SEND_TEXTS)
def nomination_get(nomination_id: int):
    return _desk(nomination_id)


@blueprint.post("/nominations/<int:nomination_id>")
@allow(Action.SEND_TEXTS)
def nomination_post(nomination_id: int):
    form = CandidacyForm()
    return submit(
        form, lambda: actions.answer_nomination(actor(), nomination_id, **form.facts(), via="desk", now=now()),
        then=lambda id: url_for("ratifications.election_get", election_id=id), page=lambda: _desk(nomination_id, form),
    )


@blueprint.post("/nominations/<int:nomination_id>/text")
@allow(Action.SEND_TEXTS)
def nomination_text_post(nomination_id: int):
    form = CandidacyForm()
    form.answer.validators = form.public_name.validators = ()

    def act() -> int:
        made = actions.ask_nominee(actor(), nomination_id, now=now())
        flash(_("The link is on its way to the nominee."))
        return made

    return submit(form, act, then=lambda id: url_for("ratifications.election_get", election_id=id), page=lambda: _desk(nomination_id, form))


@blueprint.post("/nominations/<int:nomination_id>/letter")
@allow(Action.SEND_TEXTS)
def nomination_letter_post(nomination_id: int):
    form = Form()
    links: list[int] = []
    answer = submit(form, lambda: links.append(actions.nominee_link(actor(), nomination_id, now=now())),
                    then=lambda _none: url_for("ratifications.nomination_get", nomination_id=nomination_id), page=lambda: _desk(nomination_id))
    if not links:
        return answer
    row = queries.nomination_for(actor(), nomination_id)
    election, office = queries.office_for(actor(), row.office_id)
    return render_template("ratification/nomination_letter.html", row=row, election=election, office=office, address=url_of("nomination", token_of(links[0])))


def _nominee(token: str) -> Actor:
    link = held(read_link(token, "nomination", now()))
    scope_to(link.org_id)
    return Actor.by_link(link)


def _nominee_page(token: str, who: Actor, form: CandidacyForm | None = None, is_saved: bool = False) -> str:
    row = queries.nomination_for(who, who.link.subject_id)
    election, office = queries.office_for(who, row.office_id)
    language = str(get_locale())
    owner, g.time_zone = queries.owner_of(election)
    return render_template(
        "ratification/nominee.html", row=row, election=election, office=office, form=_candidacy(row, office, form), token=token, is_saved=is_saved,
        said=lambda words: said(words, language), NO_PROXY=Reason(rules.NO_PROXY), STATES_OF=rules.STATES, vote=queries.vote_state(office),
        owner=owner, slip_name=owner,
    )


@ballots.get("/n/<token>")
@public("a nominee's own link is the proof; opening it changes nothing")
def nominee_get(token: str):
    return _nominee_page(token, _nominee(token), is_saved="saved" in request.args)


@ballots.post("/n/<token>")
@public("a nominee's own link is the proof")
def nominee_post(token: str):
    who, form = _nominee(token), CandidacyForm(meta={"csrf": False})
    return submit(
        form, lambda: actions.answer_nomination(who, who.link.subject_id, **form.facts(), via="page", now=now()),
        then=lambda _id: url_for("ballots.nominee_get", token=token, saved=1, lang=request.args.get("lang")),
        page=lambda: _nominee_page(token, who, form),
    )
