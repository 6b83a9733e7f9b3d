"""A JupyterLab on a copy of the course, and a browser with its network cut off, shared by the tests of a worker."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evcourse import course
from tests.browser import lab


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


def notebooks() -> list[str]:
    """Every notebook of the course, as JupyterLab names it."""
    root: Path = course.folder()
    found = [*root.glob("notebooks/*.ipynb"), *root.glob("exercises/*/exercise.ipynb")]
    return sorted(path.relative_to(root).as_posix() for path in found)
