"""The organization's own fields in a form: each kind has its control, named by the field's id so that a new order mixes nothing up."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length

from crm.infra.web import options
from crm.people.models import CustomField
from crm.people.rules.custom import LONGEST, show_plain


def name_of(field: CustomField) -> str:
    """The name of the control."""
    return f"own-{field.id}"


def _control(field: CustomField) -> Any:
    choices = options((choice, choice) for choice in field.choices)
    if field.kind == "several_of":
        return SelectMultipleField(field.label, choices=choices, validate_choice=False)
    if field.kind == "one_of":
        return SelectField(field.label, choices=[*options([("", "–")]), *choices], validate_choice=False, default="")
    if field.kind == "yes_no":
        return SelectField(field.label, choices=options([("", "–"), ("yes", _l("Yes")), ("no", _l("No"))]), validate_choice=False, default="")
    if field.kind == "long_text":
        return TextAreaField(field.label, [Length(max=LONGEST["long_text"])], render_kw={"rows": 3})
    words = {"date": {"type": "date"}, "number": {"inputmode": "decimal"}, "link": {"inputmode": "url", "placeholder": "https://"}}
    return StringField(field.label, [Length(max=LONGEST["link"])], render_kw=words.get(field.kind))


def with_own(form: type, fields: Sequence[CustomField]) -> type:
    """The form with one control for each of these fields."""
    return type(form.__name__, (form,), {name_of(field): _control(field) for field in fields} | {"kept": list(fields)})


def show(form: Mapping[str, Field], field: CustomField, value: Any) -> None:
    """Puts what is kept into the control; a choice that is no longer offered stays choosable here."""
    control = form[name_of(field)]
    if field.kind == "several_of":
        control.data = [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []
        control.choices = [*control.choices, *options((each, each) for each in control.data if each not in field.choices)]
    else:
        control.data = show_plain(value)
        if field.kind == "one_of" and control.data and control.data not in field.choices:
            control.choices = [*control.choices, *options([(control.data, control.data)])]
