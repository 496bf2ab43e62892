"""The blueprint of the people room, and what all its pages can say."""

from flask import Blueprint

from crm.infra.auth import actor
from crm.people import rules
from crm.people.queries import show_email_to, show_phone_to

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.app_template_filter("phone_for_me")
def phone_for_me(e164: str) -> str:
    """A number as the reader of the page may see it."""
    return show_phone_to(actor(), e164)


@blueprint.app_template_filter("email_for_me")
def email_for_me(address: str) -> str:
    """An address as the reader of the page may see it."""
    return show_email_to(actor(), address)


@blueprint.context_processor
def words() -> dict:
    """The room's lists of words, marked for translation."""
    return {"STANDINGS": rules.STANDINGS, "FIELD_NAMES": rules.FIELD_NAMES, "COLUMN_NAMES": rules.FIELDS}
