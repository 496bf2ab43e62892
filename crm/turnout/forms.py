"""Forms of turnout."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from crm.infra.web import Form, options
from crm.kernel.languages import LANGUAGES
from crm.turnout import rules
from crm.turnout.rules import Answer, Slot


class Number(IntegerField):
    """A whole number; empty is none, and words instead of digits are told so."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if typed:
            try:
                self.data = int(typed.replace(",", ""))
            except ValueError:
                raise ValueError(_l("Write this as a number.")) from None


def _said(words: dict[str, str]) -> list[Any]:
    """Choices in the page's language."""
    return options((key, _l(text)) for key, text in words.items())


class PledgeForm(Form):
    """How many somebody promises to bring; the convener also says for whom."""

    partner_id = SelectField(_l("Organization"), coerce=int)
    promised = Number(_l("How many people"), render_kw={"inputmode": "numeric", "min": 0})
    lead_name = StringField(_l("Turnout lead"), [Length(max=120)], render_kw={"autocomplete": "off"})

    def __init__(self, partners: Iterable[tuple[int, str]], **kwargs: Any):
        super().__init__(**kwargs)
        self.partner_id.choices = list(partners)


class GoalForm(Form):
    """How many an organization, a unit or an organizer should bring."""

    kind = SelectField(_l("Whose goal"))
    about = SelectField(_l("Organization"), coerce=lambda id: int(id or 0), validate_choice=False)  # what is chosen is checked by the action
    name = StringField(_l("Name of the unit or organizer"), [Length(max=120)], render_kw={"autocomplete": "off", "list": "goal-names"})
    target = Number(_l("Goal"), render_kw={"inputmode": "numeric", "min": 1})

    def __init__(self, partners: Iterable[tuple[int, str]], is_convener: bool, **kwargs: Any):
        super().__init__(**kwargs)
        kinds = [(kind, _l(words)) for kind, words in rules.GOAL_KINDS.items() if is_convener or kind != "organization"]
        self.kind.choices, self.about.choices = options(kinds), list(partners)


class TickForm(Form):
    """One tick or one button: the state it leads to."""

    state = StringField()


class QuickAnswerForm(Form):
    """One button of the call list."""

    word = StringField()


_WORDS = [
    ("confirm", _l("Confirmed: will come")),
    ("yes", _l("Said yes")),
    ("maybe", _l("Maybe")),
    ("no", _l("Can't come")),
    ("no_answer", _l("Nobody answered")),
    ("left_message", _l("Left a message")),
    ("wrong_number", _l("Wrong number")),
    ("", _l("No word on coming, only what they need")),
]


def _how_many(label: Any) -> Number:
    return Number(label, render_kw={"inputmode": "numeric", "min": 0, "max": 99})


class AnswerForm(Form):
    """What somebody said, in full: the word, guests, and what they need; childcare by age, at the hours offered."""

    how = SelectField(_l("How they were asked"), choices=_said(rules.WAYS), default="call")
    word = RadioField(_l("Answer"), choices=options(_WORDS), default="")
    guests = Number(_l("Guests they bring"), render_kw={"inputmode": "numeric", "min": 0, "max": rules.MOST_GUESTS})
    children_baby = _how_many(_l("Children under 3"))
    children_small = _how_many(_l("Children from 3 to 5"))
    children_school = _how_many(_l("Children of 6 and older"))
    children_unknown = _how_many(_l("Children whose age is not known"))
    care_hours = SelectMultipleField(_l("Hours of childcare"))
    interpretation = _how_many(_l("People who need interpretation"))
    ride = _how_many(_l("Seats in a ride"))
    access = _how_many(_l("People with access needs"))
    meal = _how_many(_l("Special meals"))
    stipend = _how_many(_l("People who lose wages"))
    interpretation_detail = StringField(_l("Which language"), [Length(max=200)])
    ride_detail = StringField(_l("Where the ride begins"), [Length(max=200)])
    detail = StringField(_l("Anything to know"), [Length(max=200)])

    def __init__(self, slots: Sequence[Slot], words: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(**kwargs)
        self.slots, self.care_hours.choices = slots, options(words)

    def show(self, supports: Mapping[str, Any]) -> "AnswerForm":
        """Fills in what was asked for before."""
        for kind, row in supports.items():
            if kind == "childcare":
                for group, n in rules.children_by_age([(row.quantity, row.detail, row.children)]).items():
                    self[f"children_{group}"].data = n
                self.care_hours.data = [slot.key for slot in self.slots if slot.is_in(row.hours or [])]
            elif kind in self:
                self[kind].data = row.quantity
            if f"{kind}_detail" in self:
                self[f"{kind}_detail"].data = row.detail
        return self

    def answer(self) -> Answer:
        """What was typed, as an answer; a support left empty is left as it is, and a no needs nothing."""
        if self.word.data in ("no", "maybe"):
            return Answer(self.word.data)
        supports = {kind: self[kind].data for kind in rules.SUPPORTS if kind in self and self[kind].data is not None}
        counts = {group: self[f"children_{group}"].data for group in rules.AGE_GROUPS}
        children = None
        if any(n is not None for n in counts.values()):
            children = {group: n for group, n in counts.items() if n}
            supports["childcare"] = sum(children.values())
        word = self.word.data if self.word.data in rules.ANSWER_OF.values() else None
        details = {kind: self[f"{kind}_detail"].data.strip() for kind in rules.ASKS if f"{kind}_detail" in self and self[f"{kind}_detail"].data}
        hours = rules.hours_of(self.care_hours.data or (), self.slots)
        return Answer(word, self.guests.data, supports, self.detail.data or "", details, children, hours if supports.get("childcare") or hours else None)


class MemberAnswerForm(AnswerForm):
    """The member's own answer, on their own page; stipends are asked for in a conversation."""

    how = None
    word = StringField()
    children_baby = _how_many(_l("Childcare: children under 3"))
    children_small = _how_many(_l("Childcare: children from 3 to 5"))
    children_school = _how_many(_l("Childcare: children of 6 and older"))
    children_unknown = _how_many(_l("Childcare: children whose age you have not told us"))
    care_hours = SelectMultipleField(_l("When do you need childcare?"))
    interpretation = _how_many(_l("Interpretation: for how many"))
    ride = _how_many(_l("A ride: how many seats"))
    access = _how_many(_l("Step-free seats or other access: for how many"))
    meal = _how_many(_l("Special meals: how many"))
    guests = Number(_l("How many people come with you"), render_kw={"inputmode": "numeric", "min": 0, "max": rules.MOST_GUESTS})
    detail = StringField(_l("Anything else we should know"), [Length(max=200)])


class DoorLinkForm(Form):
    """A new link: what it opens, of which session, which entrance, for how long."""

    kind = RadioField(_l("What the link opens"), choices=_said(rules.DOOR_KINDS), default="door")
    session_id = SelectField(_l("Session"), coerce=int)
    name = StringField(_l("Name of the entrance"), [Length(max=80)], render_kw={"autocomplete": "off"})
    hours = SelectField(
        _l("The link ends"),
        coerce=int,
        default=24,
        choices=options([
            (4, _l("in 4 hours")),
            (12, _l("in 12 hours")),
            (24, _l("tomorrow at this time")),
            (72, _l("in 3 days")),
            (168, _l("in 7 days")),
            (336, _l("in 14 days")),
        ]),
    )


class HelperForm(Form):
    """Somebody on the plan of the day."""

    helps = SelectField(_l("What they do"), choices=_said(rules.SUPPORTS))
    name = StringField(_l("Who"), [Length(max=120)], render_kw={"autocomplete": "off"})
    places = Number(_l("For how many"), render_kw={"inputmode": "numeric", "min": 1})
    detail = StringField(_l("With what: a language, a route, ages"), [Length(max=200)])
    at = SelectField(_l("When"), default="0")

    def __init__(self, sittings: Iterable[tuple[int, str]], slots: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(**kwargs)
        self.at.choices = options([("0", _l("The whole day")), *((str(id), words) for id, words in sittings), *slots])


class CareForm(Form):
    """How childcare is counted: children to a carer by age, and the length of a slot."""

    baby = Number(_l("Children under 3 to one carer"))
    small = Number(_l("Children from 3 to 5 to one carer"))
    school = Number(_l("Children of 6 and older to one carer"))
    unknown = Number(_l("Children whose age is not known to one carer"))
    minutes = Number(_l("A slot lasts at most, in minutes"))

    def ratios(self) -> dict[str, int | None]:
        """Children to a carer, by age group."""
        return {group: self[group].data for group in rules.AGE_GROUPS}


class PlanForm(Form):
    """Who takes a wish, or what a stipend comes to."""

    helper_id = SelectField(coerce=lambda id: int(id or 0), validate_choice=False)
    amount = DecimalField(_l("Amount in dollars"), [Optional(), NumberRange(min=0.01, max=10_000)])

    def cents(self) -> int | None:
        return None if self.amount.data is None else int(round(self.amount.data * 100))


class DoorNeedForm(Form):
    """What somebody at the door says they need."""

    q = StringField()
    rsvp_id = IntegerField()
    kind = SelectField(_l("Need"), choices=_said(rules.SUPPORTS))
    quantity = Number(_l("How many"))
    detail = StringField(_l("Which language, which ages, anything to know"), [Length(max=200)])
    care_hours = SelectMultipleField(_l("Hours of childcare"))

    def __init__(self, words: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(**kwargs)
        self.care_hours.choices = options(words)


class TapForm(Form):
    """One check-in or its undoing, without JavaScript; `q` leads back to the same search."""

    q = StringField()
    rsvp_id = IntegerField()
    seat_id = IntegerField()
    guests = Number()
    attendance_id = IntegerField()


class KioskForm(Form):
    """One's own check-in, by the code of one's pass."""

    code = StringField(_l("Your code"), [Length(max=40)], render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})


class WalkInForm(Form):
    """Somebody who is not on the list. The number is kept only with the ticked sentence beside it."""

    name = StringField(_l("Name"), [Length(max=200)], render_kw={"autocomplete": "off", "autocapitalize": "words"})
    partner_id = SelectField(_l("Came with"), coerce=int)
    language = SelectField(_l("Language"), choices=options(LANGUAGES.items()))
    phone = StringField(_l("Phone (optional)"), render_kw={"inputmode": "tel", "autocomplete": "off"})
    has_consented = BooleanField(_l(rules.CONSENT_WORDING), default=False)
    needs = TextAreaField(_l("Needs (optional)"), [Length(max=500)], render_kw={"rows": 2})


class Clock(TimeField):
    """A time of day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([text for text in valuelist if text])
        except ValueError:
            raise ValueError(_l("Write the time like 17:30.")) from None


class ReminderForm(Form):
    """One text of an assembly's series: whether it goes, to whom, when, and in which words."""

    is_on = BooleanField(_l("Send this text"))
    audience = SelectField(_l("Who gets it"))
    days = SelectField(_l("Day"), coerce=int)
    at = Clock(_l("Time"), [InputRequired(_l("Write the time like 17:30."))])
    body_en = TextAreaField(_l("In English"), [Length(max=1600)])
    body_es = TextAreaField(_l("In Spanish"), [Length(max=1600)])

    def offer(self, audiences: Iterable[tuple[str, str]], days: Iterable[tuple[int, str]]) -> "ReminderForm":
        """Fills the lists of the assembly and the days around it."""
        self.audience.choices, self.days.choices = options(audiences), options(days)
        return self


class SeenForm(Form):
    """Agrees to a text as it was looked over."""

    seen = HiddenField()
