"""The audit chain shows every edit; links are kept only as hashes, end, and are never consumed by reading."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.infra import audit, db, links
from crm.kernel.refusal import Missing


def test_every_link_of_the_chain_follows_and_any_edit_is_found(acting, as_org, clock, world):
    """S11: tamper each row, and each is found."""
    for n in range(5):
        with acting("southbank") as actor:
            audit.record(actor, "test.done", now=clock.now, person_id=world.people["southbank"][n], after={"n": n})
    with acting("southbank") as actor:
        audit.record_many(actor, "test.many", [{"person_id": p, "after": {}} for p in world.people["southbank"]], now=clock.now)
    with as_org("southbank") as actor:
        assert audit.broken_link(actor) is None
        numbers = db.session().scalars(select(audit.AuditEntry.number)).all()
    assert len(numbers) == 6, "one link for a bulk change"
    for number in numbers:
        with db.transaction(world.orgs["southbank"]) as s:
            s.execute(update(audit.AuditEntry).where(audit.AuditEntry.number == number).values(verb="tampered"))
        with as_org("southbank") as actor:
            assert audit.broken_link(actor) == number
        with db.transaction(world.orgs["southbank"]) as s:
            s.execute(update(audit.AuditEntry).where(audit.AuditEntry.number == number).values(verb="test.done" if number < 6 else "test.many"))


def test_the_chain_holds_no_values(acting, clock, as_org):
    with acting("southbank") as actor:
        audit.record(actor, "test.done", now=clock.now, after={"given_name": "Canary"})
    with as_org("southbank"):
        entry = db.session().scalars(select(audit.AuditEntry)).one()
        assert "Canary" not in str(vars(entry))
        assert db.session().scalars(select(audit.Event)).one().after == {"given_name": "Canary"}


def test_a_link_is_kept_as_a_hash_and_ends(app, world, clock):
    """V7: at least 128 bits, hashed, safe under previews, replaceable."""
    org = world.orgs["southbank"]
    with db.transaction(org):
        token = links.issue_link(org, "pass", 7, expires_at=clock.now + timedelta(hours=1), now=clock.now)
    assert len(token) == 22
    with db.reading():
        for _ in range(50):
            assert links.read_link(token, "pass", clock.now).subject_id == 7
        stored = db.session().scalars(select(links.Link)).one()
        assert token not in str(vars(stored))
        # 132 bits in 22 letters: no bit of the last letter is unused, so no other letter there opens it, and no padding, space or other case does
        opening = [f"{token[:-1]}{last}" for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]
        for spelled in (*opening, f"{token}=", f"{token}==", f"{token} ", f" {token}", f"{token}A", token[:-1], token.swapcase(), f"{token}\n", f"{token}%3D"):
            if spelled != token:
                with pytest.raises(Missing):
                    links.read_link(spelled, "pass", clock.now)
        for wrong in ((token, "door"), (("x" if token[0] != "x" else "y") + token[1:], "pass"), ("", "pass")):
            with pytest.raises(Missing):
                links.read_link(*wrong, clock.now)
        with pytest.raises(Missing):
            links.read_link(token, "pass", clock.now + timedelta(hours=2))
        assert links.read_link(token, "pass", clock.now + timedelta(hours=2), grace_seconds=86_400)
    with db.transaction():
        links.revoke_links(org, "pass", 7, now=clock.now)
    with db.reading(), pytest.raises(Missing):
        links.read_link(token, "pass", clock.now)


def test_a_text_carries_the_address_only_when_it_leaves(app, world, clock):
    links.PATHS.setdefault("pass", "/me/")
    with db.transaction(world.orgs["southbank"]):
        id = links.issue_link_id(world.orgs["southbank"], "pass", 7, expires_at=clock.now + timedelta(hours=1), now=clock.now)
    with db.reading(world.orgs["southbank"]):
        sent = links.expand_links(f"See you there: [[link:{id}]]")
    assert sent == f"See you there: http://localhost/me/{links.token_of(id)}"
    with db.reading(world.orgs["mill"]):
        assert links.expand_links(f"See you there: [[link:{id}]]") == "See you there: ", "another's text carries no link of ours"
