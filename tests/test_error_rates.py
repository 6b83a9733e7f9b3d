"""Error rates, power and what counts as n: simulations held against closed forms, integrals and the brief's figures."""

from math import sqrt

import numpy as np
import pytest

from evcourse.models import comparisons_at_once as at_once
from evcourse.models import power, repeated_measures, replication
from evcourse.models.comparisons import PROCEDURES, anova, pairwise
from evcourse.models.equivalence import not_significant_share
from evcourse.models.error_rates import error_rates, exact_family_wise_error
from evcourse.models.studentized_range import range_p

RUNS = 100_000

# Groups, samples per group, whether one group lies ten standard deviations away; exact rates of unprotected LSD, Tukey,
# Bonferroni (integrals of the studentized range), as the errata of the brief give them.
SITUATIONS = {
    "four groups of 3, all alike": (4, 3, False, (0.1757, 0.0500, 0.0340)),
    "four groups of 3, one far away": (4, 3, True, (0.1123, 0.0302, 0.0203)),
    "four groups of 6, all alike": (4, 6, False, (0.1917, 0.0500, 0.0384)),
    "five groups of 3, all alike": (5, 3, False, (0.2448, 0.0500, 0.0319)),
    "five groups of 3, one far away": (5, 3, True, (0.1808, 0.0346, 0.0218)),
    "five groups of 6, one far away": (5, 6, True, (0.1939, 0.0332, 0.0242)),
}
# Holm and separate t tests as the brief simulated them (20 000 runs).
SIMULATED = {
    "four groups of 3, all alike": (0.032, 0.201),
    "four groups of 3, one far away": (0.038, 0.119),
    "four groups of 6, all alike": (0.034, 0.207),
    "five groups of 3, all alike": (0.029, 0.289),
    "five groups of 3, one far away": (0.034, 0.201),
    "five groups of 6, one far away": (0.037, 0.201),
}


@pytest.fixture(scope="module", params=SITUATIONS)
def situation(request):
    groups, replicates, apart, exact = SITUATIONS[request.param]
    rates = error_rates([10.0 * apart, *[0.0] * (groups - 1)], replicates=replicates, runs=RUNS, seed=7)
    return groups, replicates, apart, exact, rates["family_wise_error"], SIMULATED[request.param]


# --- family-wise error -----------------------------------------------------------------------------------------------


def test_the_exact_rates_are_those_of_the_errata(situation):
    groups, replicates, apart, exact, *_ = situation
    ours = [
        exact_family_wise_error(name, groups=groups, replicates=replicates, alike=groups - apart)
        for name in ("lsd", "tukey", "bonferroni")
    ]
    assert ours == pytest.approx(exact, abs=6e-5)


@pytest.mark.parametrize(("procedure", "place"), [("lsd", 0), ("tukey", 1), ("bonferroni", 2)])
def test_the_simulation_meets_the_exact_rate(situation, procedure, place):
    *_, exact, rates, _ = situation
    assert rates[procedure] == pytest.approx(exact[place], abs=4 * error_of(exact[place]))


def test_protection_does_nothing_once_one_group_lies_away(situation):
    _, _, apart, _, rates, _ = situation
    assert (rates["lsd_protected"] == rates["lsd"]) == apart


def test_tukey_holm_and_bonferroni_keep_their_promise_whatever_the_truth(situation):
    *_, rates, _ = situation
    assert (rates[["tukey", "holm", "bonferroni"]] <= 0.05 + 4 * error_of(0.05)).all()


@pytest.mark.parametrize(("procedure", "place"), [("holm", 0), ("separate_t", 1)])
def test_what_has_no_formula_agrees_with_the_brief(situation, procedure, place):
    *_, rates, simulated = situation
    assert rates[procedure] == pytest.approx(simulated[place], abs=0.008)


@pytest.mark.parametrize(("groups", "promise"), [(3, 0.05), (4, 0.112), (5, 0.181)])
def test_protected_lsd_keeps_its_promise_with_three_groups_only(groups, promise):
    exact = exact_family_wise_error("lsd_protected", groups=groups, replicates=3, alike=groups - 1)
    assert exact == pytest.approx(promise, abs=6e-4)


@pytest.mark.parametrize(("groups", "replicates"), [(3, 3), (4, 3), (4, 6), (5, 3), (5, 6)])
def test_with_all_groups_alike_protection_keeps_its_promise(groups, replicates):
    rate = error_rates([0] * groups, replicates=replicates, runs=RUNS, seed=7).loc["lsd_protected", "family_wise_error"]
    assert rate == pytest.approx(0.049, abs=0.001 + 4 * error_of(0.05))


def test_the_range_of_all_groups_exceeds_that_of_some():
    assert range_p(3.0, 3, 10) < range_p(3.0, 4, 10) < range_p(3.0, 5, 10)


def test_pairs_that_share_groups_err_less_often_together_than_independent_tests():
    for groups, independent in ((4, 1 - 0.95**6), (5, 1 - 0.95**10)):
        assert exact_family_wise_error("lsd", groups=groups, replicates=1000) < independent
    assert [1 - 0.95**6, 1 - 0.95**10] == pytest.approx([0.265, 0.401], abs=5e-4)


def test_statistics_drawn_at_once_are_those_of_samples():
    means, runs = [1.0, 0, 0, 0], 40_000
    samples = np.random.default_rng(8).normal(np.array(means)[:, None], 1, (runs, 4, 3))
    of_samples = at_once.rejections(at_once.compared(samples))
    drawn = at_once.rejections(at_once.drawn_batch(means, replicates=3, runs=runs, seed=9))
    for name in PROCEDURES:
        shares = of_samples[name].any(axis=1).mean(), drawn[name].any(axis=1).mean()
        assert shares[0] == pytest.approx(shares[1], abs=4 * sqrt(2 * 0.25 / runs))


def test_the_rate_of_a_pair_that_differs_is_its_power():
    rates = error_rates([2, 0, 0, 0, 0], replicates=3, pair=(0, 3), runs=RUNS, seed=7)["pair_found"]
    for name in ("lsd", "tukey", "bonferroni"):
        exact = power.pair_power(2, replicates=3, groups=5, procedure=name)
        assert rates[name] == pytest.approx(exact, abs=4 * error_of(exact))


def test_the_simulation_says_how_uncertain_it_is():
    rates = [error_rates([10, 0, 0, 0], replicates=3, runs=2_000, seed=seed).loc["lsd"] for seed in range(60)]
    spread = np.std([each["family_wise_error"] for each in rates], ddof=1)
    assert rates[0]["family_wise_error_se"] == pytest.approx(spread, rel=0.35)
    assert rates[0]["pair_found_se"] != rates[0]["pair_found_se"], "no pair was asked for"


def test_without_a_pair_alike_there_is_no_false_claim_to_make():
    assert error_rates([0, 1, 2], replicates=3, runs=100)["family_wise_error"].isna().all()


@pytest.mark.parametrize(("procedure", "alike"), [("holm", 4), ("separate_t", 4), ("lsd_protected", 5), ("scheffe", 4)])
def test_a_procedure_without_a_formula_is_sent_to_the_simulation(procedure, alike):
    with pytest.raises(ValueError, match=rf"No formula for '{procedure}' with {alike} of 5 groups alike.*error_rates"):
        exact_family_wise_error(procedure, groups=5, replicates=3, alike=alike)


@pytest.mark.parametrize("pair", [(0, 0), (0, 4), (-1, 2)])
def test_a_pair_that_does_not_exist_gets_a_sentence(pair):
    with pytest.raises(ValueError, match="two different numbers from 0 to 3"):
        error_rates([0, 0, 0, 0], replicates=3, pair=pair, runs=10)


# --- power -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "powers", "d"), [(3, (0.159, 0.463, 0.783), 3.07), (6, (0.347, 0.876, 0.996), 1.80)])
def test_the_power_of_a_t_test_is_that_of_the_brief(n, powers, d):
    assert list(power.pair_power([1, 2, 3], replicates=n)) == pytest.approx(powers, abs=6e-4)
    assert power.difference_for_power(0.8, replicates=n) == pytest.approx(d, abs=6e-3)


@pytest.mark.parametrize(("d", "n"), [(1, 17), (1.5, 9), (2, 6)])
def test_the_smallest_sufficient_number_of_samples_is_found(d, n):
    assert power.replicates_for_power(d) == n
    assert power.pair_power(d, replicates=n - 1) < 0.8 <= power.pair_power(d, replicates=n)


@pytest.mark.parametrize("d", [5, 6, 8, 30])
def test_power_is_a_number_where_the_noncentral_t_is_none(d):
    assert 0.99 < power.pair_power(d, replicates=6) <= 1


@pytest.mark.parametrize(("groups", "n", "f"), [(4, 3, 1.223), (4, 6, 0.744), (5, 3, 1.126), (5, 6, 0.693)])
def test_the_effect_that_the_f_test_finds_is_that_of_the_brief(groups, n, f):
    assert power.anova_effect_for_power(0.8, groups=groups, replicates=n) == pytest.approx(f, abs=6e-4)


def test_the_power_of_the_f_test_is_met_by_simulation():
    means = np.array([1.5, 0, 0, 0])
    batch = at_once.drawn_batch(means, replicates=4, runs=RUNS, seed=3)
    found = (batch.f > at_once.critical_values(4, 4).f).mean()
    exact = power.anova_power(means.std(), groups=4, replicates=4)
    assert found == pytest.approx(exact, abs=4 * error_of(exact))


# The brief's figures are simulated and lie up to 0.003 beside the exact ones.
@pytest.mark.parametrize(("n", "brief"), [(3, (0.597, 0.270, 0.204)), (6, (0.916, 0.695, 0.647))])
def test_the_power_of_one_pair_of_five_groups_is_that_of_the_brief(n, brief):
    ours = [power.pair_power(2, replicates=n, groups=5, procedure=name) for name in ("lsd", "tukey", "bonferroni")]
    assert ours == pytest.approx(brief, abs=4e-3)


def test_a_procedure_without_a_power_formula_is_sent_to_the_simulation():
    with pytest.raises(ValueError, match="No formula for the power of 'holm'.*error_rates"):
        power.pair_power(2, replicates=3, procedure="holm")


def test_a_difference_too_small_to_be_found_gets_a_sentence():
    with pytest.raises(ValueError, match="0.01 SD needs more than 5000"):
        power.replicates_for_power(0.01)


def test_small_experiments_find_differences_too_large():
    curse = power.winners_curse(1, replicates=3, runs=400_000)
    assert curse["power"] == pytest.approx(0.159, abs=2e-3)
    assert curse["mean_d"] == pytest.approx(3.38, abs=0.04)
    assert curse["inflation"] == pytest.approx(1.92, abs=0.02)
    assert curse["wrong_sign_share"] == pytest.approx(wrong_sign(1, 3), abs=2e-3)
    assert wrong_sign(1, 3) == pytest.approx(0.00979, abs=5e-5)


def test_larger_experiments_do_so_less():
    inflations = [power.winners_curse(1, replicates=n)["inflation"] for n in (3, 6, 12, 24)]
    assert inflations == sorted(inflations, reverse=True)
    assert inflations[-1] == pytest.approx(1, abs=0.05)


# Levels of the teaching model under bpV(phen), relative to Control (0.7210/0.7538 and 0.4630/0.5000); SD 0.08.
@pytest.mark.parametrize(
    ("ratio", "n", "share"),
    [(0.7210 / 0.7538, 3, 0.907), (0.7210 / 0.7538, 6, 0.852), (0.926, 3, 0.823), (0.926, 6, 0.662)],
)
def test_small_n_makes_restoration(ratio, n, share):
    assert not_significant_share((1 - ratio) / 0.08, replicates=n, groups=5) == pytest.approx(share, abs=1.5e-3)


# --- what counts as n ------------------------------------------------------------------------------------------------


def test_fields_of_one_animal_are_worth_less_than_their_number():
    assert replication.design_effect(10, 0.5) == pytest.approx(5.5)
    assert replication.effective_n(3, 10, 0.5) == pytest.approx(5.45, abs=5e-3)
    assert [replication.effective_n(3, 10, icc) for icc in (0, 1)] == [30, 3]


# The brief's simulated rates lie up to 0.006 beside the exact ones.
@pytest.mark.parametrize(("fields", "icc", "brief"), [(10, 0.5, 0.437), (5, 0.2, 0.150), (20, 0.1, 0.253)])
def test_fields_as_n_call_equal_groups_different(fields, icc, brief):
    rates = replication.pseudo_replication(animals=3, per_animal=fields, icc=icc, runs=30_000, seed=5)
    exact = rates["exact"]
    assert exact["fields"] == pytest.approx(brief, abs=7e-3)
    for counted in replication.COUNTED:
        assert rates.loc[counted, "false_positives"] == pytest.approx(exact[counted], abs=4 * error_of(exact[counted], 30_000))


@pytest.mark.parametrize("fields", [2, 10, 40])
def test_without_correlation_fields_may_be_counted(fields):
    assert replication.exact_false_positives(animals=3, per_animal=fields, icc=0) == pytest.approx(0.05, abs=1e-7)


def test_the_fields_of_an_experiment_have_the_correlation_asked_for():
    fields = replication.simulated_fields(animals=800, per_animal=5, icc=0.4, difference_sd=1.5, seed=2)
    table = anova(fields, group="animal")
    between, within = table.loc[["between groups", "within groups"], "mean_square"]
    centred = fields.assign(value=fields["value"] - 1.5 * (fields["group"] == "treated"))
    between = anova(centred, group="animal").loc["between groups", "mean_square"]
    assert (between - within) / (between + 4 * within) == pytest.approx(0.4, abs=0.05)
    means = replication.animal_means(fields).groupby("group", observed=True)["value"].mean()
    assert means["treated"] - means["untreated"] == pytest.approx(1.5, abs=0.15)


def test_one_mean_per_animal_is_left():
    fields = replication.simulated_fields(animals=3, per_animal=10, icc=0.5, seed=2)
    means = replication.animal_means(fields)
    assert len(means) == 6
    assert means["value"].iloc[4] == pytest.approx(fields.query("animal == 'T2'")["value"].mean())


# --- repeated measures -----------------------------------------------------------------------------------------------


def test_one_slope_per_dish_keeps_the_level_and_the_other_two_do_not():
    rates = repeated_measures.repeated_measures(runs=20_000, seed=4)["called_different"]
    assert rates["one slope per dish"] == pytest.approx(0.05, abs=4 * error_of(0.05, 20_000))
    assert 0.05 + 0.03 < rates["a test per day"] < 1 - 0.95**4
    assert rates["every reading as n"] > 0.3


def test_the_slope_finds_more_than_a_day_does():
    rates = repeated_measures.repeated_measures(dishes=6, last_slope=0.45, seed=4)["called_different"]
    assert rates["one slope per dish"] > rates["a test per day"]


def test_the_slope_of_a_dish_is_least_squares():
    readings = repeated_measures.simulated_days({"a": 0.4, "b": 0.5}, dishes=3, days=5, seed=6)
    slopes = repeated_measures.slopes_per_dish(readings)
    dish = readings[readings["dish"] == "b 2"]
    (ours,) = slopes.loc[slopes["dish"] == "b 2", "value"]
    assert ours == pytest.approx(np.polyfit(dish["day"], dish["value"], 1)[0])
    assert len(slopes) == 6 and len(pairwise(slopes)) == 1


def test_readings_as_n_are_the_analysis_of_group_and_day_of_statsmodels():
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm

    values = repeated_measures._readings([0.4, 0.4, 0.4], 3, 4, 1, 6)
    readings = repeated_measures.simulated_days(dict.fromkeys("abc", 0.4), dishes=3, days=4, seed=6)
    theirs = anova_lm(ols("value ~ C(group) + C(day)", readings).fit())
    _, pooled, slopes = repeated_measures._f_values(values)
    assert pooled[0, 0] == pytest.approx(theirs.loc["C(group)", "F"])
    assert slopes[0, 0] == pytest.approx(anova(repeated_measures.slopes_per_dish(readings))["f"].iloc[0])


def test_a_dish_seen_once_has_no_slope():
    readings = repeated_measures.simulated_days(dishes=3, days=3)
    with pytest.raises(ValueError, match="dish 'A 1' has one"):
        repeated_measures.slopes_per_dish(readings.drop([1, 2]))


# --- what the tests above ask ----------------------------------------------------------------------------------------


def error_of(share, runs=RUNS):
    """Return the standard error of a simulated share."""
    return sqrt(share * (1 - share) / runs)


def wrong_sign(d, n):
    """Return the exact share of significant t tests of two groups with the wrong sign, by integration over the spread."""
    from scipy.stats import chi, norm

    df, scale = 2 * (n - 1), sqrt(2 / n)
    spread = (np.arange(40_000) + 0.5) * 1e-4 * 2
    weight = chi.pdf(spread * sqrt(df), df) * sqrt(df) * 2e-4
    limit = at_once.critical_values(2, n).t * scale * spread
    wrong, right = norm.cdf((-limit - d) / scale) @ weight, norm.sf((limit - d) / scale) @ weight
    return wrong / (wrong + right)
