"""Where the course's own files are: beside the package in a clone, inside it when installed from a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder() -> Path:
    """Return the folder that holds `data/`, `notebooks/`, `exercises/` and `requirements.txt`."""
    installed = _PACKAGE / "files"
    return installed if installed.is_dir() else _PACKAGE.parent
