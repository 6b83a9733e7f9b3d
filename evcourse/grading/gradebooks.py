"""A class's points in the columns of nbgrader's, Canvas's and Moodle's gradebooks.

nbgrader: those of `nbgrader export` (its `plugins/export.py`). Canvas: those of an exported gradebook, with the line of
points possible (`lib/gradebook_exporter.rb` in Canvas's source); the assignment is matched by its title. Moodle: those
of an assignment's grading worksheet, of which Moodle reads Identifier, Grade, Last modified (grade) and Feedback
comments (`mod/assign/feedback/offline/importgradeslib.php`); its Identifier is "Participant" and the number in the
names of the zip file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from evcourse.grading import naming, spreadsheets
from evcourse.grading.results import Row

Table = tuple[list[str], list[list[Any]]]


def write_all(folder: Path, rows: list[Row], title: str) -> list[Path]:
    """Write one CSV file for each kind of gradebook and return their paths."""
    written = []
    for name, table in TABLES.items():
        path = folder / f"gradebook_{name}.csv"
        spreadsheets.write(path, *table(rows, title))
        written.append(path)
    return written


def nbgrader(rows: list[Row], title: str) -> Table:
    """Return columns and lines as `nbgrader export` writes them; what only nbgrader's database knows stays empty."""
    columns = "assignment duedate timestamp student_id last_name first_name email raw_score late_submission_penalty score max_score"
    unknown = ["", "", ""]
    lines = [
        [row["lesson"], "", "", row["learner"], *unknown, row["points"], 0.0, row["points"], row["of"]] for row in rows
    ]
    return columns.split(), lines


def canvas(rows: list[Row], title: str) -> Table:
    """Return columns and lines as Canvas exports and imports them."""
    columns = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title]
    most = max((row["of"] for row in rows), default=0)
    lines = [[row["learner"], _number(row, "Canvas"), "", _login(row), "", row["points"]] for row in rows]
    return columns, [["    Points Possible", "", "", "", "", most], *lines]


def moodle(rows: list[Row], title: str) -> Table:
    """Return columns and lines of Moodle's grading worksheet."""
    columns = ["Identifier", "Full name", "Grade", "Maximum grade", "Last modified (grade)", "Feedback comments"]
    lines = []
    for row in rows:
        number = _number(row, "Moodle")
        identifier = f"Participant {number}" if number else ""
        lines.append([identifier, row["learner"], row["points"], row["of"], "", summary(row)])
    return columns, lines


def summary(row: Row) -> str:
    """Return a learner's result in one line, comments included."""
    parts = [f"{each['name']}: {each['points']:g} of {each['of']:g}" for each in row["questions"]]
    comments = [f"{each['name']}: {each['comment']}" for each in row["questions"] if each.get("comment")]
    problem = [row["problem"]] if row.get("problem") else []
    return " | ".join([*problem, "; ".join(parts), *comments])


TABLES: dict[str, Callable[[list[Row], str], Table]] = {"nbgrader": nbgrader, "canvas": canvas, "moodle": moodle}


def _number(row: Row, system: str) -> str:
    name = naming.named(row["file"])
    return name.number if name.system == system else ""


def _login(row: Row) -> str:
    # From Canvas's own file names the login is not known; elsewhere the id is the login.
    return "" if _number(row, "Canvas") else row["learner"]
