"""The analysis of the signed network: counts of Table 1, loops whose sign stays open, and what is refused."""

import pytest

import evcourse as ev
from evcourse.models import network


@pytest.fixture(scope="module")
def signals():
    return ev.load("signals")


@pytest.fixture(scope="module")
def table_1(signals):
    return signals[signals["evidence"] == "table 1"]


def test_table_1_has_six_cells_ten_arrows_and_twenty_three_edges(table_1):
    graph = network.signal_graph(table_1)
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (6, 23)
    assert len(network.cell_arrows(table_1)) == 10


def test_table_1_has_five_cycles_of_cells(table_1):
    assert network.cell_cycles(table_1) == [
        ("OC",),
        ("BMSC", "OB"),
        ("OB", "OC"),
        ("BMM", "BMSC", "OB"),
        ("BMM", "BMSC", "OB", "OC"),
    ]


def test_competing_cargos_of_table_1_come_from_osteoclasts_and_osteocytes(table_1):
    competing = network.competing_cargos(table_1)
    found = {row.origin_cell: (row.target_cell, row.raised_by, row.lowered_by) for row in competing.itertuples()}
    assert found == {
        "OC": ("OB", "RANK", "miR-214-3p, miR-23a-5p"),
        "osteocyte": ("OB", "sclerostin, RANKL, OPG", "miR-218"),
    }


def test_arrows_count_their_signals_by_sign(table_1):
    arrows = network.cell_arrows(table_1).set_index(["origin_cell", "target_cell"])
    assert arrows.loc[("OC", "OB")].tolist() == [3, 1, 2, 0]
    assert arrows.loc[("osteocyte", "OB")].tolist() == [2, 1, 1, 1]
    assert arrows["edges"].sum() == 23


@pytest.mark.parametrize(
    ("cycle", "signs"),
    [
        (("OC",), {1}),
        (("BMSC", "OB"), {1}),
        (("OB", "OC"), {1, -1}),
        (("BMM", "BMSC", "OB"), {1}),
        (("BMM", "BMSC", "OB", "OC"), {1}),
    ],
)
def test_a_loop_with_competing_cargos_has_no_single_sign(table_1, cycle, signs):
    assert network.loop_signs(table_1, cycle) == signs


def test_a_contested_sign_leaves_a_path_open_even_without_a_competitor(table_1):
    only_mir_218 = table_1[table_1["cargo"] == "miR-218"]
    assert network.path_signs(only_mir_218, ["osteocyte", "OB"]) == {1, -1}


def test_cycles_of_other_tables_are_kept(signals):
    assert ("BMSC",) in network.cell_cycles(signals)


def test_without_vesicles_of_osteoblasts_one_cycle_is_left(table_1):
    left = network.without_vesicles_of(table_1, "OB")
    assert len(left) == 23 - 9
    assert network.cell_cycles(left) == [("OC",)]


def test_versatile_cargos_push_bone_in_one_direction_in_all_their_targets(signals):
    versatile = network.versatile_cargos(signals)
    balance = versatile.dropna(subset="bone_balance").groupby("cargo")["bone_balance"].agg(set).to_dict()
    assert {cargo: balance[cargo] for cargo in ("miR-214-3p", "miR-31a-5p", "miR-141-3p")} == {
        "miR-214-3p": {-1},
        "miR-31a-5p": {-1},
        "miR-141-3p": {1},
    }


def test_balance_of_bone_is_open_for_processes_that_are_not_of_bone(signals):
    balance = network.bone_balance(signals)
    open_ones = signals.loc[balance.isna(), "process"].astype(str).unique()
    assert {"angiogenesis", "senescence", "metastasis"} <= set(open_ones)
    assert not {"osteogenesis", "osteoclastogenesis"} & set(open_ones)


def test_rank_of_osteoclasts_helps_bone_twice(signals):
    rank = signals[(signals["origin_cell"] == "OC") & (signals["cargo"] == "RANK")]
    assert network.bone_balance(rank).tolist() == [1, 1]


def test_an_arrow_that_does_not_exist_is_answered_with_those_that_do(table_1):
    with pytest.raises(ValueError, match="No signal leads from 'BMM' to 'OB'. Its vesicles reach BMSC."):
        network.path_signs(table_1, ["BMM", "OB"])
    with pytest.raises(ValueError, match="Cells that release vesicles here: BMSC, OB"):
        network.arrow_signs(table_1, "platelet", "OB")


def test_a_path_of_one_cell_is_refused(table_1):
    with pytest.raises(ValueError, match="at least two cells, but has 1"):
        network.path_signs(table_1, ["OB"])


def test_a_cell_without_vesicles_cannot_be_silenced(table_1):
    with pytest.raises(ValueError, match="'endothelium' releases no vesicles in these signals: choose from BMSC, OB"):
        network.without_vesicles_of(table_1, "endothelium")


# --- which cargo acts on which constant ------------------------------------------------------------------------------


def test_every_effect_on_the_model_leads_to_its_edge(signals):
    effects = ev.load("cargo_effects")
    edges = signals.set_index("edge").loc[effects["edge"]]
    for column in ("origin_cell", "cargo", "target_cell"):
        assert effects[column].astype(str).tolist() == edges[column].astype(str).tolist()


def test_every_effect_has_the_sign_of_its_edge_and_is_contested_where_it_is(signals):
    effects = ev.load("cargo_effects")
    edges = signals.set_index("edge").loc[effects["edge"]]
    assert effects["direction"].tolist() == edges["sign_as_printed"].tolist()
    assert effects["direction_per_source"].fillna(0).tolist() == edges["sign_per_source"].fillna(0).tolist()


def test_formation_of_bone_acts_on_osteoblasts_and_the_rest_on_osteoclasts(signals):
    effects = ev.load("cargo_effects").set_index("edge")
    processes = signals.set_index("edge").loc[effects.index, "process"].astype(str)
    on_osteoblasts = processes.isin([*network.MORE_BONE, "cell viability"])
    assert (on_osteoblasts == (effects["parameter"] == "alpha2")).all()


def test_no_signal_on_the_two_cells_is_forgotten(signals):
    acts = signals[signals["process"].isin(["osteogenesis", "osteoblastogenesis", "osteoblast activity", "osteoclastogenesis"])]
    assert set(acts["edge"]) - set(ev.load("cargo_effects")["edge"]) == {54}
