"""Form of what ends a vote, or lets a held one go on."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from crm.infra.web import Form


class ClosingForm(Form):
    """Why a vote closes before its hour; and how many papers the sheets say were handed out, for one that goes on after a backup was put back."""

    reason = TextAreaField(_l("Reason, if you close it before its hour"), [Length(max=1000)])
    sheets = IntegerField(_l("Papers that were handed out, by the sheets"), [Optional(), NumberRange(0, 1_000_000)])
