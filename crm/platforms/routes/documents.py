"""A text as a file: an edition in one language, with what became of each plank, who signed, and where it can be checked; or a page of ours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, request
from flask_babel import force_locale, format_date, get_locale, ngettext
from flask_babel import gettext as _

from crm.kernel.languages import LANGUAGES, PAGE_LANGUAGES
from crm.kernel.refusal import Missing
from crm.platforms import queries, rules
from crm.platforms.providers import KINDS, Printed, PrintedList, PrintedPlank, read_page, write


def edition_language(content: Mapping[str, Any]) -> str:
    """The language that the address asks for, else the reader's, if the edition has it."""
    wanted = (request.args.get("lang"), get_locale().language, content["authentic"])
    return next(tag for tag in wanted if tag in content["languages"])


def document(
    form: str, content: Mapping[str, Any], edition: Any, owner: str, signed: queries.Signatories, where: str, ratified_at: datetime | None
) -> Response:
    """An edition with its outcomes and signatories as a file, pdf or docx, in the language that is asked for."""
    if form not in KINDS:
        raise Missing()
    language = edition_language(content)
    with force_locale(language if language in PAGE_LANGUAGES else "en"):
        text = _printed(content, edition, owner, signed, where, ratified_at, language)
    return _file(form, text, rules.in_language(content["platform"]["titles"], "en", content["authentic"]) or "platform")


def page_as_file(form: str, page: str, name: str, *, owner: str, title: str, facts: str) -> Response:
    """What a page of ours says as a file, pdf or docx, in the language in which the page was written."""
    if form not in KINDS:
        raise Missing()
    return _file(form, Printed(get_locale().language, owner, title, facts, (), body=read_page(page)), name)


def _file(form: str, text: Printed, name: str) -> Response:
    answer = Response(write(form, text), mimetype=KINDS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{rules.read_slug(name) or "text"}-{text.language}.{form}"'
    return answer


def _printed(
    content: Mapping[str, Any], edition: Any, owner: str, signed: queries.Signatories, where: str, ratified_at: datetime | None, language: str
) -> Printed:
    def said(words: Mapping[str, str]) -> str:
        return rules.in_language(words, language, content["authentic"])

    facts = _("Edition %(n)s, frozen %(day)s", n=content["edition"], day=format_date(edition.frozen_at, "long"))
    if ratified_at:
        facts += ". " + _("Ratified %(day)s", day=format_date(ratified_at, "long"))
    if "articles" in content:
        facts += ". " + _("Voted on as a whole.")
    planks, last = [], ""
    for plank in rules.articles_of(content):
        section = said(plank["sections"])
        outcome = rules.outcome_of(content, edition.outcomes, plank["plank_id"])
        planks.append(PrintedPlank(
            section if section != last else "", plank["number"], said(plank["titles"]), said(plank["texts"]).split("\n\n"),
            "" if outcome is None else _("Ratified") if outcome == "ratified" else _("Not ratified"),
        ))
        last = section
    intro = content["platform"].get("intros", {}).get(language, "")
    return Printed(
        language, owner, said(content["platform"]["titles"]), facts, intro.split("\n\n") if intro else [], planks, _lists(signed),
        _notes(content, edition, where),
    )


def _lists(signed: queries.Signatories) -> list[PrintedList]:
    since = [_("%(name)s, %(day)s", name=one.name, day=format_date(one.at, "long")) for one in signed.since]
    people = ngettext("%(num)s person has signed since", "%(num)s people have signed since", signed.people)
    lists = [PrintedList(_("Signed by"), signed.first), PrintedList(_("Signed since"), since)]
    return [one for one in lists if one.names] + ([PrintedList(people, signed.names)] if signed.people else [])


def _notes(content: Mapping[str, Any], edition: Any, where: str) -> list[str]:
    authentic = LANGUAGES.get(content["authentic"], content["authentic"])
    one_counts = [_("Where the languages differ, one text counts: %(language)s.", language=authentic)] if len(content["languages"]) > 1 else []
    return [
        *one_counts, _("The fingerprint of this edition (SHA-256):") + " " + edition.sha256,
        _("Its exact text, to check the fingerprint, and who has signed since: %(address)s", address=where),
    ]
