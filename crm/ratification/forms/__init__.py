"""Forms of ratification."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import zip_longest
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from crm.assemblies.models import Assembly
from crm.assemblies.rules import in_language
from crm.infra.web import Form, options
from crm.kernel.numbers import read_share
from crm.platforms.models import Edition
from crm.ratification.actions import DEFAULTS
from crm.ratification.models import Electorate, Ratification, ResidencePlace
from crm.ratification.rules.contests import is_known_budget, plain_money
from crm.ratification.rules.quorums import is_of_room, quorum_of_room, share_of_room
from crm.ratification.rules.rolls import RESIDENTS, WAYS, Group, chosen_roll, electorates_for, ways_for
from crm.ratification.rules.states import PEOPLE

STRICTNESS = (("at_least", _l("at least that share")), ("more_than", _l("more than that share")))
BASIS = (
    ("yes_and_no", _l("of valid votes: yes and no")),
    ("cast", _l("of all ballots, abstentions included")),
    ("present", _l("of those checked in at the assembly")),
    ("roll", _l("of the whole roll")),
)
QUORUM_OF = (("roll", _l("of the whole roll")), ("present", _l("of those checked in at the assembly")))
METHODS = (
    ("yes_no_abstain", _l("yes, no or abstain on each plank of the edition")),
    ("irv", _l("ranked choice: one of the options (instant runoff)")),
    ("stv-scottish", _l("ranked choice: several seats (single transferable vote, Scottish rules)")),
    ("stv-meek", _l("ranked choice: several seats (single transferable vote, Meek's rule)")),
    ("borda-modified", _l("ranked choice: points by rank (modified Borda count)")),
    ("approval", _l("approval: as many of the options as one likes")),
    ("score", _l("score: points for each option")),
    ("budget-votes", _l("budget: projects with costs, funded by most votes")),
    ("equal-shares", _l("budget: projects with costs, funded by equal shares")),
    ("dots", _l("dots: so many for each voter, placed as one likes")),
)
COMPLETIONS = (
    ("by_votes", _l("it is spent by votes")),
    ("add_one", _l("shares grow by one unit at a time, then by votes")),
    ("none", _l("it is not spent")),
)
NO_EDITION = 0


class RatificationForm(Form):
    """What is put to the vote, when, to whom, by what rule."""

    edition_id = SelectField(_l("Edition"), coerce=int)
    assembly_id = SelectField(_l("Assembly that it belongs to"), coerce=int, default=0)
    title_en = StringField(_l("Title in English"), [InputRequired(), Length(max=200)])
    title_es = StringField(_l("Title in Spanish"), [Optional(), Length(max=200)])
    opens_at = DateTimeLocalField(_l("Opens"), [InputRequired()])
    closes_at = DateTimeLocalField(_l("Closes"), [InputRequired()])
    notice_days = IntegerField(_l("Days of notice to every seat before voting begins"), [Optional()])
    notice_binds = BooleanField(_l("A vote with short notice cannot be certified"))
    referral_en = StringField(_l("Outside vote in English, if this one is referred to another"), [Length(max=200)])
    referral_es = StringField(_l("Outside vote in Spanish"), [Length(max=200)])
    referral_threshold = StringField(_l("Share of its yes and no votes that must be yes"))
    referral_threshold_strictness = SelectField(_l("The share is met by"), choices=options(STRICTNESS), default="at_least")
    referral_districts = StringField(_l("Share of its districts that must have more yes than no"))
    referral_districts_strictness = SelectField(_l("The share is met by"), choices=options(STRICTNESS), default="at_least")
    members = BooleanField(_l("Members or delegates vote, in secret, one ballot each"))
    members_roll = SelectField(_l("Who is on the roll"), default="0")
    members_open = BooleanField(_l("Members vote openly instead: each vote is kept beside the member's seat"))
    members_may_change = BooleanField(_l("In an open vote, a member may change the vote until the close"))
    members_method = SelectField(_l("Members choose by"), choices=options(METHODS), default="yes_no_abstain")
    members_options_en = TextAreaField(_l("Options in English, one a line"), [Length(max=8000)])
    members_options_es = TextAreaField(_l("Options in Spanish, in the same order"), [Length(max=8000)])
    members_seats = IntegerField(_l("How many are chosen"), [Optional()], default=1)
    members_most = IntegerField(_l("Most points for one option, dots of one voter, or approvals on one ballot"), [Optional()])
    members_budget = StringField(_l("Sum of money that is spent"), [Length(max=20)])
    members_costs = TextAreaField(_l("Cost of each project, one a line, in the order of the options"), [Length(max=2000)])
    members_completion = SelectField(_l("What happens with money that equal shares leaves"), choices=options(COMPLETIONS), default="by_votes")
    members_quorum = StringField(_l("Quorum, as a share"))
    members_quorum_of = SelectField(_l("The quorum is a share"), choices=options(QUORUM_OF), default="roll")
    members_threshold = StringField(_l("Share of yes that is needed"))
    members_strictness = SelectField(_l("The share is met by"), choices=options(STRICTNESS))
    members_basis = SelectField(_l("The share is"), choices=options(BASIS))
    organizations = BooleanField(_l("Organizations vote by roll call, in public, with a reason"))
    organizations_quorum = StringField(_l("Quorum, as a share of the organizations"))
    organizations_threshold = StringField(_l("Share of yes that is needed"))
    organizations_strictness = SelectField(_l("The share is met by"), choices=options(STRICTNESS))
    organizations_basis = SelectField(_l("The share is"), choices=options(BASIS))
    organizations_may_change = BooleanField(_l("An organization may change its vote until the close"))

    groups: Mapping[int, list[Group]] = MappingProxyType({})

    def offer(
        self, editions: list[Edition], own: list[Assembly], assemblies: list[tuple[Assembly, bool, list[Group]]], places: list[ResidencePlace],
        language: str,
    ) -> "RatificationForm":
        """Fills the lists of editions, of assemblies that it can belong to, and of rolls; `assemblies` come with whether they have published seats,
        and the groups who vote in them."""
        self.assembly_id.choices = options([(0, gettext("No assembly")), *((a.id, in_language(a.title, language)) for a in own)])
        self.groups = {a.id: groups for a, _seats, groups in assemblies}
        rolls = [(f"{way}{a.id}", _way(way, a, groups, language)) for a, has_seats, groups in assemblies for way in ways_for(has_seats, groups)]
        rolls += [(f"{RESIDENTS}{place.id}", gettext(WAYS[RESIDENTS], name=in_language(place.name, language))) for place in places]
        self.members_roll.choices = options([("0", gettext("All members of the organizations")), *rolls])
        self.edition_id.choices = [*((e.id, _edition_name(e, language)) for e in editions), (NO_EDITION, gettext("No edition: options are written below"))]
        return self

    def facts(self, zone: str) -> dict[str, Any]:
        """The arguments of the action; hours are read on the organization's clock."""
        title = {"en": self.title_en.data or ""}
        if self.title_es.data:
            title["es"] = self.title_es.data
        return {
            "edition_id": self.edition_id.data, "title": title, "opens_at": instant(self.opens_at.data, zone), "closes_at": instant(self.closes_at.data, zone),
            "electorates": self._electorates(), "notice_days": self.notice_days.data, "notice_binds": bool(self.notice_binds.data),
            "referral": self._referral(), "assembly_id": self.assembly_id.data or None,
        }

    def _referral(self) -> dict[str, Any] | None:
        """The outside vote and its rule, where one is named."""
        title = {tag: words for tag in ("en", "es") if (words := (self[f"referral_{tag}"].data or "").strip())}
        typed = {name: (self[f"referral_{name}"].data or "").strip() for name in ("threshold", "districts")}
        if not title and not any(typed.values()):
            return None
        shares = {name: str(read_share(words)) if read_share(words) else words for name, words in typed.items()}
        return {"title": title} | shares | {f"{name}_strictness": self[f"referral_{name}_strictness"].data for name in typed}

    def _electorates(self) -> dict[str, dict[str, Any]]:
        people = electorates_for(self.members_roll.data or "0", self.groups, self._rule("members")) if self.members.data else {}
        return people | ({"organizations": self._rule("organizations")} if self.organizations.data else {})

    def _rule(self, kind: str) -> dict[str, Any]:
        rule = {name: self[f"{kind}_{name}"].data for name in ("quorum", "threshold", "strictness", "basis")}
        if kind == "organizations":
            return rule | {"may_change": bool(self.organizations_may_change.data)}
        rule |= quorum_of_room(rule["quorum"] or "") if self.members_quorum_of.data == "present" else {}
        is_open = bool(self.members_open.data)
        rule |= {"is_secret": not is_open, "may_change": is_open and bool(self.members_may_change.data)}
        return rule | {"method": self.members_method.data, "contest": self._contest()}

    def _contest(self) -> dict[str, Any] | None:
        """What stands, where members choose between options."""
        if self.members_method.data == "yes_no_abstain":
            return None
        lines = {tag: [line.strip() for line in (self[f"members_options_{tag}"].data or "").splitlines() if line.strip()] for tag in ("en", "es")}
        pairs = zip_longest(lines["en"], lines["es"])
        written = [{tag: words for tag, words in (("en", en), ("es", es)) if words} for en, es in pairs]
        seats = self.members_seats.data
        if is_known_budget(self.members_method.data):
            costs = [plain_money(line) for line in (self.members_costs.data or "").splitlines() if line.strip()]
            return {"options": written, "seats": len(written) or 1, "most": None, "budget": plain_money(self.members_budget.data or ""), "costs": costs,
                    "completion": self.members_completion.data if self.members_method.data == "equal-shares" else "by_votes"}
        return {"options": written, "seats": 1 if seats is None else seats, "most": self.members_most.data}


def _way(way: str, assembly: Assembly, groups: list[Group], language: str) -> str:
    named = " / ".join(f"{in_language(group.name, language)} ({group.count})" for group in groups)
    return gettext(WAYS[way], name=in_language(assembly.title, language), groups=named)


def _edition_name(edition: Edition, language: str) -> str:
    titles = edition.content["platform"]["titles"]
    return f"{titles.get(language) or next(iter(titles.values()), '')} ({edition.number})"


def instant(wall: datetime | None, zone: str) -> datetime:
    """A time that was read off the organization's clock."""
    assert wall is not None
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _wall(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def fresh_values(edition: Edition | None, opens_at: datetime, closes_at: datetime, zone: str) -> dict[str, Any]:
    """What a new vote begins with: the defaults of a policy platform."""
    titles = edition.content["platform"]["titles"] if edition else {}
    values: dict[str, Any] = {
        "edition_id": edition.id if edition else NO_EDITION, "title_en": titles.get("en", ""), "title_es": titles.get("es", ""),
        "opens_at": _wall(opens_at, zone), "closes_at": _wall(closes_at, zone),
    }
    for kind, rule in DEFAULTS.items():
        values |= {kind: True} | {
            f"{kind}_{name}": rule[name] for name in ("quorum", "threshold", "strictness", "basis", "may_change")
        }
    return values


def tabled_values(titles: list[dict[str, str]]) -> dict[str, Any]:
    """What the form says first of a vote between proposals of tables: members approve as many as they like."""
    lines = {tag: "\n".join(each.get(tag) or next(iter(each.values())) for each in titles) for tag in ("en", "es")}
    return {"edition_id": NO_EDITION, "members": True, "members_method": "approval", "members_options_en": lines["en"], "members_options_es": lines["es"]}


def office_values(title: dict[str, str], office: dict[str, str], seats: int, method: str, names: list[str]) -> dict[str, Any]:
    """What the form says first of a vote on an office: those who stand are the options."""
    titles = {f"title_{tag}": f"{title.get(tag) or title['en']}: {office.get(tag) or office['en']}" for tag in ("en", "es")}
    return titles | {"edition_id": NO_EDITION, "members": True, "organizations": False, "members_quorum": "0", "members_method": method,
                     "members_seats": seats, "members_options_en": "\n".join(names)}


def planned_values(title: dict[str, str], planned: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What an assembly decided on, over what a new vote begins with; an electorate without a rule of the assembly's is not asked."""
    values: dict[str, Any] = {f"title_{tag}": words for tag, words in title.items() if tag in ("en", "es")}
    for kind in DEFAULTS if planned else ():
        values |= {kind: kind in planned} | {f"{kind}_{name}": value for name, value in planned.get(kind, {}).items()}
    return values


def saved_values(row: Ratification, electorates: list[Electorate], zone: str) -> dict[str, Any]:
    """What a draft's form shows."""
    values: dict[str, Any] = fresh_values(None, row.opens_at, row.closes_at, zone) | {
        "edition_id": row.edition_id or NO_EDITION,
        "assembly_id": row.assembly_id or 0,
        "title_en": row.title.get("en", ""),
        "title_es": row.title.get("es", ""),
        "members": False,
        "organizations": False,
        **_saved_referral(row.referral),
        "notice_days": row.notice_days,
        "notice_binds": row.notice_binds,
    }
    for e in (e for e in reversed(electorates) if e.kind != "together"):
        part = "members" if e.kind in PEOPLE else e.kind
        values |= {part: True} | {
            f"{part}_{name}": getattr(e, name)
            for name in ("quorum", "threshold", "strictness", "basis", "may_change")
        }
        if part == "members":
            if is_of_room(e.quorum, e.quorums):
                values |= {"members_quorum": share_of_room(e.quorums), "members_quorum_of": "present"}
            values |= {"members_open": not e.is_secret, "members_method": e.method, "members_roll": chosen_roll(electorates)} | _saved_contest(e.contest)
    return values


def _saved_referral(referral: dict[str, Any] | None) -> dict[str, Any]:
    if referral is None:
        return {}
    names = ("threshold", "threshold_strictness", "districts", "districts_strictness")
    return {f"referral_{tag}": referral["title"].get(tag, "") for tag in ("en", "es")} | {f"referral_{name}": referral[name] for name in names}


def _saved_contest(contest: dict[str, Any] | None) -> dict[str, Any]:
    if contest is None:
        return {}
    lines = {f"members_options_{tag}": "\n".join(words.get(tag, "") for words in contest["options"]).strip() for tag in ("en", "es")}
    if "budget" in contest:
        lines |= {"members_budget": contest["budget"], "members_costs": "\n".join(contest["costs"]), "members_completion": contest["completion"]}
    return lines | {"members_seats": contest["seats"], "members_most": contest["most"]}


class CertifyingForm(Form):
    """Why the count stands although a teller has not signed it."""

    reason = TextAreaField(_l("Why it stands without the tellers who have not signed"), [Length(max=1000)])


class TellerForm(Form):
    """A teller to be named."""

    name = StringField(_l("Name, as it is published"), [Length(max=200)])
    public_key = StringField(_l("Public key"), [Length(max=200)])


class SignatureForm(Form):
    """A signature as a teller brought it."""

    signature = TextAreaField(_l("Signature"), [Length(max=400)])


class ChallengeForm(Form):
    """Why a seat should not vote."""

    reason = TextAreaField(_l("Why this seat should not vote"), [Length(max=300)])


class CandidateForm(Form):
    """What the credentials committee found."""

    answer = SelectField(_l("What you found"), coerce=str)
    reason = StringField(_l("Reason, published with the correction"), [Length(max=300)])


class BatchForm(Form):
    """How many papers two people are about to enter."""

    size = IntegerField(_l("How many papers"), [InputRequired()])


class TabletForm(Form):
    """What a tablet is called."""

    name = StringField(_l("Name of the tablet"), [Length(max=80)])
