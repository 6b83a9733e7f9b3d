"""What every run of pytest shares, of notebooks alone as well: a progress file that is nobody's."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_mine = {"folder": "", "notebook": ""}


def pytest_configure(config: pytest.Config) -> None:
    # Before anything is collected, and in each worker: what a developer has answered must not change an output.
    _mine["folder"] = tempfile.mkdtemp(prefix="evcourse-tests-")
    os.environ["EVCOURSE_PROGRESS"] = str(Path(_mine["folder"]) / "progress.json")


def pytest_runtest_setup(item: pytest.Item) -> None:
    # Each notebook begins with nothing answered, whatever the one before it in this worker has answered.
    if item.path.suffix == ".ipynb" and str(item.path) != _mine["notebook"]:
        _mine["notebook"] = str(item.path)
        Path(os.environ["EVCOURSE_PROGRESS"]).unlink(missing_ok=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_mine["folder"], ignore_errors=True)
