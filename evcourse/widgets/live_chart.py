"""The one building block of the course's interactive charts: an Altair chart with parameters, and controls for them.

The chart is drawn by Vega inside the page and computes everything itself, so a control redraws it without the
kernel. JupyterLab shows the widget; every other page shows the SVG that is saved beside it.
"""

from __future__ import annotations

from collections.abc import Callable
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
    pick
        Whether a click on a mark that has a field of the parameter's name chooses it, too; a click beside all marks
        goes back to the first option.
    """

    parameter: str
    label: str
    options: dict[str, Any]
    pick: bool = False
    kind: str = "choice"

    def described(self, value: Any) -> str:
        chosen = next((words for words, option in self.options.items() if option == value), value)
        return f"{self.label}: {chosen} (choose from: {', '.join(self.options)})"


@dataclass(frozen=True)
class Switches:
    """A control for any number of values, each switched on or off; the parameter is the list of those that are on.

    Parameters
    ----------
    parameter
        Name of the chart's parameter, whose value is a list.
    label
        What is switched, in words.
    options
        The values, each with the words shown for it.
    """

    parameter: str
    label: str
    options: dict[str, Any]
    kind: str = "switches"

    def described(self, value: list[Any]) -> str:
        on = [words for words, option in self.options.items() if option in value]
        return f"{self.label}: {', '.join(on) or 'none'} on (switches: {', '.join(self.options)})"


Control = Slider | Choice | Switches


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
        `Slider`, `Choice` or `Switches`, in the order shown.
    recompute
        For what the browser cannot compute: a function from the values to new content of the chart. It returns a dict
        of lists of rows (for data sets of the chart, by name) and of plain values (for its parameters). It is called in
        the kernel after each change; the page says so when the kernel does not answer.
    keep
        Data sets that a button copies into others, to compare a run with the next one: from name to name.
    undo
        Whether there are buttons (and Ctrl+Z) that take back a change, and go back to the start.
    still
        The chart that is saved as a picture, if it is not the chart itself.

    Raises
    ------
    ValueError
        If the chart has no description, or a control names a parameter that the chart does not have.
    """

    _esm = _HERE / "live_chart.js"
    _css = _HERE / "widgets.css"
    # Made when the chart is first shown: a notebook that is run where nothing is shown may have no way to start Vega.
    engine = traitlets.Instance(_Engine, allow_none=True).tag(sync=True, **widget_serialization)
    spec = traitlets.Dict().tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    starts = traitlets.Dict().tag(sync=True)
    tools = traitlets.Dict().tag(sync=True)
    content = traitlets.Dict().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        chart: alt.TopLevelMixin,
        *controls: Control,
        recompute: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
        keep: dict[str, str] | None = None,
        undo: bool = False,
        still: alt.TopLevelMixin | None = None,
    ) -> None:
        spec = chart.to_dict()
        starts = {each["name"]: each["value"] for each in spec.get("params", []) if "value" in each}
        _check(spec, starts, controls)
        moved = {control.parameter: starts[control.parameter] for control in controls}
        super().__init__(
            spec=spec,
            controls=[asdict(control) | {"options": _pairs(control)} for control in controls],
            values=moved,
            starts=moved,
            tools={"undo": undo, "keep": keep or {}, "recomputes": recompute is not None},
        )
        self._still = spec if still is None else still.to_dict()
        self._text = "\n".join([spec["description"], *(each.described(starts[each.parameter]) for each in controls)])
        if recompute is not None:
            self._recompute = recompute
            self.observe(self._answer, "values")

    def _answer(self, _change: Any) -> None:
        # The count makes every answer a change, so that the page hears of those that bring nothing new.
        count = self.content.get("answer", 0) + 1
        self.content = {name: _columns(each) for name, each in self._recompute(self.values).items()} | {"answer": count}

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        self.engine = _engine()
        data, metadata = super()._repr_mimebundle_(**options)
        return {**data, "image/svg+xml": picture(self._still), "text/plain": self._text}, metadata


def _check(spec: dict[str, Any], starts: dict[str, Any], controls: tuple[Control, ...]) -> None:
    if not spec.get("description"):
        raise ValueError("The chart has no description: give it one, alt.Chart(..., description='…').")
    for control in controls:
        if control.parameter not in starts:
            raise ValueError(
                f"No parameter {control.parameter!r} with a value in the chart: it has {sorted(starts)}. "
                "Add it with .add_params(alt.param(name=…, value=…))."
            )


def _pairs(control: Control) -> list[tuple[str, Any]]:
    return [] if isinstance(control, Slider) else list(control.options.items())


def _columns(content: Any) -> Any:
    """Rows as columns, which are a third as long to send; anything else as it is."""
    if not isinstance(content, list):
        return content
    return {name: [row[name] for row in content] for name in (content[0] if content else ())}
