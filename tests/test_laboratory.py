"""The virtual laboratory is honest: its truths can be told apart by the decisive arm alone, and its figures keep their word."""

import json
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache

import numpy as np
import pandas as pd
import pytest

from evcourse import charts, course, progress, widgets
from evcourse.models import akt, comparisons, laboratory
from evcourse.models import laboratory_worlds as worlds
from evcourse.models.laboratory_power import CONVINCED
from evcourse.questions import VirtualStudy
from evcourse.questions.virtual_study import MOST_LOSS, TOLERATED_LOSS

TRUTHS = range(1000)
SPREAD, BUDGET = 0.15, 260
DECISIVE = "PMO+MK"
SERVES = {
    "arms": ["PMO", "PMO+Exo", DECISIVE, "PMO+Exo+MK"],
    "animals": 8,
    "assays": ["output", "PI3K level", "PTEN level"],
    "hours": 72,
    "blinded": True,
    "contrast": "gain under inhibitor",
}
AS_IN_THE_STUDY = SERVES | {"arms": ["Control", "PMO", "PMO+Exo", "PMO+bpV", "PMO+Exo+MK"], "contrast": "drop"}
OTHER = {
    "arms": ["Control", *SERVES["arms"]],
    "animals": 7,
    "assays": ["output", "PTEN level"],
    "hours": 48,
    "replicates": 2,
    "blinded": False,
    "contrast": "interaction",
    "scale": "ratio",
    "procedure": "welch",
    "unit": "replicate",
}


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    path = tmp_path / "progress.json"
    monkeypatch.setenv("EVCOURSE_PROGRESS", str(path))
    return path


def planned(**changed):
    return laboratory.plan(**SERVES | changed)


def given(number):
    return {"laboratory": number, "spread": SPREAD, "budget": BUDGET}


def cell_means(plan, number):
    return laboratory.values(plan, number, SPREAD).mean(axis=(2, 3)).reshape(1, -1)


@cache
def found_everywhere():
    """The probabilities that a good design's data give in each of 1,000 laboratories, and which alternative is true."""
    plan = planned()
    data = np.concatenate([cell_means(plan, number) for number in TRUTHS])
    true = np.array([laboratory.ALTERNATIVES.index(worlds.truth(number).alternative) for number in TRUTHS])
    return worlds.probabilities(data, plan, SPREAD), true


class Question(VirtualStudy):
    """A question without misconceptions: what an answer earns is all that is asked here."""

    name, points = "study", 10.0

    def design(self, given):
        return planned()

    def worth(self, answer, number):
        encoded = json.loads(json.dumps(self.encode(answer, self.asked(given(number)))))
        return self.judge(encoded, given(number))


# --- the plan comes first --------------------------------------------------------------------------------------------


def test_there_are_no_data_before_the_plan_is_written_down(file):
    with pytest.raises(TypeError, match=r"give what laboratory\.commit\(plan\) returns"):
        laboratory.run(planned())
    assert not file.exists()
    study = laboratory.commit(planned(), given(7))
    assert list(progress.plans("7")) == [study.plan.fingerprint]
    assert len(laboratory.run(study)) == 4 * 8 * 3


def test_a_plan_is_kept_with_the_time_at_which_it_was_first_written_down():
    laboratory.commit(planned(), given(7))
    before = progress.plans("7")
    laboratory.commit(planned(), given(7))
    assert progress.plans("7") == before
    assert datetime.fromisoformat(before[planned().fingerprint]).tzinfo


def test_a_second_plan_for_one_laboratory_is_counted_as_a_second_study():
    first, second, again = (laboratory.commit(plan, given(7)) for plan in (planned(), planned(hours=96), planned()))
    assert "plan 2 for this laboratory: report the earlier ones" in second.note
    assert "plan 2" not in first.note + again.note
    assert "plan 2" not in laboratory.commit(planned(hours=96), given(8)).note


def test_a_plan_that_cannot_be_written_down_can_still_be_run(file):
    file.write_text("{", encoding="utf-8")
    study = laboratory.commit(planned(), given(7))
    assert "for this session only" in study.note
    assert len(laboratory.run(study)) and file.read_text(encoding="utf-8") == "{"


def test_the_same_plan_gives_the_same_data_and_a_repeated_one_no_second_try():
    study = laboratory.commit(planned(), given(7))
    pd.testing.assert_frame_equal(laboratory.run(study), laboratory.run(laboratory.commit(planned(), given(7))))


@pytest.mark.parametrize("part", OTHER)
def test_a_change_of_any_part_of_a_plan_gives_other_data(part):
    changed = replace(planned(), **{part: tuple(OTHER[part]) if isinstance(OTHER[part], list) else OTHER[part]})
    assert changed.fingerprint != planned().fingerprint
    assert not np.array_equal(laboratory.values(planned(), 7, SPREAD).ravel()[:40], laboratory.values(changed, 7, SPREAD).ravel()[:40])


def test_two_laboratories_give_different_data():
    assert not np.array_equal(laboratory.values(planned(), 7, SPREAD), laboratory.values(planned(), 8, SPREAD))


def test_the_order_in_which_arms_are_named_makes_no_other_study():
    assert planned(arms=SERVES["arms"][::-1]) == planned()


def test_a_plan_costs_what_its_parts_cost():
    animals = 4 * 8
    each = 3 + 0.5 * 3 + 1 * 3
    assert laboratory.cost(planned()) == animals * each + 8
    assert laboratory.cost(planned(blinded=False)) == animals * each
    assert laboratory.cost(planned(replicates=2)) == animals * (each + 3) + 8


def test_a_plan_says_what_is_left_of_the_budget():
    assert "12 of 260 points are left" in laboratory.commit(planned(), given(1)).note
    assert "18 points over the budget of 260" in laboratory.commit(planned(animals=9), given(1)).note


def test_what_is_known_before_the_study_holds_in_its_data():
    known = laboratory.facts().set_index("what")["value"]
    assert known["one measurement"] == laboratory.COSTS["measurement"]
    assert worlds.output_fraction(known["half of a change in output"]) == 0.5
    plan = planned(animals=30, replicates=10)
    values = np.stack([laboratory.values(plan, number, SPREAD) for number in range(20)])
    technical = values.std(axis=-1, ddof=1)
    assert np.sqrt((technical**2).mean()) == pytest.approx(known["between replicates of one animal"] * SPREAD, rel=0.02)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"arms": ["PMO", "PMO+Exo"]}, "'gain under inhibitor' needs the arm 'PMO.Exo.MK'"),
        ({"arms": ["PMO", "PMO"]}, "list of different ones"),
        ({"arms": "PMO"}, "list of different ones"),
        ({"arms": ["Sham", "PMO"]}, "choose from 'Control'"),
        ({"animals": 1}, "whole number from 2 to 30"),
        ({"animals": 2.5}, "whole number from 2 to 30"),
        ({"assays": ["PTEN level"]}, "add 'output'"),
        ({"hours": 71}, "choose from 1, 6"),
        ({"replicates": 0}, "from 1 to 10"),
        ({"contrast": "p < 0.05"}, "choose from 'gain'"),
        ({"unit": "dish"}, "choose from 'animal'"),
    ],
    ids=str,
)
def test_what_cannot_be_planned_is_refused_with_a_sentence(changed, words):
    with pytest.raises(ValueError, match=words):
        planned(**changed)


# --- the decisive arm decides, and nothing else does -----------------------------------------------------------------


PAIRS = [
    (through, beside)
    for through in worlds.WORLDS
    for beside in worlds.WORLDS
    if through.needs_akt and not beside.needs_akt and (through.lowers_pten, through.raises_pi3k) == (beside.lowers_pten, beside.raises_pi3k)
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].alternative)
@pytest.mark.parametrize("hours", laboratory.HOURS)
def test_without_the_inhibitor_alone_any_data_are_as_probable_if_the_gain_needs_akt_as_if_not(pair, hours):
    everything = laboratory.plan(
        **SERVES | {"arms": [arm for arm in laboratory.ARMS if arm != DECISIVE], "assays": laboratory.ASSAYS, "contrast": "drop", "hours": hours}
    )
    ours, theirs = (worlds.predictions(everything, SPREAD)[worlds.WORLDS.index(world)] for world in pair)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].alternative)
def test_with_it_the_output_gained_under_the_inhibitor_is_the_residue_or_the_whole_gain(pair):
    known = worlds.unknowns()
    slopes = [worlds.means_matrix(planned(hours=168), world)[[3, 2]] @ [mean for mean, _ in known.values()] for world in pair]
    come = worlds.output_fraction(168)
    assert [exo - alone for exo, alone in slopes] == pytest.approx([known["output_residue"][0] * come, known["output_gain"][0] * come])


def test_the_four_alternatives_are_equally_probable_before_any_data():
    shares = {name: sum(each.probability for each in worlds.WORLDS if each.alternative == name) for name in laboratory.ALTERNATIVES}
    assert shares == dict.fromkeys(laboratory.ALTERNATIVES, 0.25)
    drawn = [worlds.truth(number).alternative for number in TRUTHS]
    assert all(abs(drawn.count(name) - 250) < 4 * np.sqrt(1000 * 3 / 16) for name in laboratory.ALTERNATIVES)


def test_levels_have_the_middles_of_the_teaching_model():
    groups = akt.group_table()
    for name, (quantity, group) in {"pi3k_pmo": ("pi3k", "PMO"), "pten_pmo": ("pten", "PMO"), "akt_t308_bpv": ("akt_t308", "PMO+bpV(phen)")}.items():
        assert worlds.unknowns()[name][0] == pytest.approx(groups.loc[group, quantity] / groups.loc["Control", quantity])


# --- over 1,000 hidden truths ----------------------------------------------------------------------------------------


def test_a_good_design_finds_the_truth_as_often_as_its_power_says():
    found, true = found_everywhere()
    runs = 4000
    power = laboratory.power(planned(), SPREAD, runs)
    for place, name in enumerate(laboratory.ALTERNATIVES):
        mine = found[true == place].argmax(axis=1) == place
        error = np.sqrt(power[name] * (1 - power[name]) * (1 / len(mine) + 1 / runs))
        assert abs(mine.mean() - power[name]) < 3.5 * error, name


def test_a_study_that_is_convinced_is_right_as_often_as_it_believes():
    found, true = found_everywhere()
    convinced = found.max(axis=1) >= CONVINCED
    believed = found.max(axis=1)[convinced]
    right = (found.argmax(axis=1) == true)[convinced]
    assert abs(right.mean() - believed.mean()) < 3.5 * np.sqrt((believed * (1 - believed)).sum()) / len(believed)


@pytest.mark.parametrize("ends", [(0, 0.02), (0.02, 0.1), (0.1, 0.3), (0.3, 0.7), (0.7, 0.9), (0.9, 1.0001)])
def test_probabilities_are_the_shares_in_which_they_come_true(ends):
    found, true = found_everywhere()
    came_true = np.eye(4)[true]
    inside = (ends[0] <= found) & (found < ends[1])
    told, seen = found[inside], came_true[inside]
    assert len(told) > 20
    assert abs(seen.mean() - told.mean()) < 3.5 * np.sqrt((told * (1 - told)).sum()) / len(told)


def test_a_good_study_earns_every_point_in_every_laboratory_though_some_data_mislead():
    question = Question()
    found, true = found_everywhere()
    misled = [number for number in TRUTHS if found[number, true[number]] < 1 - CONVINCED]
    assert len(misled) >= 10
    lost = [number for number in TRUTHS if not question.worth(question.answered(planned(), given(number)), number).is_full]
    assert lost == []


def test_who_looks_the_truth_up_loses_where_the_data_mislead_and_gains_nowhere():
    question = Question()
    found, true = found_everywhere()
    for number in TRUTHS:
        if found[number, true[number]] < 1 - CONVINCED:
            certain = {name: float(place == true[number]) for place, name in enumerate(laboratory.ALTERNATIVES)}
            answer = question.answered(planned(), given(number), probabilities=certain)
            assert question.worth(answer, number).points == pytest.approx(8.5, abs=0.3)


def test_a_design_without_the_decisive_arm_never_passes():
    question = Question()
    plan = laboratory.plan(**AS_IN_THE_STUDY)
    points = [question.worth(question.answered(plan, given(number)), number).points for number in TRUTHS]
    assert max(points) < 0.5 * question.points


@pytest.mark.parametrize("animals", [2, 8, 30])
def test_no_number_of_animals_replaces_the_decisive_arm(animals):
    plan = laboratory.plan(**AS_IN_THE_STUDY | {"animals": animals, "assays": laboratory.ASSAYS})
    # In one of four worlds that are not through AKT neither PTEN nor PI3K changes, and levels alone tell.
    assert laboratory.power(plan, SPREAD)["not through AKT"] < 0.3


def test_who_judges_by_the_drawn_contrasts_alone_seldom_loses_points():
    plan = planned()
    pairs = np.kron(np.eye(3), [[-1, 1, 0, 0], [0, 0, -1, 1]])
    middles, sds = np.array(list(worlds.unknowns().values())).T
    logs = []
    data = np.concatenate([cell_means(plan, number) for number in TRUTHS]) @ pairs.T
    for world in worlds.WORLDS:
        matrix = pairs @ worlds.means_matrix(plan, world)
        covariance = (matrix * sds) @ (matrix * sds).T + worlds.sd_of_mean(plan, SPREAD) ** 2 * pairs @ pairs.T
        off = data - matrix @ middles
        logs.append(np.log(world.probability) - 0.5 * np.linalg.slogdet(covariance)[1] - 0.5 * ((off @ np.linalg.inv(covariance)) * off).sum(axis=1))
    weights = np.exp(logs - np.max(logs, axis=0))
    judged = np.array([sum(part for part, world in zip(weights, worlds.WORLDS, strict=True) if world.alternative == name) for name in laboratory.ALTERNATIVES]).T
    loss = ((judged / judged.sum(axis=1, keepdims=True) - found_everywhere()[0]) ** 2).sum(axis=1)
    assert (loss > TOLERATED_LOSS).mean() < 0.1 and (loss > MOST_LOSS).mean() < 0.02


def test_the_lesson_says_what_the_data_of_its_demonstration_support():
    study = laboratory.commit(planned())
    supported = worlds.supported(study, laboratory.run(study))
    lesson = (course.folder() / "notebooks" / "06_akt_mechanism.ipynb").read_text("utf-8")
    assert f"gives *not through AKT* {supported['not through AKT']:.2f}, *through PI3K* {supported['through PI3K']:.2f}" in lesson


@pytest.mark.parametrize("changed", [{"animals": 3}, {"assays": ["output"]}], ids=["few animals", "no levels"])
def test_the_verdict_names_the_alternative_that_a_design_finds_least_often(changed):
    plan = planned(**changed)
    shares = laboratory.power(plan, SPREAD)
    (told,) = [item.words for item in Question().worth(Question().answered(plan, given(1)), 1).items if item.about == "power"]
    assert f"{min(shares, key=shares.get)!r} least often" in told


def test_the_committed_interval_covers_what_is_true_in_95_of_100_laboratories():
    for procedure, share in (("pooled t", 0.95), ("welch", 0.95)):
        covered = laboratory.repetitions(planned(procedure=procedure), runs=2000, spread=SPREAD)["covered"]
        assert abs(covered.mean() - share) < 4 * np.sqrt(0.95 * 0.05 / len(covered)), procedure


def test_replicates_that_count_as_animals_give_intervals_that_are_too_short():
    plan = planned(replicates=6, unit="replicate")
    assert laboratory.repetitions(plan, runs=500, spread=SPREAD)["covered"].mean() < 0.75
    assert laboratory.repetitions(replace(plan, unit="animal"), runs=500, spread=SPREAD)["covered"].mean() > 0.92


def test_a_reader_who_knows_the_arms_finds_what_was_hoped_for():
    open_, blind = (laboratory.repetitions(planned(blinded=each), runs=1000, spread=SPREAD) for each in (False, True))
    bias = (open_["estimate"] - open_["true_value"]).mean()
    assert bias == pytest.approx(-worlds.READERS_BIAS[0], abs=0.02)
    assert abs((blind["estimate"] - blind["true_value"]).mean()) < 0.01
    assert open_["covered"].mean() < blind["covered"].mean() - 0.1


def test_more_animals_find_more_and_an_early_look_finds_less():
    least = [min(laboratory.power(planned(animals=animals), SPREAD).values()) for animals in (3, 6, 12)]
    assert least == sorted(least) and least[0] < 0.8 < least[2]
    assert min(laboratory.power(planned(hours=1), SPREAD).values()) < 0.3


def test_data_support_the_same_probabilities_as_a_table_and_as_an_array():
    study = laboratory.commit(planned(), given(3))
    shuffled = laboratory.run(study).sample(frac=1, random_state=1)
    assert list(worlds.supported(study, shuffled)) == pytest.approx(list(found_everywhere()[0][3]))


# --- analysis --------------------------------------------------------------------------------------------------------


def test_the_planned_comparison_is_fishers_lsd():
    from scipy.stats import t

    study = laboratory.commit(planned(), given(3))
    data = laboratory.run(study)
    output = data[data["assay"] == "output"].rename(columns={"arm": "group"})
    pairs = comparisons.pairwise(output).set_index(["first", "second"])
    pair = pairs.loc[(DECISIVE, "PMO+Exo+MK")]
    found = laboratory.analyse(study, data)
    assert found["estimate"] == pytest.approx(-pair["difference"])
    assert found["high"] - found["estimate"] == pytest.approx(t.ppf(0.975, 4 * 7) * pair["standard_error"])


def test_welchs_interval_is_that_of_scipy():
    from scipy.stats import ttest_ind

    study = laboratory.commit(planned(procedure="welch"), given(3))
    data = laboratory.run(study)
    values = data[data["assay"] == "output"].groupby("arm")["value"].apply(list)
    expected = ttest_ind(values["PMO+Exo+MK"], values[DECISIVE], equal_var=False).confidence_interval()
    assert list(laboratory.analyse(study, data)[["low", "high"]]) == pytest.approx([expected.low, expected.high])


def test_a_correction_for_all_pairs_makes_the_interval_longer_and_keeps_the_estimate():
    values = laboratory.values(planned(), 3, SPREAD)[0]
    plain, corrected = (laboratory_interval(values, planned(procedure=each)) for each in ("pooled t", "bonferroni"))
    assert plain[0] == corrected[0] and corrected[1] < plain[1] < plain[2] < corrected[2]


def test_scales_agree_on_the_direction_and_have_their_own_values():
    values = laboratory.values(planned(), 3, SPREAD)[0]
    means = values.mean(axis=(1, 2))
    exo, alone = means[3], means[2]
    odds = [each / (1 - each) for each in (exo, alone)]
    expected = {"difference": exo - alone, "ratio": exo / alone, "logit": np.log(odds[0] / odds[1])}
    for scale, value in expected.items():
        assert laboratory_interval(values, planned(scale=scale))[0] == pytest.approx(value)


def test_contrasts_of_every_assay_include_the_committed_one():
    study = laboratory.commit(planned(replicates=2), given(3))
    data = laboratory.run(study)
    table = laboratory.contrasts(data).set_index(["assay", "contrast"])
    committed = laboratory.analyse(study, data)
    assert list(table.loc[("output", "gain under inhibitor")]) == pytest.approx(list(committed))
    assert set(table.index.get_level_values("assay")) == set(SERVES["assays"])


def test_what_each_alternative_leads_one_to_expect_is_where_its_laboratories_lie():
    plan = planned()
    rows = laboratory.expectations(plan)
    repeated = laboratory.repetitions(plan, runs=1000, spread=SPREAD)
    decisive = rows[(rows["assay"] == "output") & (rows["contrast"] == plan.contrast)].set_index("alternative")
    for name, part in repeated.groupby("truth"):
        inside = part["true_value"].between(decisive.loc[name, "low"], decisive.loc[name, "high"])
        assert abs(inside.mean() - 0.95) < 0.03, name


# --- drawn -----------------------------------------------------------------------------------------------------------


def test_every_picture_says_that_it_is_simulated_and_what_one_sees():
    study = laboratory.commit(planned(), given(3))
    data = laboratory.run(study)
    drawn = [
        charts.laboratory_data(data),
        charts.laboratory_findings(laboratory.contrasts(data), laboratory.expectations(study)),
        charts.laboratory_repetitions(laboratory.repetitions(study)),
        charts.laboratory_intervals(laboratory.repetitions(study)),
    ]
    for chart in drawn:
        spec = chart.to_dict()
        assert "SIMULATED" in json.dumps(spec["title"]) and len(spec["description"]) > 60
        assert len(json.dumps(spec)) <= 32_000


def test_the_bench_shows_cost_and_power_of_what_is_set_and_never_the_truth():
    bench = widgets.design_bench(given(3))
    other = widgets.design_bench(given(4))
    assert bench.spec == other.spec
    bench.values = bench.values | {"arms": SERVES["arms"], "animals": 8}
    written_out = bench.code().replace("...", "'gain under inhibitor'")
    names = {"laboratory": laboratory}
    exec(written_out, names)
    assert names["plan"] == planned()
    assert bench.content["costs"] == {"points": [248.0], "budget": [260]}
    shown = dict(zip(bench.content["prospects"]["alternative"], bench.content["prospects"]["found"], strict=True))
    assert shown == pytest.approx(laboratory.power(planned(), SPREAD), abs=0.0006)
    assert "12 points are left" in bench.content["summary"]


def test_a_bench_that_is_only_made_and_not_shown_starts_no_vega(monkeypatch):
    monkeypatch.setattr("evcourse.widgets.live_chart._engine", lambda: pytest.fail("Vega was started"))
    assert "laboratory.plan(" in widgets.design_bench().code()


@pytest.mark.parametrize("nothing", ["arms", "assays"])
def test_a_bench_with_nothing_on_it_says_so(nothing):
    bench = widgets.design_bench()
    bench.values = bench.values | {nothing: []}
    assert bench.content["summary"] == "Choose at least one arm and one assay."


def test_a_conclusion_is_plain_data():
    study = laboratory.commit(planned(), given(3))
    probabilities = dict.fromkeys(laboratory.ALTERNATIVES, 0.25)
    answer = laboratory.conclusion(study, probabilities=probabilities, estimate=0.1, low=0.0, high=0.2)
    assert json.loads(json.dumps(answer))["plan"] == json.loads(json.dumps(asdict(planned())))


def laboratory_interval(output, plan):
    from evcourse.models.laboratory_analysis import interval

    return tuple(map(float, interval(output, plan)))
