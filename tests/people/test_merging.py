"""Merging and its way back: nothing that points at a person is forgotten, and nothing is lost."""

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, select

from crm.infra.db import session
from crm.infra.moving import keys_of, models, pointers
from crm.infra.sight import Sight
from crm.kernel.permissions import Role
from crm.kernel.refusal import Missing, Refused
from crm.outreach.actions import give_consent, revoke_consent
from crm.outreach.models import ConsentState
from crm.people import actions, queries
from crm.people.actions.merging import BY_NAME, MERGE_RULES
from crm.people.models import Person, Phone
from crm.ratification.models import RollEntry
from crm.turnout.models import Rsvp
from tests.factories import MONDAY, make_person
from tests.people.merging import Stage, differences, dump

NAMES_NO_PERSON = {
    "undoes_id", "consent_id", "helper_id",
    "account_id", "assigned_id", "job_id", "list_id", "link_id", "poll_id", "segment_id", "subject_id", "entry_id", "partner_id", "other_partner_id",
    "last_id", "gone_id", "assembly_id", "platform_id", "text_id", "writing_id",
    "child_id", "parent_id", "from_id", "with_id", "credential_id", "participant_id",
}  # fmt: skip
"""Numbers without a foreign key that name something else; `gone_id` of a merge is the old address itself."""


def not_understood(tables=None) -> list[str]:
    """Columns that may name a person and that no rule and no key makes known; tables whose collisions nobody can foresee."""
    wrong, known = [], pointers("people", BY_NAME["people"])
    for table, model in (tables or models()).items():
        for column in model.__table__.columns:
            is_known = column.name in known.get(table, ()) or column.foreign_keys or column.name in NAMES_NO_PERSON
            if (column.name.endswith("_id") or "person" in column.name) and column.name not in ("org_id",) and not is_known:
                wrong.append(f"{table}.{column.name}")
    return wrong


def unhandled() -> list[str]:
    wrong = []
    for table, columns in pointers("people", BY_NAME["people"]).items():
        model, rule = models()[table], MERGE_RULES.get(table)
        if rule and rule.stays:
            continue
        if model.__access__ not in ("private", "two_sided") or "id" not in model.__table__.c:
            wrong.append(f"{table}: cannot be moved")
        if (keys_of(model, columns) or len(columns) > 1) and rule is None:
            wrong.append(f"{table}: two of its rows may meet, and no rule says what then")
        first = {"two_sided": "partner_id"}.get(model.__access__, "org_id")
        for column in columns:
            indexes = [[c.name for c in index.columns] for index in [*model.__table__.indexes, *model.__table__.constraints] if getattr(index, "columns", None)]
            if not any(names[:2] == [first, column] for names in indexes):
                wrong.append(f"{table}.{column}: no index leads to it")
        if any(index.unique for index in model.__table__.indexes) and not (rule and rule.same):
            wrong.append(f"{table}: a partial uniqueness without a rule")
    return wrong


def test_every_column_that_names_a_person_is_understood(app):
    assert not_understood() == []
    assert unhandled() == []


@pytest.fixture
def staged(acting, world):
    """staged(seed, n) → ids of n people about whom every table says something, some of them living together."""

    def make(seed: int = 0, n: int = 2) -> list[int]:
        with acting("southbank", "imani") as actor:
            stage = Stage(actor, world.people["southbank"][:4], seed)
            ids = [stage.person() for _ in range(n)]
            stage.others += ids
            for id in ids:
                stage.tell(id)
            if seed % 3:
                stage.live_together([ids[0], world.people["southbank"][5]] if seed % 3 == 1 else ids[:2])
            if seed % 2:
                stage.live_together([ids[-1], world.people["southbank"][6]])
            actions.index_people(ids)
        return ids

    return make


def merge(acting, ids, kept=None, org="southbank", **choices) -> int:
    kept = kept or ids[0]
    with acting(org, "imani") as actor:
        versions = dict(session().execute(select(Person.id, Person.version).where(Person.id.in_(ids))).all())
        return actions.merge_people(actor, kept, [id for id in ids if id != kept], choices, versions, now=MONDAY)


@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(6, 12))])  # six: each kind of household
def test_merging_and_undoing_is_the_identity(acting, as_org, world, staged, seed):
    ids = staged(seed, 2 + seed % 3)
    with as_org("southbank"):
        before = dump(world.orgs["southbank"])
    merge_id = merge(acting, ids, kept=ids[seed % len(ids)])
    with as_org("southbank"):
        assert set(session().scalars(select(Person.id).where(Person.id.in_(ids)))) == {ids[seed % len(ids)]}
        assert nobody_is_named(set(ids) - {ids[seed % len(ids)]}) == []
    with acting("southbank", "imani") as actor:
        assert actions.undo_merge(actor, merge_id, now=MONDAY) == []
    with as_org("southbank"):
        assert differences(before, dump(world.orgs["southbank"])) == {}


def nobody_is_named(gone: set[int]) -> list[str]:
    """Where rows still point at records that went, but for the tables whose rows stay for a reason."""
    left = []
    for table, columns in pointers("people", BY_NAME["people"]).items():
        model = models()[table]
        if not (table in MERGE_RULES and MERGE_RULES[table].stays):
            left += [f"{table}.{c}" for c in columns if session().execute(select(getattr(model, c)).where(getattr(model, c).in_(gone))).first()]
    return left


def two(acting, org="southbank", **second) -> list[int]:
    with acting(org) as actor:
        first = make_person(actor.org_id, "Rosa", "Quintero", phone="+14155550160", standing="supporter")
        return [first, make_person(actor.org_id, **{"given": "Rosalba", "family": "Quintero", "phone": "+14155550161", **second})]


def test_the_chosen_value_of_each_field_stays_and_everything_else_is_united(acting, as_org):
    kept, gone = two(acting, street="1 Oak St", city="Oakland", custom={"shoe": "38"}, rung=3)
    merge(acting, [kept, gone], given_name=gone)
    with as_org("southbank") as actor:
        card = actions.snapshot(actor, kept)
        person = session().get(Person, (actor.org_id, kept))
        assert (person.given_name, person.street, person.standing, person.rung, person.custom) == ("Rosalba", "1 Oak St", "member", 3, {"shoe": "38"})
        assert person.name_folded == "quintero rosalba"
        assert [number for number, *_ in card["phones"]] == ["+14155550160", "+14155550161"]
        assert sum(session().scalars(select(Phone.is_preferred).where(Phone.person_id == kept))) == 1


def test_an_opt_out_is_of_a_phone_and_no_merge_revives_it(acting, as_org, world):
    kept, gone = two(acting)
    with acting("southbank") as actor:
        for number in ("+14155550160", "+14155550161"):
            give_consent(actor, number, source="paper", wording="w", evidence="sheet 1", now=MONDAY)
        revoke_consent(actor, "+14155550161", source="text", now=MONDAY)
        session().scalars(select(Phone).where(Phone.e164 == "+14155550161")).one().is_textable = False
        session().add(Phone(org_id=actor.org_id, person_id=kept, e164="+14155550161", is_textable=True))
    with as_org("southbank"):
        before = [dump(world.orgs["southbank"])[table] for table in ("consents", "consent_states")]
    merge(acting, [kept, gone])
    with as_org("southbank"):
        assert [dump(world.orgs["southbank"])[table] for table in ("consents", "consent_states")] == before
        assert [state for phone, state in session().execute(select(ConsentState.phone, ConsentState.state)) if phone == "+14155550161"] == ["revoked"]
        assert not session().scalars(select(Phone.is_textable).where(Phone.e164 == "+14155550161")).one()


def test_what_changed_since_stays_and_is_named(acting, as_org):
    kept, gone = two(acting)
    merge_id = merge(acting, [kept, gone], given_name=gone)
    with acting("southbank", "imani") as actor:
        person = session().get(Person, (actor.org_id, kept))
        actions.edit_person(actor, kept, {"given_name": "Rosi", "phones": ["+14155550160"]}, person.version, now=MONDAY)
    with acting("southbank", "imani") as actor:
        stayed = [str(reason) for reason in actions.undo_merge(actor, merge_id, now=MONDAY)]
        assert "Given name stays as it is, because it was edited since." in stayed
        assert any(words.startswith("Phones: 1 changed since") for words in stayed)
    with as_org("southbank") as actor:
        people = {id: session().get(Person, (actor.org_id, id)).given_name for id in (kept, gone)}
        assert people == {kept: "Rosi", gone: "Rosalba"}
        assert [entry[0] for entry in actions.snapshot(actor, gone)["phones"]] == []


def test_a_merge_is_refused_when_a_record_was_changed_meanwhile(acting):
    kept, gone = two(acting)
    with acting("southbank") as actor, pytest.raises(Refused, match="changed meanwhile"):
        actions.merge_people(actor, kept, [gone], {}, {kept: 1, gone: 7}, now=MONDAY)


def test_another_organization_cannot_be_merged_with(acting, world):
    kept, _gone = two(acting)
    with acting("southbank") as actor, pytest.raises(Missing):
        actions.merge_people(actor, kept, [world.people["mill"][0]], {}, {kept: 1, world.people["mill"][0]: 1}, now=MONDAY)
    with acting("southbank", role=Role.VOLUNTEER) as actor, pytest.raises(Missing):
        actions.merge_people(actor, kept, [_gone], {}, {kept: 1, _gone: 1}, now=MONDAY)


def test_later_merges_are_taken_back_first_and_old_addresses_lead_on(acting, as_org):
    a, b = two(acting)
    c, _d = two(acting)
    first = merge(acting, [b, a], kept=b)
    second = merge(acting, [c, b], kept=c)
    with as_org("southbank") as actor:
        assert {queries.merged_into(actor, id) for id in (a, b)} == {c}
    with acting("southbank") as actor, pytest.raises(Refused, match="later merge"):
        actions.undo_merge(actor, first, now=MONDAY)
    with acting("southbank") as actor:
        assert actions.undo_merge(actor, second, now=MONDAY) == []
    with acting("southbank") as actor:
        assert actions.undo_merge(actor, first, now=MONDAY) == []
        assert queries.merged_into(actor, a) is None
    with acting("southbank") as actor, pytest.raises(Refused, match="already"):
        actions.undo_merge(actor, first, now=MONDAY)


@pytest.mark.parametrize("state", ["preparing", "open"])
def test_a_seat_of_an_open_vote_holds_its_record(acting, as_org, state):
    kept, gone = two(acting)
    with acting("southbank") as actor:
        stage = Stage(actor, [])
        electorate, _vote = stage._vote(state)
        stage.put(RollEntry, partner_id=actor.org_id, electorate_id=electorate, seat=1, person_id=gone)
    with acting("southbank") as actor, pytest.raises(Refused, match="on the roll of the vote “Homes for all”"):
        actions.merge_people(actor, kept, [gone], {}, {kept: 1, gone: 1}, now=MONDAY)
    merge(acting, [gone, kept], kept=gone)
    with as_org("southbank"):
        assert session().scalars(select(RollEntry.person_id)).one() == gone


def test_the_door_shows_the_name_that_stays(acting, as_org):
    kept, gone = two(acting, family="Webb")
    with acting("southbank") as actor:
        stage = Stage(actor, [])
        stage.put(Rsvp, partner_id=actor.org_id, assembly_id=stage.assembly, person_id=gone, door_name="Rosalba W.", door_folded="rosalba w", state="invited")
    merge(acting, [kept, gone], family_name=gone)
    with as_org("southbank"):
        rsvp = session().scalars(select(Rsvp)).one()
        assert (rsvp.person_id, rsvp.door_name, rsvp.door_folded) == (kept, "Rosa W.", "rosa w")


def test_a_merge_costs_the_same_however_much_hangs_on_it(acting, staged, count_queries, world):
    def cost(ids):
        with acting("southbank", "imani") as actor, count_queries() as seen:
            actions.merge_people(actor, ids[0], [ids[1]], {}, dict.fromkeys(ids, 1), now=MONDAY)
        return len(seen)

    small, large = two(acting), staged(2)
    with acting("southbank") as actor:
        for n in range(60):
            actions.add_note(actor, large[1], f"n{n}", now=MONDAY)
    assert cost(small) < 110
    assert cost(large) < 160


def test_a_table_that_nobody_thought_of_is_seen():
    class Forgotten:
        __table__ = Table("forgotten", MetaData(), Column("id", Integer), Column("neighbor_id", Integer), Column("person", Integer))

    assert not_understood({"forgotten": Forgotten}) == ["forgotten.neighbor_id", "forgotten.person"]


def test_who_sees_only_some_people_merges_none(acting):
    kept, gone = two(acting)
    with acting("southbank") as actor:
        session().info["sight"] = Sight(is_whole=True, among=[kept, gone])
        try:
            with pytest.raises(Missing):
                actions.merge_people(actor, kept, [gone], {}, {kept: 1, gone: 1}, now=MONDAY)
        finally:
            session().info.pop("sight")
