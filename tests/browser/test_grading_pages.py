"""The pages that grading writes, in a real browser: nothing runs, nothing is fetched, everything fits and is reached by keyboard."""

from __future__ import annotations

import pytest

from evcourse.grading.outputs import write_all
from tests import sample_rows
from tests.browser import lab
from tests.test_grading_pages import EVIL, INJECTIONS, SECRET, class_of, evil_row


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    rows = [*class_of(30), *(evil_row(words.encode("utf-8", "replace").decode(), number) for number, words in enumerate([EVIL, *INJECTIONS]))]
    write_all(folder, rows, sample_rows.declared(), SECRET)
    return folder


@pytest.fixture
def tab(browser):
    """A page that reads files of this machine only, and writes down what else it was asked for."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    opened = lab.Tab(page)
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else opened.strangers.append(request.url))
    page.on("console", lambda line: opened.complaints.append(line.text))
    page.on("dialog", lambda dialog: opened.complaints.append(dialog.message))
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    page.context.close()


def pages_of(folder):
    return [folder / "report.html", *sorted((folder / "feedback").iterdir())]


def test_no_page_runs_or_fetches_anything(results, tab):
    for path in pages_of(results):
        tab.page.goto(path.as_uri())
        assert tab.page.evaluate("window.hit") is None, path
        assert tab.page.url == path.as_uri()
        assert tab.page.locator("h1").is_visible(), path
    assert tab.complaints == [] and tab.strangers == []


@pytest.mark.parametrize("width", [320, 1280])
def test_a_page_fits_a_telephone_and_a_screen(width, results, tab):
    tab.page.set_viewport_size({"width": width, "height": 800})
    for path in pages_of(results)[:8]:
        tab.page.goto(path.as_uri())
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_report_leads_by_keyboard_to_every_learner(results, tab):
    tab.page.goto((results / "report.html").as_uri())
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.innerText") == "To the content"
    link = tab.page.locator("#everybody ~ * a").first
    link.focus()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/feedback/*.html")
    assert tab.page.locator("h1").count() == 1


def test_every_chart_is_drawn(results, tab):
    tab.page.goto((results / "report.html").as_uri())
    sizes = tab.page.evaluate("[...document.images].map(image => [image.complete, image.naturalWidth, image.naturalHeight])")
    assert len(sizes) == 3 and all(done and width > 200 and height > 100 for done, width, height in sizes)
