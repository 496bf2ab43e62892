"""What a table writes and what is made of it: notes, proposals, dots."""

from collections.abc import Iterable, Mapping

from crm.kernel.refusal import N_, Reason

LONGEST_NOTE, LONGEST_TITLE, LONGEST_TEXT = 600, 120, 2000
MOST_NOTES = 200
"""Notes of one table: more is a machine's doing."""
MOST_DOTS = 20
TOO_LATE = N_("This assembly is over. What was written stays.")


def issues_in_note(body: str, there: int) -> list[Reason]:
    """Why a note cannot be taken in; `there` is how many the table has."""
    if not body:
        return [Reason(N_("Write what was said."), {}, "body")]
    if len(body) > LONGEST_NOTE:
        return [Reason(N_("A note has at most %(most)s characters. Make two of it."), {"most": LONGEST_NOTE}, "body")]
    return [Reason(N_("This table has written %(most)s notes. Ask the facilitator."), {"most": MOST_NOTES})] if there >= MOST_NOTES else []


def issues_in_proposal(titles: Mapping[str, str], texts: Mapping[str, str]) -> list[Reason]:
    """Why a proposal cannot be written down; one language is enough."""
    found = [] if any(titles.values()) else [Reason(N_("Write the proposal in one sentence."), {}, "title_en")]
    for language, words in titles.items():
        if len(words) > LONGEST_TITLE:
            found.append(Reason(N_("At most %(most)s characters."), {"most": LONGEST_TITLE}, f"title_{language}"))
    for language, words in texts.items():
        if len(words) > LONGEST_TEXT:
            found.append(Reason(N_("At most %(most)s characters."), {"most": LONGEST_TEXT}, f"text_{language}"))
    return found


def issues_before_dots(dots: int | None, proposals: int, is_open: bool) -> list[Reason]:
    """Why tables cannot be asked for their dots."""
    found = [Reason(N_("Dots are being given already."))] if is_open else []
    if proposals < 2:
        found.append(Reason(N_("Write down at least two proposals first.")))
    if dots is None or not 1 <= dots <= MOST_DOTS:
        found.append(Reason(N_("Each person has 1 to %(most)s dots."), {"most": MOST_DOTS}, "dots"))
    return found


def issues_in_points(points: Mapping[int, int | None], purse: int) -> list[Reason]:
    """Why a table's dots cannot be taken: what is no number, and more than its people have together."""
    if any(n is None or n < 0 for n in points.values()):
        return [Reason(N_("Write whole numbers, 0 or more."))]
    given = sum(n or 0 for n in points.values())
    return [Reason(N_("Your table has %(purse)s dots together, and these are %(given)s."), {"purse": purse, "given": given})] if given > purse else []


def ranked(points: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """(proposal, dots, tables that gave any): most dots first, then most tables."""
    return sorted(points, key=lambda row: (-row[1], -row[2]))
