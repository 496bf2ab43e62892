"""Verbs of consent: give, revoke, and rebuild the present state from the ledger."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import delete, insert, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import Refused
from crm.outreach.models import Consent, ConsentState
from crm.outreach.rules.consent import PURPOSE, Entry, issues_before_recording, may_give, next_state, replay
from crm.people.models import Phone
from crm.people.queries import person_for


def give_consent(
    actor: Actor,
    phone: str,
    *,
    source: str,
    now: datetime,
    person_id: int | None = None,
    wording: str = "",
    evidence: str = "",
) -> None:
    """Appends that the phone's owner agreed to texts; refused where only they themselves can start again."""
    state = _state(phone)
    refusal = may_give(_entry(state), source)
    if refusal:
        raise Refused(refusal)
    _append(actor, phone, state, "given", source, now, person_id, wording, evidence)


def revoke_consent(
    actor: Actor,
    phone: str,
    *,
    source: str,
    now: datetime,
    person_id: int | None = None,
    wording: str = "",
    evidence: str = "",
) -> bool:
    """Appends that the phone's owner wants no texts; obeyed at once for every broadcast. False if it was so before."""
    state = _state(phone)
    was_revoked = state is not None and state.state == "revoked"
    _append(actor, phone, state, "revoked", source, now, person_id, wording, evidence)
    return not was_revoked


def record_consent(actor: Actor, person_id: int, phone_id: int, kind: str, source: str, wording: str, evidence: str, *, now: datetime) -> int:
    """Staff write down what a person told them about one of their phones; returns the person's id."""
    person = person_for(actor, person_id)
    issues = issues_before_recording(kind, source, wording, evidence)
    phone = session().scalar(select(Phone).where(Phone.id == phone_id, Phone.person_id == person.id))
    if issues or phone is None:
        raise Refused(issues)
    verb = give_consent if kind == "given" else revoke_consent
    verb(
        actor,
        phone.e164,
        source=source,
        now=now,
        person_id=person.id,
        wording=wording.strip(),
        evidence=evidence.strip(),
    )
    return person.id


def import_consents(actor: Actor, rows: Iterable[tuple[int, str]], *, wording: str, evidence: str, now: datetime, source: str = "import") -> int:
    """Many given at once, as (person id, phone); returns how many phones had no entry before and have consent now."""
    fresh = [_row(actor, phone, "given", source, now, person_id, wording, evidence) for person_id, phone in rows]
    return _give_fresh(actor, fresh, None, now)


def take_import(actor: Actor, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """An import brought refusals, and consent with its date and source: each becomes an entry of the ledger. Again is harmless."""
    lines: dict[str, list[dict[str, Any]]] = {"given": [], "revoked": []}
    for row in rows:
        words = (row["person_id"], row["source"], row["evidence"])
        lines[row["kind"]] += [_row(actor, phone, row["kind"], "import", now, *words) | ({"at": row["at"]} if row["at"] else {}) for phone in row["phones"]]
    subject = rows[0]["subject"] if rows else None
    # A no comes first, so that a yes of the same list finds it.
    _revoke_listed(actor, lines["revoked"], subject, now)
    _give_fresh(actor, lines["given"], subject, now)


def _revoke_listed(actor: Actor, rows: list[dict[str, Any]], subject: tuple[str, int] | None, now: datetime) -> None:
    """Every no of a list is an entry, even where there is one already: it stands when the other is taken back."""
    phones = {row["phone"] for row in rows}
    already = _entries_from_lists(phones, {row["evidence"] for row in rows})
    fresh = {row["phone"]: row for row in rows if (row["phone"], row["evidence"]) not in already}
    if not fresh:
        return
    was = {state.phone for state in _states(fresh) if state.state == "revoked"}
    session().execute(insert(Consent), list(fresh.values()))
    _settle(actor, fresh, now)
    changed = fresh.keys() - was
    owners = session().execute(select(Phone.person_id).where(Phone.e164.in_(changed)).distinct()).scalars() if changed else ()
    told = dict.fromkeys([*owners, *(fresh[phone]["person_id"] for phone in sorted(changed) if fresh[phone]["person_id"])])
    audit.record_many(actor, "consent.revoked", [{"person_id": id, "after": {"source": "import"}} for id in told], now=now, subject=subject)


def take_import_back(actor: Actor, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """The import is undone: what it had brought goes, by further entries; what people said before and since stands again."""
    owners = {(phone, row["evidence"]): row["person_id"] for row in rows for phone in row["phones"]}
    wrote = _entries_from_lists({phone for phone, _ in owners}, {evidence for _, evidence in owners})
    if back := sorted(wrote & owners.keys()):
        lines = [_row(actor, phone, "revoked", "undo", now, owners[phone, evidence], "", evidence) for phone, evidence in back]
        session().execute(insert(Consent), lines)
        _settle(actor, {phone for phone, _ in back}, now)


def _entries_from_lists(phones: Collection[str], evidence: Collection[str]) -> set[tuple[str, str]]:
    """(phone, evidence) of what lists brought."""
    found = select(Consent.phone, Consent.evidence).where(Consent.phone.in_(phones), Consent.evidence.in_(evidence), Consent.source == "import")
    return {(phone, said) for phone, said in session().execute(found)} if phones else set()


def _states(phones: Collection[str]) -> list[ConsentState]:
    wanted = select(ConsentState).where(ConsentState.phone.in_(phones)).order_by(ConsentState.phone)
    return list(session().scalars(wanted.with_for_update()))


def _settle(actor: Actor, phones: Collection[str], now: datetime) -> None:
    """Brings the kept states of these phones to what the ledger says of them."""
    kept = {state.phone: state for state in _states(phones)}
    after = _replayed(Consent.phone.in_(phones))
    for phone in phones:
        end, state = after.get(phone), kept.get(phone)
        if end is None:
            if state is not None:
                session().delete(state)
            continue
        if state is None:
            state = ConsentState(org_id=actor.org_id, phone=phone, created_at=now)
            session().add(state)
        state.state, state.source, state.at = end.kind, end.source, end.at
    session().flush()


def _replayed(*conditions: Any) -> dict[str, Entry]:
    """What the ledger comes to, by phone."""
    lines = select(Consent.phone, Consent.kind, Consent.source, Consent.evidence, Consent.at).where(*conditions)
    told = session().execute(lines.order_by(Consent.phone, Consent.at, Consent.id))
    ends = ((phone, replay(Entry(*line[1:]) for line in group)) for phone, group in groupby(told, key=lambda line: line.phone))
    return {phone: end for phone, end in ends if end is not None}


def _give_fresh(actor: Actor, rows: list[dict[str, Any]], subject: tuple[str, int] | None, now: datetime) -> int:
    """Only phones without any entry change, so a list never revives anyone."""
    by_phone = {row["phone"]: row for row in rows}
    known = set(session().scalars(select(ConsentState.phone).where(ConsentState.phone.in_(by_phone))))
    fresh = [row for phone, row in by_phone.items() if phone not in known]
    if not fresh:
        return 0
    session().execute(insert(Consent), fresh)
    session().execute(
        insert(ConsentState),
        [
            {
                "org_id": actor.org_id,
                "id": new_id(),
                "phone": row["phone"],
                "state": "given",
                "source": row["source"],
                "at": row["at"],
                "created_at": now,
            }
            for row in fresh
        ],
    )
    audit.record_many(
        actor,
        "consent.given",
        [{"person_id": row["person_id"], "after": {"source": row["source"]}} for row in fresh],
        now=now,
        subject=subject,
    )
    return len(fresh)


def rebuild_consent(actor: Actor) -> int:
    """Derives every phone's state again from the ledger; returns how many phones differed from what was kept."""
    before = {s.phone: (s.state, s.source, s.at) for s in session().scalars(select(ConsentState))}
    after = {phone: (end.kind, end.source, end.at) for phone, end in _replayed().items()}
    session().execute(delete(ConsentState))
    session().add_all(ConsentState(org_id=actor.org_id, phone=phone, state=kind, source=source, at=at) for phone, (kind, source, at) in after.items())
    session().flush()
    return sum(before.get(phone) != after.get(phone) for phone in before | after)


def _state(phone: str) -> ConsentState | None:
    return session().scalar(select(ConsentState).where(ConsentState.phone == phone).with_for_update())


def _entry(state: ConsentState | None) -> Entry | None:
    return Entry(state.state, state.source) if state else None


def _row(actor: Actor, phone: str, kind: str, source: str, now: datetime, person_id: int | None, wording: str, evidence: str) -> dict[str, Any]:
    return {
        "org_id": actor.org_id,
        "id": new_id(),
        "person_id": person_id,
        "phone": phone,
        "purpose": PURPOSE,
        "kind": kind,
        "source": source,
        "wording": wording,
        "collector": actor.name,
        "evidence": evidence,
        "at": now,
        "created_at": now,
    }


def _append(
    actor: Actor,
    phone: str,
    state: ConsentState | None,
    kind: str,
    source: str,
    now: datetime,
    person_id: int | None,
    wording: str,
    evidence: str,
) -> None:
    session().add(Consent(**_row(actor, phone, kind, source, now, person_id, wording, evidence)))
    last = _entry(state)
    end = next_state(last, Entry(kind, source))
    if state is None:
        state = ConsentState(org_id=actor.org_id, phone=phone)
        session().add(state)
    if last is None or end[:2] != last[:2]:
        state.state, state.source, state.at = *end[:2], now
    session().flush()
    if last is None or last.kind != kind:
        # Everyone who has this phone sees it on their timeline: consent belongs to the phone.
        owners = session().scalars(select(Phone.person_id).where(Phone.e164 == phone)).all()
        for owner in dict.fromkeys([*owners, *([person_id] if person_id else [])]):
            audit.record(actor, f"consent.{kind}", now=now, person_id=owner, after={"source": source})
