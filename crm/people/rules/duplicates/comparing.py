"""Comparing: how alike two values are, as one of a few levels. Symmetric: the order of the two never matters."""

from functools import lru_cache

from nicknames import NickNamer
from rapidfuzz.distance import OSA, JaroWinkler

SAME, NICKNAME, CLOSE, PART, INITIAL, SOME, DIFFERENT, UNKNOWN, SWAPPED = (
    "same", "nickname", "close", "part", "initial", "some", "different", "unknown", "swapped",
)  # fmt: skip

# The short names of Spanish speakers, which the table of nicknames (English) does not have.
_SPANISH = """jose pepe pepito chepe|francisco paco pancho curro kiko|guadalupe lupe lupita|maria mari maruja|jesus chucho chuy|
ignacio nacho|enrique quique|dolores lola|rosario charo chayo|concepcion concha conchita|mercedes meche|eduardo lalo edu|
rafael rafa|manuel manolo manny|antonio tono toni|guillermo memo|alejandro alex ale|alejandra alex ale|roberto beto|alberto beto|
gilberto beto|luis lucho|fernando nando fer|isabel isa chabela|graciela chela|gabriel gabo|gabriela gaby|consuelo chelo|
socorro coco|teresa tere|patricia pati paty|josefina pepa fina|juan juancho|sergio checo|vicente chente|santiago santi|
cristina cris|beatriz bety|leticia lety|veronica vero|ricardo richi|daniel dani|miguel migue""".replace("\n", "")
_FAMILIES = [set(family.split()) for family in _SPANISH.split("|")]
_ENGLISH = NickNamer()


def typo(a: str, b: str) -> bool:
    """Whether one text is the other with a slip: one letter in a short text, two in a longer one, or mostly alike."""
    longest = max(len(a), len(b))
    if longest < 3:
        return False
    most = 1 if longest < 6 else 2
    return OSA.distance(a, b, score_cutoff=most) <= most or (longest > 5 and JaroWinkler.similarity(a, b, score_cutoff=0.93) >= 0.93)


@lru_cache(maxsize=4096)
def _short_names(name: str) -> frozenset[str]:
    return frozenset(_ENGLISH.nicknames_of(name)) | {n for family in _FAMILIES if next(iter(family), "") and name in family for n in family}


def nickname(a: str, b: str) -> bool:
    """Whether one given name is a short form of the other, or both of a third."""
    return b in _short_names(a) or a in _short_names(b)


@lru_cache(maxsize=1 << 16)
def names(a: str, b: str, a_words: tuple[str, ...], b_words: tuple[str, ...], is_given: bool) -> str:
    """How alike two given names, or two family names, are."""
    if not a or not b:
        return UNKNOWN
    if a == b:
        return SAME
    if typo(a, b):
        return CLOSE
    if is_given and nickname(a_words[0], b_words[0]):
        return NICKNAME
    if len(a) == 1 or len(b) == 1:
        return INITIAL if a[0] == b[0] and a.isascii() else DIFFERENT
    if len(a_words) > 1 or len(b_words) > 1:
        if set(a_words) <= set(b_words) or set(b_words) <= set(a_words):
            return PART
        if any(x == y or typo(x, y) for x in a_words for y in b_words if len(x) > 2):
            return SOME
    return DIFFERENT


def texts(a: str, b: str) -> str:
    """How alike two streets or cities are."""
    if not a or not b:
        return UNKNOWN
    if a == b:
        return SAME
    return CLOSE if typo(a, b) else DIFFERENT


def codes(a: str, b: str) -> str:
    """How alike two numbers are (house, postal code, id): one slip of the fingers or none."""
    if not a or not b:
        return UNKNOWN
    if a == b:
        return SAME
    return CLOSE if max(len(a), len(b)) > 3 and OSA.distance(a, b, score_cutoff=1) <= 1 else DIFFERENT


def phones(a: tuple[str, ...], b: tuple[str, ...]) -> str:
    """How alike the likeliest two of several numbers are."""
    if not a or not b:
        return UNKNOWN
    if not set(a).isdisjoint(b):
        return SAME
    return CLOSE if any(codes(x, y) == CLOSE for x in a for y in b) else DIFFERENT


def emails(a: tuple[str, ...], b: tuple[str, ...]) -> str:
    """How alike the likeliest two of several addresses are; SOME is the same mailbox at another provider."""
    if not a or not b:
        return UNKNOWN
    if not set(a).isdisjoint(b):
        return SAME
    levels = {_email(x, y) for x in a for y in b}
    return CLOSE if CLOSE in levels else SOME if SOME in levels else DIFFERENT


def _email(a: str, b: str) -> str:
    # Another number behind the same name is another mailbox: people of one name are numbered by their provider.
    mine, theirs = a.split("@")[0], b.split("@")[0]
    if [c for c in a if c.isdigit()] == [c for c in b if c.isdigit()]:
        most = 1 if min(len(mine), len(theirs)) < 8 else 2
        if OSA.distance(a, b, score_cutoff=most) <= most:
            return CLOSE
    return SOME if mine == theirs else DIFFERENT


def births(a: str, b: str) -> str:
    """How alike two dates of birth are: SWAPPED day and month, CLOSE by one slip, SOME by two or in the year alone."""
    if not a or not b:
        return UNKNOWN
    if a[4:] == "0000" or b[4:] == "0000":
        return PART if a[:4] == b[:4] else DIFFERENT
    if a == b:
        return SAME
    if a[:4] == b[:4] and a[4:6] == b[6:] and a[6:] == b[4:6]:
        return SWAPPED
    slips = OSA.distance(a, b, score_cutoff=2)
    return CLOSE if slips == 1 else SOME if slips == 2 else DIFFERENT
