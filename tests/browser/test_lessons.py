"""Every notebook in a real JupyterLab whose browser has no network: run all, look at everything, move every control."""

import pytest

from tests.browser.conftest import notebooks
from tests.browser.lab import Tab, new_tab

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=notebooks())
def tab(request, server, browser) -> Tab:
    tab = new_tab(browser)
    tab.open(server, request.param)
    tab.run_all()
    return tab


def test_every_cell_runs_without_an_error(tab):
    assert tab.errors() == []


def test_every_chart_and_widget_is_drawn(tab):
    blank = [place for place in tab.drawings() if not tab.is_drawn(place)]
    assert blank == []


def test_a_key_moves_every_control_and_the_chart_follows(tab):
    still = [name for name, control in tab.controls() if not tab.changes(control, control.press, tab.next_key(control))]
    assert still == []


def test_the_mouse_moves_every_slider_and_the_chart_follows(tab):
    still = [name for name, slider in tab.controls("input[type=range]") if not tab.changes(slider, tab.click_elsewhere, slider)]
    assert still == []


def test_dragging_over_a_chart_moves_its_slider(tab):
    still = [place for place, chart in tab.draggable_charts() if not tab.changes(chart, tab.drag_across, chart)]
    assert still == []


def test_a_prediction_is_made_by_keyboard_and_answered(tab):
    unanswered = [prompt for prompt, form in tab.predictions() if not tab.predict(form)]
    assert unanswered == []


def test_the_console_is_quiet(tab):
    assert tab.complaints == []


def test_no_request_leaves_the_machine(tab):
    assert tab.strangers == []


# Last, because the page rightly complains of a kernel that does not answer.
def test_charts_go_on_when_the_kernel_is_gone(tab):
    tab.stop_kernel()
    still = [name for name, control in tab.controls() if not tab.changes(control, control.press, tab.next_key(control))]
    assert still == []
