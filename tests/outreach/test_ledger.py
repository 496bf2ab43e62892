"""The ledger of consent: what a yes must hold, what is never changed, what a no ends, and how mistakes of ours are taken back."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from crm.infra import db
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.ledgers import LEDGERS, unlocked
from crm.kernel.refusal import Missing, Refused
from crm.outreach import actions
from crm.outreach.actions.claiming import claim_texts
from crm.outreach.actions.ledger import entry_row, replayed
from crm.outreach.models import Consent, ConsentState, Text, Wording
from crm.outreach.rules.consent import (
    GIVEN_BY,
    PURPOSES,
    STAFF_REVOKED,
    Entry,
    Yes,
    consent_for,
    issues_before_giving,
    may_give,
    may_take_back,
    next_state,
    replay,
)
from tests.clients import form_of
from tests.factories import MONDAY

PHONE = "+14155550177"
YES = {"source": "paper", "wording": "You may text me about meetings.", "evidence": "sheet 4"}
WHOLE = Yes(PHONE, "organizing", "paper", "You may text me.", "Imani", "sheet 4")


def state(phone=PHONE):
    kept = select(ConsentState.purpose, ConsentState.state).where(ConsentState.phone == phone)
    return dict(session().execute(kept).all())


@pytest.mark.parametrize("field", Yes._fields)
def test_a_yes_without_any_one_of_its_parts_is_none(field):
    """R1: phone, purpose, method, exact words, collector and evidence; each alone refuses."""
    assert issues_before_giving(WHOLE) == []
    assert len(issues_before_giving(WHOLE._replace(**{field: ""}))) == 1


@pytest.mark.parametrize("field", ["wording", "evidence", "source"])
def test_nothing_is_sent_on_half_a_yes(acting, field):
    """R1: what was refused gives no consent; the text is refused too."""
    with acting("southbank") as actor:
        with pytest.raises(Refused):
            actions.give_consent(actor, PHONE, now=MONDAY, **YES | {field: ""})
        assert state() == {}
        assert "never agreed" in str(actions.queue_to_phone(actor, PHONE, "Hello", purpose="thanks", key="k", now=MONDAY))
        actions.give_consent(actor, PHONE, now=MONDAY, **YES)
        assert isinstance(actions.queue_to_phone(actor, PHONE, "Hello", purpose="thanks", key="k", now=MONDAY), int)


@pytest.mark.parametrize("field", ["wording_id", "evidence", "collector"])
def test_the_database_keeps_no_half_a_yes(acting, field):
    """R1: whoever writes the table directly is refused as well."""
    with acting("southbank") as actor:
        actions.give_consent(actor, PHONE, now=MONDAY, **YES)
        words = session().scalar(select(Wording.id))
        row = entry_row(actor, "+14155550178", "given", "paper", MONDAY, wording_id=words, evidence="sheet")
        with pytest.raises(IntegrityError), session().begin_nested():
            session().execute(insert(Consent), [row | {field: None if field == "wording_id" else ""}])
        session().execute(insert(Consent), [row])


def test_a_yes_to_one_organization_is_nothing_to_another(acting):
    """R2: the same number, agreed at one organization, is refused at the other."""
    with acting("southbank") as actor:
        actions.give_consent(actor, PHONE, now=MONDAY, **YES)
    with acting("mill") as actor:
        assert state() == {}
        assert "never agreed" in str(actions.queue_to_phone(actor, PHONE, "Hello", purpose="thanks", key="k", now=MONDAY))
        actions.revoke_consent(actor, PHONE, source="text", now=MONDAY)
    with acting("southbank"):
        assert state() == {"organizing": "given"}


def test_entries_rest_on_numbered_words(acting):
    """R1: the same words are one version, other words the next; each entry points at its own."""
    with acting("southbank") as actor:
        for n, words in enumerate(["First words", "First words", "Second words"]):
            actions.give_consent(actor, f"+1415555018{n}", now=MONDAY, **YES | {"wording": words})
        told = select(Wording.number, Wording.words).join(Consent, (Consent.org_id == Wording.org_id) & (Consent.wording_id == Wording.id))
        assert session().execute(told.order_by(Consent.phone)).all() == [(1, "First words"), (1, "First words"), (2, "Second words")]
    with acting("mill") as actor:
        actions.give_consent(actor, PHONE, now=MONDAY, **YES)
        assert session().scalar(select(Wording.number)) == 1, "each organization counts its own"


@pytest.mark.parametrize("change", [
    lambda: update(Consent).values(kind="revoked"),
    lambda: update(Consent).values(at=MONDAY - timedelta(days=1)),
    lambda: delete(Consent),
    lambda: update(Wording).values(words="You may text and call me day and night."),
    lambda: delete(Wording),
], ids=["kind", "time", "removed", "words", "words removed"])  # fmt: skip
def test_the_ledger_is_never_changed(acting, change):
    """C9: the database itself refuses, whatever the program asks."""
    with acting("southbank") as actor:
        actions.give_consent(actor, PHONE, now=MONDAY, **YES)
        with pytest.raises(DBAPIError, match="never changed or removed"), session().begin_nested():
            session().execute(change(), execution_options={"synchronize_session": False})
        assert session().scalar(select(Consent.kind)) == "given"
        assert session().scalar(select(Wording.words)) == YES["wording"]


def test_an_object_of_the_ledger_is_not_changed_either(acting):
    """C9: nor through the session."""
    with acting("southbank") as actor:
        actions.give_consent(actor, PHONE, now=MONDAY, **YES)
        with pytest.raises(DBAPIError, match="never changed or removed"), session().begin_nested():
            session().scalar(select(Consent)).evidence = "another sheet"
            session().flush()
        session().expire_all()


def test_only_inside_the_erasing_is_it_open_and_afterwards_shut(acting):
    """C9, P3: erasing a person is the one exception, for as long as it lasts."""
    assert set(LEDGERS) == {"consents", "wordings"}
    with acting("southbank") as actor:
        actions.give_consent(actor, PHONE, now=MONDAY, **YES)
        with unlocked(session()):
            session().execute(update(Consent).values(evidence="gone"), execution_options={"synchronize_session": False})
        with pytest.raises(DBAPIError, match="never changed"), session().begin_nested():
            session().execute(delete(Consent), execution_options={"synchronize_session": False})


def test_a_no_ends_every_purpose_and_a_yes_only_its_own(acting):
    """R7: opting out is organization-wide across purposes; a yes to our work is no yes to be asked for money."""
    ask = lambda actor, purpose, key: actions.queue_to_phone(actor, PHONE, "Hello", purpose=purpose, key=key, now=MONDAY)  # noqa: E731
    with acting("southbank") as actor:
        actions.give_consent(actor, PHONE, now=MONDAY, **YES)
        assert "never agreed" in str(ask(actor, "fundraising", "a"))
        actions.give_consent(actor, PHONE, now=MONDAY, purpose="fundraising", **YES)
        assert isinstance(ask(actor, "fundraising", "b"), int)
        actions.revoke_consent(actor, PHONE, source="email", now=MONDAY)
        assert state() == dict.fromkeys(PURPOSES, "revoked")
        assert "asked for no texts" in str(ask(actor, "fundraising", "c")) and "asked for no texts" in str(ask(actor, "thanks", "d"))
        actions.give_consent(actor, PHONE, now=MONDAY + timedelta(minutes=1), **YES)
        assert state() == {"organizing": "given", "fundraising": "revoked"}
        assert "asked for no texts" in str(ask(actor, "fundraising", "e"))
        claimed, _ = claim_texts(actor, None, now=MONDAY + timedelta(minutes=2))
        assert claimed == [] and session().scalar(select(Text.state).where(Text.key == "b")) == "refused"


def test_start_brings_back_each_purpose_that_was_there(acting):
    """R10: and nothing that never was; the words are those of that time."""
    with acting("southbank") as actor:
        with pytest.raises(Refused, match="never agreed"):
            actions.give_consent(actor, PHONE, source="start", said="START", evidence="text 1", now=MONDAY)
        actions.give_consent(actor, PHONE, now=MONDAY, **YES)
        actions.revoke_consent(actor, PHONE, source="text", said="STOP", now=MONDAY)
        actions.give_consent(actor, PHONE, source="start", said="START", evidence="text 2", now=MONDAY)
        assert state() == {"organizing": "given"}
        assert session().scalar(select(func.count()).select_from(Wording)) == 1
        actions.give_consent(actor, PHONE, now=MONDAY, purpose="fundraising", **YES)
        actions.revoke_consent(actor, PHONE, source="text", said="STOP", now=MONDAY)
        actions.give_consent(actor, PHONE, source="start", said="START", evidence="text 3", now=MONDAY)
        assert state() == dict.fromkeys(PURPOSES, "given")


def test_a_later_word_stands_although_it_is_written_down_first(acting):
    """C9: entries count in the order in which they were said; a card signed before a no does not end it."""
    with acting("southbank") as actor:
        actions.revoke_consent(actor, PHONE, source="in_person", now=MONDAY)
        actions.give_consent(actor, PHONE, now=MONDAY, at=MONDAY - timedelta(hours=1), **YES)
        assert state() == {"organizing": "revoked"}
        assert actions.rebuild_consent(actor) == 0


# Mistakes of ours ------------------------------------------------------------------------------------------------


def test_staff_take_back_only_what_staff_wrote(acting, world):
    """R6, R10: what the person wrote stays; a mistake is an entry more, with its reason."""
    person, other = world.people["southbank"][:2]
    phone = world.phones[person]
    with acting("southbank", account="imani") as actor:
        actions.give_consent(actor, phone, now=MONDAY, **YES)
        actions.revoke_consent(actor, phone, source="phone_call", now=MONDAY)
        wrong = session().scalars(select(Consent.id).where(Consent.kind == "revoked")).one()
        with pytest.raises(Refused, match="Say what went wrong"):
            actions.take_back(actor, person, wrong, " ", now=MONDAY)
        with pytest.raises(Missing):
            actions.take_back(actor, other, wrong, "wrong person", now=MONDAY)
        actions.take_back(actor, person, wrong, "wrong person", now=MONDAY)
        assert state(phone) == {"organizing": "given"}
        with pytest.raises(Refused, match="already"):
            actions.take_back(actor, person, wrong, "wrong person", now=MONDAY)
        assert session().scalar(select(func.count()).select_from(Consent)) == 3
        actions.revoke_consent(actor, phone, source="text", said="STOP", now=MONDAY)
        stop = session().scalars(select(Consent.id).where(Consent.source == "text")).one()
        with pytest.raises(Refused, match="wrote this themselves"):
            actions.take_back(actor, person, stop, "they called and said it was an accident", now=MONDAY)
        given_id = session().scalars(select(Consent.id).where(Consent.kind == "given")).one()
        actions.take_back(actor, person, given_id, "they never signed", now=MONDAY)
        assert state(phone) == {"organizing": "revoked"} and actions.rebuild_consent(actor) == 0


@pytest.mark.parametrize(("source", "account", "may"), [
    ("paper", 1, True), ("email", 1, True), ("paper", None, False), ("text", 1, False), ("provider", None, False), ("start", None, False),
    ("keyword", None, False), ("import", 1, False), ("undo", 1, False), ("erased", 1, False),
])  # fmt: skip
def test_what_may_be_taken_back(source, account, may):
    """R6: only what staff themselves wrote down."""
    assert (may_take_back(Entry("revoked", source, id=3), account, [], "a slip") == []) == may
    assert may_take_back(Entry("revoked", "paper", id=3), 1, [3], "a slip"), "once"


def test_the_page_takes_a_mistake_back(signed_in, as_org, world):
    person = world.people["southbank"][0]
    desk, address = signed_in("imani", org="southbank"), f"/people/{person}/consent"
    form = form_of(desk.get(address).text, "phone_id")
    late = (MONDAY.date() + timedelta(days=2)).isoformat()
    answer = desk.post(address, data=form | {"kind": "revoked", "source": "paper", "received_on": late})
    assert answer.status_code == 422 and "has not come yet" in answer.text
    given = form | {"kind": "given", "source": "paper", "wording": "You may text me", "evidence": "sheet 4"}
    assert desk.post(address, data=given).status_code == 303
    page = desk.get(address).text
    assert "(version 1)" in page and "You may text me" in page
    with as_org("southbank"):
        entry = session().scalars(select(Consent.id)).one()
    form = form_of(desk.get(f"{address}/{entry}/mistake").text, "why")
    assert desk.post(f"{address}/{entry}/mistake", data=form | {"why": "It was her sister"}).status_code == 303
    page = desk.get(address).text
    assert "It was her sister" in page and "does not count" in page and "Never asked" in page
    assert signed_in("stranger").get(f"{address}/{entry}/mistake").status_code == 404


# A model of the ledger -------------------------------------------------------------------------------------------

STEPS = st.one_of(
    st.tuples(st.just("give"), st.sampled_from(["paper", "web", "keyword", "import"]), st.sampled_from(list(PURPOSES))),
    st.tuples(st.just("start"), st.just("start"), st.just("")),
    st.tuples(st.just("revoke"), st.sampled_from(["text", "provider", *STAFF_REVOKED]), st.just("")),
    st.tuples(st.just("back"), st.integers(0, 11), st.just("")),
    st.tuples(st.just("list"), st.sampled_from(["given", "revoked"]), st.sampled_from(["a.csv", "b.csv"])),
    st.tuples(st.just("unlist"), st.sampled_from(["a.csv", "b.csv"]), st.just("")),
)


def do(actor, step, now):
    """One step of an organizer, a member, a list or the network; what may not be is refused and changes nothing."""
    verb, what, more = step
    try:
        if verb == "give":
            actions.give_consent(actor, PHONE, now=now, purpose=more, **YES | {"source": what})
        elif verb == "start":
            actions.give_consent(actor, PHONE, now=now, source="start", said="START", evidence="text")
        elif verb == "revoke":
            actions.revoke_consent(actor, PHONE, source=what, now=now)
        elif verb == "back":
            found = session().scalars(select(Consent).order_by(Consent.at, Consent.id)).all()
            if what < len(found) and found[what].person_id:
                actions.take_back(actor, found[what].person_id, found[what].id, "a slip", now=now)
        else:
            row = {"kind": what, "person_id": None, "phones": [PHONE], "at": None, "source": "yes", "evidence": more or what, "subject": ("import", 1)}
            (actions.take_import if verb == "list" else actions.take_import_back)(actor, [row], now)
    except (Refused, Missing):
        return False
    return True


@given(st.lists(STEPS, max_size=12))
@settings(max_examples=60, deadline=None)
def test_whatever_happens_the_present_is_what_the_ledger_says(pristine, steps):
    """C1, C9, C13: random operations; the kept state equals the replay, and who wrote STOP is given back by their own word only."""
    app, stock, world = pristine
    db.disconnect()  # each example has a database of its own
    db.connect(stock.fresh())
    actor, own_stop, now = Actor(world.orgs["southbank"], account_id=1, name="Imani"), False, MONDAY
    with app.test_request_context(), db.transaction(actor.org_id):
        for step in steps:
            now += timedelta(minutes=1)
            was_done = do(actor, step, now)
            own_stop = own_stop or step[:2] in (("revoke", "text"), ("revoke", "provider"))
            if was_done and step[1] in ("start", "keyword") and step[0] in ("give", "start"):
                own_stop = False
            kept = {(PHONE, purpose): kind for purpose, kind in state().items()}
            assert kept == {key: end.kind for key, end in replayed().items()}
            if own_stop:
                assert consent_for("organizing", state()) == "revoked"
                assert consent_for("fundraising", state()) != "given" or step[1] == "keyword"
        assert actions.rebuild_consent(actor) == 0
    db.disconnect()


def test_the_parts_of_the_ledger_s_rules():
    """C9: mistakes are looked over first; a purpose sees its own yes and every no."""
    money = Entry("given", "paper", purpose="fundraising", id=2)
    work = Entry("given", "paper", id=1)
    assert replay([work], "fundraising") is None and replay([work, money], "fundraising") == money
    assert replay([work, no := Entry("revoked", "email", id=3)], "fundraising") == no
    assert replay([work, no, Entry("revoked", "undo", id=4, undoes=3)]) == work
    assert replay([work, Entry("revoked", "undo", id=4, undoes=1)]) is None
    assert next_state(no, Entry("revoked", "import")) == no
    assert may_give(no, "import") and not may_give(no, "paper")
    assert set(GIVEN_BY) >= {"web", "paper", "keyword", "in_person"}
