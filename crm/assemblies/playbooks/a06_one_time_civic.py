"""A6, one-time civic assembly: people drawn by lot learn, deliberate and answer one question; then it ends."""

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

LEARNING = Sitting(
    both("First weekend: learn", "Primer fin de semana: aprender"),
    -42,
    time(9, 30),
    (
        DOORS,
        WELCOME,
        Item(60, "learning", both("The question, and what is known", "La pregunta y lo que se sabe")),
        LUNCH,
        Item(
            75,
            "learning",
            both("All sides are heard, and asked", "Se escucha y se pregunta a todas las partes"),
            both(
                "Speakers for every position, the same time for each", "Ponentes de cada postura, con el mismo tiempo"
            ),
        ),
        Item(30, "vote", both("Whom else we want to hear", "A quién más queremos escuchar")),
    ),
)
DELIBERATION = Sitting(
    both("Second weekend: deliberate", "Segundo fin de semana: deliberar"),
    -21,
    time(9, 30),
    (
        DOORS,
        Item(45, "learning", both("Answers to what we asked for", "Respuestas a lo que pedimos")),
        Item(
            75,
            "tables",
            both("Tables: what matters most to us", "Mesas: qué nos importa más"),
            both("Staff step out", "El personal sale"),
        ),
        LUNCH,
        Item(75, "tables", both("Tables: options, and what each costs", "Mesas: opciones, y lo que cuesta cada una")),
        REPORT_BACK,
    ),
)
DECISION = Sitting(
    both("Third weekend: decide", "Tercer fin de semana: decidir"),
    0,
    time(9, 30),
    (
        DOORS,
        Item(45, "plenary", both("The draft recommendations are read", "Se lee el borrador de recomendaciones")),
        Item(75, "tables", both("Tables write the last changes", "Las mesas escriben los últimos cambios")),
        LUNCH,
        Item(45, "vote", both("Secret vote on each recommendation", "Voto secreto de cada recomendación")),
        Item(45, "plenary", both("We write our own report", "Escribimos nuestro propio informe")),
        Item(20, "action", both("Who hands it over, and who follows up", "Quién lo entrega y quién da seguimiento")),
    ),
)

PLAYBOOK = Playbook(
    id="A6",
    name=both("One-time civic assembly", "Asamblea cívica de una sola vez"),
    choose=both(
        "People drawn by lot should work through one hard question, and government should hear their answer",
        "Personas elegidas por sorteo deben estudiar una pregunta difícil, y el gobierno debe oír su respuesta",
    ),
    when=both(
        "Politics is stuck on one question that touches values, or on which officials have an interest of their own. It ends with its report.",
        "La política está trabada en una pregunta de valores, o en la que las autoridades tienen interés propio. Termina con su informe.",
    ),
    when_not=both(
        "Some communities are served unfairly and need power, not only a voice: then a governing-power assembly. "
        "Or the question returns every year: then a standing civic assembly.",
        "Hay comunidades tratadas con injusticia que necesitan poder y no solo voz: entonces una asamblea de poder de gobierno. "
        "O la pregunta vuelve cada año: entonces una asamblea cívica permanente.",
    ),
    needs=(
        both(
            "A written promise of who answers, and by when", "Una promesa por escrito de quién responde y para cuándo"
        ),
        both(
            "Invitations to thousands of homes, and a lottery that anyone can check",
            "Invitaciones a miles de hogares y un sorteo que cualquiera pueda revisar",
        ),
        both(
            "Pay, childcare, travel and interpretation for everyone drawn",
            "Pago, cuidado infantil, viaje e interpretación para cada persona sorteada",
        ),
        both("Six months and three weekends", "Seis meses y tres fines de semana"),
    ),
    fits=Fits(("government", "residents"), ("lot",), ("answers",), ("once",)),
    title_hint=both("Civic Assembly on Electoral Reform", "Asamblea Cívica sobre la Reforma Electoral"),
    question_hint=both("How should we elect our legislature?", "¿Cómo debemos elegir a nuestra legislatura?"),
    selection="lottery",
    power_now="advisory",
    power_aim="co_determinative",
    stage="formulation",
    controls=("choose_speakers", "ask_government", "set_rules"),
    sittings=(LEARNING, DELIBERATION, DECISION),
    tasks=(
        task(
            -180,
            STEERING,
            "Get the written promise: who answers, and by when",
            "Obtener la promesa por escrito: quién responde y para cuándo",
        ),
        task(
            -160,
            STEERING,
            "Agree on the question, in words anyone understands",
            "Acordar la pregunta, con palabras que cualquiera entienda",
        ),
        task(
            -140,
            OVERSIGHT,
            "Set the quotas; say which groups get more seats, and why",
            "Fijar las cuotas; decir qué grupos tienen más lugares, y por qué",
        ),
        task(-120, DRAWERS, "Send letters to homes drawn at random", "Enviar cartas a hogares elegidos al azar"),
        task(
            -84,
            DRAWERS,
            "Draw the seats in public and publish the draw",
            "Sortear los lugares en público y publicar el sorteo",
        ),
        task(
            -80,
            DRAWERS,
            "Call everyone drawn; draw again for those who cannot",
            "Llamar a cada persona sorteada; sortear a quien la reemplace",
        ),
        task(
            -70,
            CARE,
            "Plan pay, childcare, travel and interpretation",
            "Planear pago, cuidado infantil, viajes e interpretación",
        ),
        task(
            -60,
            CONTENT,
            "Publish balanced information in both languages",
            "Publicar información equilibrada en los dos idiomas",
        ),
        task(
            -35,
            CONTENT,
            "Invite the speakers that participants chose",
            "Invitar a ponentes que eligieron las personas participantes",
        ),
        task(-28, AGENCY, "Answer the requests for information", "Responder las solicitudes de información"),
        task(-7, AGENCY, "Comment on the draft recommendations", "Comentar el borrador de recomendaciones"),
        task(7, CONTENT, "Publish the participants' own report", "Publicar el informe de las personas participantes"),
        task(14, STEERING, "Hand it over in public", "Entregarlo en público"),
        task(
            60,
            AGENCY,
            "Answer each recommendation in writing, with reasons",
            "Responder por escrito a cada recomendación, con motivos",
        ),
        task(
            90,
            STEERING,
            "If voters decide: refer the proposal to the ballot",
            "Si decide el electorado: enviar la propuesta a las urnas",
        ),
        task(365, AGENCY, "Report what became of it", "Informar en qué quedó"),
    ),
    committees=(
        CommitteeShape(
            "steering",
            STEERING,
            both("Plans it; staff sit in without a vote", "La planea; el personal participa sin voto"),
            (Seats("community", 4), Seats("practitioner", 2), Seats("staff", 2, is_voting=False)),
        ),
        CommitteeShape(
            "content",
            CONTENT,
            both("Speakers and papers for every side", "Ponentes y textos de todas las partes"),
            (Seats("community", 3), Seats("practitioner", 3)),
        ),
        CommitteeShape(
            "oversight",
            OVERSIGHT,
            both("Watches quotas, draw and fairness", "Vigila cuotas, sorteo y equidad"),
            (Seats("community", 3), Seats("practitioner", 1)),
        ),
    ),
    roles=(DRAWN, *ROLE_CARDS[1:], ANSWERING_STAFF, LISTENING_OFFICIAL),
    decisions=(
        Decision(
            "room",
            "secret",
            "yes_no_abstain",
            (2, 3),
            (1, 2),
            quorum_of="roster",
            words=both(
                "Participants: one secret vote each on every recommendation; two thirds of yes and no. The report gives the numbers.",
                "Participantes: un voto secreto por recomendación; dos tercios de los votos a favor y en contra. El informe da los números.",
            ),
        ),
        Decision(
            "residents",
            "secret",
            "yes_no_abstain",
            (3, 5),
            (0, 1),
            words=both(
                "If it goes to a referendum: three fifths of yes and no, unless the law says otherwise. A majority below that does not carry it.",
                "Si va a referéndum: tres quintos de los votos a favor y en contra, salvo que la ley diga otra cosa. Una mayoría menor no basta.",
            ),
        ),
    ),
    reminders=LOT_SERIES,
    goal=50,
    examples=both(
        "British Columbia 2004; Irish Citizens' Assembly; Petaluma; Deschutes County",
        "Columbia Británica en 2004; la asamblea ciudadana de Irlanda; Petaluma; el condado de Deschutes",
    ),
    groups=(Group(both("Residents", "Residentes"), 50, "participant", "lottery"),),
    rules=(
        both(
            "One question. When it is answered, the assembly ends.",
            "Una sola pregunta. Al responderla, la asamblea termina.",
        ),
        both(
            "Participants write their own report; nobody edits it.",
            "Las personas participantes escriben su informe; nadie lo corrige.",
        ),
    ),
    answer_owed=60,
)
