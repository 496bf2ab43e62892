"""Reading an answer to a survey's question, and what a survey must hold."""

import pytest

from crm.evaluation.rules.surveys import Asked, issues_in_survey, may_change, may_open, read_choice

pytestmark = pytest.mark.one_database

NEEDS = Asked(
    {"en": "What hurts most?", "es": "¿Qué duele más?"},
    [{"en": "Rent", "es": "La renta"}, {"en": "Repairs", "es": "Reparaciones"}, {"en": "Heat", "es": "Calefacción"}],
)


@pytest.mark.parametrize(("body", "choice"), [
    ("2", 2), (" 3. ", 3), ("two", 2), ("dos", 2), ("number 1", 1), ("la 2", 2), ("2 please, it is bad", 2), ("rent", 1),
    ("La renta", 1), ("renta", None), ("repar", 2),
    ("calefaccion", 3), ("the heat I guess", 3), ("4", None), ("0", None), ("rent and heat", None),
    ("one more time please tell me", None), ("what?", None), ("", None), ("🙂", None),
])
def test_which_answer_is_meant(body, choice):
    assert read_choice(NEEDS, body) == choice


def test_a_question_is_said_with_its_numbers():
    assert NEEDS.said("es", 1, 2) == "1/2 ¿Qué duele más? 1 La renta 2 Reparaciones 3 Calefacción"
    assert Asked({"en": "Why?"}).said("es", 2, 2) == "2/2 Why?", "in the language there is"


def test_everything_that_is_wrong_is_said_at_once():
    issues = issues_in_survey(" ", [Asked({}, [{"en": "a"}]), Asked({"en": "x" * 301, "es": "y"}, [{"en": "a", "es": "b"}, {"en": "c"}])])
    assert [issue.params.get("n") for issue in issues] == [None, 1, 1, 1, 2, 2]
    assert issues_in_survey("After", [NEEDS]) == []


def test_states():
    assert may_open("draft", []) and may_open("open", [1]) and may_open("draft", [1]) is None and may_open("closed", [1]) is None
    assert may_change("open", True) and may_change("open", False) is None
