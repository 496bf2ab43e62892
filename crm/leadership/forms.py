"""Forms of the leadership room."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DateTimeLocalField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from crm.infra.web import Form
from crm.leadership.rules import LONGEST, RUNGS


def _trim(text: str | None) -> str:
    return " ".join((text or "").split())


def _number(text: str | None) -> int | None:
    return int(text) if text else None


class ConversationForm(Form):
    """A one-on-one that was held, with what it showed and what comes next."""

    held_at = DateTimeLocalField(
        _l("When you talked"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[InputRequired(_l("Choose the day and the time."))],
    )  # fmt: skip
    summary = TextAreaField(
        _l("What you heard"), filters=[lambda text: (text or "").strip()], validators=[Length(max=LONGEST)],
        description=_l("What they care about, in their words. Leave out immigration status, diagnoses and arrests."),
    )  # fmt: skip
    next_step = StringField(_l("Next step"), filters=[_trim], validators=[Length(max=300)])
    follow_up_on = DateField(_l("On"), validators=[Optional()])
    assessment = SelectField(_l("Where they stand now"), coerce=_number, validators=[Optional()], default="")
    rung = SelectField(_l("Rung of the ladder now"), coerce=_number, validators=[Optional()], default="")


class FollowUpForm(Form):
    """What comes next, and when."""

    next_step = StringField(_l("Next step"), filters=[_trim], validators=[Length(max=300)])
    follow_up_on = DateField(_l("On"), validators=[Optional()])


class RungForm(Form):
    """A step up or back."""

    rung = SelectField(_l("Rung"), coerce=_number)
    reason = StringField(
        _l("What shows it"), filters=[_trim], validators=[Length(max=500)],
        description=_l("Like: brought four people, led a meeting. A step back needs a reason."),
    )  # fmt: skip


class AssessmentForm(Form):
    """Where a person stands."""

    assessment = SelectField(_l("Where they stand now"), coerce=_number)


class NamesForm(Form):
    """What the organization calls its five rungs."""

    rung_1 = StringField(_l("First rung"), filters=[_trim], validators=[Length(max=60)])
    rung_2 = StringField(_l("Second rung"), filters=[_trim], validators=[Length(max=60)])
    rung_3 = StringField(_l("Third rung"), filters=[_trim], validators=[Length(max=60)])
    rung_4 = StringField(_l("Fourth rung"), filters=[_trim], validators=[Length(max=60)])
    rung_5 = StringField(_l("Fifth rung"), filters=[_trim], validators=[Length(max=60)])

    def names(self) -> dict[int, str]:
        """The five names by number."""
        return {number: self[f"rung_{number}"].data for number in RUNGS}


class DoneForm(Form):
    """Ticks off a next step."""


