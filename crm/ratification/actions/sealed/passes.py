"""Giving a pass: the registrar signs once a seat, blind. The same request gets the same answer; another one is refused."""

from datetime import datetime

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.actions.sealed.registrar import sign
from crm.ratification.models.sealed import SealedPass
from crm.ratification.queries.sealed import hours_of, pass_of, seat_by_link
from crm.ratification.rules.sealed.blind import BITS
from crm.ratification.rules.sealed.formats import is_hex
from crm.ratification.rules.sealed.states import may_give_pass, phase_of


def give_pass(actor: Actor, blinded: object, *, now: datetime) -> str:
    """The registrar's answer to the holder of a pass link. A repeated request is answered at any time: nobody loses a pass to a broken line."""
    seat, vote = seat_by_link(actor, lock=True)
    if not is_hex(blinded, BITS // 8):
        raise Refused(Reason(N_("This request for a pass did not arrive whole. Load the page again.")))
    given = pass_of(vote.id, seat.seat)
    if given is None:
        if refusal := may_give_pass(phase_of(vote.state, hours_of(vote), now), hours_of(vote)):
            raise Refused(refusal)
        answer = sign(vote.id, (vote.manifest or {})["registrar"]["n"], str(blinded))
        given = SealedPass(org_id=vote.org_id, vote_id=vote.id, seat=seat.seat, blinded=str(blinded), answer=answer)
        session().add(given)
        session().flush()  # two requests at once: the second meets the primary key
    if given.blinded != blinded:
        raise Refused(Reason(N_("This seat already has a pass, made with other words. Use those. If you never made one, tell the organization: "
                                "somebody took it in your place.")))
    return given.answer
