"""Charts of the course: pure functions from a table and plain values to an Altair chart.

Importing this package sets the course's theme and renderer, so that a chart at the end of a cell is drawn in
JupyterLab without network and as a picture everywhere else, and the look of its tables.
"""

from evcourse.charts import tables as tables
from evcourse.charts import theme as theme
from evcourse.charts.biogenesis import routes
from evcourse.charts.centrifuge import spin_by_spin
from evcourse.charts.decisions import decision_bench
from evcourse.charts.donors import antagomir_response, donor_levels
from evcourse.charts.epistasis import time_courses, two_by_two
from evcourse.charts.laboratory import (
    laboratory_bench,
    laboratory_data,
    laboratory_findings,
    laboratory_intervals,
    laboratory_repetitions,
)
from evcourse.charts.lesions import lesion_explorer
from evcourse.charts.lessons import lesson_plan
from evcourse.charts.life_course import life_course
from evcourse.charts.microscope import field_of_view
from evcourse.charts.network import signal_network
from evcourse.charts.plate import qpcr_plate
from evcourse.charts.pathway import pathway
from evcourse.charts.remodelling import bench, courses
from evcourse.charts.sizes import size_ranges, size_ruler, weightings
from evcourse.charts.study_design import animal_time_line, assay_matrix
from evcourse.charts.tumours import tumour_course, tumour_signals

__all__ = [
    "animal_time_line",
    "antagomir_response",
    "assay_matrix",
    "bench",
    "courses",
    "decision_bench",
    "donor_levels",
    "field_of_view",
    "laboratory_bench",
    "laboratory_data",
    "laboratory_findings",
    "laboratory_intervals",
    "laboratory_repetitions",
    "lesion_explorer",
    "lesson_plan",
    "life_course",
    "pathway",
    "qpcr_plate",
    "routes",
    "signal_network",
    "size_ranges",
    "size_ruler",
    "spin_by_spin",
    "tables",
    "theme",
    "time_courses",
    "tumour_course",
    "tumour_signals",
    "two_by_two",
    "weightings",
]
