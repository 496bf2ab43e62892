"""Proposals: the inbox of a platform, sending one for an organization, and the public form with the page on which its answer is read."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.infra.auth import Actor, actor, allow, public
from crm.infra.clock import now
from crm.infra.db import reading
from crm.infra.links import read_link
from crm.infra.runtime import settings
from crm.infra.web import submit
from crm.kernel.languages import LANGUAGES
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.platforms import actions, queries, rules
from crm.platforms.forms import AnswerForm, ButtonForm, ProposalForm, PublicationForm
from crm.platforms.models import Platform
from crm.platforms.routes.public import held_to, public_page_of
from crm.platforms.routes.shared import blueprint, in_page_language, pressed, rights

FIELDS = ("language", "title", "text", "reason", "origin")


def _in_languages(form: ProposalForm, platform: Platform) -> ProposalForm:
    form.language.choices = [(tag, LANGUAGES.get(tag, tag)) for tag in platform.languages]
    return form


def _values(form: ProposalForm) -> dict[str, Any]:
    return {name: form[name].data for name in FIELDS}


@blueprint.get("/platforms/<int:id>/proposals")
@allow(Action.SEE_PLATFORMS)
def proposals_get(id: int):
    return _inbox(id)


def _inbox(id: int, answering: int | None = None, form: AnswerForm | None = None, door: PublicationForm | None = None) -> str:
    platform = queries.platform_for(actor(), id)
    slug = platform.slug or rules.read_slug(rules.in_language(platform.titles, "en", "en"))
    return render_template(
        "platforms/proposals.html", platform=platform, rows=queries.proposals_of(platform), answering=answering,
        form=form or _with_places(platform, AnswerForm(formdata=None)), door=door or PublicationForm(formdata=None, slug=slug),
        button=ButtonForm(formdata=None), address=settings().public_url.rstrip("/") + "/p/", **rights(platform),
    )


def _with_places(platform: Platform, form: AnswerForm) -> AnswerForm:
    """Where a proposal can go: a new draft, a plank, an open amendment."""
    planks = [(f"plank:{row.plank.id}", in_page_language(row.words.titles, platform.authentic_language)) for row in queries.planks_of(platform)]
    opened = [row for row in queries.amendments_of(platform) if row.amendment.state == "proposed"]
    amendments = [(f"amendment:{row.amendment.id}", _("Amendment %(letter)s", letter=row.letter)) for row in opened]
    form.into.choices = [("new", _("A new plank, as a draft")), *planks, *amendments]
    return form


@blueprint.get("/platforms/<int:id>/proposals/new")
@allow(Action.DRAFT_PLATFORMS)
def proposal_new_get(id: int):
    return _new_page(id, ProposalForm(formdata=None))


def _new_page(id: int, form: ProposalForm) -> str:
    platform = queries.platform_as_partner(actor(), id)
    return render_template("platforms/proposal_new.html", platform=platform, form=_in_languages(form, platform), **rights(platform))


@blueprint.post("/platforms/<int:id>/proposals")
@allow(Action.DRAFT_PLATFORMS)
def proposal_new_post(id: int):
    form = _in_languages(ProposalForm(), queries.platform_as_partner(actor(), id))
    return submit(
        form, lambda: actions.send_proposal(actor(), id, _values(form), now=now()),
        then=lambda _id: _to(id, _("The proposal is sent. Its answer will stand here.")), page=lambda: _new_page(id, form),
    )


def _to(id: int, said: str) -> str:
    flash(said, "yes")
    return url_for("platforms.proposals_get", id=id)


@blueprint.post("/platforms/<int:id>/proposals/<int:proposal_id>/answer")
@allow(Action.DRAFT_PLATFORMS)
def answer_post(id: int, proposal_id: int):
    form = _with_places(queries.platform_of_owner(actor(), id), AnswerForm())
    return submit(
        form, lambda: actions.answer_proposal(
            actor(), id, proposal_id, form.verb.data, form.answer.data or "", form.into.data or "", now=now()
        ),
        then=lambda _id: _to(id, _("It is answered. Whoever sent it reads the answer.")), page=lambda: _inbox(id, proposal_id, form),
    )


@blueprint.post("/platforms/<int:id>/proposals/<int:proposal_id>/reopening")
@allow(Action.DRAFT_PLATFORMS)
def reopening_post(id: int, proposal_id: int):
    queries.platform_of_owner(actor(), id)
    return pressed(
        ButtonForm(), lambda: actions.answer_proposal(actor(), id, proposal_id, "reopen", "", now=now()),
        then=lambda _id: _to(id, _("The proposal waits for an answer again.")),
    )


@blueprint.post("/platforms/<int:id>/proposals/door")
@allow(Action.DRAFT_PLATFORMS)
def proposals_door_post(id: int):
    queries.platform_of_owner(actor(), id)
    if request.form.get("verb") not in ("open", "close"):
        raise Missing()
    form, opens = PublicationForm(), request.form["verb"] == "open"
    said = _("Everyone who has the address can send a proposal now.") if opens else _("The public form is closed. What came in stays.")
    if not opens:
        form.slug.validators = []
    return submit(
        form, lambda: actions.open_to_public(actor(), id, opens, form.slug.data or "", now=now()),
        then=lambda _id: _to(id, said), page=lambda: _inbox(id, door=form),
    )


@blueprint.get("/p/<slug>/propose")
@public("anyone may send a proposal while the platform takes them; no name is asked")
def public_proposal_get(slug: str):
    with held_to(slug) as platform:
        return _public_form(platform, ProposalForm(formdata=None, language=str(get_locale())))


@blueprint.post("/p/<slug>/propose")
@public("anyone may send a proposal while the platform takes them; no name is asked")
def public_proposal_post(slug: str):
    with held_to(slug) as platform:
        if not platform.takes_proposals:
            raise Missing()
        form = _in_languages(ProposalForm(), platform)
        system, address, lang = Actor.system(platform.org_id), request.remote_addr or "", str(get_locale())
        return submit(
            form, lambda: actions.send_public_proposal(system, platform, _values(form), address=address, now=now()),
            then=lambda token: url_for("platforms.proposal_answer_get", token=token, lang=lang), page=lambda: _public_form(platform, form),
        )


def _public_form(platform: Platform, form: ProposalForm) -> str:
    if not platform.takes_proposals:
        raise Missing()
    closed = rules.may_send_proposal(platform.state, platform.proposals_until, now())
    return public_page_of(platform, "platforms/public_proposal.html", form=_in_languages(form, platform), closed=closed)


@blueprint.get("/proposal/<token>")
@public("whoever sent a proposal reads its answer by the link that they were given")
def proposal_answer_get(token: str):
    with reading(read_link(token, "proposal", now()).org_id):
        found = queries.proposal(read_link(token, "proposal", now()).subject_id)
        if found is None:
            raise Missing()
        proposal, platform = found
        return public_page_of(platform, "platforms/proposal_answer.html", proposal=proposal, here=request.base_url)
