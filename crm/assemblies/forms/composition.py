"""Forms of an assembly's own seats and standing rules."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from crm.assemblies.forms import LINE, SHORT, TEXT, Number, say_choices
from crm.assemblies.rules.words import ROLES, SELECTIONS
from crm.infra.web import Form, options
from crm.kernel.numbers import read_id


class PlacedForm(Form):
    """Which of the list, as the page showed it, and why it changes."""

    at, was = HiddenField(), HiddenField()
    reason = StringField(_l("Why it changes"), [LINE])

    @property
    def place(self) -> int | None:
        """Where in the list; None for what is new."""
        return read_id(self.at.data) if self.at.data else None


class GroupForm(PlacedForm):
    """A group of seats."""

    who_en, who_es = StringField(_l("Whose seats, in English"), [SHORT]), StringField(_l("Whose seats, in Spanish"), [SHORT])
    count = Number(_l("Seats"))
    per_en = StringField(_l("For each what, in English"), [SHORT], description=_l("Where the number grows: for each county. Empty: that many in all."))
    per_es = StringField(_l("For each what, in Spanish"), [SHORT])
    role = SelectField(_l("Role"), validate_choice=False)
    selection = SelectField(_l("How they are filled"), validate_choice=False)
    is_voting = BooleanField(_l("With a vote"), default=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.role.choices, self.selection.choices = options(say_choices(ROLES)), options(say_choices(SELECTIONS))

    def group(self) -> dict[str, Any]:
        """The group as an assembly keeps it."""
        return {"who": _words(self, "who"), "count": self.count.data, "role": self.role.data, "selection": self.selection.data,
                "is_voting": self.is_voting.data, "per": _words(self, "per")}


class RuleForm(PlacedForm):
    """A standing rule."""

    rule_en, rule_es = TextAreaField(_l("The rule in English"), [TEXT]), TextAreaField(_l("The rule in Spanish"), [TEXT])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in (self.at, self.was, self.reason):
            field.id = f"rule_{field.name}"  # the page holds both forms

    def rule(self) -> dict[str, str]:
        """The rule in the languages in which it was written."""
        return _words(self, "rule")


def _words(form: Form, name: str) -> dict[str, str]:
    typed = {tag: " ".join((form[f"{name}_{tag}"].data or "").split()) for tag in ("en", "es")}
    return {tag: words for tag, words in typed.items() if words}
