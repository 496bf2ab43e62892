"""Forms of saved lists; conditions are read from the rows of the page."""


from flask_babel import lazy_gettext as _l
from wtforms import (
    StringField,
)
from wtforms.validators import Length

from crm.infra.web import Form


class SegmentForm(Form):
    """The name of a list; its conditions are read from the rows of the page."""

    name = StringField(_l("Name of the list"), [Length(max=120)])
