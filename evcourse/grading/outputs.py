"""Everything that a finished run gives to people: the sheet for marking, gradebooks, feedback pages, the class report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evcourse.grading import feedback, gradebooks, manual
from evcourse.grading.report import report
from evcourse.grading.results import Row, replace_file

if TYPE_CHECKING:
    from evcourse.questions import Lesson


def write_all(folder: Path, rows: list[Row], lesson: Lesson, secret: bytes = b"") -> list[Row]:
    """Write manual.csv, the gradebooks, feedback/ and report.html; return the rows with what was given by hand.

    Raises
    ------
    ValueError
        If manual.csv holds points that cannot be; nothing is written then.
    """
    marks = manual.marks_in(folder / manual.NAME)
    final = manual.marked(rows, marks)
    manual.write_sheet(folder / manual.NAME, rows, marks)
    gradebooks.write_all(folder, final, lesson.title)
    feedback.write_all(folder / "feedback", final, lesson, secret)
    replace_file(folder / "report.html", [report(final, lesson, secret).encode("utf-8", "replace")])
    return final
