"""A10, governing-power assembly: tied to government by commitments, and to base-building lists by people."""

from datetime import time

from crm.assemblies.playbooks.parts import (
    CARDS,
    CARE,
    CONTENT,
    DOORS,
    LEADS,
    OVERSIGHT,
    REPORT_BACK,
    ROLE_CARDS,
    STEERING,
    TURNOUT,
    WELCOME,
)
from crm.assemblies.playbooks.reminders import SERIES
from crm.assemblies.playbooks.shape import (
    CommitteeShape,
    Decision,
    Fits,
    Item,
    Playbook,
    RoleCard,
    Seats,
    Sitting,
    both,
    task,
)

NAMING = Sitting(
    both("First session: people name the issue", "Primera sesión: la gente nombra el problema"),
    -42,
    time(17, 30),
    (
        DOORS,
        WELCOME,
        Item(50, "tables", both("Tables: what is it like to live here", "Mesas: cómo es vivir aquí")),
        REPORT_BACK,
        Item(20, "vote", both("Choose the issue", "Elegir el problema")),
    ),
)
LEARNING = Sitting(
    both("Second session: learn and ask", "Segunda sesión: aprender y preguntar"),
    -21,
    time(17, 30),
    (
        DOORS,
        Item(
            40,
            "learning",
            both("How this is decided today", "Cómo se decide hoy"),
            both("Agency staff answer questions", "El personal de la agencia responde preguntas"),
        ),
        Item(
            50,
            "tables",
            both("Tables: what would work", "Mesas: qué funcionaría"),
            both("Agency staff step out", "El personal de la agencia sale"),
        ),
        REPORT_BACK,
        Item(15, "action", both("Information we ask for, and by when", "Información que pedimos, y para cuándo")),
    ),
)
DECIDING = Sitting(
    both("Third session: decide, and hear the answer", "Tercera sesión: decidir y oír la respuesta"),
    0,
    time(10, 0),
    (
        DOORS,
        WELCOME,
        Item(60, "tables", both("Proposals, one by one", "Propuestas, una por una")),
        Item(40, "vote", both("Vote on recommendations", "Votar las recomendaciones")),
        Item(
            40,
            "plenary",
            both("The agency answers, point by point", "La agencia responde, punto por punto"),
            both("Accepted, in part, rejected: with reasons", "Aceptado, en parte, rechazado: con motivos"),
        ),
        CARDS,
    ),
)
AGENCY = both("Agency staff", "Personal de la agencia")

PLAYBOOK = Playbook(
    id="A10",
    name=both("Governing-power assembly", "Asamblea de poder de gobierno"),
    choose=both(
        "Our base and a government agency work on one issue, and the agency owes us answers",
        "Nuestra base y una agencia de gobierno trabajan un problema, y la agencia nos debe respuestas",
    ),
    when=both(
        "Someone in government will commit in writing to answer, and organizations are strong enough to act outside.",
        "Alguien en el gobierno se compromete por escrito a responder, y las organizaciones pueden actuar por fuera.",
    ),
    when_not=both(
        "Nobody in government has promised anything yet, or organizations depend on it for their voice.",
        "Nadie en el gobierno ha prometido nada, o las organizaciones dependen de él para hablar.",
    ),
    needs=(
        both("A written pre-commitment with a date", "Un compromiso previo por escrito y con fecha"),
        both("Contracts and stipends for community organizations", "Contratos y estipendios para las organizaciones"),
        both("An oversight committee that neither side controls", "Un comité de vigilancia que ningún lado controla"),
        both(
            "Three months, three sessions, and a report-back after a year",
            "Tres meses, tres sesiones y un informe al año",
        ),
    ),
    fits=Fits(("government", "together"), ("members", "anyone", "residents"), ("answers",), ("once", "yearly")),
    title_hint=both("Community Assembly on Clean Air", "Asamblea Comunitaria por un Aire Limpio"),
    question_hint=both(
        "What must change so that our block can breathe?", "¿Qué debe cambiar para que nuestra cuadra respire?"
    ),
    selection="mix",
    power_now="consultative",
    power_aim="co_determinative",
    stage="formulation",
    controls=("choose_issues", "choose_speakers", "ask_government", "set_rules"),
    sittings=(NAMING, LEARNING, DECIDING),
    tasks=(
        task(
            -90,
            STEERING,
            "Work through the seven considerations together",
            "Responder juntos las siete consideraciones",
        ),
        task(
            -80,
            STEERING,
            "Sign the pre-commitment: what is answered, by whom, by when",
            "Firmar el compromiso previo: qué, quién, cuándo",
        ),
        task(-70, STEERING, "Contract the facilitators and the evaluator", "Contratar la facilitación y la evaluación"),
        task(
            -63,
            LEADS,
            "Organizations choose participants from their base",
            "Las organizaciones eligen participantes de su base",
        ),
        task(-56, TURNOUT, "Send the first invitations", "Enviar las primeras invitaciones"),
        task(
            -50,
            CARE,
            "Plan stipends, childcare, rides and interpretation",
            "Planear estipendios, cuidado, transporte, interpretación",
        ),
        task(-35, CONTENT, "Find speakers that participants chose", "Buscar ponentes que eligió la gente"),
        task(-14, AGENCY, "Answer the requests for information", "Responder las solicitudes de información"),
        task(-7, AGENCY, "Comment on the draft proposals", "Comentar el borrador de propuestas"),
        task(
            14,
            CONTENT,
            "Publish the recommendations in both languages",
            "Publicar las recomendaciones en los dos idiomas",
        ),
        task(
            60,
            AGENCY,
            "Written answer to each recommendation, with reasons",
            "Respuesta escrita a cada recomendación, con motivos",
        ),
        task(180, OVERSIGHT, "Check the milestones in public", "Revisar los avances en público"),
        task(365, AGENCY, "Report back to the assembly", "Rendir cuentas ante la asamblea"),
    ),
    committees=(
        CommitteeShape(
            "steering",
            STEERING,
            both("Plans the whole process; staff sit in without a vote", "Planea todo; el personal participa sin voto"),
            (Seats("community", 6), Seats("practitioner", 1), Seats("staff", 2, is_voting=False)),
        ),
        CommitteeShape(
            "content",
            CONTENT,
            both("Balanced information and speakers", "Información y ponentes en equilibrio"),
            (Seats("community", 4), Seats("practitioner", 2), Seats("staff", 1, is_voting=False)),
        ),
        CommitteeShape(
            "oversight",
            OVERSIGHT,
            both("Watches the process and hears complaints", "Vigila el proceso y recibe quejas"),
            (Seats("community", 3),),
        ),
    ),
    roles=(
        *ROLE_CARDS,
        RoleCard("staff", both("Answers, and steps out when tables talk", "Responde, y sale cuando hablan las mesas")),
        RoleCard("official", both("Opens, listens, answers; does not vote", "Abre, escucha, responde; no vota")),
    ),
    decisions=(
        Decision(
            "room",
            "secret",
            "yes_no_abstain",
            (2, 3),
            (1, 2),
            quorum_of="roster",
            words=both(
                "Participants: one secret vote each on every recommendation; two thirds of yes and no. "
                "Staff and officials do not vote.",
                "Participantes: un voto secreto por recomendación; dos tercios de los votos a favor y en contra. "
                "El personal y los funcionarios no votan.",
            ),
        ),
    ),
    reminders=SERIES,
    goal=120,
    answer_owed=60,
    examples=both(
        "Jackson People's Assembly; Washington Community Assemblies; Bronxwide Plan",
        "Asamblea Popular de Jackson; asambleas comunitarias del estado de Washington; Bronxwide Plan, en el Bronx",
    ),
)
