"""The map of the course: what there is to do in each lesson, and what this learner has done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evcourse import progress
from evcourse.questions import lesson

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["lesson", "title", "questions", "done", "tried", "points", "of", "minutes", "predictions"]


def lesson_map() -> pd.DataFrame:
    """Return one row per lesson that has exercises.

    Returns
    -------
    pandas.DataFrame
        lesson, title, questions, done (full points), tried, points, of, minutes (of all its questions) and
        predictions (made in its notebook).

    Raises
    ------
    evcourse.progress.ProgressError
        If the learner's progress file is damaged or newer. It is not changed.
    """
    import pandas as pd

    tried, predicted = progress.questions(), progress.answered_per_lesson()
    declared = [lesson.declared(folder) for folder in lesson.lessons()]
    rows = [[*_row(each, tried), predicted.get(each.name, 0)] for each in declared]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(declared: lesson.Lesson, tried: dict[str, dict[str, Any]]) -> list[Any]:
    full_names = {each.name: f"{declared.name}/{each.name}" for each in declared}
    records = {name: tried[full] for name, full in full_names.items() if full in tried}
    # A share of today's points, so that a question whose points were changed since still counts in full.
    shares = {name: record["points"] / record["of"] for name, record in records.items()}
    points = round(sum(each.points * shares.get(each.name, 0) for each in declared), 2)
    done = sum(share >= 1 for share in shares.values())
    of, minutes = sum(each.points for each in declared), sum(each.minutes for each in declared)
    return [declared.name, declared.title, len(declared.kinds), done, len(records), points, of, minutes]
