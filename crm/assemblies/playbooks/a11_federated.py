"""A11, federated assembly or civic congress: local assemblies elect delegates and send inputs up; the congress decides for all."""

from datetime import time

from crm.assemblies.playbooks.parts import (
    AGENCY,
    CARDS,
    CARE,
    CONTENT,
    DOORS,
    INPUTS_LAST_YEAR,
    LUNCH,
    OVERSIGHT,
    ROLE_CARDS,
    STEERING,
    TURNOUT,
    WELCOME,
)
from crm.assemblies.playbooks.reminders import SERIES
from crm.assemblies.playbooks.shape import CommitteeShape, Decision, Fits, Group, Item, Playbook, RoleCard, Seats, Sitting, both, task

LOCALS = both("Local assemblies", "Asambleas locales")
CREDENTIALS = both("Credentials committee", "Comité de credenciales")
EACH = both("for each local assembly", "por cada asamblea local")

LOCAL = Sitting(
    both("Local assemblies, all on one evening", "Asambleas locales, todas la misma noche"),
    -42,
    time(18, 30),
    (
        DOORS,
        INPUTS_LAST_YEAR,
        Item(40, "tables", both("Tables: what we send up", "Mesas: qué enviamos al congreso")),
        Item(
            30,
            "vote",
            both("Our inputs, one by one", "Nuestras propuestas, una por una"),
            both("The count goes up with each", "Cada una sube con su conteo"),
        ),
        Item(25, "vote", both("Election of delegates and alternates", "Elección de personas delegadas y suplentes")),
    ),
)
CONGRESS = Sitting(
    both("The congress", "El congreso"),
    0,
    time(9, 0),
    (
        DOORS,
        WELCOME,
        Item(
            20,
            "plenary",
            both("Credentials report; alternates are seated", "Informe de credenciales; se acreditan suplentes"),
            both("How many may vote, and quorum", "Cuántas personas pueden votar, y el quórum"),
        ),
        Item(60, "tables", both("Committees: like inputs are joined", "Comités: se juntan las propuestas parecidas")),
        LUNCH,
        Item(75, "vote", both("Resolutions for all", "Resoluciones para el conjunto")),
        Item(
            30,
            "vote",
            both("Who sits on the department's committees", "Quién ocupa los lugares en los comités del departamento"),
        ),
        CARDS,
    ),
)
RETURN = Sitting(
    both("Results come back to each local assembly", "Los resultados vuelven a cada asamblea local"),
    28,
    time(18, 30),
    (
        Item(20, "break", both("Doors and food", "Puertas y comida")),
        Item(
            40,
            "plenary",
            both(
                "Delegates report: our inputs, and what came of them",
                "Las delegaciones informan: nuestras propuestas y en qué quedaron",
            ),
        ),
        Item(20, "action", both("What we do here now", "Qué hacemos aquí ahora")),
    ),
)

PLAYBOOK = Playbook(
    id="A11",
    name=both("Federated assembly, civic congress", "Asamblea federada, congreso cívico"),
    choose=both(
        "Many local assemblies send delegates and inputs to one congress that decides for all",
        "Muchas asambleas locales envían delegaciones y propuestas a un congreso que decide por todas",
    ),
    when=both(
        "There are live assemblies in several places, and something larger than each must be decided together, year after year.",
        "Hay asambleas vivas en varios lugares, y algo mayor que cada una debe decidirse en conjunto, año tras año.",
    ),
    when_not=both(
        "Local assemblies do not meet by themselves yet. Hold those first; a congress without them speaks for nobody.",
        "Las asambleas locales aún no se reúnen por sí mismas. Empiece por ellas; un congreso sin ellas no habla por nadie.",
    ),
    needs=(
        both(
            "Local assemblies that meet, and a day for all of them",
            "Asambleas locales que se reúnen, y un día para todas",
        ),
        both(
            "A ratio of delegates, written down before they are elected",
            "El número de personas delegadas por asamblea, escrito antes de elegirlas",
        ),
        both("A credentials committee, and alternates", "Un comité de credenciales, y suplentes"),
        both(
            "A way back: what the congress decides is told in every place",
            "Un camino de vuelta: lo que decide el congreso se cuenta en cada lugar",
        ),
    ),
    fits=Fits(("delegates",), ("sent",), ("answers", "none"), ("yearly",)),
    title_hint=both("Statewide Conservation Congress", "Congreso Estatal de Conservación"),
    question_hint=both(
        "What do all our counties ask of the department?", "¿Qué pedimos al departamento desde todos los condados?"
    ),
    selection="delegation",
    power_now="advisory",
    power_aim="co_determinative",
    stage="formulation",
    controls=("choose_issues", "ask_government", "set_rules"),
    sittings=(LOCAL, CONGRESS, RETURN),
    tasks=(
        task(-120, STEERING, "Send the call to every local assembly", "Enviar la convocatoria a cada asamblea local"),
        task(
            -100,
            CREDENTIALS,
            "Write down the ratio: delegates and alternates of each",
            "Fijar por escrito cuántas personas delegadas y suplentes tiene cada una",
        ),
        task(
            -70,
            LOCALS,
            "Open the list of inputs; each resident may bring two",
            "Abrir la lista de propuestas; cada residente puede llevar dos",
        ),
        task(-56, TURNOUT, "Send the first invitations", "Enviar las primeras invitaciones"),
        task(
            -42,
            LOCALS,
            "Check residence at the door; keep no copies",
            "Verificar la residencia en la puerta; no guardar copias",
        ),
        task(
            -40,
            LOCALS,
            "Send up delegates, and inputs with their place and count",
            "Enviar delegaciones, y propuestas con su lugar y conteo",
        ),
        task(
            -28,
            CONTENT,
            "Join like inputs; say where each came from",
            "Juntar propuestas parecidas; decir de dónde vino cada una",
        ),
        task(
            -21,
            CREDENTIALS,
            "Publish who holds a seat; answer challenges",
            "Publicar quién tiene lugar; resolver impugnaciones",
        ),
        task(
            -14,
            CARE,
            "Plan rides, rooms, childcare and interpretation",
            "Planear transporte, alojamiento, cuidado e interpretación",
        ),
        task(-7, CONTENT, "Publish the resolutions in both languages", "Publicar las resoluciones en los dos idiomas"),
        task(7, STEERING, "Publish results and minutes", "Publicar resultados y actas"),
        task(14, STEERING, "Hand the resolutions to the department", "Entregar las resoluciones al departamento"),
        task(
            28,
            LOCALS,
            "Tell every place what became of its inputs",
            "Contar en cada lugar en qué quedaron sus propuestas",
        ),
        task(
            180,
            AGENCY,
            "Answer each resolution in writing, with reasons",
            "Responder por escrito a cada resolución, con motivos",
        ),
        task(300, LOCALS, "Begin next year with that answer", "Empezar el año siguiente con esa respuesta"),
    ),
    committees=(
        CommitteeShape(
            "steering",
            STEERING,
            both("Officers of the congress", "Mesa directiva del congreso"),
            (Seats("community", 7),),
        ),
        CommitteeShape(
            "oversight",
            CREDENTIALS,
            both("Certifies who holds a seat", "Certifica quién tiene lugar"),
            (Seats("community", 5),),
        ),
        CommitteeShape(
            "working",
            both("Department advisory committee", "Comité asesor del departamento"),
            both("Seats reserved for delegates of the congress", "Lugares reservados para delegaciones del congreso"),
            (Seats("community", 3), Seats("practitioner", 1), Seats("staff", 3, is_voting=False)),
        ),
        CommitteeShape(
            "working",
            OVERSIGHT,
            both("Follows what was resolved", "Da seguimiento a lo resuelto"),
            (Seats("community", 3),),
        ),
    ),
    roles=(
        RoleCard(
            "delegate",
            both("Speaks and votes for the assembly that elected them", "Habla y vota por la asamblea que le eligió"),
        ),
        RoleCard(
            "alternate", both("Votes when seated by the credentials committee", "Vota cuando le acredita el comité")
        ),
        *ROLE_CARDS[1:],
        RoleCard("staff", both("Informs and listens; does not vote", "Informa y escucha; no vota")),
    ),
    decisions=(
        Decision(
            "residents",
            "secret",
            "approval",
            (1, 2),
            (0, 1),
            quorum_of="room",
            words=both(
                "In each local assembly: five delegates, those with the most approvals.",
                "En cada asamblea local: cinco personas delegadas, las que tengan más apoyo.",
            ),
        ),
        Decision(
            "residents",
            "secret",
            "yes_no_abstain",
            (1, 2),
            (0, 1),
            quorum_of="room",
            strictness="more_than",
            words=both(
                "Inputs: more yes than no in the place they come from; then all places vote on them.",
                "Propuestas: más a favor que en contra en su lugar de origen; luego votan todos los lugares.",
            ),
        ),
        Decision(
            "delegates",
            "roll_call",
            "yes_no_abstain",
            (1, 2),
            (1, 2),
            strictness="more_than",
            words=both(
                "The congress: one vote for each delegate, more yes than no. Half of the delegates must be there.",
                "El congreso: un voto por persona delegada, más a favor que en contra. Debe estar la mitad.",
            ),
        ),
    ),
    reminders=SERIES,
    goal=360,
    examples=both(
        "Wisconsin Conservation Congress; union and party conventions; Porto Alegre",
        "Congreso de Conservación de Wisconsin; convenciones de sindicatos y partidos; Porto Alegre",
    ),
    groups=(
        Group(both("Delegates", "Delegadas y delegados"), 5, "delegate", "election", per=EACH),
        Group(both("Alternates", "Suplentes"), 1, "alternate", "election", is_voting=False, per=EACH),
    ),
    rules=(
        both(
            "Every input carries the name of its place and its count.",
            "Cada propuesta lleva el nombre de su lugar y su conteo.",
        ),
        both(
            "What the congress decides goes back to every local assembly.",
            "Lo que decide el congreso vuelve a cada asamblea local.",
        ),
        both(
            "Delegates hold reserved seats on the department's committees.",
            "Las delegaciones tienen lugares reservados en los comités del departamento.",
        ),
    ),
    answer_owed=180,
)
