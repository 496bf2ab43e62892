"""A8, constituent assembly: open to all residents of an area, who decide directly in the room."""

from datetime import time

from crm.assemblies.playbooks.parts import CARE, DECISIONS_LAST_YEAR, DOORS, OVERSIGHT, ROLE_CARDS, STEERING, TURNOUT
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

CHECKERS = both("Door checkers", "Equipo de la puerta")

MEETING = Sitting(
    both("The meeting", "La reunión"),
    0,
    time(18, 30),
    (
        DOORS,
        Item(
            10,
            "plenary",
            both("Call to order; quorum is counted", "Apertura; se cuenta el quórum"),
            both("The moderator reads the rules", "Quien modera lee las reglas"),
        ),
        DECISIONS_LAST_YEAR,
        Item(60, "vote", both("Articles of the warrant, one by one", "Artículos de la convocatoria, uno por uno")),
        Item(10, "break", both("Break", "Descanso")),
        Item(45, "vote", both("Articles, continued", "Artículos, continuación")),
        Item(10, "plenary", both("Results are read; close", "Se leen los resultados; cierre")),
    ),
)

PLAYBOOK = Playbook(
    id="A8",
    name=both("Constituent assembly", "Asamblea vecinal de decisión"),
    choose=both(
        "Everyone who lives here may come and decide by direct vote",
        "Todas las personas que viven aquí pueden venir y decidir por voto directo",
    ),
    when=both(
        "A town, a district or a neighborhood has the authority to decide, and whoever comes decides.",
        "Un pueblo, un distrito o un barrio tiene autoridad para decidir, y decide quien viene.",
    ),
    when_not=both(
        "Those who could not come would lose by it. Add a vote at home, or choose delegates.",
        "Quienes no pueden venir saldrían perdiendo. Agregue un voto desde casa o elija delegaciones.",
    ),
    needs=(
        both("A warrant: the articles, published in time", "Una convocatoria: los artículos, publicados a tiempo"),
        both("A way to check residence that keeps no copies", "Una forma de verificar residencia que no guarde copias"),
        both("A moderator whom all sides accept", "Una persona que modere y que todas las partes acepten"),
    ),
    fits=Fits(("room",), ("residents", "anyone"), ("none", "bound"), ("yearly",)),
    title_hint=both("Annual Neighborhood Meeting", "Reunión Anual del Barrio"),
    question_hint=both("What do we decide for this year?", "¿Qué decidimos para este año?"),
    selection="open_door",
    power_now="determinative",
    power_aim="determinative",
    stage="decision",
    controls=("choose_issues", "set_rules", "set_budget"),
    sittings=(MEETING,),
    tasks=(
        task(
            -45,
            STEERING,
            "Open the list of articles; ten neighbors may add one",
            "Abrir la lista de artículos; diez vecinos pueden agregar uno",
        ),
        task(
            -30,
            STEERING,
            "Close the warrant and publish it in both languages",
            "Cerrar la convocatoria y publicarla en los dos idiomas",
        ),
        task(-28, TURNOUT, "Send the first invitations", "Enviar las primeras invitaciones"),
        task(
            -21,
            CARE,
            "Plan childcare, interpretation and rides",
            "Planear cuidado infantil, interpretación y transporte",
        ),
        task(-14, OVERSIGHT, "Name the moderator and the tellers", "Nombrar a quien modera y a quienes cuentan"),
        task(-7, TURNOUT, "Ask everyone who said yes to confirm", "Pedir confirmación a quienes dijeron que sí"),
        task(
            -2,
            CHECKERS,
            "Rehearse the door: residence is seen, never copied",
            "Ensayar la puerta: la residencia se ve, nunca se copia",
        ),
        task(1, OVERSIGHT, "Publish the votes and the count", "Publicar las votaciones y el conteo"),
        task(
            14,
            STEERING,
            "Say who carries out each decision, and by when",
            "Decir quién cumple cada decisión, y para cuándo",
        ),
    ),
    committees=(
        CommitteeShape(
            "steering", STEERING, both("Keeps the warrant", "Lleva la convocatoria"), (Seats("community", 5),)
        ),
        CommitteeShape(
            "oversight", OVERSIGHT, both("Moderator and tellers", "Moderación y conteo"), (Seats("community", 3),)
        ),
    ),
    roles=(
        RoleCard("participant", both("Lives here; speaks and votes", "Vive aquí; habla y vota")),
        *ROLE_CARDS[1:],
        RoleCard(
            "staff", both("Answers questions; does not vote as staff", "Responde preguntas; como personal, no vota")
        ),
    ),
    decisions=(
        Decision(
            "residents",
            "open",
            "yes_no_abstain",
            (1, 2),
            (0, 1),
            quorum_of="room",
            strictness="more_than",
            words=both(
                "Residents in the room: a raised hand; counted when seven people doubt it. More yes than no.",
                "Residentes en la sala: mano alzada; se cuenta si siete personas lo dudan. Más a favor que en contra.",
            ),
        ),
        Decision(
            "residents",
            "open",
            "yes_no_abstain",
            (2, 3),
            (0, 1),
            quorum_of="room",
            words=both(
                "To end a debate, or to vote in secret: two thirds.",
                "Para cerrar un debate o votar en secreto: dos tercios.",
            ),
        ),
    ),
    reminders=SERIES,
    goal=150,
    examples=both(
        "New England town meetings; neighborhood assemblies",
        "Asambleas municipales de Nueva Inglaterra; asambleas de barrio",
    ),
)
