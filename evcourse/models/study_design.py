"""What a paper says of its design, part by part: groups of assays, and the course of an animal experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: Results are told in the running text and in the legends of its figures.
PARTS = {"methods": "methods", "results": "results", "figure legend": "results"}
IN_BOTH, METHODS_ONLY, RESULTS_ONLY = "in both", "Methods only", "Results only"
NAMED, INFERRED, ABSENT = "named", "inferred", ""


def stated_groups(assay_groups: pd.DataFrame) -> pd.DataFrame:
    """Return how Methods and Results speak of each group of each assay.

    Parameters
    ----------
    assay_groups
        A row for each assay, group and place, with the columns assay, group_std, place ("methods", "results",
        "figure legend") and stated ("explicit", "implied").

    Returns
    -------
    DataFrame
        A row for each assay and group, in the order of the table: assay, group, methods, results (each "named",
        "inferred" or empty) and stated ("in both", "Methods only", "Results only"). Legends of figures count as
        Results; a group that is named once in a part is named there.

    Raises
    ------
    ValueError
        If a row has a place that is none of the three.
    """
    import pandas as pd

    part = assay_groups["place"].astype(str).map(PARTS)
    if part.isna().any():
        wrong = assay_groups.loc[part.isna(), "place"].iloc[0]
        raise ValueError(f"No place {wrong!r} is known: a row belongs to one of {', '.join(PARTS)}.")
    named = assay_groups["stated"].astype(str).eq("explicit")
    keys = [assay_groups["assay"].astype(str), assay_groups["group_std"].astype(str), part]
    told = named.groupby(keys, sort=False).any().map({True: NAMED, False: INFERRED})
    table = told.unstack(fill_value=ABSENT).reindex(columns=["methods", "results"], fill_value=ABSENT)
    order = pd.MultiIndex.from_frame(pd.concat(keys[:2], axis=1).drop_duplicates())
    rows = table.reindex(order).rename_axis(["assay", "group"]).reset_index()
    rows.columns.name = None
    return rows.assign(stated=[_where(*each) for each in zip(rows["methods"], rows["results"], strict=True)])


def _where(methods: str, results: str) -> str:
    if methods == ABSENT:
        return RESULTS_ONLY
    return METHODS_ONLY if results == ABSENT else IN_BOTH


def animal_arms(animals: pd.DataFrame) -> pd.DataFrame:
    """Return the groups of mice that went through the experiment, and what is stated of each.

    Parameters
    ----------
    animals
        A row for each group and place, with the columns group, place, n_animals, treatment, exosome_ug, inhibitor,
        inhibitor_umol, volume_ml and duration_weeks. Donors of cells are left out.

    Returns
    -------
    DataFrame
        A row for each group: group, place, n_animals (empty where not stated), given (what each mouse had per day, in
        words, empty where nothing is stated) and duration_weeks. A group that Methods describe is not repeated for
        Results.
    """
    arms = animals[~animals["treatment"].fillna("").str.contains("donors")]
    described = arms["place"].eq("methods")
    met = " ".join(arms.loc[described, "group"].str.casefold())
    # Results shorten names: their PMO is the PMO+PBS of Methods.
    new = described | ~arms["group"].str.casefold().map(lambda group: group in met)
    rows = arms[new]
    given = [_given(row) for row in rows.itertuples()]
    columns = ["group", "place", "n_animals", "duration_weeks"]
    return rows[columns].assign(given=given).reset_index(drop=True)


def _given(row) -> str:
    """Return in words what a mouse of one group had per day; only what the row states."""
    if not row.duration_weeks > 0:
        return ""
    doses = {"µg exosomes": row.exosome_ug, f"µmol {row.inhibitor}": row.inhibitor_umol}
    parts = [f"{amount:g} {what}" for what, amount in doses.items() if amount > 0]
    volume = f"{row.volume_ml:g} mL " if row.volume_ml > 0 else ""
    return " + ".join(parts) if parts else f"{volume}{row.treatment}"
