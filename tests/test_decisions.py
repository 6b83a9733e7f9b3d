"""The decision bench: its verdicts are those of the procedures, its truth is the learner's, its words fit its picture."""

import json
from math import isnan

import numpy as np
import pytest
import vl_convert

from evcourse import charts, widgets
from evcourse.charts import decisions as drawing
from evcourse.charts.theme import VEGA_LITE
from evcourse.models import decisions, experiments
from evcourse.models.comparisons import pairwise
from evcourse.models.decisions import ALL_GROUPS, COMPARED, OUTCOMES, Truth
from evcourse.models.error_rates import exact_family_wise_error
from evcourse.models.power import pair_power
from evcourse.widgets.decisions import START

TRUTHS = {
    "none differs": Truth(5, 3, (), 3.0),
    "a shift of nothing": Truth(5, 3, ("B", "C"), 0.0),
    "one of three": Truth(3, 6, ("C",), 1.5),
    "one of five": Truth(5, 3, ("B",), 3.0),
    "two of five": Truth(5, 12, ("B", "E"), 1.0),
    "one that is not there": Truth(4, 5, ("E",), 2.0),
}


@pytest.fixture(params=TRUTHS)
def truth(request):
    return TRUTHS[request.param]


# --- one experiment --------------------------------------------------------------------------------------------------


def test_an_experiment_of_the_bench_can_be_had_as_a_table(truth):
    rows = experiments.simulated_groups(truth.means, replicates=truth.replicates, sd=1, seed=17)
    assert np.array_equal(decisions.sample(truth, 17).ravel(), rows["value"])


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_verdicts_are_those_of_the_table_of_pairs(truth, number):
    rows = experiments.simulated_groups(truth.means, replicates=truth.replicates, sd=1, seed=number)
    table = pairwise(rows).set_index(["first", "second"])
    verdicts = decisions.judged(truth, decisions.sample(truth, number))
    assert len(verdicts) == len(table) * len(COMPARED)
    for each in verdicts:
        p = table.loc[(each.first, each.second), each.procedure]
        assert each.p == pytest.approx(p, abs=1e-8)
        assert each.outcome in [OUTCOMES[differs, p < 0.05] for differs in (True, False)]


def test_a_verdict_is_held_against_the_truth(truth):
    right = {True: {"found", "missed"}, False: {"false alarm", "rightly not claimed"}}
    for each in decisions.judged(truth, decisions.sample(truth, 1)):
        assert each.outcome in right[truth.means[each.first] != truth.means[each.second]]


def test_all_four_outcomes_happen():
    verdicts = [each for number in range(1, 40) for each in decisions.judged(Truth(), decisions.sample(Truth(), number))]
    assert {each.outcome for each in verdicts} == set(OUTCOMES.values()) == set(drawing.LOOKS)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"groups": 6}, "groups must lie between 3 and 5, but is 6"),
        ({"replicates": 1}, "replicates must lie between 2 and 100, but is 1"),
        ({"shifted": ("B", "Z")}, "No group 'Z' to shift: the groups are A, B, C, D, E"),
    ],
)
def test_a_truth_that_cannot_be_gets_a_sentence(bad, words):
    with pytest.raises(ValueError, match=words):
        Truth(**bad)


# --- what the procedures promise -------------------------------------------------------------------------------------


def test_the_promises_meet_the_exact_rates():
    promises = decisions.promised(Truth(5, 3, ("A",), 10.0), ("A", "B"))
    for name in ("lsd_protected", "tukey", "bonferroni"):
        exact = exact_family_wise_error(name, groups=5, replicates=3, alike=4)
        assert promises[name].family_wise_error == pytest.approx(exact, abs=4 * promises[name].family_wise_error_se)


def test_the_promised_power_meets_the_exact_one():
    promises = decisions.promised(Truth(5, 6, ("B",), 2.0), ("B", "D"))
    for name in ("tukey", "bonferroni"):
        exact = pair_power(2, replicates=6, groups=5, procedure=name)
        assert promises[name].pair_found == pytest.approx(exact, abs=4 * promises[name].pair_found_se)


@pytest.mark.parametrize("pair", [("A", "E"), ("D", "E")])
def test_a_pair_that_is_not_in_the_experiment_is_not_found(pair):
    promises = decisions.promised(Truth(3, 3, ("B",), 2.0), pair)
    assert all(isnan(each.pair_found) and not isnan(each.family_wise_error) for each in promises.values())


# --- the picture -----------------------------------------------------------------------------------------------------


def test_every_sample_every_pair_and_every_rate_is_drawn(truth):
    shown = drawing.shown(**controls(truth))
    pairs = truth.groups * (truth.groups - 1) // 2
    assert [row["what"] for row in shown[drawing.POINTS]].count("sample") == truth.groups * truth.replicates
    assert [row["what"] for row in shown[drawing.POINTS]].count("mean") == truth.groups
    assert len(shown[drawing.VERDICTS]) == pairs * len(COMPARED)
    assert [row["procedure"] for row in shown[drawing.RATES]] == list(drawing.NAMES.values())


def test_no_two_groups_overlap(truth):
    for row in drawing.shown(**controls(truth))[drawing.POINTS]:
        assert abs(row["x"] - row["place"]) < 0.45


def test_the_sentence_counts_what_the_table_shows():
    shown = drawing.shown(**START | {"sample": 21, "difference_sd": 1.5})
    for name in drawing.NAMES.values():
        outcomes = [row["outcome"] for row in shown[drawing.VERDICTS] if row["procedure"] == name]
        right, wrong = outcomes.count("found"), outcomes.count("false alarm")
        assert f"{name} {right + wrong}" + (f" ({wrong} of them false)" if wrong else "") in shown["summary"]


@pytest.mark.parametrize("replicates", range(3, 13))
def test_the_sentence_rounds_a_rate_as_its_bar_does(replicates):
    shown = drawing.shown(**START | {"replicates": replicates})
    for row in shown[drawing.RATES]:
        assert shown["summary"].count(f"{row['procedure']} {row['false_words']}") >= 1
        assert f"called different: LSD after F {shown[drawing.RATES][0]['found_words']}" in shown["summary"]


@pytest.mark.parametrize(
    ("shifted", "words"),
    [("", "Truly higher by 3 SD: none"), ("B", "Truly higher by 3 SD: B"), ("EB", "Truly higher by 3 SD: B, E (absent)")],
)
def test_every_switch_is_seen_in_the_heading_also_where_its_group_is_absent(shifted, words):
    values = START | {"groups": 3, "shifted": list(shifted)}
    chart = charts.decision_bench(drawing.shown(**values), values)
    assert f">{words}<" in vl_convert.vegalite_to_svg(chart.to_json(), vl_version=VEGA_LITE)


def test_a_new_sample_changes_no_promise():
    first, second = (drawing.shown(**START | {"sample": number}) for number in (1, 2))
    assert first[drawing.RATES] == second[drawing.RATES]
    assert first[drawing.POINTS] != second[drawing.POINTS]


def test_outcomes_differ_in_shape_or_filling_and_not_in_colour_alone():
    shapes = [(shape, fill == "white") for shape, fill, _ in drawing.LOOKS.values()]
    assert len(set(shapes)) == len(shapes)


def test_the_specification_stays_small():
    assert len(json.dumps(bench(groups=5, replicates=12).spec)) < 32_000


# --- the controls ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "moved",
    [
        {"sample": 7},
        {"groups": 3},
        {"replicates": 12},
        {"shifted": []},
        {"shifted": list(ALL_GROUPS[1:])},
        {"difference_sd": 0},
        {"pair": 9},
    ],
    ids=lambda moved: next(iter(moved)),
)
def test_every_control_acts(moved):
    live = bench()
    before = dict(live.values)
    live.values = before | moved
    columns = live.content
    assert columns["summary"] == drawing.shown(**before | moved)["summary"]
    assert columns[drawing.POINTS]["y"] == [row["y"] for row in drawing.shown(**before | moved)[drawing.POINTS]]


def test_the_bench_can_start_elsewhere():
    assert bench(groups=3, replicates=6).values == START | {"groups": 3, "replicates": 6}
    with pytest.raises(ValueError, match="no control 'n': it has groups, replicates"):
        bench(n=3)


def test_the_saved_picture_says_what_it_shows():
    bundle, _ = bench()._repr_mimebundle_()
    assert 'role="img"' in bundle["image/svg+xml"] and "SIMULATED" in bundle["image/svg+xml"]
    assert "hollow circle one missed" in bundle["text/plain"]


def bench(**start):
    return widgets.decision_bench(**start)


def controls(truth):
    """Return values of the bench's controls for a truth."""
    own = {"groups": truth.groups, "replicates": truth.replicates, "shifted": list(truth.shifted)}
    return START | own | {"difference_sd": truth.difference_sd}


def test_the_bench_is_a_chart_of_the_course():
    assert charts.decision_bench is drawing.decision_bench
