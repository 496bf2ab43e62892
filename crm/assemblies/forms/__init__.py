"""Forms of assemblies. Numbers and dates that cannot be read are left to the rules, which say all problems at once."""

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import Length, Optional
from wtforms.widgets import TextInput

from crm.assemblies.rules.kinds import CHOICES, QUESTIONS
from crm.assemblies.rules.states import ASKED_TO_LEAVE
from crm.assemblies.rules.words import (
    COMMITTEES,
    CONSIDERATIONS,
    CONTROLS,
    ITEMS,
    POWERS,
    ROLES,
    SELECTIONS,
    SIDES,
    STAGES,
)
from crm.infra.web import Form, options
from crm.kernel.languages import LANGUAGES
from crm.kernel.refusal import Reason
from crm.kernel.zones import ZONES

SHORT, LINE, TEXT = Length(max=120), Length(max=300), Length(max=5000)


class Number(IntegerField):
    """A number; one that cannot be read becomes -1, which every rule refuses in its own words, and stays as typed."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = "".join(valuelist).replace(",", "").replace(".", "").strip()
        self.data = (int(typed) if typed.isascii() and typed.isdigit() else -1) if typed else None


class Day(DateField):
    """A date; one that cannot be read is missing, and the rules say so."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


class Clock(TimeField):
    """A time of day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([text for text in valuelist if text])
        except ValueError:
            raise ValueError(_("Write a time like 10:00.")) from None


class CheckedForm(Form):
    """A form that also asks a pure rule, so that its fields and the rule speak at once."""

    rule: Callable[[], Iterable[Reason]] = staticmethod(tuple)

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = super().validate(extra_validators)
        self.refuse([reason for reason in self.rule() if not reason.field or reason.field not in self.errors])
        return is_fine and not self.refusals


def say_choices(words: dict[str, str]) -> list[tuple[str, str]]:
    """Choices in the page's language."""
    return [(key, _(text)) for key, text in words.items()]


def choose_zone(field: SelectField, *own: str) -> None:
    """Zones to choose from: the organization's and the assembly's first."""
    field.choices = [(zone, zone.replace("_", " ")) for zone in dict.fromkeys([*filter(None, own), *ZONES])]


class NamedForm(CheckedForm):
    """The name and the question, in both languages."""

    title_en = StringField(_l("Name in English"), [SHORT])
    title_es = StringField(_l("Name in Spanish"), [SHORT])
    question_en = TextAreaField(_l("Question in English"), [LINE])
    question_es = TextAreaField(_l("Question in Spanish"), [LINE])
    day = Day(_l("Day of the assembly"), [Optional()])
    goal = Number(_l("How many people should be in the room"))
    scope = StringField(_l("Who it is for"), [Length(max=200)], description=_l("A city, a district, a group of people"))
    time_zone = SelectField(_l("Time zone"))


class PlanForm(NamedForm):
    """What a person is asked to start an assembly from a playbook."""

    starts = Clock(_l("Starts at"), [Optional()])
    place = StringField(_l("Place"), [Length(max=200)])
    address = StringField(_l("Address"), [LINE])
    capacity = Number(_l("The room holds"))
    languages = SelectMultipleField(_l("Languages in the room"), choices=options(LANGUAGES.items()), default=["en", "es"])
    partners = SelectMultipleField(_l("Partners to invite"), coerce=int)


class AssemblyForm(NamedForm):
    """An assembly's facts."""

    selection = SelectField(_l("How participants are chosen"))
    controls = SelectMultipleField(_l("What participants may do"))
    policy_stage = SelectField(_l("Stage of the policy process"))
    governing_power_now = SelectField(_l("Governing power today"))
    governing_power_aim = SelectField(_l("Governing power aimed at"))
    evidence = StringField(
        _l("Why do you say so?"), [Length(max=500)], description=_l("A vote, a letter, a law: kept with the date")
    )
    version = HiddenField()

    def __init__(self, *args: Any, zone: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_zone(self.time_zone, zone)
        self.selection.choices, self.controls.choices = say_choices(SELECTIONS), say_choices(CONTROLS)
        self.policy_stage.choices = say_choices(STAGES)
        self.governing_power_now.choices = self.governing_power_aim.choices = say_choices(POWERS)


class StateForm(Form):
    """Where an assembly goes next; cancelling asks why."""

    because = TextAreaField(_l("Why is it cancelled?"), [LINE])


class SessionForm(CheckedForm):
    """A session."""

    title_en = StringField(_l("Name in English"), [SHORT])
    title_es = StringField(_l("Name in Spanish"), [SHORT])
    day = Day(_l("Day"), [Optional()])
    starts = Clock(_l("Starts at"), [Optional()])
    ends = Clock(_l("Ends at"), [Optional()], description=_l("An end before the start means the next morning"))
    place = StringField(_l("Place"), [Length(max=200)])
    address = StringField(_l("Address"), [LINE])
    room_notes = TextAreaField(_l("Notes about the room"), [TEXT], description=_l("Entrance, step-free way, parking"))
    online = StringField(_l("Link for taking part from afar"), [LINE], description=_l(
        "Everyone who opens the public page sees it. Members have it on their own page and in their own calendar file, not in the public one."))
    capacity = Number(_l("The room holds"))
    languages = SelectMultipleField(_l("Languages in the room"), choices=options(LANGUAGES.items()), default=["en", "es"])
    closed_to = SelectMultipleField(
        _l("Asked to leave"), choices=options((role, _l(ROLES[role])) for role in ASKED_TO_LEAVE),
        description=_l("Its notes are closed to their organizations"))


class ItemForm(CheckedForm):
    """A stretch of an agenda."""

    title_en = StringField(_l("What happens, in English"), [SHORT])
    title_es = StringField(_l("What happens, in Spanish"), [SHORT])
    detail_en = StringField(_l("One line more, in English"), [LINE])
    detail_es = StringField(_l("One line more, in Spanish"), [LINE])
    minutes = Number(_l("Minutes"))
    kind = SelectField(_l("Kind of time"))
    lead = StringField(_l("Who leads it"), [SHORT])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = say_choices(ITEMS)


class InviteForm(Form):
    """Organizations of the coalition to invite."""

    partners = SelectMultipleField(_l("Partners to invite"), coerce=int)


class AnswerForm(Form):
    """A partner's answer to its invitation."""

    answer = RadioField(
        _l("Will you bring people?"), choices=options([("accepted", _l("Yes, we are in")), ("declined", _l("Not this time"))])
    )
    lead_name = StringField(
        _l("Turnout lead"), [SHORT], description=_l("Partners see this name. Leave it empty if you prefer.")
    )


class LeadForm(Form):
    """A partner's turnout lead and role, as the convener notes them."""

    lead_name = StringField(_l("Turnout lead"), [SHORT])
    role = SelectField(_l("Role"), choices=options([("partner", _l("Partner")), ("convener", _l("Convener"))]))


class TaskForm(Form):
    """A task."""

    title = StringField(_l("What has to be done"), [SHORT])
    due_on = Day(_l("To be done by"), [Optional()])
    owner = StringField(_l("Who carries it"), [SHORT])


class CommitteeForm(Form):
    """A committee."""

    name = StringField(_l("Name of the committee"), [SHORT])
    kind = SelectField(_l("Kind"), default="working")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = say_choices(COMMITTEES)


class SeatForm(Form):
    """A committee seat."""

    side = SelectField(_l("Whose seat"))
    held_by = StringField(_l("Held by"), [SHORT])
    is_voting = BooleanField(_l("With a vote"), default=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.side.choices = say_choices(SIDES)


class ParticipantForm(Form):
    """Someone on the roster."""

    shown_name = StringField(_l("Name on the roster"), [SHORT])
    role = SelectField(_l("Role"), default="participant")
    votes = SelectField(
        _l("Vote"),
        choices=options([("", _l("As the role has it")), ("1", _l("With a vote")), ("0", _l("Without a vote"))]),
        validate_choice=False,
    )
    person_id = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.role.choices = say_choices(ROLES)


class ConsiderationsForm(Form):
    """The seven key considerations."""


for _key, (_heading, _question) in CONSIDERATIONS.items():
    setattr(ConsiderationsForm, _key, TextAreaField(_l(_heading), [TEXT], description=_l(_question)))


class KindForm(Form):
    """What a person knows before they know which kind of assembly it is; read from the address, so that a proposal can be passed on."""


for _key, _heading in QUESTIONS.items():
    _offered = options([("", _l("I do not know yet")), *((answer, _l(words)) for answer, words in CHOICES[_key].items())])
    setattr(KindForm, _key, SelectField(_l(_heading), choices=_offered, validate_choice=False))
