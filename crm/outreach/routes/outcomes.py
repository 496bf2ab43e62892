"""What is done with a conversation beside answering it: outcomes, tags, next steps, putting off, and taking the last tap back."""

from crm.accounts.queries import colleagues
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.db import transaction
from crm.infra.web import Form
from crm.kernel.permissions import Action
from crm.outreach.actions import inbox as actions
from crm.outreach.actions import outcomes
from crm.outreach.forms.inbox import AssignForm, OutcomeForm, SnoozeForm, StepForm, TagForm
from crm.outreach.queries import inbox as reads
from crm.outreach.routes.inbox import blueprint, onward, take


@blueprint.post("/<int:id>/outcomes")
@allow(Action.ANSWER_TEXTS)
def outcome_post(id: int):
    """Writes down what they meant; a conversation that is settled by it leads to the next."""
    form = OutcomeForm()
    return take(id, form, lambda: outcomes.record_outcome(actor(), id, form.outcome.data, now=now()), onward)


@blueprint.post("/<int:id>/tags")
@allow(Action.ANSWER_TEXTS)
def tag_post(id: int):
    """Puts a tag on the person."""
    form = TagForm()
    return take(id, form, lambda: outcomes.tag_from(actor(), id, form.tag.data or "", now=now()))


@blueprint.post("/<int:id>/steps")
@allow(Action.ANSWER_TEXTS)
def step_post(id: int):
    """Plans a next step with an owner and a day."""
    form = StepForm().offer(colleagues(actor(), now()))
    words, on, owner = form.next_step, form.follow_up_on, form.owner_id
    return take(id, form, lambda: outcomes.plan_step(actor(), id, words.data or "", on.data, owner.data, now=now()), onward)


@blueprint.post("/<int:id>/assignment")
@allow(Action.ANSWER_TEXTS)
def assignment_post(id: int):
    """Gives the conversation to a colleague."""
    form = AssignForm().offer(colleagues(actor(), now()))
    return take(id, form, lambda: actions.assign_thread(actor(), id, form.account_id.data, now=now()))


@blueprint.post("/<int:id>/snooze")
@allow(Action.ANSWER_TEXTS)
def snooze_post(id: int):
    """Puts the conversation off."""
    form = SnoozeForm()
    return take(id, form, lambda: actions.snooze_thread(actor(), id, form.until.data, now=now()), onward)


@blueprint.post("/<int:id>/closing")
@allow(Action.ANSWER_TEXTS)
def closing_post(id: int):
    """Done for now."""
    return take(id, Form(), lambda: outcomes.close_thread(actor(), id, now=now()), onward)


@blueprint.post("/<int:id>/reopening")
@allow(Action.ANSWER_TEXTS)
def reopening_post(id: int):
    """Sets the conversation aside for a person."""
    return take(id, Form(), lambda: actions.reopen_thread(actor(), id, now=now()))


@blueprint.post("/<int:id>/undoing")
@allow(Action.ANSWER_TEXTS)
def undoing_post(id: int):
    """Takes one's own last tap back."""
    return take(id, Form(), lambda: outcomes.undo_last(actor(), id, now=now()))


@blueprint.post("/<int:id>/writing")
@allow(Action.ANSWER_TEXTS)
def writing_post(id: int):
    """Says that somebody is writing here, so that colleagues see it."""
    reads.thread_for(actor(), id)
    with transaction():
        actions.note_writing(actor(), id, now=now())
    return "", 204
