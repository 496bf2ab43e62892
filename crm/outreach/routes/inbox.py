"""Pages of the inbox: who needs an answer, and one conversation."""

from collections.abc import Callable
from datetime import datetime, timedelta
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
from crm.outreach.actions import outcomes
from crm.outreach.actions.replies import handler_of
from crm.outreach.forms.inbox import AddressForm, AnswerForm, AssignForm, LinkForm, NewPersonForm, StepForm
from crm.outreach.queries import finding
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
    return take(id, form, lambda: actions.answer_thread(actor(), id, form.body.data, form.seen_id, now=now()), onward)


@blueprint.post("/<int:id>/no-stop")
@allow(Action.ANSWER_TEXTS)
def no_stop_post(id: int):
    """What we took for an opt-out was none."""
    return take(id, Form(), lambda: actions.take_stop_back(actor(), id, now=now()))


@blueprint.post("/<int:id>/address")
@allow(Action.EDIT_PEOPLE)
def address_post(id: int):
    """Writes a new address on their record."""
    form = AddressForm()
    return take(id, form, lambda: actions.write_address(actor(), id, form.street.data or "", now=now()))


@blueprint.post("/<int:id>/person")
@allow(Action.EDIT_PEOPLE)
def person_post(id: int):
    """Says whose number it is."""
    form = LinkForm()
    return take(id, form, lambda: actions.link_person(actor(), id, form.person_id.data, now=now()))


@blueprint.post("/<int:id>/people")
@allow(Action.EDIT_PEOPLE)
def new_person_post(id: int):
    """Adds the person who wrote."""
    form = NewPersonForm()
    return take(id, form, lambda: actions.add_person_from(actor(), id, form.values(), now=now()))


def take(id: int, form: Form, act: Callable[[], int], then: Callable[[int], str] | None = None) -> Any:
    """Does something with a conversation and comes back to it, or goes where `then` says."""
    reads.thread_for(actor(), id)
    return submit(form, act, then=then or here, page=lambda: _page(id, form))


def here(id: int) -> str:
    """The conversation itself."""
    return url_for("inbox.thread_get", id=id, tab=request.args.get("tab"), _anchor="latest")


def onward(id: int) -> str:
    """The conversation that waits longest, once this one is settled; it can be taken back from there."""
    thread = reads.thread_for(actor(), id)
    if thread.state == "needs_answer" and not (thread.snoozed_until and thread.snoozed_until > now()):
        return here(id)
    following = finding.next_waiting(actor(), now(), id)
    kept = {"done": id, "tab": request.args.get("tab")}
    return url_for("inbox.thread_get", id=following, **kept, _anchor="latest") if following else url_for("inbox.inbox_get", **kept)


def _list() -> dict[str, Any]:
    at, args = now(), request.args
    tab, who = args.get("tab", "answer"), args.get("who", "")
    asked = finding.Asked(tab if tab in finding.TABS else "answer", args.get("find", "").strip()[:80], read_id(who) if who else None,
                          args.get("reason", "") if args.get("reason") in rules.REASONS else "")
    return {
        "asked": asked, "tab": asked.tab, "page": finding.threads_page(actor(), asked, args.get("after"), at),
        "awaiting": reads.count_needing_answer(actor(), at), "answered": reads.answered_this_week(actor(), at - timedelta(days=7)),
        "reasons": rules.REASONS, "names": dict(colleagues(actor(), at)), "late": at - timedelta(days=1), "now": at, "left": _just_left(at),
        "undo_form": Form(formdata=None),
    }


def _just_left(at: datetime) -> dict[str, Any] | None:
    """The conversation that one comes from, with its name, and whether the last tap there can be taken back."""
    done = read_id(request.args.get("done"))
    found = reads.thread_with_person(actor(), done) if done is not None else None
    if found is None:
        return None
    thread, person = found
    return {"thread": thread, "name": person.name if person else None, "may_undo": outcomes.may_undo(actor(), thread, at)}


def _page(id: int, tried: Form | None = None) -> str:
    """The conversation with every form on it; `tried` is the one that was refused, with what was typed."""
    at, thread = now(), reads.thread_for(actor(), id)
    talk = reads.talk_of(actor(), thread, at)
    people = colleagues(actor(), at)
    forms = {form.__name__: tried if isinstance(tried, form) else form(formdata=None) for form in (AnswerForm, NewPersonForm, AddressForm)}
    answer, held = forms["AnswerForm"], rules.remembered(thread.facts)
    if held and held.intent == "moved" and not isinstance(tried, AddressForm):
        forms["AddressForm"].street.data = dict(held.details).get("address", "")
    if not isinstance(tried, AnswerForm):
        answer.body.data = _chip(talk)
    answer.seen.data = str(talk.seen)
    names = why_not(talk.facts, at)
    blocked = lasting(names)
    assign = AssignForm(formdata=None, data={"account_id": thread.assigned_id or 0}).offer(people)
    asks = request.args.get("q", "").strip()
    return render_template(
        "outreach/thread.html", **_list(), talk=talk, thread=thread, answer=answer, tried=tried, assign=assign,
        new_person=forms["NewPersonForm"], new_address=forms["AddressForm"],
        new_form=lambda: Form(formdata=None), button_form=Form(formdata=None), sentence=_sentence,
        held=held, intents=rules.INTENTS,
        tags=reads.tags_in_use(actor()), may_undo=outcomes.may_undo(actor(), thread, at),
        step=tried if isinstance(tried, StepForm) else _step_form(people), writing=reads.writing_here(actor(), thread, at),
        needs=rules.NEEDS, may_record=bool(thread.person_id and handler_of(talk.asked)), blocked=SENTENCES.get(blocked or ""),
        opens=next_open(talk.facts.zones, at, talk.facts.week) if names and not blocked else None, until=open_until(talk.facts.zones, at, talk.facts.week),
        q=asks, found=reads.people_found(actor(), asks) if asks and thread.person_id is None else [],
    )


def _step_form(people: list[tuple[int, str]]) -> StepForm:
    return StepForm(formdata=None, data={"owner_id": actor().account_id}).offer(people)


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
