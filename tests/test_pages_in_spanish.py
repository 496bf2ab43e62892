"""Every page in Spanish, as an administrator sees it: no piece of it is a message of ours left in English.

The catalog may be whole and a page forget to use it; a choice of a form that is never translated is found here.
"""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.test_every_route import address, client, clock, method_of, rules, stage

__all__ = ["clock", "stage"]
pytestmark = [pytest.mark.one_database, pytest.mark.long]  # as organizers' pages in the browser are in Spanish
CATALOG = Path(__file__).parent.parent / "crm/translations/es/LC_MESSAGES/messages.po"
SILENT = {"script", "style", "svg", "template", "pre", "textarea"}
VOID = {"br", "img", "input", "link", "meta", "hr", "use", "path", "rect", "col", "area", "wbr", "source"}


class Pieces(HTMLParser):
    """Each piece of text that stands alone, outside of what is declared to be in another language."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag not in VOID:
            language = dict(attrs).get("lang")
            quiet = bool(self.stack and self.stack[-1][1]) or tag in SILENT
            self.stack.append((tag, quiet if language is None or tag == "html" else language != "es"))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words and not (self.stack and self.stack[-1][1]):
            self.found.append(words)


def left_in_english(html: str, english: set[str]) -> set[str]:
    reader = Pieces()
    reader.feed(html)
    return {words for words in reader.found if words in english}


@pytest.fixture(scope="module")
def english() -> set[str]:
    """Our messages that read otherwise in Spanish; a single word may be a name that somebody typed."""
    catalog = read_po(CATALOG.open("rb"))
    return {m.id for m in catalog if isinstance(m.id, str) and " " in m.id and "%(" not in m.id and m.string and m.string != m.id}


def test_the_eye_sees(english):
    html = '<html lang="es"><body><p>Whose goal</p><p lang="en">Whose goal</p><script>Whose goal</script><option>Who speaks<option>Ask us</body></html>'
    assert left_in_english(html, english | {"Whose goal"}) == {"Whose goal", "Who speaks"}


def test_no_message_is_left_in_english(stage, english):
    app, _now, arguments = stage
    browser = client(app, "administrator@southbank.example", looks=False)
    wrong, seen = [], 0
    for rule in (each for each in rules(app) if method_of(each) == "GET"):
        answer = browser.get(address(app, rule, arguments.get(rule.endpoint, {})), query_string={"lang": "es"})
        if answer.status_code == 200 and answer.mimetype == "text/html" and '<html lang="es"' in answer.text:
            seen += 1
            wrong += [f"{rule.endpoint}: {words}" for words in sorted(left_in_english(answer.text, english))]
    assert seen > 100 and wrong == []
