"""Whether a learner's notebook reproduces: run in a clean kernel under nbval, against the verdict of a full answer."""

from __future__ import annotations

import copy
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from evcourse import progress
from evcourse.questions import lesson
from evcourse.questions.plain import counted

LONGEST_CELL_S = 120
_CHECK = re.compile(r"\.(\w+)\.check\(")
_OPENING = re.compile(r"""exercises\(\s*["']([^"']+)["']""")


class VerifyError(ValueError):
    """A notebook cannot be verified."""


@dataclass(frozen=True)
class Finding:
    """What a clean run has shown of one question: its points, whether the last check gives all, and a sentence."""

    question: str
    points: float
    of: float
    holds: bool
    words: str


@dataclass(frozen=True)
class Report:
    """What a clean run of a notebook has shown.

    Attributes
    ----------
    findings
        One per question of the lesson.
    differing
        The code cells (counted from 1) that fail or give another output than the one stored.
    """

    findings: tuple[Finding, ...]
    differing: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Whether every question is answered in full and every stored output is reproduced."""
        return not self.differing and all(each.holds for each in self.findings)

    def __str__(self) -> str:
        lines = [f"{'✓' if each.holds else '✗'} {each.question}: {each.words}" for each in self.findings]
        cells = ", ".join(map(str, self.differing))
        differ = f"✗ These code cells fail or differ from what is stored: {cells}."
        stored = differ if cells else "✓ Every stored output is reproduced."
        points, of = sum(each.points for each in self.findings), sum(each.of for each in self.findings)
        verdict = "Verified" if self.holds else "Not verified yet"
        return "\n".join([*lines, stored, f"{verdict}: {points:g} of {counted(of, 'point')}."])


def verify(path: str | Path) -> Report:
    """Return what holds of a learner's notebook, question by question, after a run in a clean kernel.

    Raises
    ------
    VerifyError
        If the file is no notebook with exercises, or nbval is not installed.
    """
    path = Path(path)
    notebook = _read(path)
    declared = lesson.declared(_folder(path, notebook))
    checks = _checks(notebook, declared)
    with tempfile.TemporaryDirectory() as elsewhere:
        cells, points = _run(_reference(notebook, declared, checks), path, Path(elsewhere))
    findings = tuple(_finding(kind, checks, cells, points) for kind in declared)
    return Report(findings, tuple(n + 1 for n, passed in sorted(cells.items()) if not passed and n not in checks))


def _read(path: Path) -> dict[str, Any]:
    if importlib.util.find_spec("nbval") is None:
        raise VerifyError("Verifying needs nbval: install the course's test environment (make test), then try again.")
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        # A copy whose every cell has source as one string, as nbformat's readers have it.
        cells = [cell | {"source": "".join(cell["source"])} for cell in notebook["cells"]]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise VerifyError(f"{path} cannot be read as a notebook: {problem}.") from None
    return notebook | {"cells": cells}


def _folder(path: Path, notebook: dict[str, Any]) -> Path:
    opened = next((match.group(1) for cell in _code(notebook) if (match := _OPENING.search(cell["source"]))), None)
    if opened is None:
        raise VerifyError(f'{path} opens no exercises: a line such as q = ev.exercises("…") was expected.')
    return lesson.find(opened, path.resolve().parent)


def _code(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell.get("cell_type") == "code"]


def _checks(notebook: dict[str, Any], declared: lesson.Lesson) -> dict[int, str]:
    """Return which code cell (counted from 0) ends in the check of which question."""
    last = {n: _CHECK.search((cell["source"].strip().splitlines() or [""])[-1]) for n, cell in enumerate(_code(notebook))}
    return {n: match.group(1) for n, match in last.items() if match and match.group(1) in declared.kinds}


def _reference(notebook: dict[str, Any], declared: lesson.Lesson, checks: dict[int, str]) -> dict[str, Any]:
    """Return a copy of the notebook whose check cells hold the outputs of full answers."""
    reference = copy.deepcopy(notebook)
    for n, cell in enumerate(_code(reference)):
        if n in checks:
            words = declared.kinds[checks[n]].full_headline()
            result = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": words}}
            cell.update(outputs=[result], execution_count=1)
    return reference


def _run(notebook: dict[str, Any], path: Path, elsewhere: Path) -> tuple[dict[int, bool], dict[str, float]]:
    # Beside the learner's notebook, so that it finds what that one finds; the learner's own file is not touched.
    copied = path.with_name(f".verify-{os.getpid()}-{path.name}")
    results, kept = elsewhere / "results.xml", elsewhere / "progress.json"
    surroundings = os.environ | {"EVCOURSE_VERIFY": "1", "EVCOURSE_PROGRESS": str(kept)}
    progress.copy_name_to(kept)
    try:
        copied.write_text(json.dumps(notebook), encoding="utf-8")
        said = subprocess.run(_command(copied, results), env=surroundings, cwd=elsewhere, capture_output=True, text=True)
        return _cells(results, said.stdout), _points(kept)
    finally:
        copied.unlink(missing_ok=True)


def _command(notebook: Path, results: Path) -> list[str]:
    options = ["--nbval", "--nbval-current-env", f"--nbval-cell-timeout={LONGEST_CELL_S}", f"--junitxml={results}"]
    # No settings of whatever project the notebook lies in.
    apart = ["-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={results.parent}"]
    return [sys.executable, "-m", "pytest", *apart, *options, str(notebook.resolve())]


def _cells(results: Path, said: str) -> dict[int, bool]:
    cases = list(ElementTree.parse(results).iter("testcase")) if results.exists() else []
    named = [(re.search(r"Cell (\d+)", case.get("name", "")), len(case) == 0) for case in cases]
    numbered = {int(match.group(1)): passed for match, passed in named if match}
    if not numbered:
        last = next((line for line in reversed(said.splitlines()) if line.strip()), "it said nothing")
        raise VerifyError(f"The notebook could not be run: {last}")
    return numbered


def _points(kept: Path) -> dict[str, float]:
    tried = progress.questions(kept)
    return {name.split("/")[-1]: record["points"] for name, record in tried.items()}


def _finding(kind: Any, checks: dict[int, str], cells: dict[int, bool], points: dict[str, float]) -> Finding:
    mine = [n for n, name in checks.items() if name == kind.name]
    earned = points.get(kind.name, 0) if mine else 0
    holds = bool(mine) and cells.get(mine[-1], False)
    tried = "does not hold yet" if kind.name in points else "is not answered yet"
    words = "holds" if holds else tried if mine else "is not checked in this notebook"
    return Finding(kind.name, earned, kind.points, holds, f"{words}, {earned:g} of {counted(kind.points, 'point')}.")
