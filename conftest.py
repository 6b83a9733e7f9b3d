"""What every run of pytest shares, of notebooks alone as well: a progress file that is nobody's."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_mine = {"folder": ""}


def pytest_configure(config: pytest.Config) -> None:
    # Before anything is collected, and in each worker: what a developer has answered must not change an output.
    _mine["folder"] = tempfile.mkdtemp(prefix="evcourse-tests-")
    os.environ["EVCOURSE_PROGRESS"] = str(Path(_mine["folder"]) / "progress.json")


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_mine["folder"], ignore_errors=True)
