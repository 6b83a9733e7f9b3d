"""Ageing: two constants, what repairs them, a life, vesicles counted in molecules, and simulated donors."""

import re
from dataclasses import replace

import altair as alt
import numpy as np
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from evcourse import charts
from evcourse.charts.theme import VEGA_LITE
from evcourse.models import ageing, donors
from evcourse.models.ageing import (
    AGED,
    Life,
    age_below,
    antagomir_doses,
    blocked_share,
    formation_factors,
    lasting_rate,
    life_course,
    remodelling_space,
    rescue,
    share_with_a_copy,
    vesicles_for,
)
from evcourse.models.donors import Truth, adjusted_differences, same_passage_difference, simple_difference, simulated_donors
from evcourse.models.remodelling import HEALTHY, chronic_slope, simulate, steady_state
from evcourse.models.vesicle_physics import molecules_per_vesicle

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

SITE_TURNOVER = 365 * HEALTHY.k1 * steady_state()[0]
factors = st.floats(0.4, 2)


# --- two constants ---------------------------------------------------------------------------------------------------


def test_the_aged_site_loses_what_the_brief_says():
    assert chronic_slope(AGED) == pytest.approx(-0.02952, abs=5e-6)
    masses = simulate(AGED, days=1000).set_index("day")["bone_mass_percent"]
    assert (masses[365], masses[1000]) == (pytest.approx(88.66, abs=0.01), pytest.approx(69.92, abs=0.01))


def test_effects_are_not_added_but_solved_for():
    alone = [chronic_slope(HEALTHY.times(**each)) for each in ({"alpha1": 1.1}, {"alpha2": 0.9})]
    assert alone[0] == pytest.approx(0, abs=1e-12)
    assert abs(chronic_slope(AGED)) > 1.09 * abs(sum(alone))


@given(alpha1=factors, alpha2=factors)
def test_the_closed_form_of_the_rate_is_that_of_the_model(alpha1, alpha2):
    slope = chronic_slope(HEALTHY.times(alpha1=alpha1, alpha2=alpha2))
    assert lasting_rate(alpha1, alpha2, turnover_percent=SITE_TURNOVER) == pytest.approx(365 * slope, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("alpha1", "mass"), [(1.5, 93.636), (0.7, 103.82), (3, 74.54)])
def test_more_osteoclasts_alone_cost_the_remodelling_space_and_no_more(alpha1, mass):
    space = remodelling_space(alpha1, 1, turnover_percent=SITE_TURNOVER)
    course = simulate(HEALTHY.times(alpha1=alpha1), days=2000)
    assert 100 + space == pytest.approx(mass, abs=0.005)
    assert course["bone_mass_percent"].iloc[-1] == pytest.approx(100 + space, abs=1e-5)


@pytest.mark.parametrize(("alpha1", "alpha2"), [(1.1, 0.9), (1.5, 0.95), (0.5, 0.9), (1, 1.1)])
def test_rate_and_space_together_are_the_course_of_the_model_after_some_years(alpha1, alpha2):
    course = simulate(HEALTHY.times(alpha1=alpha1, alpha2=alpha2), days=3650, step_days=10)
    change = 10 * lasting_rate(alpha1, alpha2, turnover_percent=SITE_TURNOVER)
    change += remodelling_space(alpha1, alpha2, turnover_percent=SITE_TURNOVER)
    # What is left is the short time in which the cells settle.
    assert course["bone_mass_percent"].iloc[-1] - 100 == pytest.approx(change, abs=0.6)


# --- what must be repaired -------------------------------------------------------------------------------------------


def test_the_loss_stops_when_osteoblast_formation_is_back_and_only_then():
    needed = rescue()["factor"]
    assert needed["alpha2"] == pytest.approx(1 / 0.9)
    assert needed["beta2"] == pytest.approx(0.9)
    assert needed[["alpha1", "beta1"]].isna().all()


@pytest.mark.parametrize("constant", ["alpha2", "beta2", "g12"])
def test_a_repaired_site_keeps_its_bone(constant):
    repaired = replace(AGED, **{constant: rescue()["needed"][constant]})
    assert chronic_slope(repaired) == pytest.approx(0, abs=1e-12)


@given(alpha1=st.floats(0.05, 5))
def test_no_number_of_osteoclasts_stops_the_loss(alpha1):
    assert chronic_slope(AGED.times(alpha1=alpha1)) < 0


@given(alpha1=st.floats(0.3, 3), alpha2=st.floats(0.3, 0.95))
def test_the_factor_that_rescues_does_not_depend_on_the_osteoclasts(alpha1, alpha2):
    site = HEALTHY.times(alpha1=alpha1, alpha2=alpha2)
    assert rescue(site)["factor"]["alpha2"] == pytest.approx(1 / alpha2)


# --- a life ----------------------------------------------------------------------------------------------------------


def test_at_ninety_a_life_without_menopause_has_the_aged_site():
    alpha1, alpha2 = formation_factors(90, Life(menopause_years=None))
    assert (alpha1, alpha2) == (pytest.approx(1.1), pytest.approx(0.9))


def test_nothing_is_lost_before_forty():
    course = life_course(Life(menopause_years=None)).set_index("age_years")
    assert course["bone_mass_percent"].loc[:40].to_numpy() == pytest.approx(100)


def test_the_menopause_costs_about_two_per_cent_a_year_at_first_and_one_later():
    rates = life_course().set_index("age_years")["rate_percent_per_year"]
    assert rates[51] == pytest.approx(-1.74, abs=0.01)
    assert rates[70] == pytest.approx(-0.98, abs=0.01)


@pytest.mark.parametrize(
    ("life", "mass_at_90", "crossed"),
    [
        (Life(), 51.9, 79),
        (Life(menopause_years=None), 72.3, None),
        (Life(osteoclasts_blocked=0.5), 69.0, 89),
        (Life(signal_blocked=0.5), 68.1, 88),
        (Life(signal_blocked=1), 83.6, None),
    ],
)
def test_lives_end_where_they_did_when_the_lesson_was_written(life, mass_at_90, crossed):
    course = life_course(life)
    assert course["bone_mass_percent"].iloc[-1] == pytest.approx(mass_at_90, abs=0.05)
    assert age_below(course) == crossed


def test_blocking_the_whole_signal_stops_the_loss_and_blocking_osteoclasts_only_slows_it():
    late = [life_course(life)["rate_percent_per_year"].iloc[-1] for life in (Life(signal_blocked=1), Life(osteoclasts_blocked=0.95))]
    assert late[0] == pytest.approx(0, abs=1e-12)
    assert late[1] < 0


def test_an_earlier_intervention_keeps_more_bone():
    ends = [life_course(Life(signal_blocked=0.5, from_years=age))["bone_mass_percent"].iloc[-1] for age in (50, 60, 70, 80)]
    assert ends == sorted(ends, reverse=True)


@pytest.mark.parametrize(
    ("intervention", "strength", "menopause", "from_years"), [(0, 50, 50, 65), (1, 80, 45, 55), (2, 100, 52, 70), (2, 30, 200, 41)]
)
def test_the_browser_draws_the_life_that_python_computes(intervention, strength, menopause, from_years):
    shown = {"menopause_years": menopause, "intervention": intervention, "from_years": from_years, "strength_percent": strength}
    share = strength / 100
    life = Life(
        menopause_years=menopause,
        from_years=from_years,
        osteoclasts_blocked=share * (intervention == 1),
        signal_blocked=share * (intervention == 2),
    )
    assert drawn(charts.life_course(**shown)) == pytest.approx(life_course(life)["bone_mass_percent"].tolist(), rel=1e-9)


# --- molecules and doses ---------------------------------------------------------------------------------------------


def test_a_micromolar_lumen_holds_less_than_a_molecule():
    copies = molecules_per_vesicle(1, 100)
    assert copies == pytest.approx(0.23, abs=0.001)
    assert molecules_per_vesicle(1, 100, membrane_nm=1e-9) > 1.3 * copies
    assert share_with_a_copy(copies) == pytest.approx(0.205, abs=0.001)


def test_a_hundred_copies_need_twelve_thousand_vesicles_of_the_measured_kind():
    assert vesicles_for(100, ageing.EXOSOME_COPIES) == pytest.approx(12_121, abs=1)


@given(dose=st.floats(0.01, 1e5), half=st.floats(0.1, 1e4), hill=st.floats(0.5, 4))
def test_the_blocked_share_is_that_of_hill(dose, half, hill):
    assert blocked_share(dose, half, hill=hill) == pytest.approx(dose**hill / (dose**hill + half**hill), rel=1e-9)


def test_more_antagomir_never_blocks_less_and_the_band_holds_the_line():
    rows = antagomir_doses(np.geomspace(0.1, 1e4, 40))
    for column in ("blocked", "blocked_low", "blocked_high", "rate_percent_per_year"):
        assert rows[column].is_monotonic_increasing
    assert (rows["blocked_low"] < rows["blocked"]).all() and (rows["blocked"] < rows["blocked_high"]).all()
    assert rows["rate_percent_per_year"].max() < 0


# --- simulated donors ------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_donors():
    assert simulated_donors(seed=3).equals(simulated_donors(seed=3))
    assert not simulated_donors(seed=3).equals(simulated_donors(seed=4))


def test_passage_alone_looks_like_age_until_it_is_held_fixed():
    rows = simulated_donors(Truth(by_age=0), per_group=500)
    assert simple_difference(rows) == pytest.approx(1, abs=0.1)
    assert adjusted_differences(rows)["estimate"].tolist() == pytest.approx([0, 0.5, 0], abs=0.1)
    assert same_passage_difference(rows)["difference"].abs().max() < 0.15


def test_matched_donors_need_no_adjustment():
    rows = simulated_donors(Truth(by_age=1, by_sex=0.5), per_group=500, matched=True)
    assert simple_difference(rows) == pytest.approx(1, abs=0.1)
    assert rows.groupby("group")["passage"].mean().nunique() == 1


def test_the_standard_error_tells_how_far_estimates_scatter():
    fitted = [adjusted_differences(simulated_donors(seed=seed)) for seed in range(200)]
    scatter = np.std([each["estimate"].iloc[0] for each in fitted])
    assert np.mean([each["standard_error"].iloc[0] for each in fitted]) == pytest.approx(scatter, rel=0.15)


def test_effects_that_go_hand_in_hand_cannot_be_told_apart():
    rows = simulated_donors()
    rows["passage"] = np.where(rows["group"] == "old", 6, 3)
    with pytest.raises(ValueError, match="hand in hand"):
        adjusted_differences(rows)


@pytest.mark.parametrize("module", [ageing, donors])
def test_what_is_invented_is_called_so(module):
    assert re.search("invented|SIMULATED", module.__doc__)


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: Life(osteoclasts_blocked=1), "osteoclasts_blocked must lie between"),
        (lambda: Life(signal_blocked=50), "signal_blocked must lie between 0 and 1, but is 50"),
        (lambda: vesicles_for(100, 0), "copies_per_vesicle must be above zero"),
        (lambda: simulated_donors(per_group=2), "per_group must lie between 4 and 500"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(mistake, words):
    with pytest.raises(ValueError, match=words):
        mistake()


def drawn(chart):
    """Return the bone mass of the treated life, year by year, as Vega computes it and writes it into a picture."""
    words = alt.Chart().transform_filter("datum.treated").transform_calculate(
        line="datum.age + ':' + format(datum.mass, '.11e')"
    )
    chart.vconcat = [words.mark_text().encode(text="line:N")]
    texts = re.findall(r">(\d+):([^<]+)</text>", vl_convert.vegalite_to_svg(chart.to_json(), vl_version=VEGA_LITE))
    found = {int(age): float(number) for age, number in texts}
    return [found[age] for age in range(30, 91)]
