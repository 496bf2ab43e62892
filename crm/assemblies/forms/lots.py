"""Forms of draws by lot."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from crm.assemblies.forms import LINE, Day, Number, say_choices
from crm.assemblies.rules.lots import METHODS
from crm.infra.web import Form

MOST_OF_A_FILE = 3 * 2**20  # it comes back in the page, and must fit into a form


class FileForm(Form):
    """Lists that come as files or pasted. What a file held stands in the field of the same name when the page comes back."""

    def read_file(self, field: FileField) -> None:
        """Takes the words of a file, if there is one and it holds words."""
        if field.data:
            content = field.data.read(MOST_OF_A_FILE + 1)
            if len(content) > MOST_OF_A_FILE:
                raise ValidationError(_("The file is larger than 3 MB. Leave out the columns that are not needed."))
            try:
                text = content.decode("utf-8-sig")
            except UnicodeDecodeError:
                text = "\0"
            if "\0" in text:
                raise ValidationError(_("This is not a CSV file in UTF-8. In Excel, choose “CSV UTF-8” when you save it."))
            self[field.name.removesuffix("_file")].data = text


class LotForm(FileForm):
    """A pool and its quotas."""

    seats = Number(_l("Seats to draw"))
    method = RadioField(_l("How to draw"), default="exact")
    people_file, quotas_file = FileField(_l("The pool, a CSV file")), FileField(_l("The quotas, a CSV file"))
    people, quotas = TextAreaField(_l("Or paste the pool")), TextAreaField(_l("Or paste the quotas"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.method.choices = say_choices(METHODS)

    validate_people_file = validate_quotas_file = FileForm.read_file


class FreezeForm(Form):
    """Where the seed will come from."""

    source = StringField(_l("Where will the seed come from?"), [LINE])


class SeedForm(Form):
    """The seed, once it is known, and how long the draw may be challenged."""

    seed = StringField(_l("The seed"), [LINE])
    keep_until = Day(_l("The draw may be challenged until"), [Optional()])
