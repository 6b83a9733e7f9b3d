"""The lessons in a real JupyterLab."""

import pytest

from tests.browser.conftest import notebooks
from tests.browser.every_notebook import EveryNotebook, opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=notebooks("notebooks"))
def tab(request, server, browser):
    yield from opened(browser, server, request.param)


class TestLessons(EveryNotebook):
    """Every one of them."""
