"""The verbs of paper ballots: hand out, note a spoiled one, enter twice, settle, put in the box, and say that all are in.

Handing out writes the seat's bit and one number, and nothing else: not who took paper, not when. A batch goes into the box in the order of
trackers that are drawn then, and what two people typed is deleted in the same transaction.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.actions.casting import mark_seat
from crm.ratification.models import Ballot, Electorate, Ratification
from crm.ratification.models.paper import PaperBatch, PaperCount, PaperEntry
from crm.ratification.queries import ballot_for, ratification_for
from crm.ratification.queries.paper import batch_for, batches_of, last_number, paper_count, readings_of, secret_electorate
from crm.ratification.rules import paper as rules
from crm.ratification.rules.ballots import Draft
from crm.ratification.rules.reports import option_names
from crm.ratification.rules.states import may_cast
from crm.ratification.rules.tally import key_of
from crm.ratification.rules.words import LISTS

Rows = list[tuple[int, str, str]]


def hand_out_paper(actor: Actor, *, now: datetime) -> None:
    """Marks the seat of the holder of a link and counts one paper more; refused where the seat has voted or has its paper."""
    seat = ballot_for(actor, lock=True)
    if not seat.rule["secret"]:
        raise Refused(Reason(N_("This vote is open. It is cast beside your seat, not as a secret ballot.")))
    if refusal := may_cast(seat.state, seat.opens_at, seat.closes_at, now, seat.is_struck):
        raise Refused(refusal)
    if _finished(seat.electorate_id):
        raise Refused(Reason(N_("All papers were said to be entered. Take that back first.")))
    if mark_seat(seat) is None:
        raise Refused(Reason(N_("This seat has voted, or its paper was handed out. Nobody gets a second ballot.")))
    _count_more(actor.org_id, seat.electorate_id, issued=1)


def _finished(electorate_id: int) -> bool:
    return paper_count(electorate_id).finished_at is not None


def note_spoiled(actor: Actor, ratification_id: int, group: str | None = None, *, now: datetime) -> int:
    """A voter gave a spoiled paper back and gets a new one: the seat stays marked, one paper more was spoiled."""
    row = ratification_for(actor, ratification_id, lock=True)
    electorate = secret_electorate(row, group)
    if row.state != "open" or not paper_count(electorate.id).issued:
        raise Refused(Reason(N_("No paper was handed out in this vote, or it is not open.")))
    _count_more(actor.org_id, electorate.id, spoiled=1)
    return row.id


def _count_more(org_id: int, electorate_id: int, **more: int) -> None:
    changed = {name: getattr(PaperCount, name) + n for name, n in more.items()}
    done = session().execute(update(PaperCount).where(PaperCount.electorate_id == electorate_id).values(changed).execution_options(synchronize_session=False))
    if not done.rowcount:  # type: ignore[attr-defined]
        session().add(PaperCount(org_id=org_id, electorate_id=electorate_id, **{"issued": 0, "spoiled": 0, "returned": 0} | more))
        session().flush()


def begin_batch(actor: Actor, ratification_id: int, size: int, group: str | None = None, *, now: datetime) -> int:
    """So many papers of one group, shuffled and numbered in pencil, are about to be entered."""
    row = ratification_for(actor, ratification_id, lock=True)
    electorate = secret_electorate(row, group)
    count, waiting = paper_count(electorate.id), sum(batch.size for batch in batches_of(electorate.id))
    if refusal := rules.may_begin(row.state, size, count.issued, count.returned, waiting, count.finished_at is not None):
        raise Refused(refusal)
    batch = PaperBatch(id=new_id(), org_id=row.org_id, electorate_id=electorate.id, number=last_number(electorate.id) + 1, size=size)
    session().add(batch)
    session().flush()
    return batch.id


def enter_batch(actor: Actor, ratification_id: int, batch_id: int, fields: Mapping[str, str], *, now: datetime) -> int:
    """One person's reading of the whole batch. The second one's is laid beside it: equal, the batch is agreed; else it waits to be settled."""
    row = ratification_for(actor, ratification_id, lock=True)
    electorate, batch = batch_for(actor, row, batch_id, lock=True)
    if refusal := rules.may_enter(batch.state, batch.first_account_id, batch.second_account_id, actor.account_id):
        raise Refused(refusal)
    places = list(range(1, batch.size + 1))
    papers = _papers(row, electorate, fields, places)
    reading = 1 if batch.first_account_id is None else 2
    base = {"org_id": row.org_id, "batch_id": batch.id, "reading": reading, "created_at": now}
    session().execute(insert(PaperEntry), [base | {"id": new_id(), "place": place, "contents": papers[place]} for place in places])
    if reading == 1:
        batch.first_account_id = actor.account_id
    else:
        batch.second_account_id = actor.account_id
        session().flush()
        _agree_or_differ(actor, row, electorate, batch, now)
    session().flush()
    return row.id


def _papers(row: Ratification, electorate: Electorate, fields: Mapping[str, str], places: list[int]) -> dict[int, rules.Paper]:
    """What was typed of these papers; refuses what no ballot may say."""
    manifest = row.manifest or {}
    rule, planks = rule_of(row, electorate), [plank["number"] for plank in manifest["planks"]]
    names = option_names(rule, "en", manifest["edition"]["authentic"]) if rule.get("contest") else []
    if issues := rules.issues_in_papers(fields, places, planks, rule, names):
        raise Refused(issues)
    return {place: rules.read_paper(fields, place, planks, rule) for place in places}


def rule_of(row: Ratification, electorate: Electorate) -> dict[str, Any]:
    """The electorate as it froze."""
    return next(e for e in (row.manifest or {})["electorates"] if key_of(e) == electorate.key)


def settle_batch(actor: Actor, ratification_id: int, batch_id: int, fields: Mapping[str, str], *, now: datetime) -> int:
    """What both found on the papers that they had read differently, looking at them together."""
    row = ratification_for(actor, ratification_id, lock=True)
    electorate, batch = batch_for(actor, row, batch_id, lock=True)
    if batch.state != "differs":
        raise Refused(Reason(N_("In this batch nothing is left to settle.")))
    places = rules.differences(*readings_of(batch))
    for place, paper in _papers(row, electorate, fields, places).items():
        here = PaperEntry.batch_id == batch.id, PaperEntry.place == place
        for entry in session().scalars(select(PaperEntry).where(*here)):
            entry.contents = paper
    session().flush()
    audit.record(actor, "ratification.papers_settled", now=now, subject=("ratification", row.id), after={"papers": len(places)})
    _agree_or_differ(actor, row, electorate, batch, now)
    session().flush()
    return row.id


def _agree_or_differ(actor: Actor, row: Ratification, electorate: Electorate, batch: PaperBatch, now: datetime) -> None:
    first, second = readings_of(batch)
    if rules.differences(first, second):
        batch.state = "differs"
    elif rules.goes_in(batch.size):
        base = {"org_id": row.org_id, "electorate_id": electorate.id}
        rows = _ballots(row, electorate, list(first.values()))
        session().execute(insert(Ballot), [base | {"plank": plank, "tracker": tracker, "choice": choice} for plank, tracker, choice in rows])
        _count_more(row.org_id, electorate.id, returned=batch.size)
        audit.record(actor, "ratification.papers_in", now=now, subject=("ratification", row.id), after={"papers": batch.size})
        _destroy(batch)
    else:
        batch.state = "held"


def _ballots(row: Ratification, electorate: Electorate, papers: list[rules.Paper]) -> Rows:
    """Ballot rows of these papers, each with a number and words that nobody keeps, in the order of their trackers."""
    rule, planks, luck = rule_of(row, electorate), [plank["number"] for plank in (row.manifest or {})["planks"]], secrets.SystemRandom()
    made: Rows = []
    for paper in papers:
        one, other = luck.sample(range(len(LISTS[0])), 2)
        picked = luck.randrange(len(LISTS[2])), luck.randrange(len(LISTS[3]))
        draft = Draft(secrets.token_hex(16), (one, other), picked, {int(plank): choice for plank, choice in paper.items()})
        made += draft.rows(row.poll_id or "", planks, rule)
    return sorted(made)


def _destroy(batch: PaperBatch) -> None:
    session().execute(delete(PaperEntry).where(PaperEntry.batch_id == batch.id).execution_options(synchronize_session=False))
    session().delete(batch)


def throw_batch_away(actor: Actor, ratification_id: int, batch_id: int, *, now: datetime) -> int:
    """The typing of a batch is dropped; its papers are entered anew, perhaps together with others."""
    row = ratification_for(actor, ratification_id, lock=True)
    _electorate, batch = batch_for(actor, row, batch_id, lock=True)
    _destroy(batch)
    session().flush()
    return row.id


def say_finished(actor: Actor, ratification_id: int, is_finished: bool, group: str | None = None, *, now: datetime) -> int:
    """All papers of a group that came back are entered, so the vote may close; or that was said too early."""
    row = ratification_for(actor, ratification_id, lock=True)
    electorate = secret_electorate(row, group)
    count = paper_count(electorate.id, lock=True)
    if row.state not in rules.ENTERED:
        raise Refused(Reason(N_("This vote is not open.")))
    unread = sum(batch.state != "held" for batch in batches_of(electorate.id))
    if is_finished and (refusal := rules.may_finish(count.issued, unread)):
        raise Refused(refusal)
    count.finished_at, count.finished_by = (now, actor.name) if is_finished else (None, None)
    held = sum(batch.size for batch in batches_of(electorate.id))
    after = {"issued": count.issued, "returned": count.returned + held, "spoiled": count.spoiled}
    audit.record(actor, "ratification.papers_finished" if is_finished else "ratification.papers_again", now=now, subject=("ratification", row.id), after=after)
    session().flush()
    return row.id


def papers_in_the_way(electorates: list[Electorate]) -> list[Reason]:
    """A vote with papers does not close before it was said that all are entered."""
    counts = [paper_count(e.id) for e in electorates if e.is_secret]
    if any(count.issued and count.finished_at is None for count in counts):  # of whichever group; its page says which
        return [Reason(N_("Paper ballots are out. The vote closes when the tally committee has entered them and said so, under Paper ballots."))]
    return []


def take_held_papers(row: Ratification, electorate: Electorate) -> Rows:
    """At the close: the ballots of batches that were too small for the box, and the end of all that was typed."""
    papers: list[rules.Paper] = []
    for batch in batches_of(electorate.id):
        papers += readings_of(batch)[0].values() if batch.state == "held" else ()
        _destroy(batch)
    if papers:
        _count_more(row.org_id, electorate.id, returned=len(papers))
    session().flush()
    return _ballots(row, electorate, papers)
