"""Forms of delegations and credentials."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from crm.assemblies.forms import Day, Number, say_choices
from crm.assemblies.rules.credentials import KINDS
from crm.assemblies.rules.delegations import ALTERNATES, BASES, QUORUMS, ROUNDINGS, STANCES
from crm.infra.web import Form, options


class FormulaForm(Form):
    """How seats are counted."""

    basis = SelectField(_l("Seats are given by"), validate_choice=False)
    per = Number(_l("One seat for each"), description=_l("For “the same for each”: how many seats each has"))
    rounding = SelectField(_l("Round"), validate_choice=False)
    counted_on = Day(_l("Counted on"), [Optional()], description=_l("The day on which a member must be in good standing"))
    least = Number(_l("Smallest delegation"))
    most = Number(_l("Largest delegation"), description=_l("Empty: no limit"))
    alternates_of = SelectField(_l("Alternates"), validate_choice=False)
    alternates_per = Number(_l("One alternate for each, or how many each has"))
    alternates_least = Number(_l("Fewest alternates"))
    reserved_for = StringField(
        _l("Whom reserved seats are for"), [Length(max=200)], description=_l("At-large seats, young members, a caucus; how many each has stands above"))
    quorum = StringField(_l("Quorum"), [Length(max=20)], description=_l("A share, like 1/2"))
    quorum_of = SelectField(_l("The quorum is a share"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field, words in ((self.basis, BASES), (self.rounding, ROUNDINGS), (self.alternates_of, ALTERNATES), (self.quorum_of, QUORUMS)):
            field.choices = say_choices(words)


class NameForm(Form):
    """Somebody to name."""

    person_id = HiddenField()
    kind = HiddenField()


class MandateForm(Form):
    """How delegates are instructed."""

    mandate = TextAreaField(
        _l("How your delegates are instructed"), description=_l("Resolution by resolution. The credentials desk reads it, no other delegation does."))


class InstructionForm(Form):
    """How delegates vote on one item."""

    item_id = SelectField(_l("Item of the program"), validate_choice=False)
    subject = StringField(_l("Or in words: which motion, which candidate"), [Length(max=200)])
    stance = RadioField(_l("Instruction"), validate_choice=False)
    is_secret = BooleanField(_l("Secret until you hand it over after the vote: the convener cannot read it before"))

    def __init__(self, *args: Any, items: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.stance.choices = options(say_choices(STANCES))
        self.offer(items)

    def offer(self, items: Any) -> None:
        """The items to choose from."""
        self.item_id.choices = options([("", "–"), *items])


class StepForm(Form):
    """A step at the desk; some need a reason."""

    reason = TextAreaField(_l("Reason"))


class ChallengeForm(Form):
    """A challenge by an organization."""

    about_id = SelectField(_l("Whose delegation"), validate_choice=False)
    kind = SelectField(_l("Delegate or alternate"), validate_choice=False)
    rank = Number(_l("Which one, by number"))
    reason = TextAreaField(_l("Why"))

    def __init__(self, *args: Any, units: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = say_choices(KINDS)
        self.about_id.choices = options((str(unit.partner_id), unit.name) for unit in units)
