"""How vesicles are made: three routes side by side, one step after another."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from evcourse.charts.theme import BLUE, GREY, INK, SKY

TITLES = {"endosomal": BLUE, "budding": "#00704F", "apoptosis": "#A84A00"}
ROUTES = {"endosomal": SKY, "budding": "#7FCDB6", "apoptosis": "#EDA97A"}
PANEL, LETTERS = 215, 33

# The drawing: circles as route, step, x, y, diameter in pixels of a panel; the membrane is the line at MEMBRANE.
# A scheme made for this course, not to scale.
MEMBRANE = 62
_DRAWN = {
    ("endosomal", 1): [(60, 84, 46)],
    ("endosomal", 2): [(110, 112, 56), (100, 106, 12), (118, 106, 12), (109, 122, 12)],
    ("endosomal", 3): [(160, 78, 56), (150, 44, 12), (168, 34, 12), (160, 20, 12)],
    ("budding", 1): [(80, 50, 40), (140, 24, 34)],
    ("apoptosis", 1): [(45, 40, 54), (105, 30, 44), (160, 44, 60), (85, 98, 50), (140, 104, 40)],
}


def routes(biogenesis_steps: pd.DataFrame, *, step: int = 3) -> alt.HConcatChart:
    """Return the three routes by which vesicles form, up to a step.

    Parameters
    ----------
    biogenesis_steps
        Columns route, ev_class, step, event, requirement.
    step
        Start value of the parameter `step`, from 1.
    """
    shown = alt.param(name="step", value=step)
    panels = [_panel(biogenesis_steps[biogenesis_steps["route"] == route], colour) for route, colour in ROUTES.items()]
    return (
        alt.hconcat(*panels, spacing=18)
        .properties(
            title=alt.Title("Three ways to make a vesicle", subtitle="A scheme, not to scale; the line is the cell's outer membrane"),
            description=(
                "Three drawings side by side, each with its steps in words. Endosomal: the membrane folds in, vesicles "
                "form inside the endosome, and are set free when it fuses with the outer membrane. Budding: the outer "
                "membrane bulges outwards and pinches off. Apoptosis: a dying cell breaks into bodies."
            ),
        )
        .add_params(shown, alt.param(name="summary", expr=_sentence(biogenesis_steps)))
    )


def _panel(steps: pd.DataFrame, colour: str) -> alt.VConcatChart:
    first = steps.iloc[0]
    title = alt.Title(f"{first['route']} → {first['ev_class']}", color=TITLES[first["route"]], fontSize=13, offset=4)
    words = _words(steps)
    drawing = alt.layer(*_drawing(first["route"], colour)).properties(width=PANEL, height=140, title=title)
    base = alt.Chart(words).encode(x=alt.value(2), y=alt.Y("line:Q", axis=None).scale(domain=[0, 17], reverse=True))
    text = base.mark_text(align="left", fontSize=12).encode(
        text="words:N",
        opacity=alt.condition("datum.step <= step", alt.value(1), alt.value(0.6)),
    )
    return alt.vconcat(drawing, text.properties(width=PANEL, height=245), spacing=6)


def _drawing(route: str, colour: str) -> list[alt.Chart]:
    across = alt.X("x:Q", axis=None).scale(domain=[0, PANEL])
    down = alt.Y("y:Q", axis=None).scale(domain=[0, 140], reverse=True)
    ends = pd.DataFrame({"x": [0, PANEL], "y": [MEMBRANE, MEMBRANE]})
    membrane = alt.Chart(ends).mark_line(color=GREY, strokeWidth=3).encode(x=across, y=down)
    labels = pd.DataFrame({"x": [PANEL, PANEL], "y": [MEMBRANE - 50, 132], "words": ["outside", "inside"]})
    sides = alt.Chart(labels).mark_text(align="right", fontSize=12, color=GREY).encode(x=across, y=down, text="words:N")
    circles = [
        {"step": step, "x": x, "y": y, "size": diameter**2 * 0.785, "fill": _filling(route, diameter, colour)}
        for (name, step), places in _DRAWN.items()
        if name == route
        for x, y, diameter in places
    ]
    so_far = alt.Chart(pd.DataFrame(circles)).transform_filter("datum.step <= step").encode(x=across, y=down)
    vesicles = so_far.mark_point(filled=True, shape="circle", stroke=INK, strokeWidth=1.5, opacity=1).encode(
        size=alt.Size("size:Q", scale=None), fill=alt.Fill("fill:N", scale=None)
    )
    # A dying cell has no outer membrane left to draw.
    return [vesicles] if route == "apoptosis" else [membrane, sides, vesicles]


def _filling(route: str, diameter: float, colour: str) -> str:
    # What an endosome encloses came from outside: it is drawn empty, and only the vesicles in it are filled.
    return "white" if route == "endosomal" and diameter > 20 else colour


def _words(steps: pd.DataFrame) -> pd.DataFrame:
    """One row per line of text: each step's event, then what the route needs."""
    lines = []
    for row in steps.itertuples():
        wrapped = textwrap.wrap(f"{row.step}. {row.event}", LETTERS)
        lines += [{"step": row.step, "words": each} for each in [*wrapped, ""]]
    needs = steps["requirement"].dropna().unique()
    for need in needs:
        lines += [{"step": 1, "words": each} for each in textwrap.wrap(f"Requirement: {need}", LETTERS)]
    return pd.DataFrame(lines).assign(line=range(len(lines)))


def _sentence(steps: pd.DataFrame) -> str:
    told = {
        step: "; ".join(f"{row.route}: {row.event}" for row in rows.itertuples())
        for step, rows in steps.groupby("step")
    }
    choices = " : ".join(f"step === {step} ? {_quoted(f'Step {step}. {words}.')}" for step, words in told.items())
    return f"{choices} : ''"


def _quoted(words: str) -> str:
    return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"
