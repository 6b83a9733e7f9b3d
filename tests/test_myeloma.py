"""The tumour of Ayati et al. (2010): the numbers listed in the public file of the model, and where it stops making sense."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evcourse.models.metastasis import day_without_bone
from evcourse.models.myeloma import SITE, Tumour, site_with_tumour, tumour_course, tumour_size, tumour_thresholds
from evcourse.models.remodelling import peak_days, steady_state

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="module")
def published():
    return tumour_course(days=2000, until_no_bone=False)


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
    (free, _), (beside, _) = steady_state(SITE), tumour_thresholds()
    assert beside > 4 * free


def test_other_thresholds_tell_another_story():
    course = tumour_course(days=1000, thresholds=steady_state(SITE), until_no_bone=False)
    masses = course.set_index("day")["bone_mass_percent"]
    assert (masses[500], masses[1000]) == (pytest.approx(86.25, abs=0.05), pytest.approx(-1.77, abs=0.05))


def test_the_course_ends_when_no_bone_is_left(published):
    course = tumour_course(days=2000)
    assert course["bone_mass_percent"].min() == pytest.approx(0, abs=1e-9)
    assert day_without_bone(course) == pytest.approx(1198.8, abs=0.1)
    assert len(course) < len(published) and day_without_bone(published) == day_without_bone(course)
    assert day_without_bone(published[:1000]) is None


def test_without_a_tumour_the_site_is_untouched():
    assert site_with_tumour(0) == SITE


def test_the_solver_and_the_step_do_not_change_the_answer():
    fine, coarse = tumour_course(days=900, step_days=0.5), tumour_course(days=900, step_days=10)
    assert fine["bone_mass_percent"].iloc[-1] == pytest.approx(coarse["bone_mass_percent"].iloc[-1], abs=1e-3)


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: Tumour(start_percent=0), "start_percent must be above zero"),
        (lambda: tumour_course(days=0), "days must be above zero"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(mistake, words):
    with pytest.raises(ValueError, match=words):
        mistake()
