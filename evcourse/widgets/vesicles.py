"""The interactive charts on vesicles: a chart of `evcourse.charts` and the controls that belong to it."""

from __future__ import annotations

import pandas as pd

from evcourse import charts
from evcourse.widgets.live_chart import Choice, LiveChart, Slider


def size_ruler(ev_classes: pd.DataFrame, exosome_sizes: pd.DataFrame) -> LiveChart:
    """Return the ruler of vesicle classes with a diameter to drag; tables as for `charts.size_ruler`."""
    diameter = Slider("diameter_nm", "Diameter", 20, 12_000, 0.02, unit="nm", logarithmic=True, drag=True)
    return LiveChart(charts.size_ruler(ev_classes, exosome_sizes), diameter)


def biogenesis(biogenesis_steps: pd.DataFrame) -> LiveChart:
    """Return the three routes side by side with a step to choose; table as for `charts.routes`."""
    last = int(biogenesis_steps["step"].max())
    step = Slider("step", "Up to step", 1, last, 1)
    return LiveChart(charts.routes(biogenesis_steps, step=last), step)


def centrifuge(spins: pd.DataFrame, rotors: pd.DataFrame) -> LiveChart:
    """Return a protocol spin by spin, with rotor, density and temperature to choose; tables as for `charts.spin_by_spin`."""
    names = {f"{row.rotor} ({row.kind})": place for place, row in enumerate(rotors.itertuples())}
    return LiveChart(
        charts.spin_by_spin(spins, rotors),
        Slider("step", f"Spin (1 to {len(spins)})", 1, len(spins), 1),
        Choice("rotor", "Rotor", names),
        Slider("density_g_per_ml", "Density of the vesicles", 1.08, 1.19, 0.01, unit="g/mL"),
        Slider("temperature_c", "Temperature", 4, 37, 1, unit="°C"),
    )


def sizing_instrument() -> LiveChart:
    """Return one simulated sample as number, volume and scattered light, with the sample's make-up to choose."""
    return LiveChart(
        charts.weightings(),
        Slider("median_nm", "Median by number", 50, 150, 1, unit="nm"),
        Slider("spread", "Spread (σ of ln d)", 0.1, 0.35, 0.01),
        Slider("large_per_thousand", "300 nm particles per thousand", 0, 20, 1),
    )
