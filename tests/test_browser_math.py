"""One formula, two machines: every formula for charts gives the same number in Vega as in numpy."""

import inspect
import itertools
import re
import subprocess
import sys
from types import SimpleNamespace

import altair as alt
import numpy as np
import pytest
import vl_convert

from evcourse.charts import browser_math
from evcourse.charts.theme import VEGA_LITE
from evcourse.models import ageing, isolation, metastasis, myeloma, sedimentation, size_distribution, vesicle_physics, water

MODULES = (sedimentation, isolation, water, size_distribution, vesicle_physics)
NOT_FOR_CHARTS = {"share_between", "protocol_recovery"}  # they need a normal distribution, and a DataFrame

# Values by argument name, in steps of a few; a formula is tried on a sample of their combinations.
VALUES = {
    "alpha1_factor": [0.4, 1, 1.65],
    "alpha2_factor": [0.8, 1, 1.1],
    "angle_deg": [0, 23.5, 45],
    "concentration_umol_per_l": [0.5, 20],
    "copies_per_cell": [1, 100],
    "copies_per_vesicle": [0.00825, 0.23, 5],
    "day": [0, 100, 500.5, 2000],
    "diameter_nm": [30, 70.5, 100, 350, 1200],
    "diameter_ratio": [0.5, 3],
    "dose": [0.5, 50, 2000],
    "duration_min": [10, 90.5],
    "factor": [1, 1.02],
    "half_dose": [16.7, 50],
    "high_nm": [130, 161.5],
    "hill": [1, 1.8],
    "k": [60.5, 254.7],
    "medium_density_g_per_ml": [0.998, 1.006],
    "low_nm": [40, 70.5],
    "median_nm": [60.2, 95.39],
    "membrane_nm": [4, 5.5],
    "number_ratio": [1e-4, 0.5],
    "particle_density_g_per_ml": [1.08, 1.13],
    "power": [3, 6],
    "protein_share": [0.05, 0.25],
    "radius_mm": [66.8, 152.5],
    "rcf_g": [300, 10_000, 140_000],
    "refractive_index": [1.33, 1.35],
    "rmax_mm": [103.8, 152.5],
    "rmin_mm": [35.9, 66.8],
    "sedimentation_svedberg": [12.5, 430.6, 9000],
    "sigma": [0.1, 0.1579],
    "speed_rpm": [1000, 32_000],
    "steps": [10, 100],
    "temperature_c": [4, 20, 37.5],
    "tube_diameter_mm": [13, 38],
    "turnover_percent": [5, 10],
    "viscosity_mpa_s": [1.02, 1.6],
    "wavelength_nm": [405, 633],
    "weighted_median_nm": [60.2, 110.8],
}
WORDS = {
    "coverage": [0.5, 0.95],
    "tumour": [myeloma.TUMOUR, myeloma.Tumour(start_percent=4.7, growth_per_day=0.0015)],
    "weighting": ["number", "volume", "intensity"],
    "rotor": [
        {"kind": "swing-out", "rmin_mm": 66.8, "rmax_mm": 152.5},
        {"kind": "fixed-angle", "rmin_mm": 35.9, "rmax_mm": 103.8, "tube_diameter_mm": 38, "angle_deg": 24},
    ],
}
MEDIUM = ["particle_density_g_per_ml", "medium_density_g_per_ml", "viscosity_mpa_s"]

FORMULAS = {
    name: formula
    for module in MODULES
    for name, formula in inspect.getmembers(module, inspect.isfunction)
    if formula.__module__ == module.__name__ and not name.startswith("_") and name not in NOT_FOR_CHARTS
}
FORMULAS["tumour_size"] = myeloma.tumour_size  # the one formula in a module of courses over time
AGEING = ("lasting_rate", "remodelling_space", "vesicles_for", "share_with_a_copy", "blocked_share")
FORMULAS |= {name: getattr(ageing, name) for name in AGEING}  # beside courses and tables

# Formulas that take a remodelling site: the constants that they need of it.
SITE = {"alpha1": [2.1, 4.5], "alpha2": [2.8, 6.2], "beta1": [0.2], "beta2": [0.016, 0.02], "g12": [0.9, 1]}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_gives_the_same_number_in_the_browser_as_in_numpy(name):
    formula = FORMULAS[name]
    arguments = _arguments(formula)
    rows = _sample([VALUES[argument] for argument in arguments])
    for words in _word_choices(formula):
        fields = {argument: alt.datum[argument] for argument in arguments}
        numbers = {argument: rows[:, column] for column, argument in enumerate(arguments)}
        drawn = formula(**fields, **words, **_namespace(formula))
        expected = formula(**numbers, **words)
        for expression, value in zip(_parts(drawn), _parts(expected), strict=True):
            found = _in_vega(expression, arguments, rows)
            np.testing.assert_allclose(found, np.broadcast_to(value, len(rows)), rtol=1e-9, atol=0)


@pytest.mark.parametrize("formula", [metastasis.settled_cells, metastasis.settled_slope], ids=lambda each: each.__name__)
def test_what_a_lesion_settles_to_is_the_same_in_the_browser_as_in_numpy(formula):
    rows = _sample(SITE.values())
    drawn = formula(SimpleNamespace(**{name: alt.datum[name] for name in SITE}))
    expected = formula(SimpleNamespace(**dict(zip(SITE, rows.T, strict=True))))
    for expression, value in zip(_parts(drawn), _parts(expected), strict=True):
        np.testing.assert_allclose(_in_vega(expression, SITE, rows), value, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("blocked", [(0, 0), (0.5, 0), (0, 1)], ids=["untreated", "osteoclasts", "signal"])
def test_what_age_does_to_the_two_constants_is_the_same_in_the_browser_as_in_numpy(blocked):
    ages = np.array([[35.0], [49.5], [50], [58], [65], [90]])
    life = ageing.Life(osteoclasts_blocked=blocked[0], signal_blocked=blocked[1])
    drawn = ageing.formation_factors(alt.datum.age, life, xp=browser_math)
    expected = ageing.formation_factors(ages[:, 0], life)
    for expression, value in zip(drawn, expected, strict=True):
        np.testing.assert_allclose(_in_vega(expression, ["age"], ages), value, rtol=1e-9)


@pytest.mark.parametrize("rotor", WORDS["rotor"], ids=["swing-out", "fixed-angle"])
def test_a_floating_particle_pellets_nothing_in_the_browser_either(rotor):
    fraction = isolation.pelleted_fraction(
        100, 140_000, 90, rotor, particle_density_g_per_ml=alt.datum.density, xp=browser_math
    )
    np.testing.assert_array_equal(_in_vega(fraction, ["density"], np.array([[0.92], [1.006]])), 0)


def test_a_formula_accepts_the_parameters_of_a_chart():
    density = alt.param(name="density", value=1.10)
    force = alt.param(name="force", value=10_000)
    rotor = WORDS["rotor"][1]
    choice = {"particle_density_g_per_ml": density, "xp": browser_math}
    rows = np.array([[50.0], [100.0], [400.0]])
    fraction = isolation.pelleted_fraction(alt.datum.diameter_nm, force, 30, rotor, **choice)
    cut_off = isolation.cut_off_diameter(force, 30, rotor, **choice)
    chosen = {"particle_density_g_per_ml": 1.10}
    expected = isolation.pelleted_fraction(rows[:, 0], 10_000, 30, rotor, **chosen)
    np.testing.assert_allclose(_in_vega(fraction, ["diameter_nm"], rows, density, force), expected, rtol=1e-9)
    limit = isolation.cut_off_diameter(10_000, 30, rotor, **chosen)
    np.testing.assert_allclose(_in_vega(cut_off, ["diameter_nm"], rows, density, force), limit, rtol=1e-9)


X, Y = alt.datum.x, alt.datum.y
OPERATIONS = {
    "exp": (browser_math.exp(X), lambda x, y: np.exp(x)),
    "log": (browser_math.log(X), lambda x, y: np.log(x)),
    "sqrt": (browser_math.sqrt(X), lambda x, y: np.sqrt(x)),
    "sin": (browser_math.sin(X), lambda x, y: np.sin(x)),
    "cos": (browser_math.cos(X), lambda x, y: np.cos(x)),
    "acos": (browser_math.acos(Y), lambda x, y: np.acos(y)),
    "minimum": (browser_math.minimum(X, 1), lambda x, y: np.minimum(x, 1)),
    "maximum": (browser_math.maximum(X, Y), lambda x, y: np.maximum(x, y)),
    "where": (browser_math.where(X > 1, X, -Y), lambda x, y: np.where(x > 1, x, -y)),
    "where, at most": (browser_math.where(X <= 1, 2, 3), lambda x, y: np.where(x <= 1, 2, 3)),
    "pi": (browser_math.pi * X, lambda x, y: np.pi * x),
    "powers": (X**2 + 2**Y + X**-7.7, lambda x, y: x**2 + 2**y + x**-7.7),
    "order of operations": ((X - Y) / (X - -1e-12 * Y) - (1 - X), lambda x, y: (x - y) / (x + 1e-12 * y) - (1 - x)),
    "numbers of numpy": (np.float64(2.5) * X / np.int64(2), lambda x, y: 2.5 * x / 2),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_means_the_same_in_both_places(name):
    expression, with_numpy = OPERATIONS[name]
    rows = np.array([[0.25, -0.5], [1.0, 0.125], [3.7, 0.9]])
    found = _in_vega(expression, ["x", "y"], rows)
    np.testing.assert_allclose(found, np.broadcast_to(with_numpy(*rows.T), 3), rtol=1e-9)


def test_every_function_of_browser_math_has_its_namesake_in_numpy_and_is_tried():
    functions = {name for name, _ in inspect.getmembers(browser_math, inspect.isfunction)} - {"written"}
    assert [name for name in functions if not hasattr(np, name)] == []
    assert functions <= set(OPERATIONS)


def test_a_calculation_takes_an_expression_of_parameters_alone_as_text():
    speed, radius = alt.param(name="speed", value=10_000), alt.param(name="radius", value=150)
    force = browser_math.written(sedimentation.relative_centrifugal_force(radius, speed) + 1)
    expected = sedimentation.relative_centrifugal_force(150, 10_000) + 1
    np.testing.assert_allclose(_in_vega(force, ["x"], np.array([[0.0]]), speed, radius), expected, rtol=1e-9)


def test_importing_the_course_does_not_import_the_charts():
    code = "import evcourse, sys; sys.exit('altair' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _arguments(formula):
    names = [name for name in inspect.signature(formula).parameters if name not in {"xp", *WORDS}]
    return [each for name in names for each in (MEDIUM if name == "particle_and_medium" else [name])]


def _word_choices(formula):
    words = [name for name in inspect.signature(formula).parameters if name in WORDS]
    return [dict(zip(words, choice, strict=True)) for choice in itertools.product(*(WORDS[word] for word in words))]


def _namespace(formula):
    return {"xp": browser_math} if "xp" in inspect.signature(formula).parameters else {}


def _parts(result):
    return result if isinstance(result, tuple) else (result,)


def _sample(values):
    combinations = np.array(list(itertools.product(*values)), dtype=float)
    chosen = np.random.default_rng(0).permutation(len(combinations))[:12]
    return combinations[chosen]


def _in_vega(expression, names, rows, *parameters):
    """Evaluate an expression for each row in Vega, which writes the numbers into an SVG, and read them there."""
    records = [{"row": number} | dict(zip(names, map(float, row), strict=True)) for number, row in enumerate(rows)]
    chart = (
        alt.Chart(alt.Data(values=records), width=1, height=1)
        .transform_calculate(result=expression)
        .transform_calculate(line="datum.row + ':' + format(datum.result, '.11e')")
        .mark_text()
        .encode(text="line:N")
        .add_params(*parameters)
    )
    texts = re.findall(r">(\d+):([^<]+)</text>", vl_convert.vegalite_to_svg(chart.to_json(), vl_version=VEGA_LITE))
    found = {int(row): float(number.replace("\u2212", "-")) for row, number in texts}
    return np.array([found[row] for row in range(len(rows))])
