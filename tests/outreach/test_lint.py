"""C8, P10: the lint refuses what phone companies act on or block, and lets good texts through; everything that ships passes it."""

import pytest

from crm.assemblies.playbooks import PLAYBOOKS
from crm.outreach.rules import lint
from crm.outreach.rules.replies import read_reply
from crm.outreach.rules.replies.ready import READY
from crm.outreach.rules.replies.threads import HELP_ANSWER, HELP_WITHOUT_CONTACT, START_ANSWER, STOP_ANSWER, WHO_ANSWERS
from crm.outreach.rules.templates import FIRST_LINES, FIRST_WORDS, STOP_LINES, completed, fields_in, offers_stop
from crm.ratification.actions.notices import WORDS

pytestmark = pytest.mark.one_database

GROUND = lint.Ground(frozenset(("first_name", "organization", "organizer", "link", "assembly", "day", "hour", "place")), frozenset({"southbank.example"}))
BAD = """\
Reply YES to come. Reply STOP to end.
reply with yes or no. Reply STOP to end.
Reply 1 or CANCEL. Reply STOP to end.
text us back no or yes. STOP ends.
conteste yes para venir. Responda STOP para salir.
See tinyurl.com/abc. STOP ends.
Southbank: Reply YES to come or STOP to end texts
Reply STOP if you cannot come
Can you come? Reply HELP if you need a ride.
Responda BAJA si no puede venir.
Text INFO to hear the agenda
Coming? yes/no
Type "end" when you have voted.
Responda INFO para saber más.
Answer START to begin
Can you come? YES or NO
See http://southbank.example/a
See https://evil.example/a
See southbank.example/a now
mande ALTO si no viene
Reply coming, later or quit
Reply CANCEL to cancel your seat
responda cancelar si no puede
Vote by text: reply 1 = yes, end = done
Escriba "parar" si no viene
diga AYUDA si necesita transporte
Go to bit.ly/3xYz
goo.gl/abc today
Escriba SALIR si ya votó
Text back YES if you can bring food. Reply STOP to opt out.
Please respond yes by Friday. Reply STOP to opt out.
Reply "YES" to confirm your seat
Answer with the word start and we sign you up
Respond SUBSCRIBE for the newsletter
Responda con la palabra baja si se mudó. STOP para salir.
Conteste ALTA para inscribirse
¿Viene? Conteste YES o NO.
Envíe AYUDA y le llamamos. Responda STOP para salir.
Mande "info" para la dirección
Write END if the meeting is over for you
Reply 1 yes, 2 no, 3 quit
Reply A, B, or END. STOP to opt out
Just say UNSUBSCRIBE if you moved. Or come.
Text UNSTOP to come back to us
Press 1 or text CANCEL
Respond REVOKE to withdraw your vote
Full story: t.co/xYz
Story: https://t.ly/abc
RSVP https://www.eventbrite.com/e/123. Reply STOP to opt out.
Form: forms.gle/abcd
docs.google.com/forms/d/e/1FAI
Register at www.otherunion.org
Mapa: https://goo.gl/maps/abc
Watch youtu.be/abc
https://southbank.example.evil.com/login
http://192.168.0.1/me
Hi {frist_name}, come Saturday
Hi {first_name, come Saturday
Hi {{first_name}}, come Saturday
Reply INFORMACION para detalles
Send HELP now and we bring a van
Responda TERMINAR cuando vote
Reply with STOP or GO
Agenda: www.southbank.example is ours, but write https://www.southbank.example/agenda. STOP to end
""".splitlines()
GOOD = """\
Hi, {organization} here. Can you come? Just answer this text. STOP to opt out
{organization}: at the end we eat. Help is welcome. Reply STOP to opt out.
Come. Reply STOP to opt out.
Southbank Tenants: nos acompaña? Responda sí o no. Responda STOP para salir.
STOP EVICTIONS NOW! Join us Saturday. Reply STOP to opt out.
CANCEL THE RENT rally at noon. Can we count on you?
ALTO A LOS DESALOJOS este sábado. ¿Viene? Responda STOP para salir.
Write to info@southbank.example or call us. Reply STOP to end texts.
Reply STOP to opt out, HELP for help.
Text HELP for help, STOP to unsubscribe. Msg & data rates may apply.
Details: https://southbank.example/meet. Reply STOP to opt out.
Responda STOP para no recibir más. HELP para ayuda.
Reply 1 for ride, 2 for childcare. STOP to opt out
We want to end the rent hikes. Will you help?
Tell us how many are coming. Childcare? Just say so. Reply STOP to end texts.
Reply with your info and we will call. STOP to opt out.
We start at 9 a.m. and end at 2 p.m. Reply with the number of guests.
Nos vemos a las 10. Sí, hay comida. Díganos si viene. STOP para salir.
Vamos a parar los desalojos. ¿Contamos con usted?
Reply COUNT ME IN or NO. {organization}. Reply STOP to opt out
Responda VOY o NO. {organization}. Responda STOP para no recibir más
The info table opens at 9. Ask us there.
Would you answer two questions? Reply STOP to end.
{first_name|friend}, the meeting is at {place}, {hour}. Are you still coming? STOP ends.
{first_name}, see you tomorrow at {hour}. If something came up, tell us here.
Your ballot: {link} Keep it to yourself. Reply STOP to opt out.
Thank you for coming, {first_name}. What comes next: {link}
Childcare is free. How many children, and how old?
We will start on time and end by noon. Food after.
Sorry, the bus stop moved: now Third and Pine. Can you still come?
Last stop before the vote: Saturday at 10. Can we count on you?
Help us call 40 neighbors on Tuesday. Can you take 10?
Yes, there will be childcare. Will you bring the kids?
Say hi to your neighbors and tell us who wants to come.
We cancel nothing: the assembly is on, rain or not.
El alta médica de Rosa fue hoy; gracias por sus llamadas.
La renta baja si nos unimos. ¿Nos acompaña el sábado?
Habrá ayuda con las tareas para los niños. ¿Cuántos vienen?
Para salir del edificio use la puerta norte. Reunión a las 6.
Mándenos su nueva dirección por aquí. Responda STOP para salir.
¿Necesita transporte? Díganos desde dónde. STOP para no recibir mensajes.
Responda con el número de personas que vienen. STOP para salir.
Responda 1 si viene, 2 si no. Responda STOP para terminar.
Reply RIDE for a ride or CHILDCARE for childcare. STOP to opt out.
Agenda: https://www.southbank.example/agenda. STOP to end
""".splitlines()


@pytest.mark.parametrize("body", BAD)
def test_what_phone_companies_act_on_or_block_is_refused(body):
    """C8, R12, R20: bad accepted 0."""
    assert lint.issues_with_body(body, GROUND)


def test_good_words_pass():
    """C8: good refused, counted and named."""
    refused = {body: [str(issue) for issue in issues] for body in GOOD if (issues := lint.issues_with_body(body, GROUND))}
    assert not refused, f"{len(refused)} of {len(GOOD)}: {refused}"


def shipped():
    """Every text that the program brings along, by a name."""
    for playbook in PLAYBOOKS.values():
        for reminder in playbook.reminders:
            yield from ((f"{playbook.id} {reminder.key} {tag}", tag, body) for tag, body in reminder.text.items())
    for tag, replies in READY.items():
        yield from ((f"ready reply {tag} {n}", tag, body) for n, body in enumerate(replies))
    for tag in ("en", "es"):
        yield f"first words {tag}", tag, FIRST_WORDS[tag]
        yield f"first line {tag}", tag, FIRST_LINES[tag]
        yield f"stop line {tag}", tag, STOP_LINES[tag]
        yield f"ballot {tag}", tag, WORDS[tag] % {"organization": "Casa", "title": "the platform", "closes": "Friday"}


SHIPPED = list(shipped())


@pytest.mark.parametrize(("tag", "body"), [(tag, body) for _name, tag, body in SHIPPED], ids=[name for name, _tag, _body in SHIPPED])
def test_every_text_that_ships_passes(tag, body):
    """R12, R20, P10: as it is written, and as it leaves: the sender named, the way out said, no restricted word."""
    for words in (body, completed(body, tag, "Southbank Tenants Union"), completed(body, tag, "Southbank Tenants Union", is_first=True)):
        assert lint.issues_with_body(words, GROUND) == []
        assert lint.cautions_in({tag: words}) == []
    whole = completed(body, tag, "Southbank Tenants Union")
    assert "{organization}" in whole and offers_stop(whole)


def test_both_languages_of_a_playbook_text_use_the_same_fields():
    for playbook in PLAYBOOKS.values():
        for reminder in playbook.reminders:
            assert fields_in(reminder.text["en"]) == fields_in(reminder.text["es"]), (playbook.id, reminder.key)


@pytest.mark.parametrize("word", sorted(lint.RESERVED))
def test_no_answer_we_read_as_an_answer_is_a_reserved_word(word):
    """R12: what ends, begins or explains texts is never read as yes, no or maybe. YES alone is both, and is never asked for."""
    reading = read_reply(word)
    assert reading.intent in ("stop", "start", "help") or word == "yes", (word, reading.intent)


@pytest.mark.parametrize("word", sorted(lint.RESERVED))
def test_each_reserved_word_is_refused_as_an_answer(word):
    """R12: the build fails on overlap, word by word, in the forms in which people ask."""
    for words in (f"Reply {word.upper()} to come.", f"Reply with {word} or later", f"Responda {word.upper()} si viene.", f"conteste {word}"):
        assert lint.asked_word(words), words


def test_our_own_answers_say_what_their_words_do():
    """R9, R11: STOP and HELP stand in them as offers."""
    for answer in (STOP_ANSWER, HELP_ANSWER, HELP_WITHOUT_CONTACT, START_ANSWER, WHO_ANSWERS):
        assert lint.asked_word(answer.replace("Text START if you change your mind", "")) is None, answer


@pytest.mark.parametrize(("body", "offers"), [
    ("No one can STOP us.", False), ("STOP THE SALE, Saturday at 10", False), ("We stop at Pine Street to opt for lunch", False), ("STOP ends.", True),
    ("Text STOP to end", True), ("Responda ALTO para salir", True), ("STOP = no more texts", True), ("Reply STOP if you cannot come", False),
])  # fmt: skip
def test_a_way_out_is_one_only_where_it_says_so(body, offers):
    """R21: a text that merely holds the word STOP still gets the line."""
    assert offers_stop(body) == offers
    assert offers_stop(completed(body, "en", "Casa"))


def test_the_first_text_says_what_they_agreed_to():
    """R3: who, how many texts, what it may cost, HELP and STOP; said once, in the reader's language."""
    says = {"en": ("a few texts a month", "data rates", "HELP", "STOP"), "es": ("mensajes al mes", "tarifas de mensajes", "HELP", "STOP")}
    for tag, needed in says.items():
        first = completed("Nos vemos", tag, "Casa Arroyo", is_first=True)
        assert all(words in first for words in (*needed, "{organization}")), first
        assert first.count("STOP") == 1
        own = completed(f"{{organization}}. {STOP_LINES[tag]}", tag, "Casa Arroyo", is_first=True)
        assert own.count("STOP") == 1 and needed[1] in own


def test_words_that_hurt_in_other_hands_ask_for_a_second_thought():
    """P10."""
    found = lint.cautions_in({"en": "Bring your papers to the clinic", "es": "Trajo su pasaporte?"})
    assert len(found) == 2
    assert lint.cautions_in({"en": "Come to the assembly about rent and buses"}) == []
