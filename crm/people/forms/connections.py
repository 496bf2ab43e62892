"""Small forms of a person's page: with whom, since when, under which name."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import Length, Optional

from crm.infra.web import Form, options
from crm.people import rules
from crm.people.forms.person import said
from crm.people.rules import versions
from crm.people.rules.relationships import KINDS


class ConnectForm(Form):
    """How someone stands to someone else, who is chosen from what a search found."""

    kind = SelectField(
        _l("How they stand to each other"),
        choices=options([("", "–"), ("together", _l("Lives together with")), *said({kind: words for kind, (words, _other) in KINDS.items()})]),
        validate_choice=False,
    )
    other = RadioField(_l("With whom"), choices=[], validate_choice=False)


class HouseholdForm(Form):
    """The name of a household."""

    name = StringField(_l("Name of the household"), [Length(max=200)])
    seen = HiddenField(default="")

    def show(self, name: str) -> None:
        """Shows the name as it stands."""
        self.name.data, self.seen.data = name, versions.mark(name)


class StandingForm(Form):
    """A change of standing, with its day and its reason."""

    standing = SelectField(_l("Standing"), choices=options(said(rules.STANDINGS)), validate_choice=False)
    on = DateField(_l("Since"), [Optional()])
    reason = StringField(_l("Why"), [Length(max=200)], description=_l("For example: dues for 2027, moved away, signed a card."))
