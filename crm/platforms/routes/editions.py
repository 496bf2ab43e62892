"""Editions: what is still open, freezing, the printed text, the public page."""

from flask import Response, flash, render_template, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.runtime import settings
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.platforms import actions, queries, rules
from crm.platforms.forms import ButtonForm, EditionForm, PublicationForm
from crm.platforms.routes.documents import document, edition_language
from crm.platforms.routes.shared import blueprint, rights


@blueprint.get("/platforms/<int:id>/editions/new")
@allow(Action.DECIDE_AMENDMENTS)
def edition_new_get(id: int):
    return _freeze_page(id, EditionForm())


@blueprint.post("/platforms/<int:id>/editions")
@allow(Action.DECIDE_AMENDMENTS)
def edition_new_post(id: int):
    queries.platform_of_owner(actor(), id)
    form = EditionForm()
    return submit(
        form, lambda: actions.freeze_edition(actor(), id, form.note.data or "", is_whole=form.is_whole.data, now=now()).number,
        then=lambda number: _frozen(id, number), page=lambda: _freeze_page(id, form),
    )


def _frozen(id: int, number: int) -> str:
    flash(_("Edition %(n)s is frozen. No word of it will change.", n=number), "yes")
    return url_for("platforms.edition_get", id=id, number=number)


def _freeze_page(id: int, form: EditionForm) -> str:
    platform = queries.platform_of_owner(actor(), id)
    rows = queries.planks_of(platform)
    return render_template(
        "platforms/freeze.html", platform=platform, form=form, issues=actions.issues_of(platform),
        rows=[row for row in rows if row.plank.state == "in"],
        drafts=[row for row in rows if row.plank.state == "draft"], last=queries.latest_edition(actor(), id),
    )


@blueprint.get("/platforms/<int:id>/editions/<int:number>")
@allow(Action.SEE_PLATFORMS)
def edition_get(id: int, number: int):
    platform, edition = queries.platform_for(actor(), id), queries.edition_numbered(actor(), id, number)
    return render_template(
        "platforms/edition.html", platform=platform, edition=edition, content=edition.content,
        language=edition_language(edition.content), owner=queries.owner_name(platform),
        signed=queries.signatories_of(platform, edition), editions=queries.editions_of(platform),
        button=ButtonForm(formdata=None), **rights(platform),
    )


@blueprint.get("/platforms/<int:id>/editions/<int:number>/content.json")
@allow(Action.SEE_PLATFORMS)
def edition_content_get(id: int, number: int):
    queries.platform_for(actor(), id)
    return _content(queries.edition_numbered(actor(), id, number).content)


def _content(content: dict) -> Response:
    """The bytes whose SHA-256 is the edition's hash."""
    return Response(rules.canonical_text(content), mimetype="application/json")


@blueprint.get("/platforms/<int:id>/editions/<int:number>/platform.<form>")
@allow(Action.SEE_PLATFORMS)
def edition_document_get(id: int, number: int, form: str):
    platform, edition = queries.platform_for(actor(), id), queries.edition_numbered(actor(), id, number)
    where = url_for("platforms.edition_get", id=id, number=number, _external=True)
    ratified_at = platform.ratified_at if platform.ratified_edition == number else None
    return document(
        form, edition.content, edition, queries.owner_name(platform), queries.signatories_of(platform, edition), where, ratified_at
    )


@blueprint.get("/platforms/<int:id>/publication")
@allow(Action.DECIDE_AMENDMENTS)
def publication_get(id: int):
    platform = queries.platform_of_owner(actor(), id)
    form = PublicationForm(slug=platform.slug or rules.read_slug(rules.in_language(platform.titles, "en", "en")))
    return _publication_page(id, form)


def _publication_page(id: int, form: PublicationForm) -> str:
    platform = queries.platform_of_owner(actor(), id)
    return render_template(
        "platforms/publication.html", platform=platform, form=form, button=ButtonForm(formdata=None),
        address=settings().public_url.rstrip("/") + "/p/",
    )


@blueprint.post("/platforms/<int:id>/publication")
@allow(Action.DECIDE_AMENDMENTS)
def publication_post(id: int):
    queries.platform_of_owner(actor(), id)
    form = PublicationForm()
    return submit(
        form, lambda: actions.publish_platform(actor(), id, form.slug.data, now=now()),
        then=lambda slug: url_for("platforms.public_get", slug=slug), page=lambda: _publication_page(id, form),
    )


@blueprint.post("/platforms/<int:id>/publication/removal")
@allow(Action.DECIDE_AMENDMENTS)
def publication_removal_post(id: int):
    form = ButtonForm()
    return submit(
        form, lambda: actions.unpublish_platform(actor(), id, now=now()),
        then=lambda _id: url_for("platforms.publication_get", id=id),
        page=lambda: render_template("errors/422.html", reasons=form.refusals),
    )
