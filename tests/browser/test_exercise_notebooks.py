"""The learners' copies of the exercises in a real JupyterLab, untouched."""

import pytest

from tests.browser.conftest import notebooks
from tests.browser.every_notebook import EveryNotebook, opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=notebooks("exercises"))
def tab(request, server, browser):
    yield from opened(browser, server, request.param)


class TestExerciseNotebooks(EveryNotebook):
    """Every one of them."""
