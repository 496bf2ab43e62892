"""Forms of imports: the file, and what its columns are."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    FieldList,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from crm.infra.look import say
from crm.infra.web import Form, options
from crm.kernel.refusal import Refused
from crm.people import rules
from crm.people.providers import Sheet, read_sheet


class ImportForm(Form):
    """A spreadsheet to bring in; it is read and checked here, before anything is written."""

    file = FileField(_l("Spreadsheet"), [FileRequired(_l("Choose a file first."))])
    sheet: Sheet
    content: bytes

    def validate_file(self, field: FileField) -> None:
        """All that is wrong with the file as a whole."""
        self.content = field.data.read()
        try:
            self.sheet = read_sheet(self.content)
        except Refused as refused:
            raise ValidationError(" ".join(map(say, refused.reasons))) from None


class AnswerForm(Form):
    """Who a row is that fits several people."""

    row = IntegerField("", [InputRequired()])
    answer = StringField("", [InputRequired(_l("Choose one of the people, someone new, or leave the row out."))])


class ColumnsForm(Form):
    """What the columns are, and what happens to people who are already here."""

    fields = FieldList(SelectField("", choices=options((key, _l(label)) for key, label in rules.FIELDS.items())))
    existing = RadioField(
        _l("When someone is already here"),
        default="fill",
        choices=options([
            ("fill", _l("Fill in what is blank; what we have stays")),
            ("replace", _l("The spreadsheet is right: replace what differs")),
            ("leave", _l("Leave them exactly as they are")),
        ]),
    )
    country = SelectField(
        _l("Phone numbers without a country code are from"),
        default="US",
        choices=options([
            ("US", _l("United States, Canada")),
            ("MX", _l("Mexico")),
            ("PR", _l("Puerto Rico")),
            ("GB", _l("United Kingdom")),
        ]),
    )
    tags = StringField(_l("Tag everyone in this file"), [Length(max=200)])
    source = StringField(_l("Where these people come from"), [Length(max=200)])
    dates = RadioField(
        _l("In dates such as 3/4/2026"),
        [Optional()],
        choices=options([("month", _l("the month comes first: March 4")), ("day", _l("the day comes first: April 3"))]),
    )
    sheet = SelectField(_l("Sheet"), choices=[], validate_choice=False)
    encoding = SelectField(_l("Letters of the file"), choices=[], validate_choice=False)

    def choices(self) -> dict[str, Any]:
        """What holds for all rows, as actions.choose_columns takes it."""
        tags = [tag.strip() for tag in (self.tags.data or "").split(",") if tag.strip()]
        return {
            "existing": self.existing.data,
            "country": self.country.data,
            "tags": tags,
            "source": (self.source.data or "").strip(),
            "dates": self.dates.data or "",
        }
