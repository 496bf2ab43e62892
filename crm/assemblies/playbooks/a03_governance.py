"""A3, member-governance assembly: members or delegates in good standing elect leaders and vote on resolutions."""

from datetime import time

from crm.assemblies.playbooks.parts import DOORS, LUNCH, ROLE_CARDS, STEERING, WELCOME
from crm.assemblies.playbooks.reminders import CONFIRM, DAY_BEFORE, INVITE, MISSED_YOU, MORNING, THANK_YOU
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

CREDENTIALS = both("Credentials committee", "Comité de credenciales")
RESOLUTIONS = both("Resolutions committee", "Comité de resoluciones")
TELLERS = both("Tellers", "Escrutadores")

CONVENTION = Sitting(
    both("The convention", "La convención"),
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
        Item(15, "vote", both("Rules of the convention", "Reglamento de la convención")),
        Item(30, "plenary", both("Report of the leaders to the members", "Informe de la dirigencia a la membresía")),
        Item(60, "vote", both("Resolutions and amendments", "Resoluciones y enmiendas")),
        LUNCH,
        Item(40, "plenary", both("Candidates speak", "Hablan las candidaturas")),
        Item(
            45, "vote", both("Election of leaders", "Elección de la dirigencia"), both("Secret ballot", "Voto secreto")
        ),
        Item(30, "vote", both("Changes of the bylaws", "Cambios a los estatutos")),
        Item(20, "plenary", both("Results, and the new leaders", "Resultados y la nueva dirigencia")),
    ),
)

PLAYBOOK = Playbook(
    id="A3",
    name=both("Member-governance assembly", "Asamblea de gobierno de la membresía"),
    choose=both(
        "Our members or their delegates elect leaders and vote on resolutions",
        "Nuestra membresía o sus delegaciones eligen dirigentes y votan resoluciones",
    ),
    when=both(
        "Your bylaws ask for it: a convention, a congress, an annual meeting of members.",
        "Sus estatutos lo piden: una convención, un congreso, una reunión anual de la membresía.",
    ),
    when_not=both(
        "You want to hear people who are not members yet, or several organizations decide together.",
        "Quiere escuchar a gente que aún no es miembro, o varias organizaciones deciden juntas.",
    ),
    needs=(
        both("Bylaws with quorum, thresholds and notice", "Estatutos con quórum, umbrales y convocatoria"),
        both(
            "A roll of members in good standing by a fixed day", "Un padrón de miembros al corriente en una fecha fija"
        ),
        both(
            "Credentials, resolutions and tally committees that are no candidates",
            "Comités de credenciales, resoluciones y escrutinio sin candidaturas",
        ),
        both("Ninety days", "Noventa días"),
    ),
    fits=Fits(("members", "delegates"), ("members", "sent"), ("none",), ("yearly",)),
    title_hint=both("Annual Convention", "Convención anual"),
    question_hint=both("Who leads us, and what do we resolve?", "¿Quién nos dirige y qué resolvemos?"),
    selection="delegation",
    power_now="none",
    power_aim="none",
    stage="decision",
    controls=("choose_issues", "set_rules", "set_budget"),
    sittings=(CONVENTION,),
    tasks=(
        task(-90, STEERING, "Send the call to the convention", "Enviar la convocatoria"),
        task(
            -75,
            CREDENTIALS,
            "Set delegates by paid-up membership",
            "Fijar delegaciones según la membresía al corriente",
        ),
        task(
            -60,
            CREDENTIALS,
            "Open nominations of delegates and leaders",
            "Abrir postulaciones de delegaciones y dirigentes",
        ),
        task(-45, RESOLUTIONS, "Last day for resolutions", "Último día para resoluciones"),
        task(-30, RESOLUTIONS, "Publish resolutions in both languages", "Publicar las resoluciones en los dos idiomas"),
        task(
            -30,
            STEERING,
            "Send notice of proposed changes of the bylaws",
            "Avisar los cambios propuestos a los estatutos",
        ),
        task(-21, CREDENTIALS, "Good-standing date: the roll is frozen", "Fecha de corte: se congela el padrón"),
        task(-14, CREDENTIALS, "Answer challenges to the roll", "Resolver impugnaciones del padrón"),
        task(-7, RESOLUTIONS, "Last day for amendments", "Último día para enmiendas"),
        task(-3, TELLERS, "Rehearse the vote; state the tie-break", "Ensayar la votación; declarar el desempate"),
        task(-1, CREDENTIALS, "Print credentials and paper ballots", "Imprimir credenciales y boletas en papel"),
        task(1, TELLERS, "Publish results and minutes", "Publicar resultados y actas"),
        task(10, CREDENTIALS, "Last day to contest the election", "Último día para impugnar la elección"),
    ),
    committees=(
        CommitteeShape(
            "oversight",
            CREDENTIALS,
            both("Certifies who may vote", "Certifica quién puede votar"),
            (Seats("community", 5),),
        ),
        CommitteeShape(
            "content",
            RESOLUTIONS,
            both("Orders and merges resolutions", "Ordena y une resoluciones"),
            (Seats("community", 5),),
        ),
        CommitteeShape(
            "working",
            TELLERS,
            both("Count, and sign the result", "Cuentan y firman el resultado"),
            (Seats("community", 3),),
        ),
    ),
    roles=(
        RoleCard("delegate", both("Speaks and votes for those who sent them", "Habla y vota por quienes le enviaron")),
        RoleCard(
            "alternate", both("Votes when seated by the credentials committee", "Vota cuando le acredita el comité")
        ),
        *ROLE_CARDS[1:],
    ),
    decisions=(
        Decision(
            "delegates",
            "secret",
            "stv",
            (1, 2),
            (1, 2),
            words=both(
                "Leaders: secret ballot, ranked, several seats by single transferable vote. "
                "Half of the delegates must vote.",
                "Dirigencia: voto secreto y por orden, varios cargos por voto único transferible. Debe votar la mitad.",
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
                "Resolutions: more yes than no. A roll call, weighted by membership, when one in five asks for it.",
                "Resoluciones: más a favor que en contra. Por lista y con peso, "
                "cuando lo pide una de cada cinco personas.",
            ),
        ),
        Decision(
            "delegates",
            "secret",
            "yes_no_abstain",
            (2, 3),
            (1, 2),
            words=both("Bylaws: two thirds of yes and no.", "Estatutos: dos tercios de los votos a favor y en contra."),
        ),
    ),
    reminders=(INVITE, CONFIRM, DAY_BEFORE, MORNING, THANK_YOU, MISSED_YOU),
    goal=150,
    examples=both(
        "AFL-CIO conventions; party conventions",
        "Convenciones de la AFL-CIO; convenciones de partidos",
    ),
)
