"""A vote between options: what stands on the ballot, what a member may write, and what the count found. Pure.

What a ballot says is pairs of option and number, in the order of the options: `2:1 3:2` ranks option 2 first and option 3 second,
`1:1 4:1` approves of two, `1:5 2:3` gives points. A blank one is `abstain`, as on a plank.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods import COUNTING
from crm.ratification.methods.contest import Contest, Count, Reserved, Round, amount
from crm.ratification.methods.counting import count
from crm.ratification.methods.equal_shares import COMPLETIONS
from crm.ratification.methods.reserved import problems_of_reserved

MOST_OPTIONS = 40  # a longer ballot is not read, and would not fit its row
MOST_POINTS = 100
_PAIR = re.compile(r"[1-9][0-9]?:[0-9]{1,3}")
_RULES = {
    "irv": N_("Rank as many as you like. Whoever has the fewest is excluded and each ballot goes to its next choice, until one has more than half."),
    "stv-scottish": N_("Rank as many as you like. Chosen by single transferable vote, as Scottish councils count it: %(seats)s."),
    "stv-meek": N_("Rank as many as you like. Chosen by single transferable vote, by Meek's rule: %(seats)s."),
    "approval": N_("Approve of as many as you like. The most approved are chosen: %(seats)s."),
    "score": N_("Give each up to %(most)s points. The most points are chosen: %(seats)s."),
    "dots": N_("You have %(most)s dots to place as you like. The most dots are chosen: %(seats)s."),
    "borda-modified": N_("Rank as many as you like. Your last choice gets one point, the one before it two, and so on. The most points are chosen: %(seats)s."),
    "budget-votes": N_("Approve every project that you want. The most approved that still fit are funded, out of %(budget)s."),
    "equal-shares": N_(
        "Approve every project that you want. Each voter has an equal share of %(budget)s, and a project is funded when those who approve it can pay "
        "for it. %(rest)s"),
}
_UP_TO = N_("Approve of up to %(most)s. The most approved are chosen: %(seats)s.")
TIES = N_("A tie goes to who had more in an earlier round, then to who stands first on the ballot.")

BUDGET_TIES = N_("A tie goes to the project that stands first on the ballot.")


def kind_of(electorate: Mapping[str, Any]) -> str:
    """What a ballot of this method writes: ranking, approval or points."""
    kind = COUNTING[electorate["method"]].ballots
    return "approval" if kind == "support" else kind


def is_budget(electorate: Mapping[str, Any]) -> bool:
    """Whether money is spent: options are projects with costs."""
    return COUNTING[electorate["method"]].ballots == "support"


def rule_of_contest(electorate: Mapping[str, Any]) -> Reason:
    """The method and the rule for ties as sentences."""
    contest, method = electorate["contest"], electorate["method"]
    words = _UP_TO if method == "approval" and contest["most"] else _RULES[method]
    facts = {"seats": contest["seats"], "most": contest["most"]}
    if is_budget(electorate):
        facts = {"budget": spoken_money(contest["budget"]), "rest": Reason(COMPLETIONS.get(contest["completion"], ""))}
        return Reason(N_("%(rule)s %(ties)s"), {"rule": Reason(words, facts), "ties": Reason(BUDGET_TIES)})
    if contest.get("reserved"):
        facts = {"rule": Reason(words, facts), "ties": Reason(TIES), "groups": "; ".join(map(_said_group, contest["reserved"]))}
        return Reason(N_(
            "%(rule)s Seats are reserved: %(groups)s. Whoever would take a seat that a group still needs cannot be elected any more, and whom a group "
            "needs is not excluded. %(ties)s"), facts)
    return Reason(N_("%(rule)s %(ties)s"), {"rule": Reason(words, facts), "ties": Reason(TIES)})


def _both(words: Mapping[str, str]) -> str:
    """A group's name as the office writes it, in both languages where it has two."""
    return " / ".join(dict.fromkeys(words.values()))


def _said_group(reserved: Mapping[str, Any]) -> str:
    return f"{_both(reserved['group'])} ≥ {reserved['at_least']}"


def issues_in_contest(electorate: Mapping[str, Any], options: int, others: Iterable[str]) -> list[Reason]:
    """What stands against putting these options to this electorate; `others` are the other electorates of the vote."""
    contest, method = electorate["contest"], electorate["method"]
    seats, most, issues = contest["seats"], contest["most"], []
    if not electorate["is_secret"]:
        issues.append(Reason(N_("A vote between options is secret. Take the mark from the open vote."), field="members_open"))
    if list(others):
        issues.append(Reason(N_("Between options only members vote. Take the mark from the organizations."), field="organizations"))
    if options < 2:
        issues.append(Reason(N_("Write at least two options, one a line, or choose an edition with two planks."), field="members_options_en"))
    if options > MOST_OPTIONS:
        issues.append(Reason(N_("More than %(n)s options do not fit on a ballot."), {"n": MOST_OPTIONS}, "members_options_en"))
    issues += [Reason(text, {"n": n, "line": line}, "members_options_es") for text, n, line in _gaps(contest["options"])]
    names = [words.get("en", "").casefold() for words in contest["options"]]
    issues += [Reason(N_("%(name)s is written twice."), {"name": name}, "members_options_en") for name, times in Counter(names).items() if name and times > 1]
    if is_known_budget(method):
        return issues + _issues_in_money(contest, method, options)
    if method == "irv" and seats != 1:
        issues.append(Reason(N_("Ranked choice for one seat chooses one. For several, choose a single transferable vote."), field="members_seats"))
    elif not 1 <= seats <= max(options, 1):
        issues.append(Reason(N_("Choose at least one, and no more than there are options."), field="members_seats"))
    if method in ("score", "dots") and not most or most is not None and not 1 <= most <= MOST_POINTS:
        issues.append(Reason(N_("Say how many points, dots or approvals a ballot may give: from 1 to %(n)s."), {"n": MOST_POINTS}, "members_most"))
    return issues + (problems_of_reserved(_standing(contest)) if contest.get("reserved") else [])


def is_known_budget(method: str) -> bool:
    """Whether this method spends money."""
    return method in COUNTING and COUNTING[method].ballots == "support"


def _issues_in_money(contest: Mapping[str, Any], method: str, options: int) -> list[Reason]:
    """What stands against a budget: a sum, one cost for each project, a rule for what is left over."""
    budget, costs, issues = read_money(contest.get("budget") or ""), [read_money(each) for each in contest.get("costs") or ()], []
    if not budget:
        issues.append(Reason(N_("Write the sum of money that is spent, above zero."), field="members_budget"))
    if len(costs) != options:
        issues.append(Reason(N_("Write the cost of each project, one a line, in the order of the options: %(n)s of %(options)s are there."),
                             {"n": len(costs), "options": options}, "members_costs"))
    issues += [Reason(N_("Cost in line %(n)s is no sum above zero."), {"n": n}, "members_costs") for n, cost in enumerate(costs, 1) if not cost]
    if budget and all(costs):
        dear = [n for n, cost in enumerate(costs, 1) if cost > budget]
        issues += [Reason(N_("The project in line %(n)s costs more than there is."), {"n": n}, "members_costs") for n in dear]
    if contest.get("completion") not in COMPLETIONS:
        issues.append(Reason(N_("Say what happens with money that equal shares leaves."), field="members_completion"))
    return issues


def read_money(text: str) -> Fraction | None:
    """A sum as people write it: 600000, 600,000 or 1250.50; None for anything else."""
    plain = text.strip().lstrip("$").replace(",", "").replace(" ", "")
    return Fraction(plain) if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", plain) else None


def plain_money(text: str) -> str:
    """The same as it is frozen: digits, and cents where there are any; what is no sum stays as it was written."""
    value = read_money(text)
    return text.strip() if value is None else amount(value)


def spoken_money(text: str) -> str:
    """A sum with its thousands apart, as a ballot prints it."""
    whole, _point, cents = text.partition(".")
    return f"{int(whole):,}" + (f".{cents}" if cents else "")


def sum_of(contest: Mapping[str, Any], marks: Iterable[int]) -> str:
    """What these projects cost together."""
    return amount(sum((Fraction(contest["costs"][n - 1]) for n in marks), Fraction(0)))


def _gaps(options: list[dict[str, str]]) -> list[tuple[str, int, str]]:
    """Lines of one language without their pair in the other; only where a second language was begun."""
    if not any("es" in words for words in options):
        return []
    missing = N_("Line %(n)s has no translation: %(line)s.")
    return [(missing, n, next(iter(words.values()), "")) for n, words in enumerate(options, 1) if len(words) < 2]


def read_marks(content: str) -> dict[int, int]:
    """The numbers by option; a blank ballot has none."""
    return {int(option): int(value) for option, value in (pair.split(":") for pair in content.split())} if content[:1].isdigit() else {}


def write_marks(marks: Mapping[int, int]) -> str:
    """The content of a ballot."""
    return " ".join(f"{option}:{value}" for option, value in sorted(marks.items()))


def entered(fields: Mapping[str, str], plank: int, options: int) -> str:
    """What the fields of a POST say, right or wrong: each option's own field, or all of it as it is carried from screen to screen."""
    carried = [pair.partition(":") for pair in fields.get(f"p{plank}", "").split()]
    written = {option: value for option, _colon, value in carried}
    written |= {str(n): fields[name] for n in range(1, options + 1) if (name := f"p{plank}.{n}") in fields}
    return write_marks({n: int(value) for n in range(1, options + 1) if (value := written.get(str(n), "")).isdecimal() and len(value) < 4 and int(value)})


def is_readable(fields: Mapping[str, str], plank: int, options: int) -> bool:
    """Whether each option's own field is empty or a number, and what is carried is pairs of an option and a number."""
    own = (fields.get(f"p{plank}.{n}", "").strip() for n in range(1, options + 1))
    carried = fields.get(f"p{plank}", "").split()
    is_blank = carried == ["abstain"]
    return all(not value or value.isdecimal() for value in own) and all(is_blank or _PAIR.fullmatch(p) and int(p.split(":")[0]) <= options for p in carried)


def issues_in_content(electorate: Mapping[str, Any], content: str, name: Callable[[int], str]) -> list[Reason]:
    """Everything that is wrong with what was entered, at once; `name` says an option as the page does."""
    kind, contest, marks = kind_of(electorate), electorate["contest"], read_marks(content)
    issues, most, options = [], contest["most"], len(contest["options"])
    if kind == "ranking":
        for rank in sorted(set(marks.values())):
            twins = [option for option, value in marks.items() if value == rank]
            if len(twins) > 1:
                issues.append(Reason(N_("Rank %(rank)s is given to more than one: %(names)s."), {"rank": rank, "names": ", ".join(map(name, twins))}))
    limit = {"ranking": options, "approval": 1}.get(kind, most or 0)
    for option, value in marks.items():
        if value > limit:
            issues.append(Reason(N_("%(name)s: %(value)s is more than %(limit)s."), {"name": name(option), "value": value, "limit": limit}))
    if electorate["method"] == "dots" and sum(marks.values()) > most:
        issues.append(Reason(N_("You placed %(n)s dots and have %(most)s. Take some away."), {"n": sum(marks.values()), "most": most}))
    if kind == "approval" and most and len(marks) > most:
        issues.append(Reason(N_("You approved of %(n)s, and the rule lets you approve of %(most)s. Take some away."), {"n": len(marks), "most": most}))
    return issues


def counted_content(electorate: Mapping[str, Any], content: str) -> str:
    """What goes into the box: ranks without gaps, so that two ballots that mean the same are the same."""
    marks = read_marks(content)
    if kind_of(electorate) == "ranking":
        marks = {option: place for place, option in enumerate(sorted(marks, key=lambda option: marks[option]), 1)}
    return write_marks(marks) or "abstain"


def in_order(electorate: Mapping[str, Any], content: str) -> list[tuple[int, int]]:
    """(option, number) as people say a ballot: the first rank first, the most points first."""
    down = -1 if kind_of(electorate) == "points" else 1
    return sorted(read_marks(content).items(), key=lambda pair: (down * pair[1], pair[0]))


def count_contest(electorate: Mapping[str, Any], number: int, contents: Iterable[str]) -> dict[str, Any]:
    """The row of the result: who won in order, every round with its words. Options are numbers from 1, amounts exact.

    In the words an option is {n}, so that they can be said in any language.
    """
    contest, kind, times = electorate["contest"], kind_of(electorate), Counter(contents)
    blank = times.pop("abstain", 0)
    standing = _standing(contest)
    ballots = {_shaped("support" if is_budget(electorate) else kind, content): n for content, n in sorted(times.items())}
    found = count(electorate["method"], standing, ballots) if ballots else Count((), ())
    spent = sum((standing.costs[c] for c in found.winners), Fraction(0)) if is_budget(electorate) else None
    return {
        "number": number, "blank": blank, "winners": [c + 1 for c in found.winners],
        "rounds": [_round(each) for each in found.rounds], "is_adopted": bool(found.winners),
        **({} if spent is None else {"spent": amount(spent), "left_over": amount(standing.budget - spent)}),
    }


def _standing(contest: Mapping[str, Any]) -> Contest:
    """The contest as a count takes it; options are called {n}, groups as the office writes them."""
    reserved = tuple(
        Reserved(_both(each["group"]), frozenset(n - 1 for n in each["members"]), each["at_least"]) for each in contest.get("reserved", ()))
    names = tuple(f"{{{n}}}" for n in range(1, len(contest["options"]) + 1))
    money = {}
    if "budget" in contest:
        money = {"costs": tuple(map(Fraction, contest["costs"])), "budget": Fraction(contest["budget"]), "completion": contest["completion"],
                 "earlier_rounds": False}
    return Contest(names, seats=contest["seats"], most=contest["most"], reserved=reserved, **money)


def _shaped(kind: str, content: str) -> tuple:
    marks = read_marks(content)
    if kind == "support":
        return tuple((option - 1, 1) for option in sorted(marks))
    if kind == "points":
        return tuple((option - 1, value) for option, value in marks.items())
    return tuple(option - 1 for option in sorted(marks, key=lambda option: (marks[option], option)))


def rankings(contents: Iterable[str]) -> list[tuple[int, ...]]:
    """Ranked ballots as orders of options, numbered from 0; a blank one is empty."""
    return [_shaped("ranking", content) for content in contents]


def _round(each: Round) -> dict[str, Any]:
    return {
        "votes": {str(c + 1): amount(votes) for c, votes in each.votes.items()},
        "elected": [c + 1 for c in each.elected],
        "excluded": [c + 1 for c in each.excluded],
        "exhausted": amount(each.exhausted),
        "words": [[reason.text, {k: v if isinstance(v, int) else str(v) for k, v in reason.params.items()}] for reason in each.reasons],
    }


def said_round(words: Iterable[tuple[str, dict[str, Any]]], names: list[str]) -> tuple[Reason, ...]:
    """The words of a round with the options' names in them."""
    def named(value: Any) -> Any:
        for n, name in enumerate(names, 1) if isinstance(value, str) else ():
            value = value.replace(f"{{{n}}}", name)
        return value

    return tuple(Reason(text, {key: named(value) for key, value in params.items()}) for text, params in words)
