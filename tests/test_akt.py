"""PI3K, PTEN and AKT: steady states, what inhibitors leave alone, time scales, directions, interaction, drawing."""

import re
from dataclasses import replace
from statistics import NormalDist

import altair as alt
import numpy as np
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

import evcourse as ev
from evcourse import charts, widgets
from evcourse.charts.pathway import GENOTYPES, SHOWN
from evcourse.charts.theme import VEGA_LITE, picture
from evcourse.models import akt, akt_course, epistasis
from evcourse.models.akt import CONSTANTS, GROUPS, MISSING_ARM, QUANTITIES, TEACHING, Condition, steady_state

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

EXO = {"Exo": Condition(exosomes_ug_per_ml=100)}
# Computed once before by another implementation: PI3K, PTEN, PIP3, T308, S473, output.
TABLE = {
    "Control": (1, 1, 0.2000, 0.5000, 0.3750, 0.7538),
    "PMO": (0.5, 1.8, 0.0649, 0.2451, 0.1630, 0.3999),
    "PMO+Exo": (0.7667, 1.32, 0.1268, 0.3880, 0.2756, 0.6378),
    "PMO+bpV(phen)": (0.5, 1.8, 0.1724, 0.4630, 0.3409, 0.7210),
    "PMO+Exo+MK-2206": (0.7667, 1.32, 0.1268, 0.0591, 0.0548, 0.0494),
    "Exo": (1.5333, 0.7333, 0.3433, 0.6319, 0.5074, 0.8385),
}
doses = st.floats(0, 500)
conditions = st.builds(
    Condition,
    pmo=st.booleans(),
    exosomes_ug_per_ml=doses,
    bpv_umol_per_l=st.floats(0, 20),
    mk2206_umol_per_l=st.floats(0, 20),
    pten_share=st.sampled_from([0, 0.5, 1]),
    pi3k_share=st.sampled_from([0.5, 1, 3]),
)


# --- steady states ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", TABLE)
def test_steady_states_are_those_of_another_implementation(group):
    settled = steady_state((GROUPS | EXO)[group])
    names = ("pi3k", "pten", "pip3", "akt_t308", "akt_s473", "output")
    assert [settled[name] for name in names] == pytest.approx(TABLE[group], abs=1e-3)


def test_the_missing_arm_has_half_the_phosphorylation_of_the_arm_with_exosomes():
    without, given_both = (
        steady_state(each)["akt_t308"] for each in (MISSING_ARM["PMO+MK-2206"], GROUPS["PMO+Exo+MK-2206"])
    )
    assert (without, given_both) == (pytest.approx(0.0312, abs=5e-5), pytest.approx(0.0591, abs=5e-5))


@given(condition=conditions, dose=st.floats(0.01, 100))
def test_mk_2206_leaves_pip3_and_all_above_it_exactly_as_they_are(condition, dose):
    before, after = steady_state(condition), steady_state(replace(condition, mk2206_umol_per_l=dose))
    for name in ("pi3k", "pten", "pten_activity", "pip3"):
        assert after[name] == before[name]


@given(condition=conditions, dose=st.floats(0.01, 100))
def test_bpv_leaves_the_level_of_pten_exactly_as_it_is_and_lowers_its_activity(condition, dose):
    free = replace(condition, bpv_umol_per_l=0)
    before, after = steady_state(free), steady_state(replace(free, bpv_umol_per_l=dose))
    assert after["pten"] == before["pten"]
    assert after["pten_activity"] < before["pten_activity"] or before["pten"] == 0
    assert after["pip3"] >= before["pip3"]


def test_exosomes_work_through_pten_or_pi3k_alone_and_better_through_both():
    through = {"pten": {"e_u": 0}, "pi3k": {"e_n": 0}, "both": {}}
    reached = [steady_state(GROUPS["PMO+Exo"], replace(TEACHING, **off))["akt_t308"] for off in through.values()]
    assert reached == pytest.approx([0.302, 0.325, 0.388], abs=5e-4)


def test_sensitivities_are_what_one_per_cent_more_does():
    exact = akt.sensitivities(GROUPS["PMO+Exo"])
    settled = steady_state(GROUPS["PMO+Exo"])["akt_t308"]
    for name in CONSTANTS:
        more = replace(TEACHING, **{name: getattr(TEACHING, name) * (1 + 1e-6)})
        moved = steady_state(GROUPS["PMO+Exo"], more)["akt_t308"]
        assert exact[name] == pytest.approx((moved / settled - 1) / 1e-6, abs=1e-5)
    assert exact["r308"] == pytest.approx(1 - settled)
    asked = ["kappa", "r308", "u_pmo", "n_pmo", "e_u", "e_n"]
    assert exact[asked].tolist() == pytest.approx([-0.54, 0.61, 0.53, -0.54, 0.19, 0.20], abs=0.011)


def test_the_table_of_constants_holds_what_the_model_uses():
    constants = ev.load("akt_constants").set_index("constant")["value"]
    assert constants.to_dict() == pytest.approx({name: getattr(TEACHING, name) for name in CONSTANTS}, rel=1e-7)


# --- over time -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", [*GROUPS, *MISSING_ARM])
def test_twenty_days_on_a_course_has_reached_the_closed_form(group):
    condition = (GROUPS | MISSING_ARM)[group]
    last = akt_course.course(condition, minutes=[0, 28_800], start=Condition()).iloc[-1]
    # Twenty days are eighty half-lives of the levels and twenty of the output, whose rest is 2⁻²⁰.
    assert last.drop("minute").to_dict() == pytest.approx(steady_state(condition), abs=1e-6)


def test_a_course_at_its_steady_state_does_not_move():
    rows = akt_course.course(GROUPS["PMO"], minutes=[0, 60, 10_000])
    assert np.ptp(rows[list(QUANTITIES)].to_numpy(), axis=0) == pytest.approx(0, abs=1e-9)


def test_an_inhibitor_acts_within_minutes_and_exosomes_within_hours():
    minutes = [0, 30, 1440]
    slow, fast = (
        akt_course.course(GROUPS[group], minutes=minutes)["akt_t308"].tolist() for group in ("PMO+Exo", "PMO+bpV(phen)")
    )
    assert slow == pytest.approx([0.2451, 0.252, 0.379], abs=5e-4)
    assert fast[1] == pytest.approx(0.463, abs=5e-4)


def test_half_times_are_in_the_order_of_the_pathway():
    exosomes = akt_course.half_times(akt_course.course(GROUPS["PMO+Exo"]))
    inhibitor = akt_course.half_times(akt_course.course(GROUPS["PMO+bpV(phen)"]))
    assert exosomes["pten"] == pytest.approx(360, rel=0.01)
    assert inhibitor[["pip3", "akt_t308", "output"]].is_monotonic_increasing
    assert 100 * inhibitor["akt_t308"] < exosomes["akt_t308"]
    assert not {"pi3k", "pten"} & set(inhibitor.index)


# --- directions ------------------------------------------------------------------------------------------------------


def test_every_reported_direction_that_the_model_knows_of_holds_in_it():
    outcomes = ev.load("outcomes")
    told = epistasis.directions(outcomes)
    # All comparisons but those of proliferation, which is not in the model.
    left_out = outcomes.dropna(subset=["comparator"]).query("assay in ('CCK-8', 'EdU')")
    assert told["rows"].sum() == outcomes["comparator"].notna().sum() - len(left_out) > 30
    assert {*told["group"], *told["comparator"]} == set(GROUPS)
    assert (told["holds"] == 1).all()


def test_in_thousands_of_noisy_pathways_what_follows_from_signs_always_holds():
    told = epistasis.directions(ev.load("outcomes"), epistasis.noisy_pathways(), alike_percent=20)
    below = told[told["quantity"].isin(["akt_t308", "akt_s473", "output"]) & (told["direction"] != "no difference")]
    assert len(below) == 10 and (below["holds"] == 1).all()
    others = told.set_index(["quantity", "comparator", "group"])["holds"]
    assert others["pten", "PMO", "PMO+Exo"] == others["pi3k", "PMO", "PMO+Exo"] == 1
    assert others["output", "Control", "PMO+bpV(phen)"] == pytest.approx(0.924, abs=0.012)


@pytest.mark.parametrize(("constant", "centre"), [("u_pmo", 0.5), ("n_pmo", 1.8)])
def test_the_share_of_noisy_pathways_with_the_other_sign_is_that_of_the_normal_distribution(constant, centre):
    drawn = getattr(epistasis.noisy_pathways(100_000), constant)
    crossed = np.mean((drawn > 1) != (centre > 1))
    assert crossed == pytest.approx(NormalDist(sigma=0.2).cdf(-abs(np.log(centre))), abs=4e-4)


def test_noisy_pathways_are_drawn_around_the_constants_and_again_the_same():
    one, again = (epistasis.noisy_pathways(2000, seed=3) for _ in range(2))
    for name in CONSTANTS:
        logs = np.log(getattr(one, name) / getattr(TEACHING, name))
        assert (getattr(one, name) == getattr(again, name)).all()
        assert (logs.mean(), logs.std()) == (pytest.approx(0, abs=0.02), pytest.approx(0.2, abs=0.015))


# --- interaction -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", ["akt_t308", "akt_s473"])
@given(exosomes=st.floats(1, 500), inhibitor=st.floats(0.01, 50))
def test_on_the_logit_scale_exosomes_and_mk_2206_do_not_interact_at_a_site_of_akt(site, exosomes, inhibitor):
    arms = [
        steady_state(Condition(pmo=True, exosomes_ug_per_ml=each, mk2206_umol_per_l=mk))[site]
        for mk in (0, inhibitor)
        for each in (0, exosomes)
    ]
    # The inhibitor divides the odds, whatever they are; shares near 0 or 1 cost the last digits.
    assert epistasis.interaction(*arms).loc["odds ratio", "interaction"] == pytest.approx(1, rel=1e-10)


def test_on_other_scales_they_interact_in_opposite_senses():
    rows = epistasis.factorial()
    assert rows.loc["difference", ["without", "with"]].tolist() == pytest.approx([0.143, 0.028], abs=5e-4)
    assert rows.loc["ratio", ["without", "with"]].tolist() == pytest.approx([1.58, 1.90], abs=5e-3)
    assert rows.loc["odds ratio", ["without", "with"]].tolist() == pytest.approx([1.953, 1.953], abs=5e-4)
    assert rows.loc["difference", "interaction"] < 0 and rows.loc["ratio", "interaction"] > 1


def test_what_lies_behind_akt_interacts_on_the_logit_scale_too():
    assert epistasis.factorial("output").loc["odds ratio", "interaction"] == pytest.approx(1.36, abs=0.01)


def test_two_worlds_may_agree_in_three_arms_and_differ_in_the_fourth():
    arms = epistasis.same_three_arms()
    differ = (arms["through AKT"] - arms["beside AKT"]).abs() > 1e-12
    assert arms.index[differ].tolist() == list(MISSING_ARM)
    for world, gain_under_inhibitor in (("through AKT", 0.166), ("beside AKT", 0.238)):
        found = arms.loc["PMO+Exo+MK-2206", world] - arms.loc["PMO+MK-2206", world]
        assert found == pytest.approx(gain_under_inhibitor, abs=1e-3)


# --- charts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "knobs",
    [
        {},
        {"pmo": 0},
        {"exosomes_ug_per_ml": 100, "mk2206_umol_per_l": 1},
        {"genotype": 1, "bpv_umol_per_l": 0.7},
        {"genotype": 2, "exosomes_ug_per_ml": 30, "mk2206_umol_per_l": 0.1},
        {"genotype": 3, "pmo": 0, "mk2206_umol_per_l": 2},
    ],
    ids=str,
)
def test_the_browser_computes_the_pathway_that_python_computes(knobs):
    pten, pi3k = list(GENOTYPES.values())[knobs.get("genotype", 0)]
    given_to_cell = {name: dose for name, dose in knobs.items() if name.endswith(("_ml", "_l"))}
    cell = Condition(pmo=knobs.get("pmo", 1), pten_share=pten, pi3k_share=pi3k, **given_to_cell)
    assert computed(charts.pathway(**knobs)) == pytest.approx(steady_state(cell), rel=1e-9, abs=1e-15)


def test_the_sentence_below_the_pathway_names_every_amount():
    chart = charts.pathway(exosomes_ug_per_ml=100, mk2206_umol_per_l=1)
    assert title_of(chart, "summary") == (
        "Against a control cell: PI3K 0.77, PTEN level 1.32, its activity 1.32, PIP3 0.63, P-AKT T308 0.12, "
        "P-AKT S473 0.15, bone formation 0.07."
    )


def test_the_heading_says_what_is_done_to_which_cell():
    drawn = picture(charts.pathway(genotype=1, bpv_umol_per_l=0.5, mk2206_umol_per_l=2).to_dict())
    assert "Cell of a PMO mouse, one copy of PTEN, bpV(phen) 0.5 µM, MK-2206 2 µM" in drawn


def test_each_group_has_its_bar_with_the_number_of_the_model():
    drawn = picture(charts.pathway().to_dict())
    control = steady_state(Condition())
    for condition in GROUPS.values():
        for name in SHOWN:
            assert f">{steady_state(condition)[name] / control[name]:.2f}<" in drawn


def test_the_pathway_moves_without_python():
    live = widgets.pathway()
    assert not live.tools["recomputes"]
    assert {each["parameter"] for each in live.controls} >= {
        "exosomes_ug_per_ml",
        "bpv_umol_per_l",
        "mk2206_umol_per_l",
    }


def test_a_line_over_time_has_a_dash_of_its_own():
    rows = {name: akt_course.course(GROUPS[name]) for name in ("PMO+Exo", "PMO+bpV(phen)")}
    spec = charts.time_courses(rows).to_dict()
    dashes = spec["vconcat"][0]["encoding"]["strokeDash"]["scale"]
    assert dashes["domain"] == list(rows) and len({str(dash) for dash in dashes["range"]}) == 2
    assert spec["vconcat"][0]["encoding"]["x"]["scale"]["type"] == "log"


def test_the_four_arms_are_parallel_on_the_scale_of_odds_alone():
    spec = charts.two_by_two(epistasis.two_by_two()).to_dict()
    (rows,) = spec["datasets"].values()
    shares = {(row["first"], row["second"]): (row["share"], row["odds"]) for row in rows}
    steps = [
        [np.log(shares[True, second][place] / shares[False, second][place]) for second in (False, True)]
        for place in (0, 1)
    ]
    assert steps[0][0] < 0.8 * steps[0][1]
    assert steps[1][0] == pytest.approx(steps[1][1], rel=2e-3)


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [akt, epistasis])
def test_what_is_chosen_or_simulated_is_called_so(module):
    assert re.search("SIMULATED|choice", module.__doc__)


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: Condition(exosomes_ug_per_ml=-1), "exosomes_ug_per_ml must lie between 0 and 10000, but is -1"),
        (lambda: Condition(pten_share=50), "pten_share must lie between 0 and 10"),
        (lambda: replace(TEACHING, kappa=0), "kappa must be above zero"),
        (lambda: akt.sensitivities(Condition(), "pAKT"), "No quantity 'pAKT'"),
        (lambda: akt_course.course(Condition(), minutes=[5, 1]), "minutes must increase"),
        (lambda: epistasis.interaction(0.2, 1.4, 0.1, 0.2), "first must lie between 0 and 1"),
        (lambda: epistasis.same_three_arms(1), "At 1 µmol/L too little output is left"),
        (lambda: epistasis.noisy_pathways(0), "count must lie between 1"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(mistake, words):
    with pytest.raises(ValueError, match=words):
        mistake()


def computed(chart):
    """Return the amounts as Vega computes them and writes them into the title of the picture."""
    words = " + ';' + ".join(f"format({name}, '.12e')" for name in QUANTITIES)
    numbers = title_of(chart, words).split(";")
    return dict(zip(QUANTITIES, map(float, numbers), strict=True))


def title_of(chart, expression):
    chart.title = alt.Title(alt.ExprRef(f"'@' + {expression}"))
    svg = vl_convert.vegalite_to_svg(chart.to_json(), vl_version=VEGA_LITE)
    return re.search(r">@([^<]*)</text>", svg)[1].replace("−", "-")
