"""The course as a wheel brings it: installed somewhere else, started, run, with the clone out of reach and no network."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted(path.relative_to(CLONE).as_posix() for path in CLONE.glob("notebooks/[!.]*.ipynb"))
RUN = """
import sys
import nbformat
from nbclient import NotebookClient
from pathlib import Path
path = Path(sys.argv[1])
notebook = nbformat.read(path, 4)
NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
print(sum(cell.cell_type == "code" and cell.execution_count is not None for cell in notebook.cells))
"""


@dataclass(frozen=True)
class Installed:
    """A wheel, the environment it is installed in, and the folder that `evcourse start` has filled."""

    wheel: Path
    python: Path
    folder: Path
    said: str


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    place = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    _run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", place, CLONE)
    (wheel,) = place.glob("*.whl")
    python = _environment(place / "environment")
    _run(*pip, "--python", python, "install", "--no-deps", "--no-index", wheel)
    started = _run(python.with_name("evcourse"), "start", place / "my course")
    return Installed(wheel, python, place / "my course", started.stdout)


@pytest.fixture
def away(offline):
    """What runs programs without network and without the clone; only the packages of the test environment are left."""
    folders = [f"{CLONE / name}{os.sep}" for name in ("data", "evcourse", "notebooks", "exercises")]
    jupyter = Path(sys.prefix, "share", "jupyter")
    offline.surroundings.update(
        OFFLINE_FOLDERS=os.pathsep.join(folders), JUPYTER_PATH=str(jupyter), JUPYTERLAB_DIR=str(jupyter / "lab")
    )
    return offline


def test_the_wheel_carries_every_file_of_the_course_and_only_once(installed):
    carried = zipfile.ZipFile(installed.wheel).namelist()
    expected = {f"evcourse/files/{path}" for path in _files("data", "notebooks", "exercises")}
    assert expected <= set(carried)
    assert "evcourse/files/requirements.txt" in carried
    assert len(carried) == len(set(carried))


def test_start_copies_notebooks_and_exercises_and_leaves_the_data_in_the_package(installed):
    assert {path.name for path in installed.folder.iterdir()} == {"notebooks", "exercises"}
    copied = {path.relative_to(installed.folder).as_posix() for path in installed.folder.rglob("*") if path.is_file()}
    assert copied == set(_files("notebooks", "exercises"))
    assert f'lab "{installed.folder}"' in installed.said


def test_the_clone_is_out_of_reach(away):
    ran = away.run(sys.executable, "-c", f"open({str(CLONE / 'data' / 'any.csv')!r})")
    assert ran.returncode == 1
    assert "any.csv" in away.attempts[0]


def test_load_reads_what_the_wheel_brought(installed, away):
    code = "import evcourse as ev; print(ev.__file__); print(*(n for n in ev.datasets()['name'] if len(ev.load(n))))"
    ran = away.run(installed.python, "-c", code)
    place, names = ran.stdout.splitlines()
    assert Path(place).is_relative_to(installed.python.parent.parent)
    assert set(names.split()) == {path.stem for path in CLONE.glob("data/*/*.toml")} - {"source"}
    assert away.attempts == []


def test_there_are_notebooks_to_run():
    assert NOTEBOOKS


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_notebooks_run_where_they_were_copied_and_reach_for_nothing(installed, away, notebook):
    ran = away.run(installed.python, "-c", RUN, installed.folder / notebook)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 0
    assert away.attempts == []


def test_every_lesson_has_its_exercises_with_prompts_and_checks(installed, away):
    # Their notebooks are run in the clone; what a wheel could miss are the questions and what they load.
    code = """
import evcourse as ev
from evcourse.questions.lesson import lessons
for folder in lessons():
    questions = ev.exercises(folder.name)
    print(folder.name, *(each.name for each in questions if str(each.prompt) and not each.check(...).points))
"""
    ran = away.run(installed.python, "-c", code)
    found = [line.split() for line in ran.stdout.splitlines()]
    assert [line[0] for line in found] == sorted(path.parent.name for path in CLONE.glob("exercises/*/questions.py")), ran.stderr
    assert {len(line) for line in found} == {1 + 8}
    assert away.attempts == []


def test_doctor_finds_nothing_wrong(installed, away):
    ran = away.run(installed.python.with_name("evcourse"), "doctor")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "problem" not in ran.stdout


def test_a_data_file_that_was_changed_after_installation_is_noticed(installed, away):
    (table,) = installed.python.parent.parent.rglob("files/data/course/glossary.csv")
    before = table.read_bytes()
    table.write_bytes(before.replace(b"cell", b"sell"))
    ran = away.run(installed.python, "-c", "from evcourse.cli import checks; checks.data()")
    table.write_bytes(before)
    assert ran.stderr.strip().endswith("Problem: glossary.csv is not as it was when it was installed")


def _environment(folder):
    """Make an environment that sees the packages of this one, but not the course that is installed in it."""
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    own = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    Path(own, "tested_packages.pth").write_text("\n".join(paths))
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _files(*folders):
    found = [path for folder in folders for path in sorted((CLONE / folder).rglob("*")) if path.is_file()]
    visible = [path.relative_to(CLONE) for path in found]
    return [path.as_posix() for path in visible if not any(part.startswith((".", "__")) for part in path.parts)]


def _run(*command):
    ran = subprocess.run(list(map(str, command)), text=True, capture_output=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran
