"""The checks of `evcourse doctor`: each returns what it found, in words, or raises `Problem` or `NotTried`.

Anything else that a check raises is reported as a problem, too. Only the standard library is imported here, so that
the checks run where everything else is broken.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from evcourse import course, progress
from evcourse.cli.lab import prefer_this_environment
from evcourse.cli.start import python

CHART_ENGINE = "@jupyterlab/vega5-extension"
WIDGET_EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "anywidget")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAGE = """<!doctype html><title>evcourse</title><div id="chart"></div><script type="module">{script}</script>"""
DRAW = "vegaEmbed('#chart', {spec}, {{ renderer: 'svg', actions: false }});"


class Problem(Exception):
    """A check failed: what is wrong, and what to do."""

    def __init__(self, wrong: str, fix: str) -> None:
        super().__init__(wrong)
        self.fix = fix


class NotTried(Exception):
    """A check could not be made here, and nothing is wrong with that: why."""


def python_version() -> str:
    """Compare this Python with what the course asks for."""
    from packaging.specifiers import SpecifierSet

    wanted, here = _own_metadata()["Requires-Python"], platform.python_version()
    if not SpecifierSet(wanted).contains(here, prereleases=True):
        raise Problem(
            f"this is {here}, the course needs {wanted}",
            "install a newer Python, make a new environment with it, and install the course there",
        )
    return f"{here} (the course needs {wanted})"


def packages() -> str:
    """Compare the installed packages that the course needs with the tested versions."""
    from evcourse.cli import lock

    path = course.folder() / "requirements.txt"
    if not path.is_file():
        raise Problem(f"the list of tested versions, {path}, is missing", "install evcourse again")
    tested, needed = lock.tested(path), lock.needed("evcourse")
    wrong = [words for name in sorted(needed & set(tested)) if (words := lock.difference(name, tested[name]))]
    if wrong:
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        raise Problem(f"not as tested: {'; '.join(wrong[:5])}{more}", reinstall())
    return f"all {len(needed & set(tested))} are the versions that the course was tested with"


def kernel() -> str:
    """Start the kernel that notebooks would get, and import the course in it."""
    from jupyter_client.kernelspec import KernelSpecManager

    prefer_this_environment()
    spec = KernelSpecManager().get_kernel_spec("python3")
    program = Path(spec.argv[0])
    # A bare "python" means the Python that runs JupyterLab, which is this one.
    if program.is_absolute() and not _same_program(program):
        raise Problem(f"notebooks would run in another Python, {program}", f"{python()} -m ipykernel install --sys-prefix")
    _start_kernel()
    return f"{spec.display_name} starts and has the course in it"


def charts() -> str:
    """Draw a small chart as a picture."""
    from evcourse.charts.theme import picture

    if "<svg" not in picture(_tiny_chart()):
        raise Problem("a chart came out without a picture", reinstall())
    return "a small chart was drawn as a picture"


def data() -> str:
    """Look for datasets that are damaged, or changed since they were installed."""
    from evcourse.datasets import DatasetError, datasets, problems

    mend = "in a clone, `git restore data`; elsewhere, install evcourse again the way you did the first time"
    try:
        number, wrong = len(datasets()), problems()
    except DatasetError as reason:
        raise Problem(str(reason), mend) from None
    wrong += _changed_files()
    if wrong or not number:
        raise Problem("; ".join(wrong[:3]) or f"there are no datasets in {course.folder()}", mend)
    return f"{number} datasets are complete and as declared"


def learner_progress() -> str:
    """Read the learner's progress file."""
    try:
        answered = len(progress.read())
    except progress.ProgressError as reason:
        raise Problem(str(reason), "rename the file; the course then begins a new one") from None
    return f"{answered} answered in {progress.file()}" if answered else "nothing answered yet in this folder"


def jupyterlab() -> str:
    """Look for JupyterLab's pages and for the extensions that draw charts and widgets."""
    from jupyter_core.paths import jupyter_path
    from jupyterlab import __version__
    from jupyterlab.commands import get_app_dir

    prefer_this_environment()
    if not (Path(get_app_dir()) / "static" / "index.html").is_file():
        raise Problem(f"its pages are missing from {get_app_dir()}", reinstall())
    disabled = _disabled(jupyter_path("labextensions"))
    for extension in (CHART_ENGINE, *WIDGET_EXTENSIONS):
        _require(extension, _extensions(jupyter_path("labextensions")), disabled)
    return f"{__version__} has what draws charts and widgets, and it is enabled"


def chart_script() -> str:
    """Make the script that draws live charts in a page."""
    script = _drawing_script()
    if "https://cdn." in script[:2000] or len(script) < 100_000:
        raise Problem("the script that draws live charts is not complete", reinstall())
    return "the script that draws live charts without network can be made"


def browser() -> str:
    """Draw a chart in a browser without network, where there is one that a program can drive."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        raise NotTried("there is no Chromium on this machine; any current browser will do for the course")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise NotTried("drawing in a browser is tried only where the tests' packages are installed") from None
    with sync_playwright() as player:
        if not _draws_offline(player.chromium, program):
            raise Problem(f"{program} did not draw a chart without network", "update the browser, or use another one")
    return f"{program} drew a chart without network"


ALL = {
    "Python": python_version,
    "packages": packages,
    "kernel": kernel,
    "charts": charts,
    "data": data,
    "your progress": learner_progress,
    "JupyterLab": jupyterlab,
    "live charts": chart_script,
    "browser": browser,
}


def reinstall() -> str:
    """Return what to type to get exactly the packages that the course was tested with."""
    lock = course.folder() / "requirements.txt"
    return f'{python()} -m pip install --require-hashes -r "{lock}"'


def _own_metadata() -> metadata.PackageMetadata:
    try:
        return metadata.metadata("evcourse")
    except metadata.PackageNotFoundError:
        raise Problem(
            "evcourse is not installed in this environment, only its folder was found",
            f'{python()} -m pip install --no-deps -e "{course.folder()}"',
        ) from None


def _same_program(program: Path) -> bool:
    # Not resolved: the Pythons of two environments are links to one and the same file.
    return os.path.normcase(program.parent) == os.path.normcase(Path(sys.executable).parent)


def _start_kernel() -> None:
    from jupyter_client.manager import start_new_kernel

    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=60, **quiet)
    try:
        answer = client.execute_interactive("import evcourse", timeout=60, output_hook=lambda message: None)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if answer["content"]["status"] != "ok":
        raise Problem("it starts, but `import evcourse` fails in it", "install evcourse in this environment again")


def _tiny_chart() -> dict[str, Any]:
    import altair as alt

    points = alt.Data(values=[{"x": 1, "y": 1}, {"x": 2, "y": 3}])
    return alt.Chart(points, description="Two points.").mark_point().encode(x="x:Q", y="y:Q").to_dict()


def _changed_files() -> list[str]:
    """Return the data files of an installed course that are not as they came; a clone is git's to compare."""
    import base64
    import hashlib

    wrong = []
    for file in metadata.files("evcourse") or []:
        if file.hash is None or file.parts[:3] != ("evcourse", "files", "data"):
            continue
        path = Path(file.locate())
        digest = hashlib.new(file.hash.mode, path.read_bytes() if path.is_file() else b"").digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != file.hash.value:
            wrong.append(f"{file.name} is not as it was when it was installed")
    return wrong


def _extensions(folders: list[str]) -> set[str]:
    from jupyterlab.coreconfig import CoreConfig
    from jupyterlab_server.config import get_federated_extensions

    core = CoreConfig()
    return {*core.extensions, *core.mime_extensions, *get_federated_extensions(folders)}


def _disabled(folders: list[str]) -> set[str]:
    from jupyterlab.commands import get_app_dir
    from jupyterlab_server.config import get_page_config

    page = get_page_config(folders, app_settings_dir=str(Path(get_app_dir()) / "settings"))
    # An extension is switched off whole or by the part, as in "anywidget:plugin".
    return {name.split(":")[0] for name in page.get("disabledExtensions", [])}


def _require(extension: str, found: set[str], disabled: set[str]) -> None:
    if extension not in found:
        raise Problem(f"its extension {extension} is missing", reinstall())
    if extension in disabled:
        raise Problem(f"its extension {extension} is disabled", f"{python()} -m jupyter labextension enable {extension}")


def _drawing_script() -> str:
    import json

    import vl_convert

    from evcourse.charts.theme import VEGA_LITE

    return vl_convert.javascript_bundle(DRAW.format(spec=json.dumps(_tiny_chart())), vl_version=VEGA_LITE)


def _draws_offline(chromium: Any, program: str) -> bool:
    try:
        # A sandbox needs rights that containers and root do not have; the page is the course's own.
        window = chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
    except Exception:
        raise NotTried(f"{program} cannot be driven by a program") from None
    try:
        page = window.new_context(offline=True).new_page()
        page.set_content(PAGE.format(script=_drawing_script()))
        page.wait_for_selector("#chart svg", timeout=20_000)
    except Exception:
        return False
    finally:
        window.close()
    return True
