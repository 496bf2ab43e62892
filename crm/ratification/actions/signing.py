"""Tellers are named before the opening and sign with keys that the server never sees; the manifest and the lists are published."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification import providers
from crm.ratification.models import Ballot, Electorate, PublishedBoard, PublishedPaper, Ratification, Teller
from crm.ratification.queries import count_lists, electorates_of, lists_of, published_board, ratification_for, tellers_of
from crm.ratification.rules.board import board_message, canonical
from crm.ratification.rules.signing import LIST_FORMAT, is_full, issues_in_teller, list_message, next_hashes, opening_message, read_hex
from crm.ratification.rules.states import may_change


def name_teller(actor: Actor, ratification_id: int, *, name: str, public_key: str, now: datetime) -> int:
    """Names a teller of a draft; whoever may sign is frozen with the rest."""
    row = _draft(actor, ratification_id)
    known, key = tellers_of(row), read_hex(public_key, 64)
    issues = issues_in_teller(name, key, [(one.name, one.public_key) for one in known])
    if key is not None and not providers.is_key(key):
        issues.append(Reason(N_("This is not a public key. Copy it whole, as plenary sign --new prints it."), field="public_key"))
    if issues:
        raise Refused(issues)
    number = max((one.number for one in known), default=0) + 1
    session().add(Teller(org_id=row.org_id, ratification_id=row.id, number=number, name=name.strip(), public_key=key))
    audit.record(actor, "ratification.teller_named", now=now, subject=("ratification", row.id), after={"name": name.strip()})
    session().flush()
    return row.id


def drop_teller(actor: Actor, ratification_id: int, number: int, *, now: datetime) -> int:
    """Takes a teller off a draft."""
    row = _draft(actor, ratification_id)
    session().execute(delete(Teller).where(Teller.ratification_id == row.id, Teller.number == number))
    audit.record(actor, "ratification.teller_dropped", now=now, subject=("ratification", row.id))
    session().flush()
    return row.id


def _draft(actor: Actor, ratification_id: int) -> Ratification:
    row = ratification_for(actor, ratification_id, lock=True)
    if refusal := may_change(row.state):
        raise Refused(refusal)
    return row


def take_signature(actor: Actor, ratification_id: int, signature: str, *, now: datetime) -> str:
    """A signature as a teller brought it: whose it is and what of, the opening or the count, is found by trying; returns the name."""
    row, typed = ratification_for(actor, ratification_id, lock=True), read_hex(signature, 128)
    if typed is None or row.poll_id is None:
        raise Refused(Reason(N_("A signature has 128 digits and letters from a to f, as plenary sign prints it."), field="signature"))
    board = published_board(row.poll_id) if row.result is not None else None
    for teller in tellers_of(row):
        if providers.fits(teller.public_key, opening_message(row.poll_id), typed):
            teller.opening_signature = typed
        elif board is not None and providers.fits(teller.public_key, board_message(board), typed):
            teller.board_signature = typed
            _add_to_board(row, board, teller)
        else:
            continue
        audit.record(actor, "ratification.teller_signed", now=now, subject=("ratification", row.id), after={"name": teller.name})
        session().flush()
        return teller.name
    words = N_("This signature fits none of the tellers. It must be made of this vote's own file, with the key that was named.")
    raise Refused(Reason(words, field="signature"))


def _add_to_board(row: Ratification, board: dict[str, Any], teller: Teller) -> None:
    """The published file gains the signature; what the others signed stays as it is."""
    others = [s for s in board["signatures"] if s["public_key"] != teller.public_key]
    signed = board | {"signatures": [*others, {"role": "teller", "public_key": teller.public_key, "signature": teller.board_signature}]}
    session().get_one(PublishedBoard, row.poll_id).text = canonical(signed).decode()


def frozen_tellers(row: Ratification) -> dict[str, Any]:
    """What the manifest says of them; nothing where there are none."""
    named = [{"name": one.name, "public_key": one.public_key} for one in tellers_of(row)]
    return {"tellers": named} if named else {}


def publish_opening(row: Ratification, now: datetime) -> None:
    """The manifest, for anyone who holds a ballot and wants to see what its poll id stands for."""
    session().add(PublishedPaper(poll_id=row.poll_id, number=0, at=now, text=canonical(row.manifest).decode()))


def next_list(actor: Actor, ratification_id: int, *, now: datetime) -> tuple[int, str, bool] | None:
    """What came into the box since the last list, as the signed next one: its number, its text, whether more waits; None where that is too little.

    Whose ballot came when is written nowhere, so everything is read and what is named already left out. That takes a second where
    thousands voted on many planks: it is done without the lock, from the box as it stood at one moment, and no cast waits for it.
    """
    row = ratification_for(actor, ratification_id)
    if row.state != "open":
        return None
    papers = lists_of(row.poll_id or "")
    fresh = next_hashes(_trackers(electorates_of(row)), {one for paper in papers for one in paper["hashes"]})
    if not fresh:
        return None
    listed = {"format": LIST_FORMAT, "poll_id": row.poll_id, "number": len(papers) + 1, "at": now.isoformat(timespec="minutes"),
              "before": paper_hash(papers[-1]) if papers else "", "hashes": fresh}
    return len(papers) + 1, canonical(listed | {"signature": providers.sign(list_message(listed))}).decode(), is_full(fresh)


def publish_list(actor: Actor, ratification_id: int, next_one: tuple[int, str, bool] | None, *, now: datetime) -> bool:
    """Publishes the next list, unless the vote closed or was held or another list came meanwhile; True when no list will follow."""
    row = ratification_for(actor, ratification_id, lock=True)
    number, text, _more_waits = next_one or (0, "", False)
    if row.state == "open" and number and number == count_lists(row.poll_id or "") + 1:
        session().add(PublishedPaper(poll_id=row.poll_id, number=number, at=now, text=text))
        session().flush()
    return row.state not in ("open", "held")


def paper_hash(listed: dict[str, Any]) -> str:
    """The hash by which the next list names this one, so that none can be left out."""
    return hashlib.sha256(canonical(listed)).hexdigest()


def _trackers(electorates: Sequence[Electorate]) -> list[list[str]]:
    found: dict[tuple[int, int], list[str]] = {}
    wanted = [e.id for e in electorates if e.is_secret]
    ballots = select(Ballot.electorate_id, Ballot.plank, Ballot.tracker).where(Ballot.electorate_id.in_(wanted))
    for electorate_id, plank, tracker in session().execute(ballots.execution_options(yield_per=2000)):  # casts go on meanwhile
        found.setdefault((electorate_id, plank), []).append(tracker)
    return list(found.values())
