"""evcourse: extracellular vesicles in bone, as data, models, charts and exercises.

>>> import evcourse as ev
>>> ev.datasets()                          # the catalogue
>>> ev.load("bone_remodelling")            # one table, as a DataFrame
>>> ev.dataset("bone_remodelling").source  # where it comes from, with the paper's status
"""

from typing import Any

from evcourse.datasets import Dataset, DatasetError, dataset, datasets, load, problems, sources

__all__ = ["Dataset", "DatasetError", "dataset", "datasets", "exercises", "lesson_map", "load", "problems", "sources"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # The questions are loaded when they are asked for: whoever only wants a table does not wait for them.
    if name == "exercises":
        from evcourse.questions import exercises

        return exercises
    if name == "lesson_map":
        from evcourse.questions.lesson_map import lesson_map

        return lesson_map
    raise AttributeError(f"evcourse has no {name!r}.")
