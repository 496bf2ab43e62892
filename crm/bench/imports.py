"""The figures of imports: rows a second beside bare inserts of what they left, and the memory of a quarter of a million rows."""

import csv
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path

from crm.bench.search import names
from crm.bench.stage import Stage, bare_inserts
from crm.infra.db import Base
from crm.people.jobs import import_from_command

LEFT = ("people", "person_words", "phones", "emails", "tags", "person_tags", "imports", "import_rows", "events")
MOST_MB = 300.0


HEADINGS = ["First Name", "Last Name", "Cell", "Email", "Language", "City", "Zip", "Tags"]
MORE = {  # what an export of a large list has besides
    "Street Address": "{home} Wexford Street", "State": "CA", "Home Phone": "(510) {exchange}-{line:04d}",
    "Membership Status": "member", "Member Since": "2024-05-{m:02d}",
    "Neighborhood": "Mill District", "VANID": "{k}", "Notes": "Met at door {k}, wants to hear more",
    "Building": "Block {exchange}", "Steward": "yes",
}
IN_A_FILE = 250_000


@contextmanager
def spreadsheets(n: int, is_wide: bool = False) -> Iterator[list[Path]]:
    """Files of invented people, a phone and an e-mail address each, no more of them in a file than are promised to fit."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for start in range(0, n, IN_A_FILE):
            paths.append(path := Path(folder) / f"people-{start}.csv")
            with path.open("w", newline="") as file:
                out = csv.writer(file)
                out.writerow([*HEADINGS, *(MORE if is_wide else ())])
                for k in range(start, min(start + IN_A_FILE, n)):
                    given, family = names(k)
                    phone = f"(415) {200 + k // 10000}-{k % 10000:04d}"
                    row = [given, f"{family} {k}", phone, f"p{k}@mail.example", "Spanish", "Port Callan", "94001", "Renter"]
                    home = k // 3  # three share an address and its number
                    more = {"k": k, "m": k % 28 + 1, "home": home, "exchange": 200 + home // 10000, "line": home % 10000}
                    out.writerow([*row, *(text.format(**more) for text in MORE.values())] if is_wide else row)
        yield paths


def import_all(paths: list[Path]) -> None:
    """Brings the files in as the command does."""
    for path in paths:
        with redirect_stdout(said := StringIO()):
            if import_from_command(str(path), "bench", False, True):
                raise RuntimeError(said.getvalue()[:500])


def rows_imported(on: Stage, n: int = 100_000) -> tuple[float, str, float, int]:
    """Rows imported per second (read, phones parsed, matched, planned, applied, findable) beside a bare insert of all rows that this left."""
    with spreadsheets(n) as paths:
        begin = time.perf_counter()
        import_all(paths)
        seconds = time.perf_counter() - begin
    _rows, raw = bare_inserts(on, [Base.metadata.tables[name] for name in LEFT])
    return n / seconds, "rows/s", n / raw, n


def memory_of_an_import(on: Stage, n: int = IN_A_FILE) -> tuple[float, str, float, int]:
    """The most memory (MB) that this process held while it imported so many rows of eighteen columns, beside what is allowed."""
    with spreadsheets(n, is_wide=True) as paths:
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        import_all(paths)
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(peak[1]) / 1024 if peak else 0.0, "MB", MOST_MB, n
