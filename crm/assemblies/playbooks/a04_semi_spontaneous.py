"""A4, semi-spontaneous mass assembly: in a moment of crisis, in a square, with no list before it."""

from datetime import time

from crm.assemblies.playbooks.parts import ROLE_CARDS
from crm.assemblies.playbooks.reminders import THANK_YOU
from crm.assemblies.playbooks.shape import (
    CommitteeShape,
    Decision,
    Fits,
    Item,
    Playbook,
    Reminder,
    Seats,
    Sitting,
    both,
    task,
)

FACILITATORS = both("Facilitators", "Facilitación")
CARE = both("Safety and care", "Seguridad y cuidados")
SIGN_UP = both("Sign-up team", "Equipo de registro")

SQUARE = Sitting(
    both("In the square", "En la plaza"),
    0,
    time(18, 0),
    (
        Item(10, "plenary", both("Who we are, how we talk: hand signals", "Quiénes somos, cómo hablamos: señas")),
        Item(10, "action", both("Join the list by QR code, if you wish", "Súmese a la lista por código QR, si quiere")),
        Item(30, "plenary", both("Open stack: people speak in turn", "Palabra abierta: se habla por turno")),
        Item(25, "tables", both("Working groups form", "Se forman grupos de trabajo")),
        Item(20, "plenary", both("Groups report; proposals", "Los grupos informan; propuestas")),
        Item(20, "vote", both("Temperature check, then consensus", "Sondeo de ánimo y consenso")),
        Item(5, "plenary", both("When and where we meet again", "Cuándo y dónde nos vemos otra vez")),
    ),
)

PLAYBOOK = Playbook(
    id="A4",
    name=both("Semi-spontaneous mass assembly", "Asamblea de masas semiespontánea"),
    choose=both(
        "People are already in the street and need to talk and decide tonight",
        "La gente ya está en la calle y necesita hablar y decidir esta noche",
    ),
    when=both(
        "A crisis brings out more people than any list holds, and there is no time to plan.",
        "Una crisis saca a más gente de la que hay en cualquier lista, y no hay tiempo de planear.",
    ),
    when_not=both(
        "You have a week or more. Then a movement assembly will leave more behind.",
        "Tiene una semana o más. Entonces una asamblea de movimiento dejará más.",
    ),
    needs=(
        both("Three people who can facilitate a crowd", "Tres personas que puedan facilitar a una multitud"),
        both("A printed QR code, or a pad of paper", "Un código QR impreso o un bloc de papel"),
        both(
            "A way out and water; someone who watches over safety", "Una salida y agua; alguien que cuide la seguridad"
        ),
    ),
    fits=Fits(("room",), ("anyone",), ("none", "refuses"), ("tonight",)),
    title_hint=both("Assembly in the square", "Asamblea en la plaza"),
    begins_now=True,
    question_hint=both("What do we do now?", "¿Qué hacemos ahora?"),
    selection="open_door",
    power_now="none",
    power_aim="none",
    stage="agenda_setting",
    controls=("choose_issues", "choose_speakers", "set_rules"),
    sittings=(SQUARE,),
    tasks=(
        task(
            0,
            SIGN_UP,
            "Open the door as a kiosk, show or print its QR code; bring pads for those without a phone",
            "Abrir la puerta como quiosco, mostrar o imprimir su código QR; llevar blocs para quien no tenga teléfono",
        ),
        task(
            0,
            CARE,
            "Walk the place: ways out, water, quiet corner",
            "Recorrer el lugar: salidas, agua, rincón tranquilo",
        ),
        task(
            0,
            FACILITATORS,
            "Agree on hand signals and who keeps the stack",
            "Acordar las señas y quién lleva los turnos",
        ),
        task(
            1,
            SIGN_UP,
            "Keep only those who asked to stay on the list",
            "Conservar solo a quienes pidieron seguir en la lista",
        ),
        task(2, FACILITATORS, "Post what was decided", "Publicar lo que se decidió"),
        task(
            7,
            FACILITATORS,
            "Decide whether to go on as a movement assembly",
            "Decidir si sigue como asamblea de movimiento",
        ),
    ),
    committees=(
        CommitteeShape(
            "working",
            FACILITATORS,
            both("Keep the stack; change every hour", "Llevan los turnos; rotan cada hora"),
            (Seats("community", 3),),
        ),
        CommitteeShape(
            "working", CARE, both("Ways out, water, calm", "Salidas, agua, calma"), (Seats("community", 3),)
        ),
    ),
    roles=ROLE_CARDS[:4],
    decisions=(
        Decision(
            "room",
            "open",
            "consensus",
            (9, 10),
            (0, 1),
            threshold_of="present",
            quorum_of="room",
            words=both(
                "Whoever is there, by consensus. A block is heard once; then nine of ten decide.",
                "Quien está presente, por consenso. Un bloqueo se escucha una vez; luego deciden nueve de cada diez.",
            ),
        ),
    ),
    reminders=(
        THANK_YOU,
        Reminder(
            "invite",
            "came",
            5,
            time(17, 30),
            both(
                "{first_name}, you were with us at {assembly} and asked to stay on the list. "
                "We meet again: {link} Reply STOP to leave.",
                "{first_name}, estuvo con nosotros en {assembly} y pidió seguir en la lista. "
                "Nos vemos otra vez: {link} Responda STOP para salir.",
            ),
        ),
    ),
    goal=100,
    examples=both(
        "Occupy Wall Street; Puerto Rico 2019",
        "Occupy Wall Street; Puerto Rico en 2019",
    ),
)
