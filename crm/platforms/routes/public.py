"""What everyone may read: the ratified text, who signed it, its documents; and signing it later."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask_babel import get_locale

from crm.infra.auth import Actor, public
from crm.infra.clock import now
from crm.infra.db import reading, scope_to
from crm.infra.links import read_link
from crm.infra.web import submit
from crm.kernel.refusal import Missing
from crm.organizations.queries import organization_of
from crm.platforms import actions, queries, rules
from crm.platforms.forms import ButtonForm, EndorsementForm
from crm.platforms.models import Platform
from crm.platforms.routes.documents import document, edition_language
from crm.platforms.routes.shared import blueprint, pressed


@contextmanager
def held_to(slug: str) -> Iterator[Platform]:
    """The platform at a public address; until the end the session is held to its organization."""
    scope_to(queries.owner_at(slug))
    try:
        platform = queries.public_platform(slug)
        if platform is None:
            raise Missing()
        g.actor, g.time_zone = None, organization_of(Actor.system(platform.org_id)).time_zone
        yield platform
    finally:
        scope_to(None)


def public_page_of(platform: Platform, template: str, **more: Any) -> str:
    """A public page about one platform, under the name of its organization."""
    owner = organization_of(Actor.system(platform.org_id))
    return render_template(template, platform=platform, owner=owner.name, slip_name=owner.name, **more)


def _published(slug: str) -> queries.Published:
    """What is published at this address, read for its owner whoever asks."""
    owner = queries.owner_at(slug)
    with reading(owner):
        g.time_zone = organization_of(Actor.system(owner)).time_zone  # its days are those of whoever ratified it
        return queries.published_platform(slug)


@blueprint.get("/p/<slug>")
@public("a ratified platform is for everyone to read")
def public_get(slug: str):
    published = _published(slug)
    language = edition_language(published.content)
    return render_template(
        "platforms/public.html", slug=slug, edition=published, content=published.content, language=language,
        owner=published.owner, signed=published.signatories,
    )


@blueprint.get("/p/<slug>/content.json")
@public("whoever wants to check the hash of a ratified platform needs its exact text")
def public_content_get(slug: str):
    return Response(rules.canonical_text(_published(slug).content), mimetype="application/json")


@blueprint.get("/p/<slug>/platform.<form>")
@public("a ratified platform is for everyone to keep, print and pass on")
def public_document_get(slug: str, form: str):
    published = _published(slug)
    where = url_for("platforms.public_get", slug=slug, _external=True)
    return document(form, published.content, published, published.owner, published.signatories, where, published.ratified_at)


@blueprint.get("/p/<slug>/signatories")
@public("who signed a ratified platform is for everyone to read; people only if they agreed to be named")
def signatories_get(slug: str):
    published = _published(slug)
    return render_template(
        "platforms/signatories.html", slug=slug, edition=published, content=published.content, owner=published.owner, signed=published.signatories,
        language=edition_language(published.content), wanted=request.args.get("q", "").strip(),
    )


@blueprint.get("/p/<slug>/sign")
@public("anyone may stand behind a ratified platform; names are shown only if they agree")
def sign_get(slug: str):
    with held_to(slug) as platform:
        return _sign_page(slug, platform, EndorsementForm(formdata=None, kind="person"))


@blueprint.post("/p/<slug>/sign")
@public("anyone may stand behind a ratified platform; names are shown only if they agree")
def sign_post(slug: str):
    with held_to(slug) as platform:
        if platform.published_at is None:
            raise Missing()
        form, system, lang = EndorsementForm(), Actor.system(platform.org_id), str(get_locale())
        return submit(
            form, lambda: actions.endorse_platform(system, platform, form.data, address=request.remote_addr or "", now=now()),
            then=lambda token: url_for("platforms.signed_get", token=token, lang=lang), page=lambda: _sign_page(slug, platform, form),
        )


def _sign_page(slug: str, platform: Platform, form: EndorsementForm) -> str:
    if platform.published_at is None:
        raise Missing()
    return public_page_of(platform, "platforms/sign.html", form=form, slug=slug)


@blueprint.get("/endorsement/<token>")
@public("whoever signed a platform sees that by their link, and can take it back")
def signed_get(token: str):
    owner, id = _of_link(token)
    with reading(owner):
        found = queries.endorsement(id)
        if found is None:
            raise Missing()
        row, platform = found
        return public_page_of(platform, "platforms/signed.html", row=row, token=token, here=request.base_url, button=ButtonForm(formdata=None))


@blueprint.post("/endorsement/<token>/withdrawal")
@public("whoever signed a platform can take their name out again")
def signature_removal_post(token: str):
    owner, id = _of_link(token)
    scope_to(owner)
    found = queries.endorsement(id)
    slug, lang = found and found[1].slug, str(get_locale())
    answer = pressed(
        ButtonForm(), lambda: actions.withdraw_endorsement(Actor.system(owner), id, now=now()),
        then=lambda _none: url_for("platforms.signatories_get", slug=slug, lang=lang),
    )
    scope_to(None)
    return answer


def _of_link(token: str) -> tuple[int, int]:
    """The organization and the endorsement for which a link stands."""
    link = read_link(token, "endorsement", now())
    return link.org_id, link.subject_id
