"""Run notebooks top to bottom and store their outputs: `python deploy/run_notebooks.py notebooks/*.ipynb`.

Each runs in a clean kernel, in its own folder. What is stored depends on the notebook alone, not on the machine, the
clock or the kernel's version, so that running it again changes nothing.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

WIDGET = "application/vnd.jupyter.widget-view+json"
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
LONGEST_CELL_S = 300


def main(paths: list[Path]) -> None:
    if not paths:
        sys.exit("Name the notebooks to run, as in: python deploy/run_notebooks.py notebooks/*.ipynb")
    failures = [failure for path in paths if (failure := store_outputs(path))]
    sys.exit("\n".join(failures) or 0)


def store_outputs(path: Path) -> str:
    """Run one notebook and store it; return what failed, in one line, and leave the file as it was if something did."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as elsewhere:
        # What the author answers while trying things must not show in the stored progress map.
        surroundings = os.environ | {"EVCOURSE_PROGRESS": str(Path(elsewhere) / "progress.json")}
        failure = run(notebook, path.parent, surroundings)
    if failure:
        return f"{path}: {failure}"
    tidy(notebook)
    nbformat.validate(notebook)
    path.write_text(nbformat.writes(notebook).rstrip("\n") + "\n", encoding="utf-8")
    print(f"{path}: stored", flush=True)
    return ""


def run(notebook: nbformat.NotebookNode, folder: Path, surroundings: dict[str, str]) -> str:
    reached = [0]
    client = NotebookClient(
        notebook,
        kernel_name=KERNEL["name"],
        resources={"metadata": {"path": str(folder)}},
        timeout=LONGEST_CELL_S,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        on_cell_start=lambda cell, cell_index: reached.append(cell_index + 1),
    )
    try:
        client.execute(env=surroundings)
    except CellExecutionError as error:
        return f"cell {reached[-1]} ended in {error.ename}: {' '.join(error.evalue.split())}"
    except CellTimeoutError:
        return f"cell {reached[-1]} took longer than {LONGEST_CELL_S} s"
    except DeadKernelError:
        return f"the kernel died in cell {reached[-1]}"
    return ""


def tidy(notebook: nbformat.NotebookNode) -> None:
    notebook.metadata.pop("widgets", None)
    notebook.metadata.update(kernelspec=KERNEL, language_info={"name": "python"})
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            # The widget's model is gone when the file is opened again; the picture or text beside it is shown instead.
            output.get("data", {}).pop(WIDGET, None)
            output.get("metadata", {}).pop(WIDGET, None)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
