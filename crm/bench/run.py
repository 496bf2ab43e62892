"""Runs figures and writes them as the command prints them."""

from typing import Any

from crm.bench.figures import FIGURES
from crm.bench.stage import stage


def measure(name: str | None = None, size: int | None = None) -> list[dict[str, Any]]:
    """The figures (one by name, a room's by its word, or all) as name, value, unit, raw, ratio, database, n; a ratio of 1 is the
    raw limit itself. `size` is how many people, texts or ballots instead of each figure's own number."""
    wanted = [each for each in FIGURES if name in (None, each, each.split(".")[0])]
    if not wanted:
        raise SystemExit(f"There is no figure {name}. There are: {', '.join(FIGURES)}.")
    figures = []
    for each in wanted:
        with stage() as on:
            value, unit, raw, n = FIGURES[each](on, **({"n": size} if size else {}))
            ratio = raw / value if unit in ("ms", "MB") else value / raw
            figures.append({"name": each, "value": round(value, 2), "unit": unit, "raw": round(raw, 2), "ratio": round(ratio, 4), "database": on.kind, "n": n})
    return figures
