"""Runs figures and writes them as the command prints them."""

from typing import Any

from crm.bench.figures import FIGURES
from crm.bench.stage import stage


def measure(name: str | None = None, **sizes: int) -> list[dict[str, Any]]:
    """The figures (one by name, or all) as name, value, unit, raw, ratio, database, n; a ratio of 1 is the raw limit itself."""
    if name is not None and name not in FIGURES:
        raise SystemExit(f"There is no figure {name}. There are: {', '.join(FIGURES)}.")
    figures = []
    for each in [name] if name else FIGURES:
        with stage() as on:
            value, unit, raw, n = FIGURES[each](on, **({"n": sizes[each]} if each in sizes else {}))
            ratio = raw / value if unit in ("ms", "MB") else value / raw
            figures.append({"name": each, "value": round(value, 2), "unit": unit, "raw": round(raw, 2), "ratio": round(ratio, 4), "database": on.kind, "n": n})
    return figures
