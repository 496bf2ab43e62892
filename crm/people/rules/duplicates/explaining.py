"""Explaining: what speaks for and against two records being one person, in words an organizer can check."""

from crm.kernel.refusal import N_, Reason
from crm.people.rules.duplicates import comparing as c
from crm.people.rules.duplicates.normalizing import Traits
from crm.people.rules.duplicates.records import NATIONAL_ID


def explain(a: Traits, b: Traits) -> tuple[Reason, ...]:
    """The reasons for, then those against; symmetric up to the order in which two names are shown."""
    speaking: list[Reason] = []
    against: list[Reason] = []
    for level, words in ((level, words) for level, words in _facts(a, b) if words):
        (against if level == c.DIFFERENT else speaking).append(words)
    return (*speaking, *against)


def _facts(a: Traits, b: Traits):
    yield from _ids(a, b)
    yield from _contacts(a, b)
    yield from _names(a, b)
    yield from _births(a, b)
    yield from _address(a, b)
    if a.generation and b.generation and a.generation != b.generation:
        yield c.DIFFERENT, Reason(N_("one is junior or senior to the other"))


def _ids(a: Traits, b: Traits):
    mine, theirs = dict(a.ids), dict(b.ids)
    for kind in sorted(mine.keys() & theirs.keys()):
        if mine[kind] == theirs[kind]:
            yield c.SAME, Reason(N_("same ID number"))
        elif kind == NATIONAL_ID:
            level = c.codes(mine[kind], theirs[kind])
            yield level, Reason(N_("ID numbers differ by one digit") if level == c.CLOSE else N_("different ID numbers"))


def _contacts(a: Traits, b: Traits):
    level = c.phones(a.phones, b.phones)
    yield level, _said(level, {c.SAME: N_("same phone"), c.CLOSE: N_("phones differ by one digit"), c.DIFFERENT: N_("different phones")})
    level = c.emails(a.emails, b.emails)
    yield (
        level,
        _said(
            level,
            {
                c.SAME: N_("same e-mail"),
                c.CLOSE: N_("e-mails alike but for a slip"),
                c.SOME: N_("same e-mail name at another provider"),
                c.DIFFERENT: N_("different e-mails"),
            },
        ),
    )


def _names(a: Traits, b: Traits):
    mine, theirs = _full(a), _full(b)
    if not mine or not theirs:
        return
    both = {"a": mine, "b": theirs}
    given = c.names(*sorted_names(a.given, b.given, a.given_words, b.given_words), True)
    family = c.names(*sorted_names(a.family, b.family, a.family_words, b.family_words), False)
    if mine == theirs:
        yield c.SAME, Reason(N_("same name"))
    elif a.given == b.family and a.family == b.given:
        yield c.SAME, Reason(N_("given and family name swapped: %(a)s / %(b)s"), both)
    elif c.DIFFERENT not in (given, family):
        yield c.CLOSE, Reason(N_("names alike: %(a)s / %(b)s"), both)
    else:
        same = {c.SAME, c.CLOSE, c.NICKNAME, c.PART}
        if family in same:
            yield family, Reason(N_("same family name"))
        if given in same:
            yield given, Reason(N_("same given name"))
        if given == c.DIFFERENT:
            yield given, Reason(N_("different given names: %(a)s / %(b)s"), {"a": _shown(a.given_words), "b": _shown(b.given_words)})
        if family == c.DIFFERENT:
            yield family, Reason(N_("different family names: %(a)s / %(b)s"), {"a": _shown(a.family_words), "b": _shown(b.family_words)})


def sorted_names(a: str, b: str, a_words: tuple[str, ...], b_words: tuple[str, ...]):
    """Two names in the order in which they are always compared."""
    return (b, a, b_words, a_words) if a > b else (a, b, a_words, b_words)


def _full(one: Traits) -> str:
    return _shown(one.given_words + one.family_words)


def _shown(words: tuple[str, ...]) -> str:
    return " ".join(word.title() for word in words)


def _births(a: Traits, b: Traits):
    level = c.births(a.birth, b.birth)
    yield (
        level,
        _said(
            level,
            {
                c.SAME: N_("same birth date"),
                c.SWAPPED: N_("birth dates with day and month swapped"),
                c.CLOSE: N_("birth dates differ by one digit"),
                c.PART: N_("same year of birth"),
                c.SOME: N_("birth dates partly alike"),
                c.DIFFERENT: N_("different birth dates"),
            },
        ),
    )


def _address(a: Traits, b: Traits):
    street, number = c.texts(a.street, b.street), c.codes(a.number, b.number)
    place = {c.codes(a.postal, b.postal), c.texts(a.city, b.city)}
    if street in (c.SAME, c.CLOSE) and number in (c.SAME, c.UNKNOWN):
        yield c.SAME, Reason(N_("same address"))
    elif street == c.DIFFERENT:
        yield c.DIFFERENT, Reason(N_("different addresses"))
    elif c.SAME in place and street == c.UNKNOWN:
        yield c.SAME, Reason(N_("same town or postal code"))


def _said(level: str, words: dict[str, str]) -> Reason | None:
    return Reason(words[level]) if level in words else None
