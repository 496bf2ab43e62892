"""Forms of the words that an organization uses for people: tags and fields of its own."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from crm.infra.web import Form, options
from crm.people.forms.person import said
from crm.people.rules.custom import KINDS


class TagWordForm(Form):
    """A tag's name and group."""

    name = StringField(_l("Tag"), [Length(max=80)])
    group_name = StringField(_l("Group"), [Length(max=60)], description=_l("For example: Committees, Skills, Languages. Leave it empty for none."))


class MergeTagForm(Form):
    """Into which tag another goes."""

    into = SelectField(_l("Into"), validate_choice=False)


class FieldForm(Form):
    """A field that only this organization keeps."""

    label = StringField(_l("Name of the field"), [Length(max=200)])
    kind = SelectField(_l("What it holds"), choices=options(said(KINDS)), validate_choice=False)
    choices = TextAreaField(_l("Choices"), [Length(max=20000)], description=_l("One on each line; only for fields with choices."))
    is_private = BooleanField(_l("Private: only administrators and organizers see it"))
    is_confirmed = BooleanField(_l("We have talked about the danger and need it all the same"))

    def lines(self) -> list[str]:
        """The choices, one from each line."""
        return list(dict.fromkeys(" ".join(line.split()) for line in (self.choices.data or "").splitlines() if line.strip()))
