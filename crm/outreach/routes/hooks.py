"""Webhooks of the provider: the signature is checked, the call is stored as it came, acted on, answered fast."""

from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import IntegrityError

from crm.infra.auth import Actor, public
from crm.infra.clock import now
from crm.infra.db import transaction
from crm.outreach.actions.hooks import handle_hook, store_hook
from crm.outreach.providers import Inbound, Status, provider, read_status_key
from crm.outreach.queries.phones import sender_by_id

blueprint = Blueprint("hooks", __name__, url_prefix="/hooks")
NO_ANSWER = "<Response/>"  # replies are texts of our own: they pass the gate and the outbox like every other


@blueprint.post("/twilio/inbound/<int:sender_id>")
@public("signed by the provider")
def inbound_post(sender_id: int):
    """A member's text. STOP is obeyed before this returns."""
    sender = sender_by_id(sender_id)
    return _take(sender.org_id, provider().parse_inbound(request, sender.org_id, sender.id))


@blueprint.post("/twilio/status/<key>")
@public("signed by the provider")
def status_post(key: str):
    """What became of a text of ours; the sealed key says whose."""
    ours = read_status_key(key)
    if ours is None:
        abort(404)
    return _take(ours[0], provider().parse_status(request, key))


def _take(org_id: int, came: Inbound | Status | None) -> Response:
    if came is None:
        abort(403)
    try:
        with transaction(org_id):
            hook_id = store_hook(org_id, came, now=now())
    except IntegrityError:
        hook_id = None  # the same call, at the same moment: the other one is on it
    if hook_id is not None:
        with transaction(org_id, durable=True):
            handle_hook(Actor.system(org_id), hook_id, now=now())
    return Response(NO_ANSWER, mimetype="text/xml")
