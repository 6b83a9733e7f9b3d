"""Groups compared: certified analyses of variance, six procedures as the libraries of the field give them, equivalence."""

from fractions import Fraction
from functools import cache
from itertools import combinations
from math import log10
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tests.nist_anova as nist
from evcourse.models import comparisons_at_once as at_once
from evcourse.models import equivalence, exact_anova, experiments
from evcourse.models.comparisons import (
    PROCEDURES,
    anova,
    anova_table,
    group_summary,
    pairwise,
    samples_by_group,
    sums_of_squares,
    verdicts,
)
from evcourse.models.studentized_range import critical_range, range_p

# What double precision allows after the values were read as doubles: agreement with the certified F, in digits.
DIGITS = {"SiRstv": 12, "AtmWtAg": 9, "SmLs01": 13, "SmLs02": 13, "SmLs03": 13} | {
    f"SmLs{number:02d}": 9 if number < 7 else 3 for number in range(4, 10)
}
NEAREST_DOUBLES = [name for name, digits in DIGITS.items() if digits < 12]


@pytest.fixture(scope="module")
def worked():
    """The worked example of the brief: SIMULATED, three samples a group."""
    values = {
        "Control": [1.02, 0.95, 1.03],
        "PMO": [0.48, 0.55, 0.50],
        "PMO+Exo": [0.86, 0.80, 0.92],
        "Exo": [1.21, 1.10, 1.24],
    }
    return pd.DataFrame([(group, each) for group, column in values.items() for each in column], columns=["group", "value"])


@pytest.fixture(scope="module")
def uneven():
    """Four groups of 3, 5, 4 and 9 samples."""
    groups = np.repeat(list("abcd"), [3, 5, 4, 9])
    return pd.DataFrame({"group": groups, "value": np.random.default_rng(3).normal(groups == "b", 1)})


# --- certified values ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", nist.SETS)
def test_the_certified_analysis_is_met_to_the_digits_that_doubles_allow(name):
    found = anova(read_as_doubles(name))
    assert agreement(found, nist.certified(name)) >= DIGITS[name]


@pytest.mark.parametrize("name", nist.SETS)
def test_exact_reading_meets_every_certified_digit(name):
    assert agreement(exact_anova.exact_anova(nist.measurements(name)), nist.certified(name)) >= 14


@pytest.mark.parametrize("name", nist.SETS)
def test_an_offset_taken_off_before_rounding_is_enough(name):
    rows = nist.measurements(name)
    found = anova(rows.assign(value=exact_anova.less_offset(rows["value"])))
    assert agreement(found, nist.certified(name)) >= 13


@pytest.mark.parametrize("name", NEAREST_DOUBLES)
def test_what_is_lost_is_lost_in_the_reading_and_not_in_the_sums(name):
    rows = read_as_doubles(name)
    exact = [[Fraction(each) for each in values] for values in samples_by_group(rows).values()]
    without_rounding = anova_table(*sums_of_squares(exact))
    assert agreement(without_rounding, nist.certified(name)) < 11.5
    assert anova(rows)["f"].iloc[0] == pytest.approx(without_rounding["f"].iloc[0], rel=1e-11)


@pytest.mark.parametrize("name", ["SmLs07", "SmLs08", "SmLs09"])
def test_the_formula_with_squares_of_the_values_keeps_no_digit(name):
    values = np.array(list(samples_by_group(read_as_doubles(name)).values()))
    between = (values.sum(axis=1) ** 2).sum() / values.shape[1] - values.sum() ** 2 / values.size
    within = (values**2).sum() - (values.sum(axis=1) ** 2).sum() / values.shape[1]
    certified = nist.certified(name)
    assert abs(between - certified["between"]) > 0.5 * certified["between"]
    assert abs(within - certified["within"]) > 0.5 * certified["within"]


@pytest.mark.parametrize("name", nist.SETS)
def test_the_sets_made_from_their_rule_are_those_of_nist(name):
    import scipy.stats

    brought = Path(scipy.stats.__file__).parent / "tests" / "data" / "nist_anova" / f"{name}.dat"
    if not brought.exists():
        pytest.skip("this build of scipy comes without its test data")
    text = brought.read_text(encoding="ascii")
    pd.testing.assert_frame_equal(nist.measurements(name), nist.rows_of(text))
    certified = nist.certified(name)
    printed = nist.certified_in(text)
    assert certified == pytest.approx({key: printed[key] for key in certified}, rel=2e-15)


@pytest.mark.parametrize("bad", [1.4, Fraction(7, 5)])
def test_a_number_is_no_text_of_a_decimal(bad):
    with pytest.raises(TypeError, match="must come as text"):
        exact_anova.less_offset([bad])


def test_a_word_is_no_decimal():
    with pytest.raises(ValueError, match="'about 3' is no decimal number"):
        exact_anova.less_offset(["1.0", "about 3"])


# --- analysis of variance --------------------------------------------------------------------------------------------


def test_the_worked_example_has_the_analysis_of_the_brief(worked):
    table = anova(worked)
    between = table.loc["between groups"]
    assert between["f"] == pytest.approx(79.597, abs=5e-4)
    assert between["p"] == pytest.approx(2.68e-6, rel=2e-3)
    assert list(table["df"]) == [3, 8, 11]
    assert list(table["sum_of_squares"][:2]) == pytest.approx([0.7303, 0.024467], abs=5e-7)
    assert table.loc["within groups", "mean_square"] == pytest.approx(0.0030583, abs=5e-8)
    assert [between["eta_squared"], between["omega_squared"]] == pytest.approx([0.9676, 0.9516], abs=5e-5)


def test_the_analysis_is_that_of_scipy_and_statsmodels(uneven):
    from scipy.stats import f_oneway
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm

    between = anova(uneven).loc["between groups"]
    of_scipy = f_oneway(*samples_by_group(uneven).values())
    of_statsmodels = anova_lm(ols("value ~ C(group)", uneven).fit())
    assert tuple(between[["f", "p"]]) == pytest.approx(tuple(of_scipy))
    assert list(anova(uneven)["sum_of_squares"][:2]) == pytest.approx(list(of_statsmodels["sum_sq"]))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.head(3), "there is 1 group"),
        (lambda rows: rows.head(4), "PMO with one value"),
        (lambda rows: rows.assign(value=rows["group"].str.len() / 10), "without spread"),
        (lambda rows: rows.rename(columns={"value": "level"}), "No column 'value'.*group, level"),
        (lambda rows: rows.assign(value=rows["value"].where(rows["value"] < 1.2)), "is missing"),
    ],
)
def test_a_table_that_cannot_be_compared_gets_a_sentence(worked, change, words):
    with pytest.raises(ValueError, match=words):
        anova(change(worked))


def test_groups_keep_the_order_of_their_category_or_of_their_appearance(worked):
    ordered = worked.assign(group=pd.Categorical(worked["group"], ["PMO", "Exo", "PMO+Exo", "Control"]))
    assert list(samples_by_group(worked)) == ["Control", "PMO", "PMO+Exo", "Exo"]
    assert list(samples_by_group(ordered)) == ["PMO", "Exo", "PMO+Exo", "Control"]


@pytest.mark.parametrize(("n", "sem", "half_width"), [(3, 0.577, 2.484), (6, 0.408, 1.049)])
def test_sem_and_interval_are_other_things_than_the_sd(n, sem, half_width):
    summary = group_summary(experiments.simulated_groups({"a": 1, "b": 2}, replicates=n, sd=0.3))
    assert list(summary["sem"] / summary["sd"]) == pytest.approx([sem] * 2, abs=5e-4)
    assert list(summary["half_width"] / summary["sd"]) == pytest.approx([half_width] * 2, abs=6e-4)


# --- six procedures --------------------------------------------------------------------------------------------------


def test_the_same_pair_gets_opposite_verdicts(worked):
    pair = pairwise(worked).set_index(["first", "second"]).loc[("Control", "PMO+Exo")]
    expected = {"lsd": 0.0147, "holm": 0.0147, "tukey": 0.0577, "bonferroni": 0.0879}
    assert {name: round(pair[name], 4) for name in expected} == expected
    called = verdicts(pairwise(worked)).query("pair == 'Control – PMO+Exo' and significant")["procedure"]
    assert set(called) == {"lsd", "lsd_protected", "holm", "separate_t"}


def test_lsd_is_the_pairwise_t_test_of_statsmodels(uneven):
    from statsmodels.formula.api import ols

    theirs = ols("value ~ C(group)", uneven).fit().t_test_pairwise("C(group)", method="holm").result_frame
    ours = pairwise(uneven).set_index(pairwise(uneven)["second"] + "-" + pairwise(uneven)["first"])
    assert list(ours.loc[theirs.index, "lsd"]) == pytest.approx(list(theirs["P>|t|"]))
    assert list(ours.loc[theirs.index, "holm"]) == pytest.approx(list(theirs["pvalue-holm"]))


def test_lsd_pools_the_variance_over_all_groups_and_the_separate_test_does_not(worked):
    pair = pairwise(worked).set_index(["first", "second"]).loc[("Control", "PMO+Exo")]
    assert pair["standard_error"] == pytest.approx(np.sqrt(0.0244666667 / 8 * 2 / 3))
    assert pair["separate_t"] > 2 * pair["lsd"]


def test_holm_orders_by_the_raw_p_and_never_falls():
    rows = pairwise(experiments.simulated_groups(dict.fromkeys("abcde", 0) | {"a": 1}, replicates=4, sd=0.5))
    rows = rows.sort_values("lsd")
    steps = rows["lsd"].to_numpy() * np.arange(10, 0, -1)
    assert list(rows["holm"]) == pytest.approx(list(np.minimum(1, np.maximum.accumulate(steps))))
    assert (steps[1:] < steps[:-1]).any(), "without a falling step the rule would not be tried"


def test_protection_asks_the_f_test_first():
    rows = experiments.simulated_groups(dict.fromkeys("abc", 0.0), replicates=5, sd=1, seed=11)
    pairs, of_f = pairwise(rows), anova(rows)["p"].iloc[0]
    assert list(pairs["lsd_protected"]) == pytest.approx([max(p, of_f) for p in pairs["lsd"]])
    assert pairs["lsd"].min() < of_f < pairs["lsd"].max(), "both must decide once"


@pytest.mark.parametrize("procedure", PROCEDURES)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("groups", "replicates"), [(3, 3), (4, 6), (5, 3), (5, 12)])
def test_many_experiments_at_once_are_judged_as_each_alone(procedure, seed, groups, replicates):
    values, pairs = drawn(groups, replicates, seed)
    batch, alone = at_once.compared(values), pairs[procedure]
    assert list(at_once.p_values(batch)[procedure][0]) == pytest.approx(list(alone), abs=1e-8)
    for alpha in (0.01, 0.05, 0.3):
        assert list(at_once.rejections(batch, alpha=alpha)[procedure][0]) == list(alone < alpha)


def test_pairs_are_numbered_alike_everywhere():
    assert list(zip(*at_once.pair_places(4), strict=True)) == list(combinations(range(4), 2))


# --- critical values and the studentized range -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "n", "t", "q", "lsd", "hsd"),
    [
        (4, 3, 2.3060, 4.5288, 1.8828, 2.6147),
        (5, 3, 2.2281, 4.6543, 1.8193, 2.6872),
        (4, 6, 2.0860, 3.9583, 1.2043, 1.6160),
    ],
)
def test_critical_values_are_those_of_the_tables(groups, n, t, q, lsd, hsd):
    critical = at_once.critical_values(groups, n)
    assert [critical.t, np.sqrt(2) * critical.tukey] == pytest.approx([t, q], abs=5e-5)
    least = [limit * np.sqrt(2 / n) for limit in (critical.t, critical.tukey)]
    assert least == pytest.approx([lsd, hsd], abs=6e-5)


@pytest.mark.parametrize(("groups", "df"), [(2, 4), (3, 6), (4, 8), (5, 10), (5, 55), (8, 200)])
def test_the_fast_studentized_range_is_that_of_scipy(groups, df):
    from scipy.stats import studentized_range

    q = np.array([0.3, 1, 2, 3.5, 5, 8, 15])
    assert range_p(q, groups, df) == pytest.approx(studentized_range.sf(q, groups, df), abs=1e-8)
    assert studentized_range.sf(critical_range(0.05, groups, df), groups, df) == pytest.approx(0.05, abs=1e-8)


@pytest.mark.parametrize("t", [0.5, 2.0, 3.7])
def test_the_range_of_two_groups_is_a_t_test(t):
    from scipy.stats import t as student

    assert range_p(np.sqrt(2) * t, 2, 9) == pytest.approx(2 * student.sf(t, 9), abs=1e-10)


# --- equivalence -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def alizarin():
    """The SIMULATED experiment of the brief: the teaching model's output over that of Control, three dishes a group."""
    more, less = 1 + 0.8 * 2 / 3, 1 - 0.4 * 2 / 3
    pi3k = np.array([1, 0.5, 0.5 * more, 0.5, 0.5 * more])
    active = np.array([1, 1.8, 1.8 * less, 1.8 / 3, 1.8 * less])
    pip3 = pi3k / (pi3k + 4 * active)
    sites = [rate * pip3 / (1 + np.array([0, 0, 0, 0, 1]) / half) for rate, half in ((5, 0.11), (3, 0.18))]
    middle = sum(site / (1 + site) for site in sites) / 2
    output = middle**2 / (0.25**2 + middle**2)
    names = ["Control", "PMO", "PMO+Exo", "PMO+bpV", "PMO+Exo+MK"]
    return experiments.simulated_groups(dict(zip(names, output / output[0], strict=True)), replicates=3, sd=0.08, seed=1)


def test_the_simulated_experiment_is_that_of_the_brief(alizarin):
    printed = [1.028, 1.066, 1.026, 0.426, 0.603, 0.566, 0.803, 0.893, 0.875, 0.980, 0.959, 1.000, 0.007, 0.052, 0.027]
    assert list(alizarin["value"]) == pytest.approx(printed, abs=1e-3)
    assert anova(alizarin)["f"].iloc[0] == pytest.approx(210.67, abs=0.01)


def test_no_significant_difference_is_not_equivalence(alizarin):
    found = equivalence.difference(alizarin, "PMO+bpV", "Control")
    assert list(found[["difference", "p", "low", "high"]]) == pytest.approx([-0.060, 0.169, -0.151, 0.030], abs=6e-4)
    test = equivalence.equivalence_test(alizarin, "PMO+bpV", "Control", margin=0.10)
    assert test["p"] == pytest.approx(0.176, abs=6e-4)
    assert test["equivalent"] is False


def test_equivalence_is_an_interval_inside_the_margin(alizarin):
    ends = equivalence.difference(alizarin, "PMO+bpV", "Control", confidence=0.90)
    reach = max(abs(ends["low"]), abs(ends["high"]))
    tests = [
        equivalence.equivalence_test(alizarin, "PMO+bpV", "Control", margin=reach * factor)["equivalent"]
        for factor in (0.999, 1.001)
    ]
    assert tests == [False, True]


def test_the_interval_is_that_of_lsd_and_turns_with_the_groups(alizarin):
    pair = pairwise(alizarin).set_index(["first", "second"]).loc[("Control", "PMO+bpV")]
    there, back = (equivalence.difference(alizarin, *each) for each in (("Control", "PMO+bpV"), ("PMO+bpV", "Control")))
    lsd = list(pair[["difference", "standard_error", "lsd"]])
    assert [there["difference"], there["standard_error"], there["p"]] == pytest.approx(lsd)
    assert [there["low"], there["high"]] == pytest.approx([-back["high"], -back["low"]])


def test_two_one_sided_tests_are_those_of_statsmodels_with_two_groups():
    from statsmodels.stats.weightstats import ttost_ind

    rows = experiments.simulated_groups({"a": 1.0, "b": 1.05}, replicates=8, sd=0.1, seed=5)
    theirs = ttost_ind(*samples_by_group(rows).values(), -0.12, 0.12)
    test = equivalence.equivalence_test(rows, "a", "b", margin=0.12)
    assert [test["p"], test["p_above_lower"], test["p_below_upper"]] == pytest.approx([theirs[0], theirs[1][1], theirs[2][1]])


def test_a_group_that_is_not_there_is_named(alizarin):
    with pytest.raises(ValueError, match="No group 'Sham' in the table: it has Control, PMO"):
        equivalence.difference(alizarin, "Sham", "PMO")


# --- simulated groups ------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_groups_and_another_seed_gives_others():
    draws = [experiments.simulated_groups({"a": 1, "b": 2}, replicates=5, seed=seed) for seed in (1, 1, 2)]
    pd.testing.assert_frame_equal(draws[0], draws[1])
    assert not draws[0].equals(draws[2])


def test_simulated_groups_have_the_mean_and_the_spread_asked_for():
    rows = experiments.simulated_groups({"a": 1.0, "b": 0.5}, replicates=1000, sd=0.08, seed=4)
    summary = group_summary(rows)
    assert list(summary["mean"]) == pytest.approx([1.0, 0.5], abs=5 * 0.08 / np.sqrt(1000))
    assert list(summary["sd"]) == pytest.approx([0.08] * 2, rel=5 / np.sqrt(2000))


# --- what the tests above ask ----------------------------------------------------------------------------------------


@cache
def drawn(groups, replicates, seed):
    """Return an experiment as the array that `comparisons_at_once` takes, and its table of `pairwise`."""
    means = dict(zip("abcde"[:groups], [1.5, 0, 0, 1, 0], strict=False))
    rows = experiments.simulated_groups(means, replicates=replicates, sd=1, seed=seed)
    return rows["value"].to_numpy().reshape(1, groups, replicates), pairwise(rows)


def read_as_doubles(name):
    rows = nist.measurements(name)
    return rows.assign(value=rows["value"].astype(float))


def agreement(found, certified):
    """Return the least number of digits in which F, R², s and the sums of squares agree with the certified ones."""
    ours = {
        "between": found["sum_of_squares"].iloc[0],
        "within": found["sum_of_squares"].iloc[1],
        "f": found["f"].iloc[0],
        "r_squared": found["eta_squared"].iloc[0],
        "s": np.sqrt(found["mean_square"].iloc[1]),
    }
    apart = [abs(value / certified[key] - 1) for key, value in ours.items()]
    return min(-log10(max(each, 1e-15)) for each in apart)
