"""The house is in order: one set of versions everywhere, imports that point one way, nothing of one machine inside."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

COURSE = Path(__file__).resolve().parent.parent
PACKAGE = COURSE / "evcourse"
PROJECT = tomllib.loads((COURSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ["requirements.txt", "requirements-test.txt", "deploy/uv.txt"]

# Each part may import itself and those before it.
ORDER = ["course", "progress", "table_files", "datasets", "models", "charts", "widgets", "questions", "grading", "cli"]
# A second each, some of them: imported where they are used.
HEAVY = {"altair", "scipy", "statsmodels", "skimage", "networkx", "matplotlib", "jupyterlab"}
# What a reader must not have to wait for (or have installed) to look up a table's source.
NOT_AT_ONCE = HEAVY | {"numpy", "pandas", "anywidget", "ipywidgets", "vl_convert"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}

MODULES = sorted(PACKAGE.rglob("*.py"))


# --- one set of versions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lock", "extras"), [("requirements.txt", ["build"]), ("requirements-test.txt", ["build", "test"])]
)
def test_a_lock_holds_every_dependency_at_a_version_inside_its_range(lock, extras):
    pins = pinned(lock)
    wrong = [
        str(need) for need in needs(extras) if not need.specifier.contains(pins.get(canonicalize_name(need.name), "0"))
    ]
    assert wrong == [], f"{lock} is behind pyproject.toml: run `make lock`"


def test_the_two_locks_agree_on_every_pin_they_share():
    learners, testers = pinned("requirements.txt"), pinned("requirements-test.txt")
    assert {name: version for name, version in learners.items() if testers.get(name) != version} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_is_exact_and_hashed(lock):
    loose = [
        entry
        for entry in entries(lock)
        if not re.fullmatch(r"[\w.-]+==\S+( ;[^\\]+)?( --hash=sha256:[0-9a-f]{64})+", entry)
    ]
    assert entries(lock)
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock):
    options = [entry for entry in entries(lock) if entry.startswith("-")]
    assert options == []
    assert "://" not in (COURSE / lock).read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS[:2])
@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_a_lock_is_made_for_every_system(lock, system):
    assert any(f"sys_platform == '{system}'" in entry for entry in entries(lock))


def test_binder_installs_the_same_lock_on_a_python_that_the_course_allows():
    environment = yaml.safe_load((COURSE / "environment.yml").read_text(encoding="utf-8"))
    (python,) = [each.partition("=")[2] for each in environment["dependencies"] if str(each).startswith("python=")]
    (from_pip,) = [each["pip"] for each in environment["dependencies"] if isinstance(each, dict)]
    assert from_pip == ["-r requirements.txt"]
    assert f"--python-version {python}" in (COURSE / "Makefile").read_text(encoding="utf-8")
    assert SpecifierSet(PROJECT["requires-python"]).contains(python)


def test_binder_adds_the_course_itself_last():
    script = COURSE / "postBuild"
    assert "pip install --no-deps" in script.read_text(encoding="utf-8")
    assert sys.platform == "win32" or script.stat().st_mode & 0o100, "postBuild must be executable"


# --- imports that point one way --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part", sorted({path.stem if path.parent == PACKAGE else path.relative_to(PACKAGE).parts[0] for path in MODULES})
)
def test_every_part_of_the_library_has_a_place_in_the_order(part):
    assert part in {"__init__", "__main__", *ORDER}, "say in ORDER what it may import"
    assert part not in VAGUE_NAMES


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path):
    part = part_of(path)
    allowed = ORDER if part in ("__init__", "__main__") else ORDER[: ORDER.index(part) + 1]
    assert [each for each in own_imports(tree(path)) if each not in allowed] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_heavy_imports_happen_where_they_are_used(path):
    if part_of(path) in ("charts", "widgets"):
        return
    assert HEAVY & imported_at_once(tree(path)) == set()


@pytest.mark.parametrize("path", [path for path in MODULES if "models" in path.parts], ids=lambda path: path.stem)
def test_models_draw_nothing(path):
    everywhere = {name for node in ast.walk(tree(path)) for name in imported_names(node)}
    assert everywhere & {"altair", "anywidget", "ipywidgets"} == set()


def test_importing_the_course_loads_neither_tables_nor_charts():
    program = "import sys, evcourse; print(*sorted(name.partition('.')[0] for name in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert NOT_AT_ONCE & set(loaded) == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_library_names_no_dataset_no_notebook_and_no_exercise(path):
    assert names_in(tree(path)) & taught() == set()


@pytest.mark.parametrize(
    "code",
    [
        "x = '01_ev_biology'",
        "f('open 01_ev_biology.ipynb')",
        "x = f'{y}/01_ev_biology'",
        "load('signals')",
        "ev.dataset('signals')",
    ],
)
def test_a_name_is_found_where_it_is_one(code):
    assert names_in(ast.parse(code)) & {"01_ev_biology", "signals"}


@pytest.mark.parametrize("code", ["def f():\n    'See 01_ev_biology.'", "rows['signals']", "x = 'signals of a cell'"])
def test_an_example_or_a_column_of_the_same_name_is_no_name(code):
    assert names_in(ast.parse(code)) & {"01_ev_biology", "signals"} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_everything_public_says_what_it_is(path):
    module = tree(path)
    definitions = [
        node for node in module.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    ]
    silent = [node.name for node in definitions if not node.name.startswith("_") and not ast.get_docstring(node)]
    assert silent == []
    assert ast.get_docstring(module), "the module has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_library_never_asserts(path):
    assert [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.Assert)] == []


# --- nothing of one machine ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["host of a package registry", "path of one machine"])
def test_no_committed_file_names_a(what):
    pattern = {
        "host of a package registry": r"(?:py(?:pi|thonhosted)|npm(?:js)|ana(?:conda))\.(?:org|io|com)|deb\.debi[a]n",
        "path of one machine": r"(?<![\w.:~*])/(?:home|root|work|Users)/(?!jovyan\b)\w",
    }[what]
    found = [
        path for path in committed() if re.search(pattern, (COURSE / path).read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


# --- pages that keep their promises ----------------------------------------------------------------------------------


def test_the_readme_names_folders_that_exist():
    named = re.findall(r"`([\w./-]+/)`", page("README.md"))
    assert {"data/", "evcourse/", "notebooks/", "exercises/", "tests/"} <= set(named)
    assert [folder for folder in named if not (COURSE / folder).is_dir()] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_commands_that_a_page_names_exist(name):
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), flags=re.MULTILINE))
    code = " ".join(re.findall(r"```.*?```|`[^`\n]+`", page(name), flags=re.DOTALL))
    named = set(re.findall(r"\bmake ([a-z]+)\b", code))
    assert {"lab", "test"} <= named
    assert named - targets == set()


def test_the_guide_for_contributors_is_short():
    assert len(page("CONTRIBUTING.md").splitlines()) < 100


@pytest.mark.parametrize(
    "dependency",
    sorted(
        {
            Requirement(line).name
            for line in [*PROJECT["dependencies"], *sum(PROJECT["optional-dependencies"].values(), [])]
        }
    ),
)
def test_the_guide_gives_a_reason_for(dependency):
    reasons = re.findall(rf"^- .*`{re.escape(dependency)}`.*: (.+)$", page("CONTRIBUTING.md"), flags=re.MULTILINE)
    assert reasons and len(reasons[0].split()) >= 5


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in (COURSE / "data").glob("*/source.toml")))
def test_every_paper_is_in_the_citation_file_and_in_the_licence(folder):
    source = tomllib.loads((COURSE / "data" / folder / "source.toml").read_text(encoding="utf-8"))
    if "doi" not in source:
        return
    (reference,) = [each for each in yaml.safe_load(page("CITATION.cff"))["references"] if each["doi"] == source["doi"]]
    assert reference["license"] == source["licence"]
    assert source["doi"] in page("LICENSE")
    if source["status"]["state"] == "retracted":
        assert all(word in reference["notes"] for word in ("RETRACTED", source["status"]["notice_doi"]))
        assert reference["title"].startswith("RETRACTED")
        assert source["status"]["notice_doi"] in page("LICENSE") and source["status"]["notice_doi"] in page("README.md")


# --- what the tests above ask ----------------------------------------------------------------------------------------


def needs(extras):
    """Return the requirements of pyproject.toml, with some of its extras."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    return [Requirement(line) for line in lines]


def entries(lock):
    """Return the entries of a lock, each on one line, without comments."""
    text = re.sub(r"^\s*#.*\n?", "", (COURSE / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
    joined = re.sub(r"\s*\\\n\s*", " ", text)
    return [line.strip() for line in joined.splitlines() if line.strip()]


def pinned(lock):
    """Return the version of every package in a lock."""
    requirements = [Requirement(entry.partition(" --hash")[0]) for entry in entries(lock)]
    return {canonicalize_name(each.name): str(each.specifier).removeprefix("==") for each in requirements}


@cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def part_of(path):
    """Return the part of the library that a module belongs to: the first folder, or the module itself."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def own_imports(module):
    """Return the parts of evcourse that a module imports, anywhere in it."""
    parts = {part_of(path) for path in MODULES}
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield "a relative import: write it out"
        elif isinstance(node, ast.ImportFrom) and node.module == "evcourse":
            # What is no module is a name of the public face, which is datasets'.
            yield from (
                alias.name if alias.name in parts else "datasets" for alias in node.names if alias.name != "__version__"
            )
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("evcourse."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith("evcourse."))


def imported_at_once(module):
    """Return the top-level names that a module imports when it is imported; type checkers' imports do not count."""
    later = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If)
    statements = [node for node in module.body if not isinstance(node, later)]
    return {name for statement in statements for node in ast.walk(statement) for name in imported_names(node)}


def imported_names(node):
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    return {node.module.split(".")[0]} if isinstance(node, ast.ImportFrom) and node.module else set()


def names_in(module):
    """Return what could be a name of the course in a module's code, docstrings apart.

    That is every word with an underscore, and what is given to a function that takes names: a column or a label may
    be called by the same single word as a table.
    """
    described = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    texts = [node for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    asked = [
        call.args
        for call in calls
        if ast.unparse(call.func).split(".")[-1] in ("load", "dataset", "sources", "exercises")
    ]
    given = {node.value for arguments in asked for node in arguments if isinstance(node, ast.Constant)}
    return given.union(
        *(re.findall(r"\w*[a-z0-9]_[a-z]\w*", node.value) for node in texts if id(node) not in described)
    )


@cache
def taught():
    """Return the names of all datasets, notebooks and exercises."""
    tables = {path.stem for path in (COURSE / "data").glob("*/*.csv")}
    notebooks = {path.stem for path in (COURSE / "notebooks").glob("*.ipynb")}
    return tables | notebooks | {path.name for path in (COURSE / "exercises").iterdir() if path.is_dir()}


@cache
def committed():
    """Return the files that git knows or would add."""
    command = ["git", "-C", str(COURSE), "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git clone")
    return sorted({name for name in listed if (COURSE / name).is_file()})


def page(name):
    return (COURSE / name).read_text(encoding="utf-8")
