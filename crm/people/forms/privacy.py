"""Forms of privacy: how long things are kept, and the word before an erasure."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired

from crm.infra.web import Form
from crm.people.rules.retention import TIMES


class TimesForm(Form):
    """Days for each kind of thing."""


for _name, _time in TIMES.items():
    setattr(TimesForm, _name, IntegerField(_l(_time.what), validators=[InputRequired(_l("Write a number of days."))]))


class ErasureForm(Form):
    """Nothing brings an erased person back, so it is said twice."""

    is_sure = BooleanField(_l("They asked for this, or we have no reason to keep them. I know that it cannot be undone."),
                           validators=[InputRequired(_l("Tick this if you are sure."))])
