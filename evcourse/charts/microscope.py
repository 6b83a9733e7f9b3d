"""The microscope: a field, what a threshold calls stained in it, and what three ways to choose a threshold give."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from evcourse.charts.pictures import mask_address, photograph_address
from evcourse.charts.theme import BLUE, GREEN, GREY, INK, ORANGE, VERMILION
from evcourse.models.image_analysis import ALL, EACH

SIDE, LOW, SHOWN = 262, 144, ("blank", "little", "some", "much")
BINS, MOST_STAIN = 56, 1.4
BY_HAND = "your slider"
METHODS = {EACH: ("Otsu, each field its own", VERMILION, "circle"), ALL: ("Otsu once, for all fields", BLUE, "square"), BY_HAND: ("your slider, for all fields", GREEN, "diamond")}
TRULY = {"clean": "truly no stain", "stained": "truly stain"}
KINDS = {"found": "stain, found", "false": "called stain, is none", "missed": "stain, missed"}
INKS = {"found": (0, 114, 178, 150), "false": (213, 94, 0, 255), "missed": (240, 228, 66, 255), "gap": (0, 0, 0, 70)}


def field_of_view(
    shown: dict,
    *,
    stain: str = "alizarin red",
    field: int = 2,
    method: str = EACH,
    threshold: float = 0.2,
    shading: float = 0.15,
    difficulty: str = "clean",
) -> alt.VConcatChart:
    """Return a SIMULATED field beside what a threshold makes of it, its histogram, and the whole batch.

    Parameters
    ----------
    shown
        What is seen at the start: the data sets `pictures`, `histogram`, `batch` (see `pictures_of`, `histogram_of`)
        and the parameters `limit`, `share`, `false_share`, `missed_share` and `summary`. What computes a field replaces them all.
    stain, field, method, threshold, shading, difficulty
        Start values of the parameters of these names: the kind of field, its place in the batch, the way to choose a
        threshold, the slider's amount of stain, how much darker the corners are, and what makes the field less easy.
    """
    starts = {"stain": stain, "field": field, "method": method, "threshold": threshold, "shading": shading, "difficulty": difficulty}
    parameters = starts | {name: value for name, value in shown.items() if not isinstance(value, list)}
    above = alt.hconcat(_photograph(), _called(), spacing=16)
    below = alt.hconcat(_histogram(), _batch(), spacing=40).resolve_scale(color="independent", shape="independent")
    return (
        alt.vconcat(above, _key(), below, spacing=12)
        .resolve_scale(color="independent", shape="independent")
        .properties(
            padding={"left": 5, "top": 5, "right": 12, "bottom": 10},
            title=alt.Title("Under the microscope", subtitle="SIMULATED fields with a known truth: not data of either paper"),
            datasets={name: rows for name, rows in shown.items() if isinstance(rows, list)},
            description=(
                "Above left, a simulated stained field; above right, the same field with the pixels that the threshold "
                "calls stained: blue where this is true, striped vermilion where it is not, dotted yellow where stain "
                "was missed. Below left, a histogram of the amount of stain with the threshold and, as a diamond, the slider. Below right, the share "
                "called stained in each of four fields by three ways to choose a threshold, with the truth as a line."
            ),
        )
        .add_params(*(alt.param(name=name, value=value) for name, value in parameters.items()))
    )


def pictures_of(image: np.ndarray, mask: np.ndarray, truth: np.ndarray) -> list[dict[str, str]]:
    """Return the data set `pictures`: one row with the addresses `photograph` and `called`.

    Parameters
    ----------
    image
        Height × width × 3, from 0 to 1.
    mask, truth
        What is called stained and what is, height × width, booleans.
    """
    down, across = np.indices(mask.shape)
    striped, dotted = (down + across) % 6 < 4, (down % 3 < 2) & (across % 3 < 2)
    kinds = [mask & truth, mask & ~truth & striped, truth & ~mask & dotted, (mask ^ truth) & ~(mask & truth)]
    numbers = np.select(kinds, [1, 2, 3, 4], 0)
    return [{"photograph": photograph_address(image), "called": mask_address(numbers, list(INKS.values()))}]


def histogram_of(amount: np.ndarray, truth: np.ndarray) -> list[dict[str, float]]:
    """Return the data set `histogram`: one row per bin, amount (its middle), clean and stained (numbers of pixels)."""
    edges = np.linspace(0, MOST_STAIN, BINS + 1)
    amounts = np.clip(amount, 0, MOST_STAIN)
    numbers = [np.histogram(amounts[part], edges)[0] for part in (~truth, truth)]
    middles = ((edges[1:] + edges[:-1]) / 2).round(4)
    return [
        {"amount": float(middle), "clean": int(clean), "stained": int(stained)}
        for middle, clean, stained in zip(middles, *numbers, strict=True)
    ]


def _photograph() -> alt.LayerChart:
    made = {"clean": "", "weak": ", weak places", "debris": ", debris", "both": ", weak places, debris"}
    how = f"'shading ' + format(shading, '.2f') + {made}[difficulty]"
    title = alt.ExprRef(f"[stain + ', field “' + {list(SHOWN)}[field] + '”', {how}]")
    return alt.layer(_image("photograph"), _frame()).properties(width=SIDE, height=SIDE, title=_panel_title(title))


def _called() -> alt.LayerChart:
    names = {method: words for method, (words, *_) in METHODS.items()}
    title = alt.ExprRef(f"'called stained: ' + {names}[method]")
    layers = alt.layer(_image("photograph", opacity=0.55), _image("called", smooth=False), _frame())
    return layers.properties(width=SIDE, height=SIDE, title=_panel_title(title))


def _image(column: str, **look) -> alt.Chart:
    return alt.Chart(alt.NamedData("pictures")).mark_image(width=SIDE, height=SIDE, align="left", baseline="top", **look).encode(
        x=alt.value(0), y=alt.value(0), url=f"{column}:N"
    )


def _frame() -> alt.Chart:
    return alt.Chart(pd.DataFrame({"one": [1]})).mark_rect(fillOpacity=0, stroke=GREY, strokeWidth=1).encode(
        x=alt.value(0), x2=alt.value(SIDE), y=alt.value(0), y2=alt.value(SIDE)
    )


def _key() -> alt.LayerChart:
    """What the colours of the mask mean, and how much of the field each of them is."""
    rows = pd.DataFrame(
        {
            "place": [0, 190, 404],
            "words": list(KINDS.values()),
            "share": ["share", "false", "missed"],
            "colour": [BLUE, VERMILION, "#C9B800"],
            "mark": ["square", "triangle-up", "circle"],
        }
    )
    x = alt.X("place:Q", scale=None, axis=None)
    base = alt.Chart(rows)
    signs = base.mark_point(filled=True, size=120, opacity=1, xOffset=8).encode(
        x=x, y=alt.value(8), color=alt.Color("colour:N", scale=None, legend=None), shape=alt.Shape("mark:N", scale=None, legend=None)
    )
    values = "datum.share === 'share' ? share - false_share : datum.share === 'false' ? false_share : missed_share"
    words = base.transform_calculate(told=f"datum.words + ': ' + format({values}, '.1%')").mark_text(align="left", dx=20, fontSize=12)
    return alt.layer(signs, words.encode(x=x, y=alt.value(8), text="told:N")).properties(width=2 * SIDE + 16, height=16)


def _histogram() -> alt.LayerChart:
    rows = alt.Chart(alt.NamedData("histogram")).transform_fold(list(TRULY), as_=["truth", "pixels"])
    colour = (
        alt.Color("truth:N")
        .scale(domain=list(TRULY), range=[GREY, ORANGE])
        .legend(title=None, orient="top-right", labelExpr=f"{TRULY}[datum.value]", fillColor="white", padding=4)
    )
    dash = alt.StrokeDash("truth:N").scale(domain=list(TRULY), range=[[1, 0], [4, 2]]).legend(None)
    x = alt.X("amount:Q").scale(domain=[0, MOST_STAIN], nice=False).title("Amount of stain in a pixel").axis(tickCount=6)
    y = alt.Y("pixels:Q", stack=None).scale(type="sqrt").title("Pixels (root scale)").axis(tickCount=4)
    areas = rows.mark_area(interpolate="step", opacity=0.55).encode(x=x, y=y, color=colour)
    edges = rows.mark_line(interpolate="step", strokeWidth=1.3).encode(x=x, y=y, color=colour, strokeDash=dash)
    layers = [areas, edges, *_limits()]
    return alt.layer(*layers).properties(width=SIDE - 20, height=LOW)


def _limits() -> list[alt.Chart]:
    """The threshold in force, and where the slider stands."""
    one = alt.Chart(pd.DataFrame({"one": [1]}))
    at = one.transform_calculate(amount=f"min(limit, {MOST_STAIN})")
    rule = at.mark_rule(color=INK, strokeWidth=2, strokeDash=[5, 3]).encode(x="amount:Q")
    told = at.transform_calculate(told="'called stained above ' + format(limit, '.2f')")
    words = told.mark_text(align=alt.ExprRef(f"limit > {MOST_STAIN / 2} ? 'right' : 'left'"), dy=-8, fontSize=11.5)
    _, colour, shape = METHODS[BY_HAND]
    own = one.transform_calculate(amount="threshold").mark_point(
        filled=True, size=90, color=colour, shape=shape, stroke=INK, strokeWidth=0.5, opacity=1
    )
    return [rule, words.encode(x="amount:Q", y=alt.value(0), text="told:N"), own.encode(x="amount:Q", y=alt.value(LOW))]


def _batch() -> alt.LayerChart:
    """The share called stained in each field, by three ways, and the truth."""
    rows = alt.Chart(alt.NamedData("batch"))
    domain, colours, shapes = zip(*METHODS.values(), strict=True)
    y = alt.Y("field:N").scale(domain=list(SHOWN)).title(None).axis(ticks=False, domain=False, labelPadding=8)
    aside = alt.YOffset("method:N").scale(domain=domain)
    legend = alt.Legend(orient="bottom", title=None, direction="vertical", labelLimit=300, offset=4)
    truth = rows.transform_filter(f"datum.method === '{domain[0]}'").mark_tick(orient="vertical", color=INK, thickness=2.5, size=30)
    points = rows.mark_point(filled=True, size=70, opacity=0.9, stroke=INK, strokeWidth=0.5).encode(
        x=_share("share"),
        y=y,
        yOffset=aside,
        color=alt.Color("method:N").scale(domain=domain, range=colours).legend(legend),
        shape=alt.Shape("method:N").scale(domain=domain, range=shapes).legend(legend),
    )
    title = _panel_title("The whole batch (black: truth)")
    return alt.layer(truth.encode(x=_share("truth"), y=y), points).properties(width=SIDE - 50, height=LOW, title=title)


def _share(column: str) -> alt.X:
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1])
    return alt.X(f"{column}:Q").scale(domain=[0, 1], nice=False).title("Share of the field called stained").axis(axis)


def _panel_title(words: str | alt.ExprRef) -> alt.Title:
    return alt.Title(words, fontSize=12.5, offset=6)
