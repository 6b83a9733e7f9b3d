"""A learner answers one question of each kind in JupyterLab, wrong and then right, by keyboard alone."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from evcourse.questions.lesson import declared
from evcourse.questions.opened import Exercises
from tests.browser.lab import jupyterlab, new_tab
from tests.sample_notebook import code

TESTS = Path(__file__).resolve().parent.parent
SAMPLE = Exercises(declared(TESTS / "sample_lesson"), "guest")
OPENING = """import altair as alt, pandas as pd
from evcourse.questions import exercises
q = exercises("sample_lesson")
def circles(divisor):
    rows = [(d, 3.14159 * d, 3.14159 * d * d / divisor, "big" if d > 400 else "small") for d in q.circles.given["diameters"]]
    return pd.DataFrame(rows, columns=["d_mm", "circumference_mm", "area_mm2", "size"])
def powers(power):
    rows = [(x, x**p, str(p)) for p in (2, power) for x in range(1, q.growth.given["n"] + 1)]
    table = pd.DataFrame(rows, columns=list("xyc"))
    return alt.Chart(table).mark_line().encode(x=alt.X("x:Q").title("Side (mm)"), y="y:Q", color="c:N")
q"""
CHAIN = '[("sun", "+", "warmth"), ("warmth", "-", "ice")]'
TEXT = '"Nearly: ships sink below the horizon hull first, and the poles are flat."'
ANSWERS = {
    "circle": ("1000", 'q.circle.given["d_mm"] * 3.14159265'),
    "corners": ('"a cube"', '"a regular triangle"'),
    "flat": ('{"a circle", "a ball"}', '{"a circle", "a square", "a kite"}'),
    "divisors": ("{1, 2}", '{d for d in range(1, 9999) if q.divisors.given["n"] % d == 0}'),
    "planets": ('["Earth", "Venus"]', '["Mercury", "Venus", "Earth"]'),
    "circles": ("circles(1)", "circles(4)"),
    "cone": ("lambda r, h: 3.14159265 * r**2 * h", "lambda r, h: 3.14159265 * r**2 * h / 3"),
    "growth": ("powers(4)", "powers(3)"),
    "chain": ('[("sun", "+", "ice")]', CHAIN),
    "roundness": ('"the earth is flat"', TEXT + ', {"shape": 2, "evidence": 1}'),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(TESTS / "sample_lesson", folder / "sample_lesson")
    cells = [code(OPENING, "opening"), *(code(f"q.{name}.check(...)", name) for name in ANSWERS)]
    cells += [code("q.corners.choose()", "corners-control"), code("q.flat.choose()", "flat-control")]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    (folder / "questions.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def tab(course, browser):
    with jupyterlab(course) as server:
        tab = new_tab(browser)
        tab.open(server, "questions.ipynb")
        tab.run_all()
        yield tab


def test_an_untouched_notebook_runs_without_a_traceback(tab):
    assert tab.errors() == []


@pytest.mark.parametrize("name", ANSWERS)
def test_a_wrong_answer_and_then_the_right_one(tab, name, course):
    place = 1 + list(ANSWERS).index(name)
    wrong, right = ANSWERS[name]
    verdict = answered(tab, place, f"q.{name}.check({wrong})", rf"{name}: (not right yet|partly right|to be scored)")
    assert "not yet:" in verdict and "Expected:" in verdict
    assert f"{name}: right" in answered(tab, place, f"q.{name}.check({right})", f"{name}: right")
    tab.page.screenshot(path=str(course / f"{name}.png"))


@pytest.mark.parametrize(("name", "keys"), [("corners", ["equilateral"]), ("flat", ["circle", "square", "kite"])])
def test_controls_work_by_keyboard_alone(tab, name, keys, course):
    place = 1 + len(ANSWERS) + ["corners", "flat"].index(name)
    tab.show(place)
    form = tab.page.locator(f"[data-windowed-list-index='{place}'] .evcourse-options").first
    form.wait_for(state="visible")
    letters = {key: letter for letter, key, _ in getattr(SAMPLE, name)._asked["options"]}
    for key in keys:
        choose(tab, form, letters[key])
    press_check(tab, form)
    form.locator(".evcourse-reply", has_text=f"{name}: right").wait_for(state="visible", timeout=10_000)
    tab.page.screenshot(path=str(course / f"{name}-control.png"))


def test_nothing_was_asked_of_the_network_and_nothing_complained(tab):
    assert tab.strangers == []
    assert [line for line in tab.complaints if "evcourse" in line.lower()] == []


def answered(tab, place, source, expected):
    """Write a cell anew and run it, by keyboard; return the verdict once it is there."""
    tab.show(place)
    cell = tab.page.locator(f"[data-windowed-list-index='{place}']")
    cell.locator(".cm-content").first.focus()
    tab.page.keyboard.press("Control+A")
    tab.page.keyboard.insert_text(source)
    tab.page.keyboard.press("Control+Enter")
    verdict = cell.locator(".jp-OutputArea [role=status]").filter(has_text=re.compile(expected))
    verdict.wait_for(state="visible", timeout=15_000)
    return verdict.inner_text()


def choose(tab, form, letter):
    """Reach an option with the keys of its kind: arrows among radio buttons, Tab and space among checkboxes."""
    wanted = form.locator(f"input[value='{letter}']")
    form.locator("input").first.focus()
    step = "ArrowDown" if wanted.get_attribute("type") == "radio" else "Tab"
    for _ in range(10):
        if wanted.evaluate("(each) => each === document.activeElement"):
            break
        tab.page.keyboard.press(step)
    if not wanted.is_checked():
        tab.page.keyboard.press("Space")
    assert wanted.is_checked()


def press_check(tab, form):
    for _ in range(10):
        if form.locator("button:focus").count():
            break
        tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
