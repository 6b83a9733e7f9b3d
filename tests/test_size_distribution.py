"""Size distributions and the physics of one vesicle: closed forms, moments by integration, and simulations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evcourse.models.size_distribution import (
    WEIGHTINGS,
    intensity_share,
    lognormal_density,
    lognormal_from_interval,
    number_median,
    polydispersity_index,
    share_between,
    weighted_median,
    z_average,
)
from evcourse.models.vesicle_physics import (
    apparent_size_spread,
    decay_rate,
    diffusion_coefficient,
    lumen_volume,
    molecules_per_vesicle,
    particles_per_microgram,
    scattering_vector,
)

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

MEDIAN, SIGMA = lognormal_from_interval(70, 130)

medians = st.floats(20, 500)
sigmas = st.floats(0.05, 0.6)
weightings = st.sampled_from(list(WEIGHTINGS))


def moment(median, sigma, power):
    """⟨d^power⟩ over the numbers of particles, by integration over ln d."""
    span = np.linspace(-12, 12, 4001) * sigma
    diameters = median * np.exp(span)
    density = lognormal_density(diameters, median, sigma)
    return np.trapezoid(density * diameters ** (power + 1), span)


def test_an_interval_of_95_percent_gives_median_and_sigma():
    assert (MEDIAN, SIGMA) == (pytest.approx(95.39, abs=0.005), pytest.approx(0.1579, abs=5e-5))
    assert np.exp(SIGMA) == pytest.approx(1.171, abs=5e-4)
    assert share_between(70, 130, MEDIAN, SIGMA) == pytest.approx(0.95)


@pytest.mark.parametrize(("weighting", "median"), [("number", 95.4), ("volume", 102.8), ("intensity", 110.8)])
def test_the_median_moves_with_the_weighting(weighting, median):
    assert weighted_median(MEDIAN, SIGMA, weighting=weighting) == pytest.approx(median, abs=0.05)


def test_the_z_average_and_the_polydispersity_index_are_those_of_the_theory():
    assert z_average(MEDIAN, SIGMA) == pytest.approx(109.42, abs=0.005)
    assert polydispersity_index(SIGMA) == pytest.approx(0.0253, abs=5e-5)


def test_an_interval_of_scattered_light_means_smaller_particles():
    median = number_median(MEDIAN, SIGMA)
    low, high = median * np.exp(np.array([-1, 1]) * SIGMA * 1.959964)
    assert (median, low, high) == tuple(pytest.approx(value, abs=0.05) for value in (82.1, 60.3, 111.9))
    assert share_between(70, 130, median, SIGMA) == pytest.approx(0.843, abs=5e-4)


@given(median=medians, sigma=sigmas)
def test_the_z_average_is_the_ratio_of_the_sixth_to_the_fifth_moment(median, sigma):
    assert moment(median, sigma, 6) / moment(median, sigma, 5) == pytest.approx(z_average(median, sigma), rel=1e-6)


@given(median=medians, sigma=sigmas)
def test_the_polydispersity_index_is_the_relative_variance_of_the_decay_rates(median, sigma):
    light = [moment(median, sigma, 6 - order) for order in range(3)]  # Γ is proportional to 1/d
    variance = light[2] / light[0] - (light[1] / light[0]) ** 2
    assert variance / (light[1] / light[0]) ** 2 == pytest.approx(polydispersity_index(sigma), rel=1e-5)


@given(median=medians, sigma=sigmas, weighting=weightings)
def test_weighting_by_a_power_is_a_shift_of_the_median(median, sigma, weighting):
    power = WEIGHTINGS[weighting]
    diameters = median * np.exp(np.linspace(-2, 6, 9) * sigma)
    weighted = diameters**power * lognormal_density(diameters, median, sigma) / moment(median, sigma, power)
    np.testing.assert_allclose(lognormal_density(diameters, median, sigma, weighting=weighting), weighted, rtol=1e-6)


@given(median=medians, sigma=sigmas, weighting=weightings)
def test_half_of_a_sample_lies_below_its_median(median, sigma, weighting):
    middle = weighted_median(median, sigma, weighting=weighting)
    assert share_between(1e-6, middle, median, sigma, weighting=weighting) == pytest.approx(0.5)
    assert number_median(middle, sigma, weighting=weighting) == pytest.approx(median)


@given(low=st.floats(20, 100), ratio=st.floats(1.1, 5), coverage=st.floats(0.5, 0.99))
def test_an_interval_holds_the_share_it_is_said_to_hold(low, ratio, coverage):
    median, sigma = lognormal_from_interval(low, low * ratio, coverage=coverage)
    assert share_between(low, low * ratio, median, sigma) == pytest.approx(coverage)


@pytest.mark.parametrize(("ratio", "share"), [(2, 0.060), (3, 0.422), (5, 0.940), (10, 0.999)])
def test_one_large_particle_in_a_thousand_dominates_the_light_in_the_sixth_power_exercise(ratio, share):
    assert intensity_share(1 / 999, ratio) == pytest.approx(share, abs=6e-4)


def test_the_volume_of_one_large_particle_in_a_thousand_is_small():
    assert intensity_share(1 / 999, 3, power=3) == pytest.approx(0.026, abs=5e-4)


@given(number=st.floats(1e-6, 1e3), ratio=st.floats(0.1, 20), power=st.integers(0, 6))
def test_two_shares_of_the_light_add_up(number, ratio, power):
    others = intensity_share(1 / number, 1 / ratio, power=power)
    assert intensity_share(number, ratio, power=power) + others == pytest.approx(1)


@pytest.mark.parametrize(
    ("diameter", "diffusion"), [(100, 4.907), (40, 12.27), (70, 7.011), (130, 3.775), (160, 3.067)]
)
def test_diffusion_follows_stokes_and_einstein(diameter, diffusion):
    assert diffusion_coefficient(diameter) == pytest.approx(diffusion, rel=5e-4)


def test_a_cold_medium_slows_diffusion():
    assert diffusion_coefficient(100, temperature_c=4, viscosity_mpa_s=1.60) == pytest.approx(2.54, abs=0.005)


def test_light_scattering_sees_a_decay_of_a_third_of_a_millisecond():
    assert scattering_vector() == pytest.approx(2.635e7, rel=2e-4)
    assert decay_rate(100) == pytest.approx(3408, abs=1)
    assert 1e6 / decay_rate(100) == pytest.approx(293, abs=0.5)


@pytest.mark.parametrize(("steps", "mean", "spread"), [(10, 111.1, 39.3), (30, 103.4, 19.5), (100, 101.0, 10.2)])
def test_short_tracks_make_one_size_look_like_many(steps, mean, spread):
    assert apparent_size_spread(100, steps) == (pytest.approx(mean, abs=0.05), pytest.approx(spread, abs=0.05))


def test_the_spread_of_tracking_is_what_simulated_tracks_show():
    steps = 30
    squares = (np.random.default_rng(1).normal(size=(40_000, steps, 2)) ** 2).sum(axis=(1, 2)) / (2 * steps)
    apparent = 100 / squares
    assert np.std(squares) == pytest.approx(1 / np.sqrt(steps), rel=0.03)
    found = apparent.mean(), apparent.std()
    assert found == tuple(pytest.approx(value, rel=0.03) for value in apparent_size_spread(100, steps))


@pytest.mark.parametrize(("diameter", "particles"), [(70, 1.97e10), (100, 6.8e9), (130, 3.1e9)])
def test_a_microgram_of_protein_is_billions_of_particles(diameter, particles):
    assert particles_per_microgram(diameter) == pytest.approx(particles, rel=0.01)


def test_the_usual_yardstick_of_purity_means_little_protein_per_particle():
    assert 1e12 / 3e10 == pytest.approx(33, abs=0.5)  # attograms
    assert particles_per_microgram(100, protein_share=0.0563) == pytest.approx(3e10, rel=0.002)


def test_a_micromolar_lumen_holds_a_quarter_of_a_molecule():
    assert lumen_volume(100) == pytest.approx(3.8e-19, rel=0.01)
    assert molecules_per_vesicle(1, 100) == pytest.approx(0.23, abs=5e-4)
    assert molecules_per_vesicle(1, 100, membrane_nm=1e-9) == pytest.approx(0.315, abs=5e-4)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: lognormal_density(100, 0, 0.2), "median_nm must be above zero, but is 0"),
        (lambda: weighted_median(100, 0.2, weighting="mass"), "No weighting 'mass': it is 'number', 'volume'"),
        (lambda: lognormal_from_interval(130, 70), "low_nm must be below high_nm, but they are 130 and 70"),
        (lambda: lognormal_from_interval(70, 130, coverage=95), "write 0.95 for 95 %"),
        (lambda: share_between(130, 70, 100, 0.2), "low_nm must be below high_nm"),
        (lambda: lumen_volume(10), "twice_membrane_nm must be below diameter_nm, but they are 10 and 10"),
        (lambda: apparent_size_spread(100, 2), "steps must be above 2, but is 2"),
        (lambda: particles_per_microgram(100, protein_share=25), "protein_share must lie between 0 and 1"),
        (lambda: scattering_vector(angle_deg=200), "angle_deg must lie between 0 and 180"),
        (lambda: diffusion_coefficient(-100), "diameter_nm must be above zero, but is -100"),
    ],
)
def test_a_number_out_of_range_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
