"""Pages of conversations and of the ladder."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.leadership import actions, queries
from crm.leadership.forms import AssessmentForm, ConversationForm, DoneForm, FollowUpForm, NamesForm, RungForm
from crm.leadership.rules import ASSESSMENTS, MOVEMENT_DAYS, RUNGS, Talk
from crm.people import rules as people_rules
from crm.people.queries import person_for, rung_names

blueprint = Blueprint("leadership", __name__)


def _zone() -> ZoneInfo:
    return ZoneInfo(actor().time_zone)


def _rung_choices() -> list[tuple[str, str]]:
    return [(str(number), _(name)) for number, name in enumerate(rung_names(actor())) if number in RUNGS]


def _offer(form: ConversationForm) -> ConversationForm:
    """What can be chosen in the form of a conversation."""
    unchanged = [("", _("No change"))]
    form.assessment.choices = unchanged + [(str(value), _(words)) for value, words in ASSESSMENTS.items()]
    form.rung.choices = unchanged + _rung_choices()
    return form


def _conversation_page(person_id: int, form: ConversationForm) -> str:
    person = person_for(actor(), person_id)
    talks = queries.conversations_with(actor(), person.id)
    return render_template("leadership/conversation_new.html", person=person, form=form, talks=talks)


@blueprint.get("/people/<int:id>/conversations/new")
@allow(Action.LOG_CONVERSATIONS)
def conversation_new_get(id: int):
    return _conversation_page(id, _offer(ConversationForm(held_at=now().astimezone(_zone()))))


@blueprint.post("/people/<int:id>/conversations/new")
@allow(Action.LOG_CONVERSATIONS)
def conversation_new_post(id: int):
    form = _offer(ConversationForm())

    def log() -> int:
        held_at = form.held_at.data.replace(tzinfo=_zone())
        talk = Talk(held_at, form.summary.data, form.next_step.data, form.follow_up_on.data)
        seen = {"assessment": form.assessment.data, "rung": form.rung.data}
        return actions.log_conversation(actor(), id, talk, now=now(), **seen)

    return submit(form, log, then=lambda _id: _to_person(id, _("The one-on-one is logged.")),
                  page=lambda: _conversation_page(id, form))  # fmt: skip


def _to_person(id: int, said: str) -> str:
    flash(said, "yes")
    return url_for("people.person_get", id=id)


@blueprint.get("/conversations")
@allow(Action.LOG_CONVERSATIONS)
def conversations_get():
    everyone = request.args.get("of") == "everyone"
    today = actions.today_of(actor(), now())
    page = queries.all_due(actor(), today, request.args.get("after"), mine=not everyone)
    shown = {"page": page, "everyone": everyone, "has_others": queries.reads_everyones(actor())}
    return render_template("leadership/conversations.html", today=today, form=DoneForm(), **shown)


@blueprint.get("/conversations/new")
@allow(Action.LOG_CONVERSATIONS)
def conversation_who_get():
    text = request.args.get("q", "").strip()[:80]
    people = queries.people_to_talk_with(actor(), text)
    return render_template("leadership/conversation_who.html", people=people, text=text)


@blueprint.post("/conversations/<int:id>/completion")
@allow(Action.LOG_CONVERSATIONS)
def completion_post(id: int):
    def said(_person_id: int) -> str:
        flash(_("Done."), "yes")
        return url_for("leadership.conversations_get")

    return submit(DoneForm(), lambda: actions.finish_follow_up(actor(), id, now=now()), said, conversations_get)


def _follow_up_page(id: int, form: FollowUpForm) -> str:
    talk = queries.conversation_for(actor(), id)
    person = person_for(actor(), talk.person_id)
    return render_template("leadership/follow_up.html", talk=talk, person=person, form=form)


@blueprint.get("/conversations/<int:id>/follow-up")
@allow(Action.LOG_CONVERSATIONS)
def follow_up_get(id: int):
    return _follow_up_page(id, FollowUpForm(obj=queries.conversation_for(actor(), id)))


@blueprint.post("/conversations/<int:id>/follow-up")
@allow(Action.LOG_CONVERSATIONS)
def follow_up_post(id: int):
    form = FollowUpForm()

    def plan() -> int:
        return actions.plan_follow_up(actor(), id, form.next_step.data, form.follow_up_on.data, now=now())

    return submit(form, plan, then=lambda person_id: _to_person(person_id, _("The next step is saved.")),
                  page=lambda: _follow_up_page(id, form))  # fmt: skip


def _rung_page(id: int, form: RungForm) -> str:
    return render_template("leadership/rung.html", person=person_for(actor(), id), form=form)


@blueprint.get("/people/<int:id>/rung")
@allow(Action.EDIT_PEOPLE)
def rung_get(id: int):
    form = RungForm(rung=min(person_for(actor(), id).rung + 1, 5))
    form.rung.choices = _rung_choices()
    return _rung_page(id, form)


@blueprint.post("/people/<int:id>/rung")
@allow(Action.EDIT_PEOPLE)
def rung_post(id: int):
    form = RungForm()
    form.rung.choices = _rung_choices()
    return submit(form, lambda: actions.move_rung(actor(), id, form.rung.data, form.reason.data, now=now()),
                  then=lambda _id: _to_person(id, _("The ladder is up to date.")),
                  page=lambda: _rung_page(id, form))  # fmt: skip


def _assessment_page(id: int, form: AssessmentForm) -> str:
    form.assessment.choices = [(str(value), _(words)) for value, words in ASSESSMENTS.items()]
    return render_template("leadership/assessment.html", person=person_for(actor(), id), form=form)


@blueprint.get("/people/<int:id>/assessment")
@allow(Action.LOG_CONVERSATIONS)
def assessment_get(id: int):
    return _assessment_page(id, AssessmentForm(assessment=person_for(actor(), id).assessment))


@blueprint.post("/people/<int:id>/assessment")
@allow(Action.LOG_CONVERSATIONS)
def assessment_post(id: int):
    form = AssessmentForm()
    form.assessment.choices = [(str(value), _(words)) for value, words in ASSESSMENTS.items()]
    return submit(form, lambda: actions.assess(actor(), id, form.assessment.data, now=now()),
                  then=lambda _id: _to_person(id, _("The assessment is saved.")),
                  page=lambda: _assessment_page(id, form))  # fmt: skip


@blueprint.get("/ladder")
@allow(Action.SEE_PEOPLE)
def ladder_get():
    since, direction = now() - timedelta(days=MOVEMENT_DAYS), request.args.get("direction")
    direction = direction if direction in ("up", "back") else ""
    movement = queries.ladder_movement(actor(), since)
    page = queries.moves_since(actor(), since, request.args.get("after"), direction=direction)
    shown = {"movement": movement, "page": page, "direction": direction}
    return render_template("leadership/ladder.html", days=MOVEMENT_DAYS, **shown)


def _names_page(form: NamesForm) -> str:
    return render_template("leadership/ladder_names.html", form=form, numbers=RUNGS)


@blueprint.get("/ladder/names")
@allow(Action.ADMINISTER)
def ladder_names_get():
    return _names_page(NamesForm(data={f"rung_{number}": name for number, name in _rung_choices()}))


@blueprint.post("/ladder/names")
@allow(Action.ADMINISTER)
def ladder_names_post():
    form = NamesForm()

    def rename() -> None:
        usual = {_(name): name for name in people_rules.RUNGS}  # kept in English, so that every language can say them
        actions.name_rungs(actor(), {n: usual.get(name, name) for n, name in form.names().items()}, now=now())

    return submit(form, rename, then=lambda _none: url_for("leadership.ladder_get"), page=lambda: _names_page(form))

