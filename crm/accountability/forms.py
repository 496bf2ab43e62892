"""Forms of accountability. What cannot be read is left to the rules, which say all problems at once."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from crm.accountability.rules.answers import KINDS, LONGEST, LONGEST_NAME, VERDICTS
from crm.accountability.rules.commitments import BASES, ELECTORATES, LEGAL_FORMS, STRICTNESS
from crm.assemblies.forms import Day, Number, say_choices
from crm.infra.web import Form

NAME, LINE, TEXT = Length(max=LONGEST_NAME), Length(max=200), Length(max=LONGEST)


class Typed(Form):
    """A form whose words come without blanks around them."""

    def typed(self) -> dict[str, Any]:
        """What was typed."""
        return {name: value.strip() if isinstance(value, str) else value for name, value in self.values().items()}


class ToTarget(Typed):
    """To whom: a decision-maker by name."""

    target = StringField(
        _l("Decision-maker"), [NAME], description=_l("A body or an official, by name: City Council, Mayor Ortiz"), render_kw={"list": "targets"})
    kind = SelectField(_l("Which is"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = say_choices(KINDS)


class VoteForm(Typed):
    """Which vote a commitment waits for."""

    vote = SelectField(_l("Which vote does it wait for?"), validate_choice=False)


class CommitmentForm(ToTarget):
    """A commitment given before a vote."""

    words = TextAreaField(_l("What they promised, in their own words"), [TEXT], render_kw={"rows": 3})
    legal_form = SelectField(_l("Legal form"))
    signed_on = Day(_l("Given on"), [Optional()])
    document = StringField(_l("Document"), [Length(max=300)], description=_l("Its name and number, or an address on the web"))
    threshold = StringField(_l("Share of yes that binds"), [Length(max=20)], description=_l("A fraction or percent: 4/5, 80 %"))
    strictness = SelectField(_l("The share is met by"))
    basis = SelectField(_l("Share of what"))
    electorate = SelectField(_l("Whose votes"))
    duty = StringField(_l("What they must do when it is met"), [LINE])
    owner = StringField(_l("Who carries it out"), [NAME], description=_l("The office that answers for it"))
    due_days = Number(_l("Within how many days of the close"))
    vote = SelectField(_l("Which vote does it wait for?"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, words in (("legal_form", LEGAL_FORMS), ("strictness", STRICTNESS), ("basis", BASES), ("electorate", ELECTORATES)):
            self[name].choices = say_choices(words)


class RecommendationForm(ToTarget):
    """A recommendation, in one language at least."""

    title_en = StringField(_l("What you recommend, in English"), [LINE])
    title_es = StringField(_l("What you recommend, in Spanish"), [LINE])
    text_en = TextAreaField(_l("More about it, in English"), [TEXT], render_kw={"rows": 3})
    text_es = TextAreaField(_l("More about it, in Spanish"), [TEXT], render_kw={"rows": 3})
    owner = StringField(_l("Who carries it out"), [NAME], description=_l("The office that answers for it, once it is known"))
    delivered_on = Day(_l("Handed over on"), [Optional()], description=_l("Empty until it is: then everyone reads it, and the answer is owed"))
    due_on = Day(_l("Answer owed by"), [Optional()])

    def typed(self) -> dict[str, Any]:
        """What was typed; words in several languages together."""
        found = super().typed()
        words = {name: {tag: said for tag in ("en", "es") if (said := found[f"{name}_{tag}"])} for name in ("title", "text")}
        return found | words


class PlanksForm(ToTarget):
    """Ratified planks brought before a decision-maker."""

    planks = SelectMultipleField(_l("Planks"), coerce=int, validate_choice=False)
    owner = StringField(_l("Who carries it out"), [NAME])
    delivered_on = Day(_l("Handed over on"), [Optional()], description=_l("Empty until it is: then everyone reads it, and the answer is owed"))
    due_on = Day(_l("Answer owed by"), [Optional()])


class DeliveryForm(Typed):
    """When it was handed over, and by when the answer is owed."""

    delivered_on = Day(_l("Handed over on"), [Optional()])
    due_on = Day(_l("Answer owed by"), [Optional()])


class FeedbackForm(Typed):
    """What staff say of a draft."""

    said_by = StringField(_l("Who said it"), [NAME], description=_l("An office, or a name and an office"))
    words = TextAreaField(_l("What they said of the draft"), [TEXT], render_kw={"rows": 3})
    existing = StringField(_l("Which law or program it would repeat"), [Length(max=300)], description=_l("Empty where it is new"))


class ResponseForm(Typed):
    """What a decision-maker answered."""

    verdict = RadioField(_l("What did they answer?"), validate_choice=False)
    reason = TextAreaField(_l("Their reasons, or what they will do"), [TEXT], render_kw={"rows": 3},
                           description=_l("A refusal, whole or in part, needs its reason"))
    answered_by = StringField(_l("Who answered"), [NAME], description=_l("By name or by office"))
    answered_on = Day(_l("On which day"), [Optional()])
    document = StringField(_l("Document"), [Length(max=300)], description=_l("Its name and number, or an address on the web"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.verdict.choices = say_choices(VERDICTS)


class MilestoneForm(Typed):
    """A step with its day."""

    title = StringField(_l("What will have happened"), [LINE])
    due_on = Day(_l("By when"), [Optional()])
