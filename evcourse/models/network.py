"""Reading a network of signals: who acts on whom, with which sign, and where the way leads back.

Every function takes a table of signals, one row per edge, with the columns edge, origin_cell, cargo, target_cell,
process, sign_as_printed and sign_per_source (empty where nobody contests the printed sign). Signs of an arrow, of a
path and of a loop are **sets**: {1}, {-1}, or {1, -1} where cargos compete or a sign is contested. The number of edges
is no measure of evidence, so nothing here adds signs up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, product
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

MORE_BONE = ("osteogenesis", "osteoblastogenesis", "osteoblast activity", "bone regeneration")
LESS_BONE = ("osteoclastogenesis", "bone resorption")


def signal_graph(signals: pd.DataFrame) -> nx.MultiDiGraph:
    """Return the signals as a graph: cells as nodes, one edge per signal.

    The key of an edge is its number; its attributes are the other columns.
    """
    import networkx as nx

    graph = nx.MultiDiGraph()
    for row in signals.to_dict("records"):
        graph.add_edge(row["origin_cell"], row["target_cell"], key=row["edge"], **row)
    return graph


def cell_cycles(signals: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return every way that leads from a cell back to itself without meeting another cell twice.

    Returns
    -------
    list of tuples
        Each begins with the cell that comes first in the alphabet; short ones first. A cell that signals to itself is
        a cycle of one. Several cargos between the same cells count once: a cycle is one of cells, not of cargos.
    """
    import networkx as nx

    found = (_from_the_first(cycle) for cycle in nx.simple_cycles(nx.DiGraph(signal_graph(signals))))
    return sorted(found, key=lambda cycle: (len(cycle), cycle))


def cell_arrows(signals: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each pair of cells that is joined by signals, with how many raise and lower something.

    Returns
    -------
    pandas.DataFrame
        Columns origin_cell, target_cell, edges, raising, lowering, contested: counts of edges, signs as printed.
    """
    counted = signals.assign(
        raising=signals["sign_as_printed"] > 0,
        lowering=signals["sign_as_printed"] < 0,
        contested=signals["sign_per_source"].notna(),
    ).astype({"origin_cell": str, "target_cell": str})
    groups = counted.groupby(["origin_cell", "target_cell"], sort=False)
    counts = groups[["raising", "lowering", "contested"]].sum().astype("int64")
    counts.insert(0, "edges", groups.size())
    return counts.reset_index()


def competing_cargos(signals: pd.DataFrame) -> pd.DataFrame:
    """Return where vesicles of one cell both raise and lower one process in one target cell, signs as printed.

    Returns
    -------
    pandas.DataFrame
        Columns origin_cell, target_cell, process, raised_by, lowered_by; the last two list cargos, joined by commas.
    """
    import pandas as pd

    names = ["origin_cell", "target_cell", "process"]
    rows = [
        dict(zip(names, key, strict=True)) | {"raised_by": _cargos(group, 1), "lowered_by": _cargos(group, -1)}
        for key, group in signals.groupby(names, sort=False, observed=True)
        if group["sign_as_printed"].nunique() > 1
    ]
    return pd.DataFrame(rows, columns=[*names, "raised_by", "lowered_by"])


def arrow_signs(signals: pd.DataFrame, origin_cell: str, target_cell: str) -> set[int]:
    """Return the signs with which one cell acts on another: {1}, {-1} or, if cargos compete or a sign is contested, both.

    Raises
    ------
    ValueError
        If no signal leads from one cell to the other.
    """
    between = signals[(signals["origin_cell"] == origin_cell) & (signals["target_cell"] == target_cell)]
    if between.empty:
        raise ValueError(f"No signal leads from {origin_cell!r} to {target_cell!r}. {_reachable(signals, origin_cell)}")
    printed, per_source = between["sign_as_printed"], between["sign_per_source"].dropna()
    return {int(sign) for sign in [*printed, *per_source]}


def path_signs(signals: pd.DataFrame, cells: Sequence[str]) -> set[int]:
    """Return the signs that a way through cells can have: products of one sign of each arrow on the way.

    Raises
    ------
    ValueError
        If fewer than two cells are named, or an arrow on the way does not exist.
    """
    if len(cells) < 2:
        raise ValueError(f"A path needs at least two cells, but has {len(cells)}: name the cells in order.")
    choices = [arrow_signs(signals, origin, target) for origin, target in pairwise(cells)]
    return {prod(signs) for signs in product(*choices)}


def loop_signs(signals: pd.DataFrame, cycle: Sequence[str]) -> set[int]:
    """Return the signs that a cycle of cells can have; the way back to its first cell is added.

    A loop of sign 1 amplifies a change, one of sign -1 works against it, and {1, -1} says that it depends on strengths
    that the table does not give.
    """
    return path_signs(signals, [*cycle, cycle[0]])


def without_vesicles_of(signals: pd.DataFrame, cells: str | Iterable[str]) -> pd.DataFrame:
    """Return the signals that are left when some cells release no vesicles; they can still be acted on.

    Raises
    ------
    ValueError
        If a cell releases no vesicles in this table anyway.
    """
    silenced = [cells] if isinstance(cells, str) else list(cells)
    known = signals["origin_cell"].astype(str)
    for cell in silenced:
        if cell not in set(known):
            raise ValueError(f"{cell!r} releases no vesicles in these signals: choose from {', '.join(known.unique())}.")
    return signals[~known.isin(silenced)]


def bone_balance(signals: pd.DataFrame) -> pd.Series:
    """Return what each signal does to bone: its sign for formation, the opposite for resorption, empty for the rest.

    It says in which direction a signal pushes, not how strongly. Signs as printed.
    """
    direction = {**dict.fromkeys(MORE_BONE, 1), **dict.fromkeys(LESS_BONE, -1)}
    balance = signals["process"].astype(str).map(direction) * signals["sign_as_printed"]
    return balance.astype("Int64").rename("bone_balance")


def versatile_cargos(signals: pd.DataFrame) -> pd.DataFrame:
    """Return the cargos that act on more than one cell or process, with what each action does to bone.

    Returns
    -------
    pandas.DataFrame
        Columns cargo, origin_cell, edge, target_cell, process, sign_as_printed, bone_balance; unnamed cargos left out.
    """
    named = signals[~signals["cargo"].astype(str).str.startswith("not specified")]
    acts = named.assign(bone_balance=bone_balance(named)).astype({"cargo": str, "origin_cell": str})
    several = acts.groupby(["cargo", "origin_cell"])["edge"].transform("size") > 1
    columns = ["cargo", "origin_cell", "edge", "target_cell", "process", "sign_as_printed", "bone_balance"]
    return acts.loc[several, columns].sort_values(["cargo", "origin_cell", "edge"]).reset_index(drop=True)


def _from_the_first(cycle: Sequence[str]) -> tuple[str, ...]:
    start = cycle.index(min(cycle))
    return (*cycle[start:], *cycle[:start])


def _cargos(group: pd.DataFrame, sign: int) -> str:
    return ", ".join(group.loc[group["sign_as_printed"] == sign, "cargo"].astype(str))


def _reachable(signals: pd.DataFrame, origin_cell: str) -> str:
    reached = signals.loc[signals["origin_cell"] == origin_cell, "target_cell"].astype(str).unique()
    if len(reached):
        return f"Its vesicles reach {', '.join(reached)}."
    return f"Cells that release vesicles here: {', '.join(signals['origin_cell'].astype(str).unique())}."
