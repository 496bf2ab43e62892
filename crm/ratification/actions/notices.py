"""Reaching the members: each organization texts its own people a personal link, under its own consent and sender.

Who cannot be texted is counted by reason and gets a letter. A link is never shown to an organizer in a thread: the text
holds a placeholder until it leaves.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from sqlalchemy import delete, select, update

from crm.assemblies.queries.rosters import Coded, coded_seats
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.jobs import enqueue
from crm.infra.links import issue_link_rows, revoke_links
from crm.kernel.names import split_name
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Reason, Refusal, Refused
from crm.organizations.queries import organization_of
from crm.outreach.actions.texts import Wanted, queue_texts
from crm.ratification.models import Electorate, Notice, NoticeSummary, Ratification, RollEntry
from crm.ratification.queries import (
    Letter,
    letters_for,
    own_entry_for,
    ratification_for,
    seats_together,
    title_together,
    together_with,
    told_together,
    unreached,
)
from crm.ratification.rules.board import digest
from crm.ratification.rules.notice import counted, deadline
from crm.ratification.rules.reports import said
from crm.ratification.rules.states import LINK_LIFE, PEOPLE

WORDS = {
    "en": "Hi {first_name}, %(organization)s here. The vote on %(title)s is open until %(closes)s. This is your own "
    "ballot, keep it to yourself: {link} Your vote is secret.",
    "es": "Hola {first_name}, somos %(organization)s. La votación sobre %(title)s está abierta hasta %(closes)s. "
    "Esta es su boleta personal, no la comparta: {link} Su voto es secreto.",
}
OPEN_WORDS = {
    "en": "Hi {first_name}, %(organization)s here. The vote on %(title)s runs until %(closes)s. It is an open vote: we see how you voted, and the "
    "published count lists your seat. ",
    "es": "Hola {first_name}, somos %(organization)s. La votación sobre %(title)s dura hasta %(closes)s. Es una votación abierta: vemos cómo votó, y "
    "el conteo publicado muestra su lugar. ",
}
_OPEN_ENDS = {"en": "Answer VOTE to vote here, or use your own page: {link}", "es": "Conteste VOTO para votar aquí, o use su propia página: {link}"}
NO_PHONE = N_("On the roster by a code, and without a number that agreed to texts.")
_CLOSES = {"en": "EEEE, MMMM d, h:mm a", "es": "EEEE d 'de' MMMM, h:mm a"}
AHEAD = {
    "en": "Hi {first_name}, %(organization)s here. The vote on %(title)s begins %(opens)s and runs until %(closes)s. This is your own ballot for "
    "then, keep it to yourself: {link}",
    "es": "Hola {first_name}, somos %(organization)s. La votación sobre %(title)s empieza %(opens)s y dura hasta %(closes)s. Esta es su boleta "
    "personal para entonces, no la comparta: {link}",
}
_AHEAD_IS = {
    True: {"en": " Your vote is secret.", "es": " Su voto es secreto."},
    False: {"en": " It is an open vote: we see how you voted.", "es": " Es una votación abierta: vemos cómo votó."},
}
AT_ONCE = 200


Words = dict[bool, dict[str, str]]
"""What a text says, by language: by whether the group votes in secret."""


def _words_of(actor: Actor, row: Ratification, secrecy: dict[int, bool], now: datetime) -> Words:
    return {is_secret: _bodies(actor, row, is_secret, now) for is_secret in set(secrecy.values())}


def _bodies(actor: Actor, row: Ratification, is_secret: bool, now: datetime) -> dict[str, str]:
    organization = organization_of(actor)
    zone, title = ZoneInfo(organization.time_zone), title_together(row)
    ahead = {language: words + _AHEAD_IS[is_secret][language] for language, words in AHEAD.items()}
    openly = {language: words + _OPEN_ENDS[language] for language, words in OPEN_WORDS.items()}
    words_of = ahead if now < row.opens_at else WORDS if is_secret else openly
    return {
        language: words
        % {
            "organization": _plain(organization.name),
            "title": _plain(said(title, language)),
            "opens": _said(row.opens_at, zone, language),
            "closes": _said(row.closes_at, zone, language),
        }
        for language, words in words_of.items()
    }


def _said(moment: datetime, zone: ZoneInfo, language: str) -> str:
    return format_datetime(moment.astimezone(zone), _CLOSES[language], locale=language).replace("\u202f", " ")


def _secrecy(row: Ratification) -> dict[int, bool]:
    """Which groups of people vote in secret, by electorate."""
    groups = select(Electorate.id, Electorate.is_secret).where(Electorate.ratification_id == row.id, Electorate.kind.in_(PEOPLE))
    return dict(session().execute(groups).all())


def _plain(words: str) -> str:
    """Braces would be read as places to fill."""
    return words.replace("{", "(").replace("}", ")")


def _text(
    actor: Actor, row: Ratification, entries: Sequence[RollEntry], bodies: Mapping[int, dict[str, str]], keys: Mapping[int, str], now: datetime,
) -> dict[int, int | Refusal]:
    """Texts to seats, each its own link: by seat the text, or why there is none. `bodies` and `keys` are by seat."""
    coded = coded_seats([entry.participant_id for entry in entries if entry.participant_id is not None])
    same = {"org_id": row.org_id, "purpose": "ballot", "expires_at": row.closes_at + LINK_LIFE, "created_at": now, "partner_id": actor.org_id}
    links = issue_link_rows([same | {"subject_id": entry.id} for entry in entries])
    wanted = [_wanted(entry, keys[entry.id], bodies[entry.id], link, coded) for entry, link in zip(entries, links, strict=True)]
    texts = queue_texts(actor, wanted, purpose="ballot", subject=("ratification", row.id), now=now)
    answers = {entry.id: answer for entry, answer in zip(entries, texts, strict=True)}
    for entry, one in zip(entries, wanted, strict=True):
        if entry.person_id is None and one.phone is None:
            answers[entry.id] = Refusal([Reason(NO_PHONE)])
    if refused := [id for id, answer in answers.items() if isinstance(answer, Refusal)]:
        revoke_links(row.org_id, "ballot", *refused, now=now)
    return answers


def _wanted(entry: RollEntry, key: str, bodies: dict[str, str], link_id: int, coded: Mapping[int, Coded]) -> Wanted:
    """To a member; or, of a place without a record, to the number that somebody drawn by lot gave with the answer to the invitation."""
    if entry.person_id is not None:
        return Wanted(key, bodies, link_id, entry.person_id)
    place = coded.get(entry.participant_id or 0, Coded(""))
    phone = read_phone(place.phone) if place.phone else None
    return Wanted(key, bodies, link_id, None, None if isinstance(phone, Reason) else phone, split_name(place.name)[0], place.language)


def notify_some(actor: Actor, ratification_id: int, *, now: datetime) -> bool:
    """Texts the next of the actor's own members, or notes why not; True when all have been reached or noted."""
    row = ratification_for(actor, ratification_id)
    if row.state != "open":
        return True
    entries, secrecy = unreached(actor, row, AT_ONCE), _secrecy(row)
    words = _words_of(actor, row, secrecy, now)
    told = told_together(actor, row, [entry.id for entry in entries])
    untold = [entry for entry in entries if entry.id not in told]
    bodies = {entry.id: words[secrecy[entry.electorate_id]] for entry in untold}
    answers = _text(actor, row, untold, bodies, {entry.id: f"ballot:{entry.id}" for entry in untold}, now)
    for entry in entries:
        answer = answers.get(entry.id)
        refused = isinstance(answer, Refusal)
        session().add(
            Notice(
                org_id=actor.org_id,
                ratification_id=row.id,
                entry_id=entry.id,
                person_id=entry.person_id,
                channel="letter" if refused else "text",
                told_at=None if refused else told.get(entry.id, now),
                reason=answer.reasons[0].text if isinstance(answer, Refusal) else "",
            )
        )
    session().flush()
    if len(entries) == AT_ONCE:
        return False
    _sum_up(actor, row)
    return True


def _sum_up(actor: Actor, row: Ratification) -> None:
    """Tells the coalition counts and a hash of the ledger, and nothing of who."""
    ledger = (
        session()
        .execute(
            select(RollEntry.seat, Notice.channel, Notice.told_at)
            .join(Notice, Notice.entry_id == RollEntry.id)
            .where(Notice.org_id == actor.org_id, Notice.ratification_id == row.id)
        )
        .all()
    )
    summary = (
        session()
        .scalars(
            select(NoticeSummary).where(
                NoticeSummary.ratification_id == row.id, NoticeSummary.partner_id == actor.org_id
            )
        )
        .one()
    )
    summary.texts = sum(channel == "text" for _seat, channel, _at in ledger)
    summary.letters = len(ledger) - summary.texts
    summary.told = counted([(channel, at) for _seat, channel, at in ledger], deadline(row.opens_at, row.notice_days or 0))
    summary.ledger_hash = digest(sorted([seat, channel, at.isoformat() if at else ""] for seat, channel, at in ledger))
    session().flush()


def try_texts_again(actor: Actor, ratification_id: int, *, now: datetime) -> int:
    """Forgets who could not be texted and tries each of them once more; returns the job."""
    row = ratification_for(actor, ratification_id)
    if row.state != "open":
        raise Refused(Reason(N_("This vote is not open.")))
    session().execute(
        delete(Notice).where(
            Notice.org_id == actor.org_id, Notice.ratification_id == row.id, Notice.channel == "letter"
        )
    )
    return enqueue(
        actor.org_id,
        "ratification.notify",
        {"ratification_id": row.id},
        now=now,
        key=f"notify:{row.id}:{actor.org_id}:{now.isoformat()}",
    )


def print_letters(actor: Actor, ratification_id: int, *, now: datetime) -> Sequence[tuple[Letter, int]]:
    """A fresh link for everyone who cannot be texted: (letter, link id). Earlier links of these seats end."""
    row = ratification_for(actor, ratification_id)
    if row.state != "open":
        raise Refused(Reason(N_("This vote is not open.")))
    found = letters_for(actor, row)
    together = seats_together(row, [letter.entry_id for letter in found])
    revoke_links(row.org_id, "ballot", *together, now=now)
    same = {"org_id": row.org_id, "purpose": "ballot", "expires_at": row.closes_at + LINK_LIFE, "created_at": now, "partner_id": actor.org_id}
    made = list(zip(found, issue_link_rows([same | {"subject_id": letter.entry_id} for letter in found]), strict=True))
    session().execute(
        update(Notice).where(
            Notice.org_id == actor.org_id, Notice.entry_id.in_(together), Notice.channel == "letter", Notice.told_at.is_(None)
        ).values(told_at=now).execution_options(synchronize_session=False)
    )
    for each in (row, *together_with(row)) if made else ():
        _sum_up(actor, each)
    audit.record(actor, "ratification.letters", now=now, subject=("ratification", row.id), after={"letters": len(made)})
    session().flush()
    return made


def send_new_link(actor: Actor, ratification_id: int, entry_id: int, *, now: datetime) -> int:
    """Ends a member's lost link and texts a new one. It does not say whether the member has voted.

    The link itself will.
    """
    row = ratification_for(actor, ratification_id)
    entry = own_entry_for(actor, row, entry_id)
    if row.state != "open":
        raise Refused(Reason(N_("This vote is not open.")))
    revoke_links(row.org_id, "ballot", *seats_together(row, [entry.id]), now=now)
    bodies = _bodies(actor, row, _secrecy(row)[entry.electorate_id], now)
    answer = _text(actor, row, [entry], {entry.id: bodies}, {entry.id: f"ballot:{entry.id}:{now.isoformat()}"}, now)[entry.id]
    if isinstance(answer, Refusal):
        raise Refused(answer)
    audit.record(actor, "ratification.link_sent", now=now, person_id=entry.person_id, subject=("ratification", row.id))
    session().flush()
    return row.id
