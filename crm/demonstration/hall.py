"""Last year's hall: tables of eight, what they wrote, the themes it was gathered into, and the dots on what it became."""

import random
from datetime import datetime, timedelta

from crm.assemblies.queries import assembly_to_run
from crm.infra.auth import Actor
from crm.infra.db import transaction
from crm.infra.links import token_of
from crm.tables import actions, queries

THEMES = {
    "Repairs that come": [
        ("en", "Four months without heat, and the rent is due on the first all the same."),
        ("es", "El moho vuelve cada invierno porque solo lo pintan."),
        ("en", "We call, they say someone is coming, nobody comes."),
        ("es", "El ascensor lleva tres semanas parado y mi mamá vive en el sexto."),
        ("en", "An inspector should come without the landlord knowing the day."),
    ],
    "Rent and papers": [
        ("es", "Nos suben la renta sin carta, solo de palabra."),
        ("en", "Two months’ notice is not enough to find anything in this town."),
        ("es", "Quien no tiene papeles no se atreve a pedir el contrato."),
        ("en", "The new owner wants us all to sign again."),
    ],
    "Staying in Mill District": [
        ("en", "My building was sold twice this year."),
        ("es", "Queremos que la ciudad compre antes que los fondos."),
        ("en", "Land that nobody can sell again: a trust."),
    ],
}
LOOSE = [("en", "More chairs next time."), ("es", "El cuidado infantil salvó la noche.")]
PROPOSALS = (
    ("Repairs that come", "Repairs within thirty days, or the rent goes into a fund until they are done",
     "Reparaciones en treinta días, o la renta va a un fondo hasta que se hagan"),
    ("Repairs that come", "Inspections that the landlord is not told of", "Inspecciones sin avisar a quien es dueño"),
    ("Rent and papers", "No raise without six months’ notice in writing", "Ningún aumento sin seis meses de aviso por escrito"),
    ("Staying in Mill District", "The city buys first when a building is sold", "La ciudad compra primero cuando se vende un edificio"),
)


def work_at_tables(actor: Actor, assembly_id: int, sitting: int, begins: datetime) -> None:
    """The afternoon at the tables, with what came of it."""
    dice, now = random.Random("last year's tables"), begins + timedelta(hours=1)
    with transaction(actor.org_id):
        division = actions.draw_tables(actor, assembly_id, sitting, source="room", seats=8, main_language="en", spread=[], now=now)
        assembly = assembly_to_run(actor, assembly_id)
        tables = queries.tables_of(queries.round_for(assembly, division))
        tokens = [token_of(table.link_id) for table in tables]
        for theme, notes in {**THEMES, "": LOOSE}.items():
            ids = [actions.write_note(queries.at_table(dice.choice(tokens), now), words, language, f"{theme}{n}"[:40], now=now)
                   for n, (language, words) in enumerate(notes)]
            if theme:
                actions.gather(actor, assembly_id, ids, None, theme, now=now + timedelta(hours=1))
        named = {theme.title: theme.id for theme in queries.themes_of(assembly)}
        proposals = [actions.write_proposal(actor, assembly_id, None, named[theme], {"en": en, "es": es}, {}, now=now + timedelta(hours=1))
                     for theme, en, es in PROPOSALS]
        actions.open_dots(actor, assembly_id, division, 3, now=now + timedelta(hours=2))
        for token in tokens:
            at = queries.at_table(token, now)
            purse = 3 * queries.seated_at(at)
            first, second = sorted((dice.randint(0, purse), dice.randint(0, purse)))
            points = dict(zip(dice.sample(proposals, 3), (first, second - first, purse - second), strict=True))
            actions.give_dots(at, points, now=now + timedelta(hours=2))
        actions.close_dots(actor, assembly_id, division, now=now + timedelta(hours=3))
