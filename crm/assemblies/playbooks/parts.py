"""Pieces that several playbooks share: stretches of an agenda, who carries tasks, role cards."""

from crm.assemblies.playbooks.shape import Item, RoleCard, both

DOORS = Item(30, "break", both("Doors, food, sign-in", "Puertas, comida, registro"))
LUNCH = Item(45, "break", both("Lunch", "Almuerzo"))
WELCOME = Item(20, "plenary", both("Welcome and why we are here", "Bienvenida y por qué estamos aquí"))
REPORT_BACK = Item(30, "plenary", both("Tables report back", "Las mesas informan"))
# What opens a next cycle: places that a report-back fills in, the first where a playbook has none.
RECOMMENDATIONS_LAST_YEAR = Item(
    45,
    "plenary",
    both("Government reports on last year's recommendations", "El gobierno informa sobre las recomendaciones del año pasado"),
    both("One by one: done, under way, refused and why", "Una por una: cumplida, en marcha, rechazada y por qué"),
)
DECISIONS_LAST_YEAR = Item(15, "plenary", both("Report on last year's decisions", "Informe de las decisiones del año pasado"))
INPUTS_LAST_YEAR = Item(20, "plenary", both("What became of last year's inputs", "Qué pasó con las propuestas del año pasado"))
PROJECTS_LAST_YEAR = Item(20, "plenary", both("What last year's projects came to", "Qué pasó con los proyectos del año pasado"))
LAST_YEAR = (RECOMMENDATIONS_LAST_YEAR, DECISIONS_LAST_YEAR, INPUTS_LAST_YEAR, PROJECTS_LAST_YEAR)
CARDS = Item(20, "action", both("What I will do next: signed cards", "Lo que haré después: tarjetas firmadas"))

TURNOUT = both("Turnout team", "Equipo de convocatoria")
STEERING = both("Steering committee", "Comité coordinador")
CONTENT = both("Content committee", "Comité de contenido")
OVERSIGHT = both("Oversight committee", "Comité de vigilancia")
CARE = both("Care team", "Equipo de cuidados")
LEADS = both("Partner leads", "Enlaces de las organizaciones")

ROLE_CARDS = (
    RoleCard("participant", both("Speaks, amends and votes", "Habla, enmienda y vota")),
    RoleCard("facilitator", both("Keeps the table fair and on time", "Cuida que la mesa sea justa y puntual")),
    RoleCard(
        "note_taker",
        both("Writes what was said in the words it was said", "Escribe lo dicho con las palabras dichas"),
    ),
    RoleCard(
        "interpreter", both("Speaks for others, never in place of them", "Da voz a otras personas, nunca en su lugar")
    ),
    RoleCard("presenter", both("Answers questions from the floor", "Responde preguntas de la sala")),
    RoleCard("observer", both("Listens; does not speak or vote", "Escucha; no habla ni vota")),
)
LISTENING_OFFICIAL = RoleCard("official", both("Is invited to listen, and does not vote", "Viene a escuchar y no vota"))

AGENCY = both("Government", "Gobierno")
DRAWERS = both("Lottery team", "Equipo del sorteo")
DRAWN = RoleCard(
    "participant", both("Was drawn by lot: learns, deliberates, votes", "Salió en el sorteo: aprende, delibera y vota")
)
ANSWERING_STAFF = RoleCard(
    "staff",
    both(
        "Answers questions, steps out when tables talk, does not vote",
        "Responde, sale cuando hablan las mesas y no vota",
    ),
)
