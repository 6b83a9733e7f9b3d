"""How fast a class is graded, in a cage, and how much faster than nbgrader and otter-grader do the same submissions.

The first submissions of a class of 1,000 are graded by the two others, too. `--large` grades 10,000 small notebooks
and compares the first with the last.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import threading
import time
from pathlib import Path

from report import report

COURSE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(COURSE), str(COURSE / "deploy")]

import other_graders  # noqa: E402
from make_exercises import lessons  # noqa: E402

from evcourse.grading.grader import Settings  # noqa: E402
from evcourse.grading.run import Plan, grade  # noqa: E402

CLASS, BY_NBGRADER, BY_OTTER, JOBS = 1_000, 8, 3, 2
LEAST_A_MINUTE, LEAST_RATIO, MOST_MB = 1_000, 60, 400
_MB_A_MIB = 1.048576
_MARKED = re.compile(r"^[ \t]*### BEGIN SOLUTION[^\n]*\n(.*?)^[ \t]*### END SOLUTION[^\n]*$", re.MULTILINE | re.DOTALL)


def main() -> None:
    lesson = next(folder for folder in lessons() if folder.name.startswith("01"))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        handed_in = hand_in(lesson, place / "class", CLASS)
        few = sorted(handed_in.iterdir())
        theirs_ms = 1000 * other_graders.nbgrader_seconds(lesson, few[:BY_NBGRADER], place / "nbgrader") / BY_NBGRADER
        otter_ms = 1000 * other_graders.otter_seconds(lesson, few[:BY_OTTER], place / "otter") / BY_OTTER
        seconds, mib = own_seconds(lesson, handed_in, place / "results")
        more = large(place) if "--large" in sys.argv else {}
    own_ms = 1000 * seconds / CLASS
    ratio, a_minute = theirs_ms / own_ms, 60_000 / own_ms
    figures = {"a_minute": round(a_minute), "nbgrader_ms": round(theirs_ms), "times_nbgrader": round(ratio, 1), "peak_mib": round(mib), "otter_ms": round(otter_ms)}
    words = (
        f"({a_minute:.0f} a minute, {ratio:.0f} times nbgrader's {theirs_ms / 1000:.1f} s, {otter_ms / own_ms:.0f} times"
        f" otter-grader's {otter_ms / 1000:.1f} s; {mib * _MB_A_MIB:.0f} MB at most)"
    )
    if ratio < LEAST_RATIO or mib * _MB_A_MIB > MOST_MB:
        print(f"At least {LEAST_RATIO} times nbgrader and at most {MOST_MB} MB were wanted {words}.", file=sys.stderr)
    report("grading", f"One caged submission of lesson 01 takes {{}} {words}.", [own_ms], budget=60_000 / LEAST_A_MINUTE, **figures, **more)


def hand_in(lesson: Path, folder: Path, learners: int) -> Path:
    """Write a class's notebooks: all solved, each a little different from the others."""
    solved = json.loads((lesson / "solution.ipynb").read_text(encoding="utf-8"))
    for cell in solved["cells"]:
        cell["source"] = _MARKED.sub(r"\1", "".join(cell["source"]))
        cell.update({"outputs": []} if cell["cell_type"] == "code" else {})
    folder.mkdir(parents=True)
    for number in range(learners):
        solved["metadata"]["number"] = number
        (folder / f"learner{number:05}.ipynb").write_text(json.dumps(solved), encoding="utf-8")
    return folder


def own_seconds(lesson: Path, handed_in: Path, out: Path) -> tuple[float, float]:
    """Return how long a class takes from the first process to the last row, and the most memory of all processes, in MiB."""
    memory = _Memory()
    start = time.perf_counter()
    rows = grade(Plan(handed_in, out, Settings(lesson, b"secret", JOBS), {}))
    seconds = time.perf_counter() - start
    wrong = [row["learner"] for row in rows if any(not each["points"] for each in row["questions"] if not each["manual"])]
    if wrong or len(rows) != CLASS:
        sys.exit(f"{len(wrong)} of {len(rows)} solved notebooks did not get their points, {wrong[:1]} for one.")
    return seconds, memory.most()


def large(place: Path, learners: int = 10_000) -> dict[str, float]:
    """Return milliseconds per submission for the first and the last tenth of a very large class of small notebooks."""
    lesson = COURSE / "tests" / "sample_lesson"
    handed_in = place / "large"
    handed_in.mkdir()
    code = ["q = __import__('evcourse').exercises('sample_lesson')", 'planets = ["Mercury", "Venus", "Earth"]', "circle = 3.0"]
    cells = [{"cell_type": "code", "id": f"c{n}", "source": each, "metadata": {}, "outputs": []} for n, each in enumerate(code)]
    for number in range(learners):
        content = {"cells": cells, "metadata": {"n": number}, "nbformat": 4, "nbformat_minor": 5}
        (handed_in / f"learner{number:05}.ipynb").write_text(json.dumps(content), encoding="utf-8")
    times, memory = [], _Memory()
    grade(Plan(handed_in, place / "large_results", Settings(lesson, b"", JOBS), {}), lambda *_: times.append(time.perf_counter()))
    tenth = learners // 10
    first, last = (1000 * (times[end] - times[end - tenth]) / tenth for end in (tenth, learners))
    return {"large_first_ms": round(first, 2), "large_last_ms": round(last, 2), "large_peak_mib": round(memory.most())}


class _Memory:
    """The most memory of this process and all that it has started: shared pages are counted once (PSS)."""

    def __init__(self) -> None:
        self._most, self._ended = 0.0, threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def most(self) -> float:
        """End watching and return the most, in MiB."""
        self._ended.set()
        self._watch.join()
        return self._most

    def _look(self) -> None:
        while not self._ended.wait(0.5):
            self._most = max(self._most, sum(map(_pss_mib, _family())))


def _family() -> list[int]:
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    parents = {pid: _parent(pid) for pid in pids}
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _pss_mib(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


if __name__ == "__main__":
    main()
