"""What other graders take for the same submissions: the real nbgrader and otter-grader, each in an environment of its own.

The environments are made the first time, in `.venv/nbgrader` and `.venv/otter-grader`. Both graders check answers by
calling the course's own questions, as ours does; neither runs a notebook in a cage here (otter-grader's containers need
Docker).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(COURSE), str(COURSE / "deploy")]

from make_exercises import STUB  # noqa: E402
from make_nbgrader_course import SETTINGS, write_source  # noqa: E402

_CHECK = re.compile(r"q\.(\w+)\.check\(.*\)")


def nbgrader_seconds(lesson: Path, handed_in: Iterable[Path], folder: Path) -> float:
    """Return how long nbgrader's autograde takes for some notebooks."""
    folder.mkdir()
    write_source(lesson, folder)
    (folder / "nbgrader_config.py").write_text(SETTINGS, encoding="utf-8")
    _run("nbgrader", folder, "-m", "nbgrader", "generate_assignment", lesson.name)
    for notebook in handed_in:
        mine = folder / "submitted" / notebook.stem / lesson.name
        shutil.copytree(folder / "release" / lesson.name, mine)
        _fill_in(mine / "exercise.ipynb", notebook)
    return _run("nbgrader", folder, "-m", "nbgrader", "autograde", lesson.name)


def otter_seconds(lesson: Path, handed_in: Iterable[Path], folder: Path) -> float:
    """Return how long `otter run` takes for some notebooks: one call each, as it knows no other way without Docker."""
    (folder / "tests").mkdir(parents=True)
    (folder / "out").mkdir()
    for name, code in _checks(lesson).items():
        case = {"code": f">>> {code}.points > 0\nTrue", "hidden": False, "locked": False}
        test = {"name": name, "points": 1, "suites": [{"type": "doctest", "cases": [case]}]}
        (folder / "tests" / f"{name}.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n", encoding="utf-8")
    plain = ("--no-environment", "--no-requirements", "--no-config")
    _run("otter-grader", folder, "-m", "otter", "generate", "-t", "tests", "-o", "tests.zip", *plain)
    return sum(_otter_run(folder, notebook, len(_checks(lesson))) for notebook in handed_in)


def _otter_run(folder: Path, notebook: Path, points: int) -> float:
    seconds = _run("otter-grader", folder, "-m", "otter", "run", "-a", "tests.zip", "-o", "out", "--no-logo", str(notebook))
    results = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))
    got = sum(each.get("score", 0) for each in results["tests"])
    if got != points:
        sys.exit(f"otter-grader gave {got} of {points} for {notebook.name}.")
    return seconds


def _checks(lesson: Path) -> dict[str, str]:
    """Return question → the code that checks its answer."""
    cells = json.loads((lesson / "solution.ipynb").read_text(encoding="utf-8"))["cells"]
    found = (_CHECK.fullmatch("".join(cell["source"]).strip()) for cell in cells if cell["cell_type"] == "code")
    return {match[1]: match[0] for match in found if match}


def _fill_in(released: Path, handed_in: Path) -> None:
    """Put a learner's cells into the notebook that nbgrader has released, whose metadata it wants to find again."""
    mine = {cell["id"]: cell["source"] for cell in json.loads(handed_in.read_text(encoding="utf-8"))["cells"]}
    notebook = json.loads(released.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if STUB in "".join(cell["source"]):
            cell["source"] = mine[cell["id"]]
    released.write_text(json.dumps(notebook), encoding="utf-8")


def _run(grader: str, folder: Path, *command: str) -> float:
    """Run a grader's command and return the seconds that it took."""
    program = _environment(grader) / "bin" / "python"
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    surroundings = os.environ | {"PYTHONPATH": str(COURSE), "PATH": path, "EVCOURSE_SECRET": "secret"}
    start = time.perf_counter()
    run = subprocess.run([program, *command], cwd=folder, env=surroundings, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if run.returncode:
        sys.exit(f"{grader} failed:\n{run.stderr[-2000:]}")
    return seconds


def _environment(grader: str) -> Path:
    """Return an environment with the course's packages and a grader; it is made the first time."""
    folder = COURSE / ".venv" / grader
    if not (folder / "ready").is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, "-r", COURSE / "requirements.txt"], check=True)
        subprocess.run([*install, grader], check=True)
        (folder / "ready").touch()
    return folder
