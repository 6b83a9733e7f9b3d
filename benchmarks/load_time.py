"""How long `ev.load` takes the first time for the largest table, once pandas is imported."""

import importlib
import time

import pandas as pd
from report import report

import evcourse as ev

RUNS = 50
BUDGET_MS = 5


def main() -> None:
    name = max(ev.datasets()["name"], key=lambda each: ev.dataset(each).path.stat().st_size)
    rows = ev.load(name)
    report(
        "load_time",
        f"`ev.load({name!r})`, the largest table ({len(rows)} rows, {rows.shape[1]} columns), takes {{}}.",
        [loaded_ms(name) for _ in range(RUNS)],
        budget=BUDGET_MS,
        dataset=name,
        pandas=pd.__version__,
    )


def loaded_ms(name: str) -> float:
    # A table that has been read once comes from memory.
    importlib.import_module("evcourse.datasets")._table.cache_clear()
    importlib.import_module("evcourse.table_files")._parsed.cache_clear()
    start = time.perf_counter()
    ev.load(name)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
