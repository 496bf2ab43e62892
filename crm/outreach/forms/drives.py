"""Forms of texting drives: setting one up, its questions, its volunteers."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms import Form as Part
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from crm.infra.look import clock_time
from crm.infra.web import Form, options
from crm.kernel.refusal import Reason
from crm.outreach.rules.drives import MOST_ANSWERS, OUTCOMES, Branch, Question
from crm.outreach.rules.replies.threads import NEEDS


class DriveForm(Form):
    """Whom a drive texts, its first text, its hours and batches."""

    name = StringField(_l("What you call it"), [InputRequired(_l("Give it a name, so that others find it.")), Length(max=200)])
    audience = SelectField(_l("Who gets it"), validate_choice=False)
    body_en = TextAreaField(_l("In English"), [Length(max=1600)])
    body_es = TextAreaField(_l("In Spanish"), [Length(max=1600)])
    opens_hour = SelectField(_l("Opens at"), coerce=int, default=10)
    closes_hour = SelectField(_l("Closes at"), coerce=int, default=20)
    batch_new = IntegerField(_l("People at once, for a new volunteer"), [NumberRange(1, 100)], default=10)
    batch_vetted = IntegerField(_l("People at once, for a volunteer you know"), [NumberRange(1, 500)], default=50)
    most_a_day = IntegerField(_l("People one volunteer may see in a day"), [NumberRange(1, 2000)], default=200)

    def offer(self, audiences: list[tuple[str, str]], today: datetime) -> "DriveForm":
        """Fills the choices."""
        self.audience.choices = [("", _l("Choose a list")), *audiences]
        hours = [(h, clock_time(datetime.combine(today.date(), time(h), today.tzinfo))) for h in range(9, 21)]
        self.opens_hour.choices, self.closes_hour.choices = hours[:-1], hours[1:]
        return self

    @property
    def bodies(self) -> dict[str, str]:
        return {"en": self.body_en.data or "", "es": self.body_es.data or ""}


class BranchForm(Part):
    """One answer to a question."""

    key = HiddenField()
    label_en = StringField(_l("Button in English"), [Length(max=60)])
    label_es = StringField(_l("Button in Spanish"), [Length(max=60)])
    say_en = TextAreaField(_l("What is sent then, in English"), [Length(max=1000)])
    say_es = TextAreaField(_l("What is sent then, in Spanish"), [Length(max=1000)])
    outcome = SelectField(_l("What is written down"), validate_choice=False)
    tag = StringField(_l("Tag"), [Length(max=60)])
    then = SelectField(_l("Next question"), validate_choice=False)


class QuestionForm(Form):
    """One question of the script with its answers; an answer without a word on its button is left out."""

    name = StringField(_l("The question, in a few words"), [Length(max=120)])
    ask_en = TextAreaField(_l("What is asked, in English"), [Length(max=1000)])
    ask_es = TextAreaField(_l("What is asked, in Spanish"), [Length(max=1000)])
    answers = FieldList(FormField(BranchForm), min_entries=MOST_ANSWERS, max_entries=MOST_ANSWERS)

    def offer(self, others: Iterable[Question]) -> "QuestionForm":
        """Fills the choices of every answer."""
        outcomes = [(key, _(words, what=_(NEEDS.get(key.partition(":")[2], "")) if ":" in key else "")) for key, words in OUTCOMES.items()]
        for part in self.answers:
            part.form.outcome.choices = options(outcomes)
            part.form.then.choices = [("", _l("None: this ends it")), *((one.key, one.name) for one in others)]
        return self

    def show(self, question: Question) -> None:
        """Puts a question into the boxes."""
        self.name.data, self.ask_en.data, self.ask_es.data = question.name, question.ask.get("en", ""), question.ask.get("es", "")
        for part, branch in zip(self.answers, question.answers, strict=False):
            form = part.form
            form.key.data, form.outcome.data, form.tag.data, form.then.data = branch.key, branch.outcome, branch.tag, branch.then
            form.label_en.data, form.label_es.data = branch.label.get("en", ""), branch.label.get("es", "")
            form.say_en.data, form.say_es.data = branch.say.get("en", ""), branch.say.get("es", "")

    def question(self, key: str) -> Question:
        """The question as it was typed; answers keep their keys, new ones get the first that is free."""
        typed = [part.form for part in self.answers]
        kept = [form for form in typed if any((form.label_en.data, form.label_es.data, form.say_en.data, form.say_es.data, form.tag.data, form.outcome.data))]
        free = (f"a{n}" for n in range(1, 100) if f"a{n}" not in {form.key.data for form in kept})
        return Question(key, (self.name.data or "").strip(), _both(self.ask_en, self.ask_es), tuple(
            Branch(form.key.data or next(free), _both(form.label_en, form.label_es), _both(form.say_en, form.say_es), form.outcome.data or "",
                   (form.tag.data or "").strip(), form.then.data or "") for form in kept))

    def refuse(self, reasons: Iterable[Reason]) -> None:
        """A reason about a box inside an answer stands at that box as well."""
        reasons = list(reasons)
        super().refuse(reasons)
        for reason in reasons:
            name, _dash, rest = (reason.field or "").partition("-")
            number, _dash, box = rest.partition("-")
            if name == "answers" and number.isdecimal() and (about := self.answers[int(number)].form._fields.get(box)):
                about.errors = [*about.errors, reason]


def _both(en: Any, es: Any) -> dict[str, str]:
    return {tag: box.data.strip() for tag, box in (("en", en), ("es", es)) if (box.data or "").strip()}


class TextersForm(Form):
    """Volunteers by name, one on each line."""

    names = TextAreaField(_l("Names of the volunteers, one on each line"), [Length(max=4000)])
    is_vetted = BooleanField(_l("I know them: larger batches"))


class VettingForm(Form):
    """Whether a volunteer is known."""

    is_vetted = IntegerField(_l("Known"), [Optional()])
