"""Forms of accounts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from crm.accounts.rules import Terms, end_of
from crm.infra.web import Form, options
from crm.kernel.permissions import ROLE_MEANS, ROLE_NAMES, TASK_NAMES, Role, Task


class SignInForm(Form):
    email = StringField(_l("E-mail"), [DataRequired(_l("Write your e-mail address."))], render_kw={"autocomplete": "username", "inputmode": "email"})
    password = PasswordField(_l("Password"), [DataRequired(_l("Write your password."))], render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class ConfirmForm(Form):
    """The password once more. Its name is nobody else's, so that it travels with the fields of any form."""

    password = PasswordField(
        _l("Your password"), [DataRequired(_l("Write your password."))], name="said_again", render_kw={"autocomplete": "current-password", "autofocus": True}
    )


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


class TermsForm(Form):
    """What somebody may do, for how long, with whom."""

    role = RadioField(_l("Role"), [DataRequired(_l("Choose a role."))])
    list_id = SelectField(_l("Only the people of this list"), coerce=int, description=_l("For volunteers: whoever is not on the list stays out of sight."))
    task = SelectField(_l("Only for this task"), description=_l("For volunteers: one task opens its own pages and no other."))
    until = DateField(_l("Last day"), [Optional()], description=_l("Empty: no end. After this day nothing opens any more."))

    def offer(self, lists: Mapping[int, str], terms: Terms | None = None, time_zone: str = "UTC") -> "TermsForm":
        """Fills in what may be chosen and, before anything was typed, the present terms."""
        lists = dict(lists)
        if terms and terms.list_id and terms.list_id not in lists:
            lists[terms.list_id] = _("Their present list")
        self.role.choices = options((role.value, f"{_(ROLE_NAMES[role])}. {_(ROLE_MEANS[role])}") for role in Role)
        self.list_id.choices = options([(0, _("Everyone")), *lists.items()])
        self.task.choices = options([("", _("Whatever a volunteer does")), *((task.value, _(words)) for task, words in TASK_NAMES.items())])
        if terms and not self.is_submitted():
            self.role.data, self.list_id.data, self.task.data = terms.role.value, terms.list_id or 0, terms.task or ""
            last = terms.expires_at
            self.until.data = (last.astimezone(ZoneInfo(time_zone)) - timedelta(seconds=1)).date() if last else None
        return self

    def terms(self, time_zone: str) -> Terms:
        """What was chosen."""
        task: Any = self.task.data
        return Terms(Role(self.role.data), end_of(self.until.data, time_zone), self.list_id.data or None, Task(task) if task else None)


class InvitationForm(TermsForm):
    name = StringField(_l("Name"), [DataRequired(_l("Write a name.")), Length(max=200)], render_kw={"autocomplete": "off"})
    email = StringField(_l("E-mail"), [DataRequired(_l("Write an e-mail address.")), Length(max=254)], render_kw={"autocomplete": "off", "inputmode": "email"})


class AcceptForm(Form):
    password = PasswordField(_l("Password"))
