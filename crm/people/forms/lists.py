"""Forms of saved lists; conditions are read from the rows of the page."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length

from crm.infra.web import Form
from crm.people import rules


class SegmentForm(Form):
    """The name of a list and whose it is; its conditions are read from the lines of the page."""

    name = StringField(_l("Name of the list"), [Length(max=120)])
    is_shared = BooleanField(_l("Everyone in the organization may use it"), default=True)


class RowForm(Form):
    """What may be changed in the row of a list."""

    standing = SelectField(_l("Standing"))
    assessment = SelectField(_l("Assessment"))
    tag = StringField(_l("Add a tag"), [Length(max=80)])
    note = StringField(_l("Add a note"), [Length(max=2000)])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.standing.choices = [(value, _(words)) for value, words in rules.STANDINGS.items()]
        self.assessment.choices = [("", _("None")), *((str(n), str(n)) for n in range(1, 6))]


class BulkForm(Form):
    """One change to everyone in a list."""

    kind = RadioField(_l("What should change"), choices=[("tag", _l("Add a tag")), ("untag", _l("Take a tag off")), ("standing", _l("Set the standing"))])
    tag = StringField(_l("Tag"), [Length(max=80)])
    standing = SelectField(_l("Standing"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.standing.choices = [(value, _(words)) for value, words in rules.STANDINGS.items()]

    @property
    def value(self) -> str:
        """What the change puts there or takes off."""
        return (self.standing.data if self.kind.data == "standing" else self.tag.data) or ""


class ExportForm(Form):
    """A list as a file: which columns, what for."""

    columns = SelectMultipleField(_l("Columns"), validate_choice=False)
    format = RadioField(_l("Kind of file"), choices=[("csv", _l("CSV, for any program")), ("xlsx", _l("Excel (XLSX)"))], default="csv")
    reason = StringField(_l("What the list is for"), [Length(max=200)])


class PrintForm(Form):
    """A list on paper."""

    kind = RadioField(
        _l("What to print"),
        choices=[
            ("calls", _l("Call sheet: people with their numbers, and room for what they say")),
            ("labels", _l("Address labels: 30 on a sheet, Avery 5160")),
        ],
        default="calls",
    )
