"""A2, policy-platform assembly: convened for attendees to develop and ratify a joint policy platform."""

from datetime import time

from crm.assemblies.playbooks.parts import (
    CARE,
    CONTENT,
    LEADS,
    LISTENING_OFFICIAL,
    LUNCH,
    ROLE_CARDS,
    STEERING,
    TURNOUT,
)
from crm.assemblies.playbooks.reminders import SERIES
from crm.assemblies.playbooks.shape import (
    CommitteeShape,
    Decision,
    Fits,
    Item,
    Playbook,
    Seats,
    Sitting,
    both,
    task,
)

LISTENING = Sitting(
    both("Listening session", "Sesión de escucha"),
    -28,
    time(18, 0),
    (
        Item(20, "break", both("Doors, food, sign-in", "Puertas, comida, registro")),
        Item(15, "plenary", both("Welcome and why we are here", "Bienvenida y por qué estamos aquí")),
        Item(
            45,
            "tables",
            both("Tables: what hurts, what we want", "Mesas: qué nos duele, qué queremos"),
            both("One leader and one note-taker at each table", "Un líder y una persona que toma notas en cada mesa"),
        ),
        Item(25, "plenary", both("Tables report back", "Las mesas informan")),
        Item(15, "action", both("Who drafts, who brings whom", "Quién redacta, quién trae a quién")),
    ),
)

DRAFTING = Sitting(
    both("Drafting session", "Sesión de redacción"),
    -14,
    time(18, 0),
    (
        Item(15, "break", both("Doors, food, sign-in", "Puertas, comida, registro")),
        Item(
            20,
            "learning",
            both("What we heard, what is possible", "Lo que escuchamos, lo que es posible"),
            both("The content committee presents", "Presenta el comité de contenido"),
        ),
        Item(
            60,
            "tables",
            both("Tables turn proposals into planks", "Las mesas convierten propuestas en puntos"),
            both("One table per plank, English and Spanish", "Una mesa por punto, en inglés y español"),
        ),
        Item(25, "plenary", both("Read the draft planks aloud", "Lectura en voz alta de los puntos")),
    ),
)

ASSEMBLY = Sitting(
    both("The assembly", "La asamblea"),
    0,
    time(10, 0),
    (
        Item(30, "break", both("Doors, food, sign-in", "Puertas, comida, registro")),
        Item(20, "plenary", both("Welcome and why we are here", "Bienvenida y por qué estamos aquí")),
        Item(
            70,
            "tables",
            both("Tables: the planks, one by one", "Mesas: los puntos, uno por uno"),
            both("What would you change? Tables write amendments", "¿Qué cambiaría? Las mesas escriben enmiendas"),
        ),
        LUNCH,
        Item(
            45,
            "plenary",
            both("Planks and amendments", "Puntos y enmiendas"),
            both("Chaired by two partners", "Preside el plenario una dupla de organizaciones"),
        ),
        Item(
            40,
            "vote",
            both("Floor votes, then ratification opens", "Votación en sala y apertura de la ratificación"),
            both(
                "Members vote by a link in a text; organizations vote by roll call",
                "La membresía vota por un enlace en un mensaje; las organizaciones, por lista",
            ),
        ),
        Item(20, "action", both("What I will do next: signed cards", "Lo que haré después: tarjetas firmadas")),
    ),
)

PLAYBOOK = Playbook(
    id="A2",
    name=both("Policy-platform assembly", "Asamblea de plataforma política"),
    choose=both(
        "Our organizations want one joint platform that members and organizations stand behind",
        "Nuestras organizaciones quieren una plataforma común, respaldada por su gente y por cada organización",
    ),
    when=both(
        "Several organizations share a fight and need one text to bring to decision-makers: before a budget, "
        "an election or a legislative session.",
        "Varias organizaciones comparten una lucha y necesitan un solo texto para llevar ante quienes deciden: "
        "antes de un presupuesto, una elección o un período legislativo.",
    ),
    when_not=both(
        "The text is already written and people would only applaud it, or partners have not yet agreed "
        "to work together. Start with a people's movement assembly then.",
        "El texto ya está escrito y la gente solo lo aplaudiría, o las organizaciones aún no acuerdan trabajar "
        "juntas. En ese caso, comience con una asamblea popular de movimiento.",
    ),
    needs=(
        both(
            "Two to twelve partner organizations, each with a turnout lead",
            "De dos a doce organizaciones, cada una con un enlace de convocatoria",
        ),
        both("Eight to ten weeks, and three sessions", "De ocho a diez semanas, y tres sesiones"),
        both(
            "Interpretation, childcare and food in the budget",
            "Interpretación, cuidado infantil y comida en el presupuesto",
        ),
        both("A small group that drafts between sessions", "Un grupo pequeño que redacte entre sesiones"),
    ),
    fits=Fits(("members",), ("members", "anyone"), ("none", "refuses"), ("once",)),
    title_hint=both("People's Housing Assembly", "Asamblea Popular de Vivienda"),
    question_hint=both(
        "What must our city do so that everyone can stay in their home?",
        "¿Qué debe hacer nuestra ciudad para que nadie pierda su hogar?",
    ),
    selection="membership",
    power_now="none",
    power_aim="agenda_setting",
    stage="agenda_setting",
    controls=("choose_issues", "choose_speakers", "set_rules"),
    sittings=(LISTENING, DRAFTING, ASSEMBLY),
    tasks=(
        task(-56, STEERING, "Agree on the question and who convenes", "Acordar la pregunta y quién convoca"),
        task(
            -52,
            CARE,
            "Book the halls; check step-free entry and restrooms",
            "Reservar las salas; revisar acceso sin escalones y baños",
        ),
        task(
            -49,
            STEERING,
            "Invite partner organizations and name turnout leads",
            "Invitar a las organizaciones y nombrar enlaces de convocatoria",
        ),
        task(-42, LEADS, "Partners make their pledges", "Las organizaciones comprometen su convocatoria"),
        task(
            -35,
            CARE,
            "Hire interpreters; plan childcare, rides and food",
            "Contratar intérpretes; planear cuidado infantil, transporte y comida",
        ),
        task(-28, TURNOUT, "Send the first invitations", "Enviar las primeras invitaciones"),
        task(-24, CONTENT, "Gather the table notes into themes", "Reunir las notas de las mesas en temas"),
        task(
            -21,
            CONTENT,
            "Publish draft planks in both languages",
            "Publicar el borrador de los puntos en los dos idiomas",
        ),
        task(
            -21, TURNOUT, "Train table leaders and note-takers", "Capacitar a líderes de mesa y a quienes toman notas"
        ),
        task(-10, CONTENT, "Amendments are open to all partners", "Se reciben enmiendas de todas las organizaciones"),
        task(-7, TURNOUT, "Ask everyone who said yes to confirm", "Pedir confirmación a quienes dijeron que sí"),
        task(-5, STEERING, "Check the roll of members who may vote", "Revisar el padrón de quienes pueden votar"),
        task(-3, STEERING, "Freeze the text that is voted on", "Congelar el texto que se vota"),
        task(-2, TURNOUT, "Call everyone who has not confirmed", "Llamar a quienes no han confirmado"),
        task(
            -1,
            TURNOUT,
            "Print sign-in sheets, programs and ballots on paper",
            "Imprimir hojas de registro, programas y boletas en papel",
        ),
        task(0, STEERING, "Open ratification from the floor", "Abrir la ratificación en la sala"),
        task(
            1,
            TURNOUT,
            "Thank everyone who came, and call those who missed it",
            "Agradecer a quienes vinieron y llamar a quienes faltaron",
        ),
        task(
            7, STEERING, "Close ratification and publish the result", "Cerrar la ratificación y publicar el resultado"
        ),
        task(14, LEADS, "Deliver the platform to decision-makers", "Entregar la plataforma a quienes deciden"),
        task(30, STEERING, "Meet to evaluate and plan the campaign", "Reunirse para evaluar y planear la campaña"),
    ),
    committees=(
        CommitteeShape(
            "steering",
            both("Steering committee", "Comité coordinador"),
            both(
                "Plans the whole process; every partner holds a seat",
                "Planea todo el proceso; cada organización tiene un lugar",
            ),
            (Seats("community", 7), Seats("practitioner", 1, is_voting=False)),
        ),
        CommitteeShape(
            "content",
            both("Content committee", "Comité de contenido"),
            both("Gathers themes, drafts planks, finds speakers", "Reúne temas, redacta puntos, busca ponentes"),
            (Seats("community", 4), Seats("practitioner", 2)),
        ),
        CommitteeShape(
            "oversight",
            both("Credentials and tally committee", "Comité de credenciales y escrutinio"),
            both(
                "Checks the roll, answers challenges, signs the result",
                "Revisa el padrón, resuelve impugnaciones, firma el resultado",
            ),
            (Seats("community", 3),),
        ),
    ),
    roles=(*ROLE_CARDS, LISTENING_OFFICIAL),
    decisions=(
        Decision(
            "members",
            "secret",
            "yes_no_abstain",
            (2, 3),
            (1, 2),
            words=both(
                "Members: one secret vote each, plank by plank. A plank passes with two thirds of yes and no. "
                "Half of the roll must vote.",
                "Membresía: un voto secreto por persona, punto por punto. Un punto se aprueba con dos tercios de los "
                "votos a favor y en contra. Debe votar la mitad del padrón.",
            ),
        ),
        Decision(
            "organizations",
            "roll_call",
            "yes_no_abstain",
            (3, 4),
            (1, 2),
            words=both(
                "Organizations: one vote each by roll call, with a reason. Three quarters of yes and no.",
                "Organizaciones: un voto por organización, por lista y con motivo. "
                "Tres cuartos de los votos a favor y en contra.",
            ),
        ),
    ),
    reminders=SERIES,
    goal=300,
    examples=both(
        "ʻĀina Aloha Economic Futures; Bronxwide Plan; South Los Angeles Health and Human Rights Conferences",
        "ʻĀina Aloha Economic Futures, en Hawái; Bronxwide Plan, en el Bronx; conferencias de salud y derechos humanos del sur de Los Ángeles",
    ),
)
