"""A1, people's movement assembly: bases come together for political education, leadership and collective action."""

from datetime import time

from crm.assemblies.playbooks.parts import (
    CARDS,
    CARE,
    DOORS,
    LEADS,
    LUNCH,
    REPORT_BACK,
    ROLE_CARDS,
    STEERING,
    TURNOUT,
    WELCOME,
)
from crm.assemblies.playbooks.reminders import SERIES
from crm.assemblies.playbooks.shape import CommitteeShape, Decision, Fits, Item, Playbook, Seats, Sitting, both, task

TRAINING = Sitting(
    both("Training for table leaders", "Formación de líderes de mesa"),
    -14,
    time(18, 0),
    (
        Item(20, "break", both("Food and greetings", "Comida y saludos")),
        Item(40, "learning", both("How to hold a table", "Cómo llevar una mesa")),
        Item(40, "tables", both("Practice in pairs", "Práctica en parejas")),
        Item(20, "action", both("Who brings whom", "Quién trae a quién")),
    ),
)
ASSEMBLY = Sitting(
    both("The assembly", "La asamblea"),
    0,
    time(10, 0),
    (
        DOORS,
        WELCOME,
        Item(
            45,
            "learning",
            both("Where we are: history and power", "Dónde estamos: historia y poder"),
            both(
                "Political education, told by people who lived it",
                "Educación política, contada por quienes la vivieron",
            ),
        ),
        Item(60, "tables", both("Tables: what we face, what we want", "Mesas: qué enfrentamos, qué queremos")),
        LUNCH,
        Item(40, "plenary", both("Synthesis: what we heard in common", "Síntesis: lo que oímos en común")),
        Item(40, "vote", both("Resolutions for action", "Resoluciones de acción")),
        CARDS,
    ),
)
FOLLOW_UP = Sitting(
    both("What we did: follow-up", "Lo que hicimos: seguimiento"),
    28,
    time(18, 0),
    (
        Item(20, "break", both("Doors and food", "Puertas y comida")),
        Item(40, "plenary", both("Commitments: kept, moved, dropped", "Compromisos: cumplidos, pospuestos, dejados")),
        REPORT_BACK,
        Item(20, "action", both("Next steps", "Próximos pasos")),
    ),
)

PLAYBOOK = Playbook(
    id="A1",
    name=both("People's movement assembly", "Asamblea popular de movimiento"),
    choose=both(
        "We want our people to learn together, grow leaders and agree on what to do",
        "Queremos que nuestra gente aprenda junta, forme líderes y acuerde qué hacer",
    ),
    when=both(
        "One or several organizations bring their bases together, and the strength they need is their own.",
        "Una o varias organizaciones reúnen a sus bases, y la fuerza que necesitan es la propia.",
    ),
    when_not=both(
        "You need a text that organizations sign, or an election of leaders: those have their own playbooks.",
        "Necesita un texto que las organizaciones firmen o elegir dirigentes: para eso hay otras guías.",
    ),
    needs=(
        both("A leader for every table of ten", "Una persona líder por cada mesa de diez"),
        both("Six weeks, and a date for the follow-up", "Seis semanas y una fecha de seguimiento"),
        both("Food, childcare and interpretation", "Comida, cuidado infantil e interpretación"),
    ),
    fits=Fits(("room",), ("members", "anyone"), ("none",), ("once", "yearly")),
    title_hint=both("Summer Movement Assembly", "Asamblea de Movimiento de Verano"),
    question_hint=both("What will we do together this year?", "¿Qué haremos juntos este año?"),
    selection="open_door",
    power_now="none",
    power_aim="none",
    stage="agenda_setting",
    controls=("choose_issues", "choose_speakers", "set_rules"),
    sittings=(TRAINING, ASSEMBLY, FOLLOW_UP),
    tasks=(
        task(-42, STEERING, "Agree who convenes and on what question", "Acordar quién convoca y con qué pregunta"),
        task(-38, CARE, "Book the hall; check step-free entry", "Reservar la sala; revisar acceso sin escalones"),
        task(-35, LEADS, "Partners make their pledges", "Las organizaciones comprometen su convocatoria"),
        task(-28, TURNOUT, "Send the first invitations", "Enviar las primeras invitaciones"),
        task(-21, CARE, "Plan interpretation, childcare and rides", "Planear interpretación, cuidado y transporte"),
        task(-7, TURNOUT, "Ask everyone who said yes to confirm", "Pedir confirmación a quienes dijeron que sí"),
        task(0, TURNOUT, "Collect the signed cards", "Recoger las tarjetas firmadas"),
        task(
            2, LEADS, "Enter each commitment with an owner and a date", "Anotar cada compromiso con responsable y fecha"
        ),
        task(14, LEADS, "Call everyone who signed a card", "Llamar a quienes firmaron una tarjeta"),
        task(
            35,
            STEERING,
            "Name who is ready for the next step of leadership",
            "Nombrar a quienes están listos para liderar",
        ),
    ),
    committees=(
        CommitteeShape(
            "steering",
            STEERING,
            both("Conveners plan it together", "Quienes convocan la planean"),
            (Seats("community", 6),),
        ),
        CommitteeShape(
            "working",
            CARE,
            both("Food, childcare, rides, access", "Comida, cuidado, transporte, acceso"),
            (Seats("community", 4),),
        ),
    ),
    roles=ROLE_CARDS,
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
                "Everyone in the room, by open consensus. If a block stands after one more round, nine of ten decide.",
                "Toda la sala, por consenso abierto. Si un bloqueo sigue tras otra ronda, deciden nueve de cada diez.",
            ),
        ),
    ),
    reminders=SERIES,
    goal=200,
    examples=both(
        "Southern Movement Assemblies; Mass Poor People's & Low-Wage Workers' Assembly",
        "Southern Movement Assemblies, en el sur de Estados Unidos; asamblea masiva de la campaña Poor People's Campaign",
    ),
)
