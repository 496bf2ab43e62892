"""The form of a survey: ten places for questions, in both languages."""

from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, StringField, TextAreaField
from wtforms import Form as Part
from wtforms.validators import InputRequired, Length

from crm.evaluation.rules.surveys import MOST_QUESTIONS, Asked
from crm.infra.web import Form
from crm.kernel.refusal import Reason


class QuestionPart(Part):
    """One question and its answers, one a line; without answers, people write what they like."""

    en = TextAreaField(_l("Question in English"), [Length(max=600)])
    es = TextAreaField(_l("Question in Spanish"), [Length(max=600)])
    choices_en = TextAreaField(_l("Answers in English, one a line"), [Length(max=900)])
    choices_es = TextAreaField(_l("Answers in Spanish, one a line"), [Length(max=900)])

    def asked(self) -> Asked:
        """What was typed, as a question."""
        lines = {tag: [line.strip() for line in (self[f"choices_{tag}"].data or "").splitlines() if line.strip()] for tag in ("en", "es")}
        words = {tag: (self[tag].data or "").strip() for tag in ("en", "es")}
        choices = [
            {tag: lines[tag][n] if n < len(lines[tag]) else "" for tag in ("en", "es")} for n in range(max(map(len, lines.values())))
        ]
        return Asked({tag: text for tag, text in words.items() if text}, [{tag: text for tag, text in each.items() if text} for each in choices])


class SurveyForm(Form):
    """A survey."""

    title = StringField(_l("Name of the survey"), [InputRequired(_l("Give the survey a name.")), Length(max=200)])
    questions = FieldList(FormField(QuestionPart), min_entries=MOST_QUESTIONS, max_entries=MOST_QUESTIONS)

    def show(self, title: str, questions: Sequence[Asked]) -> "SurveyForm":
        """Puts what is kept into the boxes."""
        self.title.data = title
        for part, asked in zip(self.questions, questions, strict=False):
            for tag in ("en", "es"):
                part.form[tag].data = asked.words.get(tag, "")
                part.form[f"choices_{tag}"].data = "\n".join(each.get(tag, "") for each in asked.choices)
        return self

    def asked(self) -> list[Asked]:
        """The questions that hold anything, in order."""
        typed = [part.form.asked() for part in self.questions]
        return [each for each in typed if each.words or each.choices]

    def refuse(self, reasons: Iterable[Reason]) -> None:
        """A reason about one question stands at its box as well."""
        reasons = list(reasons)
        super().refuse(reasons)
        filled = [part.form for part in self.questions if part.form.asked().words or part.form.asked().choices]
        for reason in reasons:
            name, _, number = (reason.field or "").partition("-")
            if name == "questions" and number.isdecimal() and int(number) < len(filled):
                box = filled[int(number)].en
                box.errors = [*box.errors, reason]
