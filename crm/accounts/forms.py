"""Forms of accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from crm.infra.web import Form


class SignInForm(Form):
    email = StringField(_l("E-mail"), [DataRequired(_l("Write your e-mail address."))], render_kw={"autocomplete": "username", "inputmode": "email"})
    password = PasswordField(_l("Password"), [DataRequired(_l("Write your password."))], render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class SignOutForm(Form):
    """Nothing but the token."""


class ActingForm(Form):
    grant_id = IntegerField(validators=[DataRequired()])


class LanguageForm(Form):
    language = StringField(validators=[DataRequired(), Length(max=12)])
    next = HiddenField()


class PasswordForm(Form):
    old = PasswordField(_l("Present password"), [DataRequired(_l("Write your present password."))], render_kw={"autocomplete": "current-password"})
    password = PasswordField(_l("New password"), [DataRequired(_l("Write a new password."))], render_kw={"autocomplete": "new-password"})
