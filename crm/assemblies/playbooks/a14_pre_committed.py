"""A14, pre-committed decision: government promises beforehand to carry out whatever more than a stated share supports."""

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

LISTING = Sitting(
    both("First meeting: learn, and make the first list", "Primera reunión: aprender y hacer la primera lista"),
    -28,
    time(9, 30),
    (
        DOORS,
        WELCOME,
        Item(
            20,
            "plenary",
            both("The promise is read aloud", "Se lee en voz alta la promesa"),
            both("Who, what, which share, by when", "Quién, qué, qué proporción, para cuándo"),
        ),
        Item(75, "learning", both("Experts, and those whom it touches", "Especialistas y personas afectadas")),
        LUNCH,
        Item(75, "tables", both("Tables: the first list of proposals", "Mesas: la primera lista de propuestas")),
        REPORT_BACK,
    ),
)
DECIDING = Sitting(
    both("Second meeting: the vote that binds", "Segunda reunión: la votación que obliga"),
    0,
    time(9, 30),
    (
        DOORS,
        Item(
            45,
            "learning",
            both("What experts and the public said of the list", "Qué dijeron de la lista especialistas y público"),
        ),
        Item(
            75,
            "tables",
            both("Tables: the last wording", "Mesas: la redacción final"),
            both("Staff step out", "El personal sale"),
        ),
        LUNCH,
        Item(30, "vote", both("Options that exclude each other are ranked", "Se ordenan las opciones que se excluyen")),
        Item(45, "vote", both("Secret vote on each proposal", "Voto secreto de cada propuesta")),
        Item(20, "plenary", both("What binds, and what is advice", "Qué es obligatorio y qué es consejo")),
    ),
)

PLAYBOOK = Playbook(
    id="A14",
    name=both("Pre-committed decision", "Decisión con compromiso previo"),
    choose=both(
        "Government promises beforehand to carry out whatever a large majority of participants supports",
        "El gobierno promete de antemano cumplir lo que apoye una gran mayoría de participantes",
    ),
    when=both(
        "A mayor or an agency has the power to act alone, and will sign before anyone knows the result.",
        "Una alcaldía o una agencia puede actuar por sí sola, y firma antes de que se sepa el resultado.",
    ),
    when_not=both(
        "The promise comes with conditions, or somebody else can undo it. Then ask for an answer in writing: a one-time civic assembly.",
        "La promesa trae condiciones, o alguien más puede deshacerla. Entonces pida una respuesta por escrito: una asamblea cívica de una sola vez.",
    ),
    needs=(
        both(
            "A signed promise: who, what, which share, by when",
            "Una promesa firmada: quién, qué, qué proporción, para cuándo",
        ),
        both("A lottery that anyone can check", "Un sorteo que cualquiera pueda revisar"),
        both(
            "Legal advice on what the office may enact alone",
            "Asesoría legal sobre lo que esa oficina puede ordenar por sí sola",
        ),
        both("Four months and two long meetings", "Cuatro meses y dos reuniones largas"),
    ),
    fits=Fits(("room",), ("lot",), ("bound",), ("once",)),
    title_hint=both("Civic Assembly on Floods", "Asamblea Cívica sobre Inundaciones"),
    question_hint=both("How do we keep our streets from flooding?", "¿Cómo evitamos que se inunden nuestras calles?"),
    selection="lottery",
    power_now="determinative",
    power_aim="determinative",
    stage="decision",
    controls=("choose_speakers", "ask_government", "set_rules"),
    sittings=(LISTING, DECIDING),
    tasks=(
        task(
            -120,
            AGENCY,
            "Sign the promise: who, what, which share, by when",
            "Firmar la promesa: quién, qué, qué proporción, para cuándo",
        ),
        task(-118, STEERING, "Publish the promise word for word", "Publicar la promesa palabra por palabra"),
        task(-110, DRAWERS, "Send letters to homes drawn at random", "Enviar cartas a hogares elegidos al azar"),
        task(
            -70,
            DRAWERS,
            "Draw the seats in public and publish the draw",
            "Sortear los lugares en público y publicar el sorteo",
        ),
        task(
            -60,
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
        task(
            -27,
            CONTENT,
            "Publish the first list; ask experts and the public",
            "Publicar la primera lista; consultar a especialistas y al público",
        ),
        task(-7, AGENCY, "Say what each proposal would cost and need", "Decir qué costaría y exigiría cada propuesta"),
        task(
            0,
            OVERSIGHT,
            "Read the count aloud: above the share, or not",
            "Leer el conteo en voz alta: si pasa la proporción o no",
        ),
        task(1, AGENCY, "Say in public what is now binding", "Decir en público qué es obligatorio desde ahora"),
        task(
            30,
            AGENCY,
            "Order what is binding; answer the rest with reasons",
            "Ordenar lo obligatorio; responder lo demás con motivos",
        ),
        task(90, OVERSIGHT, "Check in public what has begun", "Revisar en público qué ha empezado"),
        task(180, OVERSIGHT, "Check it again", "Revisarlo otra vez"),
        task(365, AGENCY, "Report what was carried out", "Informar qué se cumplió"),
    ),
    committees=(
        CommitteeShape(
            "steering",
            STEERING,
            both("Plans it; staff sit in without a vote", "La planea; el personal participa sin voto"),
            (Seats("community", 3), Seats("practitioner", 2), Seats("staff", 1, is_voting=False)),
        ),
        CommitteeShape(
            "content",
            CONTENT,
            both("Experts and stakeholders of every side", "Especialistas y partes de todos los lados"),
            (Seats("community", 2), Seats("practitioner", 3)),
        ),
        CommitteeShape(
            "oversight",
            OVERSIGHT,
            both("Watches the draw, the count and the promise", "Vigila el sorteo, el conteo y la promesa"),
            (Seats("community", 3),),
        ),
    ),
    roles=(DRAWN, *ROLE_CARDS[1:], ANSWERING_STAFF, LISTENING_OFFICIAL),
    decisions=(
        Decision(
            "room",
            "secret",
            "yes_no_abstain",
            (4, 5),
            (1, 2),
            threshold_of="cast",
            quorum_of="roster",
            strictness="more_than",
            words=both(
                "Whatever more than four fifths of those who vote support is binding. Exactly four fifths is not more.",
                "Es obligatorio lo que apoyen más de cuatro quintos de quienes votan. Cuatro quintos exactos no bastan.",
            ),
        ),
        Decision(
            "room",
            "secret",
            "borda-modified",
            (1, 2),
            (1, 2),
            quorum_of="roster",
            words=both(
                "Options that exclude each other are ranked first, by points for each rank.",
                "Las opciones que se excluyen se ordenan antes, con puntos por cada lugar.",
            ),
        ),
    ),
    reminders=LOT_SERIES,
    goal=60,
    examples=both(
        "Gdańsk 2016–2017: floods, air pollution, civic life and equal treatment",
        "Gdansk en 2016 y 2017: inundaciones, aire, participación e igualdad de trato",
    ),
    groups=(Group(both("Residents", "Residentes"), 60, "participant", "lottery"),),
    rules=(
        both(
            "The promise is signed before the first name is drawn.",
            "La promesa se firma antes de sortear el primer nombre.",
        ),
        both(
            "What falls short of the share is still answered, with reasons.",
            "Lo que no llega a la proporción también se responde, con motivos.",
        ),
    ),
    answer_owed=30,
)
