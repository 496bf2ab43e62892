"""What somebody read of an outside vote."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, StringField
from wtforms.validators import Length, Optional

from crm.infra.web import Form


class OutsideForm(Form):
    """Day, counts and source."""

    held_on = DateField(_l("Held on"), [Optional()])
    yes = IntegerField(_l("Yes votes"), [Optional()])
    no = IntegerField(_l("No votes"), [Optional()])
    districts = IntegerField(_l("Districts in all"), [Optional()])
    districts_carried = IntegerField(_l("Districts with more yes than no"), [Optional()])
    source = StringField(_l("Source"), [Length(max=500)])
