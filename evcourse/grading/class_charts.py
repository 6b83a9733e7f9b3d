"""The charts of the class report, in the course's own look; each is also in words or a table beside it."""

from __future__ import annotations

import base64
import json
import math
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from evcourse.grading.feedback import did_not_run, is_waiting
from evcourse.grading.pages import escaped, points, visible
from evcourse.grading.results import Row

if TYPE_CHECKING:
    import altair as alt

#: From this many learners on, a line of the heat map stands for several.
MOST_LINES = 250
_INK = "#222222"
#: State → fill, ink of the sign in it. Every state has a sign of its own, so that no colour is needed to tell them.
STATES = {
    "all points": ("#00528A", "#FFFFFF"),
    "half or more": ("#9CC9E6", _INK),
    "less than half": ("#DCEBF6", _INK),
    "no points": ("#FFFFFF", _INK),
    "not answered": ("#EDEDED", _INK),
    "could not be run": ("#F9D4BC", _INK),
    "to be marked by hand": ("#FBF0B2", _INK),
}


def image(chart: alt.TopLevelMixin) -> str:
    """Return a chart as an image inside the page; as an image it can neither run nor load anything."""
    from evcourse.charts import theme

    spec = chart.to_dict()
    svg = base64.b64encode(theme.picture(spec).encode("utf-8", "replace")).decode()
    return f'<img alt="{escaped(spec["description"])}" src="data:image/svg+xml;base64,{svg}">'


def state(question: dict[str, Any]) -> str:
    """Return how a question went, as one of `STATES`."""
    if is_waiting(question):
        return "to be marked by hand"
    if did_not_run(question):
        return "could not be run"
    if question["state"] == "not answered":
        return "not answered"
    share = question["points"] / question["of"]
    return "all points" if share >= 1 else "half or more" if share >= 0.5 else "less than half" if share else "no points"


def score_distribution(rows: list[Row]) -> alt.LayerChart:
    """Return how many learners have how much of all points, in tenths."""
    import altair as alt
    import pandas as pd

    tenths = [min(9, int(10 * row["points"] / row["of"])) for row in rows if row["of"]]
    steps = pd.DataFrame([(10 * tenth, 10 * tenth + 10, 10 * tenth + 5, tenths.count(tenth)) for tenth in range(10)])
    steps.columns = ["from", "to", "middle", "learners"]
    x = alt.X("from:Q").title("Share of all points (%)").scale(domain=[0, 100], nice=False).axis(grid=False, tickCount=10)
    y = alt.Y("learners:Q").title("Learners").axis(tickMinStep=1)
    bars = alt.Chart(steps).mark_bar(stroke="white", strokeWidth=2).encode(x=x, x2="to", y=y, y2=alt.datum(0))
    labels = alt.Chart(steps[steps["learners"] > 0]).mark_text(dy=-7).encode(x="middle:Q", y=y, text="learners:Q")
    description = _distribution_in_words(rows, max((row["of"] for row in rows), default=0))
    return alt.layer(bars, labels, description=description).properties(height=200)


def _distribution_in_words(rows: list[Row], of: float) -> str:
    ordered = sorted(row["points"] for row in rows)
    quarters = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.25, 0.5, 0.75)] if ordered else [0, 0, 0]
    low, middle, high = map(points, quarters)
    spread = f"a quarter of the class has up to {low}, half up to {middle}, three quarters up to {high}"
    return f"How the points are spread: {spread}, of {points(of)}."


def question_states(rows: list[Row]) -> alt.LayerChart:
    """Return for each question how many learners are in which state, as one bar with the numbers in it."""
    import altair as alt
    import pandas as pd

    names = _names(rows)
    counts = Counter((each["name"], state(each)) for row in rows for each in row["questions"])
    pieces = [piece for name in names for piece in _pieces(name, [counts[name, each] for each in STATES])]
    states = pd.DataFrame(pieces, columns=["question", "state", "from", "to", "middle", "learners"])
    return _state_bars(alt, states, names, len(rows))


def _pieces(name: str, numbers: list[int]) -> list[tuple[Any, ...]]:
    ends = list(accumulate(numbers))
    facts = zip(STATES, ends, numbers, strict=True)
    return [(name, each, end - number, end, end - number / 2, number) for each, end, number in facts]


def _state_bars(alt: Any, states: Any, names: list[str], size: int) -> Any:
    y = alt.Y("question:N").sort(names).title(None).scale(paddingInner=0.25)
    x = alt.X("from:Q").title("Learners").scale(domain=[0, size], nice=False).axis(grid=False, tickCount=5)
    bars = alt.Chart(states).mark_bar(stroke="#6B6B6B", strokeWidth=0.7).encode(
        x=x, x2="to", y=y, color=_colour(alt).legend(orient="top", columns=4, symbolStrokeColor="#6B6B6B", symbolStrokeWidth=1)
    )
    # A number that does not fit into its piece would lie on its neighbour.
    shown = alt.Chart(states[states["learners"] >= max(1, size * 0.035)])
    text = shown.mark_text(fontSize=11.5).encode(x="middle:Q", y=y, text="learners:Q", color=_ink(alt))
    description = "For each question, how many learners have all points, some, none, gave no answer or could not be run."
    return alt.layer(bars, text, description=description).properties(height=30 * len(names))


def heat_map(rows: list[Row]) -> alt.LayerChart:
    """Return learners × questions, the best at the top; in a large class a line stands for several learners."""
    import altair as alt
    import pandas as pd

    ranked = sorted(rows, key=lambda row: (-row["points"], row["learner"]))
    cells, names = _single(ranked) if len(ranked) <= MOST_LINES else _grouped(ranked), _names(rows)
    table = pd.DataFrame(cells, columns=["line", "label", "question", "state", "sign"])
    labels = dict(zip(table["line"].astype(str), table["label"], strict=True))
    bare = {"ticks": False, "domain": False}
    y = alt.Y("line:O").title(None).axis(labelExpr=_lookup(labels), labelFontSize=11, labelLimit=190, **bare)
    x = alt.X("question:N").sort(names).title(None).axis(orient="top", labelAngle=0, labelLimit=220, **bare)
    size = {"width": _column(names) * len(names), "height": 17 * len(labels)}
    return _boxes(alt, alt.Chart(table).encode(x=x, y=y)).properties(**size)


def _boxes(alt: Any, base: Any) -> Any:
    description = "Heat map of learners by questions, best at the top; the table of all learners has the same numbers."
    boxes = base.mark_rect(stroke="#FFFFFF", strokeWidth=1.5).encode(color=_colour(alt).legend(None))
    signs = base.mark_text(fontSize=10.5, baseline="middle").encode(text="sign:N", color=_ink(alt))
    return alt.layer(boxes, signs, description=description)


def _colour(alt: Any) -> Any:
    return alt.Color("state:N").scale(domain=list(STATES), range=[fill for fill, _ in STATES.values()]).title(None)


def _ink(alt: Any) -> Any:
    return alt.condition(alt.datum.state == "all points", alt.value("#FFFFFF"), alt.value(_INK))


def _column(names: list[str]) -> float:
    """Return a column's width in pixels: the longest name has to fit in."""
    return max(60, 7.5 * max((len(name) for name in names), default=0))


def _single(ranked: list[Row]) -> list[tuple[Any, ...]]:
    return [
        # The program that draws the chart ends the whole process over half a character.
        (place, visible(row["learner"]), each["name"], state(each), sign(each))
        for place, row in enumerate(ranked)
        for each in row["questions"]
    ]


def sign(question: dict[str, Any]) -> str:
    """Return what stands in a cell of the heat map."""
    signs = {"not answered": "–", "could not be run": "!", "to be marked by hand": "?"}
    return signs.get(state(question)) or points(question["points"])


def _grouped(ranked: list[Row]) -> list[tuple[Any, ...]]:
    size = math.ceil(len(ranked) / 100)
    groups = [ranked[start : start + size] for start in range(0, len(ranked), size)]
    return [cell for place, group in enumerate(groups) for cell in _group(place, place * size + 1, group)]


def _group(place: int, first: int, group: list[Row]) -> list[tuple[Any, ...]]:
    label = f"ranks {first} to {first + len(group) - 1}"
    cells = []
    for name in _names(group):
        mine = [each for row in group for each in row["questions"] if each["name"] == name]
        mean = sum(each["points"] for each in mine) / len(mine)
        joint = {"points": mean, "of": mine[0]["of"], "state": "answered"}
        cells.append((place, label, name, state(joint), points(mean)))
    return cells


def _names(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(each["name"] for row in rows for each in row["questions"]))


def _lookup(labels: dict[str, str]) -> str:
    """Return a Vega expression that gives each line its label: two learners may have the same name."""
    return f"{json.dumps(labels)}[datum.value]"
