"""Examples that the report names, as data: who meets, by which playbook, how it is decided, and what came of it.

`source` is the line of mission/assemblies-report.txt that names it. Bodies and powers are the report's; topics it does not give, counts and
people are invented, so that each count lies just on its side of the rule.
"""

from dataclasses import dataclass

MOVEMENT = {"decides": "room", "comes": "anyone", "government": "none", "lasts": "once"}
MEMBERS_MEET = MOVEMENT | {"comes": "members", "lasts": "yearly"}
IN_THE_SQUARE = {"decides": "room", "comes": "anyone", "government": "refuses", "lasts": "tonight"}
SHADOW = {"decides": "government", "comes": "lot", "government": "refuses", "lasts": "once"}
ONCE = {"decides": "government", "comes": "lot", "government": "answers", "lasts": "once"}
STANDING = ONCE | {"lasts": "yearly"}
PLATFORM = {"decides": "members", "comes": "members", "government": "none", "lasts": "once"}
WITH_GOVERNMENT = {"decides": "government", "comes": "residents", "government": "answers", "lasts": "yearly"}
CONVENTION = {"decides": "members", "comes": "sent", "government": "none", "lasts": "yearly"}
BUDGET = {"decides": "residents", "comes": "residents", "government": "bound", "lasts": "yearly"}


@dataclass(frozen=True)
class Question:
    """Something put to the vote: how many said yes and no, what became of it, and by which share where it is not the playbook's own."""

    title: str
    yes: int
    no: int
    carried: bool
    share: str = ""
    strictness: str = "at_least"


@dataclass(frozen=True)
class Answer:
    """What a decision-maker said to what was carried; nothing at all with an empty verdict. `deed`: what was then done, and is marked so."""

    title: str
    verdict: str
    reason: str = ""
    deed: str = ""


@dataclass(frozen=True)
class Outside:
    """A vote of others to which the recommendation was referred: its rule as it froze, what was read of it, where, and whether it was carried."""

    title: str
    share: str
    strictness: str
    read: dict[str, str]
    source: str
    carried: bool
    arithmetic: str


@dataclass(frozen=True)
class Example:
    """One example: its row in the anchors, where the report names it, and its record."""

    row: str
    source: str
    name: str
    kind: str
    known: dict[str, str]
    question: str
    votes: tuple[Question, ...]
    power: str
    target: str = ""
    answers: tuple[Answer, ...] = ()
    decision: int = 0
    seats: int = 0
    again: bool = False
    """Whether a next cycle is held, which begins with what became of this one."""
    referred: Outside | None = None

    @property
    def size(self) -> int:
        """Everybody who votes."""
        return self.votes[0].yes + self.votes[0].no


NOBODY, CONSULTED = "No government commitment", "Consultative"

IN_THE_ROOM = (
    Example("N1", "S:104, S:609", "Southern Movement Assembly", "A1", MEMBERS_MEET, "What do we build together?", (
        Question("A plan of action for five years", 171, 9, True), Question("One candidate for every state", 150, 30, False),
    ), NOBODY),
    Example("N2", "S:104", "Mass Poor People's and Low-Wage Workers' Assembly", "A1", MOVEMENT, "What do we demand?", (
        Question("A living wage in every state", 900, 100, True), Question("To go home without a date", 899, 101, False),
    ), NOBODY),
    Example("N3", "S:104", "Movement assembly in Latin America", "A1", MOVEMENT, "¿Qué defendemos?", (
        Question("Defender el agua", 90, 10, True), Question("Esperar", 40, 60, False),
    ), NOBODY),
    Example("N3", "S:106", "Occupy assembly in the park", "A4", IN_THE_SQUARE, "Do we stay?", (
        Question("We stay tonight", 45, 5, True), Question("One list of demands", 44, 6, False),
    ), NOBODY),
    Example("N3", "S:106", "Asamblea de pueblo en Puerto Rico", "A4", IN_THE_SQUARE, "¿Qué sigue?", (
        Question("Seguimos en la plaza", 60, 5, True), Question("Un solo vocero", 30, 35, False),
    ), NOBODY),
    Example("N7", "S:106", "Convention of the labor federation", "A3", CONVENTION, "What do our unions resolve?", (
        Question("Resolution: organize the South", 201, 199, True, "1/2", "more_than"), Question("Amendment of the constitution", 266, 134, False, "2/3"),
        Question("Amendment of the dues", 267, 133, True, "2/3"), Question("A resolution that came late", 399, 1, False, "1/1"),
    ), NOBODY),
    Example("N9", "S:106", "G1000, beside parliament", "A5", SHADOW, "What does parliament not settle?", (
        Question("Share out work by shorter weeks", 420, 284, True, "1/2", "more_than"), Question("Do nothing", 100, 604, False),
    ), NOBODY, "Parliament", (Answer("Share out work by shorter weeks", ""),)),
    Example("N10", "S:106", "Global Assembly, beside the climate conference", "A5", SHADOW, "How can humanity meet the climate crisis fairly?", (
        Question("A declaration for the people of the Earth", 96, 4, True),
    ), NOBODY, "Climate conference", (Answer("A declaration for the people of the Earth", ""),)),
    Example("N20", "S:443, S:609", "Itinerant assembly, first cohort", "A7", STANDING, "How should the city grow?", (
        Question("Care blocks in every district", 86, 21, True, "4/5"), Question("A ring road", 60, 47, False, "4/5"),
    ), "Agenda-setting", "City Council", (Answer("Care blocks in every district", "partly", "In eleven districts, not in twenty."),), again=True),
)  # fmt: skip

IRELAND = Outside(
    "Referendum on the thirty-sixth amendment", "1/2", "more_than",
    {"held_on": "2018-05-25", "yes": "1429981", "no": "723632", "districts": "40", "districts_carried": "39"},
    "Referendum returning officer, certificate of 26 May 2018", True, "2,153,613 yes and no votes",
)
"""The report says that the assembly guided voters to this; the numbers are the published ones. A majority of valid votes carries it."""

BY_BALLOT = (
    Example("N6", "S:106", "South LA Health and Human Rights Conference", "A2", PLATFORM, "What is health here?", (
        Question("Clinics within a walk", 30, 15, True), Question("A tax on empty lots", 29, 16, False),
    ), NOBODY),
    Example("N12", "S:112, S:144", "Irish civic assembly", "A6", ONCE, "Should the amendment be repealed?", (
        Question("Repeal it and let parliament legislate", 27, 6, True), Question("Leave it as it stands", 6, 27, False),
    ), "Advisory", "Parliament", (Answer("Repeal it and let parliament legislate", "accepted", "", "Referendum called"),), referred=IRELAND),
    Example("N13", "S:112", "Petaluma Fairgrounds Advisory Panel", "A6", ONCE, "How might we use the fairgrounds?", (
        Question("Keep a place for emergencies", 33, 3, True), Question("Farm and market together", 24, 12, True), Question("Homes on one half", 20, 16, False),
    ), "Advisory", "City Council", (Answer("Keep a place for emergencies", "accepted"), Answer("Farm and market together", "partly", "The market first."))),
    Example("N14", "S:112, S:609", "Civic Assembly on Youth Homelessness", "A6", ONCE, "How do we prevent and end youth homelessness?", (
        Question("Host homes", 28, 2, True), Question("One door for all services", 20, 10, True), Question("A curfew", 5, 25, False),
    ), "Advisory", "County Commission", (Answer("Host homes", "accepted", "", "Host homes funded"), Answer("One door for all services", "under_study"))),
    Example("N17", "S:116, S:601", "Paris assembly of residents", "A7", STANDING, "What should the city take up?", (
        Question("Green every school yard", 16, 4, True), Question("Night metro all week", 15, 5, False),
    ), "Agenda-setting", "Council of Paris", (Answer("Green every school yard", "accepted", "", "First forty yards planted"),), decision=1, again=True),
    Example("N18", "S:116, S:593", "Toronto Planning Review Panel", "A7", STANDING, "What should the plan for the waterfront weigh?", (
        Question("Homes for families near the park", 24, 4, True), Question("Fewer trees", 3, 25, False),
    ), "Agenda-setting", "City Planning Division", (Answer("Homes for families near the park", "partly", "On two of three sites."),), decision=1),
    Example("N18", "S:116, S:593", "Regional Residents' Reference Panel", "A7", STANDING, "How should the region invest in transit?", (
        Question("One fare for all lines", 30, 6, True), Question("Toll every road", 20, 16, False),
    ), "Agenda-setting", "Transit agency", (Answer("One fare for all lines", "under_study"),), decision=1),
    Example("N20", "S:443", "Scottish climate assembly", "A6", ONCE, "How should Scotland change to tackle the climate emergency?", (
        Question("Warm homes by 2030", 20, 10, True), Question("Nothing before others do", 1, 29, False),
    ), "Advisory", "Government", (Answer("Warm homes by 2030", "rejected", "By 2033, not 2030."),)),
    Example("N20", "S:609", "Melbourne assembly", "A6", ONCE, "What should the council's plan put first?", (
        Question("Shade on every street", 22, 11, True),), "Advisory", "City Council", (Answer("Shade on every street", "accepted"),)),
    Example("N20", "S:609", "Fort Collins civic assembly", "A6", ONCE, "What becomes of the old stadium?", (
        Question("A natural area for all", 14, 6, True), Question("Sell it", 4, 16, False),
    ), "Advisory", "City Council", (Answer("A natural area for all", "partly", "On half of it."),)),
    Example("N20", "S:609", "Lexington civic assembly", "A6", ONCE, "How should the council set its pay?", (
        Question("An independent panel sets it", 25, 11, True),), "Advisory", "Urban County Council", (Answer("An independent panel sets it", "under_study"),)),
    Example("N20", "S:609", "Hull assembly", "A6", ONCE, "How do we live with water?", (
        Question("Gardens that hold rain", 18, 9, True), Question("A higher wall only", 9, 18, False)), "Advisory", "City Council"),
    Example("N21", "S:550, S:564", "Jackson People's Assembly", "A10", WITH_GOVERNMENT, "What do we ask of the city this year?", (
        Question("A sales tax to repair our water", 26, 4, True), Question("Sell the water works", 8, 22, False),
    ), CONSULTED, "City Council", (Answer("A sales tax to repair our water", "accepted", "", "The council passed the tax"),)),
    Example("N23", "S:120", "Barcelona neighborhood assembly", "A10", WITH_GOVERNMENT, "What stands in our program?", (
        Question("A code of ethics for everyone elected", 20, 10, True), Question("Pay as before", 12, 18, False),
    ), CONSULTED, "City government", (Answer("A code of ethics for everyone elected", "accepted"),)),
)  # fmt: skip

BUDGETS = (  # row, source, name, what may be funded, how many win, ballots by option, who wins
    ("N27", "S:560", "Ward budget assembly", "Trees\nBenches\nA ramp", "2", ({1: "1:1 3:1"}, {1: "1:1 2:1"}, {1: "3:1"}), [1, 3]),
    ("N27", "S:589", "City engagement commission", "Job training\nYouth theater\nCare for elders\nBike repair", "2",
     ({1: "1:1"}, {1: "1:1 3:1"}, {1: "3:1 4:1"}), [1, 3]),
    ("N27", "S:589", "School district budget assembly", "Shade\nA music room\nWater fountains", "1", ({1: "2:1"}, {1: "2:1 3:1"}, {1: "1:1"}), [2]),
)  # fmt: skip
