"""How long from starting JupyterLab to the first chart of the course, against a bare JupyterLab with one bare chart.

`python benchmarks/launch.py [NOTEBOOK]`; without a name, the first notebook of the course that draws a chart. Both are
opened in the same browser without network, run from the top, and timed until the first chart stands on the page. The
bare chart is plain Altair's own SVG, its quickest picture that needs no network.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
from report import report

COURSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(COURSE / "tests" / "browser"))

from lab import browser_program, chromium, jupyterlab, new_tab  # noqa: E402

RUNS = 5
# What the course may add to a bare start: the library, its data, and the cells above the first chart.
BUDGET_S = 3
BARE = """import altair as alt
import pandas as pd

alt.renderers.enable("svg")
alt.Chart(pd.DataFrame({"x": [1, 2, 3], "y": [1, 4, 9]})).mark_point().encode(x="x", y="y")"""
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
# A plain picture, one that JupyterLab's own Vega draws, and an interactive chart of the course.
CHART = ":is(.jp-RenderedSVG, [class*=jp-RenderedVegaCommon], .evcourse-chart) :is(img, svg, canvas)"
SHOW = "(place) => window.jupyterapp.shell.currentWidget.content.scrollToItem(place, 'start')"
RUN_ALL = """() => {
  const { commands } = window.jupyterapp;
  for (const command of ['clear-all-cell-outputs', 'run-all-cells']) commands.execute(`notebook:${command}`);
}"""


def main() -> None:
    if not browser_program():
        sys.exit("No Chromium on this machine: install it (Debian: `apt install chromium`), then run this again.")
    lesson = Path(sys.argv[1]) if sys.argv[1:] else first_with_a_chart()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        bare = Path(folder) / "bare.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(BARE)], metadata=PYTHON), bare)
        launched_s(browser, bare)  # Not counted: it fills the machine's caches.
        pairs = [(launched_s(browser, bare), launched_s(browser, lesson)) for _ in range(RUNS)]
    whole = {"bare": round(median(pair[0] for pair in pairs), 2), "course": round(median(pair[1] for pair in pairs), 2)}
    report(
        "launch",
        f"From launch to the first chart, {lesson.name} takes {whole['course']:.1f} s, "
        f"a bare JupyterLab with a bare chart {whole['bare']:.1f} s; the course adds {{}}.",
        [course - bare for bare, course in pairs],
        unit="s",
        budget=BUDGET_S,
        **whole,
    )


def launched_s(browser: Any, notebook: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(notebook, folder)
        tab = new_tab(browser)
        start = time.perf_counter()
        with jupyterlab(Path(folder)) as server:
            tab.open(server, notebook.name)
            tab.page.evaluate(RUN_ALL)
            tab.page.evaluate(SHOW, place_of_first_chart(notebook))
            tab.page.locator(CHART).first.wait_for(timeout=120_000)
            taken = time.perf_counter() - start
            tab.page.context.close()
    return taken


def first_with_a_chart() -> Path:
    for notebook in sorted((COURSE / "notebooks").glob("*.ipynb")):
        if place_of_first_chart(notebook):
            return notebook
    sys.exit("No notebook of the course has a stored chart: run `make notebooks`.")


def place_of_first_chart(notebook: Path) -> int:
    """Return the place of the first cell that has a stored picture, 0 if none has."""
    cells = enumerate(nbformat.read(notebook, as_version=4).cells)
    drawn = (
        place
        for place, cell in cells
        if any("image/svg+xml" in each.get("data", {}) for each in cell.get("outputs", []))
    )
    return next(drawn, 0)


if __name__ == "__main__":
    main()
