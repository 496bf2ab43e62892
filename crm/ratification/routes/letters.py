"""Members of one's own organization who could not be texted: why, letters to print, and a new link for a lost one."""

from flask import flash, render_template, request, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.db import transaction
from crm.infra.links import token_of, url_of
from crm.infra.web import Form, submit
from crm.kernel.languages import PAGE_LANGUAGES
from crm.kernel.permissions import Action
from crm.ratification import actions, queries
from crm.ratification.models import Ratification
from crm.ratification.routes.manage import blueprint
from crm.ratification.rules.reports import said


def _letters_page(id: int, form: Form) -> str:
    row, words = queries.ratification_for(actor(), id), request.args.get("q", "")
    return render_template(
        "ratification/letters.html",
        row=row,
        form=form,
        reasons=queries.letter_reasons(actor(), row),
        words=words,
        found=queries.own_members(actor(), row, words),
        together=[said(vote.title, str(get_locale())) for vote in (row, *others)] if (others := queries.together_with(row)) else [],
    )


@blueprint.get("/votes/<int:id>/letters")
@allow(Action.SEND_TEXTS)
def letters_get(id: int):
    return _letters_page(id, Form())


@blueprint.post("/votes/<int:id>/letters")
@allow(Action.SEND_TEXTS)
def letters_post(id: int):
    form = Form()
    if not form.validate_on_submit():
        return _letters_page(id, form), 422
    with transaction():
        made = actions.print_letters(actor(), id, now=now())
    row = queries.ratification_for(actor(), id)
    title = queries.title_together(row)
    letters = [_letter(row, title, letter, url_of("ballot", token_of(link_id))) for letter, link_id in made]
    return render_template("ratification/letters_print.html", letters=letters)


def _letter(row: Ratification, title: dict[str, str], letter: queries.Letter, address: str) -> str:
    """One letter in its member's language, under the name of the whole election where its link opens several ballots."""
    language = letter.language if letter.language in PAGE_LANGUAGES else "en"
    with force_locale(language):
        return render_template("ratification/_letter.html", row=row, title=title, letter=letter, address=address, language=language)


@blueprint.post("/votes/<int:id>/notices")
@allow(Action.SEND_TEXTS)
def notices_post(id: int):
    form = Form()
    return submit(
        form,
        lambda: actions.try_texts_again(actor(), id, now=now()),
        then=lambda _job: url_for("ratifications.letters_get", id=id),
        page=lambda: _letters_page(id, form),
    )


@blueprint.post("/votes/<int:id>/links/<int:entry_id>")
@allow(Action.SEND_TEXTS)
def link_post(id: int, entry_id: int):
    form = Form()

    def act() -> int:
        actions.send_new_link(actor(), id, entry_id, now=now())
        flash(_("A new link is on its way. The old one has ended."))
        return id

    return submit(
        form, act, then=lambda id: url_for("ratifications.letters_get", id=id), page=lambda: _letters_page(id, form)
    )
