"""A volunteer's phone in a texting drive, by link and without an account. Opening it changes nothing; each press is one transaction."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.infra.auth import public
from crm.infra.clock import now
from crm.infra.db import scope_to, transaction
from crm.infra.look import say
from crm.kernel.numbers import read_id
from crm.kernel.refusal import Missing, Reason, Refused
from crm.outreach.actions import texting as actions
from crm.outreach.queries import texting as reads
from crm.outreach.queries.inbox import ready_for
from crm.outreach.queries.texting import Holder
from crm.outreach.rules import drives as rules
from crm.outreach.rules.replies.threads import NEEDS, OUTCOME_WORDS

blueprint = Blueprint("texting", __name__, url_prefix="/t/<token>")
LINK_VIEWS = tuple(f"texting.{name}_post" for name in ("batches", "releases", "texts", "answers", "words", "outcomes", "handing", "presence"))
"""The token in the address is the whole authority and no cookie is read for it, so there is nothing to forge across sites."""


@blueprint.get("")
@public("a volunteer holds this link; opening it changes nothing")
def texting_get(token: str):
    """What to do next: answer who wrote, text the next person, take more."""
    return _page(_enter(token))


@blueprint.get("/people/<int:contact_id>")
@public("a volunteer holds this link; opening it changes nothing")
def talk_get(token: str, contact_id: int):
    """One of her conversations."""
    return _talk(_enter(token), contact_id)


@blueprint.post("/batches")
@public("a volunteer holds this link; this takes people to text")
def batches_post(token: str):
    """Takes people to text."""
    return _press(token, lambda holder: actions.take_batch(holder, now=now()) or flash(_("There is nobody to text just now."), "wait"), act="take")


@blueprint.post("/releases")
@public("a volunteer holds this link; this gives back whom she did not text")
def releases_post(token: str):
    """Gives back whom she has not texted."""
    return _press(token, lambda holder: actions.release_batch(holder, now=now()))


@blueprint.post("/people/<int:contact_id>/text")
@public("a volunteer holds this link; this texts one of her people, once")
def texts_post(token: str, contact_id: int):
    """One press, one text."""
    return _press(token, lambda holder: _skip(actions.send_first(holder, contact_id, now=now())))


@blueprint.post("/people/<int:contact_id>/answers")
@public("a volunteer holds this link; this works one of her conversations")
def answers_post(token: str, contact_id: int):
    """One tap on an answer of the script."""
    key, body, answer = f"drive-answer:{contact_id}:{_once()}", request.form.get("body", "").strip() or None, request.form.get("answer", "")
    return _press(token, lambda holder: actions.answer_script(holder, contact_id, answer, body, _seen(), key=key, now=now()), contact_id)


@blueprint.post("/people/<int:contact_id>/words")
@public("a volunteer holds this link; this works one of her conversations")
def words_post(token: str, contact_id: int):
    """Her own words, or a ready reply."""
    key, ready = f"drive-words:{contact_id}:{_once()}", request.form.get("ready", "")[:1600]
    return _press(token, lambda holder: actions.write_freely(holder, contact_id, request.form.get("body", ""), ready, _seen(), key=key, now=now()), contact_id)


@blueprint.post("/people/<int:contact_id>/outcomes")
@public("a volunteer holds this link; this works one of her conversations")
def outcomes_post(token: str, contact_id: int):
    """One tap: what they meant."""
    return _press(token, lambda holder: actions.write_outcome(holder, contact_id, request.form.get("outcome", ""), now=now()), contact_id)


@blueprint.post("/people/<int:contact_id>/handing")
@public("a volunteer holds this link; this gives one of her conversations to an organizer")
def handing_post(token: str, contact_id: int):
    """Gives the conversation to an organizer."""
    return _press(token, lambda holder: actions.hand_to_organizer(holder, contact_id, now=now()), contact_id)


@blueprint.post("/presence")
@public("a volunteer holds this link; this says that she is still there")
def presence_post(token: str):
    """She is there: what she holds stays hers."""
    return _press(token, lambda holder: actions.be_here(holder, now=now()))


@blueprint.app_template_global("fresh_key")
def fresh_key() -> str:
    """A key that makes a form's second press the same as its first."""
    return secrets.token_urlsafe(12)


def _enter(token: str) -> Holder:
    g.actor = None  # whoever is signed in on this phone, the link is what counts
    key = reads.key_of(token, now())
    scope_to(key.org_id)
    holder = reads.holder_of(key)
    g.time_zone = holder.organization.time_zone
    return holder


def _press(token: str, do: Callable[[Holder], Any], contact_id: int | None = None, act: str = "act") -> Any:
    """Does it in one transaction and leads to what comes next; a refusal shows the page it was pressed on, with the words typed."""
    g.actor = None
    key = reads.key_of(token, now())
    try:
        with transaction(key.org_id):
            do(holder := reads.holder_of(key, act))
            following = reads.next_waiting(holder) if contact_id else None
    except Refused as refused:
        holder = _enter(token)
        return (_talk(holder, contact_id, refused.reasons) if contact_id else _page(holder, refused.reasons)), 422
    except Missing:
        holder = _enter(token)  # an ended link is missing; a person she no longer holds is not her mistake
        return _page(holder, (Reason(rules.NOT_YOURS),)), 422
    return redirect(_url(token, "talk_get", contact_id=following) if following else _url(token), 303)


def _skip(why: Reason | None) -> None:
    if why:
        flash(_("Skipped: %(why)s", why=say(why)), "wait")


def _url(token: str, view: str = "texting_get", **values: Any) -> str:
    return url_for(f"texting.{view}", token=token, lang=request.args.get("lang"), **values)


def _seen() -> int:
    return read_id(request.form.get("seen")) or 0


def _once() -> str:
    return request.form.get("once", "")[:40]


def _page(holder: Holder, reasons: tuple[Reason, ...] = ()) -> Any:
    waiting = reads.conversations(holder)
    following = reads.next_to_text(holder)
    waits = sum(thread.state == "needs_answer" for _contact, _person, thread in waiting)
    shown = {"holder": holder, "url": _url, "reasons": reasons, "shown": reads.shown, "talks": waiting, "waits": waits}
    if following:
        contact, person, left = following
        shown |= {"contact": contact, "who": reads.shown(contact, person), "left": left, "words": reads.first_words(holder, contact)}
    elif is_open := holder.is_open(now()):
        shown |= {"free": reads.left_in(holder.drive, now()), "is_open": is_open}
    else:
        drive = holder.drive
        shown |= {"closed": rules.why_closed(drive.state, drive.opens_hour, reads.local_time(holder, now()))}
    return render_template("outreach/texting.html", **shown)


def _talk(holder: Holder, contact_id: int, reasons: tuple[Reason, ...] = ()) -> Any:
    contact, person, thread = reads.talk_with(holder, contact_id)
    texts = reads.texts_of(contact)
    question = rules.question_of(script := rules.read_script(holder.drive.questions), contact.question)
    values = reads.values_for(holder, contact)
    branches = [(branch, rules.words_after(script, branch, values, contact.language)) for branch in (question.answers if question else ())]
    say_now = next((words for branch, words in branches if branch.key == request.args.get("edit")), None)
    ready = ready_for(holder.actor, contact.language, person.given_name)
    chosen = read_id(request.args.get("say"))
    picked = ready[chosen] if chosen is not None and chosen < len(ready) else ""
    return render_template(
        "outreach/texting_talk.html", holder=holder, url=_url, reasons=reasons, contact=contact, who=reads.shown(contact, person), thread=thread, texts=texts,
        question=question, branches=branches, ready=ready, picked=picked, edit=request.args.get("edit") if say_now is not None else None,
        body=request.form.get("body", "") or say_now or picked, seen=_last_said(texts), needs=NEEDS, outcome_words=OUTCOME_WORDS,
        may_record=reads.can_record(holder, thread, now()), page_language=str(get_locale()),
    )


def _last_said(texts: list[Any]) -> int:
    return max((text.id for text in texts if text.direction == "in" or text.purpose == "reply"), default=0)

