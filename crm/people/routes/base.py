"""The blueprint of the people room, and what all its pages can say."""

import re

from flask import Blueprint
from flask_babel import gettext as _

from crm.infra.auth import actor
from crm.infra.look import day, number
from crm.kernel.languages import LANGUAGES
from crm.kernel.refusal import Reason
from crm.people import rules
from crm.people.models import CustomField
from crm.people.queries import show_email_to, show_phone_to
from crm.people.routes.words import show_value
from crm.people.rules.cells import read_date
from crm.people.rules.relationships import KINDS

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.app_template_filter("phone_for_me")
def phone_for_me(e164: str) -> str:
    """A number as the reader of the page may see it."""
    return show_phone_to(actor(), e164)


@blueprint.app_template_filter("email_for_me")
def email_for_me(address: str) -> str:
    """An address as the reader of the page may see it."""
    return show_email_to(actor(), address)


@blueprint.app_template_filter("used")
def used(words: str, name: str) -> str:
    """What uses a list, in words."""
    return _(words, name=name)


@blueprint.app_template_filter("language_name")
def language_name(tag: str) -> str:
    """A language by its tag, named in itself."""
    return LANGUAGES.get(tag, tag)


@blueprint.app_template_filter("own_value")
def own_value(value: object, field: CustomField) -> str:
    """A value of an own field, as a page says it."""
    if field.kind == "date" and isinstance(value, str) and value[:4].isdigit():
        return day(read) if not isinstance(read := read_date(value), Reason) else value
    if field.kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return show_value(value)


@blueprint.app_template_filter("why_standing")
def why_standing(reason: str) -> str:
    """Why a standing changed: what somebody wrote, or the spreadsheet's name, without the number by which it finds its rows again."""
    return re.sub(r" ?\(?#\d+\)?$", "", reason) or _("Changed for a whole list")


@blueprint.context_processor
def words() -> dict:
    """The room's lists of words, marked for translation."""
    return {"STANDINGS": rules.STANDINGS, "FIELD_NAMES": rules.FIELD_NAMES, "COLUMN_NAMES": rules.FIELDS, "RELATIONSHIPS": KINDS}
