"""Interactive charts and predictions that run in the browser: no kernel, no network, mouse and keyboard alike."""

from evcourse.widgets.live_chart import Choice, LiveChart, Slider
from evcourse.widgets.prediction import Prediction
from evcourse.widgets.vesicles import biogenesis, centrifuge, size_ruler, sizing_instrument

__all__ = ["Choice", "LiveChart", "Prediction", "Slider", "biogenesis", "centrifuge", "size_ruler", "sizing_instrument"]
