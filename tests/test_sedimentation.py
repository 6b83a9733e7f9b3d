"""Sedimentation: published rotors and pelleting tables, limits of the formulas, and the protocol of Ren et al."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evcourse as ev
from evcourse.models import isolation, quantities, sedimentation, size_distribution, vesicle_physics, water
from evcourse.models.isolation import cut_off_diameter, pelleted_fraction, protocol_recovery
from evcourse.models.sedimentation import (
    clearing_time_h,
    k_factor,
    pelleted_fraction_fixed_angle,
    pelleted_fraction_swing_out,
    relative_centrifugal_force,
    rotor_speed,
    sedimentation_coefficient,
    stokes_diameter,
)

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

ROTORS = {row["rotor"]: row for row in ev.load("rotors").to_dict("records")}
SW_32, TYPE_45 = ROTORS["SW 32 Ti"], ROTORS["Type 45 Ti"]
ISOLATION = [(300, 10), (2_000, 30), (10_000, 30), (140_000, 90)]

# Livshits et al. (2015), https://doi.org/10.1038/srep17319, tables 1 to 3, read in public programs that transcribe
# them (the R package evrspin and a Python script), not in the paper or its correction (10.1038/srep21447).
# 10 000 g at the mean radius, particles of 1.15 g/mL, medium of 1.00 g/mL and 1.55 mPa s. Per rotor: kind, rmin, rmax,
# tube diameter and angle; cut-off in nm and per cent pelleted at 150, 120, 100 and 70 nm after 30 min; k, minutes in
# proportion to k, and the same five after these.
LIVSHITS = {
    "SW 40 Ti": (("swing-out", 66.7, 158.8, None, None), (321, 30, 20, 14, 7), 2774.6, 58, (231, 53, 36, 26, 13)),
    "SW 28": (("swing-out", 75.3, 161.0, None, None), (308, 31, 21, 15, 7), 2547.2, 54, (229, 52, 35, 25, 13)),
    "MLS-50": (("swing-out", 47.5, 95.8, None, None), (230, 51, 34, 25, 12), 1426, 30, (230, 51, 34, 25, 12)),
    "Type 45 Ti": (("fixed-angle", 35.9, 103.8, 38, 24), (210, 62, 41, 29, 14), 2103.9, 44, (173, 86, 59, 42, 21)),
    "Type 60 Ti": (("fixed-angle", 36.9, 89.9, 25, 23.5), (170, 88, 61, 43, 22), 1601, 34, (159, 96, 68, 49, 24)),
    "Type 70 Ti": (("fixed-angle", 39.5, 91.9, 25, 23), (169, 88, 62, 43, 22), 1573.8, 33, (161, 94, 67, 48, 24)),
    "F-45-24-15": (("fixed-angle", 54.0, 82.0, 11, 45), (128, 100, 95, 73, 38), 765.9, 16, (175, 84, 57, 41, 20)),
    "TLA-110": (("fixed-angle", 26.0, 48.5, 13, 28), (125, 100, 98, 76, 40), 658.9, 14, (182, 79, 53, 38, 19)),
}
THEIR_MEDIUM = {"particle_density_g_per_ml": 1.15, "medium_density_g_per_ml": 1.0, "viscosity_mpa_s": 1.55}

# Computed independently, before this code: by diameter, the shares that the four spins pellet, and the final yield.
RECOVERY_IN_SW_32 = {
    30: (0.000, 0.002, 0.008, 0.306, 0.092),
    50: (0.000, 0.004, 0.022, 0.725, 0.512),
    70: (0.000, 0.009, 0.043, 1, 0.948),
    100: (0.001, 0.018, 0.087, 1, 0.897),
    130: (0.001, 0.030, 0.144, 1, 0.830),
    200: (0.004, 0.070, 0.322, 1, 0.629),
    300: (0.008, 0.153, 0.643, 1, 0.300),
    500: (0.022, 0.392, 1, 1, 0),
    1000: (0.087, 1, 1, 1, 0),
}

diameters = st.floats(10, 2000)
forces = st.floats(100, 300_000)
minutes = st.floats(1, 600)
rotors = st.sampled_from(list(ROTORS.values()))


@pytest.mark.parametrize("rotor", ROTORS.values(), ids=ROTORS)
def test_a_rotor_has_the_force_and_the_k_factor_that_its_maker_prints(rotor):
    rmin, rmax, speed = rotor["rmin_mm"], rotor["rmax_mm"], rotor["max_speed_rpm"]
    assert relative_centrifugal_force(rmax, speed) == pytest.approx(rotor["published_rcf_g"], rel=0.005)
    assert k_factor(rmin, rmax, speed) == pytest.approx(rotor["published_k"], abs=0.7)


@pytest.mark.parametrize(("name", "k"), [("SW 32 Ti", 204.2), ("SW 41 Ti", 123.6), ("Type 45 Ti", 132.8)])
def test_the_k_factor_uses_the_exact_constant(name, k):
    rotor = ROTORS[name]
    assert k_factor(rotor["rmin_mm"], rotor["rmax_mm"], rotor["max_speed_rpm"]) == pytest.approx(k, abs=0.06)


def test_the_constant_of_the_manuals_is_rounded():
    assert relative_centrifugal_force(10, 1) == pytest.approx(1.11824e-5, rel=1e-5)
    assert 1e13 / 3600 / sedimentation.angular_velocity(1) ** 2 == pytest.approx(2.533e11, rel=1e-4)


@pytest.mark.parametrize(("radius_mm", "rcf"), [(80, 89), (100, 112), (150, 168), (170, 190)])
def test_a_speed_without_a_radius_can_be_any_force(radius_mm, rcf):
    assert relative_centrifugal_force(radius_mm, 1000) == pytest.approx(rcf, abs=0.5)


@given(rcf=forces, radius=st.floats(10, 300))
def test_speed_and_force_undo_each_other(rcf, radius):
    assert relative_centrifugal_force(radius, rotor_speed(rcf, radius)) == pytest.approx(rcf)


@pytest.mark.parametrize(
    ("diameter", "medium", "svedberg"),
    [
        (100, {}, 430.6),
        (70, {}, 211.0),
        (130, {}, 727.6),
        (100, {"medium_density_g_per_ml": 0.998, "viscosity_mpa_s": 1.002}, 731.9),
    ],
)
def test_the_sedimentation_coefficient_follows_stokes(diameter, medium, svedberg):
    assert sedimentation_coefficient(diameter, **medium) == pytest.approx(svedberg, abs=0.06)


def test_vesicles_of_100_nm_are_cleared_in_35_minutes_at_140_000_g():
    speed = rotor_speed(140_000, SW_32["rmax_mm"])
    k = k_factor(SW_32["rmin_mm"], SW_32["rmax_mm"], speed)
    assert (speed, k) == (pytest.approx(28_652, abs=1), pytest.approx(254.7, abs=0.06))
    assert clearing_time_h(k, sedimentation_coefficient(100)) == pytest.approx(0.592, abs=5e-4)


def test_without_a_centrifuge_a_vesicle_sinks_less_than_a_nanometre_per_second():
    speed_nm_per_s = sedimentation_coefficient(100) * 1e-13 * sedimentation.STANDARD_GRAVITY * 1e9
    assert speed_nm_per_s == pytest.approx(0.42, abs=0.005)


@pytest.mark.parametrize(
    ("rotor", "density", "cut_offs"),
    [
        (SW_32, 1.13, (4070, 910, 407, 63)),
        (TYPE_45, 1.13, (2852, 638, 285, 44)),
        (SW_32, 1.10, (4674, 1045, 467, 72)),
        (TYPE_45, 1.10, (3276, 732, 328, 51)),
    ],
)
def test_the_four_spins_have_their_cut_offs(rotor, density, cut_offs):
    found = [cut_off_diameter(*spin, rotor, particle_density_g_per_ml=density) for spin in ISOLATION]
    assert found == pytest.approx(cut_offs, abs=0.6)


def test_a_warmer_medium_lowers_the_cut_off():
    assert cut_off_diameter(140_000, 90, SW_32, viscosity_mpa_s=1.02) == pytest.approx(50, abs=0.5)
    warm = {"viscosity_mpa_s": 1.002, "medium_density_g_per_ml": 0.998}
    assert cut_off_diameter(140_000, 90, SW_32, **warm) == pytest.approx(48, abs=0.5)


def test_the_spin_after_labelling_is_weaker_than_the_isolation():
    assert cut_off_diameter(100_000, 60, SW_32) == pytest.approx(91, abs=0.5)
    assert cut_off_diameter(100_000, 60, TYPE_45) == pytest.approx(64, abs=0.5)


@pytest.fixture(scope="module")
def spins():
    every_spin = ev.load("centrifugation").rename(columns={"pellet_or_supernatant": "kept"})
    return every_spin[every_spin["sample"] == "HUC-MSC culture supernatant"]


def test_the_reported_protocol_recovers_what_the_course_states(spins):
    recovery = protocol_recovery(RECOVERY_IN_SW_32, spins, SW_32)
    pelleted = recovery.pivot(index="diameter_nm", columns="spin", values="pelleted_fraction")
    yields = recovery.groupby("diameter_nm")["final_yield"].first()
    found = pd.concat([pelleted[[1, 2, 3, 4]], yields], axis=1).loc[list(RECOVERY_IN_SW_32)]
    np.testing.assert_allclose(found, list(RECOVERY_IN_SW_32.values()), atol=6e-4)


def test_small_vesicles_are_recovered_less_well_in_the_fixed_angle_rotor(spins):
    sizes = [70, 130]
    yields = {
        name: protocol_recovery(sizes, spins, rotor).drop_duplicates("diameter_nm")["final_yield"].tolist()
        for name, rotor in {"SW 32 Ti": SW_32, "Type 45 Ti": TYPE_45}.items()
    }
    assert yields["SW 32 Ti"] == pytest.approx([0.948, 0.830], abs=6e-4)
    assert yields["Type 45 Ti"] == pytest.approx([0.908, 0.696], abs=6e-4)


def test_every_particle_is_kept_or_lost_somewhere(spins):
    recovery = protocol_recovery([30, 100, 300], spins, SW_32)
    by_size = recovery.groupby("diameter_nm")
    assert len(recovery) == 3 * len(spins)
    np.testing.assert_allclose(by_size["share_lost"].sum() + by_size["final_yield"].first(), 1)
    present = recovery["share_in_pellet"] + recovery["share_in_supernatant"]
    np.testing.assert_allclose(present, recovery["share_kept"] + recovery["share_lost"])


@pytest.mark.parametrize("name", LIVSHITS)
def test_pelleting_agrees_with_the_tables_of_livshits(name):
    geometry, after_half_an_hour, k, minutes_by_k, after_minutes_by_k = LIVSHITS[name]
    rotor = dict(zip(("kind", "rmin_mm", "rmax_mm", "tube_diameter_mm", "angle_deg"), geometry, strict=True))
    speed = rotor_speed(10_000, (rotor["rmin_mm"] + rotor["rmax_mm"]) / 2)
    for duration, (cut_off, *percentages) in [(30, after_half_an_hour), (minutes_by_k, after_minutes_by_k)]:
        spin = relative_centrifugal_force(rotor["rmax_mm"], speed), duration, rotor
        assert cut_off_diameter(*spin, **THEIR_MEDIUM) == pytest.approx(cut_off, abs=1)
        found = [100 * pelleted_fraction(diameter, *spin, **THEIR_MEDIUM) for diameter in (150, 120, 100, 70)]
        assert found == pytest.approx(percentages, abs=0.75)
    if name != "F-45-24-15":  # there the transcribed k is 5 % off the one that the transcribed radii give
        assert k_factor(rotor["rmin_mm"], rotor["rmax_mm"], speed) == pytest.approx(k, rel=0.002)


@pytest.mark.parametrize(("name", "fraction"), [("SW 40 Ti", 0.30), ("Type 60 Ti", 0.88)])
def test_pelleting_agrees_with_the_unit_tests_of_evrspin(name, fraction):
    rotor = ROTORS[name]
    speed = rotor_speed(10_000, (rotor["rmin_mm"] + rotor["rmax_mm"]) / 2)
    rcf = relative_centrifugal_force(rotor["rmax_mm"], speed)
    assert pelleted_fraction(150, rcf, 30, rotor, **THEIR_MEDIUM) == pytest.approx(fraction, abs=0.005)


def test_the_k_factor_carries_over_between_swing_out_rotors_only():
    cut_offs = {"swing-out": [], "fixed-angle": []}
    for geometry, _, _, _, (cut_off, *_) in LIVSHITS.values():
        cut_offs[geometry[0]].append(cut_off)
    assert np.ptp(cut_offs["swing-out"]) <= 2 < 20 < np.ptp(cut_offs["fixed-angle"])


@given(rmin=st.floats(20, 80), ratio=st.floats(1.3, 3), hours=st.floats(0.2, 5))
def test_swing_out_rotors_of_equal_k_factor_have_equal_cut_offs(rmin, ratio, hours):
    cut_offs = []
    for smallest, largest in [(rmin, rmin * ratio), (66.8, 152.5)]:
        speed = 60 / (2 * np.pi) * np.sqrt(np.log(largest / smallest) * 1e13 / 3600 / 200)
        assert k_factor(smallest, largest, speed) == pytest.approx(200)
        rotor = {"kind": "swing-out", "rmin_mm": smallest, "rmax_mm": largest}
        cut_offs.append(cut_off_diameter(relative_centrifugal_force(largest, speed), hours * 60, rotor))
    assert cut_offs[0] == pytest.approx(cut_offs[1])
    assert clearing_time_h(200, sedimentation_coefficient(cut_offs[0])) == pytest.approx(hours)


def test_fixed_angle_rotors_of_equal_k_factor_differ_by_their_tubes():
    narrow = TYPE_45 | {"tube_diameter_mm": TYPE_45["tube_diameter_mm"] / 4}
    assert cut_off_diameter(10_000, 30, narrow) == pytest.approx(cut_off_diameter(10_000, 30, TYPE_45) / 2)


def test_the_overlap_formula_has_its_limits():
    crossing = {"rmin_mm": 50, "rmax_mm": 100, "tube_diameter_mm": 25, "angle_deg": 25}
    complete = sedimentation.cut_off_fixed_angle(10_000, 30, **crossing)
    u = np.array([1e-4, 0.5, 1, 1.7])
    found = pelleted_fraction_fixed_angle(u * complete, 10_000, 30, **crossing)
    assert found[0] == pytest.approx(4 * u[0] / np.pi, rel=1e-6)
    assert found[1] == pytest.approx(2 / np.pi * (np.arcsin(0.5) + 0.5 * np.sqrt(0.75)))
    np.testing.assert_allclose(found[2:], 1)


def test_the_overlap_formula_is_what_counting_points_in_an_ellipse_gives():
    x, y = np.random.default_rng(3).uniform(-1, 1, (2, 400_000))
    inside = x**2 + y**2 < 1
    still_inside = inside & ((x + 0.6) ** 2 + y**2 < 1)
    crossing = {"rmin_mm": 50, "rmax_mm": 100, "tube_diameter_mm": 25, "angle_deg": 25}
    sinking = 0.3 * sedimentation.cut_off_fixed_angle(10_000, 30, **crossing)
    counted = 1 - still_inside.sum() / inside.sum()
    assert pelleted_fraction_fixed_angle(sinking, 10_000, 30, **crossing) == pytest.approx(counted, abs=0.004)


@given(small=diameters, factor=st.floats(1, 5), rcf=forces, duration=minutes, rotor=rotors)
def test_larger_particles_never_pellet_less(small, factor, rcf, duration, rotor):
    fractions = pelleted_fraction(np.array([small, small * factor]), rcf, duration, rotor)
    assert 0 <= fractions[0] <= fractions[1] + 1e-12 <= 1 + 2e-12


@given(rcf=forces, duration=minutes, rotor=rotors)
def test_the_cut_off_is_where_pelleting_becomes_complete(rcf, duration, rotor):
    cut_off = cut_off_diameter(rcf, duration, rotor)
    assert pelleted_fraction(cut_off * 1.0001, rcf, duration, rotor) == pytest.approx(1)
    assert pelleted_fraction(cut_off * 0.98, rcf, duration, rotor) < 1


@given(diameter=diameters)
def test_diameter_and_sedimentation_coefficient_undo_each_other(diameter):
    assert stokes_diameter(sedimentation_coefficient(diameter)) == pytest.approx(diameter)


@pytest.mark.parametrize("rotor", [SW_32, TYPE_45], ids=["swing-out", "fixed-angle"])
def test_a_particle_lighter_than_the_medium_floats(rotor):
    lighter = {"particle_density_g_per_ml": 0.95}
    assert sedimentation_coefficient(100, **lighter) < 0
    assert pelleted_fraction(100, 140_000, 90, rotor, **lighter) == 0
    with pytest.raises(ValueError, match="medium_density_g_per_ml must be below particle_density_g_per_ml"):
        cut_off_diameter(140_000, 90, rotor, **lighter)
    with pytest.raises(ValueError, match="sedimentation_svedberg must be above zero"):
        clearing_time_h(200, sedimentation_coefficient(100, **lighter))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: relative_centrifugal_force(0, 1000), "radius_mm must be above zero, but is 0: check"),
        (lambda: rotor_speed(1000, -5), "radius_mm must be above zero, but is -5"),
        (lambda: k_factor(150, 60, 30_000), "rmin_mm must be below rmax_mm, but they are 150 and 60"),
        (lambda: pelleted_fraction_swing_out(400, 1e5, 60, rmin_mm=90, rmax_mm=90), "rmin_mm must be below rmax_mm"),
        (lambda: pelleted_fraction(np.array([100, -1]), 1e5, 60, SW_32), r"diameter_nm .* but is \[100  -1\]"),
        (lambda: pelleted_fraction(100, 1e5, 60, "SW 32 Ti"), "A rotor is one row of a table of rotors, .* not a str"),
        (lambda: pelleted_fraction(100, 1e5, 60, SW_32 | {"kind": "vertical"}), "No rotor kind 'vertical': it is"),
        (lambda: pelleted_fraction(100, 1e5, 60, TYPE_45 | {"angle_deg": None}), "lacks angle_deg"),
        (lambda: pelleted_fraction(100, 1e5, 60, SW_32 | {"kind": "fixed-angle"}), "lacks tube_diameter_mm, angle_deg"),
        (lambda: pelleted_fraction(100, 1e5, 60, TYPE_45 | {"angle_deg": 95}), "angle_deg must lie between 0 and 89"),
        (lambda: water.water_density(60), "temperature_c must lie between 0 and 40, but is 60"),
    ],
)
def test_a_number_out_of_range_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@pytest.mark.parametrize(
    ("spin", "sentence"),
    [
        ({"rcf_g": None, "duration_min": 5, "kept": "pellet"}, "a speed in rpm gives a force only with the rotor"),
        ({"rcf_g": 300, "duration_min": 5, "kept": "not stated"}, "Spin 1 keeps 'not stated': write"),
        ({"rcf_g": 300, "duration_min": 5}, "missing here: \\['kept'\\]"),
    ],
)
def test_a_spin_that_cannot_be_computed_gets_a_sentence(spin, sentence):
    with pytest.raises(ValueError, match=sentence):
        protocol_recovery([100], pd.DataFrame([spin]), SW_32)


@pytest.mark.parametrize(("temperature", "viscosity"), [(4, 1.567), (20, 1.002), (25, 0.890)])
def test_the_viscosity_of_water_is_that_of_the_handbooks(temperature, viscosity):
    assert water.water_viscosity(temperature) == pytest.approx(viscosity, abs=6e-4)


def test_the_viscosity_formula_gives_the_check_value_of_its_standard():
    assert water.water_viscosity(25) == pytest.approx(0.889996773679, rel=1e-11)


@pytest.mark.parametrize(("temperature", "density"), [(4, 0.999975), (20, 0.998207), (25, 0.997047)])
def test_the_density_of_water_is_that_of_the_tables(temperature, density):
    assert water.water_density(temperature) == pytest.approx(density, abs=1e-6)


def test_the_medium_is_slightly_more_viscous_than_water():
    np.testing.assert_allclose(water.medium_viscosity(np.array([4, 20])), [1.60, 1.02], atol=3e-3)


@pytest.mark.parametrize("module", [sedimentation, vesicle_physics, water, isolation, size_distribution, quantities])
def test_every_default_of_the_models_stands_in_the_table_of_constants(module):
    listed = ev.load("constants")["value"].tolist()
    named = {name: value for name, value in vars(module).items() if name.isupper() and isinstance(value, int | float)}
    assert [name for name, value in named.items() if not any(value == pytest.approx(each) for each in listed)] == []
