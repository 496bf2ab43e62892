"""Invented lists of members with known duplicates: households, juniors, twins, movers, slips, nicknames. The same seed, the same list."""

import random

from crm.people.rules.duplicates import Record

_STARTS = [
    "Ma",
    "Jo",
    "Lu",
    "Ro",
    "Te",
    "Sa",
    "Be",
    "Da",
    "Ni",
    "Ka",
    "Vi",
    "El",
    "An",
    "Fe",
    "Gra",
    "Chri",
    "Pe",
    "Do",
    "Ol",
    "Ju",
    "Ra",
    "Mi",
    "Ze",
    "Ya",
    "Tho",
    "Bri",
    "Cle",
    "Hu",
    "Is",
    "Wa",
]
_MIDDLES = ["ri", "na", "lo", "be", "de", "mi", "sta", "li", "ra", "ne", "vi", "do", "ta", "ca", "lle", "rre", "so", "qui", "nta", "ma"]
_ENDS = ["a", "o", "n", "s", "el", "ez", "ia", "ert", "ine", "us", "ard", "eth", "son", "etta", "ique", "ón"]
_SHORT = {"William": "Bill", "Robert": "Bob", "Elizabeth": "Liz", "Katherine": "Kate", "Michael": "Mike", "José": "Pepe", "Francisco": "Paco",
          "Guadalupe": "Lupe", "Margaret": "Peggy", "Patricia": "Pat"}  # fmt: skip
_STREETS = [
    "Oak",
    "Elm",
    "Cedar",
    "Mill",
    "River",
    "Hill",
    "Lake",
    "Park",
    "Church",
    "Spring",
    "Sunset",
    "Maple",
    "Walnut",
    "Bridge",
    "Market",
    "Union",
    "Prospect",
    "Garden",
    "Chestnut",
    "Pearl",
]
_KINDS = (("Street", "St."), ("Avenue", "Ave"), ("Road", "Rd"), ("Lane", "Ln"), ("Court", "Ct"))


def invented(n: int, seed: int) -> tuple[list[Record], set[tuple[str, str]]]:
    """(records in no order, pairs of ids that are one person)."""
    maker = _Maker(seed)
    people: list[dict] = []
    rows: list[tuple[int, dict]] = []
    while len(rows) < n:
        person = maker.relative(maker.dice.choice(people[-50:])) if people and maker.dice.random() < 0.15 else maker.person()
        people.append(person)
        rows.append((len(people), dict(person)))
        while maker.dice.random() < 0.18:
            rows.append((len(people), maker.again(person)))
    maker.dice.shuffle(rows)
    of: dict[int, list[str]] = {}
    records = []
    for i, (who, row) in enumerate(rows):
        of.setdefault(who, []).append(f"{i:06}")
        records.append(Record(id=f"{i:06}", phones=(row.pop("phone"),), emails=(row.pop("email"),), **row))
    return records, {(a, b) for ids in of.values() for i, a in enumerate(ids) for b in ids[i + 1 :]}


class _Maker:
    def __init__(self, seed: int):
        self.dice = random.Random(seed)
        names = {self.name() for _ in range(1200)}
        self.given = sorted(names)[:500] + list(_SHORT)
        self.family = sorted({self.name() + self.dice.choice(("", "man", "ski", "berg", "ton")) for _ in range(1500)})
        # A few names are many people's, most are a few people's, as everywhere.
        self.weights = [1 / (1 + i) ** 0.6 for i in range(len(self.family))]

    def name(self) -> str:
        return "".join(self.dice.choice(part) for part in (_STARTS, _MIDDLES, _ENDS))

    def person(self) -> dict:
        d = self.dice
        given, family = d.choice(self.given), d.choices(self.family, self.weights)[0]
        if d.random() < 0.1:
            family += " " + d.choices(self.family, self.weights)[0]
        return {"given": given, "family": family, "phone": self.phone(), "email": self.email(given, family), "birth_date": self.day()} | self.home()

    def phone(self) -> str:
        return f"({self.dice.choice((212, 415, 312, 617))}) {self.dice.randint(200, 999)}-{self.dice.randint(0, 9999):04}"

    def email(self, given: str, family: str) -> str:
        return f"{given}.{family.split()[0]}{self.dice.choice(('', self.dice.randint(1, 999)))}@mail{self.dice.randint(1, 4)}.example".lower()

    def day(self) -> str:
        if self.dice.random() < 0.25:
            return ""
        return f"{self.dice.randint(1940, 2006)}-{self.dice.randint(1, 12):02}-{self.dice.randint(1, 28):02}"

    def home(self) -> dict:
        street = f"{self.dice.randint(1, 2400)} {self.dice.choice(_STREETS)}{self.dice.choice(('', 'wood', 'field', 'view'))}"
        town = self.dice.randint(1, 120)
        return {"street": f"{street} {self.dice.choice(_KINDS)[0]}", "city": f"{_STREETS[town % 20]}ville {town // 20}", "postal_code": str(60000 + town)}

    def relative(self, of: dict) -> dict:
        """Somebody else at the same address: a name, half the time a phone, now and then an e-mail, a birthday (twins), a first name."""
        d, one = self.dice, self.person()
        one |= {key: of[key] for key in ("family", "street", "city", "postal_code")}
        for key, share in (("phone", 0.5), ("email", 0.1), ("given", 0.04)):
            if d.random() < share:
                one[key] = of[key]
        if one["given"] != of["given"] and d.random() < 0.03:
            one["birth_date"] = of["birth_date"]
        return one

    def again(self, person: dict) -> dict:
        """The same person in another list."""
        d, row = self.dice, dict(person)
        chance = d.random()
        if chance < 0.1 and row["given"] in _SHORT:
            row["given"] = _SHORT[row["given"]]
        elif chance < 0.25:
            row["given"] = self.slip(row["given"])
        elif chance < 0.3:
            row["given"], row["family"] = row["family"], row["given"]
        chance = d.random()
        if chance < 0.2:
            row["family"] = self.slip(row["family"])
        elif chance < 0.24:
            row["family"] = d.choice(self.family)
        for key, another in (("phone", self.phone()), ("email", self.email("x", row["family"])), ("birth_date", "")):
            if (chance := d.random()) < 0.25:
                row[key] = "" if chance < 0.1 or key == "birth_date" else another if chance < 0.18 else self.slip(row[key])
        if d.random() < 0.2:
            row |= self.home()
        for long, short in _KINDS:
            row["street"] = row["street"].replace(long, d.choice((long, short)))
        if d.random() < 0.1:
            row = {key: text.upper() for key, text in row.items()}
        return row

    def slip(self, text: str) -> str:
        if len(text) < 4:
            return text
        i = self.dice.randrange(1, len(text) - 2)
        return self.dice.choice(
            (text[:i] + text[i + 1] + text[i] + text[i + 2 :], text[:i] + text[i + 1 :], text[:i] + text[i] + text[i:], text[:i] + "u" + text[i + 1 :])
        )
