"""Comments on planks, replies one level deep, reports, and hiding with a reason that everyone reads."""

from datetime import datetime

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.platforms import rules
from crm.platforms.models import Comment, CommentReport
from crm.platforms.queries import comment_for, comment_to_moderate, plank_for, platform_as_partner


def add_comment(actor: Actor, platform_id: int, plank_id: int, words: str, *, now: datetime, reply_to: int | None = None) -> int:
    """Says something about a plank in the name of the actor's organization, or answers what another said."""
    if not actor.may(Action.DRAFT_PLATFORMS):
        raise Missing()
    plank = plank_for(actor, platform_as_partner(actor, platform_id).id, plank_id)
    if reply_to:
        answered = comment_for(actor, platform_id, reply_to)
        if answered.plank_id != plank.id:
            raise Missing()
        reply_to = answered.reply_to_id or answered.id  # replies stand under the comment itself, no deeper
    if not (said := rules.read_text(words)):
        raise Refused(N_("Write a comment first."))
    comment = Comment(
        org_id=plank.org_id, partner_id=actor.org_id, plank_id=plank.id, reply_to_id=reply_to, words=said, author=actor.name, at=now
    )
    session().add(comment)
    session().flush()
    audit.record(actor, "plank.commented", now=now, subject=("platform", platform_id), after={"comment": comment.id})
    return comment.id


def report_comment(actor: Actor, platform_id: int, comment_id: int, words: str, *, now: datetime) -> int:
    """Asks the owner to look at a comment; once for each organization."""
    if not actor.may(Action.DRAFT_PLATFORMS):
        raise Missing()
    comment, said = comment_for(actor, platform_as_partner(actor, platform_id).id, comment_id), rules.read_text(words)
    if not said:
        raise Refused(Reason(N_("Say what is wrong with it."), field="words"))
    report = session().scalar(select(CommentReport).where(CommentReport.comment_id == comment.id, CommentReport.partner_id == actor.org_id))
    if report is None:
        report = CommentReport(org_id=comment.org_id, partner_id=actor.org_id, comment_id=comment.id)
        session().add(report)
    report.words, report.by_name, report.at = said, actor.name, now
    session().flush()
    audit.record(actor, "comment.reported", now=now, subject=("platform", platform_id), after={"comment": comment.id})
    return comment.plank_id


def moderate_comment(actor: Actor, platform_id: int, comment_id: int, hides: bool, reason: str, *, now: datetime) -> int:
    """Hides a comment, with a reason that stands in its place, or shows it again. Its words are kept."""
    comment, said = comment_to_moderate(actor, platform_id, comment_id), rules.read_text(reason)
    if hides and not said:
        raise Refused(Reason(N_("Write why it is hidden. The reason stands in its place."), field="words"))
    comment.hidden_at, comment.hidden_by, comment.hidden_reason = (now, actor.name, said) if hides else (None, "", "")
    session().flush()
    after = {"comment": comment.id, "reason": said}
    audit.record(actor, "comment.hidden" if hides else "comment.shown", now=now, subject=("platform", platform_id), after=after)
    return comment.plank_id
