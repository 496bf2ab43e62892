"""A13, collaborative legislative committee: legislators and people drawn by lot deliberate together and recommend to the legislature."""

from datetime import time

from crm.assemblies.playbooks.parts import (
    AGENCY,
    ANSWERING_STAFF,
    CARE,
    CONTENT,
    DOORS,
    DRAWERS,
    DRAWN,
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
    RoleCard,
    Seats,
    Sitting,
    both,
    task,
)

LEGISLATORS = both("Legislators", "Legisladoras y legisladores")

PREPARING = Sitting(
    both("Getting ready, each side by itself", "Preparación, cada parte por separado"),
    -42,
    time(17, 30),
    (
        DOORS,
        Item(
            40,
            "learning",
            both("How a law is made, and by whom", "Cómo se hace una ley, y quién la hace"),
            both("For those drawn", "Para quienes salieron en el sorteo"),
        ),
        Item(
            40,
            "learning",
            both("Listening before speaking", "Escuchar antes de hablar"),
            both("Coaching for legislators", "Preparación para quienes legislan"),
        ),
        Item(30, "tables", both("What we want to know", "Qué queremos saber")),
    ),
)
LEARNING = Sitting(
    both("Learn and question together", "Aprender y preguntar en conjunto"),
    -21,
    time(9, 30),
    (
        DOORS,
        WELCOME,
        Item(75, "learning", both("All sides are heard, and asked", "Se escucha y se pregunta a todas las partes")),
        LUNCH,
        Item(
            75,
            "tables",
            both(
                "Mixed tables: three drawn by lot for each legislator",
                "Mesas mixtas: tres personas por sorteo por cada legislador o legisladora",
            ),
            both(
                "A facilitator keeps the turns; legislators do not begin",
                "Una persona cuida los turnos; quien legisla no empieza",
            ),
        ),
        REPORT_BACK,
    ),
)
DECIDING = Sitting(
    both("Draft and decide", "Redactar y decidir"),
    0,
    time(9, 30),
    (
        DOORS,
        Item(75, "tables", both("Draft recommendations, one by one", "Borrador de recomendaciones, una por una")),
        LUNCH,
        Item(40, "plenary", both("The text is read aloud", "Se lee el texto en voz alta")),
        Item(
            45,
            "vote",
            both("The vote, counted together and for each side", "El voto, contado en común y por cada parte"),
            both("Both counts are published", "Se publican los dos conteos"),
        ),
        Item(20, "action", both("Who carries it into the legislature", "Quién lo lleva a la legislatura")),
    ),
)
ANSWER = Sitting(
    both("The legislature answers", "La legislatura responde"),
    240,
    time(18, 0),
    (
        Item(20, "break", both("Doors and food", "Puertas y comida")),
        Item(
            60,
            "plenary",
            both("What was done with each recommendation, and why", "Qué se hizo con cada recomendación, y por qué"),
        ),
        Item(30, "plenary", both("Questions from those who were drawn", "Preguntas de quienes salieron en el sorteo")),
    ),
)

PLAYBOOK = Playbook(
    id="A13",
    name=both("Collaborative legislative committee", "Comité legislativo colaborativo"),
    choose=both(
        "Legislators and people drawn by lot should deliberate at one table and recommend together",
        "Quienes legislan y personas elegidas por sorteo deben deliberar en una misma mesa y recomendar en conjunto",
    ),
    when=both(
        "Legislators will sit down as equals, and want proposals that answer to the public and can pass.",
        "Quienes legislan aceptan sentarse como iguales, y quieren propuestas que respondan a la gente y puedan aprobarse.",
    ),
    when_not=both(
        "People would hold back before officials, or want more than the legislature will pass. Then meet without them first.",
        "La gente se callaría ante las autoridades, o quiere más de lo que la legislatura aprobaría. Entonces reúnanse antes sin ellas.",
    ),
    needs=(
        both(
            "A rule of the legislature: topic, seats, and the answer it owes",
            "Una norma de la legislatura: tema, lugares y la respuesta que debe",
        ),
        both(
            "Three drawn by lot for each legislator, so that nobody is outtalked",
            "Tres personas por sorteo por cada legislador o legisladora, para que nadie domine",
        ),
        both(
            "Facilitators whom both sides trust; coaching for legislators",
            "Facilitación en que confíen ambas partes; preparación para quienes legislan",
        ),
        both("Six months, and an answer within eight", "Seis meses, y una respuesta en ocho"),
    ),
    fits=Fits(("together",), ("lot_officials",), ("answers",), ("once", "yearly")),
    title_hint=both("Deliberative Committee on Homelessness", "Comité Deliberativo sobre Personas sin Hogar"),
    question_hint=both(
        "What must our laws change so that nobody sleeps outside?",
        "¿Qué deben cambiar las leyes para que nadie duerma en la calle?",
    ),
    selection="mix",
    power_now="co_determinative",
    power_aim="co_determinative",
    stage="formulation",
    controls=("choose_speakers", "ask_government"),
    sittings=(PREPARING, LEARNING, DECIDING, ANSWER),
    tasks=(
        task(
            -180,
            LEGISLATORS,
            "Choose the topic; a thousand signatures suggest one",
            "Elegir el tema; mil firmas sugieren uno",
        ),
        task(
            -170,
            LEGISLATORS,
            "Give reasons if a suggested topic is refused",
            "Dar motivos si se rechaza un tema sugerido",
        ),
        task(-140, DRAWERS, "Send letters to homes drawn at random", "Enviar cartas a hogares elegidos al azar"),
        task(-100, DRAWERS, "Draw forty-five seats in public", "Sortear cuarenta y cinco lugares en público"),
        task(-90, LEGISLATORS, "Name fifteen legislators", "Nombrar a quince legisladoras y legisladores"),
        task(
            -70,
            CARE,
            "Plan pay, childcare, travel and interpretation",
            "Planear pago, cuidado infantil, viajes e interpretación",
        ),
        task(
            -56,
            CONTENT,
            "Publish balanced information in both languages",
            "Publicar información equilibrada en los dos idiomas",
        ),
        task(-42, STEERING, "Coach legislators: listen first", "Preparar a quienes legislan: primero escuchar"),
        task(-14, AGENCY, "Answer the requests for information", "Responder las solicitudes de información"),
        task(
            7, CONTENT, "Publish the recommendations and both counts", "Publicar las recomendaciones y los dos conteos"
        ),
        task(14, LEGISLATORS, "Receive them in a public sitting", "Recibirlas en sesión pública"),
        task(180, LEGISLATORS, "Say halfway what has been done", "Decir a medio camino qué se ha hecho"),
        task(
            240,
            LEGISLATORS,
            "Answer each recommendation in writing, with reasons",
            "Responder por escrito a cada recomendación, con motivos",
        ),
        task(365, OVERSIGHT, "Check what became law", "Revisar qué se volvió ley"),
    ),
    committees=(
        CommitteeShape(
            "steering",
            STEERING,
            both("Supports both sides, and belongs to neither", "Apoya a ambas partes y no es de ninguna"),
            (Seats("practitioner", 4), Seats("community", 2), Seats("staff", 2, is_voting=False)),
        ),
        CommitteeShape(
            "content",
            CONTENT,
            both("Speakers and papers for every side", "Ponentes y textos de todas las partes"),
            (Seats("community", 2), Seats("practitioner", 3)),
        ),
        CommitteeShape(
            "oversight",
            OVERSIGHT,
            both("Follows the answers that are owed", "Sigue las respuestas pendientes"),
            (Seats("community", 3),),
        ),
    ),
    roles=(
        DRAWN,
        *ROLE_CARDS[1:],
        RoleCard(
            "official",
            both(
                "A legislator: listens first, deliberates and votes",
                "Legislador o legisladora: primero escucha, delibera y vota",
            ),
        ),
        ANSWERING_STAFF,
    ),
    decisions=(
        Decision(
            "room",
            "secret",
            "yes_no_abstain",
            (1, 2),
            (1, 2),
            threshold_of="cast",
            quorum_of="roster",
            strictness="more_than",
            words=both(
                "Together: more than half of all who vote say yes.",
                "En común: más de la mitad de quienes votan dice que sí.",
            ),
        ),
        Decision(
            "room",
            "secret",
            "yes_no_abstain",
            (1, 2),
            (1, 2),
            threshold_of="cast",
            quorum_of="roster",
            strictness="more_than",
            words=both(
                "For each side: more than half of those drawn by lot, and more than half of the legislators. Both counts are published.",
                "Por cada parte: más de la mitad de quienes salieron en el sorteo y más de la mitad de quienes legislan. Se publican los dos conteos.",
            ),
        ),
    ),
    reminders=LOT_SERIES,
    goal=60,
    officials_vote=True,
    examples=both(
        "Ireland; Ostbelgien; Brussels",
        "Irlanda; Ostbelgien; Bruselas",
    ),
    groups=(
        Group(both("Residents", "Residentes"), 45, "participant", "lottery"),
        Group(both("Legislators", "Legisladoras y legisladores"), 15, "official", "appointment"),
    ),
    rules=(
        both(
            "Whatever one side adopts and the other refuses is published with the reasons.",
            "Lo que una parte aprueba y la otra rechaza se publica con los motivos.",
        ),
        both(
            "A thousand signatures suggest a topic; refusing it needs reasons.",
            "Mil firmas sugieren un tema; rechazarlo exige motivos.",
        ),
    ),
    answer_owed=240,
)
