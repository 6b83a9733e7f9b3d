"""How long a chart takes to follow a key, for every control of every interactive chart, in a real browser.

The browser has no network. `python benchmarks/redraw.py [NOTEBOOK …]`; without names, every notebook of the course.
Charts that the browser computes and charts that the kernel computes have budgets of their own; name one of the two to
measure it alone: `python benchmarks/redraw.py kernel`. Each control gets 25 key presses with the kernel, and those of
charts that need no kernel 25 more after it was shut down. Two times are taken for
each press, both from the moment the browser received the key: until the chart was redrawn, and until the next frame,
when it can be seen.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from report import report

COURSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(COURSE / "tests" / "browser"))

from lab import browser_program, chromium, jupyterlab, new_tab  # noqa: E402

PRESSES = 25
BUDGET_MS = {"browser": 30, "kernel": 60}
LIVE = ".evcourse-live"

# The places of the cells with an interactive chart: a widget that has a picture beside it.
LIVE_CELLS = """() => {
  const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
  const is_live = ({ data = {} }) => 'application/vnd.jupyter.widget-view+json' in data && 'image/svg+xml' in data;
  const has_live = (cell) => cell.type === 'code' && cell.outputs.toJSON().some(is_live);
  return [...Array(cells.length).keys()].filter((place) => has_live(cells.get(place)));
}"""
SHOW = """async (place) => {
  const { content } = window.jupyterapp.shell.currentWidget;
  content.activeCellIndex = place;
  await content.scrollToItem(place, 'start');
}"""
SHUT_DOWN = "() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()"

# Notes, for the next key press: the key, the redraw that follows it, and the frame after that.
WATCH = """(control) => {
  const live = control.closest('.evcourse-live');
  window.evcourseTimes = new Promise((done, failed) => {
    setTimeout(() => failed(new Error('The chart did not follow the key within 5 s.')), 5000);
    const watcher = new MutationObserver(() => {
      const drawn = Number(live.dataset.drawn) - window.evcourseKey;
      watcher.disconnect();
      requestAnimationFrame(() => done({ drawn, seen: performance.now() - window.evcourseKey }));
    });
    control.addEventListener('keydown', (event) => {
      window.evcourseKey = event.timeStamp;
      watcher.observe(live, { attributes: true, attributeFilter: ['data-drawn'] });
    }, { once: true, capture: true });
  });
}"""
# A press that changes nothing would not be a measurement: at an end of its range a control goes back.
NEXT_KEY = """(control) => control.tagName === 'SELECT'
  ? (control.selectedIndex < control.options.length - 1 ? 'ArrowDown' : 'ArrowUp')
  : (Number(control.value) + Number(control.step || 1) <= Number(control.max) ? 'ArrowRight' : 'ArrowLeft')"""
NAME = "(control) => control.closest('label')?.querySelector('span')?.textContent ?? control.getAttribute('aria-label')"


def main() -> None:
    if not browser_program():
        sys.exit("No Chromium on this machine: install it (Debian: `apt install chromium`), then run this again.")
    place, *names = [*sys.argv[1:]] if sys.argv[1:2] in (["kernel"], ["browser"]) else ["browser", *sys.argv[1:]]
    notebooks = [Path(name) for name in names] or sorted((COURSE / "notebooks").glob("*.ipynb"))
    tell([control for notebook in notebooks for control in measured(notebook, place)], place)


def tell(controls: list[dict[str, Any]], place: str) -> None:
    if not controls:
        sys.exit(f"No interactive chart that the {place} computes.")
    for control in controls:
        print(
            "{notebook}, {control} ({kernel} kernel): redrawn after {drawn:.1f} ms, seen after {seen:.1f} ms".format(
                **control
            )
        )
    slowest = max(controls, key=lambda control: control["seen"])
    report(
        f"redraw_{place}",
        f"The slowest of {len({(each['notebook'], each['control']) for each in controls})} controls of charts that the "
        f"{place} computes redraws its chart {slowest['drawn']:.1f} ms after a key press, "
        "and it can be seen after {}.",
        slowest.pop("runs"),
        budget=BUDGET_MS[place],
        controls=[{key: value for key, value in control.items() if key != "runs"} for control in controls],
    )


def measured(notebook: Path, place: str) -> list[dict[str, Any]]:
    """Return what was measured on one notebook: an entry for each control, with and without a kernel."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        shutil.copy(notebook, folder)
        with jupyterlab(Path(folder)) as server:
            tab = new_tab(browser)
            tab.open(server, notebook.name)
            tab.run_all()
            named = {"notebook": notebook.name}
            found = [{**named, "kernel": "with", **each} for each in measurements(tab.page, place)]
            if place == "kernel" or not found:
                return found
            tab.page.evaluate(SHUT_DOWN)
            return found + [{**named, "kernel": "without", **each} for each in measurements(tab.page, place)]


def measurements(page: Any, place: str) -> Iterator[dict[str, Any]]:
    for number in page.evaluate(LIVE_CELLS):
        page.evaluate(SHOW, number)
        cell = page.locator(f'.jp-Cell[data-windowed-list-index="{number}"]')
        cell.locator(f"{LIVE}[data-drawn]").first.wait_for()
        computed_here = cell.locator(f"{LIVE}[data-computed-by='{place}']")
        for control in computed_here.locator("input[type=range], select").all():
            yield timed(page, control)


def timed(page: Any, control: Any) -> dict[str, Any]:
    control.focus()
    times = []
    for _ in range(PRESSES):
        control.evaluate(WATCH)
        page.keyboard.press(control.evaluate(NEXT_KEY))
        times.append(page.evaluate("() => window.evcourseTimes"))
    drawn, seen = ([each[kind] for each in times] for kind in ("drawn", "seen"))
    middles = {"drawn": round(median(drawn), 2), "seen": round(median(seen), 2)}
    return {"control": control.evaluate(NAME), **middles, "slowest": round(max(seen), 2), "runs": seen}


if __name__ == "__main__":
    main()
