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

RUNS = 3
# What the course may add to a bare start: the library, its data, and the cells above the first chart.
BUDGET_MS = 3000
BARE = """import altair as alt
import pandas as pd

alt.renderers.enable("svg")
alt.Chart(pd.DataFrame({"x": [1, 2, 3], "y": [1, 4, 9]})).mark_point().encode(x="x", y="y")"""
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
CHART = ":is(.jp-RenderedSVG img, .jp-RenderedSVG svg, .jp-RenderedVegaCommon svg, .jp-RenderedVegaCommon canvas, .evcourse-chart svg)"
SHOW = "(place) => window.jupyterapp.shell.currentWidget.content.scrollToItem(place, 'start')"
RUN_ALL = """() => {
  for (const command of ['notebook:clear-all-cell-outputs', 'notebook:run-all-cells']) window.jupyterapp.commands.execute(command);
}"""


def main() -> None:
    if not browser_program():
        sys.exit("No Chromium on this machine: install it (Debian: `apt install chromium`), then run this again.")
    lesson = Path(sys.argv[1]) if sys.argv[1:] else first_with_a_chart()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        bare = Path(folder) / "bare.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(BARE)], metadata=PYTHON), bare)
        pairs = [(launched_ms(browser, bare), launched_ms(browser, lesson)) for _ in range(RUNS)]
    whole = {"bare_ms": round(median(pair[0] for pair in pairs)), "course_ms": round(median(pair[1] for pair in pairs))}
    report(
        "launch",
        f"From launch to the first chart, {lesson.name} takes {whole['course_ms'] / 1000:.1f} s, "
        f"a bare JupyterLab with a bare chart {whole['bare_ms'] / 1000:.1f} s; the course adds {{}}.",
        [course - bare for bare, course in pairs],
        budget=BUDGET_MS,
        **whole,
    )


def launched_ms(browser: Any, notebook: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(notebook, folder)
        tab = new_tab(browser)
        start = time.perf_counter()
        with jupyterlab(Path(folder)) as server:
            tab.open(server, notebook.name)
            tab.page.evaluate(RUN_ALL)
            tab.page.evaluate(SHOW, place_of_first_chart(notebook))
            tab.page.locator(CHART).first.wait_for(timeout=120_000)
            taken = 1000 * (time.perf_counter() - start)
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
    drawn = (place for place, cell in cells if any("image/svg+xml" in each.get("data", {}) for each in cell.get("outputs", [])))
    return next(drawn, 0)


if __name__ == "__main__":
    main()
