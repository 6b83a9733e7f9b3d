"""`evcourse lab [DIR]`: open the course in JupyterLab."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from evcourse.cli import Stop
from evcourse.cli.start import command

# No news, no search for updates, and no search for language servers: that runs npm, which does as it likes.
QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    "--LanguageServerManager.autodetect=False",
)
# A workspace of its own, so that the tabs of the learner's other work neither open here nor are lost.
WORKSPACE = "evcourse"


def open_lab(folder: Path, options: list[str]) -> int:
    """Run JupyterLab on the first notebook of a course folder until the learner ends it; return its exit status.

    Parameters
    ----------
    folder
        A folder that `evcourse start` has filled, or a clone.
    options
        Further command-line options for JupyterLab, which win over those given here.

    Raises
    ------
    Stop
        If the folder has no notebooks, or JupyterLab cannot be loaded.
    """
    # JupyterLab takes an option once: the learner's wins.
    given = {option.split("=")[0] for option in options}
    arguments = [option for option in lab_options(folder) if option.split("=")[0] not in given] + options
    prefer_this_environment()
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as reason:
        raise Stop(f"JupyterLab cannot be loaded ({reason}): {command('doctor')} says how to mend it.") from None
    LabApp.launch_instance(arguments)
    return 0


def lab_options(folder: Path) -> list[str]:
    """Return the options with which JupyterLab opens the first notebook of a course folder."""
    first = first_notebook(folder)
    address = f"--LabApp.default_url=/lab/workspaces/{WORKSPACE}/tree/{first.parent.name}/{first.name}"
    return [f"--ServerApp.root_dir={folder.resolve()}", address, *QUIET]


def first_notebook(folder: Path) -> Path:
    """Return the notebook that comes first by name in `notebooks/`."""
    found = sorted((folder / "notebooks").glob("[!.]*.ipynb"))
    if not found:
        raise Stop(f"{folder.resolve()} has no course in it: type `{command('start', folder)}` to copy it there.")
    return found[0]


def prefer_this_environment() -> None:
    """Let Jupyter look for kernels and extensions in this environment first, and only then in the user's folders.

    The user's own settings are neither changed nor overruled; where they say nothing, the course's defaults hold
    (`jupyter/labconfig`): without them, a question about news covers a corner of the first page.
    """
    _put_first("JUPYTER_PATH", Path(sys.prefix) / "share" / "jupyter")
    _put_first("JUPYTER_CONFIG_PATH", Path(__file__).parent / "jupyter")
    # So that `evcourse` is found in the terminals that JupyterLab opens.
    _put_first("PATH", Path(sys.executable).parent)


def _put_first(variable: str, folder: Path) -> None:
    before = os.environ.get(variable)
    os.environ[variable] = os.pathsep.join([str(folder), before]) if before else str(folder)
