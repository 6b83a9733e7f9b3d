"""Interactive charts and predictions that run in the browser: no kernel, no network, mouse and keyboard alike."""

from evcourse.widgets.live_chart import Choice, LiveChart, Slider
from evcourse.widgets.prediction import Prediction

__all__ = ["Choice", "LiveChart", "Prediction", "Slider"]
