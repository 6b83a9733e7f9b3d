"""The map of the lessons, with what the learner has done so far."""

from __future__ import annotations

import altair as alt
import pandas as pd

from evcourse.charts.theme import BLUE, INK, SKY


def lesson_plan(
    lessons: pd.DataFrame, predictions: pd.DataFrame, answered: dict[str, int], exercises: pd.DataFrame
) -> alt.LayerChart:
    """Return the lessons as bars of minutes, with the predictions made and the points earned so far.

    Parameters
    ----------
    lessons
        Columns lesson, title, minutes.
    predictions
        Columns lesson and question, one row per option.
    answered
        Number of predictions made in each lesson; lessons may be missing.
    exercises
        Columns lesson, points, of: a row for each lesson that has exercises.
    """
    asked = predictions.groupby("lesson")["question"].nunique()
    earned = exercises.set_index("lesson")
    rows = pd.DataFrame(
        {
            "title": [f"{row.lesson[:2]}  {row.title}" for row in lessons.itertuples()],
            "minutes": lessons["minutes"],
            "done": [answered.get(lesson, 0) / asked.get(lesson, 1) for lesson in lessons["lesson"]],
            "words": [
                f"{row.minutes} min · {answered.get(row.lesson, 0)} of {asked.get(row.lesson, 0)} predictions"
                + (f" · {earned['points'][row.lesson]:g} of {earned['of'][row.lesson]:g} points" if row.lesson in earned.index else "")
                for row in lessons.itertuples()
            ],
        }
    )
    base = alt.Chart(rows).encode(y=alt.Y("title:N", sort=list(rows["title"]), axis=None))
    minutes = alt.X("minutes:Q").scale(domain=[0, 150]).title("Minutes").axis(values=[0, 30, 60, 90])
    titles = base.mark_text(align="left", dy=-15, fontWeight="bold").encode(x=alt.value(0), text="title:N")
    whole = base.mark_bar(height=12, color=SKY, opacity=0.35, stroke=INK, strokeWidth=0.7).encode(x=minutes)
    done = base.transform_calculate(part="datum.minutes * datum.done").mark_bar(height=12, color=BLUE)
    words = base.mark_text(align="left", dx=8).encode(x=minutes, text="words:N")
    return alt.layer(titles, whole, done.encode(x=alt.X("part:Q")), words).properties(
        height=alt.Step(52),
        title=alt.Title("Lessons", subtitle="Length: minutes. Dark part: share of its predictions you have made"),
        description="Lessons: " + "; ".join(rows["title"] + ", " + rows["words"]) + ".",
    )
