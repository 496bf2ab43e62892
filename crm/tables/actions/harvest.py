"""What tables write, what it is gathered into, and what the room makes of it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.languages import LANGUAGES
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.tables import queries, rules
from crm.tables.actions.seating import to_run
from crm.tables.models import Dots, TableNote, TableProposal, TableRound, Theme
from crm.tables.queries import AtTable
from crm.tables.rules.harvest import LONGEST_TITLE, TOO_LATE


def write_note(at: AtTable, body: str, language: str, key: str, *, now: datetime) -> int:
    """Takes in what a table wrote; the same `key` again is the same note."""
    _refuse_when_over(at)
    body = body.strip()
    notes = queries.notes_at(at)
    if done := next((note for note in notes if note.key == key[:40]), None):
        return done.id
    if issues := rules.issues_in_note(body, len(notes)):
        raise Refused(issues)
    note = TableNote(
        org_id=at.org_id, id=new_id(), assembly_id=at.assembly.id, table_id=at.table.id, body=body,
        language=language if language in LANGUAGES else "en", key=key[:40], created_at=now,
    )
    session().add(note)
    session().flush()
    return note.id


def take_note_back(at: AtTable, note_id: int) -> None:
    """Takes a note of this table out, as long as nobody has gathered it."""
    _refuse_when_over(at)
    note = next((note for note in queries.notes_at(at) if note.id == note_id), None)
    if note is None:
        raise Missing()
    if note.theme_id:
        raise Refused(N_("This note is part of a theme already. Tell the facilitator what should change."))
    session().delete(note)
    session().flush()


def _refuse_when_over(at: AtTable) -> None:
    if at.assembly.state in ("finished", "cancelled"):
        raise Refused(TOO_LATE)


def gather(actor: Actor, assembly_id: int, note_ids: list[int], theme_id: int | None, title: str, *, now: datetime) -> int | None:
    """Puts notes into a theme, a new one where a title is written; None takes them out of theirs."""
    assembly = to_run(actor, assembly_id)
    title = " ".join(title.split())
    problems = [] if note_ids or title else [Reason(N_("Choose notes first."))]
    if len(title) > LONGEST_TITLE:
        problems.append(Reason(N_("At most %(most)s characters."), {"most": LONGEST_TITLE}, "title"))
    here = (TableNote.assembly_id == assembly.id, TableNote.id.in_(note_ids))
    if note_ids and not title and theme_id is None and not session().scalar(select(TableNote.id).where(*here, TableNote.theme_id.is_not(None)).limit(1)):
        problems.append(Reason(N_("Choose a theme for these notes, or write the name of a new one."), {}, "title"))
    if problems:
        raise Refused(problems)
    if title:
        theme_id = new_id()
        session().add(Theme(org_id=actor.org_id, id=theme_id, assembly_id=assembly.id, title=title, created_at=now))
        session().flush()
    elif theme_id is not None:
        queries.theme_for(assembly, theme_id)
    session().execute(update(TableNote).where(*here).values(theme_id=theme_id).execution_options(synchronize_session=False))
    audit.record(actor, "theme.made" if title else "theme.changed", now=now, subject=("assembly", assembly.id))
    return theme_id


def rename_theme(actor: Actor, assembly_id: int, theme_id: int, title: str, *, now: datetime) -> None:
    """Gives a theme another name; an empty one takes the theme away and leaves its notes."""
    assembly = to_run(actor, assembly_id)
    theme, title = queries.theme_for(assembly, theme_id), " ".join(title.split())
    if len(title) > LONGEST_TITLE:
        raise Refused(Reason(N_("At most %(most)s characters."), {"most": LONGEST_TITLE}, "title"))
    if title:
        theme.title = title
    else:
        for model in (TableNote, TableProposal):
            session().execute(update(model).where(model.theme_id == theme.id).values(theme_id=None).execution_options(synchronize_session=False))
        session().delete(theme)
    session().flush()
    audit.record(actor, "theme.changed", now=now, subject=("assembly", assembly.id))


def write_proposal(
    actor: Actor, assembly_id: int, proposal_id: int | None, theme_id: int | None, titles: Mapping[str, str], texts: Mapping[str, str], *, now: datetime
) -> int:
    """Writes a proposal down, or changes one, as long as no table has given dots on it."""
    assembly = to_run(actor, assembly_id)
    titles = {language: words.strip() for language, words in titles.items() if words.strip()}
    texts = {language: words.strip() for language, words in texts.items() if words.strip()}
    if issues := rules.issues_in_proposal(titles, texts):
        raise Refused(issues)
    if theme_id is not None:
        queries.theme_for(assembly, theme_id)
    taken = {words.casefold() for row in queries.proposals_of(assembly.id) if row.id != proposal_id for words in row.titles.values()}
    if again := [f"title_{language}" for language, words in titles.items() if words.casefold() in taken]:
        raise Refused(Reason(N_("There is a proposal in these words already."), {}, again[0]))
    if proposal_id is None:
        last = session().scalar(select(func.max(TableProposal.number)).where(TableProposal.assembly_id == assembly.id)) or 0
        row = TableProposal(org_id=actor.org_id, id=new_id(), assembly_id=assembly.id, number=last + 1, created_at=now)
        session().add(row)
    else:
        row = queries.proposal_for(assembly, proposal_id)
        _refuse_dotted(row)
    row.theme_id, row.titles, row.texts = theme_id, titles, texts
    session().flush()
    audit.record(actor, "proposal.made" if proposal_id is None else "proposal.changed", now=now, subject=("assembly", assembly.id))
    return row.id


def remove_proposal(actor: Actor, assembly_id: int, proposal_id: int, *, now: datetime) -> None:
    """Takes a proposal out, as long as no table has given dots on it."""
    assembly = to_run(actor, assembly_id)
    row = queries.proposal_for(assembly, proposal_id)
    _refuse_dotted(row)
    session().delete(row)
    session().flush()
    audit.record(actor, "proposal.removed", now=now, subject=("assembly", assembly.id))


def _refuse_dotted(row: TableProposal) -> None:
    if session().scalar(select(Dots.id).where(Dots.proposal_id == row.id).limit(1)) is not None:
        raise Refused(N_("Tables have given dots on this proposal, so it stays as it is."))


def open_dots(actor: Actor, assembly_id: int, round_id: int, dots: int | None, *, now: datetime) -> None:
    """Asks the tables of a division for their dots: so many for each person at a table."""
    assembly = to_run(actor, assembly_id)
    division, before = queries.round_for(assembly, round_id, lock=True), queries.dotted_round(assembly.id)
    is_open = before is not None and before.dots_closed_at is None
    if issues := rules.issues_before_dots(dots, len(queries.proposals_of(assembly.id)), is_open):
        raise Refused(issues)
    division.dots, division.dots_opened_at, division.dots_closed_at = dots or 0, now, None
    session().flush()
    audit.record(actor, "dots.opened", now=now, subject=("assembly", assembly.id))


def close_dots(actor: Actor, assembly_id: int, round_id: int, *, now: datetime) -> None:
    """From now on no table changes its dots."""
    assembly = to_run(actor, assembly_id)
    division = queries.round_for(assembly, round_id, lock=True)
    if division.dots_opened_at is None or division.dots_closed_at:
        raise Refused(N_("Dots are not open."))
    division.dots_closed_at = now
    session().flush()
    audit.record(actor, "dots.closed", now=now, subject=("assembly", assembly.id))


def give_dots(at: AtTable, points: Mapping[int, int | None], *, now: datetime) -> None:
    """A table's dots as they now stand; those before are replaced. Refused beyond what its people have together."""
    division: TableRound | None = session().scalar(select(TableRound).where(TableRound.id == at.division.id).with_for_update())
    if division is None or division.dots_opened_at is None or division.dots_closed_at:
        raise Refused(N_("Dots are closed."))
    known = {proposal.id for proposal in queries.proposals_of(at.assembly.id)}
    points = {id: n for id, n in points.items() if id in known}
    if issues := rules.issues_in_points(points, division.dots * queries.seated_at(at)):
        raise Refused(issues)
    session().execute(delete(Dots).where(Dots.table_id == at.table.id))
    session().add_all([
        Dots(org_id=at.org_id, id=new_id(), table_id=at.table.id, proposal_id=id, points=n, created_at=now) for id, n in sorted(points.items()) if n
    ])
    session().flush()
