"""What evaluation holds about a person (see kernel.holdings)."""

from crm.kernel.holdings import ORGANIZE, Held, keys, nothing
from crm.kernel.refusal import N_

TABLES = {
    "surveys": N_("Surveys"),
    "survey_questions": N_("Questions of surveys"),
    "survey_respondents": N_("Who was asked"),
    "survey_answers": N_("Answers to surveys"),
}
HELD = [
    nothing("surveys", "title state opened_at closed_at", N_("A survey, and whether it is open")),
    nothing("survey_questions", "survey_id number words choices", N_("What a survey asks")),
    Held("survey_respondents", "asked_at done_at", N_("When somebody was asked, and was done"), ORGANIZE),
    keys("survey_respondents", "survey_id person_id state"),
    Held("survey_answers", "number choice words answered_at", N_("What somebody answered"), ORGANIZE),
    keys("survey_answers", "survey_id person_id"),
]
