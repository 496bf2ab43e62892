"""The gate and its hours: pure, so every edge can be walked."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.kernel.phone import zones_of
from crm.outreach.rules.audience import Candidate, best_phones, plan_audience
from crm.outreach.rules.consent import Entry, may_give, may_review, next_state, replay
from crm.outreach.rules.gate import (
    AUTOMATIC,
    CONVERSATION,
    REASONS,
    SENTENCES,
    Facts,
    lasting,
    may_text,
    why_not,
    zones_of_number,
)
from crm.outreach.rules.templates import fill, greet

pytestmark = pytest.mark.one_database

LA = "America/Los_Angeles"
NOON = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # Monday noon in Los Angeles
GOOD = Facts(phone="+14155550100", zones=(LA,), consent="given")


def but(**changes):
    return Facts(**{**GOOD.__dict__, **changes})


def test_a_good_text_may_go():
    assert may_text(GOOD, NOON) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"phone": None}, "no_phone"),
        ({"is_textable": False}, "not_textable"),
        ({"consent": None}, "no_consent"),
        ({"consent": "revoked"}, "opted_out"),
        ({"may_end": True}, "may_end"),
        ({"recent": 2}, "cap"),
        ({"is_sender_approved": False}, "unregistered_sender"),
    ],
)
def test_each_reason_alone_refuses(changes, reason):
    """C1, R1, R18: take one condition away and nothing leaves."""
    assert why_not(but(**changes), NOON) == [reason]
    assert str(may_text(but(**changes), NOON)) == SENTENCES[reason]
    assert reason in REASONS


def test_all_reasons_come_at_once():
    night = NOON + timedelta(hours=10)
    names = why_not(but(consent="revoked", recent=5, is_sender_approved=False), night)
    assert names == ["unregistered_sender", "opted_out", "cap", "quiet_hours"]
    assert lasting(["quiet_hours"]) is None
    assert lasting(["quiet_hours", "cap"]) == "cap"


@pytest.mark.parametrize(
    ("purpose", "wrote", "consent", "hour", "goes"),
    [
        ("stop_answer", None, "revoked", 23, True),
        ("help_answer", None, None, 3, True),
        ("answer", 14, "given", 23, True),
        ("answer", 16, "given", 23, False),
        ("answer", 14, None, 23, True),
        ("answer", 14, "revoked", 12, False),
        ("reply", 500, None, 12, True),
        ("reply", None, None, 12, False),
        ("organizing", 1, "given", 23, False),
    ],
)
def test_exemptions_and_their_edges(purpose, wrote, consent, hour, goes):
    """R16: an answer within a quarter of an hour, and what STOP and HELP ask for; nothing else."""
    now = datetime(2026, 11, 23, hour, tzinfo=ZoneInfo(LA))
    facts = but(
        purpose=purpose,
        consent=consent,
        recent=9 if purpose != "organizing" else 0,
        wrote_at=now - timedelta(minutes=wrote) if wrote else None,
    )
    assert (may_text(facts, now) is None) == goes


def person(id, phone="+14155550100", **more):
    return Candidate(
        id,
        f"Given{id}",
        "Family",
        more.pop("language", "en"),
        None,
        phone,
        consent=more.pop("consent", "given"),
        **more,
    )


def plan(*people, when=NOON, **more):
    return plan_audience(people, more.pop("recent", {}), when=when, organization_zone=LA, **more)


def test_people_who_share_a_phone_get_one_text_that_greets_them_all():
    found = plan(person(1), person(2), person(3, "+14155550111"))
    assert [r.person_ids for r in found.recipients] == [(1, 2), (3,)]
    assert found.recipients[0].greeting("es") == "Given1 y Given2"
    assert found.left_out["shares_phone"][0].person_id == 2
    assert (found.total, found.count, found.out_count) == (3, 2, 1)


def test_who_opted_out_on_one_phone_is_not_texted_on_another():
    """R7: an opt-out is of the person who wrote it."""
    both = [person(1, "+14155550101"), person(1, "+14155550102", consent="revoked")]
    assert best_phones(both)[0].consent == "revoked"
    assert plan(*both).left_out.keys() == {"opted_out"}


def test_who_may_have_asked_for_no_texts_is_answered_and_gets_nothing_else():
    """R5: for every purpose but a conversation's; on whichever phone they wrote it; what they plainly asked comes first."""
    for purpose in ("organizing", "fundraising", "safety", "rsvp"):
        assert why_not(but(may_end=True, purpose=purpose, most=9), NOON)[:1] == ["may_end"], purpose
    for purpose in (*CONVERSATION, *AUTOMATIC):
        assert why_not(but(may_end=True, purpose=purpose, wrote_at=NOON), NOON) == [], purpose
    assert why_not(but(may_end=True, consent="revoked"), NOON) == ["opted_out"]
    assert plan(person(1, "+14155550101", is_preferred=True), person(1, "+14155550102", unread=7)).left_out.keys() == {"may_end"}
    assert plan(person(1), person(2, unread=7)).count == 1, "people whom the gate can tell apart are told apart"


def test_the_phone_that_can_get_texts_is_taken():
    found = best_phones([person(1, "+14155550101", is_textable=False, is_preferred=True), person(1, "+14155550102")])
    assert found[0].phone == "+14155550102"


def test_at_night_everyone_waits_for_their_own_morning():
    night = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    found = plan(person(1, "+14155550100"), person(2, "+12125550100"), when=night)
    assert found.waiting == 2
    assert (found.first_at, found.last_at) == (
        datetime(2026, 11, 24, 14, tzinfo=UTC),
        datetime(2026, 11, 24, 17, tzinfo=UTC),
    )


@given(
    st.lists(
        st.tuples(
            st.integers(1, 6),
            st.sampled_from(["+14155550101", "+14155550102", "+12125550103", None]),
            st.sampled_from(["given", "revoked", None]),
            st.booleans(),
        ),
        max_size=20,
    ),
    st.integers(0, 7 * 24 * 60),
)
@settings(max_examples=200, deadline=None)
def test_everyone_is_accounted_for_once(rows, minutes):
    """A2: each person of an audience gets the text, is greeted in another's, or has a reason; each phone gets one."""
    people = [person(id, phone, consent=consent if phone else None, is_textable=textable) for id, phone, consent, textable in rows]
    found = plan(*people, when=NOON + timedelta(minutes=minutes))
    got = [id for r in found.recipients for id in r.person_ids[:1]]
    out = [one.person_id for some in found.left_out.values() for one in some]
    assert sorted(got + out) == sorted({p.person_id for p in people})
    phones = [r.phone for r in found.recipients]
    assert len(phones) == len(set(phones))
    consented = {p.phone for p in people if p.consent == "given"}
    assert set(phones) <= consented


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["given", "revoked"]),
            st.sampled_from(["in_person", "import", "keyword", "start", "text", "doubt", "provider", "email", "undo"]),
        ),
        max_size=12,
    )
)
@settings(max_examples=500, deadline=None)
def test_no_order_of_entries_revives_who_stopped(entries):
    """C1, C13: after a STOP by text only a START or keyword by text gives consent again."""
    state, own_stop = None, False
    for entry in (Entry(*e) for e in entries if e[1] != "undo"):
        state = next_state(state, entry)
        if entry.kind == "revoked" and entry.source in ("text", "provider"):
            own_stop = True
        elif entry.kind == "given" and entry.source in ("start", "keyword"):
            own_stop = own_stop and state is not None and state.kind == "revoked"
        if own_stop:
            assert state is not None and state.kind == "revoked"
    assert replay(Entry(*e) for e in entries if e[1] != "undo") == state
    last = replay(Entry(*e) for e in entries)
    if any(e in (("revoked", "text"), ("revoked", "provider")) for e in entries) and not any(e[1] in ("start", "keyword") for e in entries):
        assert last.kind == "revoked"


def test_what_a_list_brought_is_taken_back_alone():
    """Undoing an import leaves what was said before, since, and by other lists."""
    paper, no, undone = Entry("given", "paper"), Entry("revoked", "import", "a.csv"), Entry("revoked", "undo", "a.csv")
    assert replay([paper, no]) == no
    assert replay([paper, no, undone]) == paper
    assert replay([no, undone]) is None
    assert replay([no, other := Entry("revoked", "import", "b.csv"), undone]) == other
    assert replay([paper, no, stop := Entry("revoked", "text"), undone]) == stop
    assert replay([letter := Entry("revoked", "email"), no]) == letter


def test_start_needs_an_earlier_yes():
    """R10: START brings back only what was there."""
    assert may_give(None, "start")
    assert may_give(Entry("revoked", "text"), "start") is None
    assert may_give(Entry("revoked", "text"), "import")
    assert may_give(Entry("revoked", "in_person"), "paper") is None


@pytest.mark.parametrize(
    ("body", "values", "language", "said"),
    [
        ("Hi {first_name}", {"first_name": "Ana"}, "en", "Hi Ana"),
        ("Hi {first_name}", {}, "en", "Hi neighbor"),
        ("Hi {first_name|friend}", {"first_name": ""}, "en", "Hi friend"),
        ("Hola {first_name}", {}, "es", "Hola compañera o compañero"),
        ("{first_name}: {link}", {"first_name": "{link}", "link": "x"}, "en", "{link}: x"),
    ],
)
def test_personal_fields(body, values, language, said):
    assert fill(body, values, language) == said


def test_a_link_s_place_that_was_typed_is_left_out():
    """In the words or as a name; only the member's own link stands."""
    values = {"first_name": "Ana[[link:8]]", "link": "[[link:5]] [[link:6]]"}
    assert fill("[[link:7]]{first_name}: {link}", values, "en") == "Ana: [[link:5]] [[link:6]]"


def test_greetings():
    assert greet(["Ana"], "en") == "Ana"
    assert greet(["Ana", "Luis", "Rosa"], "en") == "Ana, Luis and Rosa"
    assert greet(["Ana", "Inés"], "es") == "Ana e Inés"
    assert greet(["Ana", "Ana"], "en") == "Ana"


@pytest.mark.parametrize("number", ["+12082015550", "+12085550100", "+19075550100", "+18005550100", "+442079460000", "+18124821234"])
def test_zones_are_shared_by_area_code_and_exchange(number):
    assert zones_of_number(number) == zones_of(number)


def test_only_what_was_in_doubt_is_taken_back():
    """R5: a person may find that a reply was no opt-out, of that reply alone, and never of plain words."""
    paper, doubt, plain = Entry("given", "paper"), Entry("revoked", "doubt", "text 1"), Entry("revoked", "text", "text 2")
    review = Entry("revoked", "review", "text 1")
    assert replay([paper, doubt]) == doubt and replay([paper, doubt, review]) == paper
    assert replay([doubt, review]) is None, "who never agreed has not agreed now"
    assert replay([paper, doubt, plain]) == plain and replay([paper, doubt, plain, review]) == plain
    assert replay([paper, plain, doubt, review]) == plain
    assert replay([paper, doubt, Entry("revoked", "doubt", "text 3"), review]) == Entry("revoked", "doubt", "text 3")
    assert may_review(doubt) is None
    assert may_review(plain) and may_review(Entry("revoked", "provider")) and may_review(Entry("revoked", "paper")) and may_review(paper) and may_review(None)
    assert may_give(doubt, "in_person") and may_give(doubt, "start") is None
