"""A9, constitutional assembly: elected or appointed representatives draft or revise a charter, article by article."""

from datetime import time

from crm.assemblies.playbooks.parts import CONTENT, DOORS, LUNCH, OVERSIGHT, ROLE_CARDS, STEERING, WELCOME
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

FIRST = Sitting(
    both("First reading", "Primera lectura"),
    -56,
    time(9, 30),
    (
        DOORS,
        WELCOME,
        Item(20, "vote", both("Credentials and rules of procedure", "Credenciales y reglamento")),
        Item(90, "plenary", both("Articles are read; general debate", "Lectura de artículos; debate general")),
        LUNCH,
        Item(75, "tables", both("Committees take up their articles", "Los comités toman sus artículos")),
        Item(20, "plenary", both("When and how to amend", "Cuándo y cómo enmendar")),
    ),
)
SECOND = Sitting(
    both("Second reading", "Segunda lectura"),
    -28,
    time(9, 30),
    (
        DOORS,
        Item(40, "plenary", both("Committees report", "Informan los comités")),
        Item(90, "vote", both("Amendments, article by article", "Enmiendas, artículo por artículo")),
        LUNCH,
        Item(90, "vote", both("Amendments, continued", "Enmiendas, continuación")),
    ),
)
FINAL = Sitting(
    both("Final reading", "Lectura final"),
    0,
    time(9, 30),
    (
        DOORS,
        Item(20, "plenary", both("The frozen text is read", "Se lee el texto congelado")),
        Item(75, "vote", both("Each article by itself", "Cada artículo por separado")),
        LUNCH,
        Item(30, "vote", both("The charter as a whole", "La carta en su conjunto")),
        Item(20, "plenary", both("Signing, and the way to the referendum", "Firma, y el camino al referéndum")),
    ),
)

PLAYBOOK = Playbook(
    id="A9",
    name=both("Constitutional assembly", "Asamblea constituyente"),
    choose=both(
        "Chosen representatives write or revise our charter, article by article",
        "Representantes escriben o revisan nuestra carta, artículo por artículo",
    ),
    when=both(
        "A charter, a constitution or founding bylaws must be written or revised, and it must last.",
        "Hay que escribir o revisar una carta, una constitución o estatutos de fundación, y debe durar.",
    ),
    when_not=both(
        "One rule needs a change. A member-governance assembly can do it in a day.",
        "Solo hay que cambiar una regla. Una asamblea de gobierno de la membresía lo hace en un día.",
    ),
    needs=(
        both(
            "Representatives elected or appointed by a known rule",
            "Representantes por elección o designación con regla conocida",
        ),
        both("Four months and three readings", "Cuatro meses y tres lecturas"),
        both("Every version of the text kept and public", "Cada versión del texto guardada y pública"),
    ),
    fits=Fits(("delegates",), ("sent",), ("none", "bound"), ("once",)),
    title_hint=both("Charter Convention", "Convención de la Carta"),
    question_hint=both("By what rules do we want to live together?", "¿Con qué reglas queremos vivir juntos?"),
    selection="election",
    power_now="determinative",
    power_aim="determinative",
    stage="decision",
    controls=("choose_issues", "choose_speakers", "ask_government", "set_rules", "set_budget"),
    sittings=(FIRST, SECOND, FINAL),
    tasks=(
        task(-120, OVERSIGHT, "Certify the representatives", "Certificar a las y los representantes"),
        task(-90, CONTENT, "Gather proposals from the public", "Reunir propuestas del público"),
        task(
            -63, CONTENT, "Publish the first draft in both languages", "Publicar el primer borrador en los dos idiomas"
        ),
        task(
            -42, CONTENT, "Last day for amendments to the first reading", "Último día de enmiendas a la primera lectura"
        ),
        task(
            -21, CONTENT, "Publish the second draft beside the first", "Publicar el segundo borrador junto al primero"
        ),
        task(-7, STEERING, "Freeze the text that is voted on", "Congelar el texto que se vota"),
        task(1, OVERSIGHT, "Publish the votes on each article", "Publicar la votación de cada artículo"),
        task(30, STEERING, "Hand the charter over to the referendum", "Entregar la carta al referéndum"),
    ),
    committees=(
        CommitteeShape("steering", STEERING, both("Order of business", "Orden del día"), (Seats("community", 5),)),
        CommitteeShape(
            "content",
            CONTENT,
            both("Drafts and keeps every version", "Redacta y guarda cada versión"),
            (Seats("community", 7), Seats("practitioner", 2, is_voting=False)),
        ),
        CommitteeShape(
            "oversight", OVERSIGHT, both("Credentials and tellers", "Credenciales y conteo"), (Seats("community", 3),)
        ),
    ),
    roles=(
        RoleCard("delegate", both("Speaks, amends and votes on each article", "Habla, enmienda y vota cada artículo")),
        RoleCard("alternate", both("Takes the seat when called", "Ocupa el lugar cuando le llaman")),
        *ROLE_CARDS[1:],
    ),
    decisions=(
        Decision(
            "delegates",
            "roll_call",
            "yes_no_abstain",
            (2, 3),
            (2, 3),
            words=both(
                "Representatives by roll call: two thirds for each article and for the whole. Two thirds must vote.",
                "Representantes por lista: dos tercios para cada artículo y para el conjunto. Deben votar dos tercios.",
            ),
        ),
    ),
    reminders=SERIES,
    goal=60,
    examples=both(
        "U.S. state constitutional conventions",
        "Convenciones constitucionales de estados de Estados Unidos",
    ),
)
