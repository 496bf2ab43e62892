"""What an assembly asks of government, who stands behind it, and in what political weather it is held.

The four scenarios, their moves and the ways of giving an assembly independence are the report's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from crm.assemblies.playbooks.shape import Words, both
from crm.kernel.refusal import N_, Reason

LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_NAME = 600, 4000, 120


@dataclass(frozen=True)
class Move:
    """Something to do about it, so many days from the day on which it is chosen; in both languages, as a task keeps it."""

    days: int
    what: Words


@dataclass(frozen=True)
class Scenario:
    """How much government wants an assembly, how to tell, and what helps."""

    name: str
    tells: str
    moves: tuple[Move, ...]


SCENARIOS: dict[str, Scenario] = {
    "open": Scenario(
        N_("Open, without the know-how"),
        N_("Government is willing; staff, processes and experience are missing, there or in the organizations."),
        (
            Move(7, both("Write to practitioners who have done it, here and elsewhere", "Escribir a quienes ya lo han hecho, aquí y en otros lugares")),
            Move(14, both(
                "Set up a steering committee of community, practitioners and government",
                "Formar un comité coordinador de comunidad, especialistas y gobierno",
            )),
            Move(21, both(
                "Ask for grants and contracts so that community organizations can take part",
                "Pedir apoyos y contratos para que las organizaciones comunitarias puedan participar",
            )),
            Move(30, both("Train staff and leaders together in running an assembly", "Capacitar juntos a personal y líderes para llevar una asamblea")),
            Move(45, both(
                "Hold a small pilot first, and note what support the next one needs",
                "Hacer primero una prueba pequeña y anotar qué apoyo necesita la siguiente",
            )),
        ),
    ),
    "soft": Scenario(
        N_("Soft support"),
        N_("Officials speak well of it and treat it as optional: the first thing to go when money is short."),
        (
            Move(7, both(
                "Meet supporters and skeptics in government, and write down what worries the skeptics",
                "Reunirse en el gobierno con quienes apoyan y con quienes dudan, y anotar qué les preocupa",
            )),
            Move(14, both("Plan together with supporters inside", "Planear junto con quienes apoyan desde dentro")),
            Move(21, both(
                "Map the engagement that exists, and say how the assembly fits with it",
                "Hacer un mapa de la participación que ya existe y decir cómo encaja la asamblea",
            )),
            Move(28, both(
                "Bring stories and testimony of assemblies elsewhere that changed policy",
                "Traer historias y testimonios de asambleas de otros lugares que cambiaron políticas",
            )),
            Move(45, both("Show it works with a pilot, and publish what came of it", "Mostrar con una prueba que funciona y publicar lo que resultó")),
        ),
    ),
    "reluctant": Scenario(
        N_("Reluctant accommodation"),
        N_("Officials must hold it and do the least they can; it is slowed and starved of money."),
        (
            Move(7, both(
                "Name who watches budget and procedure, and what to do when either is used against the assembly",
                "Nombrar a quien vigila presupuesto y trámites, y qué hacer cuando se usan contra la asamblea",
            )),
            Move(14, both("Find allies inside who share information and plan along", "Encontrar aliados dentro que compartan información y planeen")),
            Move(21, both(
                "Keep the coalition moving: a public date for the base before and after each session",
                "Mantener en marcha la coalición: una fecha pública para la base antes y después de cada sesión",
            )),
            Move(28, both("Prepare words and witnesses for the day when officials stall", "Preparar palabras y testigos para el día en que haya demoras")),
            Move(60, both(
                "Ask candidates for their word on the assembly before the next election",
                "Pedir su palabra sobre la asamblea a las candidaturas antes de la próxima elección",
            )),
        ),
    ),
    "opposed": Scenario(
        N_("Outright opposition"),
        N_("Government calls it illegitimate, forbids or defunds it."),
        (
            Move(7, both(
                "Decide together: a shadow assembly now, or another campaign first",
                "Decidir juntas y juntos: una asamblea sombra ahora, o primero otra campaña",
            )),
            Move(14, both(
                "Organize the base: one-on-ones until the next rung has people",
                "Organizar la base: conversaciones de a dos hasta que el siguiente peldaño tenga gente",
            )),
            Move(21, both(
                "Find coalition partners, and the one ally in government",
                "Encontrar aliados para la coalición, y a la persona aliada en el gobierno",
            )),
            Move(28, both(
                "Tell the story of community leadership in public, week by week",
                "Contar en público, semana a semana, la historia del liderazgo comunitario",
            )),
            Move(45, both(
                "Plan direct action that puts the question where it cannot be overlooked",
                "Planear acción directa que ponga la pregunta donde nadie pueda pasarla por alto",
            )),
            Move(60, both(
                "Take part in the election, so that the next government is another one",
                "Participar en la elección para que el próximo gobierno sea otro",
            )),
        ),
    ),
}

BACKINGS = {
    "convenes": N_("Convenes it"), "pays": N_("Pays for it"), "facilitates": N_("Facilitates it"), "evaluates": N_("Evaluates it"),
    "contract": N_("Has a contract for it"), "grant": N_("Has a grant to bring people"),
}
ASKERS = {
    "participants": N_("The participants"), "steering": N_("Steering committee"), "content": N_("Content committee"), "oversight": N_("Oversight committee"),
}


def issues_in_request(question: str, asked_of: str, asked_by: str, asked_on: date, due_on: date | None) -> list[Reason]:
    """Everything that is wrong with a question to government."""
    found = []
    if not question or len(question) > LONGEST_QUESTION:
        found.append(Reason(N_("Write what you ask, in at most %(most)s characters."), {"most": LONGEST_QUESTION}, "question"))
    if not asked_of or len(asked_of) > LONGEST_NAME:
        found.append(Reason(N_("Write whom you ask: an agency, an office."), {}, "asked_of"))
    if asked_by not in ASKERS:
        found.append(Reason(N_("Choose who asks."), {}, "asked_by"))
    if due_on is None or not asked_on <= due_on <= asked_on + timedelta(days=730):
        found.append(Reason(N_("Choose the day by which the answer is due: today or later, within two years."), {}, "due_on"))
    return found


def issues_in_answer(answer: str, answered_on: date | None, asked_on: date, today: date) -> list[Reason]:
    """Everything that is wrong with an answer, or with a refusal, of government."""
    found = []
    if not answer or len(answer) > LONGEST_ANSWER:
        found.append(Reason(N_("Write what was answered, in at most %(most)s characters."), {"most": LONGEST_ANSWER}, "answer"))
    if answered_on is None or not asked_on <= answered_on <= today:
        found.append(Reason(N_("Choose the day of the answer, not before the question and not after today."), {}, "answered_on"))
    return found


def issues_in_backing(kind: str, who: str, what_for: str, amount: int | None) -> list[Reason]:
    """Everything that is wrong with who stands behind an assembly; `amount` in cents."""
    found = []
    if kind not in BACKINGS:
        found.append(Reason(N_("Choose what they do for it."), {}, "kind"))
    if not who or len(who) > LONGEST_NAME:
        found.append(Reason(N_("Write who it is."), {}, "who"))
    if len(what_for) > 300:
        found.append(Reason(N_("At most %(most)s characters."), {"most": 300}, "what_for"))
    if amount is not None and not 0 <= amount <= 10**12:
        found.append(Reason(N_("Write the amount in numbers, or leave it empty."), {}, "amount"))
    return found


def gaps(kinds: Iterable[str]) -> list[str]:
    """What the public does not know yet: who convenes, pays, facilitates, evaluates."""
    said = set(kinds)
    return [kind for kind in ("convenes", "pays", "facilitates", "evaluates") if kind not in said]


def is_late(due_on: date, answered_on: date | None, today: date) -> bool:
    """Whether an answer is overdue, or came late."""
    return (answered_on or today) > due_on
