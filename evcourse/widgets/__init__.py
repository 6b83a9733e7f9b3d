"""Interactive charts and predictions that run in the browser: no kernel, no network, mouse and keyboard alike."""

from evcourse.widgets.bone import remodelling_bench, signal_network
from evcourse.widgets.live_chart import Choice, LiveChart, Slider, Switches
from evcourse.widgets.prediction import Prediction
from evcourse.widgets.vesicles import biogenesis, centrifuge, size_ruler, sizing_instrument

__all__ = [
    "Choice",
    "LiveChart",
    "Prediction",
    "Slider",
    "Switches",
    "biogenesis",
    "centrifuge",
    "remodelling_bench",
    "signal_network",
    "size_ruler",
    "sizing_instrument",
]
