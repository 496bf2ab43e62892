"""Verbs of consent that come with lists: many at once, from an import or a set-up, and what an import brought taken back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import Refused
from crm.outreach.actions.ledger import append, entry_row, locked_states, wording_ids
from crm.outreach.models import Consent, ConsentState
from crm.outreach.rules.consent import PURPOSE, Yes, issues_before_giving
from crm.people.models import Phone


def import_consents(actor: Actor, rows: Iterable[tuple[int, str]], *, wording: str, evidence: str, now: datetime, source: str = "import") -> int:
    """Many given at once, as (person id, phone); returns how many phones had no entry before and have consent now."""
    if issues := issues_before_giving(Yes("+", PURPOSE, source, wording, actor.name, evidence)):
        raise Refused(issues)
    words = wording_ids(actor, [wording], now)[wording]
    fresh = [
        entry_row(actor, phone, "given", source, now, person_id=person_id, wording_id=words, evidence=evidence) for person_id, phone in rows
    ]
    return _give_fresh(actor, fresh, None, now)


def take_import(actor: Actor, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """An import brought refusals, and consent with its date and source: each becomes an entry of the ledger. Again is harmless."""
    words = wording_ids(actor, (row["source"] for row in rows if row["kind"] == "given"), now)
    lines: dict[str, list[dict[str, Any]]] = {"given": [], "revoked": []}
    for row in rows:
        kind, is_given = row["kind"], row["kind"] == "given"
        own = {"wording_id": words[row["source"]]} if is_given else {"said": row["source"]}
        lines[kind] += [
            entry_row(actor, phone, kind, "import", now, at=row["at"], person_id=row["person_id"], evidence=row["evidence"], **own)
            for phone in row["phones"]
        ]
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
    was = {state.phone for state in locked_states(fresh) if state.state == "revoked" and state.purpose == PURPOSE}
    append(actor, list(fresh.values()), now)
    changed = fresh.keys() - was
    owners = session().execute(select(Phone.person_id).where(Phone.e164.in_(changed)).distinct()).scalars() if changed else ()
    told = dict.fromkeys([*owners, *(fresh[phone]["person_id"] for phone in sorted(changed) if fresh[phone]["person_id"])])
    audit.record_many(actor, "consent.revoked", [{"person_id": id, "after": {"source": "import"}} for id in told], now=now, subject=subject)


def take_import_back(actor: Actor, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """The import is undone: what it had brought goes, by further entries; what people said before and since stands again."""
    owners = {(phone, row["evidence"]): row["person_id"] for row in rows for phone in row["phones"]}
    wrote = _entries_from_lists({phone for phone, _ in owners}, {evidence for _, evidence in owners})
    if back := sorted(wrote & owners.keys()):
        lines = [entry_row(actor, phone, "revoked", "undo", now, person_id=owners[phone, said], evidence=said) for phone, said in back]
        append(actor, lines, now)


def _entries_from_lists(phones: Collection[str], evidence: Collection[str]) -> set[tuple[str, str]]:
    """(phone, evidence) of what lists brought."""
    found = select(Consent.phone, Consent.evidence).where(Consent.phone.in_(phones), Consent.evidence.in_(evidence), Consent.source == "import")
    return {(phone, said) for phone, said in session().execute(found)} if phones else set()


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
            {"org_id": actor.org_id, "id": new_id(), "phone": row["phone"], "purpose": row["purpose"], "state": "given", "source": row["source"],
             "at": row["at"], "created_at": now}
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
