"""Names of things as pages say them; keys as the tables keep them."""

from crm.kernel.refusal import N_

STATES = {
    "draft": N_("Draft"),
    "announced": N_("Announced"),
    "under_way": N_("Under way"),
    "finished": N_("Finished"),
    "cancelled": N_("Cancelled"),
}
POWERS = {
    "none": N_("No government commitment"),
    "consultative": N_("Consultative"),
    "advisory": N_("Advisory"),
    "agenda_setting": N_("Agenda-setting"),
    "monitoring": N_("Monitoring"),
    "co_determinative": N_("Co-determinative"),
    "determinative": N_("Determinative"),
}
POWER_MEANS = {
    "none": N_("Government owes it no answer. Its strength is the people in it."),
    "consultative": N_("Government has said informally that it will consider what is recommended."),
    "advisory": N_("Government is bound to consider what is recommended, and keeps the decision."),
    "agenda_setting": N_("The assembly names the questions on which government must act."),
    "monitoring": N_("The assembly has the power to watch how decisions are carried out."),
    "co_determinative": N_("The assembly and government decide together."),
    "determinative": N_("The assembly decides, and government carries it out."),
}
STAGES = {
    "agenda_setting": N_("Agenda setting"),
    "formulation": N_("Formulation"),
    "decision": N_("Decision"),
    "implementation": N_("Implementation"),
    "monitoring": N_("Monitoring"),
}
SELECTIONS = {
    "open_door": N_("Open door"),
    "membership": N_("Membership"),
    "delegation": N_("Delegation"),
    "lottery": N_("Stratified lottery"),
    "appointment": N_("Appointment"),
    "election": N_("Election"),
    "mix": N_("A mix, with reserved seats"),
}
CONTROLS = {
    "choose_issues": N_("Choose the issues"),
    "choose_speakers": N_("Choose the speakers"),
    "ask_government": N_("Ask government for information"),
    "set_rules": N_("Set their own rules"),
    "set_budget": N_("Set their own budget"),
}
ROLES = {
    "participant": N_("Participant"),
    "delegate": N_("Delegate"),
    "alternate": N_("Alternate"),
    "observer": N_("Observer"),
    "facilitator": N_("Facilitator"),
    "note_taker": N_("Note-taker"),
    "interpreter": N_("Interpreter"),
    "presenter": N_("Presenter"),
    "staff": N_("Government staff"),
    "official": N_("Elected official"),
}
SIDES = {
    "community": N_("Community"),
    "practitioner": N_("Practitioner"),
    "staff": N_("Government staff"),
    "official": N_("Elected official"),
}
COMMITTEES = {
    "steering": N_("Steering committee"),
    "content": N_("Content committee"),
    "oversight": N_("Oversight committee"),
    "working": N_("Working committee"),
}
ITEMS = {
    "plenary": N_("Everyone together"),
    "learning": N_("Learning"),
    "tables": N_("Tables"),
    "vote": N_("Vote"),
    "action": N_("Commitments"),
    "break": N_("Doors, meals and breaks"),
}
REMINDERS = {
    "invite": N_("Invitation"),
    "confirm": N_("Ask to confirm"),
    "day_before": N_("The day before"),
    "morning": N_("On the morning"),
    "thank_you": N_("Thank-you"),
    "missed_you": N_("We missed you"),
}
ANSWERS = {"invited": N_("Invited"), "accepted": N_("Accepted"), "declined": N_("Declined")}

# The seven key considerations of institutionalizing an assembly: heading and the questions to answer together.
CONSIDERATIONS = {
    "equity": (
        N_("Equity and organized communities"),
        N_(
            "Which communities are served unfairly today? Which organizations answer to them through membership? "
            "What time, money or training do they need first?"
        ),
    ),
    "trust": (
        N_("Relationships and trust"),
        N_(
            "How strong is trust between government and organizations, and among organizations? "
            "Where must new relationships be built?"
        ),
    ),
    "authorization": (
        N_("Authorization"),
        N_(
            "Who authorizes the assembly: a legislature, an executive, an agency, or the movement alone? "
            "Whom does it advise, and will it be written into law?"
        ),
    ),
    "powers": (
        N_("Powers and role in the policy process"),
        N_(
            "At which stage does it step in? What has government promised beforehand? Who frames the question, "
            "and what may participants change?"
        ),
    ),
    "independence": (
        N_("Independence and impact"),
        N_(
            "May participants choose speakers, ask for information and write their own report? "
            "How do organizations stay free to organize outside?"
        ),
    ),
    "resources": (
        N_("Resources"),
        N_("What money, staff and support are needed before, during and after? Who is assigned to it?"),
    ),
    "support": (
        N_("Political support"),
        N_("Who supports it, who resists, and what would change their minds? What happens after the next election?"),
    ),
}

SENTENCES = {
    "assembly.created": N_("Assembly set up by %(by)s"),
    "assembly.edited": N_("Assembly changed by %(by)s"),
    "assembly.announced": N_("Announced by %(by)s"),
    "assembly.started": N_("Opened by %(by)s"),
    "assembly.finished": N_("Closed by %(by)s"),
    "assembly.cancelled": N_("Cancelled by %(by)s: %(because)s"),
    "assembly.redrafted": N_("Taken back to draft by %(by)s"),
    "assembly.considered": N_("Considerations written by %(by)s"),
    "session.added": N_("Session added by %(by)s"),
    "session.edited": N_("Session changed by %(by)s"),
    "session.removed": N_("Session removed by %(by)s"),
    "agenda_item.added": N_("Agenda item added by %(by)s"),
    "agenda_item.edited": N_("Agenda item changed by %(by)s"),
    "agenda_item.moved": N_("Agenda reordered by %(by)s"),
    "agenda_item.removed": N_("Agenda item removed by %(by)s"),
    "partner.invited": N_("Partner invited by %(by)s"),
    "partner.answered": N_("Invitation answered by %(by)s"),
    "partner.edited": N_("Turnout lead changed by %(by)s"),
    "partner.removed": N_("Partner removed by %(by)s"),
    "task.added": N_("Task added by %(by)s"),
    "task.done": N_("Task done, says %(by)s"),
    "task.reopened": N_("Task reopened by %(by)s"),
    "task.removed": N_("Task removed by %(by)s"),
    "committee.added": N_("Committee added by %(by)s"),
    "committee.removed": N_("Committee removed by %(by)s"),
    "seat.added": N_("Committee seat added by %(by)s"),
    "seat.edited": N_("Committee seat changed by %(by)s"),
    "seat.removed": N_("Committee seat removed by %(by)s"),
    "participant.added": N_("Put on the roster of an assembly by %(by)s"),
    "participant.removed": N_("Taken off the roster of an assembly by %(by)s"),
    "delegations.formula": N_("Formula of the delegations written by %(by)s"),
    "delegations.counted": N_("Numbers of the delegations written by %(by)s"),
    "delegations.reported": N_("Members in good standing counted and told by %(by)s"),
    "delegations.published": N_("Seats of the delegations published by %(by)s"),
    "delegations.reopened": N_("Publication of the seats taken back by %(by)s"),
    "delegations.mandate": N_("Mandate of the delegates written by %(by)s"),
    "credential.named": N_("Named as delegate or alternate by %(by)s"),
    "credential.taken_back": N_("Name of a delegate or alternate taken back by %(by)s"),
    "credential.certify": N_("Credentialed by %(by)s"),
    "credential.certified_all": N_("Everyone named was credentialed by %(by)s"),
    "credential.seat": N_("Seated by %(by)s"),
    "credential.leave": N_("Left the seat for now, noted by %(by)s"),
    "credential.refuse": N_("Credential refused by %(by)s"),
    "credential.challenge": N_("Credential challenged by %(by)s"),
    "credential.give": N_("Seat given to an alternate by %(by)s"),
    "credential.return": N_("Seat given back to its delegate by %(by)s"),
    "challenge.filed": N_("Challenge brought by %(by)s"),
    "challenge.taken_up": N_("Challenge taken up by %(by)s"),
    "challenge.upheld": N_("Challenge upheld by %(by)s"),
    "challenge.dismissed": N_("Challenge dismissed by %(by)s"),
    "federation.asked": N_("Asked to be part of a larger assembly by %(by)s"),
    "federation.agreed": N_("A local assembly taken in by %(by)s"),
    "federation.declined": N_("A local assembly not taken in, says %(by)s"),
    "federation.left": N_("Taken out of a larger assembly by %(by)s"),
    "input.sent": N_("Input sent up by %(by)s"),
    "input.taken_back": N_("Input taken back by %(by)s"),
    "input.decided": N_("Input decided, written down by %(by)s"),
    "floor.called": N_("A question called in the room, written down by %(by)s"),
    "floor.declared": N_("A result declared in the room, written down by %(by)s"),
    "floor.doubted": N_("A result doubted in the room, written down by %(by)s"),
    "floor.settled": N_("A result settled in the room, written down by %(by)s"),
    "request.asked": N_("Government was asked by %(by)s: %(asked_of)s"),
    "request.answered": N_("Government's answer was noted by %(by)s"),
    "request.refused": N_("Government's refusal was noted by %(by)s"),
    "request.removed": N_("A question to government was taken out by %(by)s"),
    "backing.added": N_("Who stands behind the assembly was noted by %(by)s: %(who)s"),
    "backing.removed": N_("Who stands behind the assembly was taken out by %(by)s"),
    "scenario.seen": N_("The political weather was noted by %(by)s"),
    "delegations.instructed": N_("Instruction of the delegates written by %(by)s"),
    "delegations.handed_over": N_("Secret instruction handed over after the vote by %(by)s"),
    "delegations.uninstructed": N_("Instruction of the delegates taken back by %(by)s"),
    "seats.added": N_("Seats added by %(by)s"),
    "seats.changed": N_("Seats changed by %(by)s"),
    "seats.removed": N_("Seats removed by %(by)s"),
    "rule.added": N_("Standing rule added by %(by)s"),
    "rule.changed": N_("Standing rule changed by %(by)s"),
    "rule.removed": N_("Standing rule removed by %(by)s"),
    "larger.invited": N_("Link to join this assembly with a local one given out by %(by)s"),
    "larger.revoked": N_("Link to join this assembly taken back by %(by)s"),
    "larger.accepted": N_("A local assembly joined by a link"),
    "recruitment.added": N_("Households to invite by lot brought in by %(by)s"),
    "recruitment.removed": N_("List of households removed by %(by)s before anybody was invited"),
    "recruitment.round": N_("Round of invitations by lot drawn by %(by)s"),
    "recruitment.answered": N_("Answer to an invitation by lot written down by %(by)s"),
    "lot.called": N_("Call to somebody drawn by lot noted by %(by)s"),
    "lot.added": N_("Pool and quotas for a draw by lot brought in by %(by)s"),
    "lot.removed": N_("Draw by lot removed by %(by)s before its pool was frozen"),
    "lot.frozen": N_("Pool and quotas of a draw by lot frozen by %(by)s"),
    "lot.seeded": N_("Seed of a draw by lot set by %(by)s"),
    "lot.drawn": N_("Seats drawn by lot"),
    "lot.seated": N_("Those drawn by lot put on the roster by %(by)s"),
    "lot.declined": N_("A place drawn by lot given back, noted by %(by)s"),
}


def in_language(words, language):
    """The words in that language; if they were not written in it, in the one they have."""
    return (words or {}).get(language) or next((text for text in (words or {}).values() if text), "")
