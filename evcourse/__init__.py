"""evcourse: extracellular vesicles in bone, as data, models, charts and exercises.

>>> import evcourse as ev
>>> ev.datasets()                          # the catalogue
>>> ev.load("bone_remodelling")            # one table, as a DataFrame
>>> ev.dataset("bone_remodelling").source  # where it comes from, with the paper's status
"""

from evcourse.datasets import Dataset, DatasetError, dataset, datasets, load, sources

__all__ = ["Dataset", "DatasetError", "dataset", "datasets", "load", "sources"]
__version__ = "0.1.0"
