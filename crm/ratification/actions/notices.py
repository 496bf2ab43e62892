"""Reaching the members: each organization texts its own people a personal link, under its own consent and sender.

Who cannot be texted is counted by reason and gets a letter. A link is never shown to an organizer in a thread: the text
holds a placeholder until it leaves.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from sqlalchemy import delete, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.jobs import enqueue
from crm.infra.links import issue_link_id, revoke_links
from crm.kernel.refusal import N_, Reason, Refusal, Refused
from crm.organizations.queries import organization_of
from crm.outreach.actions.texts import queue_text
from crm.ratification.models import Electorate, Notice, NoticeSummary, Ratification, RollEntry
from crm.ratification.queries import Letter, letters_for, own_entry_for, ratification_for, unreached
from crm.ratification.rules.board import digest
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
    "published count lists your seat. Answer VOTE to vote here, or use your own page: {link}",
    "es": "Hola {first_name}, somos %(organization)s. La votación sobre %(title)s dura hasta %(closes)s. Es una votación abierta: vemos cómo votó, y "
    "el conteo publicado muestra su lugar. Conteste VOTO para votar aquí, o use su propia página: {link}",
}
_CLOSES = {"en": "EEEE, MMMM d, h:mm a", "es": "EEEE d 'de' MMMM, h:mm a"}
AT_ONCE = 25


def _bodies(actor: Actor, row: Ratification) -> dict[str, str]:
    organization = organization_of(actor)
    closes = row.closes_at.astimezone(ZoneInfo(organization.time_zone))
    return {
        language: words
        % {
            "organization": _plain(organization.name),
            "title": _plain(said(row.title, language)),
            "closes": format_datetime(closes, _CLOSES[language], locale=language).replace("\u202f", " "),
        }
        for language, words in (WORDS if _is_secret(row) else OPEN_WORDS).items()
    }


def _is_secret(row: Ratification) -> bool:
    return session().scalar(select(Electorate.is_secret).where(Electorate.ratification_id == row.id, Electorate.kind.in_(PEOPLE))) is not False


def _plain(words: str) -> str:
    """Braces would be read as places to fill."""
    return words.replace("{", "(").replace("}", ")")


def _text(
    actor: Actor, row: Ratification, entry: RollEntry, bodies: dict[str, str], key: str, now: datetime
) -> int | Refusal:
    link_id = issue_link_id(
        row.org_id, "ballot", entry.id, expires_at=row.closes_at + LINK_LIFE, now=now, partner_id=actor.org_id
    )
    answer = queue_text(
        actor,
        entry.person_id,
        bodies,
        purpose="ballot",
        subject=("ratification", row.id),
        key=key,
        now=now,
        link_id=link_id,
    )
    if isinstance(answer, Refusal):
        revoke_links(row.org_id, "ballot", entry.id, now=now)
    return answer


def notify_some(actor: Actor, ratification_id: int, *, now: datetime) -> bool:
    """Texts the next of the actor's own members, or notes why not; True when all have been reached or noted."""
    row = ratification_for(actor, ratification_id)
    if row.state != "open":
        return True
    entries, bodies = unreached(actor, row, AT_ONCE), _bodies(actor, row)
    for entry in entries:
        answer = _text(actor, row, entry, bodies, f"ballot:{entry.id}", now)
        refused = isinstance(answer, Refusal)
        session().add(
            Notice(
                org_id=actor.org_id,
                ratification_id=row.id,
                entry_id=entry.id,
                person_id=entry.person_id,
                channel="letter" if refused else "text",
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
            select(RollEntry.seat, Notice.channel)
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
    summary.texts = sum(channel == "text" for _seat, channel in ledger)
    summary.letters = len(ledger) - summary.texts
    summary.ledger_hash = digest(sorted([seat, channel] for seat, channel in ledger))
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
    for letter in found:
        revoke_links(row.org_id, "ballot", letter.entry_id, now=now)
    made = [
        (
            letter,
            issue_link_id(
                row.org_id,
                "ballot",
                letter.entry_id,
                expires_at=row.closes_at + LINK_LIFE,
                now=now,
                partner_id=actor.org_id,
            ),
        )
        for letter in found
    ]
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
    revoke_links(row.org_id, "ballot", entry.id, now=now)
    answer = _text(actor, row, entry, _bodies(actor, row), f"ballot:{entry.id}:{now.isoformat()}", now)
    if isinstance(answer, Refusal):
        raise Refused(answer)
    audit.record(actor, "ratification.link_sent", now=now, person_id=entry.person_id, subject=("ratification", row.id))
    session().flush()
    return row.id
