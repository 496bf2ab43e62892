"""Scoring: the probability that two records are one person, by weighing three accounts of how they came about.

After Fellegi and Sunter (1969): each comparison is as likely as m if both are one person and as u if they are strangers, and the
ratios multiply. Lists of members break that model in one place: a household shares phone, address, family name and now and then the
e-mail address, so strangers are the wrong alternative. A third account stands beside: two people of one household (h). What a household
shares then speaks for it just as loudly as for one person, and only what is personal decides between them: the given name, the
birth date, an address of one's own, a number for life.

m and h are reasoned once and hold for every list (see each table). u is how often the value itself occurs in this list (Winkler's term
frequency: a rare surname tells more than García), and how many duplicates and households there are is learned from all that was
compared, without knowing any answer. No weight is fitted to a file.
"""

import math
from collections.abc import Iterable, Sequence

from crm.people.rules.duplicates import comparing as c
from crm.people.rules.duplicates.normalizing import DUPLICATES, HOUSEHOLDS, Frequencies, Traits
from crm.people.rules.duplicates.records import NATIONAL_ID

LEAST, _ROUNDS, _USUAL = 0.01, 6, 300

Table = dict[str, tuple[float, float, float]]  # level: (m, h, u added to the frequency of the value)

# One in four given names is written another way in a second list (nickname, slip, initial, second name). Of two people of a household in
# one list, one pair in twelve shares a given name: father and son, mother and daughter, and rows that took the other's name.
GIVEN: Table = {
    c.SAME: (0.70, 0.08, 0), c.NICKNAME: (0.07, 0.01, 0.003), c.CLOSE: (0.12, 0.02, 0.003), c.PART: (0.04, 0.01, 0.005),
    c.INITIAL: (0.02, 0.06, 0.06), c.SOME: (0.02, 0.02, 0.02), c.DIFFERENT: (0.03, 0.85, 0.92),
}  # fmt: skip
# Marriage and double surnames change a family name; three quarters of households share theirs.
FAMILY: Table = {
    c.SAME: (0.72, 0.70, 0), c.CLOSE: (0.13, 0.03, 0.003), c.PART: (0.05, 0.05, 0.003), c.INITIAL: (0.02, 0.02, 0.06),
    c.SOME: (0.01, 0.02, 0.01), c.DIFFERENT: (0.07, 0.22, 0.93),
}  # fmt: skip
# Half of a household's phones are a shared line; a tenth of its e-mail addresses.
PHONE: Table = {c.SAME: (0.70, 0.45, 1e-6), c.CLOSE: (0.08, 0.02, 2e-5), c.DIFFERENT: (0.20, 0.53, 1)}
EMAIL: Table = {c.SAME: (0.72, 0.10, 1e-6), c.CLOSE: (0.09, 0.01, 3e-4), c.SOME: (0.04, 0.01, 2e-3), c.DIFFERENT: (0.13, 0.88, 1)}
# A birth date is one of about 25,000 days; twins are one pair in fifty of a household.
BIRTH: Table = {
    c.SAME: (0.80, 0.02, 4e-5), c.SWAPPED: (0.05, 1e-4, 4e-5), c.CLOSE: (0.07, 3e-3, 2e-3), c.SOME: (0.03, 0.03, 0.03),
    c.PART: (0.90, 0.05, 0.015), c.DIFFERENT: (0.03, 0.95, 0.97),
}  # fmt: skip
NATIONAL: Table = {c.SAME: (0.85, 1e-7, 1e-7), c.CLOSE: (0.07, 1e-5, 1e-5), c.DIFFERENT: (0.08, 1, 1)}
# Whoever still lives there: which part of an address is written another way. Every fourth person has moved between two lists.
STAYED_ONE, STAYED_HOME = 0.72, 0.9
NUMBER: Table = {c.SAME: (0.9, 0, 2e-3), c.CLOSE: (0.04, 0, 0.05), c.DIFFERENT: (0.06, 0, 0.93)}
STREET: Table = {c.SAME: (0.8, 0, 0), c.CLOSE: (0.14, 0, 2e-3), c.DIFFERENT: (0.06, 0, 0.98)}
EXTRA: Table = {c.SAME: (0.8, 0, 0.02), c.CLOSE: (0.1, 0, 0.02), c.DIFFERENT: (0.1, 0, 0.95)}
POSTAL: Table = {c.SAME: (0.88, 0, 0), c.CLOSE: (0.07, 0, 5e-3), c.DIFFERENT: (0.05, 0, 0.98)}
CITY: Table = {c.SAME: (0.85, 0, 0), c.CLOSE: (0.1, 0, 5e-3), c.DIFFERENT: (0.05, 0, 0.97)}
Ratios = tuple[float, float]  # how many times likelier than for strangers: for one person, for one household
NONE: Ratios = (1.0, 1.0)


def evidence(a: Traits, b: Traits, f: Frequencies) -> Ratios:
    """How many times likelier the two records are if they are one person, and if they are one household, than if strangers."""
    person = household = 1.0
    for m, h in (_names(a, b, f), _phones(a, b, f), _emails(a, b, f), _births(a, b, f), _home(a, b, f), _rest(a, b, f)):
        person *= m
        household *= h
    return person, household


def log_odds(ratios: Ratios, f: Frequencies) -> float:
    """The logarithm (base 2) of the odds that two records are one person."""
    n = max(f.n, 20)
    return math.log2(ratios[0] * 2 * f.duplicates / n / (1 + ratios[1] * 2 * f.households / n))


def learn_rates(found: Sequence[Ratios], f: Frequencies) -> None:
    """Sets how many duplicates and households this list holds, by expectation and maximization over all that was compared; what is
    usual stands beside as a few hundred records that were seen before, so that a short list decides little."""
    n = max(f.n, 20)
    for _ in range(_ROUNDS):
        one, home = 2 * f.duplicates / n, 2 * f.households / n
        persons = households = 0.0
        for m, h in found:
            m, h = m * one, h * home
            persons += m / (1 + m + h)
            households += h / (1 + m + h)
        f.duplicates = max(LEAST, (persons + DUPLICATES * _USUAL) / (f.n + _USUAL))
        f.households = max(LEAST, (households + HOUSEHOLDS * _USUAL) / (f.n + _USUAL))


def probability(odds: float) -> float:
    """What the odds are as a probability."""
    return 1 / (1 + 2 ** -max(min(odds, 60), -60))


def _chance(counts: dict, value: object, n: int) -> float:
    """The chance that a stranger has this value: how many others have it."""
    return max(counts.get(value, 0) - 1, 0.5) / max(n, 20)


def _shared(counts: dict, values: Iterable, n: int) -> float:
    """The chance that strangers share one of these by an accident: nothing until more than a family has it, as an office's line."""
    return max(0.0, min(counts.get(value, 0) for value in values) - 4) / max(n, 20)


def _ratios(table: Table, level: str, chance: float = 0.0) -> Ratios:
    if level == c.UNKNOWN:
        return NONE
    m, h, u = table[level]
    u = min(1.0, u + chance) if level not in (c.DIFFERENT, c.INITIAL) else u
    return m / u, (h + (u if level == c.SAME and h < 0.1 else 0)) / u


def _names(a: Traits, b: Traits, f: Frequencies) -> Ratios:
    straight = _name_pair(a.given, a.given_words, a.family, a.family_words, b, f)
    if not (a.given and a.family and b.given and b.family) or a.given[0] != b.family[0] and a.family[0] != b.given[0]:
        return straight
    turned = _name_pair(a.family, a.family_words, a.given, a.given_words, b, f)
    return max(straight[0], 0.04 * turned[0]), max(straight[1], 0.04 * turned[1])


def _name_pair(given: str, given_words: tuple, family: str, family_words: tuple, b: Traits, f: Frequencies) -> Ratios:
    levels = name_levels(given, given_words, family, family_words, b)
    g = _ratios(GIVEN, levels[0], max(_chance(f.given, given, f.n), _chance(f.given, b.given, f.n)))
    s = _ratios(FAMILY, levels[1], max(_chance(f.family, family, f.n), _chance(f.family, b.family, f.n)))
    return g[0] * s[0], g[1] * s[1]


def name_levels(given: str, given_words: tuple, family: str, family_words: tuple, b: Traits) -> tuple[str, str]:
    """How alike given and family names are."""
    if given > b.given:
        first = c.names(b.given, given, b.given_words, given_words, True)
    else:
        first = c.names(given, b.given, given_words, b.given_words, True)
    if family > b.family:
        return first, c.names(b.family, family, b.family_words, family_words, False)
    return first, c.names(family, b.family, family_words, b.family_words, False)


def _phones(a: Traits, b: Traits, f: Frequencies) -> Ratios:
    level = c.phones(a.phones, b.phones)
    return _ratios(PHONE, level, _shared(f.phone, set(a.phones) & set(b.phones), f.n) if level == c.SAME else 0)


def _emails(a: Traits, b: Traits, f: Frequencies) -> Ratios:
    level = email_level(a, b)
    return _ratios(EMAIL, level, _shared(f.email, set(a.emails) & set(b.emails), f.n) if level == c.SAME else 0)


def email_level(a: Traits, b: Traits) -> str:
    """How alike the e-mail addresses are. That john.smith of one provider is like john.smith of another follows from their names,
    as anna.diaz is like hanna.diaz: such a likeness tells nothing that the names do not."""
    level = c.emails(a.emails, b.emails)
    if level not in (c.SOME, c.CLOSE):
        return level
    halves = [(x, y) for x, y in ((a.given, b.given), (a.family, b.family)) if _speaks(a, x) and _speaks(b, y)]
    follows = any(x != y for x, y in halves) if level == c.CLOSE else bool(halves)
    return c.DIFFERENT if follows else level


def _speaks(one: Traits, name: str) -> bool:
    return len(name) > 2 and any(name in email for email in one.emails)


def _births(a: Traits, b: Traits, f: Frequencies) -> Ratios:
    level = c.births(a.birth, b.birth)
    return _ratios(BIRTH, level, _chance(f.birth, a.birth, f.n) if level == c.SAME and f.birth[a.birth] > 2 else 0)


def _home(a: Traits, b: Traits, f: Frequencies) -> Ratios:
    """An address either stayed, and then its parts agree but for slips, or it is another one and tells nothing."""
    n = f.n
    postal = _ratios(POSTAL, c.codes(a.postal, b.postal), max(_chance(f.postal, a.postal, n), _chance(f.postal, b.postal, n)))[0]
    city = _ratios(CITY, c.texts(a.city, b.city), max(_chance(f.city, a.city, n), _chance(f.city, b.city, n)))[0]
    # A city follows from the postal code: the two agree together or not at all.
    same = max(postal, city, 1.0) * min(postal, city, 1.0)
    if not (a.city and b.city or a.postal and b.postal) and a.region and b.region:
        same = 0.95 / max(_chance(f.region, a.region, n), 0.02) if a.region == b.region else 0.1
    street = _ratios(STREET, c.texts(a.street, b.street), max(_chance(f.street, a.street, n), _chance(f.street, b.street, n)))[0]
    number = _ratios(NUMBER, c.codes(a.number, b.number), max(_chance(f.number, a.number, n), _chance(f.number, b.number, n)))[0]
    extra = _ratios(EXTRA, c.texts(a.extra, b.extra))[0]
    if a.street and b.street and street < 1 and (a.street == b.extra or a.extra == b.street):
        street = 100.0  # the two lines of an address in the other order
    same *= street * number * extra
    if a.line and a.line == b.line and f.line[a.line] > 6:
        same = min(same, n / f.line[a.line])  # a building: every door shares it
    if same == 1.0:
        return NONE
    return 1 - STAYED_ONE + STAYED_ONE * same, 1 - STAYED_HOME + STAYED_HOME * same


def _rest(a: Traits, b: Traits, f: Frequencies) -> Ratios:
    m = h = 1.0
    if a.ids and b.ids:
        mine, theirs = dict(a.ids), dict(b.ids)
        for kind in mine.keys() & theirs.keys():
            level = c.codes(mine[kind], theirs[kind])
            if kind == NATIONAL_ID or level == c.SAME:
                ratio = _ratios(NATIONAL, level, _shared(f.ids, [(kind, mine[kind])], f.n) if level == c.SAME else 0)
                m, h = m * ratio[0], h * ratio[1]
    if a.sex and b.sex:
        m, h = (m * 1.9, h * 0.9) if a.sex == b.sex else (m * 0.06, h * 1.1)
    if a.generation and b.generation and a.generation != b.generation:
        m *= 0.1
    return m, h
