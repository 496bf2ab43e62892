"""Pages of the inbox: who needs an answer, and one conversation."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from crm.accounts.queries import colleagues
from crm.infra import audit
from crm.infra.audit import Event
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_
from crm.outreach.actions import inbox as actions
from crm.outreach.actions.replies import handler_of
from crm.outreach.forms.inbox import AnswerForm, AssignForm, LinkForm, NewPersonForm, OutcomeForm, SnoozeForm
from crm.outreach.queries import inbox as reads
from crm.outreach.rules.gate import SENTENCES, lasting, why_not
from crm.outreach.rules.hours import next_open, open_until
from crm.outreach.rules.replies import threads as rules
from crm.outreach.rules.templates import LINK

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")


@blueprint.get("")
@allow(Action.SEE_INBOX)
def inbox_get():
    """Conversations: those that need an answer, mine, all, stopped."""
    return render_template("outreach/inbox.html", **_list(), talk=None)


@blueprint.get("/<int:id>")
@allow(Action.SEE_INBOX)
def thread_get(id: int):
    """One conversation."""
    return _page(id)


@blueprint.post("/<int:id>/answers")
@allow(Action.ANSWER_TEXTS)
def answer_post(id: int):
    """Answers by text."""
    form = AnswerForm()
    return _submit(id, form, lambda: actions.answer_thread(actor(), id, form.body.data, form.seen_id, now=now()))


@blueprint.post("/<int:id>/outcomes")
@allow(Action.ANSWER_TEXTS)
def outcome_post(id: int):
    """Writes down what they meant."""
    form = OutcomeForm()
    return _submit(id, form, lambda: actions.record_outcome(actor(), id, form.outcome.data, now=now()))


@blueprint.post("/<int:id>/assignment")
@allow(Action.ANSWER_TEXTS)
def assignment_post(id: int):
    """Gives the conversation to a colleague."""
    form = AssignForm().offer(colleagues(actor(), now()))
    return _submit(id, form, lambda: actions.assign_thread(actor(), id, form.account_id.data, now=now()))


@blueprint.post("/<int:id>/snooze")
@allow(Action.ANSWER_TEXTS)
def snooze_post(id: int):
    """Puts the conversation off."""
    form = SnoozeForm()
    return _submit(id, form, lambda: actions.snooze_thread(actor(), id, form.until.data, now=now()), back_to_list=True)


@blueprint.post("/<int:id>/closing")
@allow(Action.ANSWER_TEXTS)
def closing_post(id: int):
    """Done for now."""
    return _submit(id, Form(), lambda: actions.close_thread(actor(), id, now=now()), back_to_list=True)


@blueprint.post("/<int:id>/reopening")
@allow(Action.ANSWER_TEXTS)
def reopening_post(id: int):
    """Sets the conversation aside for a person."""
    return _submit(id, Form(), lambda: actions.reopen_thread(actor(), id, now=now()))


@blueprint.post("/<int:id>/person")
@allow(Action.EDIT_PEOPLE)
def person_post(id: int):
    """Says whose number it is."""
    form = LinkForm()
    return _submit(id, form, lambda: actions.link_person(actor(), id, form.person_id.data, now=now()))


@blueprint.post("/<int:id>/people")
@allow(Action.EDIT_PEOPLE)
def new_person_post(id: int):
    """Adds the person who wrote."""
    form = NewPersonForm()
    return _submit(id, form, lambda: actions.add_person_from(actor(), id, form.values(), now=now()))


def _submit(id: int, form: Form, act: Callable[[], int], back_to_list: bool = False) -> Any:
    reads.thread_for(actor(), id)
    there = url_for("inbox.inbox_get") if back_to_list else url_for("inbox.thread_get", id=id, _anchor="latest")
    return submit(form, act, then=lambda _id: there, page=lambda: _page(id, form))


def _list() -> dict[str, Any]:
    at, tab = now(), request.args.get("tab", "answer")
    tab = tab if tab in reads.TABS else "answer"
    return {
        "tab": tab, "page": reads.threads_page(actor(), tab, request.args.get("after"), at), "awaiting": reads.count_needing_answer(actor(), at),
        "answered": reads.answered_this_week(actor(), at - timedelta(days=7)), "reasons": rules.REASONS, "names": dict(colleagues(actor(), at)),
        "late": at - timedelta(days=1), "now": at,
    }


def _page(id: int, tried: Form | None = None) -> str:
    """The conversation with every form on it; `tried` is the one that was refused, with what was typed."""
    at, thread = now(), reads.thread_for(actor(), id)
    talk = reads.talk_of(actor(), thread, at)
    people = colleagues(actor(), at)
    forms = {form.__name__: tried if isinstance(tried, form) else form(formdata=None) for form in (AnswerForm, NewPersonForm)}
    answer = forms["AnswerForm"]
    if not isinstance(tried, AnswerForm):
        answer.body.data = _chip(talk)
    answer.seen.data = str(talk.seen)
    names = why_not(talk.facts, at)
    blocked = lasting(names)
    assign = AssignForm(formdata=None, data={"account_id": thread.assigned_id or 0}).offer(people)
    asks = request.args.get("q", "").strip()
    return render_template(
        "outreach/thread.html", **_list(), talk=talk, thread=thread, answer=answer, tried=tried, assign=assign,
        new_person=forms["NewPersonForm"], new_form=lambda: Form(formdata=None), button_form=Form(formdata=None), sentence=_sentence,
        held=rules.remembered(thread.facts), intents=rules.INTENTS,
        needs=rules.NEEDS, may_record=bool(thread.person_id and handler_of(talk.asked)), blocked=SENTENCES.get(blocked or ""),
        opens=next_open(talk.facts.zones, at) if names and not blocked else None, until=open_until(talk.facts.zones, at),
        q=asks, found=reads.people_found(actor(), asks) if asks and thread.person_id is None else [],
    )


@blueprint.app_template_filter("replace_links")
def without_links(body: str) -> str:
    """A text's words without the places of its personal links: those belong to the member alone."""
    return LINK.sub(_("(personal link)"), body)


def _chip(talk: reads.Talk) -> str:
    chosen = read_id(request.args.get("say"))
    return talk.ready[chosen] if chosen is not None and chosen < len(talk.ready) else ""


class _Places(dict):
    """What fills a sentence; what was erased since is left out."""

    def __missing__(self, key: str) -> str:
        return "…"


def _sentence(event: Event) -> str:
    after = event.after or {}
    if event.verb == "reply.outcome":
        after = {**after, "outcome": _(after.get("outcome", "…"))}
    return _(audit.SENTENCES.get(event.verb, N_("Something was recorded"))) % _Places({"by": event.actor_name or "?", **after})
