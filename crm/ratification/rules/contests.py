"""A vote between options: what stands on the ballot, what a member may write, and what the count found. Pure.

What a ballot says is pairs of option and number, in the order of the options: `2:1 3:2` ranks option 2 first and option 3 second,
`1:1 4:1` approves of two, `1:5 2:3` gives points. A blank one is `abstain`, as on a plank.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods import COUNTING
from crm.ratification.methods.contest import Contest, Count, Round, amount
from crm.ratification.methods.counting import count

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
}
_UP_TO = N_("Approve of up to %(most)s. The most approved are chosen: %(seats)s.")
TIES = N_("A tie goes to who had more in an earlier round, then to who stands first on the ballot.")


def kind_of(electorate: Mapping[str, Any]) -> str:
    """What a ballot of this method writes: ranking, approval or points."""
    return COUNTING[electorate["method"]].ballots


def rule_of_contest(electorate: Mapping[str, Any]) -> Reason:
    """The method and the rule for ties as sentences."""
    contest, method = electorate["contest"], electorate["method"]
    words = _UP_TO if method == "approval" and contest["most"] else _RULES[method]
    return Reason(N_("%(rule)s %(ties)s"), {"rule": Reason(words, {"seats": contest["seats"], "most": contest["most"]}), "ties": Reason(TIES)})


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
    if method == "irv" and seats != 1:
        issues.append(Reason(N_("Ranked choice for one seat chooses one. For several, choose a single transferable vote."), field="members_seats"))
    elif not 1 <= seats <= max(options, 1):
        issues.append(Reason(N_("Choose at least one, and no more than there are options."), field="members_seats"))
    if method in ("score", "dots") and not most or most is not None and not 1 <= most <= MOST_POINTS:
        issues.append(Reason(N_("Say how many points, dots or approvals a ballot may give: from 1 to %(n)s."), {"n": MOST_POINTS}, "members_most"))
    return issues


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
    standing = Contest(tuple(f"{{{n}}}" for n in range(1, len(contest["options"]) + 1)), seats=contest["seats"], most=contest["most"])
    ballots = {_shaped(kind, content): n for content, n in sorted(times.items())}
    found = count(electorate["method"], standing, ballots) if ballots else Count((), ())
    return {
        "number": number, "blank": blank, "winners": [c + 1 for c in found.winners],
        "rounds": [_round(each) for each in found.rounds], "is_adopted": bool(found.winners),
    }


def _shaped(kind: str, content: str) -> tuple:
    marks = read_marks(content)
    if kind == "points":
        return tuple((option - 1, value) for option, value in marks.items())
    return tuple(option - 1 for option in sorted(marks, key=lambda option: (marks[option], option)))


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
