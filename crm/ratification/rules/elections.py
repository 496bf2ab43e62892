"""Elections of leaders: who may be nominated, what a nominee may answer, and what stands against an office. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from crm.kernel.refusal import N_, Reason, Refusal

KEEP_DAYS = 365
STATEMENTS = (100, 2000)
STATES = {"asked": N_("Asked"), "accepted": N_("Stands"), "declined": N_("Declined"), "withdrawn": N_("Withdrew")}
METHODS = ("irv", "stv-scottish", "stv-meek", "approval", "borda-modified")
MOST_GROUPS = 4  # a rule that people can follow, and that is counted twice in seconds
NOT_FOR_ONE = N_("Ranked choice for one seat cannot keep a seat for a group: let only those stand who may be elected, or choose another count.")
NO_PROXY = N_(
    "Nobody votes by proxy. Each member casts their own ballot: a vote that somebody else carries is not secret, and for union officers "
    "the law forbids it (LMRDA, section 3(k): “in no event by proxy”)."
)


def issues_in_election(facts: Mapping[str, Any]) -> list[Reason]:
    """Everything that is wrong with an election's facts."""
    issues = []
    if facts["closes_at"] <= facts["opens_at"]:
        issues.append(Reason(N_("Nominations must end after they begin."), field="closes_at"))
    if not STATEMENTS[0] <= facts["statement_limit"] <= STATEMENTS[1]:
        issues.append(Reason(N_("A statement may have from %(a)s to %(b)s characters."), {"a": STATEMENTS[0], "b": STATEMENTS[1]}, "statement_limit"))
    if facts["keep_days"] < KEEP_DAYS:
        issues.append(Reason(N_("Keep the records for a year at least (365 days): the law asks it of unions, and challenges come late."), field="keep_days"))
    if not 0 <= facts["member_months"] <= 120:
        issues.append(Reason(N_("Membership may be asked for at most 120 months."), field="member_months"))
    if facts["member_months"] and not facts["must_be_member"]:
        issues.append(Reason(N_("Months of membership make sense only where candidates must be members."), field="member_months"))
    if not facts["who_may"].get("en"):
        issues.append(Reason(N_("Say in words who may nominate and who may stand."), field="who_may_en"))
    if not facts["observers"]:
        issues.append(Reason(N_("Name at least one observer and what they may see: candidates may ask for one."), field="observers"))
    return issues


def issues_in_office(facts: Mapping[str, Any]) -> list[Reason]:
    """Everything that is wrong with an office."""
    issues, seats, reserved = [], facts["seats"], facts["reserved"]
    if facts["method"] not in METHODS:
        issues.append(Reason(N_("This counting method is not known."), field="method"))
    if not 1 <= seats <= 40:
        issues.append(Reason(N_("An office has from 1 to 40 seats."), field="seats"))
    if facts["method"] == "irv" and seats != 1:
        issues.append(Reason(N_("Ranked choice for one seat chooses one. For several, choose a single transferable vote."), field="method"))
    if reserved and facts["method"] == "irv":
        issues.append(Reason(NOT_FOR_ONE, field="method"))
    if len(reserved) > MOST_GROUPS:
        issues.append(Reason(N_("Seats may be reserved for at most %(n)s groups."), {"n": MOST_GROUPS}, "reserved"))
    if any(each["at_least"] > seats for each in reserved):
        issues.append(Reason(N_("More seats are reserved for a group than there are seats."), field="reserved"))
    return issues


def read_reserved(text: str) -> tuple[list[dict[str, Any]], list[Reason]]:
    """Lines like `Women / Mujeres = 2` as groups; what cannot be read is named with its line."""
    found, issues = [], []
    for n, line in enumerate((line.strip() for line in text.splitlines() if line.strip()), 1):
        words, _sign, seats = line.rpartition("=")
        en, _slash, es = (part.strip() for part in words.partition("/"))
        if not en or not seats.strip().isdecimal() or not int(seats):
            issues.append(Reason(N_("Line %(n)s: write the group, an equals sign and how many seats, like “Women / Mujeres = 2”."), {"n": n}, "reserved"))
        else:
            found.append({"group": {"en": en} | ({"es": es} if es else {}), "at_least": int(seats)})
    return found, issues


def write_reserved(reserved: Sequence[Mapping[str, Any]]) -> str:
    """The groups as lines again."""
    return "\n".join(f"{' / '.join(each['group'].values())} = {each['at_least']}" for each in reserved)


def months_between(since: date, on: date) -> int:
    """Whole months of membership."""
    return (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)


def may_nominate(election: Any, standing: str, member_since: date | None, now: datetime) -> Refusal | None:
    """Whether this person may be nominated now: inside the window, and eligible as far as the list knows."""
    reasons = []
    if now < election.opens_at:
        reasons.append(Reason(N_("Nominations have not begun. They begin: %(at)s."), {"at": election.opens_at}))
    if now >= election.closes_at:
        reasons.append(Reason(N_("Nominations have ended: %(at)s."), {"at": election.closes_at}))
    if election.must_be_member and standing != "member":
        words = N_("This member's standing has lapsed.") if standing == "lapsed" else N_("Only members may stand, and this person is not one on your list.")
        reasons.append(Reason(words, field="person"))
    elif election.must_be_member and election.member_months and member_since is not None:
        months = months_between(member_since, now.date())
        if months < election.member_months:
            reasons.append(Reason(N_("Only who has been a member for %(n)s months may stand; this member has been one for %(m)s."),
                                  {"n": election.member_months, "m": max(0, months)}, "person"))
    return Refusal(reasons) if reasons else None


def may_answer(state: str, answer: str, election: Any, vote_state: str | None, now: datetime) -> Refusal | None:
    """Whether a nominee may accept, decline or withdraw now; `vote_state` is that of the vote that has the name as an option."""
    reasons = []
    if answer not in ("accepted", "declined", "withdrawn"):
        reasons.append(Reason(N_("Say whether you stand."), field="answer"))
    if vote_state not in (None, "draft"):
        reasons.append(Reason(N_("The ballots are out, and the names on them stand. Nothing about this nomination can change any more.")))
    elif answer == "accepted" and state != "accepted" and now >= election.closes_at:
        reasons.append(Reason(N_("Nominations have ended: %(at)s."), {"at": election.closes_at}))
    if answer == "withdrawn" and state != "accepted":
        reasons.append(Reason(N_("Only who stands can withdraw."), field="answer"))
    if answer == "declined" and state == "accepted":
        reasons.append(Reason(N_("You stand already. Withdraw instead."), field="answer"))
    return Refusal(reasons) if reasons else None


def issues_in_candidacy(name: str, statements: Mapping[str, str], limit: int, taken: Sequence[str], fixed: str | None) -> list[Reason]:
    """What is wrong with what a candidate makes public; `fixed` is the name that already stands on a drafted ballot."""
    issues = []
    if not name.strip():
        issues.append(Reason(N_("Write your name as the ballot shall print it."), field="public_name"))
    if name.strip().casefold() in {other.casefold() for other in taken}:
        issues.append(Reason(N_("Somebody else stands for this office under that name. Add a second name, so that the two can be told apart."),
                             field="public_name"))
    if fixed is not None and name.strip() != fixed:
        issues.append(Reason(N_("The ballot is drafted with the name %(name)s, which stays."), {"name": fixed}, "public_name"))
    for language, words in statements.items():
        if len(words) > limit:
            issues.append(Reason(N_("The statement has %(n)s characters. The limit for everyone is %(limit)s."),
                                 {"n": len(words), "limit": limit}, f"statement_{language}"))
    return issues


def may_draft(election: Any, office: Any, now: datetime) -> Refusal | None:
    """Whether the vote on an office can be drafted: nominations over, and no vote yet."""
    reasons = []
    if office.ratification_id is not None:
        reasons.append(Reason(N_("The vote on this office is drafted already.")))
    if now < election.closes_at:
        reasons.append(Reason(N_("Nominations are still open: %(at)s. The ballot is made when they have ended."), {"at": election.closes_at}))
    return Refusal(reasons) if reasons else None


def issues_in_options(options: Sequence[Mapping[str, str]], names: Sequence[str]) -> list[Reason]:
    """The ballot lists everyone who stands and nobody else; the order is free, so that it can be drawn by lot."""
    written = [next(iter(option.values()), "") for option in options]
    missing, strange = [n for n in names if n not in written], [n for n in written if n not in names]
    issues = []
    if missing:
        issues.append(Reason(N_("Missing on the ballot: %(names)s. Everyone who stands is an option."), {"names": ", ".join(missing)}, "members_options_en"))
    if strange:
        issues.append(Reason(N_("Nobody who stands has this name: %(names)s. Only those who accepted are options."),
                             {"names": ", ".join(strange)}, "members_options_en"))
    return issues


def reserved_on_ballot(
    reserved: Sequence[Mapping[str, Any]], options: Sequence[Mapping[str, str]], groups: Mapping[str, Sequence[int]],
) -> list[dict[str, Any]]:
    """The reserved seats as a contest freezes them: the group, how many, and which options count for it."""
    names = [next(iter(option.values()), "") for option in options]
    return [
        {**each, "members": [n for n, name in enumerate(names, 1) if place in groups.get(name, ())]} for place, each in enumerate(reserved)
    ]
