"""Forms of the platforms room. Fields that come once per language are made for the platform's languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from crm.infra.web import Form, options
from crm.kernel.languages import LANGUAGES
from crm.platforms.rules import ADVICE, STANCES

LONG = Length(max=12_000, message=_l("Shorten this to 12,000 letters."))
LINE = Length(max=200, message=_l("Shorten this to 200 letters."))


class ButtonForm(Form):
    """One button, whose value is the word for what it does."""

    verb = StringField()


class _ByLanguage(Form):
    """A form with `<name>_<language>` fields."""

    def by_language(self, name: str) -> dict[str, str]:
        """What was typed in the fields of that name, by language."""
        return {tag: self[f"{name}_{tag}"].data or "" for tag in LANGUAGES if f"{name}_{tag}" in self}

    def fill(self, name: str, words: dict[str, str]) -> None:
        """Writes words by language into the fields of that name."""
        for tag, said in words.items():
            if f"{name}_{tag}" in self:
                self[f"{name}_{tag}"].data = said


class HeadingForm(_ByLanguage):
    """What a platform is called, in which languages, until when amendments are taken."""

    languages = SelectMultipleField(_l("Languages"), choices=options(LANGUAGES.items()))
    authentic_language = SelectField(
        _l("Authentic text"), choices=options(LANGUAGES.items()),
        description=_l("If the languages ever differ, this one counts."),
    )
    deadline_at = DateTimeLocalField(_l("Amendments close"), [Optional()])
    proposals_until = DateTimeLocalField(
        _l("Proposals close"), [Optional()], description=_l("Proposals come before amendments. Empty: as long as the text is being written.")
    )
    least_supporters = IntegerField(
        _l("Supporting organizations an amendment needs"), [Optional(), NumberRange(0, 99, _l("Write a number from 0 to 99."))], default=0,
        description=_l("Besides the one that moves it, before it is considered."),
    )
    assembly_id = SelectField(_l("Assembly"), [Optional()], coerce=lambda value: int(value) if value else None)
    share_needed = IntegerField(
        _l("Organizations needed, in percent"),
        [InputRequired(_l("Write a number from 1 to 100.")), NumberRange(1, 100, _l("Write a number from 1 to 100."))],
        default=75, description=_l("Of those that do not stand aside."),
    )
    version = IntegerField(widget=HiddenInput(), default=0)


for _tag, _name in LANGUAGES.items():
    setattr(HeadingForm, f"title_{_tag}", StringField(_l("Title (%(language)s)", language=_name), [LINE]))
    setattr(
        HeadingForm, f"intro_{_tag}", TextAreaField(_l("First words (%(language)s)", language=_name), [LONG])
    )


class _PlankForm(_ByLanguage):
    reason = StringField(_l("Why this change"), [LONG], description=_l("Shown in the history of the plank."))
    is_same_meaning = BooleanField(_l("The meaning stays the same, so the other languages need no change"))
    is_draft = BooleanField(_l("Keep it as a draft for now, outside the text"))
    version = IntegerField(widget=HiddenInput(), default=0)


class _AmendmentForm(_ByLanguage):
    reason = TextAreaField(_l("Why"), [LONG], description=_l("One or two sentences. Everyone reads them."))
    moved_by = StringField(_l("Moved by"), [LINE], description=_l("A name, a table or a committee."))
    supporters = StringField(_l("Supported by"), [Length(max=400, message=_l("Shorten this to 400 letters."))])
    kind = HiddenField()
    plank_id = IntegerField(widget=HiddenInput(), validators=[Optional()])
    parent_id = IntegerField(widget=HiddenInput(), validators=[Optional()])
    base_version = IntegerField(widget=HiddenInput(), default=0)


def plank_form(languages: Iterable[str], **values: Any) -> _PlankForm:
    """The form of a plank in these languages."""
    return _in_languages(_PlankForm, languages)(**values)


def amendment_form(languages: Iterable[str], **values: Any) -> _AmendmentForm:
    """The form of an amendment in these languages."""
    return _in_languages(_AmendmentForm, languages)(**values)


def _in_languages(form: type[_ByLanguage], languages: Iterable[str]) -> type:
    fields = {}
    for tag in languages:
        name = LANGUAGES.get(tag, tag)
        fields[f"section_{tag}"] = StringField(_l("Section (%(language)s)", language=name), [LINE])
        fields[f"title_{tag}"] = StringField(_l("Title (%(language)s)", language=name), [LINE])
        fields[f"text_{tag}"] = TextAreaField(_l("Text (%(language)s)", language=name), [LONG])
    return type(form.__name__, (form,), fields)


class DecisionForm(Form):
    """Adopt or refuse, and why."""

    verb = RadioField(
        _l("Decision"), [InputRequired(_l("Choose adopt or refuse."))],
        choices=options([("adopt", _l("Adopt")), ("refuse", _l("Refuse"))]),
    )
    reason = TextAreaField(_l("Reason"), [DataRequired(_l("Write the reason.")), LONG])


class CommentForm(Form):
    words = TextAreaField(_l("Comment"), [DataRequired(_l("Write a comment first.")), LONG])
    reply_to = IntegerField(widget=HiddenInput(), validators=[Optional()])


class ModerationForm(Form):
    """Report a comment, hide it or show it again, and why."""

    verb = StringField()
    words = StringField(_l("Why"), [LONG])


class RecommendationForm(Form):
    advice = RadioField(_l("The committee recommends"), [Optional()], choices=options((key, _l(word)) for key, word in ADVICE.items()))
    advised = TextAreaField(_l("In the committee's words"), [LONG])
    committee = StringField(_l("Committee"), [LINE])


class ConsentForm(Form):
    """Where it was decided to adopt amendments together; which ones, stands in the form as it was shown."""

    reason = TextAreaField(_l("Where this was decided"), [LONG], description=_l("For instance: read out at the plenary on Saturday, nobody objected."))
    mark = HiddenField()


class ProposalForm(Form):
    """What somebody asks the platform to say."""

    language = SelectField(_l("Language"))
    title = StringField(_l("What should be demanded, in one line"), [LINE])
    text = TextAreaField(_l("The demand"), [Length(max=6_000, message=_l("Shorten this to 6,000 letters."))])
    reason = TextAreaField(_l("Why it matters"), [Length(max=6_000, message=_l("Shorten this to 6,000 letters."))])
    origin = StringField(_l("Where it comes from"), [LINE], description=_l("A block, a table, a church, a shift. Not a person's name."))


class AnswerForm(Form):
    """What becomes of a proposal."""

    verb = RadioField(
        _l("What becomes of it"), [InputRequired(_l("Choose what becomes of it."))],
        choices=options([("take", _l("Take it up")), ("set_aside", _l("Set it aside"))]),
    )
    into = SelectField(_l("It goes into"), [Optional()])
    answer = TextAreaField(_l("Answer"), [LONG], description=_l("Whoever sent it reads this. Needed when it is set aside."))


class ProcessForm(Form):
    words = TextAreaField(_l("How we decide"), [LONG], description=_l("For instance: the board prepares, the members' meeting decides."))
    decides_on = DateField(_l("Day of the decision"), [Optional()])
    account_id = SelectField(_l("Who states our position"), coerce=int, default=0)

    def offer(self, leaders: Mapping[int, str]) -> "ProcessForm":
        """Anyone who leads the organization, or one of them."""
        self.account_id.choices = options([(0, gettext("anyone who leads our organization")), *leaders.items()])
        return self


class EndorsementForm(Form):
    """What somebody types who stands behind a ratified platform."""

    kind = RadioField(
        _l("Who signs"), [InputRequired(_l("Choose who signs."))], default="person",
        choices=options([("person", _l("I sign for myself")), ("organization", _l("I sign for an organization"))]),
    )
    phone = StringField(_l("Phone"), [Length(max=40)])
    is_named = BooleanField(_l("My name may be shown on the public page"))
    name = StringField(_l("Name to show"), [LINE], description=_l("Your own if you ticked the box, or the organization's."))
    spoken_by = StringField(_l("For an organization: who speaks for it, and how to reach them"), [LINE])


class EditionForm(Form):
    note = StringField(_l("Note"), [LINE], description=_l("For instance: as it goes to the vote."))
    is_whole = BooleanField(_l("Voted on as a whole: one yes or no for the entire text"))


class PublicationForm(Form):
    slug = StringField(_l("Address"), [DataRequired(_l("Write an address, like homes-2026.")), Length(max=80)])


class _PositionForm(Form):
    decided_by = StringField(_l("Who decided it"), [LINE], description=_l("For instance: the members' meeting, the board, the delegates."))
    decided_on = DateField(_l("Decided on"), [Optional()])


def position_form(plank_ids: Iterable[int], **values: Any) -> Form:
    """One answer for each plank: stance_<id>, words_<id>, until_<id>."""
    choices = [(stance, _l(word)) for stance, word in STANCES.items()]
    fields: dict[str, Any] = {}
    for plank in plank_ids:
        fields[f"stance_{plank}"] = RadioField(_l("Position"), [Optional()], choices=options(choices))
        fields[f"words_{plank}"] = TextAreaField(_l("In your words"), [LONG])
        fields[f"until_{plank}"] = DateField(_l("Pending until"), [Optional()])
    return type("PositionForm", (_PositionForm,), fields)(**values)
