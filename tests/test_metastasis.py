"""Tumours in bone: the published numbers of Ayati et al. (2010), and lesions on the balanced remodelling model."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evcourse as ev
from evcourse.models import metastasis, remodelling
from evcourse.models.metastasis import (
    MYELOMA_SITE,
    AntiResorptive,
    Tumour,
    day_without_bone,
    lesion_course,
    lesion_kind,
    lesion_site,
    site_with_tumour,
    tumour_course,
    tumour_size,
    tumour_thresholds,
    up_to_no_bone,
)
from evcourse.models.remodelling import HEALTHY, chronic_slope, coupled_chronic_slope, peak_days, steady_state

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

# The three lesions of the course's brief: factors, lasting slope in % per day, bone mass after 365 days, kind.
LESIONS = {
    "breast": ({"alpha1": 1.5, "alpha2": 0.7}, -0.1369, 46.35, "osteolytic"),
    "lung, uncoupled": ({"alpha1": 1.5, "g12": 0.9}, -0.0187, 86.84, "osteolytic"),
    "prostate": ({"alpha1": 0.8, "alpha2": 1.5}, 0.0831, 130.77, "osteosclerotic"),
    "lung, coupled": ({"alpha1": 1.5}, 0.0, 93.64, "no lasting change"),
}
each_lesion = pytest.mark.parametrize("name", LESIONS)
shares = st.floats(0, 0.95)


@pytest.fixture(scope="module")
def published():
    return tumour_course(days=2000, until_no_bone=False)


# --- the published tumour --------------------------------------------------------------------------------------------


def test_the_thresholds_are_the_listed_ones_to_ten_digits():
    assert tumour_thresholds() == pytest.approx((4.99380996157, 315.901488672), rel=1e-11)


@pytest.mark.parametrize(("day", "size"), [(0, 1), (100, 6.12), (500, 68.5), (1000, 96.9)])
def test_the_tumour_grows_as_published(day, size):
    assert tumour_size(day) == pytest.approx(size, abs=0.05)


@given(day=st.floats(0, 3000), growth=st.floats(1e-3, 0.05))
def test_the_closed_form_solves_the_equation_of_gompertz(day, growth):
    tumour = Tumour(growth_per_day=growth)
    size, step = tumour_size(day, tumour), 1e-3
    rate = (tumour_size(day + step, tumour) - tumour_size(day - step, tumour)) / (2 * step)
    assert rate == pytest.approx(growth * size * np.log(100 / size), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(("day", "mass"), [(500, 96.98), (1000, 35.70), (1500, -30.06), (2000, -62.50)])
def test_the_published_equation_goes_on_below_zero(published, day, mass):
    assert published.set_index("day")["bone_mass_percent"][day] == pytest.approx(mass, abs=0.02)


@pytest.mark.parametrize(("place", "day", "peak"), [(0, 22, 897), (7, 1570, 446), (9, 1903, 394)])
def test_osteoblasts_peak_lower_and_lower(published, place, day, peak):
    when = peak_days(published, "osteoblasts")[place]
    assert when == pytest.approx(day, abs=1)
    assert published["osteoblasts"].iloc[round(when)] == pytest.approx(peak, abs=1)


def test_osteoclasts_stand_higher_beside_a_tumour():
    (free, _), (beside, _) = steady_state(MYELOMA_SITE), tumour_thresholds()
    assert beside > 4 * free


def test_other_thresholds_tell_another_story():
    course = tumour_course(days=1000, thresholds=steady_state(MYELOMA_SITE), until_no_bone=False)
    masses = course.set_index("day")["bone_mass_percent"]
    assert (masses[500], masses[1000]) == (pytest.approx(86.25, abs=0.05), pytest.approx(-1.77, abs=0.05))


def test_the_course_ends_when_no_bone_is_left(published):
    course = tumour_course(days=2000)
    assert course["bone_mass_percent"].min() == pytest.approx(0, abs=1e-9)
    assert day_without_bone(course) == pytest.approx(1198.8, abs=0.1)
    assert len(course) < len(published) and day_without_bone(published) == day_without_bone(course)
    assert day_without_bone(published[:1000]) is None


def test_without_a_tumour_the_site_is_untouched():
    assert site_with_tumour(0) == MYELOMA_SITE


def test_the_solver_and_the_step_do_not_change_the_answer():
    fine, coarse = tumour_course(days=900, step_days=0.5), tumour_course(days=900, step_days=10)
    assert fine["bone_mass_percent"].iloc[-1] == pytest.approx(coarse["bone_mass_percent"].iloc[-1], abs=1e-3)


# --- lesions ---------------------------------------------------------------------------------------------------------


@each_lesion
def test_a_lesion_has_the_slope_and_the_mass_of_the_brief(name):
    factors, slope, mass, kind = LESIONS[name]
    site = HEALTHY.times(**factors)
    assert chronic_slope(site) == pytest.approx(slope, abs=5e-5)
    assert lesion_course(site, days=365).iloc[-1]["bone_mass_percent"] == pytest.approx(mass, abs=0.01)
    assert lesion_kind(site) == kind


def test_the_short_formula_of_the_slope_is_refused_where_coupling_changed():
    with pytest.raises(ValueError, match="use chronic_slope"):
        coupled_chronic_slope(HEALTHY.times(alpha1=1.5, g12=0.9))


def test_the_breast_lesion_ends_when_its_last_bone_is_gone():
    course = lesion_course(HEALTHY.times(alpha1=1.5, alpha2=0.7), days=1500)
    assert day_without_bone(course) == pytest.approx(703.5, abs=0.2)
    assert (course["bone_mass_percent"] >= 0).all()


@given(blocked=shares)
def test_in_a_coupled_site_the_drug_slows_loss_and_gain_in_the_same_proportion(blocked):
    for name in ("breast", "prostate"):
        site = HEALTHY.times(**LESIONS[name][0])
        treated = AntiResorptive(blocked_share=blocked).acting_on(site)
        assert chronic_slope(treated) == pytest.approx(chronic_slope(site) * (1 - blocked), rel=1e-9)


def test_where_coupling_is_weakened_the_drug_can_turn_loss_into_gain():
    site = HEALTHY.times(**LESIONS["lung, uncoupled"][0])
    assert chronic_slope(site) < 0 < chronic_slope(AntiResorptive(blocked_share=0.5).acting_on(site))


def test_a_drug_changes_nothing_before_its_day():
    site, drug = HEALTHY.times(alpha1=1.5, alpha2=0.7), AntiResorptive(from_day=300, blocked_share=0.5)
    untreated, treated = lesion_course(site, days=600), lesion_course(site, days=600, drug=drug)
    pd.testing.assert_frame_equal(untreated[:301], treated[:301], rtol=1e-6)
    assert treated["bone_mass_percent"].iloc[-1] > untreated["bone_mass_percent"].iloc[-1]
    assert treated["day"].is_monotonic_increasing and treated["day"].is_unique


@pytest.mark.parametrize("from_day", [0, 5, 600, 900])
def test_a_drug_may_begin_on_any_day_or_after_the_end(from_day):
    drug = AntiResorptive(from_day=from_day, blocked_share=0.5)
    course = lesion_course(HEALTHY.times(alpha2=0.9), days=600, drug=drug, step_days=10)
    assert course["day"].tolist() == list(range(0, 601, 10))


def test_a_drug_that_comes_too_late_finds_no_bone():
    site, drug = HEALTHY.times(alpha1=1.5, alpha2=0.7), AntiResorptive(from_day=1000)
    assert day_without_bone(lesion_course(site, days=1500, drug=drug)) == pytest.approx(703.5, abs=0.2)


def test_a_course_with_bone_to_the_end_is_left_alone():
    course = lesion_course(HEALTHY, days=100)
    assert up_to_no_bone(course) is course
    assert course["bone_mass_percent"].to_numpy() == pytest.approx(100, abs=1e-6)


# --- vesicles to constants -------------------------------------------------------------------------------------------


def test_cargos_of_one_line_on_one_constant_count_once():
    links = pd.DataFrame({"parameter": ["alpha1", "alpha1", "alpha2"], "factor": [1.5, 1.2, 0.7]})
    assert lesion_site(links) == HEALTHY.times(alpha1=1.5, alpha2=0.7)


@given(strength=st.floats(0, 1))
def test_the_strength_leads_from_healthy_to_the_full_lesion(strength):
    links = pd.DataFrame({"parameter": ["alpha1", "alpha2"], "factor": [1.5, 0.7]})
    site = lesion_site(links, strength=strength)
    assert 3 <= site.alpha1 <= 4.5 + 1e-9 and 2.8 - 1e-9 <= site.alpha2 <= 4


@pytest.mark.parametrize(("tumour", "kind"), [("breast", "osteolytic"), ("MDA PCa 2b", "osteosclerotic")])
def test_the_lesions_of_the_table_have_the_slopes_of_the_brief(tumour, kind):
    lesions = ev.load("lesions")
    links = lesions[lesions["lesion"].str.contains(tumour, case=False)]
    expected = LESIONS["breast" if tumour == "breast" else "prostate"]
    assert lesion_site(links) == HEALTHY.times(**expected[0])
    assert lesion_kind(lesion_site(links)) == kind


def test_every_direction_of_the_table_is_the_one_that_its_signal_has():
    effects = ev.load("cargo_effects").set_index("edge")["direction"]
    for row in ev.load("lesions").itertuples():
        assert row.basis in ("printed", "assumed")
        if row.edge in effects.index:
            assert np.sign(np.log(row.factor)) == effects[row.edge]


def test_every_lesion_can_be_computed():
    for _, links in ev.load("lesions").groupby("lesion"):
        assert lesion_course(lesion_site(links), days=300, step_days=10)["bone_mass_percent"].notna().all()


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: AntiResorptive(blocked_share=1), "blocked_share must lie between 0 and 0.95, but is 1"),
        (lambda: AntiResorptive(from_day=-1), "from_day must lie between"),
        (lambda: Tumour(start_percent=0), "start_percent must be above zero"),
        (lambda: lesion_site(pd.DataFrame({"parameter": ["alfa"], "factor": [2.0]})), "no constant 'alfa'"),
        (lambda: lesion_site(pd.DataFrame({"parameter": [], "factor": []}), strength=2), "strength must lie"),
        (lambda: tumour_course(days=0), "days must be above zero"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(mistake, words):
    with pytest.raises(ValueError, match=words):
        mistake()


def test_the_module_says_which_numbers_are_invented():
    assert "teaching" in metastasis.__doc__ and "invented" in metastasis.__doc__
    assert "teaching modification" in " ".join(remodelling.bone_mass_rate.__doc__.split())
