"""The figures of imports: rows a second beside bare inserts of what they left, and the memory of a quarter of a million rows."""

import csv
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path

from crm.bench.stage import Stage, bare_inserts
from crm.infra.db import Base
from crm.people.jobs import import_from_command

LEFT = ("people", "person_words", "phones", "emails", "tags", "person_tags", "imports", "import_rows", "events")
MOST_MB = 300.0


@contextmanager
def spreadsheet(n: int) -> Iterator[Path]:
    """A file of invented people, a phone and an e-mail address each."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        with path.open("w", newline="") as file:
            out = csv.writer(file)
            out.writerow(["First Name", "Last Name", "Cell", "Email", "Language", "City", "Zip", "Tags"])
            for k in range(n):
                phone = f"(415) {200 + k // 10000}-{k % 10000:04d}"
                out.writerow([f"Ana {k}", "Quintero", phone, f"ana{k}@mail.example", "Spanish", "Port Callan", "94001", "Renter"])
        yield path


def rows_imported(on: Stage, n: int = 100_000) -> tuple[float, str, float, int]:
    """Rows imported per second (read, phones parsed, matched, planned, applied, findable) beside a bare insert of all rows that this left."""
    with spreadsheet(n) as path, redirect_stdout(StringIO()):
        begin = time.perf_counter()
        import_from_command(str(path), "bench", False, True)
        seconds = time.perf_counter() - begin
    _rows, raw = bare_inserts(on, [Base.metadata.tables[name] for name in LEFT])
    return n / seconds, "rows/s", n / raw, n


def memory_of_an_import(on: Stage, n: int = 250_000) -> tuple[float, str, float, int]:
    """The most memory (MB) that this process held while it imported so many rows, beside what is allowed."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    with spreadsheet(n) as path, redirect_stdout(StringIO()):
        import_from_command(str(path), "bench", False, True)
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(peak[1]) / 1024 if peak else 0.0, "MB", MOST_MB, n
