"""The phone simulator: pretend phones of members, in the demonstration only."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now, start_demo
from crm.infra.runtime import settings
from crm.infra.web import Form, fragment, submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_
from crm.outreach.actions import simulate
from crm.outreach.forms.inbox import ClockForm, PhoneForm
from crm.outreach.providers import provider
from crm.outreach.queries.simulator import simulated_phones

blueprint = Blueprint("phones", __name__, url_prefix="/phones")
# What members typically write: member's words, in the member's language, hence not translated.
SAMPLES = ("yes", "Sí, somos 3", "no puedo", "need childcare for 2", "stop", "STOP PLEASE", "who is this?")


@blueprint.before_request
def only_in_the_demonstration() -> None:
    """Elsewhere these pages do not exist."""
    if not (settings().is_demo and provider().name == "simulator"):
        abort(404)


@blueprint.get("")
@allow(Action.SIMULATE_PHONES)
def phones_get():
    """Phones of people texted lately."""
    return fragment("outreach/phones.html", "outreach/phones_part.html", **_page())


@blueprint.post("")
@allow(Action.SIMULATE_PHONES)
def phones_post():
    """A member writes."""
    form = PhoneForm()
    words = form.chip.data or form.body.data or ""
    return submit(form, lambda: simulate.write_text(actor(), form.phone.data, words, now=now()), then=_back_to,
                  page=lambda: render_template("outreach/phones.html", **_page(form)))


@blueprint.post("/clock")
@allow(Action.SIMULATE_PHONES)
def clock_post():
    """Lets time pass."""
    form = ClockForm()
    answer = submit(form, lambda: simulate.move_clock(actor(), form.to.data, now=now()),
                    then=lambda _to: url_for("phones.phones_get"), page=lambda: render_template("outreach/phones.html", **_page(form)))
    start_demo(True)  # the time read before the commit is forgotten
    return answer


def _back_to(number: str) -> str:
    return url_for("phones.phones_get", phone=request.args.get("phone"), q=request.args.get("q") or None, _anchor=f"p{number[1:]}")


def _page(tried: Form | None = None) -> dict[str, Any]:
    find, only = request.args.get("q", "").strip(), request.args.get("phone", "")
    shown = simulated_phones(actor(), find, f"+{only}" if only.isdigit() else "")
    return {
        "phones": shown, "samples": SAMPLES, "now": now(), "q": find, "only": only, "tried": tried, "new_form": lambda: PhoneForm(formdata=None),
        "moments": (("morning", N_("Next morning")), ("day", N_("Next day"))),
    }
