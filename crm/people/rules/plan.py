"""What a row will do: make a person, change one who is here field by field, or leave everything alone.

A person is the same by external ID; else by phone and then by e-mail, if the names agree (a household shares a phone); a
row with nothing but a name is the same as the one person who is called exactly so. `Known` holds the people that the rows
may mean, and learns each planned row, so that the second of two equal rows of a file meets the first.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from crm.kernel import names
from crm.kernel.refusal import N_, Reason
from crm.people.rules.rows import RowIn

# The same words come again in every row of a sheet: tags, towns, given names.
fold = lru_cache(maxsize=4096)(names.fold)
# What a new person has when the sheet says nothing; to "fill" counts these as blank.
_BLANK = {"standing": "contact"}


@dataclass
class KnownPerson:
    """What planning needs to know of a person."""

    id: int
    values: dict[str, Any]
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    ids: set[tuple[str, str]] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    row: int | None = None

    @property
    def name(self) -> str:
        return f"{self.values.get('given_name') or ''} {self.values.get('family_name') or ''}".strip()


class Known:
    """People that rows may mean, found by ID, phone, e-mail and name."""

    def __init__(self, people: Iterable[KnownPerson] = ()):
        self.by_id: dict[tuple[str, str], KnownPerson] = {}
        self.by_phone: dict[str, list[KnownPerson]] = defaultdict(list)
        self.by_email: dict[str, list[KnownPerson]] = defaultdict(list)
        self._by_name: dict[str, list[KnownPerson]] = defaultdict(list)
        self._unnamed: list[KnownPerson] = []
        self.people: dict[int, KnownPerson] = {}
        for person in people:
            self.learn(person)

    def absorb(self, other: "Known") -> None:
        """Adds the people of another look at the database; who is known already keeps what the rows have taught."""
        for person in other.people.values():
            if person.id not in self.people:
                self.learn(person)

    def learn(self, person: KnownPerson) -> None:
        """Makes a person findable; doing it again after the person grew is harmless."""
        self.people[person.id] = person
        for key in person.ids:
            self.by_id[key] = person
        for index, keys in ((self.by_phone, person.phones), (self.by_email, person.emails)):
            for key in keys:
                _list(index, key, person)
        self._unnamed.append(person)

    def called(self, name: str) -> list[KnownPerson]:
        """People of exactly this name. Names are folded only once somebody asks: most rows say more than a name."""
        for person in self._unnamed:
            _list(self._by_name, fold(person.name), person)
        self._unnamed.clear()
        return [person for person in self._by_name.get(fold(name), ()) if fold(person.name) == fold(name)]


def _list(index: dict[str, list[KnownPerson]], key: str, person: KnownPerson) -> None:
    if key and not any(person is other for other in index[key]):
        index[key].append(person)


@dataclass
class RowPlan:
    """What one row will do. `changes` are (before, after) by field; `phones`, `emails`, `ids`, `tags` are what is added."""

    row: RowIn
    outcome: str
    person_id: int | None = None
    found_by: str = ""
    name: str = ""
    same_as_row: int | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    phones: list[tuple[str, str]] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    ids: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[tuple[int, Reason]] = field(default_factory=list)
    had_phone: bool = False
    had_email: bool = False


def plan_row(row: RowIn, known: Known, existing: str, new_id: int) -> RowPlan:
    """The plan of one row; a person it makes gets `new_id` and is known to the rows that follow."""
    plan = RowPlan(row, "skip", problems=list(row.problems), name=_name(row))
    if row.is_empty:
        return plan
    person, plan.found_by, doubt = _find(row, known)
    if doubt:
        plan.problems.append((-1, doubt))
        if person is None and plan.found_by == "several":
            return plan
    if person is None:
        return _create(plan, known, new_id)
    plan.person_id, plan.same_as_row = person.id, person.row
    plan.name = plan.name or person.name
    if existing == "leave":
        plan.outcome = "same"
        return plan
    return _update(plan, person, known, existing)


def _name(row: RowIn) -> str:
    return f"{row.values.get('given_name') or ''} {row.values.get('family_name') or ''}".strip()


def _find(row: RowIn, known: Known) -> tuple[KnownPerson | None, str, Reason | None]:
    """(who this is, by what we know, what is doubtful)."""
    for key in row.ids:
        if key in known.by_id:
            return known.by_id[key], "id", None
    shares: Reason | None = None
    for found_by, index, keys in (
        ("phone", known.by_phone, [n for n, _ in row.phones]),
        ("email", known.by_email, row.emails),
    ):
        if not any(key in index for key in keys):
            continue
        here = _several(index[key] for key in keys if key in index)
        agree = [person for person in here if _names_agree(row, person) and not _other_id(row, person)]
        exact = [person for person in agree if fold(person.name) == fold(_name(row))]
        agree = exact or agree
        if len(agree) == 1:
            return agree[0], found_by, None
        if agree:
            why = N_("This could be any of %(n)s people who are here (%(names)s), so the row stays out.")
            return (
                None,
                "several",
                Reason(why, {"n": len(agree), "names": ", ".join(sorted({p.name for p in agree})) or "?"}),
            )
        if here and shares is None:
            shares = Reason(
                N_("Shares a phone or e-mail with %(name)s but has another name, so this is kept as another person."),
                {"name": here[0].name},
            )
    if not (row.phones or row.emails or row.ids):
        here = [person for person in known.called(_name(row)) if not _elsewhere(row, person)]
        if len(here) == 1:
            return here[0], "name", None
        if here:
            why = N_("%(n)s people here are called %(name)s, and the row says nothing else to tell them apart, so it stays out.")
            return None, "several", Reason(why, {"n": len(here), "name": _name(row)})
    return None, "", shares


def _several(groups: Iterable[list[KnownPerson]]) -> list[KnownPerson]:
    return list({id(person): person for group in groups for person in group}.values())


def _names_agree(row: RowIn, person: KnownPerson) -> bool:
    """Whether two names can be one human's: one is missing, the given names share a word, or an initial stands for one."""
    mine, theirs = fold(row.values.get("given_name") or "").split(), fold(person.values.get("given_name") or "").split()
    if not mine or not theirs:
        return not _name(row) or not person.name or fold(_name(row)).split()[-1:] == fold(person.name).split()[-1:]
    first, second = mine[0].rstrip("."), theirs[0].rstrip(".")
    initial = min(len(first), len(second)) == 1 and first[0] == second[0]
    if not (set(mine) & set(theirs) or initial or first.startswith(second) and len(second) > 2 or second.startswith(first) and len(first) > 2):
        return False
    families = fold(row.values.get("family_name") or "").split(), fold(person.values.get("family_name") or "").split()
    return not all(families) or bool(set(families[0]) & set(families[1]))


def _other_id(row: RowIn, person: KnownPerson) -> bool:
    """Whether the same system already calls this person something else: then it is another human."""
    theirs = dict(person.ids)
    return any(theirs.get(system, value) != value for system, value in row.ids)


def _elsewhere(row: RowIn, person: KnownPerson) -> bool:
    """Whether a row with nothing but a name says that it is someone who lives elsewhere."""
    places = ("street", "postal_code", "city")
    return any(row.values.get(p) and person.values.get(p) and fold(row.values[p]) != fold(person.values[p]) for p in places)


def _create(plan: RowPlan, known: Known, new_id: int) -> RowPlan:
    row = plan.row
    plan.outcome, plan.person_id = "create", new_id
    plan.changes = {name: (None, value) for name, value in row.values.items()}
    if row.custom:
        plan.changes["custom"] = ({}, dict(row.custom))
    plan.phones, plan.emails, plan.ids, plan.tags = list(row.phones), list(row.emails), list(row.ids), list(row.tags)
    plan.notes = list(row.notes)
    values = {**row.values, "custom": dict(row.custom)}
    known.learn(
        KnownPerson(
            new_id,
            values,
            {n for n, _ in row.phones},
            set(row.emails),
            set(row.ids),
            {fold(t) for t in row.tags},
            set(row.notes),
            row.number,
        )
    )
    return plan


def _update(plan: RowPlan, person: KnownPerson, known: Known, existing: str) -> RowPlan:
    row = plan.row
    plan.had_phone, plan.had_email = bool(person.phones), bool(person.emails)
    plan.notes = [note for note in row.notes if note not in person.notes]
    plan.phones = [phone for phone in row.phones if phone[0] not in person.phones]
    plan.emails = [address for address in row.emails if address not in person.emails]
    plan.ids = [key for key in row.ids if key not in person.ids and key not in known.by_id and key[0] not in dict(person.ids)]
    plan.tags = [tag for tag in row.tags if fold(tag) not in person.tags]
    for name, value in row.values.items():
        now = person.values.get(name)
        is_blank = now in (None, "", _BLANK.get(name))
        if value != now and (is_blank or existing == "replace") and name != "source" or name == "source" and not now:
            plan.changes[name] = (now, value)
    own = dict(person.values.get("custom") or {})
    merged = own | {k: v for k, v in row.custom.items() if existing == "replace" or not own.get(k)}
    if merged != own:
        plan.changes["custom"] = (own, merged)
    adds = plan.phones or plan.emails or plan.ids or plan.tags or plan.notes
    plan.outcome = "update" if plan.changes or adds else "same"
    person.values.update({name: after for name, (_, after) in plan.changes.items()})
    person.phones |= {n for n, _ in plan.phones}
    person.emails |= set(plan.emails)
    person.ids |= set(plan.ids)
    person.tags |= {fold(tag) for tag in plan.tags}
    person.notes |= set(plan.notes)
    known.learn(person)
    return plan
