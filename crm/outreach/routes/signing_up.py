"""The public page on which somebody signs up for an organization's texts: no account, no sign of who is known.

The organization's own site may show it in a frame: the same page at an address of its own, the only one that may be framed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.infra.auth import Actor, public
from crm.infra.clock import now
from crm.infra.db import scope_to
from crm.infra.web import framed_by, submit
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.organizations.queries import organization_by_slug
from crm.outreach.actions import signing_up as actions
from crm.outreach.forms.consent import FramedSignUpForm, SignUpForm
from crm.outreach.queries.phones import sender_of
from crm.outreach.rules.options import texting_options

blueprint = Blueprint("signing_up", __name__, url_prefix="/texting/<slug>")
LINK_VIEWS = ("signing_up.framed_post",)
"""Inside another site's page no cookie comes along; the form carries a mark that we made instead."""


@contextmanager
def _of(slug: str) -> Iterator[Organization]:
    """The organization at that address; until the end the session is held to it."""
    scope_to(organization_by_slug(slug).id)
    organization = organization_by_slug(slug)
    g.actor, g.time_zone = None, organization.time_zone
    yield organization
    scope_to(None)


@blueprint.get("/join")
@public("anyone may sign up for texts; nothing shows whether a number is known")
def sign_up_get(slug: str):
    """The form, with what one agrees to; nothing is ticked."""
    with _of(slug) as organization:
        return _page(organization, SignUpForm(language=str(get_locale())))


@blueprint.post("/join")
@public("anyone may sign up for texts; nothing shows whether a number is known")
def sign_up_post(slug: str):
    """Keeps what was typed; the answer is the same for every number."""
    with _of(slug) as organization:
        return _take(organization, SignUpForm(), "signing_up.signed_up_get")


@blueprint.get("/joined")
@public("the same words for everyone")
def signed_up_get(slug: str):
    """What happens next."""
    with _of(slug) as organization:
        return _thanks(organization)


@blueprint.get("/join/frame")
@public("anyone may sign up for texts; nothing shows whether a number is known")
def framed_get(slug: str):
    """The form for a frame on the organization's own site."""
    with _of(slug) as organization:
        return _framed(organization, lambda: _page(organization, _framed_form(language=str(get_locale()))))


@blueprint.post("/join/frame")
@public("anyone may sign up for texts; nothing shows whether a number is known")
def framed_post(slug: str):
    """The same from within the frame."""
    with _of(slug) as organization:
        return _framed(organization, lambda: _take(organization, _framed_form(), "signing_up.framed_done_get"))


@blueprint.get("/joined/frame")
@public("the same words for everyone")
def framed_done_get(slug: str):
    """What happens next, within the frame."""
    with _of(slug) as organization:
        return _framed(organization, lambda: _thanks(organization))


def _framed(organization: Organization, answer: Callable[[], Any]) -> Response:
    """For the sites that the organization called its own; without any, the address does not exist."""
    hosts = texting_options(organization.options).hosts
    if not hosts:
        raise Missing
    return framed_by(make_response(answer()), hosts)


def _framed_form(**values: str) -> FramedSignUpForm:
    return FramedSignUpForm(meta={"csrf": False}, **values)


def _take(organization: Organization, form: SignUpForm, done: str):
    actor, at = Actor.system(organization.id), now()
    values = {name: form[name].data or "" for name in ("name", "phone", "language")}

    def act() -> int:
        if isinstance(form, FramedSignUpForm):
            actions.refuse_other_marks(organization, form.mark.data or "", at)
        return actions.sign_up(actor, **values, agrees=form.agrees.data, may_ask=form.may_ask.data, address=request.remote_addr or "", now=at)

    return submit(
        form, act, then=lambda _id: url_for(done, slug=organization.slug, lang=str(get_locale())), page=lambda: _page(organization, form),
    )


def _thanks(organization: Organization) -> str:
    sender = sender_of(Actor.system(organization.id))
    return render_template("outreach/signed_up.html", organization=organization, slip_name=organization.name, number=sender and sender.number)


def _page(organization: Organization, form: SignUpForm) -> str:
    for field, is_for_money in ((form.agrees, False), (form.may_ask, True)):
        words = actions.opt_in_words(organization, is_for_money)
        field.label.text = _(words.text, **words.params)
    if isinstance(form, FramedSignUpForm):
        form.mark.data = actions.frame_mark(organization, now())
    is_open = texting_options(organization.options).signs_up
    return render_template(
        "outreach/sign_up.html", organization=organization, slip_name=organization.name, form=form, closed=None if is_open else actions.CLOSED,
        is_framed=isinstance(form, FramedSignUpForm),
    )
