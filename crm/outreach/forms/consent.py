"""Forms of consent: what a person told us, opt-outs that came by another way than text, a mistake of ours."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from crm.infra.web import Form, options
from crm.kernel.languages import LANGUAGES, PAGE_LANGUAGES
from crm.outreach.rules.consent import GIVEN_BY, PURPOSE, PURPOSES, REVOKED_BY, STAFF_GIVEN, STAFF_REVOKED
from crm.outreach.rules.laws import RULES


class ConsentForm(Form):
    """What a person told us about texts."""

    phone_id = SelectField(_l("Phone"), coerce=int)
    kind = RadioField(
        _l("What did they say?"),
        [InputRequired(_l("Choose what they said."))],
        choices=options([("given", _l("They agree to texts")), ("revoked", _l("They want no more texts"))]),
    )
    purpose = SelectField(_l("What they agree to get texts about"), choices=options((key, _l(words)) for key, words in PURPOSES.items()), default=PURPOSE)
    source = SelectField(
        _l("How did they tell us?"),
        choices=options((key, _l((REVOKED_BY | GIVEN_BY)[key])) for key in dict.fromkeys((*STAFF_GIVEN, *STAFF_REVOKED))),
    )
    received_on = DateField(_l("Day on which it reached us"), [Optional()])
    wording = TextAreaField(_l("What they agreed to, in the words they saw or heard"), [Length(max=2000)])
    evidence = StringField(_l("Where this can be looked up"), [Length(max=500)])


class MistakeForm(Form):
    """Why an entry of ours never was."""

    why = StringField(_l("What went wrong"), [InputRequired(_l("Say what went wrong, so that others can follow it.")), Length(max=500)])


class OptOutForm(Form):
    """Somebody wants no more texts and said so by another way than text."""

    phone = StringField(_l("Their phone number"), [Length(max=30)])
    name = StringField(_l("Their name, if you do not know the number"), [Length(max=200)])
    source = SelectField(_l("How did they tell us?"), choices=options((key, _l(REVOKED_BY[key])) for key in STAFF_REVOKED))
    received_on = DateField(_l("Day on which it reached us"), [InputRequired(_l("Write the day on which it reached us."))])
    evidence = StringField(_l("Where this can be looked up"), [Length(max=500)])


class CloseForm(Form):
    """The number of a kept request, or that nobody of ours is meant."""

    phone = StringField(_l("Their phone number"), [Length(max=30)])
    outcome = RadioField(
        _l("Who is it?"), [InputRequired(_l("Choose one."))], default="honored",
        choices=options([("honored", _l("This is their number")), ("not_ours", _l("Nobody with this name is on our lists"))]),
    )


class ExemptionForm(Form):
    """A rule that does not bind the organization, and why."""

    rule = SelectField(_l("Rule"), choices=options([("", _l("Choose a rule")), *((key, _l(words)) for key, words in RULES.items())]))
    reason = TextAreaField(_l("Why it does not bind you"), [Length(max=2000)])


class SignUpForm(Form):
    """Somebody signs up for texts. No box is ticked beforehand; the page puts the words beside them."""

    name = StringField(_l("Your name"), [Length(max=200)])
    phone = StringField(_l("Your phone number"), [Length(max=30)])
    language = SelectField(_l("Language of our texts"), choices=options((tag, LANGUAGES[tag]) for tag in PAGE_LANGUAGES))
    agrees = BooleanField("", default=False)
    may_ask = BooleanField("", default=False)


class FramedSignUpForm(SignUpForm):
    """The same inside a page of the organization's own site, where no cookie comes along: it carries a mark of ours instead."""

    mark = HiddenField()
