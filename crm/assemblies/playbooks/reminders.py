"""The reminder series that most playbooks share: invite, confirm, day before, morning, thank-you, missed-you.

Where seats are drawn by lot, the invitation asks for a name for the draw instead of a promise to come.

No text asks for the word YES: carriers read it as consent. People answer in their own words.
"""

from datetime import time

from crm.assemblies.playbooks.shape import Reminder, both

INVITE = Reminder(
    "invite",
    "askable",
    -28,
    time(17, 30),
    both(
        "Hi {first_name}, {organization} is holding {assembly} on {day} at {hour}, {place}. "
        "Can we count on you? Tell us how many are coming. Childcare or a ride needed? Just say so. "
        "Reply STOP to end texts.",
        "Hola {first_name}, {organization} le invita a {assembly}, el {day} a las {hour}, {place}. "
        "¿Contamos con usted? Díganos cuántas personas vienen. ¿Necesita cuidado infantil o transporte? Avísenos. "
        "Responda STOP para no recibir más.",
    ),
)
CONFIRM = Reminder(
    "confirm",
    "said_yes",
    -7,
    time(17, 30),
    both(
        "Hi {first_name}, {assembly} is one week away: {day}, {hour}, {place}. Are you still coming? "
        "Anything you need so that you can be there?",
        "Hola {first_name}, falta una semana para {assembly}: {day}, {hour}, {place}. ¿Sigue en pie? "
        "¿Hay algo que necesite para poder llegar?",
    ),
)
DAY_BEFORE = Reminder(
    "day_before",
    "confirmed",
    -1,
    time(16, 0),
    both(
        "{first_name}, see you tomorrow at {hour}, {place}. There will be food, and your seat is kept. "
        "If something came up, tell us here.",
        "{first_name}, nos vemos mañana a las {hour}, {place}. Habrá comida y su lugar está apartado. "
        "Si surgió algo, avísenos por aquí.",
    ),
)
MORNING = Reminder(
    "morning",
    "confirmed",
    0,
    time(8, 30),
    both(
        "Good morning {first_name}. Today at {hour}: {assembly}, {place}. Show this text at the door: {link}",
        "Buenos días, {first_name}. Hoy a las {hour}: {assembly}, {place}. Muestre este mensaje en la puerta: {link}",
    ),
)
THANK_YOU = Reminder(
    "thank_you",
    "came",
    1,
    time(11, 0),
    both(
        "Thank you for coming, {first_name}. What we decided and what comes next: {link}",
        "Gracias por venir, {first_name}. Lo que decidimos y lo que sigue: {link}",
    ),
)
MISSED_YOU = Reminder(
    "missed_you",
    "missed",
    1,
    time(11, 30),
    both(
        "{first_name}, we missed you at {assembly}. Here is what people decided: {link} "
        "Would you like someone to call you about what comes next?",
        "{first_name}, nos hizo falta en {assembly}. Esto es lo que se decidió: {link} "
        "¿Quiere que alguien le llame para contarle lo que sigue?",
    ),
)

LOT = Reminder(
    "invite",
    "askable",
    -100,
    time(17, 30),
    both(
        "Hi {first_name}, seats in {assembly} are drawn by lot, and anyone may be drawn. Shall we put your name in? "
        "Time is paid, and there is childcare, food and interpretation. Just write back. Reply STOP to end texts.",
        "Hola {first_name}, los lugares de {assembly} se sortean y le puede tocar a cualquiera. ¿Anotamos su nombre? "
        "El tiempo se paga y hay cuidado infantil, comida e interpretación. Escríbanos. Responda STOP para no recibir más.",
    ),
)

LOT_SERIES = (LOT, CONFIRM, DAY_BEFORE, MORNING, THANK_YOU, MISSED_YOU)
SERIES = (INVITE, CONFIRM, DAY_BEFORE, MORNING, THANK_YOU, MISSED_YOU)
