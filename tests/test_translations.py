"""Every word a member reads exists in their language: nothing missing, nothing empty, no hard-coded word in a page."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

pytestmark = pytest.mark.one_database
ROOT = Path(__file__).parent.parent
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "_l": None, "N_": None, "ngettext": (1, 2)}
METHODS = [("crm/**.py", "python"), ("templates/**.html", "jinja2")]
# Names and the languages' own names: the same in every language.
SAME_EVERYWHERE = {"Plenary", "English", "Español"}
ATTRIBUTES = re.compile(r"""\b(?:aria-label|title|placeholder|alt|data-confirm)=(["'])(.*?)\1""", re.S)
# Blocks whose content is read by the layout, not by a person.
CODE_BLOCKS = re.compile(r"\{% block (nav|body_class|lang) %\}.*?\{% endblock %\}", re.S)
JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.S)
UNSEEN = re.compile(r"<!--.*?-->|<(script|style|code)\b.*?</\1>|<[^>]*>|&#?\w+;", re.S)
LABEL = re.compile(r"[A-ZÁÉÍÓÚÑ¿][a-záéíóúñ]+(\s|$)")
PLACES = re.compile(r"%\((\w+)\)[sd]")


def extracted(root: Path) -> set[str | tuple[str, ...]]:
    """Every message of the program and its pages, extracted afresh."""
    options = {"templates/**.html": {"silent": "false"}}
    everywhere = {"directory_filter": lambda folder: not Path(folder).name.startswith(".")}  # templates/_parts too
    found = extract_from_dir(root, METHODS, options, KEYWORDS, **everywhere)
    return {message for _file, _line, message, _comments, _context in found if message}


def untranslated(wanted: set[str | tuple[str, ...]], catalog: dict[str | tuple[str, ...], Message]) -> list[str]:
    """What is wrong with the catalog, one line for each message."""
    wrong = []
    for message in sorted(wanted, key=str):
        entry = catalog.get(message if isinstance(message, str) else message[0])
        if entry is None:
            wrong.append(f"missing: {message!r}")
            continue
        texts = [entry.string] if isinstance(entry.string, str) else list(entry.string)
        if not all(texts) or entry.fuzzy or (isinstance(message, tuple) and len(texts) != 2):
            wrong.append(f"empty, fuzzy or without plural: {message!r}")
        else:
            wrong += [f"other places: {message!r} -> {text!r}" for text in texts if not same_places(message, text)]
    return wrong


def same_places(message: str | tuple[str, ...], text: str) -> bool:
    """A translation fills the same places. A plural form may leave out the number."""
    if isinstance(message, str):
        return set(PLACES.findall(message)) == set(PLACES.findall(text))
    of_all = set(PLACES.findall(" ".join(message)))
    return of_all - {"num", "n"} <= set(PLACES.findall(text)) <= of_all | {"num"}


def spanish() -> dict[str | tuple[str, ...], Message]:
    with (ROOT / "crm/translations/es/LC_MESSAGES/messages.po").open("rb") as file:
        catalog = read_po(file, locale="es")
    return {(m.id if isinstance(m.id, str) else m.id[0]): m for m in catalog if m.id}


def hard_coded(source: str) -> list[str]:
    """Words that a reader would see and no catalog holds: in the text, in attributes, in calls of macros."""
    bare = JINJA.sub(" ", CODE_BLOCKS.sub(" ", source))
    words = [match.group(2) for match in ATTRIBUTES.finditer(bare)] + [UNSEEN.sub(" ", bare)]
    seen = [word for text in words for word in re.findall(r"[^\W\d_]+", text)]
    return [word for word in seen if word not in SAME_EVERYWHERE] + spoken_literals(source)


def spoken_literals(source: str) -> list[str]:
    """String literals that read like a sentence or a label and are not inside a translation call."""
    tree = Environment(extensions=["jinja2.ext.do"]).parse(source)
    kept = set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext"):
            kept |= {id(const) for const in call.find_all(nodes.Const)}
    literals = [c.value for c in tree.find_all(nodes.Const) if isinstance(c.value, str) and id(c) not in kept]
    return [text for text in literals if LABEL.match(text) and text not in SAME_EVERYWHERE]


SAYS = {"Reason", "Refused", "flash", "InputRequired", "DataRequired", "Length", "Optional", "Regexp", "EqualTo"}


def unmarked(source: str) -> list[str]:
    """Words for a reader in Python code that no catalog holds: a literal as the words of a reason, label or flash."""
    found = []
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in SAYS or name.endswith("Field"):
            words = call.args[:1] + [k.value for k in call.keywords if k.arg in ("label", "description", "message")]
            found += [word.value for word in words if isinstance(word, ast.Constant)]
    return [words for words in found if isinstance(words, str) and " " in words]


def test_every_message_is_said_in_spanish() -> None:
    wrong = untranslated(extracted(ROOT), spanish())
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_page_has_a_hard_coded_word(path: Path) -> None:
    assert hard_coded(path.read_text()) == []


@pytest.mark.parametrize("room", sorted(p.name for p in (ROOT / "crm").iterdir() if p.is_dir()))
def test_no_code_speaks_words_that_are_not_marked(room: str) -> None:
    code = {path: unmarked(path.read_text()) for path in (ROOT / "crm" / room).rglob("*.py")}
    assert {str(path.relative_to(ROOT)): words for path, words in code.items() if words} == {}


def test_a_planted_message_is_caught(tmp_path: Path) -> None:
    (tmp_path / "crm").mkdir()
    (tmp_path / "templates/_parts").mkdir(parents=True)
    code = 'A = N_("Planted %(n)s")\nB = ngettext("%(num)s a", "%(num)s b", 2)\n'
    (tmp_path / "crm/room.py").write_text(code)
    (tmp_path / "templates/_parts/page.html").write_text('{{ _("Planted on a page") }}')
    wanted = extracted(tmp_path)
    assert wanted == {"Planted %(n)s", ("%(num)s a", "%(num)s b"), "Planted on a page"}
    assert len(untranslated(wanted, {})) == 3
    one = {"Planted %(n)s"}
    assert untranslated(one, {"Planted %(n)s": Message("Planted %(n)s", "Sembrado")})
    assert untranslated(one, {"Planted %(n)s": Message("Planted %(n)s", "")})
    assert untranslated(one, {"Planted %(n)s": Message("Planted %(n)s", "Sembrado %(n)s", flags=["fuzzy"])})
    assert not untranslated(one, {"Planted %(n)s": Message("Planted %(n)s", "Sembrado %(n)s")})


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello {{ name }}</p>",
        '<a aria-label="Undo {{ name }}">{{ icon("undo") }}</a>',
        '<input placeholder="Name">',
        '{{ button("Save") }}',
        "{% if ok %}yes{% endif %}",
    ],
)
def test_a_planted_word_is_caught(source: str) -> None:
    assert hard_coded(source)


def test_a_planted_word_in_code_is_caught() -> None:
    assert unmarked('raise Refused("Not today, sorry")') and unmarked('x = StringField("Given name")')
    assert unmarked('x = StringField(_l("Given name"), description="Like Ana Luz")')
    assert not unmarked('raise Refused(Reason(N_("Not today")))') and not unmarked('flash(_("Saved it"), "yes")')


def test_what_is_not_a_word_passes() -> None:
    assert not hard_coded('{# Words #}<p class="Words" title="{{ _("Save it") }}">&nbsp;{{ button(_("Save")) }} 5</p>')


TU = re.compile(r"\b(?:tú|tu|tus|ti|contigo|tuy[oa]s?|eres|tienes|puedes|quieres|debes|sabes)\b", re.I)
FAMILIAR = {  # an order as one gives it to a friend, by the English that it stands for
    "Write": "Escribe", "Choose": "Elige", "Put": "Pon", "Set": "Pon", "Open": "Abre", "Tick": "Marca", "Scan": "Escanea", "Print": "Imprime",
    "Say": "Indica", "Enter": "Captura", "Take": "Quita", "Check": "Revisa", "Ask": "Pregunta", "Try": "Prueba", "Use": "Usa", "Look": "Mira",
}


def familiar(english: str, text: str) -> bool:
    """Whether a message says tú."""
    begins = text.lstrip("¡¿ ").split(" ")[0].rstrip(".,:")
    return bool(TU.search(text)) or FAMILIAR.get(english.split(" ")[0]) == begins


def test_the_eye_hears_tu():
    assert familiar("Your code", "Tu código") and familiar("Write a number.", "Escribe un número.") and not familiar("Opens at", "Abre a las")


def test_spanish_says_usted():
    said = [(key if isinstance(key, str) else key[0], entry.string) for key, entry in spanish().items()]
    assert [text for english, texts in said for text in ([texts] if isinstance(texts, str) else texts) if familiar(english, text)] == []
