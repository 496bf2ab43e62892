"""What may happen when: to a platform, to a plank, to an amendment."""

from datetime import datetime

from crm.kernel.refusal import N_, Reason, Refusal, Refused

PLATFORM = {
    ("drafting", "freeze"): "frozen",
    ("frozen", "reopen"): "drafting",
    ("frozen", "ratify"): "ratified",
    ("drafting", "ratify"): "ratified",  # writing went on after the edition that was voted on
    ("ratified", "ratify"): "ratified",  # a later edition
    ("ratified", "reopen"): "drafting",  # for the next edition; the ratified one stays in force
}
PLANK = {
    ("draft", "restore"): "in",
    ("draft", "strike"): "struck",
    ("in", "strike"): "struck",
    ("struck", "restore"): "in",
}
AMENDMENT = {
    ("proposed", "adopt"): "adopted",
    ("proposed", "refuse"): "refused",
    ("proposed", "withdraw"): "withdrawn",
    ("proposed", "fall"): "fallen",  # with the amendment that it amends
}
PROPOSAL = {
    ("proposed", "take"): "taken",
    ("proposed", "set_aside"): "set_aside",
    ("taken", "reopen"): "proposed",
    ("set_aside", "reopen"): "proposed",
}


def next_state(state: str, verb: str) -> str:
    """The platform's state after freeze, reopen or ratify; refused when it cannot follow."""
    if (state, verb) not in PLATFORM:
        raise Refused(_platform_reason(state))
    return PLATFORM[state, verb]


def next_plank(state: str, verb: str) -> str:
    """The plank's state after strike or restore; restoring a draft takes it into the text."""
    if (state, verb) not in PLANK:
        raise Refused(N_("Someone else has just done this. Look at the plank again."))
    return PLANK[state, verb]


def next_amendment(state: str, verb: str) -> str:
    """The amendment's state after adopt, refuse or withdraw; a decided one stays decided."""
    if refusal := may_decide(state):
        raise Refused(refusal)
    return AMENDMENT[state, verb]


def may_draft(state: str) -> Refusal | None:
    """Whether the text of the platform can be changed."""
    return None if state == "drafting" else Refusal([_platform_reason(state)])


def may_propose(state: str, deadline_at: datetime | None, now: datetime) -> Refusal | None:
    """Whether amendments can be proposed."""
    reasons = [] if state == "drafting" else [_platform_reason(state)]
    if deadline_at and now > deadline_at:
        reasons.append(Reason(N_("The time for amendments is over.")))
    return Refusal(reasons) if reasons else None


def may_amend_amendment(state: str, is_second_order: bool, kind: str) -> Refusal | None:
    """Whether an amendment can itself be amended: while it is open, and no deeper than once."""
    reasons = list((may_decide(state) or Refusal()).reasons)
    if is_second_order:
        reasons.append(Reason(N_("This already amends an amendment. Propose another amendment to the first one instead.")))
    if kind == "strike":
        reasons.append(Reason(N_("An amendment that strikes the plank has no words to change. Propose an amendment to the plank.")))
    return Refusal(reasons) if reasons else None


def may_send_proposal(state: str, until: datetime | None, now: datetime) -> Refusal | None:
    """Whether proposals for the platform are still taken."""
    reasons = [] if state == "drafting" else [_platform_reason(state)]
    if until and now > until:
        reasons.append(Reason(N_("The time for proposals is over.")))
    return Refusal(reasons) if reasons else None


def next_proposal(state: str, verb: str) -> str:
    """The proposal's state after take, set_aside or reopen."""
    if (state, verb) not in PROPOSAL:
        raise Refused(N_("Someone else has already answered this proposal. Look at it again."))
    return PROPOSAL[state, verb]


def may_decide(state: str) -> Refusal | None:
    """Whether an amendment still waits for a decision."""
    said = {
        "adopted": N_("This amendment has already been adopted."),
        "refused": N_("This amendment has already been refused."),
        "withdrawn": N_("This amendment has already been withdrawn."),
        "fallen": N_("This amendment fell with the one that it amends."),
    }
    return Refusal([Reason(said[state])]) if state in said else None


def _platform_reason(state: str) -> Reason:
    return Reason({
        "drafting": N_("The text is being written; it is not frozen."),
        "frozen": N_("The text is frozen. Open it for writing again to change it."),
        "ratified": N_("The platform is ratified. Open it for writing to prepare the next edition."),
    }[state])
