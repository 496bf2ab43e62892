"""A7, standing civic assembly: a council drawn by lot chooses the issues of the year, and a panel drawn for each answers it."""

from datetime import time

from crm.assemblies.playbooks.parts import (
    AGENCY,
    ANSWERING_STAFF,
    CARE,
    CONTENT,
    DOORS,
    DRAWERS,
    DRAWN,
    LISTENING_OFFICIAL,
    LUNCH,
    OVERSIGHT,
    RECOMMENDATIONS_LAST_YEAR,
    REPORT_BACK,
    ROLE_CARDS,
    STEERING,
    WELCOME,
)
from crm.assemblies.playbooks.reminders import LOT_SERIES
from crm.assemblies.playbooks.shape import (
    CommitteeShape,
    Decision,
    Fits,
    Group,
    Item,
    Playbook,
    Seats,
    Sitting,
    both,
    task,
)

COUNCIL = both("Council", "Consejo")

CHOOSING = Sitting(
    both("The council opens the year", "El consejo abre el año"),
    -119,
    time(9, 30),
    (
        DOORS,
        RECOMMENDATIONS_LAST_YEAR,
        Item(60, "tables", both("Tables: topics that residents sent in", "Mesas: temas que envió la gente")),
        LUNCH,
        Item(
            45, "vote", both("The issues of the year", "Los asuntos del año"), both("At most three", "Tres como máximo")
        ),
        Item(30, "plenary", both("The question for each panel", "La pregunta de cada panel")),
    ),
)
LEARNING = Sitting(
    both("The panel learns", "El panel aprende"),
    -28,
    time(9, 30),
    (
        DOORS,
        WELCOME,
        Item(75, "learning", both("How it is decided today, and by whom", "Cómo se decide hoy, y quién decide")),
        LUNCH,
        Item(60, "tables", both("Tables: what we still need to know", "Mesas: qué nos falta saber")),
        Item(20, "action", both("Information we ask for, and by when", "Información que pedimos, y para cuándo")),
    ),
)
DECIDING = Sitting(
    both("The panel decides", "El panel decide"),
    0,
    time(9, 30),
    (
        DOORS,
        Item(
            75,
            "tables",
            both("Recommendations, one by one", "Recomendaciones, una por una"),
            both("Staff step out", "El personal sale"),
        ),
        REPORT_BACK,
        LUNCH,
        Item(45, "vote", both("Secret vote on each recommendation", "Voto secreto de cada recomendación")),
        Item(30, "plenary", both("What has four fifths, and what has not", "Qué tiene cuatro quintos y qué no")),
    ),
)
ANSWER = Sitting(
    both("Government answers", "El gobierno responde"),
    180,
    time(18, 0),
    (
        Item(20, "break", both("Doors and food", "Puertas y comida")),
        Item(
            60,
            "plenary",
            both("The answer, point by point", "La respuesta, punto por punto"),
            both("Whether and how; every refusal with its reason", "Si se hará y cómo; cada rechazo con su motivo"),
        ),
        Item(30, "plenary", both("Questions from the panel", "Preguntas del panel")),
    ),
)

PLAYBOOK = Playbook(
    id="A7",
    name=both("Standing civic assembly", "Asamblea cívica permanente"),
    choose=both(
        "Every year people drawn by lot should choose the issues, and government should answer what they recommend",
        "Cada año, personas elegidas por sorteo deben escoger los asuntos, y el gobierno debe responder a lo que recomienden",
    ),
    when=both(
        "A legislature or an agency is ready to give residents a lasting place in its work: to set issues, to propose, to watch.",
        "Una legislatura o una agencia está lista para dar a la gente un lugar duradero: fijar asuntos, proponer, vigilar.",
    ),
    when_not=both(
        "There is no law, budget or staff beyond the first year. Begin with a one-time civic assembly.",
        "No hay ley, presupuesto ni personal más allá del primer año. Empiece con una asamblea cívica de una sola vez.",
    ),
    needs=(
        both(
            "A law or an order that says who must answer, and by when",
            "Una ley o un decreto que diga quién debe responder y para cuándo",
        ),
        both(
            "A permanent secretary whom government does not direct",
            "Una secretaría permanente que el gobierno no dirija",
        ),
        both(
            "A lottery every year, with pay and care for everyone drawn",
            "Un sorteo cada año, con pago y cuidados para cada persona sorteada",
        ),
        both("Four months for each issue", "Cuatro meses para cada asunto"),
    ),
    fits=Fits(("government",), ("lot",), ("answers",), ("yearly",)),
    title_hint=both("Civic Council and Panel on Housing", "Consejo y Panel Cívico de Vivienda"),
    question_hint=both(
        "What must change so that young people can stay?", "¿Qué debe cambiar para que la juventud pueda quedarse?"
    ),
    selection="lottery",
    power_now="agenda_setting",
    power_aim="co_determinative",
    stage="agenda_setting",
    controls=("choose_issues", "choose_speakers", "ask_government", "set_rules", "set_budget"),
    sittings=(CHOOSING, LEARNING, DECIDING, ANSWER),
    tasks=(
        task(-180, DRAWERS, "Draw the new third of the council", "Sortear el nuevo tercio del consejo"),
        task(
            -160,
            COUNCIL,
            "Open the list of topics; a hundred signatures add one",
            "Abrir la lista de temas; cien firmas agregan uno",
        ),
        task(
            -134,
            AGENCY,
            "Write what became of last year's recommendations",
            "Escribir qué pasó con las recomendaciones del año pasado",
        ),
        task(-113, COUNCIL, "Publish the issues of the year, and why", "Publicar los asuntos del año, y por qué"),
        task(-100, DRAWERS, "Send letters to homes drawn at random", "Enviar cartas a hogares elegidos al azar"),
        task(-70, DRAWERS, "Draw a panel for the issue, in public", "Sortear en público un panel para el asunto"),
        task(
            -56,
            CARE,
            "Plan pay, childcare, travel and interpretation",
            "Planear pago, cuidado infantil, viajes e interpretación",
        ),
        task(
            -42,
            CONTENT,
            "Publish balanced information in both languages",
            "Publicar información equilibrada en los dos idiomas",
        ),
        task(-14, AGENCY, "Answer the requests for information", "Responder las solicitudes de información"),
        task(
            7, COUNCIL, "Hand the recommendations to the legislature", "Entregar las recomendaciones a la legislatura"
        ),
        task(
            60,
            AGENCY,
            "Debate in public whatever has four fifths",
            "Debatir en público todo lo que tenga cuatro quintos",
        ),
        task(
            180,
            AGENCY,
            "Answer each recommendation in writing, with reasons",
            "Responder por escrito a cada recomendación, con motivos",
        ),
        task(
            200,
            OVERSIGHT,
            "Ask the panel how it went; change the rules",
            "Preguntar al panel cómo le fue; ajustar las reglas",
        ),
        task(
            365,
            AGENCY,
            "Report back as the first item of the new year",
            "Rendir cuentas como primer punto del nuevo año",
        ),
    ),
    committees=(
        CommitteeShape(
            "steering",
            STEERING,
            both("Permanent secretary and council", "Secretaría permanente y consejo"),
            (Seats("community", 4), Seats("practitioner", 1), Seats("staff", 1, is_voting=False)),
        ),
        CommitteeShape(
            "content",
            CONTENT,
            both("Speakers and papers for every side", "Ponentes y textos de todas las partes"),
            (Seats("community", 3), Seats("practitioner", 2)),
        ),
        CommitteeShape(
            "oversight", OVERSIGHT, both("Watches what was promised", "Vigila lo prometido"), (Seats("community", 5),)
        ),
    ),
    roles=(DRAWN, *ROLE_CARDS[1:], ANSWERING_STAFF, LISTENING_OFFICIAL),
    decisions=(
        Decision(
            "room",
            "secret",
            "approval",
            (1, 2),
            (1, 2),
            quorum_of="roster",
            words=both(
                "Council: each member approves of the topics they want. The three with the most are the issues of the year.",
                "Consejo: cada integrante aprueba los temas que quiere. Los tres con más apoyo son los asuntos del año.",
            ),
        ),
        Decision(
            "room",
            "secret",
            "yes_no_abstain",
            (4, 5),
            (1, 2),
            threshold_of="cast",
            quorum_of="roster",
            words=both(
                "Panel: one secret vote each on every recommendation. What four fifths support must be debated; the rest goes along as advice.",
                "Panel: un voto secreto por recomendación. Lo que apoyan cuatro quintos debe debatirse; lo demás va como consejo.",
            ),
        ),
    ),
    reminders=LOT_SERIES,
    goal=54,
    examples=both(
        "Ostbelgien; Brussels; Paris; Toronto Planning Review Panel; Metrolinx Reference Panel",
        "Ostbelgien; Bruselas; París; los paneles de planeación de Toronto y de Metrolinx",
    ),
    groups=(
        Group(both("Council", "Consejo"), 24, "participant", "lottery"),
        Group(
            both("Panel", "Panel cívico"),
            30,
            "participant",
            "lottery",
            per=both("for each issue", "por cada asunto"),
        ),
    ),
    rules=(
        both("At most three issues a year.", "Tres asuntos al año como máximo."),
        both(
            "A council seat lasts eighteen months; every six months a third is drawn anew.",
            "Un lugar en el consejo dura dieciocho meses; cada seis meses se sortea de nuevo un tercio.",
        ),
        both(
            "A panel answers one issue and ends with its answer.",
            "Un panel responde un asunto y termina con su respuesta.",
        ),
        both("A hundred signatures put a topic before the council.", "Cien firmas llevan un tema ante el consejo."),
        both(
            "The year begins with what became of last year's recommendations.",
            "El año empieza con lo que pasó con las recomendaciones del anterior.",
        ),
    ),
    answer_owed=180,
)
