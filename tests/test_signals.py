"""The graph of EV signals: its documented counts, and its agreement with the tables that it leads back to."""

import pandas as pd
import pytest

import evcourse as ev

SIGNALS_OF_TABLE_1 = {
    "process": {"osteogenesis": 18, "osteoclastogenesis": 4, "angiogenesis": 1},
    "cargo_type": {"miRNA": 14, "protein": 6, "lncRNA": 1, "RNA": 1, "not specified": 1},
    "origin_cell": {"OB": 9, "BMSC": 6, "OC": 5, "osteocyte": 2, "BMM": 1},
    "vesicle": {"EV": 22, "apoptotic body": 1},
}
SIGNS_OF_TABLE_1 = {
    ("osteogenesis", 1): 15,
    ("osteogenesis", -1): 3,
    ("osteoclastogenesis", 1): 2,
    ("osteoclastogenesis", -1): 2,
    ("angiogenesis", 1): 1,
}


@pytest.fixture(scope="module")
def signals():
    return ev.load("signals")


@pytest.fixture(scope="module")
def signals_of_table_1(signals):
    return signals[signals["evidence"] == "table 1"]


def test_every_class_of_evidence_has_its_documented_number_of_edges(signals):
    assert counts(signals["evidence"]) == {"table 1": 23, "table 2": 6, "running text": 24, "study": 1}


def test_running_text_counts_two_sections_of_findings_and_the_applications(signals):
    sections = signals.loc[signals["evidence"] == "running text", "locator"].str.split().str[0]
    assert counts(sections) == {"Metastasis": 9, "Ageing": 6, "Applications": 9}


def test_merging_resorption_and_leaving_out_released_factors_gives_thirteen_findings(signals):
    findings = signals[signals["dataset"] == "findings"]
    assert (~findings["process"].isin(["bone resorption", "release of factors"])).sum() == 13


@pytest.mark.parametrize(("column", "expected"), SIGNALS_OF_TABLE_1.items())
def test_edges_of_table_1_are_counted_by_kind(signals_of_table_1, column, expected):
    assert counts(signals_of_table_1[column]) == expected


def test_edges_of_table_1_have_the_printed_signs(signals_of_table_1):
    keys = zip(signals_of_table_1["process"].astype(str), signals_of_table_1["sign_as_printed"], strict=True)
    assert counts(pd.Series(list(keys))) == SIGNS_OF_TABLE_1


def test_table_1_joins_six_cells_by_ten_arrows_and_five_cycles(signals_of_table_1):
    arrows = distinct_arrows(signals_of_table_1)
    assert len({cell for arrow in arrows for cell in arrow}) == 6
    assert len(arrows) == 10
    assert simple_cycles(arrows) == {
        ("OC",),
        ("BMSC", "OB"),
        ("OB", "OC"),
        ("BMM", "BMSC", "OB"),
        ("BMM", "BMSC", "OB", "OC"),
    }


def test_forgetting_that_osteoclasts_signal_to_themselves_loses_one_cycle(signals_of_table_1):
    assert len(simple_cycles(distinct_arrows(signals_of_table_1) - {("OC", "OC")})) == 4


def test_eleven_edges_of_table_1_reach_osteoblasts_from_three_origins(signals_of_table_1):
    reaching = signals_of_table_1[signals_of_table_1["target_cell"] == "OB"]
    assert counts(reaching["origin_cell"]) == {"BMSC": 6, "OC": 3, "osteocyte": 2}


def test_signs_are_plus_or_minus_one(signals):
    assert signals["sign_as_printed"].isin([-1, 1]).all()
    assert signals["sign_per_source"].dropna().isin([-1, 1]).all()


def test_an_edge_is_contested_exactly_where_its_source_gives_the_other_sign(signals):
    other = signals["sign_per_source"].notna()
    assert ((signals["confidence"] == "contested") == other).all()
    assert (signals.loc[other, "sign_per_source"] == -signals.loc[other, "sign_as_printed"]).all()
    assert signals.loc[other, "cargo"].tolist() == ["miR-218"]
    assert signals.loc[other, "sign_note"].notna().all()


def test_no_signal_is_listed_twice(signals):
    keys = ["origin_cell", "cargo", "vesicle", "target_cell", "process"]
    assert not signals.duplicated(keys).any()


def test_tables_print_no_reference_and_running_text_always_does(signals):
    in_text = signals["evidence"] == "running text"
    assert signals.loc[in_text, "reference"].notna().all()
    assert signals.loc[~in_text, "reference"].isna().all()


def test_the_retracted_study_says_so(signals):
    (study,) = signals[signals["source"] == "ren2022"].itertuples()
    assert study.evidence == "study"
    assert "retracted" in study.sign_note


@pytest.mark.parametrize("name", ["bone_remodelling", "metastasis"])
def test_every_row_of_a_table_is_led_back_to(name):
    assert set(edges_of(name, "en")["dataset_row"]) == set(ev.load(name)["row"])


@pytest.mark.parametrize("name", ["bone_remodelling", "metastasis"])
def test_an_edge_has_the_locator_of_its_row(name):
    edges = edges_of(name, "en")
    assert (edges["locator"] == edges["locator_of_row"]).all()


@pytest.mark.parametrize("name", ["bone_remodelling", "metastasis"])
def test_an_edge_has_the_cargo_that_its_row_prints(name):
    edges = edges_of(name, "it").fillna({"cargo_of_row": "—"})
    assert [row.edge for row in edges.itertuples() if row.cargo not in row.cargo_of_row] == []


def test_a_named_mirna_has_the_same_name_in_both_languages(signals):
    named = signals["cargo"].str.startswith("miR-")
    assert counts(signals.loc[named, "cargo_type"]) == {"miRNA": named.sum()}
    assert (ev.load("signals", lang="it").loc[named, "cargo"] == signals.loc[named, "cargo"]).all()


@pytest.mark.parametrize("name", ["bone_remodelling", "metastasis"])
def test_an_edge_has_the_sign_of_the_arrow_that_its_row_prints(name):
    edges = edges_of(name, "it")
    assert (edges["effect"].str[0].map({"↑": 1, "↓": -1}) == edges["sign_as_printed"]).all()


def test_an_edge_of_table_1_has_the_cells_that_its_row_prints():
    edges = edges_of("bone_remodelling", "it")
    for cell in ("origin_cell", "target_cell"):
        assert edges[cell].astype(str).tolist() == edges[f"{cell}_of_row"].astype(str).tolist()


def test_an_edge_of_table_2_has_the_tumour_and_the_line_that_its_row_prints():
    edges = edges_of("metastasis", "it")
    for edge in edges.itertuples():
        assert edge.origin_cell.startswith(str(edge.tumour))
        assert edge.origin_cell.endswith(f"({edge.cell_line})") == is_printed(edge.cell_line)


def edges_of(name, lang):
    """Return the edges that lead back to a table, beside the row each one leads to."""
    edges = ev.load("signals", lang=lang)
    rows = ev.load(name, lang=lang).rename(columns={"row": "dataset_row"})
    led_back = edges[edges["dataset"] == name].astype({"dataset_row": "int64"})
    return led_back.merge(rows, on="dataset_row", how="left", suffixes=("", "_of_row"), validate="many_to_one")


def is_printed(cell):
    return pd.notna(cell) and cell != "—"


def counts(values):
    found = values.value_counts()
    return found[found > 0].to_dict()


def distinct_arrows(edges):
    return set(zip(edges["origin_cell"], edges["target_cell"], strict=True))


def simple_cycles(arrows):
    """Return every simple directed cycle once, from the cell that comes first in the alphabet."""
    paths = [path for start in {start for start, _ in arrows} for path in returns(arrows, (start,))]
    return {path for path in paths if path[0] == min(path)}


def returns(arrows, path):
    """Yield every path that continues `path` without repeating a cell and has an arrow back to its start."""
    if (path[-1], path[0]) in arrows:
        yield path
    for start, end in arrows:
        if start == path[-1] and end not in path:
            yield from returns(arrows, (*path, end))
