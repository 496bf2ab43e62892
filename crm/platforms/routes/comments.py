"""Comments on planks: said, answered, reported, hidden and shown again."""

from flask import flash, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.platforms import actions, queries
from crm.platforms.forms import CommentForm, ModerationForm
from crm.platforms.routes.shared import blueprint, desk_page, pressed


def _to(id: int, plank_id: int, said: str) -> str:
    flash(said, "yes")
    return url_for("platforms.plank_get", id=id, plank_id=plank_id, _anchor="comments")


@blueprint.post("/platforms/<int:id>/planks/<int:plank_id>/comments")
@allow(Action.DRAFT_PLATFORMS)
def comment_post(id: int, plank_id: int):
    queries.plank_for(actor(), id, plank_id)
    form = CommentForm()
    return submit(
        form, lambda: actions.add_comment(actor(), id, plank_id, form.words.data, reply_to=form.reply_to.data, now=now()),
        then=lambda _id: _to(id, plank_id, _("Your comment is there for all partners to read.")), page=lambda: desk_page(id, plank_id, form),
    )


@blueprint.post("/platforms/<int:id>/comments/<int:comment_id>/report")
@allow(Action.DRAFT_PLATFORMS)
def report_post(id: int, comment_id: int):
    queries.comment_for(actor(), id, comment_id)
    form = ModerationForm()
    return pressed(
        form, lambda: actions.report_comment(actor(), id, comment_id, form.words.data or "", now=now()),
        then=lambda plank_id: _to(id, plank_id, _("It is reported. Whoever keeps the platform looks at it.")),
    )


@blueprint.post("/platforms/<int:id>/comments/<int:comment_id>/moderation")
@allow(Action.DECIDE_AMENDMENTS)
def moderation_post(id: int, comment_id: int):
    queries.platform_of_owner(actor(), id)
    form = ModerationForm()
    hides = form.verb.data != "show"
    said = _("The comment is hidden. The reason stands in its place.") if hides else _("The comment is shown again.")
    return pressed(
        form, lambda: actions.moderate_comment(actor(), id, comment_id, hides, form.words.data or "", now=now()),
        then=lambda plank_id: _to(id, plank_id, said),
    )
