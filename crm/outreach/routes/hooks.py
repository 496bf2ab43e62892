"""Webhooks of the provider: the signature is checked, the call is stored as it came, then acted on; the answer does not wait for that.

Calls that come at the same moment are stored in one durable commit. A member's text that may be STOP (or START, HELP, a wrong number)
is acted on before the answer, in a transaction of its own; every other one, and every status, by a job within a second or two,
together with those of the same second. Should that fail, it is kept and the sweeper takes it up within a minute.
"""

import logging
from collections.abc import Sequence

from flask import Blueprint, Response, abort, request

from crm.infra.auth import Actor, public
from crm.infra.clock import now
from crm.infra.db import scope_to, transaction
from crm.infra.together import Together
from crm.outreach.actions.hooks import Came, handle_with_earlier, store_to_act
from crm.outreach.providers import provider, read_status_key
from crm.outreach.queries.phones import owner_of_sender
from crm.outreach.rules.errors import words_of
from crm.outreach.rules.replies.threads import acts_at_once

log = logging.getLogger("plenary.hooks")
blueprint = Blueprint("hooks", __name__, url_prefix="/hooks")
blueprint.add_app_template_global(words_of, "error_words")  # wherever a page shows that a text did not arrive
NO_ANSWER = "<Response/>"  # replies are texts of our own: they pass the gate and the outbox like every other


@blueprint.post("/twilio/inbound/<int:sender_id>")
@public("signed by the provider")
def inbound_post(sender_id: int):
    """A member's text. STOP is obeyed before this returns."""
    came = provider().parse_inbound(request, owner_of_sender(sender_id), sender_id)
    if came is None:
        abort(403)
    hook_id = _keep((came.org_id, came))
    if hook_id is not None and acts_at_once(came.body):
        _act(came.org_id, hook_id)
    return _thanks()


@blueprint.post("/twilio/status/<key>")
@public("signed by the provider")
def status_post(key: str):
    """What became of a text of ours; the sealed key says whose."""
    ours = read_status_key(key)
    if ours is None:
        abort(404)
    came = provider().parse_status(request, key)
    if came is None:
        abort(403)
    _keep((ours[0], came))
    return _thanks()


def _write(calls: Sequence[Came]) -> list[int | None]:
    with transaction(durable=True):
        return store_to_act(calls, now=now())


_TOGETHER = Together(_write)


def _keep(call: Came) -> int | None:
    """Stores a call durably; those that come at the same moment share one commit."""
    scope_to(None)
    return _TOGETHER.do(call)


def _act(org_id: int, hook_id: int) -> None:
    try:
        with transaction(org_id, durable=True):
            handle_with_earlier(Actor.system(org_id), hook_id, now=now())
    except Exception as error:  # it is stored: the provider need not repeat it, and the sweeper finds it
        log.error("a text that came waits for the sweeper: %s", type(error).__name__)


def _thanks() -> Response:
    return Response(NO_ANSWER, mimetype="text/xml")
