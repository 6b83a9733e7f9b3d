"""The one building block of the course's interactive charts: an Altair chart with parameters, and controls for them.

The chart is drawn by Vega inside the page and computes everything itself, so a control redraws it without the
kernel. JupyterLab shows the widget; every other page shows the SVG that is saved beside it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import anywidget
import traitlets
import vl_convert
from ipywidgets import widget_serialization

from evcourse.charts.theme import VEGA_LITE, picture

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Slider:
    """A control for a number.

    Parameters
    ----------
    parameter
        Name of the chart's parameter.
    label
        What it is, in words.
    low, high, step
        Range and step, in `unit`. On a logarithmic slider `step` is the factor of one step minus 1 (0.05 is 5 %).
    unit
        Printed after the value.
    logarithmic
        Whether equal distances are equal factors.
    drag
        Whether dragging over the chart sets it, too: the value is read off the horizontal axis.
    """

    parameter: str
    label: str
    low: float
    high: float
    step: float
    unit: str = ""
    logarithmic: bool = False
    drag: bool = False
    kind: str = "slider"

    def described(self, value: float) -> str:
        return f"{self.label}: {value:g} {self.unit}".rstrip() + f" (slider from {self.low:g} to {self.high:g})"


@dataclass(frozen=True)
class Choice:
    """A control for one of a few values, with a label for each.

    Parameters
    ----------
    parameter
        Name of the chart's parameter.
    label
        What is chosen, in words.
    options
        The parameter's values, each with the words shown for it.
    """

    parameter: str
    label: str
    options: dict[str, Any]
    kind: str = "choice"

    def described(self, value: Any) -> str:
        chosen = next((words for words, option in self.options.items() if option == value), value)
        return f"{self.label}: {chosen} (choose from: {', '.join(self.options)})"


class _Engine(anywidget.AnyWidget):
    """Vega, sent to the page once and shared by all charts of a kernel."""

    _esm = traitlets.Unicode().tag(sync=True)


@cache
def _engine() -> _Engine:
    script = "export default { async initialize() { globalThis.evcourseVegaEmbed = vegaEmbed; } };"
    return _Engine(_esm=vl_convert.javascript_bundle(script, vl_version=VEGA_LITE))


class LiveChart(anywidget.AnyWidget):
    """An Altair chart whose parameters are moved by labelled controls, in the browser.

    A parameter of the chart named `summary` is shown as a sentence under the chart and read out by screen readers
    whenever it changes. The current values are in `values`.

    Parameters
    ----------
    chart
        A chart with a `description` and a parameter (with a value) for each control.
    *controls
        `Slider` or `Choice`, in the order shown.

    Raises
    ------
    ValueError
        If the chart has no description, or a control names a parameter that the chart does not have.
    """

    _esm = _HERE / "live_chart.js"
    _css = _HERE / "widgets.css"
    engine = traitlets.Instance(_Engine).tag(sync=True, **widget_serialization)
    spec = traitlets.Dict().tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)

    def __init__(self, chart: alt.TopLevelMixin, *controls: Slider | Choice) -> None:
        spec = chart.to_dict()
        starts = {each["name"]: each["value"] for each in spec.get("params", []) if "value" in each}
        _check(spec, starts, controls)
        super().__init__(
            engine=_engine(),
            spec=spec,
            controls=[asdict(control) | {"options": _pairs(control)} for control in controls],
            values={control.parameter: starts[control.parameter] for control in controls},
        )
        self._text = "\n".join([spec["description"], *(each.described(starts[each.parameter]) for each in controls)])

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**options)
        return {**data, "image/svg+xml": picture(self.spec), "text/plain": self._text}, metadata


def _check(spec: dict[str, Any], starts: dict[str, Any], controls: tuple[Slider | Choice, ...]) -> None:
    if not spec.get("description"):
        raise ValueError("The chart has no description: give it one, alt.Chart(..., description='…').")
    for control in controls:
        if control.parameter not in starts:
            raise ValueError(
                f"No parameter {control.parameter!r} with a value in the chart: it has {sorted(starts)}. "
                "Add it with .add_params(alt.param(name=…, value=…))."
            )


def _pairs(control: Slider | Choice) -> list[tuple[str, Any]]:
    return list(control.options.items()) if isinstance(control, Choice) else []
