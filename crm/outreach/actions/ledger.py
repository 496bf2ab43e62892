"""The ledger of consent itself: entries are added, and the kept states follow from them. Nothing else writes these tables."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import delete, func, insert, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import hold, new_id, session
from crm.outreach.models import Consent, ConsentState, Wording
from crm.outreach.rules.consent import PURPOSE, Entry, states_of
from crm.people.models import Phone

Kept = dict[tuple[str, str], Entry]  # (phone, purpose) → state


def entry_row(
    actor: Actor, phone: str, kind: str, source: str, now: datetime, *, at: datetime | None = None, purpose: str = PURPOSE, person_id: int | None = None,
    wording_id: int | None = None, said: str = "", evidence: str = "", received_on: date | None = None, undoes_id: int | None = None,
) -> dict[str, Any]:
    """One line of the ledger. Nothing can have been said later than now."""
    return {
        "org_id": actor.org_id, "id": new_id(), "person_id": person_id, "phone": phone, "purpose": purpose, "kind": kind, "source": source,
        "wording_id": wording_id, "said": said, "collector": actor.name, "account_id": actor.account_id, "evidence": evidence,
        "received_on": received_on, "undoes_id": undoes_id, "at": min(at or now, now), "created_at": now,
    }


def append(actor: Actor, rows: Collection[dict[str, Any]], now: datetime) -> None:
    """Adds lines and brings the kept states of their phones to what the ledger then comes to."""
    session().execute(insert(Consent), list(rows))
    settle(actor, {row["phone"] for row in rows}, now)


def append_and_tell(actor: Actor, row: dict[str, Any], now: datetime) -> bool:
    """Adds one line; where it changed what may be sent, everyone who has this phone sees it on their timeline. True if it did."""
    phone, kind = row["phone"], row["kind"]
    was = {state.purpose: state.state for state in locked_states([phone])}
    append(actor, [row], now)
    now_is = {purpose: end.kind for (_phone, purpose), end in replayed(Consent.phone == phone).items()}
    if was == now_is:
        return False
    verb = "consent.taken_back" if row["source"] == "undo" else f"consent.{kind}"
    owners = session().scalars(select(Phone.person_id).where(Phone.e164 == phone)).all()
    for owner in dict.fromkeys([*owners, *([row["person_id"]] if row["person_id"] else [])]):
        audit.record(actor, verb, now=now, person_id=owner, after={"source": row["source"]})
    return True


def locked_states(phones: Collection[str]) -> list[ConsentState]:
    """The kept states of these phones, locked in order: whoever sends to one of them comes before or after."""
    wanted = select(ConsentState).where(ConsentState.phone.in_(phones)).order_by(ConsentState.phone, ConsentState.purpose)
    return list(session().scalars(wanted.with_for_update()))


def settle(actor: Actor, phones: Collection[str], now: datetime) -> None:
    """Brings the kept states of these phones to what the ledger says of them."""
    kept = {(state.phone, state.purpose): state for state in locked_states(phones)}
    after = replayed(Consent.phone.in_(phones))
    for key in kept.keys() - after.keys():
        session().delete(kept[key])
    for (phone, purpose), end in after.items():
        state = kept.get((phone, purpose))
        if state is None:
            state = ConsentState(org_id=actor.org_id, phone=phone, purpose=purpose, created_at=now)
            session().add(state)
        state.state, state.source, state.at = end.kind, end.source, end.at
    session().flush()


def entries_of(*conditions: Any) -> Iterable[tuple[str, list[Entry]]]:
    """The ledger by phone, each phone's lines in order."""
    told = select(
        Consent.phone, Consent.kind, Consent.source, Consent.evidence, Consent.at, Consent.purpose, Consent.id, Consent.undoes_id
    ).where(*conditions)
    lines = session().execute(told.order_by(Consent.phone, Consent.at, Consent.id))
    for phone, group in groupby(lines, key=lambda line: line.phone):
        yield phone, [Entry(*line[1:]) for line in group]


def replayed(*conditions: Any) -> Kept:
    """What the ledger comes to, by phone and purpose."""
    return {(phone, purpose): end for phone, lines in entries_of(*conditions) for purpose, end in states_of(lines).items()}


def wording_ids(actor: Actor, words: Iterable[str], now: datetime) -> dict[str, int]:
    """The kept version of each of these words; words that were never used before become this organization's next versions."""
    marks = {hashlib.sha256(each.encode()).hexdigest(): each for each in dict.fromkeys(words)}
    found = _versions(marks)
    if new := [mark for mark in marks if mark not in found]:
        hold(actor.org_id)  # versions are counted one after the other
        found = _versions(marks)
        last = session().scalar(select(func.max(Wording.number))) or 0
        rows = [
            {"org_id": actor.org_id, "id": new_id(), "number": last + n, "words": marks[mark], "mark": mark, "created_at": now}
            for n, mark in enumerate((mark for mark in new if mark not in found), 1)
        ]
        if rows:
            session().execute(insert(Wording), rows)
            found |= {row["mark"]: row["id"] for row in rows}
    return {words: found[mark] for mark, words in marks.items()}


def _versions(marks: Collection[str]) -> dict[str, int]:
    return dict(session().execute(select(Wording.mark, Wording.id).where(Wording.mark.in_(marks))).all())


def rebuild_consent(actor: Actor) -> int:
    """Derives every phone's states again from the ledger; returns how many differed from what was kept."""
    before = {(s.phone, s.purpose): (s.state, s.source, s.at) for s in session().scalars(select(ConsentState))}
    after = {key: (end.kind, end.source, end.at) for key, end in replayed().items()}
    session().execute(delete(ConsentState))
    session().add_all(
        ConsentState(org_id=actor.org_id, phone=phone, purpose=purpose, state=kind, source=source, at=at)
        for (phone, purpose), (kind, source, at) in after.items()
    )
    session().flush()
    return sum(before.get(key) != after.get(key) for key in before | after)
