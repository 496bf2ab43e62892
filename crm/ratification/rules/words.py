"""The words of a receipt, each in English and Spanish.

A phrase is two words from the server and two that the voter picks.
"""

from crm.kernel.names import fold

Pair = tuple[str, str]


def _pairs(text: str) -> tuple[Pair, ...]:
    return tuple((en, es) for en, es in (item.split("/") for item in text.split()))


SERVER: tuple[Pair, ...] = _pairs("""
    river/río bridge/puente lantern/farol harvest/cosecha window/ventana garden/jardín drum/tambor bread/pan
    salt/sal honey/miel corn/maíz bean/frijol apple/manzana orange/naranja lemon/limón cherry/cereza
    mountain/montaña valley/valle island/isla desert/desierto forest/bosque meadow/prado beach/playa lake/lago
    star/estrella moon/luna cloud/nube rain/lluvia snow/nieve wind/viento thunder/trueno rainbow/arcoíris
    horse/caballo rabbit/conejo turtle/tortuga eagle/águila heron/garza owl/búho whale/ballena dolphin/delfín
    butterfly/mariposa cricket/grillo bee/abeja fox/zorro deer/venado goat/cabra rooster/gallo duck/pato
    chair/silla door/puerta key/llave ladder/escalera basket/canasta blanket/cobija needle/aguja hammer/martillo
    guitar/guitarra violin/violín bell/campana whistle/silbato letter/carta book/libro pencil/lápiz candle/vela
""")
FIRST: tuple[Pair, ...] = _pairs("""
    red/rojo blue/azul green/verde yellow/amarillo purple/morado white/blanco black/negro brown/café
    silver/plateado golden/dorado pink/rosado gray/gris copper/cobre amber/ámbar ivory/marfil coral/coral
    turquoise/turquesa scarlet/escarlata olive/oliva cream/crema
""")
SECOND: tuple[Pair, ...] = _pairs("""
    table/mesa street/calle school/escuela market/mercado kitchen/cocina porch/portal stairs/gradas roof/techo
    train/tren bicycle/bicicleta boat/barco wagon/carreta shoe/zapato hat/sombrero coat/abrigo scarf/bufanda
    spoon/cuchara plate/plato kettle/tetera clock/reloj
""")
LISTS: tuple[tuple[Pair, ...], ...] = (SERVER, SERVER, FIRST, SECOND)
Picks = tuple[int, int, int, int]


def phrase_of(picks: Picks, language: str = "en") -> str:
    """The four words in a language; the English one is what goes into the trackers."""
    column = 1 if language == "es" else 0
    return " ".join(words[pick][column] for words, pick in zip(LISTS, picks, strict=True))


def are_words(picks: tuple[int, ...]) -> bool:
    """Whether four numbers name four words, the two of the server different."""
    return len(picks) == 4 and picks[0] != picks[1] and all(0 <= p < len(w) for w, p in zip(LISTS, picks, strict=True))


def read_phrase(text: str) -> str | None:
    """The English phrase that someone typed in either language, accents and capitals forgiven.

    None when it is not one.
    """
    typed = text.replace(",", " ").split()
    if len(typed) != 4:
        return None
    picks = []
    for word, words in zip(typed, LISTS, strict=True):
        found = [i for i, pair in enumerate(words) if fold(word) in (fold(pair[0]), fold(pair[1]))]
        if not found:
            return None
        picks.append(found[0])
    return phrase_of((picks[0], picks[1], picks[2], picks[3]))
