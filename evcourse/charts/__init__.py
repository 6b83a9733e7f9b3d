"""Charts of the course: pure functions from a table and plain values to an Altair chart.

Importing this package sets the course's theme and renderer, so that a chart at the end of a cell is drawn in
JupyterLab without network and as a picture everywhere else.
"""

from evcourse.charts import theme as theme
