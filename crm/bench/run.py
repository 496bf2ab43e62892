"""Runs figures and writes them as the command prints them."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from crm.bench.figures import FIGURES, ONE_LIST
from crm.bench.stage import stage


def measure(*names: str, size: int | None = None, tell: Callable[[str], object] = lambda line: None) -> list[dict[str, Any]]:
    """The figures (by name, a room's by its word, or all) as name, value, unit, raw, ratio, database, n; a ratio of 1 is the
    raw limit itself. `size` is how many people, texts or ballots instead of each figure's own number; `tell` gets each as soon as it is known."""
    unknown = [name for name in names if not any(name in (each, each.split(".")[0]) for each in FIGURES)]
    if unknown:
        raise SystemExit(f"There is no figure {', '.join(unknown)}. There are: {', '.join(FIGURES)}.")
    wanted = [each for each in FIGURES if not names or {each, each.split(".")[0]} & {*names}]
    figures = []
    for _, together in groupby(wanted, lambda each: ONE_LIST if each in ONE_LIST else each):
        with stage() as on:
            for each in together:
                value, unit, raw, n = FIGURES[each](on, **({"n": size} if size else {}))
                ratio = raw / value if unit in ("ms", "MB") else value / raw
                figures.append(
                    {"name": each, "value": round(value, 2), "unit": unit, "raw": round(raw, 2), "ratio": round(ratio, 4), "database": on.kind, "n": n})
                tell(line_of(figures[-1]))
    return figures


def line_of(f: dict[str, Any]) -> str:
    """A figure as people read it."""
    return f"{f['name']:28} {f['value']:>12,.1f} {f['unit']:<10} raw {f['raw']:>12,.1f}  ratio {f['ratio']:.3f}  {f['database']}, n={f['n']:,}"
