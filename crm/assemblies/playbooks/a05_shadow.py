"""A5, shadow assembly: parallels an official process that keeps people out, and shows both side by side."""

from datetime import time

from crm.assemblies.playbooks.parts import (
    CARDS,
    CARE,
    CONTENT,
    DOORS,
    LEADS,
    LISTENING_OFFICIAL,
    LUNCH,
    REPORT_BACK,
    ROLE_CARDS,
    STEERING,
    TURNOUT,
    WELCOME,
)
from crm.assemblies.playbooks.reminders import SERIES
from crm.assemblies.playbooks.shape import CommitteeShape, Decision, Fits, Item, Playbook, Seats, Sitting, both, task

ASSEMBLY = Sitting(
    both("The people's session", "La sesión del pueblo"),
    0,
    time(10, 0),
    (
        DOORS,
        WELCOME,
        Item(
            40,
            "learning",
            both("What they will decide, and how", "Qué van a decidir, y cómo"),
            both("The official agenda, point by point", "La agenda oficial, punto por punto"),
        ),
        Item(70, "tables", both("Tables: what would we decide", "Mesas: qué decidiríamos nosotros")),
        LUNCH,
        REPORT_BACK,
        Item(45, "vote", both("Our decision on each point", "Nuestra decisión en cada punto")),
        CARDS,
    ),
)
AFTERWARDS = Sitting(
    both("Their decision beside ours", "Su decisión junto a la nuestra"),
    14,
    time(18, 0),
    (
        Item(20, "break", both("Doors and food", "Puertas y comida")),
        Item(30, "learning", both("What they decided, point by point", "Qué decidieron, punto por punto")),
        Item(30, "tables", both("What we do about the difference", "Qué hacemos con la diferencia")),
        Item(20, "action", both("Next steps", "Próximos pasos")),
    ),
)

PLAYBOOK = Playbook(
    id="A5",
    name=both("Shadow assembly", "Asamblea paralela"),
    choose=both(
        "Officials are deciding without us, and we want to show what people would decide",
        "Las autoridades deciden sin nosotros, y queremos mostrar qué decidiría la gente",
    ),
    when=both(
        "An official body has a public agenda and a date, and refuses to bring people in.",
        "Un órgano oficial tiene agenda pública y fecha, y se niega a incluir a la gente.",
    ),
    when_not=both(
        "Officials are ready to commit to an answer. Then ask for a governing-power assembly.",
        "Las autoridades están listas para comprometerse a responder. Entonces pida una asamblea de poder de gobierno.",
    ),
    needs=(
        both(
            "The official agenda in plain words, in both languages",
            "La agenda oficial en palabras sencillas, en los dos idiomas",
        ),
        both("Press, and a date shortly before theirs", "Prensa, y una fecha poco antes de la suya"),
        both("A second evening to compare the decisions", "Una segunda tarde para comparar las decisiones"),
    ),
    fits=Fits(("government",), ("anyone", "lot"), ("refuses",), ("once",)),
    title_hint=both("People's Budget Hearing", "Audiencia Popular del Presupuesto"),
    question_hint=both("What would we decide in their place?", "¿Qué decidiríamos en su lugar?"),
    selection="open_door",
    power_now="none",
    power_aim="consultative",
    stage="decision",
    controls=("choose_issues", "choose_speakers", "set_rules"),
    sittings=(ASSEMBLY, AFTERWARDS),
    tasks=(
        task(-42, STEERING, "Choose the official process and its date", "Elegir el proceso oficial y su fecha"),
        task(
            -35, CONTENT, "Write the official agenda in plain words", "Escribir la agenda oficial en palabras sencillas"
        ),
        task(
            -30,
            CARE,
            "Book the hall; plan food, childcare and interpretation",
            "Reservar la sala; comida, cuidado e interpretación",
        ),
        task(-28, TURNOUT, "Send the first invitations", "Enviar las primeras invitaciones"),
        task(-21, LEADS, "Partners make their pledges", "Las organizaciones comprometen su convocatoria"),
        task(
            -14,
            STEERING,
            "Invite the officials to listen, in writing",
            "Invitar por escrito a las autoridades a escuchar",
        ),
        task(-7, TURNOUT, "Ask everyone who said yes to confirm", "Pedir confirmación a quienes dijeron que sí"),
        task(1, CONTENT, "Publish our decision, point by point", "Publicar nuestra decisión, punto por punto"),
        task(7, LEADS, "Bring it to the official session", "Llevarla a la sesión oficial"),
        task(10, CONTENT, "Write their decision beside ours", "Escribir su decisión junto a la nuestra"),
    ),
    committees=(
        CommitteeShape(
            "steering",
            STEERING,
            both("Plans it with all partners", "La planea con las organizaciones"),
            (Seats("community", 6),),
        ),
        CommitteeShape(
            "content",
            CONTENT,
            both("Explains each official point fairly", "Explica con justicia cada punto oficial"),
            (Seats("community", 3), Seats("practitioner", 2)),
        ),
    ),
    roles=(*ROLE_CARDS, LISTENING_OFFICIAL),
    decisions=(
        Decision(
            "room",
            "open",
            "yes_no_abstain",
            (1, 2),
            (0, 1),
            quorum_of="room",
            strictness="more_than",
            words=both(
                "Everyone in the room, on each official point: more yes than no, counted and published.",
                "Toda la sala, en cada punto oficial: más a favor que en contra, contado y publicado.",
            ),
        ),
    ),
    reminders=SERIES,
    goal=150,
    examples=both(
        "Belgium's G1000; Global Assembly",
        "G1000, en Bélgica; Global Assembly, en todo el mundo",
    ),
)
