"""Pages of broadcasts: the list, writing one, looking it over, sending, and how far it is."""

from flask import Blueprint, abort, render_template, request, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import fragment, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.outreach import actions
from crm.outreach.forms import BroadcastForm, ButtonForm, ConfirmForm
from crm.outreach.models import Broadcast
from crm.outreach.queries import broadcasts as reads
from crm.outreach.queries import plans, sender_of
from crm.outreach.queries.drives import open_drives
from crm.outreach.queries.phones import exemptions_of
from crm.outreach.queries.subjects import SUBJECTS
from crm.outreach.rules.drives import STATE_WORDS
from crm.outreach.rules.gate import FIXES, REASONS, SAFETY
from crm.outreach.rules.lint import cautions_in
from crm.outreach.rules.options import needs_second
from crm.outreach.rules.outbox import OUT_STATES
from crm.outreach.rules.templates import FIELD_LABELS

blueprint = Blueprint("broadcasts", __name__, url_prefix="/texts")


@blueprint.get("")
@allow(Action.SEND_TEXTS)
def broadcasts_get():
    """All broadcasts, newest first."""
    page = reads.broadcasts(actor(), request.args.get("after"))
    counts = reads.counts_by_state([row.id for row in page.rows])
    drives = [] if request.args.get("after") else open_drives(actor())
    return render_template("outreach/broadcasts.html", page=page, by_state=counts, sender=sender_of(actor()), drives=drives, states=STATE_WORDS)


@blueprint.get("/new")
@allow(Action.SEND_TEXTS)
def broadcast_new_get():
    """A new text, for a list or for people of an assembly or vote."""
    form = _form()
    draft = _asked_draft(form)
    return _compose_page(form, draft)


@blueprint.post("")
@allow(Action.SEND_TEXTS)
def broadcast_new_post():
    """Keeps a new draft."""
    form = _form()
    return submit(form, lambda: _save(None, form), then=_look_over, page=lambda: _compose_page(form, None))


@blueprint.get("/<int:id>")
@allow(Action.SEND_TEXTS)
def broadcast_get(id: int):
    """A draft to look over, or how far sending is."""
    broadcast = reads.broadcast_for(actor(), id)
    if broadcast.state in ("draft", "asked"):
        return _review_page(broadcast, ConfirmForm())
    counts = reads.counts_by_state([id])[id]
    return fragment(
        "outreach/broadcast.html",
        "outreach/broadcast_part.html",
        broadcast=broadcast,
        by_state=counts,
        left_out=reads.left_out_counts(broadcast),
        code=reads.stopping_code(broadcast),
        reasons=REASONS,
        form=ButtonForm(),
    )


@blueprint.get("/<int:id>/words")
@allow(Action.SEND_TEXTS)
def words_get(id: int):
    """Changes a draft."""
    draft = reads.broadcast_for(actor(), id)
    form = _form(
        draft,
        name=draft.name,
        audience=reads.audience_key(draft),
        purpose=draft.purpose,
        **{f"body_{tag}": draft.bodies.get(tag, "") for tag in ("en", "es")},
    )
    form.show_beginning(draft.begins_on, draft.begins_clock)
    return _compose_page(form, draft)


@blueprint.post("/<int:id>/words")
@allow(Action.SEND_TEXTS)
def words_post(id: int):
    """Keeps a changed draft."""
    draft = reads.broadcast_for(actor(), id)
    form = _form(draft)
    return submit(form, lambda: _save(id, form), then=_look_over, page=lambda: _compose_page(form, draft))


@blueprint.post("/<int:id>/sending")
@allow(Action.SEND_TEXTS)
def sending_post(id: int):
    """Sends a draft: who gets what is frozen in this moment."""
    form = ConfirmForm()
    return submit(
        form,
        lambda: actions.confirm_broadcast(
            actor(), id, seen=form.seen.data, is_split=form.is_split.data, is_careful=form.is_careful.data, now=now()
        ),
        then=_look_over,
        page=lambda: _review_page(reads.broadcast_for(actor(), id), form),
    )


@blueprint.post("/<int:id>/agreement")
@allow(Action.SEND_TEXTS)
def agreement_post(id: int):
    """A second person agrees, and it is sent."""
    form = ConfirmForm()
    return submit(
        form,
        lambda: actions.agree_broadcast(actor(), id, seen=form.seen.data, now=now()),
        then=_look_over,
        page=lambda: _review_page(reads.broadcast_for(actor(), id), form),
    )


@blueprint.post("/<int:id>/return")
@allow(Action.SEND_TEXTS)
def return_post(id: int):
    """Whoever asked for a second person takes the question back, or the second person gives it back: a draft again."""
    return _press(lambda: actions.return_draft(actor(), id), id)


@blueprint.post("/<int:id>/stop")
@allow(Action.SEND_TEXTS)
def stop_post(id: int):
    """Nothing new leaves."""
    return _press(lambda: actions.stop_broadcast(actor(), id, now=now()), id)


@blueprint.post("/<int:id>/rest")
@allow(Action.SEND_TEXTS)
def rest_post(id: int):
    """Sends what a stop left."""
    return _press(lambda: actions.resume_broadcast(actor(), id, now=now()), id)


@blueprint.post("/<int:id>/plain-quotes")
@allow(Action.SEND_TEXTS)
def plain_quotes_post(id: int):
    """Replaces typographic marks that make the text longer on the air."""
    return _press(lambda: actions.repair_draft(actor(), id), id)


@blueprint.post("/<int:id>/removal")
@allow(Action.SEND_TEXTS)
def removal_post(id: int):
    """Throws a draft away."""
    form = ButtonForm()
    return submit(
        form,
        lambda: actions.drop_draft(actor(), id),
        then=lambda _: url_for("broadcasts.broadcasts_get"),
        page=lambda: _review_page(reads.broadcast_for(actor(), id), ConfirmForm()),
    )


@blueprint.get("/<int:id>/people")
@allow(Action.SEND_TEXTS)
def people_get(id: int):
    """Who was left out for a reason, or whose text is in a state."""
    broadcast, reason, state = reads.broadcast_for(actor(), id), request.args.get("reason"), request.args.get("state")
    if reason not in REASONS and state not in OUT_STATES:
        abort(404)
    people = _left_out(broadcast, reason) if reason else []
    page = None if reason else reads.texts_in(actor(), broadcast, state, request.args.get("after"))
    return render_template(
        "outreach/broadcast_people.html",
        broadcast=broadcast,
        reason=reason,
        state=state,
        people=people,
        page=page,
        reasons=REASONS,
        fixes=FIXES,
    )


def _left_out(broadcast: Broadcast, reason: str) -> list[tuple[int, str]]:
    if broadcast.state in ("draft", "asked"):
        return [(one.person_id, one.name) for one in plans.plan_of(actor(), broadcast, now()).left_out.get(reason, ())][: reads.MOST_NAMES]
    return reads.left_out(broadcast, reason)


def _press(act, id: int):
    form = ButtonForm()
    return submit(form, act, then=_look_over, page=lambda: render_template("errors/422.html", reasons=form.refusals))


def _look_over(id: int) -> str:
    return url_for("broadcasts.broadcast_get", id=id)


def _subject(draft: Broadcast | None) -> tuple[str, int] | None:
    if draft is not None and draft.subject_kind:
        return draft.subject_kind, draft.subject_id
    asked = request.values.get("audience") or request.values.get("subject") or ""
    kind, _, rest = asked.partition(":")
    number = read_id(rest.partition(":")[0])
    return (kind, number) if kind in SUBJECTS and number is not None else None


def _form(draft: Broadcast | None = None, **values: str) -> BroadcastForm:
    return BroadcastForm(**values).offer(reads.audience_choices(actor(), _subject(draft)), now(), actor().time_zone)


def _save(id: int | None, form: BroadcastForm) -> int:
    return actions.save_draft(
        actor(),
        id,
        name=form.name.data,
        audience=form.audience.data,
        bodies=form.bodies,
        begins=form.begins,
        purpose=form.purpose.data or "organizing",
        now=now(),
    )


def _asked_draft(form: BroadcastForm) -> Broadcast | None:
    """?segment=ID, or ?subject=assembly:ID&list=said_yes: the audience, its words and its name filled in."""
    segment, subject = request.args.get("segment", ""), request.args.get("subject", "")
    asked = f"segment:{segment}" if segment else f"{subject}:{request.args.get('list', '')}"
    offered = [value for value, _label in form.audience.choices if value]
    audience = next((value for value in offered if value == asked or subject and value.startswith(asked)), None)
    if audience is None:
        return None
    draft = reads.draft_for(actor(), audience)
    form.audience.data, form.name.data = audience, draft.name
    form.body_en.data, form.body_es.data = draft.bodies.get("en", ""), draft.bodies.get("es", "")
    return draft


def _compose_page(form: BroadcastForm, draft: Broadcast | None) -> str:
    subject = _subject(draft) or (None, None)
    return render_template(
        "outreach/broadcast_words.html",
        form=form,
        draft=draft if draft and draft.id else None,
        labels=FIELD_LABELS,
        plan=plans.plan_of(actor(), draft, now()) if draft else None,
        reasons=REASONS,
        fixes=FIXES,
        fields=plans.known_fields(actor(), *subject),
        sizes=plans.sizes_of(form.bodies),
    )


def _review_page(draft: Broadcast, form: ConfirmForm) -> str:
    who, at = request.args.get("who", "").strip(), now()
    plan = plans.plan_of(actor(), draft, at)
    form.seen.data = plans.seen_of(draft)
    limit = plans.options_of(actor()).two_people_above
    return render_template(
        "outreach/broadcast_review.html",
        draft=draft,
        plan=plan,
        who=who,
        preview=plans.preview_of(actor(), draft, plan, at, who),
        issues=plans.issues_with(actor(), draft, set(plan.languages)),
        cautions=cautions_in(draft.bodies),
        limit=limit,
        asks=draft.purpose == SAFETY or needs_second(plan.total, plan.count, limit),
        audience=reads.audience_name(actor(), draft),
        exempt=exemptions_of(actor()),
        form=form,
        sizes=plans.sizes_of(draft.bodies),
        reasons=REASONS,
        fixes=FIXES,
        labels=FIELD_LABELS,
        now=at,
        press=ButtonForm(),
    )
