"""Ready replies of an organization's own, and texts that did not arrive."""

from flask import render_template, request, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.outreach.actions.ready import save_ready
from crm.outreach.forms.inbox import ReadyForm
from crm.outreach.queries import finding
from crm.outreach.queries.inbox import READY_FIELDS, own_ready
from crm.outreach.routes.inbox import blueprint
from crm.outreach.rules.failures import FAILED_STATES, why_failed
from crm.outreach.rules.replies.ready import READY
from crm.outreach.rules.templates import FIELD_LABELS


@blueprint.get("/ready")
@allow(Action.SEND_TEXTS)
def ready_get():
    """The organization's ready replies, beside the built-in ones."""
    form = ReadyForm()
    form.show(own_ready(actor()))
    return _ready_page(form)


@blueprint.post("/ready")
@allow(Action.SEND_TEXTS)
def ready_post():
    """Keeps them."""
    form = ReadyForm()
    return submit(form, lambda: save_ready(actor(), form.own(), now=now()), then=lambda _done: url_for("inbox.ready_get"), page=lambda: _ready_page(form))


def _ready_page(form: ReadyForm) -> str:
    return render_template("outreach/ready.html", form=form, pairs=list(zip(READY["en"], READY["es"], strict=True)), fields=READY_FIELDS, labels=FIELD_LABELS)


@blueprint.get("/failed")
@allow(Action.SEE_INBOX)
def failed_get():
    """Texts that did not arrive or have not left, with why and what can be done."""
    state, code = request.args.get("state", "failed"), read_id(request.args.get("code"))
    state = state if state in FAILED_STATES else "failed"
    return render_template(
        "outreach/failed.html", state=state, code=code, states=FAILED_STATES, counts=finding.failed_counts(actor()), codes=finding.failed_codes(actor(), state),
        page=finding.failed_page(actor(), state, code, request.args.get("after")), why=why_failed,
    )
