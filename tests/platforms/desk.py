"""What tests at the desk share: words of planks, and what a browser presses."""

import re

from tests.clients import form_of

RENT = {
    "title_en": "A ceiling on rent", "title_es": "Un tope al alquiler",
    "text_en": "No landlord may raise the rent by more than 5 percent in any year.\n\nOwners may ask for more.",
    "text_es": "Ningún arrendador puede subir el alquiler más de 5 por ciento al año.\n\nLos dueños pueden pedir más.",
}
LAWYER = {
    "title_en": "A lawyer for every tenant", "title_es": "Una abogada para cada inquilino",
    "text_en": "The city pays for a lawyer.", "text_es": "La ciudad paga una abogada.",
}
HEADING = {
    "title_en": "The Homes We Deserve", "title_es": "Las casas que merecemos", "languages": ["en", "es"],
    "authentic_language": "en", "share_needed": "75", "once": "start",
}


def follow(client, answer, status=303):
    assert answer.status_code == status, answer.text
    return client.get(answer.location)


def once():
    once.n = getattr(once, "n", 0) + 1
    return f"key-{once.n}"


def planks(client, address):
    """Addresses of the planks in their order."""
    found = re.findall(r'<li><a href="(/platforms/\d+/planks/\d+)"', client.get(address).text)
    return list(dict.fromkeys(found))


def propose(client, address, plank, **changes):
    """Proposes an amendment as a browser would; returns its address."""
    number = plank.rsplit("/", 1)[1]
    page = client.get(f"{address}/amendments/new?plank={number}")
    assert page.status_code == 200
    data = form_of(page.text, 'name="base_version"') | {"reason": "It is time.", "once": once()} | changes
    answer = client.post(f"{address}/amendments", data=data)
    assert answer.status_code == 303, answer.text
    return answer.location


def decide(client, amendment, verb, reason="The floor agreed."):
    return client.post(f"{amendment}/decision", data={"verb": verb, "reason": reason, "once": once()})
