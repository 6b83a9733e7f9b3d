"""The remodelling model: published behaviour, closed forms, and the teaching form of bone mass with its limits."""

from dataclasses import FrozenInstanceError, asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evcourse as ev
from evcourse.models.remodelling import (
    CYCLING,
    HEALTHY,
    Remodelling,
    bone_mass_rate,
    cell_rates,
    chronic_slope,
    coupled_chronic_slope,
    eigenvalues,
    hopf_g11,
    jacobian,
    peak_days,
    simulate,
    small_cycle_period,
    steady_state,
    steady_state_sensitivities,
)

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

# Balanced form of bone mass: factors on the healthy constants; cells at the new steady state, lasting slope in % per
# day, bone mass after 365 and 1000 days. Computed twice, by two programs.
CHANGES = {
    "healthy": ({}, (1.061, 212.1), 0.0, (100.0, 100.0)),
    "more osteoclasts": ({"alpha1": 1.5}, (1.591, 318.2), 0.0, (93.64, 93.64)),
    "fewer osteoclasts": ({"alpha1": 0.7}, (0.742, 148.5), 0.0, (103.82, 103.82)),
    "fewer osteoblasts": ({"alpha2": 0.9}, (1.118, 201.2), -0.0268, (90.90, 73.86)),
    "more osteoblasts": ({"alpha2": 1.1}, (1.011, 222.5), 0.0243, (108.27, 123.68)),
    "aged": ({"alpha2": 0.9, "alpha1": 1.1}, (1.230, 221.4), -0.0295, (88.66, 69.92)),
    "aged, less formed": ({"alpha2": 0.81, "alpha1": 1.1}, (1.296, 210.0), -0.0591, (78.62, 41.08)),
    "lytic": ({"alpha1": 1.5, "alpha2": 0.7}, (1.902, 266.2), -0.1369, (46.35, -40.59)),
    "osteoblasts live shorter": ({"beta2": 1.1}, (1.112, 202.3), -0.0243, (91.71, 76.30)),
    "uncoupled": ({"alpha1": 1.5, "g12": 0.9}, (1.630, 310.5), -0.0187, (86.84, 74.99)),
    "sclerotic": ({"alpha2": 1.5, "alpha1": 0.8}, (0.693, 207.8), 0.0831, (130.77, 183.57)),
}
COUPLED = [name for name in CHANGES if name != "uncoupled"]
each_change = pytest.mark.parametrize("name", CHANGES)


@pytest.fixture(scope="module")
def one_cycle():
    return simulate(days=200, start=disturbed(HEALTHY), form="published", step_days=0.05)


# --- the published model ---------------------------------------------------------------------------------------------


def test_the_healthy_steady_state_has_its_published_value_to_ten_digits():
    assert steady_state() == pytest.approx((1.06066017178, 212.132034356), rel=1e-11)


def test_nothing_changes_at_the_steady_state():
    assert cell_rates(*steady_state()) == pytest.approx((0, 0), abs=1e-12)


def test_a_small_disturbance_dies_away_in_a_damped_turn():
    assert sorted(eigenvalues(), key=lambda each: each.imag) == pytest.approx([-0.06 - 0.02j, -0.06 + 0.02j])


def test_the_jacobian_is_the_derivative_of_the_rates():
    osteoclasts, osteoblasts = steady_state()
    for column, (d1, d2) in enumerate([(1e-6, 0), (0, 1e-4)]):
        up, down = cell_rates(osteoclasts + d1, osteoblasts + d2), cell_rates(osteoclasts - d1, osteoblasts - d2)
        difference = (np.array(up) - np.array(down)) / (2 * (d1 + d2))
        assert jacobian()[:, column] == pytest.approx(difference, rel=1e-6, abs=1e-9)


def test_ten_more_osteoclasts_set_off_one_cycle(one_cycle):
    peak, hollow = at_most(one_cycle, "osteoblasts"), at_least(one_cycle, "bone_mass_percent")
    assert (peak.osteoblasts, peak.day) == (pytest.approx(396.9, abs=0.05), pytest.approx(14.1, abs=0.1))
    assert (hollow.bone_mass_percent, hollow.day) == (pytest.approx(89.785, abs=0.005), pytest.approx(12.3, abs=0.1))
    assert one_cycle["bone_mass_percent"].iloc[-1] == pytest.approx(99.98, abs=0.005)


def test_osteoclasts_fall_below_their_steady_state_before_they_settle(one_cycle):
    trough = at_least(one_cycle, "osteoclasts")
    assert (trough.osteoclasts, trough.day) == (pytest.approx(0.728, abs=0.001), pytest.approx(42, abs=0.5))


def test_bone_returns_because_the_excess_of_both_cells_is_in_the_ratio_of_the_mass_constants(one_cycle):
    osteoclasts, osteoblasts = steady_state()
    excess1 = np.trapezoid((one_cycle["osteoclasts"] - osteoclasts).clip(lower=0), one_cycle["day"])
    excess2 = np.trapezoid((one_cycle["osteoblasts"] - osteoblasts).clip(lower=0), one_cycle["day"])
    assert (excess1, excess2) == (pytest.approx(59.03, abs=0.01), pytest.approx(8322, abs=1))
    assert excess2 / excess1 == pytest.approx(HEALTHY.k1 / HEALTHY.k2, rel=0.002)


def test_exactly_at_the_steady_state_nothing_ever_moves():
    still = simulate(days=300, form="published")
    assert np.ptp(still["osteoclasts"]) < 1e-6
    assert still["bone_mass_percent"].iloc[-1] == pytest.approx(100, abs=1e-4)


# --- the Hopf point and what lies beyond -----------------------------------------------------------------------------


def test_cycles_stop_dying_away_exactly_at_one_point_one():
    assert hopf_g11() == pytest.approx(1.1, abs=1e-15)
    assert np.trace(jacobian(CYCLING)) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(("g11", "real", "imaginary"), [(1.0, -0.01, 0.0436), (1.1, 0.0, 0.04), (1.15, 0.005, None)])
def test_the_real_part_changes_its_sign_at_the_hopf_point(g11, real, imaginary):
    values = eigenvalues(replace(HEALTHY, g11=g11))
    assert values.real == pytest.approx([real, real], abs=1e-9)
    if imaginary is not None:
        assert np.abs(values.imag) == pytest.approx([imaginary] * 2, abs=5e-5)


def test_the_cycling_set_has_its_published_steady_state_and_period():
    assert steady_state(CYCLING) == pytest.approx((1.158619, 231.7238), rel=1e-6)
    assert small_cycle_period() == pytest.approx(2 * np.pi / 0.04)


@pytest.mark.parametrize(
    ("start", "period", "osteoclasts", "osteoblasts"), [("ten more", 273.5, 12.05, 785), ((15, 316), 356.0, 15.2, 905)]
)
def test_larger_cycles_take_longer(start, period, osteoclasts, osteoblasts):
    cells = disturbed(CYCLING) if start == "ten more" else start
    course = simulate(CYCLING, days=2000, start=cells, reference=CYCLING, form="published", step_days=0.25)
    assert np.diff(peak_days(course)) == pytest.approx(period, abs=0.1)
    assert course["osteoclasts"].max() == pytest.approx(osteoclasts, abs=0.05)
    assert course["osteoblasts"].max() == pytest.approx(osteoblasts, abs=1)


@pytest.mark.parametrize(("days", "highest"), [(1000, 104.9), (2000, 105.2), (6000, 106.8)])
def test_bone_mass_of_the_cycling_set_drifts_slowly(days, highest):
    course = simulate(CYCLING, days=days, start=disturbed(CYCLING), reference=CYCLING, form="published", step_days=0.5)
    assert course["bone_mass_percent"].min() == pytest.approx(89.7, abs=0.05)
    assert course["bone_mass_percent"].max() == pytest.approx(highest, abs=0.05)


def test_cells_that_nearly_vanish_do_not_overflow():
    growing = replace(CYCLING, g11=1.3)
    course = simulate(growing, days=3000, start=(12, 230), reference=growing)
    assert course["osteoclasts"].min() < 1e-100
    assert np.isfinite(course.to_numpy()).all()
    assert (course[["osteoclasts", "osteoblasts"]] > 0).all(axis=None)


# --- lasting change: the trap, and the balanced form -----------------------------------------------------------------


def test_the_published_form_turns_more_osteoclasts_into_more_bone():
    course = simulate(HEALTHY.times(alpha1=1.5), days=1500, form="published").set_index("day")
    assert course.loc[[500, 1000, 1500], "bone_mass_percent"].tolist() == pytest.approx([118.7, 145.2, 171.7], abs=0.05)
    assert course["bone_mass_percent"].diff().iloc[-1] == pytest.approx(0.0530, abs=5e-5)


@pytest.mark.parametrize(
    ("factors", "at_400"),
    [({}, 99.98), ({"alpha2": 0.9}, 93.07), ({"alpha2": 1.1}, 108.11), ({"alpha2": 0.9, "alpha1": 1.1}, 90.83), ({"alpha2": 0.81, "alpha1": 1.1}, 77.85)],
)
def test_one_cycle_of_a_changed_site_ends_where_it_was_computed_twice(factors, at_400):
    course = simulate(HEALTHY.times(**factors), days=400, start=disturbed(HEALTHY), form="published", step_days=0.5)
    assert course["bone_mass_percent"].iloc[-1] == pytest.approx(at_400, abs=0.005)


@each_change
def test_the_balanced_form_gives_the_table_of_lasting_changes(name):
    factors, cells, slope, (at_365, at_1000) = CHANGES[name]
    course = simulate(HEALTHY.times(**factors), days=1000).set_index("day")
    osteoclasts, osteoblasts = steady_state(HEALTHY.times(**factors))
    assert (osteoclasts, osteoblasts) == (pytest.approx(cells[0], abs=6e-4), pytest.approx(cells[1], abs=0.06))
    assert chronic_slope(HEALTHY.times(**factors)) == pytest.approx(slope, abs=5e-5)
    assert course.loc[[365, 1000], "bone_mass_percent"].tolist() == pytest.approx([at_365, at_1000], abs=0.01)


@each_change
def test_the_closed_slope_is_the_one_that_the_simulation_settles_to(name):
    changed = HEALTHY.times(**CHANGES[name][0])
    last = simulate(changed, days=1500)["bone_mass_percent"].diff().iloc[-1]
    assert chronic_slope(changed) == pytest.approx(last, abs=1e-7)


@pytest.mark.parametrize("name", COUPLED)
def test_the_short_formula_agrees_where_osteoblasts_follow_in_proportion(name):
    changed = HEALTHY.times(**CHANGES[name][0])
    assert coupled_chronic_slope(changed) == pytest.approx(chronic_slope(changed), abs=1e-12)


def test_the_short_formula_refuses_an_uncoupled_site():
    with pytest.raises(ValueError, match=r"g12 = 0\.9 .* use chronic_slope"):
        coupled_chronic_slope(HEALTHY.times(alpha1=1.5, g12=0.9))


@given(st.floats(0.3, 3))
def test_osteoclast_formation_alone_never_leads_to_lasting_loss(factor):
    assert chronic_slope(HEALTHY.times(alpha1=factor)) == pytest.approx(0, abs=1e-12)


def test_sensitivities_of_the_steady_state_are_those_of_the_closed_form():
    expected = {"alpha1": (1, 1), "alpha2": (-0.5, 0.5), "beta1": (-1, -1), "beta2": (0.5, -0.5)}
    assert {row.Index: (row.osteoclasts, row.osteoblasts) for row in steady_state_sensitivities().itertuples()} == expected


@given(st.sampled_from(["alpha1", "alpha2", "beta1", "beta2"]), st.floats(0.5, 1.2))
def test_sensitivities_are_the_derivatives_of_the_steady_state(rate, g11):
    site, step = replace(HEALTHY, g11=g11, g12=0.9, g22=0.1), 1e-6
    moved = np.log(steady_state(site.times(**{rate: 1 + step}))) - np.log(steady_state(site))
    assert steady_state_sensitivities(site).loc[rate].to_numpy() == pytest.approx(moved / np.log1p(step), rel=1e-4, abs=1e-6)


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_site_is_never_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        HEALTHY.alpha1 = 4


def test_a_misspelt_constant_is_answered_with_the_right_ones():
    with pytest.raises(ValueError, match="no constant 'alpha3': it has alpha1, alpha2"):
        HEALTHY.times(alpha3=2)


def test_a_rate_of_zero_is_refused():
    with pytest.raises(ValueError, match="beta1 must be above zero, but is 0"):
        Remodelling(beta1=0)


def test_a_form_of_bone_mass_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="form must be 'published' or 'balanced', but is 'exact'"):
        bone_mass_rate(1, 200, form="exact")
    with pytest.raises(ValueError, match="form must be"):
        simulate(days=10, form="exact")


def test_a_start_without_cells_is_refused():
    with pytest.raises(ValueError, match="osteoclasts must be above zero"):
        simulate(days=10, start=(0, 200))


def test_exponents_without_a_single_steady_state_are_refused():
    with pytest.raises(ValueError, match="no single steady state"):
        steady_state(replace(HEALTHY, g11=1, g21=0))


def test_a_site_that_does_not_cycle_has_no_period():
    with pytest.raises(ValueError, match="does not cycle"):
        small_cycle_period(replace(HEALTHY, g21=0))


def test_a_site_without_feedback_has_no_hopf_point():
    with pytest.raises(ValueError, match="γ is 0.1 at g11 = 1.1"):
        hopf_g11(replace(HEALTHY, g21=0.0, g12=1.0, g22=0.0))


def disturbed(site):
    """Return the start of every published course: ten osteoclasts more than the steady state has."""
    osteoclasts, osteoblasts = steady_state(site)
    return osteoclasts + 10, osteoblasts


def at_most(course, column):
    return course.loc[course[column].idxmax()]


def at_least(course, column):
    return course.loc[course[column].idxmin()]


def test_the_table_of_constants_is_what_the_model_uses():
    constants = ev.load("remodelling_constants").set_index("constant")["value"]
    assert constants.to_dict() == asdict(HEALTHY)
