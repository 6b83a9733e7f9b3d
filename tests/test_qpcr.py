"""Fold changes: the worked example by each convention, what must drop out, and the same numbers in the browser."""

import re

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evcourse import charts, widgets
from evcourse.charts import plate as panels
from evcourse.charts.theme import VEGA_LITE
from evcourse.models import plates, qpcr
from evcourse.models.plates import Truth, simulated_wells

ASKED = {"target": "T", "references": "R", "calibrator": "Control"}
SD = {"interval": "sd"}
SCATTERED = Truth(spread=0.4)
PLATE = {"target": "target", "references": "reference 1", "calibrator": "Control"}


def wells_of(control, treated, reference_control, reference_treated):
    groups = {"Control": (control, reference_control), "PMO": (treated, reference_treated)}
    rows = [
        (group, number, gene, ct)
        for group, genes in groups.items()
        for gene, cts in zip("TR", genes, strict=True)
        for number, ct in enumerate(cts)
    ]
    return pd.DataFrame(rows, columns=["group", "sample", "gene", "ct"])


EXAMPLE = wells_of((24.1, 24.3, 24.2), (25.3, 25.6, 25.4), (18.0, 18.1, 17.9), (18.1, 18.0, 18.2))


# --- the worked example ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("convention", "spread", "low", "high"),
    [
        ({"paired": False, "calibrator_exact": True, **SD}, 0.1826, 0.4017, 0.5174),
        ({"paired": False, "calibrator_exact": False, **SD}, 0.2309, 0.3884, 0.5350),
        ({"paired": True, "calibrator_exact": True, **SD}, 0.2309, 0.3884, 0.5350),
        ({"paired": True, "calibrator_exact": False, **SD}, 0.2517, 0.3829, 0.5427),
    ],
    ids=["Livak", "both groups", "paired, Livak", "paired, both groups"],
)
def test_the_worked_example_by_each_convention(convention, spread, low, high):
    (row,) = qpcr.fold_changes(EXAMPLE, **ASKED, **convention).to_dict("records")
    assert row["delta_ct"] == pytest.approx(7.3333, abs=1e-4)
    assert row["delta_delta_ct"] == pytest.approx(1.1333, abs=1e-4)
    assert row["fold_change"] == pytest.approx(0.4559, abs=1e-4)
    assert row["half_width"] == pytest.approx(spread, abs=1e-4)
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=1e-4)


def test_delta_ct_of_the_worked_example_has_another_spread_by_sample_than_by_gene():
    by_sample = qpcr.delta_cts(EXAMPLE, target="T", references="R").groupby("group")["delta_ct"].std()
    assert by_sample.tolist() == pytest.approx([0.100, 0.231], abs=5e-4)
    separate = qpcr.combined_spread(*(np.std(cts, ddof=1) for cts in ((24.1, 24.3, 24.2), (18.0, 18.1, 17.9))))
    assert separate == pytest.approx(0.1414, abs=1e-4)


def test_the_delta_method_gives_one_symmetric_number():
    assert qpcr.fold_change_sd(0.4559, 0.1826) == pytest.approx(0.0577, abs=1e-4)


@pytest.mark.parametrize(("efficiency", "expected"), [(2.0, 0.4559), (1.9, 0.4856), (1.8, 0.5191)])
def test_pfaffls_ratio_is_the_fold_change_with_efficiencies(efficiency, expected):
    found = qpcr.fold_changes(EXAMPLE, **ASKED, efficiencies={"T": efficiency})["fold_change"].iloc[0]
    drops = EXAMPLE.groupby(["gene", "group"])["ct"].mean().unstack()
    drop = drops["Control"] - drops["PMO"]
    assert found == pytest.approx(expected, abs=1e-4)
    assert qpcr.pfaffl_ratio(drop["T"], drop["R"], target_efficiency=efficiency) == pytest.approx(found, rel=1e-12)


def test_the_confidence_interval_is_that_of_the_t_test_on_delta_ct():
    row = qpcr.fold_changes(EXAMPLE, **ASKED).iloc[0]
    samples = qpcr.delta_cts(EXAMPLE, target="T", references="R")
    groups = [samples.loc[samples["group"] == name, "delta_ct"] for name in ("PMO", "Control")]
    ends = stats.ttest_ind(*groups).confidence_interval(0.95)
    assert (row["high"], row["low"]) == pytest.approx((2**-ends.low, 2**-ends.high), rel=1e-9)


def test_with_the_calibrator_exact_the_confidence_interval_is_that_of_one_mean():
    row = qpcr.fold_changes(EXAMPLE, **ASKED, calibrator_exact=True).iloc[0]
    assert row["half_width"] == pytest.approx(stats.t.ppf(0.975, 2) * row["sd_delta_ct"] / np.sqrt(3), rel=1e-9)


# --- efficiency ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("slope", "efficiency"), [(-3.3219, 2.0), (-3.6, 1.896), (-3.1, 2.102)])
def test_a_slope_gives_its_efficiency(slope, efficiency):
    assert qpcr.efficiency_from_slope(slope) == pytest.approx(efficiency, abs=5e-4)


@settings(deadline=None)
@given(efficiency=st.floats(1.5, 2.2), start=st.floats(10, 30))
def test_a_dilution_series_gives_back_the_efficiency_it_was_made_with(efficiency, start):
    quantity = np.array([1, 0.1, 0.01, 0.001])
    curve = qpcr.standard_curve(
        pd.DataFrame({"quantity": quantity, "ct": start - np.log(quantity) / np.log(efficiency)})
    )
    assert curve["efficiency"] == pytest.approx(efficiency, rel=1e-9)
    assert curve["intercept"] == pytest.approx(start, rel=1e-9)
    assert curve["r_squared"] == pytest.approx(1, abs=1e-9)


# --- what drops out, and what does not -------------------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(loaded=st.lists(st.floats(-3, 3), min_size=6, max_size=6))
def test_how_much_of_a_sample_was_loaded_drops_out(loaded):
    more = EXAMPLE["sample"] + 3 * (EXAMPLE["group"] == "PMO")
    shifted = EXAMPLE.assign(ct=EXAMPLE["ct"] + np.array(loaded)[more])
    before, after = (qpcr.fold_changes(wells, **ASKED) for wells in (EXAMPLE, shifted))
    np.testing.assert_allclose(after.drop(columns="group"), before.drop(columns="group"), rtol=1e-9)


def test_technical_replicates_do_not_count_as_samples():
    again = pd.concat([EXAMPLE.assign(ct=EXAMPLE["ct"] + shift) for shift in (-0.1, 0.1)])
    once, twice = (qpcr.fold_changes(wells, **ASKED).iloc[0] for wells in (EXAMPLE, again))
    assert twice["n"] == once["n"] == 3
    assert twice["half_width"] == pytest.approx(once["half_width"], rel=1e-9)


@settings(deadline=None, max_examples=25)
@given(quantities=st.lists(st.floats(0.1, 100), min_size=2, max_size=4))
def test_the_mean_ct_of_references_is_the_geometric_mean_of_their_quantities(quantities):
    names = [f"R{place}" for place in range(len(quantities))]
    cts = {"T": 25.0} | {name: 20 - np.log2(each) for name, each in zip(names, quantities, strict=True)}
    wells = pd.DataFrame([("Control", 1, gene, ct) for gene, ct in cts.items()], columns=["group", "sample", "gene", "ct"])
    mean = qpcr.delta_cts(wells, target="T", references=names)["reference_ct"].iloc[0]
    assert 2 ** (20 - mean) == pytest.approx(stats.gmean(quantities), rel=1e-9)


def test_the_other_group_as_calibrator_gives_the_reciprocal():
    there = qpcr.fold_changes(EXAMPLE, **ASKED).iloc[0]
    back = qpcr.fold_changes(EXAMPLE, **ASKED | {"calibrator": "PMO"}).iloc[0]
    assert back["fold_change"] * there["fold_change"] == pytest.approx(1, rel=1e-12)
    assert (back["low"], back["high"]) == pytest.approx((1 / there["high"], 1 / there["low"]), rel=1e-12)


@pytest.mark.parametrize(("references", "share"), [("reference 1", 0), ("reference 2", 1), (["reference 1", "reference 2"], 0.5)])
def test_a_reference_that_the_treatment_changes_takes_the_fold_change_with_it(references, share):
    wells = [simulated_wells(Truth(reference_shift=shift), seed=3) for shift in (0, -1)]
    stable, shifted = (
        qpcr.fold_changes(each, **PLATE | {"references": references})["fold_change"].iloc[0] for each in wells
    )
    assert shifted / stable == pytest.approx(2.0**-share, rel=1e-9)


# --- the simulated plate ---------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_plate():
    assert simulated_wells(seed=2).equals(simulated_wells(seed=2))
    assert not simulated_wells(seed=2).equals(simulated_wells(seed=3))


def test_a_plate_without_chance_gives_what_was_put_in():
    truth = Truth(control_delta_ct=6, treated_delta_ct=7.5, spread=0)
    folds = [qpcr.fold_changes(simulated_wells(truth, seed=seed), **PLATE)["fold_change"].iloc[0] for seed in range(60)]
    assert stats.gmean(folds) == pytest.approx(truth.fold_change, rel=0.02)
    assert truth.fold_change == pytest.approx(2**-1.5, rel=1e-12)


@pytest.fixture(scope="module")
def many_plates():
    """Fold changes of 200 plates by two conventions."""
    plates_of_three = [simulated_wells(SCATTERED, samples=3, seed=seed) for seed in range(200)]
    conventions = {"confidence": {}, "Livak": {"calibrator_exact": True, **SD}}
    return {
        name: pd.concat([qpcr.fold_changes(wells, **PLATE, **convention) for wells in plates_of_three])
        for name, convention in conventions.items()
    }


def test_the_confidence_interval_holds_the_truth_as_often_as_it_says(many_plates):
    held = many_plates["confidence"].eval(f"low <= {SCATTERED.fold_change} <= high").mean()
    assert held == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 200))


def test_one_standard_deviation_is_no_confidence_interval(many_plates):
    assert many_plates["Livak"].eval(f"low <= {SCATTERED.fold_change} <= high").mean() < 0.75


# --- the same in the browser -----------------------------------------------------------------------------------------


SETTINGS = [
    {},
    {"samples": 2, "references": 2, "interval": "livak", "plate": 3},
    {"samples": 6, "references": 3, "interval": "both", "spread": 0.8, "plate": 6, "reference_shift": 0.7},
    {"control_delta_ct": 8.1, "treated_delta_ct": 5.5, "efficiency": 1.75, "spread": 0, "samples": 4, "plate": 5},
]


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_browser_draws_the_fold_changes_that_python_computes(setting):
    chosen = {"samples": 3, "references": 1, "interval": "confidence", "plate": 1, "efficiency": 1.9, **setting}
    names = {name: chosen[name] for name in chosen if name in ("control_delta_ct", "treated_delta_ct", "spread", "reference_shift")}
    wells = simulated_wells(Truth(**{"reference_shift": -1.0, **names}), samples=chosen["samples"], seed=chosen["plate"])
    references = [["reference 1"], ["reference 2"], ["reference 1", "reference 2"]][chosen["references"] - 1]
    convention = {"confidence": {}, "both": SD, "livak": {"calibrator_exact": True, **SD}}[chosen["interval"]]
    asked = PLATE | {"references": references} | convention
    expected = [
        qpcr.fold_changes(wells, **asked, efficiencies=efficiencies)[["fold_change", "low", "high"]].to_numpy().ravel()
        for efficiencies in (None, {"target": chosen["efficiency"]})
    ]
    np.testing.assert_allclose(drawn(charts.qpcr_plate(**setting)), np.concatenate(expected), rtol=1e-5)


def test_the_sentence_under_the_plate_says_what_python_computes():
    wells = simulated_wells(Truth(reference_shift=-1), seed=1)
    row = qpcr.fold_changes(wells, **PLATE).iloc[0]
    told = spoken(charts.qpcr_plate())
    assert f"Fold change {row['fold_change']:.2f} (95 % interval {row['low']:.2f} to {row['high']:.2f}) as if E = 2" in told
    assert "Put in: 0.53." in told and told.endswith("The interval leaves 1 out.")


def test_every_control_of_the_plate_moves_a_parameter_and_the_plate_needs_no_kernel():
    live = widgets.qpcr_plate()
    assert {control["parameter"] for control in live.controls} == set(live.values)
    assert live.tools["recomputes"] is False
    assert len(str(live.spec)) < 32_000 and "SIMULATED" in str(live.spec["title"])


@pytest.mark.parametrize("name", [name for name, value in panels.INTERVALS.items() if value != "confidence"])
def test_standard_deviations_are_not_sold_as_a_test(name):
    assert "it tests nothing" in spoken(charts.qpcr_plate(interval=panels.INTERVALS[name]))


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: qpcr.fold_changes(EXAMPLE, target="X", references="R", calibrator="Control"), "target 'X' is not known: choose one of T, R"),
        (lambda: qpcr.fold_changes(EXAMPLE, target="T", references="R", calibrator="Sham"), "calibrator 'Sham' is not known: choose one of Control, PMO"),
        (lambda: qpcr.fold_changes(EXAMPLE, **ASKED, paired=False), "one ΔCt per sample"),
        (lambda: qpcr.fold_changes(EXAMPLE, **ASKED, interval="range"), "interval 'range' is not known"),
        (lambda: qpcr.fold_changes(EXAMPLE.drop(columns="ct"), **ASKED), "lacks the column 'ct'"),
        (lambda: qpcr.fold_changes(EXAMPLE.drop(index=0), **ASKED), "Sample 0 of group Control lacks a Ct"),
        (lambda: qpcr.efficiency_from_slope(3.3), "slope must be below zero"),
        (lambda: qpcr.doublings(20, 95), "efficiency must lie between 1.01 and 2.5, but is 95"),
        (lambda: qpcr.standard_curve(pd.DataFrame({"quantity": [1, 0.1], "ct": [20, 23]})), "at least three dilutions, but there are 2"),
        (lambda: simulated_wells(samples=7), "samples must lie between 2 and 6"),
    ],
)  # fmt: skip
def test_a_mistake_is_answered_with_a_sentence(mistake, words):
    with pytest.raises(ValueError, match=words):
        mistake()


def test_what_is_simulated_is_called_so():
    assert "SIMULATED" in plates.__doc__ and plates.HOW.startswith("SIMULATED")


def drawn(chart):
    """Return both fold changes with their ends, as Vega computes them and writes them into a picture."""
    names = [f"{method}_{part}" for method in ("two", "own") for part in ("fold", "low", "high")]
    line = " + ' ' + ".join(f"format(datum.{name}, '.8e')" for name in names)
    words = alt.Chart().transform_filter("datum.place === 0").transform_calculate(line=f"'found ' + {line}")
    chart.vconcat = [words.mark_text(limit=9999).encode(text="line:N")]
    svg = vl_convert.vegalite_to_svg(chart.to_json(), vl_version=VEGA_LITE)
    return [float(each) for each in re.search(r">found ([^<]*)</text>", svg)[1].split()]


def spoken(chart):
    """Return the sentence under a chart, as Vega writes it: here into the title of the picture."""
    chart.title = alt.Title(alt.ExprRef("summary"), limit=9999)
    svg = vl_convert.vegalite_to_svg(chart.to_json(), vl_version=VEGA_LITE)
    return re.search(r">(ΔΔCt [^<]*)</text>", svg)[1]
