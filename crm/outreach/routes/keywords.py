"""Pages of keywords: the words that join, and what everyone may read about our texts."""

from flask import Blueprint, g, render_template, request, url_for

from crm.infra.auth import actor, allow, public
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.organizations.queries import organization_by_slug, organization_of
from crm.outreach.actions import joining as actions
from crm.outreach.forms.keywords import KeywordForm
from crm.outreach.queries import keywords as reads
from crm.outreach.queries.phones import sender_of

blueprint = Blueprint("keywords", __name__)


@blueprint.get("/texts/keywords")
@allow(Action.SEND_TEXTS)
def keywords_get():
    """The words that are out, and a form for another."""
    return _page(_form())


@blueprint.post("/texts/keywords")
@allow(Action.SEND_TEXTS)
def keywords_post():
    """Adds a word."""
    form = _form()
    return submit(
        form, lambda: actions.add_keyword(actor(), form.word.data, form.language.data, form.subject, now=now()),
        then=lambda _id: url_for("keywords.keywords_get"), page=lambda: _page(form),
    )


@blueprint.post("/texts/keywords/<int:id>/end")
@allow(Action.SEND_TEXTS)
def end_post(id: int):
    """Ends a word."""
    return submit(Form(), lambda: actions.end_keyword(actor(), id, now=now()), then=lambda _id: url_for("keywords.keywords_get"), page=lambda: _page(_form()))


@blueprint.post("/texts/keywords/<int:id>/restore")
@allow(Action.SEND_TEXTS)
def restore_post(id: int):
    """Uses it again."""
    form = Form()
    return submit(form, lambda: actions.restore_keyword(actor(), id, now=now()), then=lambda _id: url_for("keywords.keywords_get"),
                  page=lambda: _page(_form(), form))


def _form() -> KeywordForm:
    return KeywordForm().offer(reads.things_to_come(actor(), now()))


def _page(form: KeywordForm, tried: Form | None = None) -> str:
    page = reads.keywords_page(actor(), request.args.get("after"))
    return render_template(
        "outreach/keywords.html", form=form, tried=tried or form, page=page, leads=reads.subject_names(actor(), page.rows),
        sender=sender_of(actor()), organization=organization_of(actor()), button_form=Form(formdata=None),
    )


@blueprint.get("/texting/<slug>")
@public("what a sign-up by text is told to read: no personal data, the same for everyone")
def terms_get(slug: str):
    """Who texts, about what, how often, what it costs, how to end it, and what happens with the number."""
    organization = organization_by_slug(slug)
    g.time_zone = organization.time_zone
    return render_template("outreach/texting_terms.html", organization=organization, slip_name=organization.name)
