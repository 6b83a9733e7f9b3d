"""Interactive charts and predictions that run in the browser: no kernel, no network, mouse and keyboard alike."""

from evcourse.widgets.bone import remodelling_bench, signal_network
from evcourse.widgets.decisions import decision_bench
from evcourse.widgets.laboratory import design_bench
from evcourse.widgets.lesions import lesion_explorer, life_course, tumour_course
from evcourse.widgets.live_chart import Choice, LiveChart, Slider, Switches
from evcourse.widgets.microscope import microscope
from evcourse.widgets.plate import qpcr_plate
from evcourse.widgets.pathway import pathway
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
    "decision_bench",
    "design_bench",
    "lesion_explorer",
    "life_course",
    "microscope",
    "pathway",
    "qpcr_plate",
    "remodelling_bench",
    "signal_network",
    "size_ruler",
    "sizing_instrument",
    "tumour_course",
]
