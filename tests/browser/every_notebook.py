"""What holds for every notebook in a real JupyterLab whose browser has no network: run all, look, move every control."""

from collections.abc import Iterator

from tests.browser.lab import Tab, new_tab


def opened(browser, server: str, notebook: str) -> Iterator[Tab]:
    """Yield a tab in which all cells of a notebook have been run, and close it."""
    tab = new_tab(browser)
    tab.open(server, notebook)
    tab.run_all()
    yield tab
    # A page that is left open goes on working, and slows down the next ones.
    tab.page.context.close()


class EveryNotebook:
    """Tests of one notebook after the other. Two files take them up, so that two workers share the notebooks."""

    def test_every_cell_runs_without_an_error(self, tab):
        assert tab.errors() == []

    def test_every_chart_and_widget_is_drawn(self, tab):
        blank = [place for place in tab.drawings() if not tab.is_drawn(place)]
        assert blank == []

    def test_a_key_moves_every_control_and_the_chart_follows(self, tab):
        still = [name for name, control in tab.controls() if not tab.changes(control, control.press, tab.next_key(control))]
        assert still == []

    def test_the_mouse_moves_every_slider_and_the_chart_follows(self, tab):
        still = [name for name, slider in tab.controls("input[type=range]") if not tab.changes(slider, tab.click_elsewhere, slider)]
        assert still == []

    def test_dragging_over_a_chart_moves_its_slider(self, tab):
        still = [place for place, chart in tab.draggable_charts() if not tab.changes(chart, tab.drag_across, chart)]
        assert still == []

    def test_a_prediction_is_made_by_keyboard_and_answered(self, tab):
        unanswered = [prompt for prompt, form in tab.predictions() if not tab.predict(form)]
        assert unanswered == []

    def test_the_console_is_quiet(self, tab):
        assert tab.complaints == []

    def test_no_request_leaves_the_machine(self, tab):
        assert tab.strangers == []

    # Last, because the page rightly complains of a kernel that does not answer.
    def test_charts_go_on_when_the_kernel_is_gone(self, tab):
        tab.stop_kernel()
        still = [name for name, control in tab.controls() if not tab.changes(control, control.press, tab.next_key(control))]
        assert still == []
