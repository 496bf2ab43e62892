"""A12, participatory budgeting assembly: residents bring ideas, make costed proposals of them, and vote how the money is spent."""

from datetime import time

from crm.assemblies.playbooks.parts import (
    AGENCY,
    CARE,
    DOORS,
    LEADS,
    OVERSIGHT,
    PROJECTS_LAST_YEAR,
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

DELEGATES = both("Budget delegates", "Equipo de presupuesto")

IDEAS = Sitting(
    both("First session: ideas", "Primera sesión: ideas"),
    -120,
    time(17, 30),
    (
        DOORS,
        WELCOME,
        PROJECTS_LAST_YEAR,
        Item(
            15, "learning", both("How much money, for what, and what not", "Cuánto dinero, para qué sí y para qué no")
        ),
        Item(50, "tables", both("Tables: what our street needs", "Mesas: qué necesita nuestra calle")),
        Item(20, "action", both("Who turns ideas into proposals", "Quién convierte ideas en propuestas")),
    ),
)
PROPOSALS = Sitting(
    both("Second session: costed proposals", "Segunda sesión: propuestas con su costo"),
    -35,
    time(17, 30),
    (
        DOORS,
        Item(
            45,
            "learning",
            both("What each proposal costs, and why", "Cuánto cuesta cada propuesta, y por qué"),
            both(
                "Agency staff answer; residents may question a cost",
                "El personal responde; se puede cuestionar un costo",
            ),
        ),
        Item(50, "tables", both("Tables: combine, mend, drop", "Mesas: juntar, mejorar, dejar")),
        REPORT_BACK,
        Item(20, "vote", both("What goes on the ballot", "Qué va a la boleta")),
    ),
)
FAIR = Sitting(
    both("Project fair, and the vote begins", "Feria de proyectos, y empieza la votación"),
    0,
    time(11, 0),
    (
        DOORS,
        Item(60, "learning", both("Every project at its own stand", "Cada proyecto en su propio puesto")),
        Item(
            20,
            "plenary",
            both(
                "The money, the rule, how what is left over is used",
                "El dinero, la regla, y qué se hace con lo que sobra",
            ),
        ),
        Item(
            90,
            "vote",
            both("Vote here, or from home until the last day", "Vote aquí, o desde casa hasta el último día"),
        ),
    ),
)
RESULT = Sitting(
    both("The funded list", "La lista financiada"),
    21,
    time(18, 0),
    (
        Item(20, "break", both("Doors and food", "Puertas y comida")),
        Item(30, "plenary", both("What is funded, and what is left over", "Qué se financia, y cuánto sobra")),
        Item(30, "plenary", both("Who builds what, and by when", "Quién construye qué, y para cuándo")),
        Item(20, "action", both("Neighbors who watch each project", "Vecinas y vecinos que vigilan cada proyecto")),
    ),
)

PLAYBOOK = Playbook(
    id="A12",
    name=both("Participatory budgeting assembly", "Asamblea de presupuesto participativo"),
    choose=both(
        "Residents should propose projects and vote how a sum of public money is spent",
        "Quienes viven aquí deben proponer proyectos y votar en qué se gasta una suma de dinero público",
    ),
    when=both(
        "Somebody with a budget sets a sum aside and promises to build what residents choose.",
        "Alguien con presupuesto aparta una suma y promete hacer lo que la gente elija.",
    ),
    when_not=both(
        "The sum is too small to matter, or what people need is a rule and not a project.",
        "La suma es muy pequeña para importar, o lo que hace falta es una norma y no un proyecto.",
    ),
    needs=(
        both("A sum of money, promised in writing", "Una suma de dinero, prometida por escrito"),
        both("Agency staff who cost proposals in time", "Personal que calcule a tiempo el costo de las propuestas"),
        both(
            "A counting rule, chosen before anyone sees the projects",
            "Una regla de conteo, elegida antes de ver los proyectos",
        ),
        both("Five months", "Cinco meses"),
    ),
    fits=Fits(("residents",), ("residents", "anyone"), ("bound",), ("yearly", "once")),
    title_hint=both("Fifth Ward Budget Assembly", "Asamblea del Presupuesto del Distrito Cinco"),
    question_hint=both("How do we spend one million dollars here?", "¿En qué gastamos aquí un millón de dólares?"),
    selection="open_door",
    power_now="determinative",
    power_aim="determinative",
    stage="decision",
    controls=("choose_issues", "ask_government", "set_rules", "set_budget"),
    sittings=(IDEAS, PROPOSALS, FAIR, RESULT),
    tasks=(
        task(
            -180,
            STEERING,
            "Get the sum, and what it may pay for, in writing",
            "Obtener por escrito la suma y en qué se puede gastar",
        ),
        task(
            -160,
            STEERING,
            "Write the rulebook: who votes, how it is counted",
            "Escribir el reglamento: quién vota y cómo se cuenta",
        ),
        task(-148, TURNOUT, "Send the first invitations", "Enviar las primeras invitaciones"),
        task(
            -140,
            LEADS,
            "Go where people are: schools, markets, churches",
            "Ir adonde está la gente: escuelas, mercados, iglesias",
        ),
        task(-118, DELEGATES, "Publish every idea, with its street", "Publicar cada idea, con su calle"),
        task(-84, DELEGATES, "Turn ideas into proposals", "Convertir las ideas en propuestas"),
        task(
            -49,
            AGENCY,
            "Cost each proposal, and say why if it cannot be done",
            "Calcular cada propuesta, y decir por qué si no se puede",
        ),
        task(
            -21,
            DELEGATES,
            "Publish projects and costs in both languages",
            "Publicar proyectos y costos en los dos idiomas",
        ),
        task(
            -14,
            OVERSIGHT,
            "State the rule for ties and for what is left over",
            "Declarar la regla de los empates y de lo que sobra",
        ),
        task(-7, CARE, "Set up places to vote without a phone", "Preparar lugares para votar sin teléfono"),
        task(
            14,
            OVERSIGHT,
            "Close the vote; publish ballots and the count",
            "Cerrar la votación; publicar boletas y conteo",
        ),
        task(
            16,
            DELEGATES,
            "Publish the funded list and what is left over",
            "Publicar la lista financiada y lo que sobra",
        ),
        task(
            60,
            AGENCY,
            "Say for each project who builds it, and by when",
            "Decir de cada proyecto quién lo hace, y para cuándo",
        ),
        task(180, OVERSIGHT, "Visit the projects; publish what you saw", "Visitar los proyectos; publicar lo visto"),
        task(
            365,
            AGENCY,
            "Account for every project before the next round",
            "Rendir cuentas de cada proyecto antes de la siguiente ronda",
        ),
    ),
    committees=(
        CommitteeShape(
            "steering",
            STEERING,
            both("Writes the rulebook", "Escribe el reglamento"),
            (Seats("community", 6), Seats("staff", 1, is_voting=False)),
        ),
        CommitteeShape(
            "content",
            DELEGATES,
            both("Turn ideas into proposals, with agency staff", "Convierten ideas en propuestas, con el personal"),
            (Seats("community", 10), Seats("staff", 2, is_voting=False)),
        ),
        CommitteeShape(
            "oversight",
            OVERSIGHT,
            both("Watches the count and the building", "Vigila el conteo y las obras"),
            (Seats("community", 3),),
        ),
    ),
    roles=(
        RoleCard("participant", both("Lives here: proposes, asks, votes", "Vive aquí: propone, pregunta, vota")),
        *ROLE_CARDS[1:],
        RoleCard("staff", both("Costs proposals; does not vote", "Calcula costos; no vota")),
    ),
    decisions=(
        Decision(
            "residents",
            "secret",
            "budget-votes",
            (1, 2),
            (0, 1),
            words=both(
                "Residents approve of the projects they want. Those with the most votes are funded, as long as each still fits the money. "
                "What is left over is stated.",
                "La gente aprueba los proyectos que quiere. Se financian los más votados, mientras cada uno quepa en el dinero. Se dice cuánto sobra.",
            ),
        ),
        Decision(
            "residents",
            "secret",
            "equal-shares",
            (1, 2),
            (0, 1),
            words=both(
                "Or by equal shares, if chosen beforehand: every voter has the same part of the money, and supporters pay for their projects together.",
                "O por partes iguales, si se elige antes: cada votante tiene la misma parte del dinero, y quienes apoyan un proyecto lo pagan en común.",
            ),
        ),
    ),
    reminders=SERIES,
    goal=200,
    examples=both(
        "Porto Alegre; wards of U.S. cities; New York City Civic Engagement Commission; school districts in Arizona",
        "Porto Alegre; distritos de ciudades de Estados Unidos; la comisión cívica de Nueva York; distritos escolares de Arizona",
    ),
    rules=(
        both(
            "Everyone of fourteen or over who lives here votes, whatever their papers.",
            "Vota cada residente desde los catorce años, sin importar sus papeles.",
        ),
        both(
            "The sum, the counting rule and the costs are fixed before voting.",
            "La suma, la regla de conteo y los costos se fijan antes de votar.",
        ),
        both(
            "The first item of every year: what last year's projects came to.",
            "Primer punto de cada año: en qué quedaron los proyectos del anterior.",
        ),
    ),
)
