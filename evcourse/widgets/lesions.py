"""The interactive charts on tumours in bone and on a life of bone."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evcourse import charts
from evcourse.charts import lesions as drawing
from evcourse.charts.life_course import INTERVENTIONS, NO_MENOPAUSE
from evcourse.models import myeloma
from evcourse.widgets.live_chart import Choice, LiveChart, Slider


def lesion_explorer(lesions: pd.DataFrame) -> LiveChart:
    """Return the lesion explorer: a tumour, its cargos, the constants they move, the course, and a drug.

    Python computes each course anew; where cells settle and the lasting slope are closed forms in the browser.

    Parameters
    ----------
    lesions
        Columns lesion, cargo, parameter, factor, basis.
    """
    start = {"lesion": 0, "strength_percent": 100, "blocked_percent": 0, "from_day": 300}

    def recompute(values: dict[str, Any]) -> dict[str, Any]:
        course = drawing.explored_course(lesions, **values)
        return {drawing.COURSE: drawing.records(course), **drawing.days_without_bone(course)}

    names = {name: number for number, name in enumerate(dict.fromkeys(lesions["lesion"]))}
    return LiveChart(
        charts.lesion_explorer(drawing.explored_course(lesions, **start), lesions, **start),
        Choice("lesion", "Tumour", names),
        Slider("strength_percent", "Strength of the vesicles", 0, 100, 10, unit="%"),
        Slider("blocked_percent", "Osteoclast formation blocked by the drug", 0, 90, 10, unit="%"),
        Slider("from_day", "Drug begins on day", 0, 1000, 50),
        recompute=recompute,
        undo=True,
    )


def tumour_course() -> LiveChart:
    """Return the published course of a tumour beside a remodelling site, with or without an end at zero."""
    course = myeloma.tumour_course(days=2000, step_days=5, until_no_bone=False)
    ends = {"ends when no bone is left": 1, "as the equation goes on": 0}
    return LiveChart(charts.tumour_course(course), Choice("ends", "The course", ends))


def life_course() -> LiveChart:
    """Return a life of bone from 30 to 90, with menopause and an intervention; all of it computed in the browser."""
    ages = {"at 45": 45, "at 50": 50, "at 55": 55, "none": NO_MENOPAUSE}
    return LiveChart(
        charts.life_course(intervention=0),
        Slider("change_per_decade_percent", "Ageing: α2 falls and α1 rises per decade by", 0, 4, 0.5, unit="%"),
        Choice("menopause_years", "Menopause", ages),
        Choice("intervention", "Intervention", INTERVENTIONS),
        Slider("from_years", "From the age of", 40, 85, 1),
        Slider("strength_percent", "How much of it is blocked", 0, 95, 5, unit="%"),
        undo=True,
    )
