"""Charts of the course: pure functions from a table and plain values to an Altair chart.

Importing this package sets the course's theme and renderer, so that a chart at the end of a cell is drawn in
JupyterLab without network and as a picture everywhere else, and the look of its tables.
"""

from evcourse.charts import tables as tables
from evcourse.charts import theme as theme
from evcourse.charts.biogenesis import routes
from evcourse.charts.centrifuge import spin_by_spin
from evcourse.charts.lessons import lesson_plan
from evcourse.charts.life_course import life_course
from evcourse.charts.network import signal_network
from evcourse.charts.remodelling import bench, courses
from evcourse.charts.sizes import size_ranges, size_ruler, weightings

__all__ = [
    "bench",
    "courses",
    "lesson_plan",
    "life_course",
    "routes",
    "signal_network",
    "size_ranges",
    "size_ruler",
    "spin_by_spin",
    "tables",
    "theme",
    "weightings",
]
