"""Comments on a plank with their replies, and what partners have reported."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from crm.infra.db import session
from crm.organizations.models import Organization
from crm.platforms.models import Comment, CommentReport


@dataclass
class Said:
    """A comment with the organization's name, the replies to it and the reports of it: (report, name)."""

    comment: Comment
    organization: str
    replies: list["Said"] = field(default_factory=list)
    reports: list[Any] = field(default_factory=list)


def comments_of(plank_id: int) -> list[Said]:
    """What organizations say about a plank, oldest first, replies under what they answer."""
    query = select(Comment, Organization.name).join(Organization, Organization.id == Comment.partner_id)
    rows = session().execute(query.where(Comment.plank_id == plank_id).order_by(Comment.at, Comment.id)).all()
    reports = _reports(plank_id) if rows else {}
    said = {comment.id: Said(comment, name, reports=reports.get(comment.id, [])) for comment, name in rows}
    for one in said.values():
        if one.comment.reply_to_id:
            said[one.comment.reply_to_id].replies.append(one)
    return [one for one in said.values() if one.comment.reply_to_id is None]


def _reports(plank_id: int) -> dict[int, list[Any]]:
    query = select(CommentReport, Organization.name).join(Organization, Organization.id == CommentReport.partner_id)
    query = query.join(Comment, Comment.id == CommentReport.comment_id).where(Comment.plank_id == plank_id)
    found = defaultdict(list)
    for report, name in session().execute(query.order_by(CommentReport.at)):
        found[report.comment_id].append((report, name))
    return found
