"""The rule of one electorate, in depth: several quorums and conditions together, the tie, mandates, and who is in good standing."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.validators import Length, Optional

from crm.assemblies.models import Assembly
from crm.assemblies.rules import in_language
from crm.infra.web import Form, options
from crm.kernel.refusal import Reason
from crm.ratification.forms import BASIS, STRICTNESS
from crm.ratification.models import Electorate
from crm.ratification.rules.states import AT_THE_DOOR

TIES = (("fails", _l("it is not adopted")), ("passes", _l("it is adopted")))
MORE = (2, 3)
"""The conditions after the first."""


class RuleForm(Form):
    """One electorate's rule. Only the fields that its kind can hold are shown and read."""

    name_en = StringField(_l("Name of the group in English"), [Length(max=80)])
    name_es = StringField(_l("Name of the group in Spanish"), [Length(max=80)])
    is_deciding = BooleanField(_l("Its own majority is required"))
    is_open = BooleanField(_l("This group votes openly: each vote is kept beside the person's seat"))
    may_change = BooleanField(_l("In an open vote, a member may change the vote until the close"))
    on_day = DateField(_l("Members in good standing on"), [Optional()])
    joined_by = DateField(_l("Who were members by"), [Optional()])
    mandates_of = SelectField(_l("Votes are counted"), coerce=int, default=0)
    quorum = StringField(_l("Quorum, as a share of the roll"))
    quorum_present = StringField(_l("Of those checked in, this share must vote"))
    quorum_attending = StringField(_l("Of the roll, this share must be checked in"))
    quorum_organizations = IntegerField(_l("Ballots must come from so many organizations"), [Optional()])
    threshold = StringField(_l("Share of yes that is needed"))
    strictness = SelectField(_l("The share is met by"), choices=options(STRICTNESS))
    basis = SelectField(_l("The share is"), choices=options(BASIS))
    threshold_2 = StringField(_l("And also this share of yes"))
    strictness_2 = SelectField(_l("The share is met by"), choices=options(STRICTNESS))
    basis_2 = SelectField(_l("The share is"), choices=options(BASIS), default="roll")
    threshold_3 = StringField(_l("And also this share of yes"))
    strictness_3 = SelectField(_l("The share is met by"), choices=options(STRICTNESS))
    basis_3 = SelectField(_l("The share is"), choices=options(BASIS), default="roll")
    tie = SelectField(_l("If yes and no are equal at one half"), choices=options(TIES))

    def offer(self, electorate: Electorate, assemblies: list[Assembly], language: str) -> "RuleForm":
        """Leaves the fields that this electorate can hold, and fills the list of delegations."""
        kind, is_group = electorate.kind, electorate.role is not None
        has_standing = kind == "members" and electorate.place_id is None
        hidden = {
            "name_en": not is_group, "name_es": not is_group, "is_deciding": not is_group, "is_open": not is_group, "may_change": not is_group,
            "on_day": not has_standing, "joined_by": not has_standing,
            "mandates_of": kind != "organizations", "quorum_present": kind not in AT_THE_DOOR, "quorum_attending": kind not in AT_THE_DOOR,
            "quorum_organizations": kind == "together",
        }
        for name in (name for name, is_hidden in hidden.items() if is_hidden):
            del self[name]
        if "mandates_of" in self:
            seats = [(a.id, gettext("in mandates: the seats that delegations have at %(name)s", name=in_language(a.title, language))) for a in assemblies]
            self.mandates_of.choices = options([(0, gettext("one for each organization")), *seats])
        return self

    def refuse(self, reasons: Any) -> None:
        """The rules name the fields of the large form; here they are the same without its prefix."""
        plain = ((r, (r.field or "").removeprefix("members_").removeprefix("organizations_")) for r in reasons)
        super().refuse(Reason(r.text, r.params, name or None) for r, name in plain)

    def facts(self) -> dict[str, Any]:
        """The rule as the action takes it; a condition without a share is none."""
        typed = {name: (field.data.strip() if isinstance(field.data, str) else field.data) for name, field in self._fields.items()}
        rule = {name: typed[name] or "" for name in ("quorum", "threshold", "strictness", "basis", "tie")}
        asked = [{"of": of, "share": typed[f"quorum_{of}"]} for of in ("present", "attending") if typed.get(f"quorum_{of}")]
        if typed.get("quorum_organizations") is not None:
            asked.append({"of": "organizations", "least": typed["quorum_organizations"]})
        conditions = [{name: typed[f"{name}_{n}"] for name in ("threshold", "strictness", "basis")} for n in MORE if typed[f"threshold_{n}"]]
        found = rule | {"quorums": asked, "conditions": conditions} | {name: typed[name] for name in ("on_day", "joined_by", "is_deciding") if name in typed}
        if "name_en" in typed:
            found["name"] = {tag: words for tag in ("en", "es") if (words := typed[f"name_{tag}"])}
        if "is_open" in typed:
            found |= {"is_secret": not typed["is_open"], "may_change": bool(typed["is_open"] and typed["may_change"])}
        if "mandates_of" in typed:
            found |= {"assembly_id": typed["mandates_of"] or None, "is_weighted": bool(typed["mandates_of"])}
        return found


def rule_values(electorate: Electorate) -> dict[str, Any]:
    """What the form shows of a saved rule."""
    names = ("is_deciding", "may_change", "on_day", "joined_by", "quorum", "threshold", "strictness", "basis", "tie")
    values: dict[str, Any] = {name: getattr(electorate, name) for name in names}
    values |= {f"name_{tag}": electorate.name.get(tag, "") for tag in ("en", "es")} 
    values |= {"mandates_of": electorate.assembly_id or 0, "is_open": not electorate.is_secret}
    values |= {f"quorum_{asked['of']}": asked.get("share", asked.get("least")) for asked in electorate.quorums}
    for n, condition in zip(MORE, electorate.conditions, strict=False):
        values |= {f"{name}_{n}": value for name, value in condition.items()}
    return values
