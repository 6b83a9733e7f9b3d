"""A JupyterLab on a copy of the course, and a browser with its network cut off, shared by the tests of a worker."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evcourse import course
from tests.browser import lab

# So that its assertions tell what they compared, as those of a test file do.
pytest.register_assert_rewrite("tests.browser.every_notebook")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("course")
    for part in ("notebooks", "exercises"):
        shutil.copytree(course.folder() / part, folder / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with lab.jupyterlab(folder) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[lab.Browser]:
    with lab.chromium() as program:
        yield program


def notebooks(folder: str) -> list[str]:
    """Every notebook of the course that a learner opens in this folder, as JupyterLab names it."""
    root: Path = course.folder()
    found = {"notebooks": root.glob("notebooks/*.ipynb"), "exercises": root.glob("exercises/*/exercise.ipynb")}[folder]
    return sorted(path.relative_to(root).as_posix() for path in found)
