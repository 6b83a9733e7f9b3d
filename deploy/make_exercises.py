"""Make the learners' copy of every exercise notebook, run both copies and store their outputs.

`python deploy/make_exercises.py` does it for all lessons; name folders of `exercises/` to do it for those alone.
`exercise.ipynb` is `solution.ipynb` with every region between nbgrader's marks replaced by one comment, as nbgrader's
`generate_assignment` would do it with the settings of `make_nbgrader_course.py`.
"""

import re
import sys
from pathlib import Path

import nbformat
from run_notebooks import store_outputs

EXERCISES = Path(__file__).resolve().parent.parent / "exercises"
STUB = "# Your answer goes here."
_REGION = re.compile(r"^([ \t]*)### BEGIN SOLUTION[^\n]*\n.*?^[ \t]*### END SOLUTION[^\n]*$", re.MULTILINE | re.DOTALL)


def main(folders: list[Path]) -> None:
    failures = [failure for folder in folders if (failure := make(folder))]
    sys.exit("\n".join(failures) or 0)


def make(folder: Path) -> str:
    """Write a lesson's `exercise.ipynb` and store the outputs of both notebooks; return what failed, in one line."""
    solution = folder / "solution.ipynb"
    notebook = learners_copy(nbformat.read(solution, as_version=4))
    (folder / "exercise.ipynb").write_text(nbformat.writes(notebook).rstrip("\n") + "\n", encoding="utf-8")
    return "\n".join(filter(None, [store_outputs(solution), store_outputs(folder / "exercise.ipynb")]))


def learners_copy(solution: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a copy of a notebook without its solutions and outputs.

    Raises
    ------
    ValueError
        If a mark has lost its other half: what follows would give the solution away.
    """
    copied = nbformat.from_dict(solution)
    for cell in copied.cells:
        cell.source = _REGION.sub(rf"\1{STUB}", cell.source)
        if "### BEGIN SOLUTION" in cell.source or "### END SOLUTION" in cell.source:
            raise ValueError(f"A solution is not between two marks, each on a line of its own: {cell.source!r}.")
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    return copied


def lessons() -> list[Path]:
    """Return the folders that hold a solution."""
    return sorted(path.parent for path in EXERCISES.glob("*/solution.ipynb"))


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or lessons())
