"""What a row will do: make a person, change one who is here field by field, or leave everything alone.

A person is the same by external ID; else by phone and then by e-mail, if the names agree (a household shares a phone); else by
name and address; a row with nothing but a name is the same as the one person who is called exactly so. Where two people fit, the
row is asked about and stays out until somebody says. `Known` holds the people that the rows
may mean, and learns each planned row, so that the second of two equal rows of a file meets the first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.refusal import N_, Reason
from crm.people.rules.candidates import in_order
from crm.people.rules.custom import PREFIX
from crm.people.rules.known import Known, KnownPerson, fold
from crm.people.rules.people import ADDRESS, place_of, plain_street
from crm.people.rules.rows import RowIn

# What a new person has when the sheet says nothing; to "fill" counts these as blank.
MOST_CANDIDATES = 12
_BLANK = {"standing": "contact", "address_kind": "home"}


@dataclass(slots=True)
class RowPlan:
    """What one row will do. `changes` are (before, after) by field; `phones`, `emails`, `addresses` (further ones), `ids`, `tags` are what is added."""

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
    addresses: list[tuple[str, ...]] = field(default_factory=list)
    problems: list[tuple[int, Reason]] = field(default_factory=list)
    had_phone: bool = False
    had_email: bool = False
    candidates: list[tuple[int, str, int]] = field(default_factory=list)
    best: int | None = None
    doubt: str = ""


def plan_row(row: RowIn, known: Known, existing: str, new_id: int, decided: int | None = None) -> RowPlan:
    """The plan of one row; a person it makes gets `new_id` and is known to the rows that follow.

    `decided` is the person whom an earlier plan or somebody's answer says that this is; `new_id` itself says that it is nobody here.
    """
    plan = _plan(row, known, existing, new_id, decided)
    if row.consent:
        # Consent and refusal belong to numbers: the row's, else those of whom it means. A refusal counts even if the row stays out.
        person = known.people.get(plan.person_id or 0)
        row.consent["phones"] = [number for number, _ in row.phones] or sorted(person.phones if person and "no" in row.consent else ())
    return plan


def _plan(row: RowIn, known: Known, existing: str, new_id: int, decided: int | None) -> RowPlan:
    plan = RowPlan(row, "skip", problems=list(row.problems), name=name_of(row))
    if row.is_empty:
        return plan
    if decided is not None:
        person, plan.found_by = known.people.get(decided), "answer"
    else:
        person, plan.found_by, doubt, several = _find(row, known)
        if doubt:
            plan.problems.append((-1, doubt))
        if several:
            ordered, plan.best = in_order(row, several)
            plan.candidates = [(person.id, person.name, person.row or 0) for person in ordered[:MOST_CANDIDATES]]
            plan.doubt = "contact" if doubt and doubt.text == _ASK else "name"
            return plan
    if person is None:
        return _create(plan, known, new_id)
    plan.person_id, plan.same_as_row = person.id, person.row
    plan.name = plan.name or person.name
    if existing == "leave":
        plan.outcome = "same"
        return plan
    return _update(plan, person, known, existing)


def name_of(row: RowIn) -> str:
    """The name that a row gives, as it is said."""
    return f"{row.values.get('given_name') or ''} {row.values.get('family_name') or ''}".strip()


Found = tuple[KnownPerson | None, str, Reason | None, list[KnownPerson]]
_ASK = N_("This could be any of %(n)s people who are here (%(names)s). Say who it is; until then the row stays out.")
_SHARES = N_("Shares a phone or e-mail with %(name)s but has another name, so this is kept as another person.")
_NAMESAKES = N_("%(n)s people here are called %(name)s, and the row says nothing else to tell them apart. Say who it is; until then it stays out.")


def _find(row: RowIn, known: Known) -> Found:
    """(who this is, by what we know, what is doubtful, who else it may be)."""
    for key in row.ids:
        if key in known.by_id:
            return known.by_id[key], "id", None, []
    shares: Reason | None = None
    for found_by, index, keys in (
        ("phone", known.by_phone, [n for n, _ in row.phones]),
        ("email", known.by_email, row.emails),
    ):
        if not any(key in index for key in keys):
            continue
        here = _several(index[key] for key in keys if key in index)
        agree = [person for person in here if _names_agree(row, person) and not _other_id(row, person)]
        exact = [person for person in agree if fold(person.name) == fold(name_of(row))]
        agree = exact or agree
        if len(agree) == 1:
            return agree[0], found_by, None, []
        if agree:
            names = ", ".join(sorted({p.name for p in agree})) or "?"
            return None, "several", Reason(_ASK, {"n": len(agree), "names": names}), agree
        if here and shares is None:
            shares = Reason(_SHARES, {"name": here[0].name})
    return _find_by_name(row, known, shares)


def _find_by_name(row: RowIn, known: Known, shares: Reason | None) -> Found:
    """By name and address; by the bare name only where the row says nothing else."""
    is_bare = not (row.phones or row.emails or row.ids)
    if not name_of(row) or not (is_bare or row.values.get("street")):
        return None, "", shares, []
    called = [person for person in known.called(name_of(row)) if not _elsewhere(row, person) and not _other_id(row, person)]
    neighbors = [person for person in called if _street(row.values) and _street(row.values) == _street(person.values)]
    here = neighbors or (called if is_bare else [])
    if len(here) == 1:
        return here[0], "address" if neighbors else "name", None, []
    if here:
        return None, "several", Reason(_NAMESAKES, {"n": len(here), "name": name_of(row)}), here
    return None, "", shares, []


def _street(values: dict[str, Any]) -> str:
    return plain_street(values.get("street") or "")


def _several(groups: Iterable[list[KnownPerson]]) -> list[KnownPerson]:
    return list({id(person): person for group in groups for person in group}.values())


def _names_agree(row: RowIn, person: KnownPerson) -> bool:
    """Whether two names can be one human's: one is missing, the given names share a word, or an initial stands for one."""
    mine, theirs = fold(row.values.get("given_name") or "").split(), fold(person.values.get("given_name") or "").split()
    if not mine or not theirs:
        return not name_of(row) or not person.name or fold(name_of(row)).split()[-1:] == fold(person.name).split()[-1:]
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
    mine, theirs = _street(row.values), _street(person.values)
    if mine and theirs and mine != theirs:
        return True
    return any(row.values.get(p) and person.values.get(p) and fold(row.values[p]) != fold(person.values[p]) for p in ("postal_code", "city"))


def _create(plan: RowPlan, known: Known, new_id: int) -> RowPlan:
    row = plan.row
    create(plan, new_id)
    values = {**row.values, "custom": dict(row.custom)}
    tags, places = {fold(t) for t in row.tags}, {place_of(one[1:]) for one in row.addresses}
    known.learn(KnownPerson(new_id, values, {n for n, _ in row.phones}, set(row.emails), set(row.ids), tags, set(row.notes), places, row.number))
    return plan


def create(plan: RowPlan, new_id: int) -> RowPlan:
    """The plan of a row that makes a person of its own."""
    row = plan.row
    plan.outcome, plan.person_id = "create", new_id
    plan.changes = {name: (None, value) for name, value in row.values.items()}
    plan.changes |= {f"{PREFIX}{key}": (None, value) for key, value in row.custom.items()}
    plan.phones, plan.emails, plan.ids, plan.tags, plan.notes, plan.addresses = row.phones, row.emails, row.ids, row.tags, row.notes, row.addresses
    return plan


def _update(plan: RowPlan, person: KnownPerson, known: Known, existing: str) -> RowPlan:
    row = plan.row
    plan.had_phone, plan.had_email = bool(person.phones), bool(person.emails)
    plan.notes = [note for note in row.notes if note not in person.notes]
    plan.phones = [phone for phone in row.phones if phone[0] not in person.phones]
    plan.emails = [address for address in row.emails if address not in person.emails]
    plan.ids = [key for key in row.ids if key not in person.ids and key not in known.by_id and key[0] not in dict(person.ids)]
    plan.tags = [tag for tag in row.tags if fold(tag) not in person.tags]
    values, addresses = _beside(row, person)
    here = {*person.places, place_of([person.values.get(name) or "" for name in ADDRESS])} if addresses else ()
    plan.addresses = [one for one in addresses if place_of(one[1:]) not in here]
    for name, value in values.items():
        now = person.values.get(name)
        is_blank = now in (None, "", _BLANK.get(name))
        if value != now and (is_blank or existing == "replace") and name != "source" or name == "source" and not now:
            plan.changes[name] = (now, value)
    own = dict(person.values.get("custom") or {})
    wanted = {k: v for k, v in row.custom.items() if v != own.get(k) and (existing == "replace" or own.get(k) in (None, "", []))}
    plan.changes |= {f"{PREFIX}{key}": (own.get(key), value) for key, value in wanted.items()}
    adds = plan.phones or plan.emails or plan.ids or plan.tags or plan.notes or plan.addresses
    plan.outcome = "update" if plan.changes or adds else "same"
    person.values.update({name: after for name, (_, after) in plan.changes.items() if not name.startswith(PREFIX)})
    person.values["custom"] = own | wanted
    person.phones |= {n for n, _ in plan.phones}
    person.emails |= set(plan.emails)
    person.ids |= set(plan.ids)
    person.tags |= {fold(tag) for tag in plan.tags}
    person.notes |= set(plan.notes)
    person.places |= {place_of(one[1:]) for one in plan.addresses}
    known.learn(person)
    return plan


def _beside(row: RowIn, person: KnownPerson) -> tuple[dict[str, Any], list[tuple[str, ...]]]:
    """(the row's values, its further addresses) beside a person: where mail goes never takes the place of where somebody lives."""
    mine, theirs = row.values.get("address_kind", "home"), person.values.get("address_kind") or "home"
    if {mine, theirs} != {"home", "mailing"} or not row.values.get("street") or not any(person.values.get(name) for name in ADDRESS):
        return row.values, row.addresses
    address = (mine, *(row.values.get(name) or "" for name in ADDRESS))
    return {name: value for name, value in row.values.items() if name not in (*ADDRESS, "address_kind")}, [address, *row.addresses]
