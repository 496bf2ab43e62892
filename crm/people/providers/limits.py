"""How much of a file we take, and the words that refuse the rest."""

from crm.kernel.refusal import N_, Reason, Refused
from crm.people.rules.columns import MOST_COLUMNS

LARGEST_UNPACKED = 300 * 2**20
LONGEST_CELL = 32_767  # as in Excel
MOST_ROWS = 500_000
MOST_CELLS = 5_000_000
MOST_CELLS_IN_A_BOOK = 2_500_000  # a workbook opens at once and whole; this many cells stay within 300 MB
_TOO_MANY_COLUMNS = N_("This sheet has more than %(n)s columns. Keep the columns that speak of people and try again.")
_TOO_MANY_CELLS = N_("This sheet has more than %(n)s cells. Split it and import the parts.")
_TOO_MANY_ROWS = N_("This sheet has more than %(n)s rows. Split it and import the parts.")
NOT_A_SHEET = N_("This is not a spreadsheet that Plenary can read. Save it as CSV or as an Excel workbook (.xlsx) and try again.")
UNCLOSED = N_("A quotation mark opens in this file and never closes, so the cells cannot be told apart.")
TOO_LONG = N_("A cell of row %(row)s holds more than %(n)s letters. A list of people has no such cells.")
TOO_LARGE_INSIDE = N_("Unpacked, this workbook is larger than 300 MB. Keep the sheet with people and try again.")


def refuse_size(width: int, height: int, cells: int, most_cells: int = MOST_CELLS) -> None:
    """Refuses what is wider, longer or fuller than a list of people can be."""
    if width > MOST_COLUMNS:
        raise Refused(Reason(_TOO_MANY_COLUMNS, {"n": MOST_COLUMNS}))
    if cells > most_cells:
        raise Refused(Reason(_TOO_MANY_CELLS, {"n": most_cells}))
    if height > MOST_ROWS:
        raise Refused(Reason(_TOO_MANY_ROWS, {"n": MOST_ROWS}))
