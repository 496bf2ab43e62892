"""Who may do what: one table of roles and actions. Scope (which organization, which record) is the door's work."""

from enum import StrEnum, auto

from crm.kernel.refusal import N_


class Action(StrEnum):
    SEE_WEEK = auto()
    SEE_PEOPLE = auto()
    SEE_CONTACTS = auto()
    EDIT_PEOPLE = auto()
    IMPORT_PEOPLE = auto()
    EXPORT_PEOPLE = auto()
    SEE_INBOX = auto()
    ANSWER_TEXTS = auto()
    SEND_TEXTS = auto()
    LOG_CONVERSATIONS = auto()
    SEE_ASSEMBLIES = auto()
    RUN_ASSEMBLIES = auto()
    PLEDGE = auto()
    RUN_DOOR = auto()
    SEE_PLATFORMS = auto()
    DRAFT_PLATFORMS = auto()
    DECIDE_AMENDMENTS = auto()
    SEE_VOTES = auto()
    RUN_VOTES = auto()
    VOTE_FOR_ORGANIZATION = auto()
    ADMINISTER = auto()
    SIMULATE_PHONES = auto()
    ACT_FOR_SELF = auto()


class Role(StrEnum):
    ADMINISTRATOR = auto()
    ORGANIZER = auto()
    COALITION_LEAD = auto()
    FACILITATOR = auto()
    TELLER = auto()
    VOLUNTEER = auto()
    READ_ONLY = auto()


class Task(StrEnum):
    """The one thing for which a volunteer may be here."""

    CALLS = auto()
    TALKS = auto()
    INBOX = auto()
    DOOR = auto()


ROLE_NAMES: dict[Role, str] = {
    Role.ADMINISTRATOR: N_("Lead organizer"),
    Role.ORGANIZER: N_("Organizer"),
    Role.COALITION_LEAD: N_("Coalition lead"),
    Role.FACILITATOR: N_("Facilitator"),
    Role.TELLER: N_("Tally committee"),
    Role.VOLUNTEER: N_("Volunteer"),
    Role.READ_ONLY: N_("Reader"),
}

ROLE_MEANS: dict[Role, str] = {
    Role.ADMINISTRATOR: N_("Everything, with exports and who may do what."),
    Role.ORGANIZER: N_("People, texts, talks, assemblies and drafts. No exports."),
    Role.COALITION_LEAD: N_("What an organizer may, and decides on amendments and votes for the organization."),
    Role.FACILITATOR: N_("Runs assemblies and their doors, drafts platforms. No list of people."),
    Role.TELLER: N_("Votes and their results only."),
    Role.VOLUNTEER: N_("Calls and talks. First names, initials and hidden numbers, perhaps only of one list or for one task."),
    Role.READ_ONLY: N_("Reads, changes nothing. First names, initials and hidden numbers."),
}
TASK_NAMES: dict[Task, str] = {
    Task.CALLS: N_("Calls before an assembly"),
    Task.TALKS: N_("One-on-one talks"),
    Task.INBOX: N_("Answering texts"),
    Task.DOOR: N_("The door of an assembly"),
}

A = Action
_READ = {A.ACT_FOR_SELF, A.SEE_WEEK, A.SEE_PEOPLE, A.SEE_ASSEMBLIES, A.SEE_PLATFORMS, A.SEE_VOTES}
_ORGANIZE = _READ | {
    A.SEE_CONTACTS, A.EDIT_PEOPLE, A.IMPORT_PEOPLE, A.SEE_INBOX, A.ANSWER_TEXTS, A.SEND_TEXTS, A.LOG_CONVERSATIONS,
    A.RUN_ASSEMBLIES, A.PLEDGE, A.RUN_DOOR, A.DRAFT_PLATFORMS, A.SIMULATE_PHONES,
}
_TABLE: dict[Role, frozenset[Action]] = {
    Role.ADMINISTRATOR: frozenset(Action),
    Role.ORGANIZER: frozenset(_ORGANIZE),
    Role.COALITION_LEAD: frozenset(_ORGANIZE | {A.DECIDE_AMENDMENTS, A.RUN_VOTES, A.VOTE_FOR_ORGANIZATION}),
    Role.FACILITATOR: frozenset({
        A.ACT_FOR_SELF, A.SEE_WEEK, A.SEE_ASSEMBLIES, A.RUN_ASSEMBLIES, A.RUN_DOOR, A.SEE_PLATFORMS,
        A.DRAFT_PLATFORMS, A.SEE_VOTES,
    }),
    Role.TELLER: frozenset({A.ACT_FOR_SELF, A.SEE_PLATFORMS, A.SEE_VOTES, A.RUN_VOTES}),
    Role.VOLUNTEER: frozenset({A.ACT_FOR_SELF, A.SEE_WEEK, A.SEE_PEOPLE, A.LOG_CONVERSATIONS, A.SEE_ASSEMBLIES}),
    Role.READ_ONLY: frozenset(_READ),
}


_TASKS: dict[Task, frozenset[Action]] = {
    Task.CALLS: frozenset({A.ACT_FOR_SELF, A.SEE_PEOPLE, A.LOG_CONVERSATIONS, A.SEE_ASSEMBLIES}),
    Task.TALKS: frozenset({A.ACT_FOR_SELF, A.SEE_PEOPLE, A.LOG_CONVERSATIONS}),
    Task.INBOX: frozenset({A.ACT_FOR_SELF, A.SEE_INBOX, A.ANSWER_TEXTS}),
    Task.DOOR: frozenset({A.ACT_FOR_SELF, A.SEE_ASSEMBLIES, A.RUN_DOOR}),
}


def may(role: Role | str | None, action: Action, task: Task | str | None = None) -> bool:
    """Whether the role includes the action; no role includes nothing, and one task is that task and nothing else."""
    if role is None:
        return False
    return action in (_TASKS[Task(task)] if task else _TABLE[Role(role)])
