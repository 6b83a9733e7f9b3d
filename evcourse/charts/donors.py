"""Donors and doses: levels of a miRNA by age and passage, and what an antagomir restores. Both SIMULATED."""

from __future__ import annotations

import altair as alt
import pandas as pd

from evcourse.charts.theme import BLUE, INK, ORANGE

GROUPS = {"young": BLUE, "old": ORANGE}


def donor_levels(donors: pd.DataFrame) -> alt.LayerChart:
    """Return the level of each donor against the passage of the cells, young and old apart.

    Parameters
    ----------
    donors
        Columns donor, group, age_years, passage, sex, log2_level, as `models.donors.simulated_donors` returns them.
    """
    colour = alt.Color("group:N").scale(domain=list(GROUPS), range=list(GROUPS.values())).title("Donors")
    shape = alt.Shape("group:N").scale(domain=list(GROUPS), range=["circle", "triangle-up"]).title("Donors")
    base = alt.Chart(donors).encode(
        x=alt.X("passage:O").title("Passage of the cells in culture").axis(labelAngle=0),
        xOffset=alt.XOffset("group:N", sort=list(GROUPS)),
        y=alt.Y("log2_level:Q").title("Level of the miRNA (doublings)"),
    )
    points = base.mark_point(filled=True, size=75, opacity=0.8).encode(
        color=colour, shape=shape, tooltip=["donor", "age_years", "sex", "passage", "log2_level"]
    )
    means = base.mark_tick(thickness=3, size=22, color=INK).encode(y="mean(log2_level):Q")
    return alt.layer(points, means).properties(
        width=480,
        height=240,
        title=alt.Title(
            "Levels in the vesicles of young and old donors",
            subtitle="SIMULATED: not data of any paper; bars are means",
        ),
        description=(
            "Points for simulated donors: level of a miRNA over the passage of the cells, young donors as circles, old "
            "ones as triangles, with a bar for each mean. Levels rise with the passage, and cells of old donors stand "
            "further right."
        ),
    )


def antagomir_response(doses: pd.DataFrame) -> alt.LayerChart:
    """Return the blocked share of a miRNA over the dose, with its band.

    Parameters
    ----------
    doses
        Columns dose_nmol_per_l, blocked, blocked_low, blocked_high, as `models.ageing.antagomir_doses` returns them.
    """
    x = (
        alt.X("dose_nmol_per_l:Q")
        .scale(type="log", nice=False)
        .title("Dose (nmol/L, logarithmic scale)")
        .axis(values=[1, 10, 100, 1000], format="~g", grid=False)
    )
    title = "Share of the miRNA blocked"
    base = alt.Chart(doses.round(4)).encode(x=x)
    band = base.mark_area(opacity=0.25, color=BLUE).encode(y=alt.Y("blocked_low:Q").title(title), y2="blocked_high:Q")
    line = base.mark_line(color=BLUE).encode(y=alt.Y("blocked:Q").scale(domain=[0, 1]).title(title).axis(format="%"))
    return alt.layer(band, line).properties(
        height=220,
        title=alt.Title(
            "What a dose of antagomir blocks",
            subtitle="SIMULATED: half dose invented; the band is a half dose three times smaller or larger",
        ),
        description=(
            "A rising S-shaped curve of the blocked share from 0 to 100 per cent over a logarithmic dose, with a band "
            "around it. The vertical axis begins at zero."
        ),
    )
